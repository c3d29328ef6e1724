#include "store/row_json.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

#include "base/json.h"
#include "base/time.h"

namespace nguon::store {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr std::int64_t kFirstDay = -719'162;  // 0001-01-01
constexpr std::int64_t kLastDay = 2'932'896;  // 9999-12-31
constexpr std::size_t kExactDigits = 15;      // longer decimals are JSON text: DuckResult::json()

void append_two(std::string& out, std::int64_t value) {
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
}

void append_fraction(std::string& out, std::int64_t micros) {
    char digits[7] = {'.', '0', '0', '0', '0', '0', '0'};
    for (int i = 6; i > 0; --i, micros /= 10)
        digits[i] = static_cast<char>('0' + micros % 10);
    out.append(digits, 7);
}

void append_double(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    fmt::format_to(std::back_inserter(out), "{}", number);
}

// What to_text gives for the nearest double: exact below 16 digits, so the digits themselves,
// without the zeros at the end; numbers that it would write with an exponent go through the double.
void append_decimal(std::string& out, const sql::DuckResult& result, std::size_t column,
                    std::size_t row) {
    std::string exact = result.decimal(column, row);
    const bool whole = exact.find('.') == std::string::npos;
    if (exact.size() > kExactDigits + (whole ? (exact[0] == '-' ? 1 : 0) : 1)) {
        out += '"';
        out += exact;
        out += '"';
        return;
    }
    const double number = result.number(column, row);
    if (whole || (number != 0 && std::abs(number) < 1e-3)) {
        append_double(out, number);
        return;
    }
    while (exact.back() == '0')
        exact.pop_back();
    if (exact.back() == '.') exact.pop_back();
    out += exact;
}

}  // namespace

void append_integer(std::string& out, std::int64_t value) {
    char digits[20];
    const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), value);
    out.append(digits, end);
}

void append_date(std::string& out, std::int64_t days) {
    if (days < kFirstDay || days > kLastDay) {
        out += format_time(days * kMicrosPerDay).substr(0, 10);
        return;
    }
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    const int year = static_cast<int>(date.year());
    append_two(out, year / 100);
    append_two(out, year % 100);
    out += '-';
    append_two(out, static_cast<unsigned>(date.month()));
    out += '-';
    append_two(out, static_cast<unsigned>(date.day()));
}

void append_time(std::string& out, std::int64_t micros) {
    micros %= kMicrosPerDay;
    if (micros < 0) micros += kMicrosPerDay;
    const std::int64_t seconds = micros / 1'000'000;
    append_two(out, seconds / 3600);
    out += ':';
    append_two(out, seconds / 60 % 60);
    out += ':';
    append_two(out, seconds % 60);
    if (micros % 1'000'000 != 0) append_fraction(out, micros % 1'000'000);
}

void append_timestamp(std::string& out, std::int64_t micros) {
    std::int64_t days = micros / kMicrosPerDay;
    if (micros % kMicrosPerDay < 0) --days;
    if (days < kFirstDay || days > kLastDay) {
        out += format_time(micros);
        return;
    }
    append_date(out, days);
    out += 'T';
    append_time(out, micros - days * kMicrosPerDay);
    out += 'Z';
}

RowJson::Member RowJson::member_of(const std::string& name, const std::string& type) {
    Member member;
    append_json_string(member.prefix, name);
    member.prefix += ':';
    if (type == "BOOLEAN") member.form = Form::kBoolean;
    if (type == "BIGINT" || type == "INTEGER" || type == "SMALLINT" || type == "TINYINT") {
        member.form = Form::kInteger;
    }
    if (type == "DOUBLE") member.form = Form::kDouble;
    if (type == "VARCHAR") member.form = Form::kText;
    if (type == "DATE") member.form = Form::kDate;
    if (type == "TIMESTAMP" || type == "TIMESTAMP WITH TIME ZONE") member.form = Form::kTimestamp;
    if (type == "TIME") member.form = Form::kTime;
    if (type.starts_with("DECIMAL(")) member.form = Form::kDecimal;
    return member;
}

RowJson::RowJson(const sql::DuckResult& result, std::size_t first_column,
                 const contract::Dataset* dataset)
    : m_first_column(first_column) {
    for (std::size_t column = first_column; column < result.column_count(); ++column) {
        Member member = member_of(result.name(column), result.type(column));
        const contract::Column* promised =
            dataset == nullptr ? nullptr : dataset->column(result.name(column));
        if (member.form == Form::kText && promised != nullptr && is_nested(promised->type))
            member.form = Form::kJson;
        member.prefix.insert(member.prefix.begin(), column == first_column ? '{' : ',');
        m_members.push_back(std::move(member));
    }
}

void RowJson::append(std::string& out, const sql::DuckResult& result, std::size_t row) const {
    if (m_members.empty()) out += '{';
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        out += m_members[i].prefix;
        append_cell(out, m_members[i], result, m_first_column + i, row);
    }
    out += '}';
}

void RowJson::append_cell(std::string& out, const Member& member, const sql::DuckResult& result,
                          std::size_t column, std::size_t row) {
    if (result.is_null(column, row)) {
        out += "null";
        return;
    }
    const auto quoted = [&](void (*write)(std::string&, std::int64_t)) {
        out += '"';
        write(out, result.integer(column, row));
        out += '"';
    };
    switch (member.form) {
        case Form::kBoolean: out += result.integer(column, row) != 0 ? "true" : "false"; break;
        case Form::kInteger: append_integer(out, result.integer(column, row)); break;
        case Form::kDouble: append_double(out, result.number(column, row)); break;
        case Form::kDecimal: append_decimal(out, result, column, row); break;
        case Form::kText: append_json_string(out, result.text(column, row)); break;
        case Form::kDate: quoted(append_date); break;
        case Form::kTimestamp: quoted(append_timestamp); break;
        case Form::kTime: quoted(append_time); break;
        case Form::kJson: {
            const std::string_view text = result.text(column, row);
            if (parse_json(text)) {
                out += text;
            } else {
                append_json_string(out, text);
            }
            break;
        }
        case Form::kOther: out += to_text(result.json(column, row)); break;
    }
}

void append_row_json(std::string& out, const sql::DuckResult& result, std::size_t first_column,
                     std::size_t row, const contract::Dataset* dataset) {
    RowJson(result, first_column, dataset).append(out, result, row);
}

}  // namespace nguon::store
