// What the word under `classification` lets be seen by whom.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"

namespace nguon::contract {

// Whether everybody may see it: public, open, non-sensitive, or nothing said. Any other word
// closes, also one that nobody here knows.
bool is_public(std::string_view classification);

struct ClosedColumn {
    std::string path;  // "address.street"
    std::string classification;
    InFile at;
};
// Columns, and parts of columns, that not everybody may see. A dataset with any is not open.
std::vector<ClosedColumn> closed_columns(const Dataset& dataset);

}  // namespace nguon::contract
