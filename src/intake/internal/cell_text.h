// A cell of any format as text that a CSV under the same contract reads as the same value.
#pragma once

#include <string>
#include <string_view>

#include "contract/contract.h"
#include "scan/table.h"

namespace nguon::intake {

class CellText {
public:
    CellText(const contract::Column& column, const scan::PlannedColumn& planned,
             scan::Format format);
    // `is_number`: as Block has it. The answer may stand in `kept`. What is of no value of the
    // column stays as it is.
    std::string_view of(std::string_view text, bool is_number, std::string& kept) const;

private:
    std::string written(const scan::TypedValue& value, std::string_view text) const;

    const contract::Column& m_column;
    scan::PlannedColumn m_plain, m_typed, m_number;  // as a CSV, as this format has it
};

}  // namespace nguon::intake
