// Which batches a batch stands for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "store/store.h"

namespace nguon::intake {

// The batch that this one replaced; empty: none.
std::string replaced_by(const store::BatchInfo& batch);

// Whose place a file can take that is to take the place of `batch`: of a correction the batch that
// it corrects, of a file that changed nothing because it had come before the batch that it was
// then.
std::string batch_with_rows(const std::vector<store::BatchInfo>& batches,
                            const store::BatchInfo& batch);

// The batch, its corrections, and what any of these replaced: rows that a replacement found
// unchanged are still the inserts of the batch before it. `batches`: newest first.
std::set<std::string> whole_line_of(const std::vector<store::BatchInfo>& batches,
                                    const std::string& id);

}  // namespace nguon::intake
