// Rows that sum up the others: "Tổng cộng" below a table, "Cộng xã A" below each group. One that
// may be a value ("Total" beside "Male" and "Female") counts only where all such rows stand at the
// end, or a single one in the first row.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "contract/contract.h"
#include "intake/block_totals.h"
#include "intake/findings.h"
#include "scan/records.h"
#include "scan/table.h"

namespace nguon::intake {

// A record with that sign under a contract: whether its key is empty or the word itself, and the
// word is no value of its column's list. `field_of`: column -> field, -1: not there.
bool may_be_total(const scan::Block& block, std::size_t record, const contract::Dataset& dataset,
                  std::span<const std::ptrdiff_t> field_of);

// What `check` and loads say of them. `first`: their row numbers.
Finding total_finding(std::int64_t count, std::vector<std::int64_t> first, std::int64_t rows);
// Of rows that may sum up others and were taken as data.
Finding likely_total_finding(std::int64_t count, std::vector<std::int64_t> first,
                             std::int64_t rows);

// Tells them while a file is read that has no contract, so that they are left out of types and
// figures. Memory is bounded: past some thousands they are data.
class TotalRows {
public:
    struct Row {
        std::int64_t row = 0, place = 0;  // from 1; as scan::Table::place_of
        std::vector<std::string> fields;
        std::string text;
    };
    // The next block; `before`: the rows before it.
    void look(const scan::Block& block, std::int64_t before);
    // Whether a record of that block is not to be seen, or not yet.
    bool passes_over(std::size_t record) const {
        return record < m_passed.size() && m_passed[record] != 0;
    }
    // After the last block: rows that are data after all, in file order. Then:
    std::vector<Row> values();
    const std::vector<Row>& left_out() const { return m_left_out; }
    // For another reading of the same input.
    std::shared_ptr<scan::CellMender> leaves_out() const;
    std::int64_t count() const { return m_damaged + static_cast<std::int64_t>(m_left_out.size()); }
    std::vector<std::int64_t> first() const;
    // Data, for all that can be told.
    std::int64_t likely() const { return m_likely; }
    const std::vector<std::int64_t>& first_likely() const { return m_likely_rows; }

private:
    std::vector<char> m_passed;
    std::vector<Row> m_left_out, m_held;  // sure ones; those that may be values
    std::vector<std::int64_t> m_damaged_rows, m_likely_rows;
    std::int64_t m_damaged = 0, m_likely = 0, m_last_other = 0;
    std::size_t m_bytes = 0;  // of the rows kept
    bool m_are_values = false;
};

}  // namespace nguon::intake
