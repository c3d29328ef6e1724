// An old workbook (.xls) looked at before FreeXL opens it: how large it makes itself, and what
// FreeXL does not tell: hidden rows and sheets, merged cells, cells that hold an error.
// Source: [MS-CFB] 2 (compound file), [MS-XLS] 2.4 (records).
#pragma once

#include <string_view>

#include "scan/internal/workbook.h"

namespace nguon::scan {

struct ErrorCell {
    std::uint32_t row = 0, column = 0;
    std::string_view text;  // "#N/A"
};
struct BiffSheet {
    bool hidden = false;
    std::uint32_t rows = 0, columns = 0;  // as far as its cells go, or as it says
    SheetSurvey survey;                   // its `rows` is not set
    std::vector<ErrorCell> errors;        // by row and column
};

// The worksheets in their order. What cannot be followed is left out: FreeXL judges damage.
// Work and memory are bounded by the file's size.
std::vector<BiffSheet> scan_biff(std::string_view file);

}  // namespace nguon::scan
