#include "intake/internal/cell_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "intake/cell_fixes.h"

namespace nguon::intake {
namespace {

bool is_same(const scan::TypedValue& a, const scan::TypedValue& b) {
    return a.integer == b.integer && a.number == b.number && a.decimal == b.decimal;
}

std::string iso_date(std::int64_t days) {
    const std::chrono::year_month_day date{
        std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

scan::MomentFormat iso(scan::Moment kind) {
    return scan::MomentFormat::from(kind, "", "").value_or(scan::MomentFormat());
}

}  // namespace

CellText::CellText(const contract::Column& column, const scan::PlannedColumn& planned,
                   scan::Format format)
    : m_column(column), m_plain(planned), m_typed(planned) {
    m_plain.read_from(scan::Format::kCsv);
    m_typed.read_from(format);
    m_number = m_typed;
    m_number.decimal = 0;
}

std::string_view CellText::of(std::string_view text, bool is_number, std::string& kept) const {
    if (text.empty() || m_plain.type.kind == sql::Kind::kText) return text;
    scan::TypedValue meant, read;
    if (!scan::parse_cell(is_number ? m_number : m_typed, text, meant)) return text;
    // Signs of a sheet's formats do not come along: the next cell may have none.
    const bool has_sign = m_typed.takes_percent && text.ends_with('%');
    if (!has_sign && scan::parse_cell(m_plain, text, read) && is_same(meant, read)) return text;
    kept = written(meant, text, is_number);
    read = {};
    return scan::parse_cell(m_plain, kept, read) && is_same(meant, read) ? kept : text;
}

std::string CellText::written(const scan::TypedValue& value, std::string_view text,
                              bool is_number) const {
    switch (m_plain.type.kind) {
        case sql::Kind::kDate:
            return date_from(iso_date(value.integer), "yyyy-MM-dd", m_column.options.format)
                .value_or("");
        case sql::Kind::kTimestamp:
            return m_plain.moment ? m_plain.moment->write(value.integer)
                                  : iso(scan::Moment::kTimestamp).write(value.integer);
        case sql::Kind::kTime:
            return m_plain.moment ? m_plain.moment->write(value.integer)
                                  : iso(scan::Moment::kTime).write(value.integer);
        default: return written_number(text, is_number);
    }
}

std::string CellText::written_number(std::string_view text, bool is_number) const {
    if (text.ends_with('%')) text = trim(text.substr(0, text.size() - 1));
    const char decimal = m_plain.decimal;
    std::string digits(text);
    if (decimal == 0 || (!is_number && number_from(text, decimal))) return digits;
    // As machines write it, where the contract has the separators of people, and no exponent.
    double number = 0;
    if (text.find_first_of("eE") != std::string_view::npos && scan::parse_double(text, number)) {
        std::array<char, 400> fixed{};  // the longest double has 309 digits before the point
        const auto [end, error] = std::to_chars(fixed.data(), fixed.data() + fixed.size(), number,
                                                std::chars_format::fixed);
        if (error == std::errc()) digits.assign(fixed.data(), end);
    }
    std::ranges::replace(digits, '.', decimal);
    return digits;
}

RecordCells::RecordCells(const contract::Dataset& dataset, const scan::Plan& plan,
                         const scan::RecordInput& input)
    : m_dataset(dataset),
      m_input(input),
      m_field_of(scan::match_fields(input.names(), plan.columns)),
      m_texts(plan.columns.size()),
      m_written(plan.columns.size()) {
    m_cells.reserve(plan.columns.size());
    for (std::size_t c = 0; c < plan.columns.size(); ++c)
        m_cells.emplace_back(dataset.columns[c], plan.columns[c], input.format());
}

void RecordCells::read(std::string_view record) {
    m_texts.assign(m_texts.size(), {});
    m_written.assign(m_written.size(), {});
    scan::Block block;
    block.bytes = std::string(record);
    m_input.split(block);
    if (block.size() != 1 || (block.flags[0] & scan::kDamaged) != 0) return;
    std::string kept;
    for (std::size_t c = 0; c < m_cells.size(); ++c) {
        if (m_field_of[c] < 0) continue;
        const auto field = static_cast<std::size_t>(m_field_of[c]);
        m_texts[c] = block.fields[field];
        m_written[c] = m_cells[c].of(m_texts[c], block.is_number(field), kept);
    }
}

}  // namespace nguon::intake
