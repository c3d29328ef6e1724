// What is to be said of the types of a file's columns: cells that do not fit, dates of several
// forms, numbers that lost digits or zeros.
#pragma once

#include <vector>

#include "intake/findings.h"
#include "intake/profile.h"
#include "intake/recipe.h"

namespace nguon::intake {

// Of citizen and telephone numbers that lost zeros: what puts them back, only where that gives such
// a number, and what is said.
Step step_of_zeros(const std::string& column, Personal kind);
Text sentence_of_zeros(std::string_view header, const std::string& column, Personal kind,
                       std::int64_t count);

// `units`: each with its cells, "% (12 ô, từ dòng 1)".
Text units_text(std::string_view header, const Text& units);
Text mixed_units_text(std::string_view header, const Text& units);
// Of a file without a contract: so that the file's own name of the column is said.
Headers headers_of(const ColumnProfile& column);

// Of numbers of which a spreadsheet kept the first 15 digits.
Text sentence_of_rounded(std::string_view header, const OddCells& cells);

void find_types(const Profile& profile, std::vector<Finding>& findings);

}  // namespace nguon::intake
