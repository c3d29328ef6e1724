#include "intake/internal/cell_text.h"

#include <fmt/format.h>

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
    if (scan::parse_cell(m_plain, text, read) && is_same(meant, read)) return text;
    kept = written(meant, text);
    read = {};
    return scan::parse_cell(m_plain, kept, read) && is_same(meant, read) ? kept : text;
}

std::string CellText::written(const scan::TypedValue& value, std::string_view text) const {
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
        default: break;
    }
    // A number as machines write it, where the contract has the separators of people.
    double number = 0;
    std::string digits(text);
    if (digits.find_first_of("eE") != std::string::npos && scan::parse_double(text, number))
        digits = fmt::format("{:f}", number);
    if (digits.ends_with('%')) digits.pop_back();
    for (char& c : digits) {
        if (c == '.') c = m_plain.decimal;
    }
    return digits;
}

}  // namespace nguon::intake
