#include "store/key.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include "base/ascii.h"
#include "base/normal_form.h"
#include "base/text.h"
#include "base/time.h"
#include "contract/column_type.h"
#include "store/merge.h"
#include "store/row_json.h"

namespace nguon::store {
namespace {

using contract::LogicalType;

bool read_digits(std::string_view text, int& value) {
    if (!all_digits(text)) return false;
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

bool read_integer(std::string_view text, std::int64_t& value) {
    if (!all_digits(text.starts_with('-') ? text.substr(1) : text)) return false;
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

bool read_double(std::string_view text, double& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

// 012.50 -> 12.5. False when it has more digits than the type: none is ever lost.
bool read_decimal(std::string_view text, int precision, int scale, std::string& out) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    std::string_view whole = text.substr(0, point);
    std::string_view fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
    if (!all_digits(whole) || (point != std::string_view::npos && !all_digits(fraction)))
        return false;
    while (whole.starts_with('0'))
        whole.remove_prefix(1);
    while (fraction.ends_with('0'))
        fraction.remove_suffix(1);
    if (fraction.size() > static_cast<std::size_t>(scale) ||
        whole.size() > static_cast<std::size_t>(precision - scale)) {
        return false;
    }
    if (negative && !(whole.empty() && fraction.empty())) out += '-';
    out += whole.empty() ? "0" : whole;
    if (!fraction.empty()) (out += '.') += fraction;
    return true;
}

void append_trimmed(std::string& out, std::string decimal) {
    if (decimal.find('.') != std::string::npos) {
        while (decimal.back() == '0')
            decimal.pop_back();
        if (decimal.back() == '.') decimal.pop_back();
    }
    out += decimal;
}

bool is_date(std::string_view text) {
    int year = 0, month = 0, day = 0;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' ||
        !read_digits(text.substr(0, 4), year) || !read_digits(text.substr(5, 2), month) ||
        !read_digits(text.substr(8, 2), day)) {
        return false;
    }
    return year > 0 && std::chrono::year_month_day{std::chrono::year{year},
                                                   std::chrono::month{static_cast<unsigned>(month)},
                                                   std::chrono::day{static_cast<unsigned>(day)}}
                           .ok();
}

bool read_time(std::string_view text, std::int64_t& micros) {
    int hour = 0, minute = 0, second = 0;
    if (text.size() < 8 || text[2] != ':' || text[5] != ':' ||
        !read_digits(text.substr(0, 2), hour) || !read_digits(text.substr(3, 2), minute) ||
        !read_digits(text.substr(6, 2), second) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    micros = ((hour * 60 + minute) * 60 + second) * std::int64_t{1'000'000};
    std::string_view rest = text.substr(8);
    if (rest.empty()) return true;
    rest.remove_prefix(1);
    if (text[8] != '.' || !all_digits(rest) || rest.size() > 6) return false;
    std::string digits(rest);
    digits.append(6 - digits.size(), '0');
    int fraction = 0;
    read_digits(digits, fraction);
    micros += fraction;
    return true;
}

// False when `text` is not of the column's type.
bool canonicalize(const contract::Column& column, std::string_view text, std::string& out) {
    std::int64_t integer = 0;
    double number = 0;
    switch (column.type) {
        case LogicalType::kString:
            if (std::string buffer; !text.empty()) out = to_nfc(text, buffer);  // as loads keep it
            return is_utf8(text) && text.find('\0') == std::string_view::npos;
        case LogicalType::kInteger:
            if (!read_integer(text, integer)) return false;
            append_integer(out, integer);
            return true;
        case LogicalType::kNumber:
            if (column.precision > 0)
                return read_decimal(text, column.precision, column.scale, out);
            if (!read_double(text, number)) return false;
            out = fmt::format("{}", number == 0 ? 0.0 : number);
            return true;
        case LogicalType::kBoolean: {
            const std::string lower = to_lower_ascii(text);
            if (lower != "true" && lower != "false" && lower != "1" && lower != "0") return false;
            out = lower == "true" || lower == "1" ? "true" : "false";
            return true;
        }
        case LogicalType::kDate: out = text; return is_date(text);
        case LogicalType::kTimestamp: {
            const Result<Micros> at = parse_time(text);
            if (!at) return false;
            append_timestamp(out, *at);
            return true;
        }
        case LogicalType::kTime:
            if (!read_time(text, integer)) return false;
            append_time(out, integer);
            return true;
        case LogicalType::kObject:
        case LogicalType::kArray:
        case LogicalType::kMap:
        case LogicalType::kVector: return false;  // never of a key: contract::parse
    }
    return false;
}

bool is_unreserved(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

Result<std::string> canonical_value(const contract::Column& column, std::string_view text) {
    std::string canonical;
    if (canonicalize(column, text, canonical)) return canonical;
    const std::string_view type = contract::name_of(column.type);
    return fail(
        Code::kInvalid,
        {fmt::format("Giá trị cho «{}» không phải kiểu {}.", column.name, type),
         fmt::format("The value for \"{}\" is not of type {}.", column.name, type)},
        {"Xem kiểu của cột trong hợp đồng dữ liệu.", "See the column's type in the contract."});
}

Result<void> require_key(const contract::Dataset& dataset) {
    if (!dataset.key().empty()) return {};
    return fail(Code::kInvalid,
                {fmt::format("Tập dữ liệu «{}» không có khóa.", dataset.name),
                 fmt::format("Dataset \"{}\" has no key.", dataset.name)},
                {"Lọc các hàng theo cột.", "Filter its rows by column instead."});
}

Result<std::vector<std::string>> parse_key(const contract::Dataset& dataset, std::string_view key) {
    TRY(require_key(dataset));
    const std::vector<const contract::Column*> columns = dataset.key();
    const std::vector<std::string> parts = split(key, ',');
    std::vector<std::string> values;
    if (parts.size() != columns.size()) {
        std::string names;
        for (const contract::Column* column : columns)
            names += (names.empty() ? "" : ",") + column->name;
        return fail(Code::kInvalid,
                    {fmt::format("Khóa của «{}» có {} giá trị ({}), không phải {}.", dataset.name,
                                 columns.size(), names, parts.size()),
                     fmt::format("The key of \"{}\" has {} values ({}), not {}.", dataset.name,
                                 columns.size(), names, parts.size())},
                    {"Mã hóa phần trăm từng giá trị rồi nối bằng dấu phẩy.",
                     "Percent-encode each value and join them by a comma."});
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::optional<std::string> raw = percent_decode(parts[i]);
        if (!raw) {
            return fail(Code::kInvalid,
                        {fmt::format("Giá trị khóa «{}» sai mã hóa phần trăm.", columns[i]->name),
                         fmt::format("Key value \"{}\" is not percent-encoded.", columns[i]->name)},
                        {"Viết % thành %25.", "Write % as %25."});
        }
        TRY_ASSIGN(std::string value, canonical_value(*columns[i], *raw));
        values.push_back(std::move(value));
    }
    return values;
}

std::string format_key(const std::vector<std::string>& values) {
    std::string key;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) key += ',';
        key += percent_encode(values[i]);
    }
    return key;
}

Result<std::string> canonical_key(const contract::Dataset& dataset, std::string_view key) {
    TRY_ASSIGN(const std::vector<std::string> values, parse_key(dataset, key));
    return format_key(values);
}

std::string sql_value(const contract::Column& column, std::string_view canonical) {
    return fmt::format("CAST({} AS {})", sql::quote_literal(canonical), column_type(column).sql());
}

Result<std::string> key_condition(const contract::Dataset& dataset, std::string_view key) {
    TRY_ASSIGN(const std::vector<std::string> values, parse_key(dataset, key));
    const std::vector<const contract::Column*> columns = dataset.key();
    std::string condition;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        condition +=
            fmt::format("{}{} = {}", i == 0 ? "" : " AND ", sql::quote_identifier(columns[i]->name),
                        sql_value(*columns[i], values[i]));
    }
    return condition;
}

void append_canonical(std::string& out, const contract::Column& column,
                      const sql::DuckResult& result, std::size_t place, std::size_t row) {
    switch (column.type) {
        case LogicalType::kString: out += result.text(place, row); break;
        case LogicalType::kInteger: append_integer(out, result.integer(place, row)); break;
        case LogicalType::kNumber:
            if (column.precision > 0) {
                append_trimmed(out, result.decimal(place, row));
            } else {
                const double number = result.number(place, row);
                out += fmt::format("{}", number == 0 ? 0.0 : number);
            }
            break;
        case LogicalType::kBoolean:
            out += result.integer(place, row) != 0 ? "true" : "false";
            break;
        case LogicalType::kDate: append_date(out, result.integer(place, row)); break;
        case LogicalType::kTimestamp: append_timestamp(out, result.integer(place, row)); break;
        case LogicalType::kTime: append_time(out, result.integer(place, row)); break;
        case LogicalType::kObject:
        case LogicalType::kArray:
        case LogicalType::kMap:
        case LogicalType::kVector: out += result.text(place, row); break;
    }
}

KeyWriter::KeyWriter(const contract::Dataset& dataset, std::size_t first_column) {
    for (const contract::Column* column : dataset.key()) {
        const auto place = static_cast<std::size_t>(column - dataset.columns.data());
        m_parts.push_back({column, first_column + place});
    }
}

void KeyWriter::append(std::string& out, const sql::DuckResult& result, std::size_t row) const {
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        if (i > 0) out += ',';
        const std::size_t start = out.size();
        append_canonical(out, *m_parts[i].column, result, m_parts[i].place, row);
        const auto from = out.begin() + static_cast<std::ptrdiff_t>(start);
        if (std::all_of(from, out.end(), is_unreserved)) continue;
        const std::string encoded = percent_encode(std::string_view(out).substr(start));
        out.replace(start, std::string::npos, encoded);
    }
}

std::string key_order_sql(const contract::Dataset& dataset) {
    std::string sql;
    for (const contract::Column* column : dataset.key()) {
        const std::string text = fmt::format("{}::VARCHAR", sql::quote_identifier(column->name));
        const bool plain =
            column->type == LogicalType::kInteger || column->type == LogicalType::kDate;
        sql += sql.empty() ? "" : " || ',' || ";
        sql += plain ? text : "url_encode(" + text + ")";
    }
    return sql;
}

}  // namespace nguon::store
