// Which batches a batch stands for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "store/store.h"

namespace nguon::intake {

// The batch that this one replaced; empty: none.
std::string replaced_by(const store::BatchInfo& batch);

// The batch, its corrections, and what any of these replaced: rows that a replacement found
// unchanged are still the inserts of the batch before it. `batches`: newest first.
std::set<std::string> whole_line_of(const std::vector<store::BatchInfo>& batches,
                                    const std::string& id);

}  // namespace nguon::intake
