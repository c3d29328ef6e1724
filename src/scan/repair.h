// The best reading of a record that is damaged: for people who look at a file, never for a load.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scan/dialect.h"

namespace nguon::scan {

// Records over this size are not repaired.
inline constexpr std::size_t kLongestRepaired = 16 * 1024;

// The fields of a record's text, as many as `dialect.usual_columns` if some reading gives them:
// stray quotes taken as letters, a missing escape, another delimiter for this one row. If none
// does, the fields as they stand.
std::vector<std::string> repaired_fields(std::string_view record, const Dialect& dialect);

}  // namespace nguon::scan
