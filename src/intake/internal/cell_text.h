// A cell of any format as text that a CSV under the same contract reads as the same value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

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
    std::string written(const scan::TypedValue& value, std::string_view text, bool is_number) const;
    std::string written_number(std::string_view text, bool is_number) const;

    const contract::Column& m_column;
    scan::PlannedColumn m_plain, m_typed, m_number;  // as a CSV, as this format has it
};

// The cells of one record after the other, by column of the contract.
class RecordCells {
public:
    // `plan`: of this contract. What is given must last.
    RecordCells(const contract::Dataset& dataset, const scan::Plan& plan,
                const scan::RecordInput& input);
    // `record`: its text as it stood; one that cannot be taken apart has empty cells.
    void read(std::string_view record);
    const contract::Dataset& dataset() const { return m_dataset; }
    const std::vector<std::string>& texts() const { return m_texts; }      // as they stood
    const std::vector<std::string>& written() const { return m_written; }  // by CellText

private:
    const contract::Dataset& m_dataset;
    const scan::RecordInput& m_input;
    std::vector<std::ptrdiff_t> m_field_of;  // of the input; -1: not there
    std::vector<CellText> m_cells;
    std::vector<std::string> m_texts, m_written;
};

}  // namespace nguon::intake
