// The whole of a worksheet's XML looked at quickly, without a parser: what stands behind the cells
// (which of them are merged) must be known before the first is read.
#pragma once

#include <string>
#include <string_view>

#include "scan/internal/workbook.h"

namespace nguon::scan {

class SheetScan {
public:
    void feed(std::string_view bytes);
    SheetSurvey finish();

private:
    void see_tag(std::string_view tag);

    std::string m_held;  // a tag that is not complete
    SheetSurvey m_survey;
    bool m_row_has_value = false;
};

}  // namespace nguon::scan
