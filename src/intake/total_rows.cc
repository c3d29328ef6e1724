#include "intake/total_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "intake/cell_fixes.h"

namespace nguon::intake {
namespace {

constexpr std::size_t kShown = 3, kMostLeftOut = 10'000, kMostHeld = 64;
constexpr std::size_t kMostBytes = 1 << 20;  // of the texts of them all

bool is_blank(std::string_view cell) {
    if (cell.empty()) return true;
    const auto first = static_cast<unsigned char>(cell[0]);
    const bool may_be_space = first <= ' ' || first == '\'' || first >= 0xC2;
    return may_be_space && bare(cell).empty();
}

std::span<const std::string_view> fields_of(const scan::Block& block, std::size_t record) {
    return std::span(block.fields).subspan(record * block.width, block.width);
}

bool is_damaged(const scan::Block& block, std::size_t record) {
    return (block.flags[record] & scan::kDamaged) != 0;
}

class LeaveOut final : public scan::CellMender {
public:
    explicit LeaveOut(const std::vector<TotalRows::Row>& rows) {
        for (const TotalRows::Row& row : rows)
            m_places.insert(row.place);
    }
    void mend(scan::Block& block, std::span<const std::ptrdiff_t>) override {
        for (std::size_t record = 0; record < block.size(); ++record) {
            if (m_places.contains(scan::Table::place_of(block, record)))
                block.flags[record] |= scan::kLeftOut;
        }
    }

private:
    std::unordered_set<std::int64_t> m_places;
};

}  // namespace

bool may_be_total(const scan::Block& block, std::size_t record, const contract::Dataset& dataset,
                  std::span<const std::ptrdiff_t> field_of) {
    if (is_damaged(block, record)) return true;
    const auto fields = fields_of(block, record);
    const auto first = std::ranges::find_if_not(fields, is_blank) - fields.begin();
    for (std::size_t c = 0; c < field_of.size(); ++c) {
        if (field_of[c] < 0) continue;
        const contract::Column& column = dataset.columns[c];
        const std::string_view cell = fields[static_cast<std::size_t>(field_of[c])];
        if (column.key_position > 0 && field_of[c] != first && !is_blank(cell)) return false;
        const auto is_word = [&](const contract::EnumValue& value) {
            return value.value == cell || value.label.vi == cell || value.label.en == cell;
        };
        if (field_of[c] == first && std::ranges::any_of(column.enumeration, is_word)) return false;
    }
    return true;
}

Finding total_finding(std::int64_t count, std::vector<std::int64_t> first, std::int64_t rows) {
    Finding finding{"total_row", ""};
    const std::int64_t row = first.empty() ? 0 : first[0];
    if (count == 1) {
        finding.sentence = {
            fmt::format("Dòng {} là dòng tổng cộng, không phải dữ liệu: nạp với --fix để bỏ.", row),
            fmt::format(
                "Row {} sums up the others and is no data: load with --fix to leave it out.", row)};
    } else {
        const Text rows_said = rows_text(count);
        finding.sentence = {
            fmt::format("{} là dòng tổng cộng, không phải dữ liệu (đầu tiên là dòng {}): nạp với "
                        "--fix để bỏ.",
                        rows_said.vi, row),
            fmt::format("{} sum up the others and are no data (the first is row {}): load with "
                        "--fix to leave them out.",
                        rows_said.en, row)};
    }
    finding.checked = rows;
    finding.count = count;
    finding.rows = std::move(first);
    return finding;
}

Finding likely_total_finding(std::int64_t count, std::vector<std::int64_t> first,
                             std::int64_t rows) {
    Finding finding{"likely_total", ""};
    const std::int64_t row = first.empty() ? 0 : first[0];
    const Text said = rows_text(count);
    finding.sentence = {
        fmt::format("{} có thể là dòng cộng (đầu tiên là dòng {}), nhưng lời và số không đủ chắc "
                    "nên vẫn đọc là dữ liệu. Nếu là dòng cộng, xóa khỏi tệp trước khi nạp.",
                    said.vi, row),
        fmt::format("{} may sum up others (the first is row {}), but words and numbers do not "
                    "prove it, so {} read as data. If so, delete {} from the file before loading.",
                    said.en, row, count == 1 ? "it is" : "they are", count == 1 ? "it" : "them")};
    finding.checked = rows;
    finding.count = count;
    finding.rows = std::move(first);
    return finding;
}

void TotalRows::look(const scan::Block& block, std::int64_t before) {
    m_passed.assign(block.size(), 0);
    const std::vector<TotalSign> signs = total_signs(block);
    for (std::size_t record = 0; record < block.size(); ++record) {
        const std::int64_t row = before + static_cast<std::int64_t>(record) + 1;
        const TotalSign sign = signs.empty() ? TotalSign::kNone : signs[record];
        if (sign == TotalSign::kLikely && m_likely++ < static_cast<std::int64_t>(kShown))
            m_likely_rows.push_back(row);
        if (sign == TotalSign::kNone || sign == TotalSign::kLikely) {
            m_last_other = row;
            continue;
        }
        if (is_damaged(block, record)) {  // not seen anyway
            ++m_damaged;
            if (m_damaged_rows.size() < kShown) m_damaged_rows.push_back(row);
            continue;
        }
        const bool is_plain = sign == TotalSign::kSure;
        std::vector<Row>& kept = is_plain ? m_left_out : m_held;
        m_bytes += block.texts[record].size();
        if (kept.size() == (is_plain ? kMostLeftOut : kMostHeld) || m_bytes > kMostBytes) {
            m_are_values = m_are_values || !is_plain;
            m_last_other = row;
            continue;
        }
        const auto fields = fields_of(block, record);
        kept.push_back({row, scan::Table::place_of(block, record),
                        std::vector<std::string>(fields.begin(), fields.end()),
                        std::string(block.texts[record])});
        m_passed[record] = 1;
    }
}

std::vector<TotalRows::Row> TotalRows::values() {
    m_passed.clear();
    std::vector<Row> values;
    const bool at_end = !m_held.empty() && m_held.front().row > m_last_other;
    const bool at_start = m_held.size() == 1 && m_held.front().row == 1;
    if (m_are_values || !(at_end || at_start)) {
        values = std::move(m_held);
    } else {
        std::ranges::move(m_held, std::back_inserter(m_left_out));
    }
    m_held.clear();
    if (m_last_other == 0) {  // they sum up nothing
        std::ranges::move(m_left_out, std::back_inserter(values));
        m_left_out.clear();
    }
    std::ranges::sort(values, {}, &Row::row);
    std::ranges::sort(m_left_out, {}, &Row::row);
    return values;
}

std::vector<std::int64_t> TotalRows::first() const {
    std::vector<std::int64_t> rows = m_damaged_rows;
    for (std::size_t i = 0; i < m_left_out.size() && i < kShown; ++i)
        rows.push_back(m_left_out[i].row);
    std::ranges::sort(rows);
    if (rows.size() > kShown) rows.resize(kShown);
    return rows;
}

std::shared_ptr<scan::CellMender> TotalRows::leaves_out() const {
    return std::make_shared<LeaveOut>(m_left_out);
}

}  // namespace nguon::intake
