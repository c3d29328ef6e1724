// How a segment is written.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "store/store.h"

namespace nguon::store {

// The options of DuckDB's COPY: Parquet, zstd level 1, row groups of 122,880, the field ids of the
// dataset's columns.
std::string segment_copy_options(const DatasetInfo& dataset);
std::string segment_copy_options(const std::vector<FieldId>& fields);

// `rows` in their order as a segment at `file`, past the Disk and not synced. Errors: unavailable,
// internal.
Result<void> write_segment_file(const DatasetInfo& dataset, std::span<const HotRow> rows,
                                const std::filesystem::path& file);

}  // namespace nguon::store
