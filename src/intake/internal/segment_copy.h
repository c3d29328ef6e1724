// How a segment is written: the options of DuckDB's COPY.
#pragma once

#include <string>

#include "store/store.h"

namespace nguon::intake {

// zstd level 1, row groups of 122,880, the field ids of the dataset's columns.
std::string segment_copy_options(const store::DatasetInfo& dataset);

}  // namespace nguon::intake
