#include "contract/internal/values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/ascii.h"
#include "base/text.h"

namespace nguon::contract::internal {
namespace {

// Exactly `digits` digits from `at`; -1 otherwise.
int number_at(std::string_view text, std::size_t at, std::size_t digits) {
    if (at + digits > text.size() || !all_digits(text.substr(at, digits))) return -1;
    int value = 0;
    for (const char c : text.substr(at, digits))
        value = value * 10 + (c - '0');
    return value;
}

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const int year = number_at(text, 0, 4), month = number_at(text, 5, 2),
              day = number_at(text, 8, 2);
    if (year < 0 || month < 0 || day < 0) return false;
    return std::chrono::year_month_day(std::chrono::year(year),
                                       std::chrono::month(static_cast<unsigned>(month)),
                                       std::chrono::day(static_cast<unsigned>(day)))
        .ok();
}

bool is_time(std::string_view text) {
    if (text.size() < 5 || text[2] != ':') return false;
    const int hour = number_at(text, 0, 2), minute = number_at(text, 3, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
    if (text.size() == 5) return true;
    if (text.size() < 8 || text[5] != ':') return false;
    const int second = number_at(text, 6, 2);
    if (second < 0 || second > 59) return false;
    return text.size() == 8 || (text[8] == '.' && text.size() <= 15 && all_digits(text.substr(9)));
}

// "Z", "+07:00", or nothing.
std::string_view without_zone(std::string_view text) {
    if (text.ends_with('Z')) return text.substr(0, text.size() - 1);
    if (text.size() < 6) return text;
    const std::string_view zone = text.substr(text.size() - 6);
    const bool has_zone = (zone[0] == '+' || zone[0] == '-') && zone[3] == ':' &&
                          number_at(zone, 1, 2) >= 0 && number_at(zone, 4, 2) >= 0;
    return has_zone ? text.substr(0, text.size() - 6) : text;
}

bool is_timestamp(std::string_view text) {
    if (text.size() < 16 || (text[10] != 'T' && text[10] != ' ')) return false;
    return is_date(text.substr(0, 10)) && is_time(without_zone(text.substr(11)));
}

// The letters of a JDK format outside quotes.
std::string letters_of(std::string_view format) {
    std::string letters;
    bool quoted = false;
    for (const char c : format) {
        if (c == '\'') quoted = !quoted;
        if (!quoted && is_letter(c)) letters += c;
    }
    return letters;
}

bool has_any(std::string_view text, std::string_view letters) {
    return text.find_first_of(letters) != std::string_view::npos;
}

Text fault_of_escape(char next) {
    if (next >= '1' && next <= '9') {
        return {"tham chiếu ngược `\\1` không được hỗ trợ",
                "back references such as `\\1` are not supported"};
    }
    return {};
}

}  // namespace

std::optional<std::int64_t> to_whole(std::string_view text) {
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    if (!all_digits(digits) || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_decimal(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::size_t power = text.find_first_of("eE");
    if (power != std::string_view::npos) {
        std::string_view digits = text.substr(power + 1);
        if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
        if (!all_digits(digits) || digits.size() > 3) return false;
        text = text.substr(0, power);
    }
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    if (!all_digits(whole) || (whole.size() > 1 && whole[0] == '0')) return false;
    return point == std::string_view::npos || all_digits(text.substr(point + 1));
}

std::optional<double> to_double(std::string_view text) {
    if (!is_decimal(text)) return std::nullopt;
    double value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

bool fits(LogicalType type, std::string_view text) {
    switch (type) {
        case LogicalType::kString: return true;
        case LogicalType::kInteger: return to_whole(text).has_value();
        case LogicalType::kNumber: return to_double(text).has_value();
        case LogicalType::kBoolean: return text == "true" || text == "false";
        case LogicalType::kDate: return is_date(text);
        case LogicalType::kTimestamp: return is_timestamp(text);
        case LogicalType::kTime: return is_time(text);
        case LogicalType::kObject:
        case LogicalType::kArray:
        case LogicalType::kMap:
        case LogicalType::kVector: return false;  // no single value is one
    }
    return false;
}

std::string example_of(LogicalType type) {
    switch (type) {
        case LogicalType::kString: return "`abc`";
        case LogicalType::kInteger: return "`12`";
        case LogicalType::kNumber: return "`12.5`";
        case LogicalType::kBoolean: return "`true`";
        case LogicalType::kDate: return "`2025-01-31`";
        case LogicalType::kTimestamp: return "`2025-01-31T08:30:00Z`";
        case LogicalType::kTime: return "`08:30:00`";
        case LogicalType::kObject:
        case LogicalType::kArray:
        case LogicalType::kMap:
        case LogicalType::kVector: break;
    }
    return {};
}

std::partial_ordering order(LogicalType type, std::string_view left, std::string_view right) {
    if (type == LogicalType::kInteger) {
        return std::partial_ordering(to_whole(left).value_or(0) <=> to_whole(right).value_or(0));
    }
    if (type == LogicalType::kNumber) {
        return to_double(left).value_or(0) <=> to_double(right).value_or(0);
    }
    // Dates and times are fixed width with the greatest unit first. Zones are not resolved: bounds
    // a day apart in different zones are a mistake in any case.
    return std::partial_ordering(left <=> right);
}

bool is_name(std::string_view text) {
    if (text.empty() || text.size() > 63 || text[0] < 'a' || text[0] > 'z') return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; });
}

std::string as_name(std::string_view text) {
    std::string name;
    bool was_small = false;
    for (const char c : text) {
        if (!is_letter(c) && !is_digit(c)) {
            if (static_cast<unsigned char>(c) >= 0x80U) return {};  // folding is not done here
            if (!name.empty() && name.back() != '_') name += '_';
            was_small = false;
            continue;
        }
        const bool big = c >= 'A' && c <= 'Z';
        if (big && was_small) name += '_';
        was_small = !big;
        name += big ? static_cast<char>(c - 'A' + 'a') : c;
    }
    while (name.ends_with('_'))
        name.pop_back();
    return is_name(name) ? name : std::string();
}

std::optional<std::string> as_version(std::string_view text) {
    const auto parts = split(text, '.');
    if (parts.size() != 2 && parts.size() != 3) return std::nullopt;
    for (const std::string& part : parts) {
        const auto number = to_whole(part);
        if (!number || *number < 0 || part.size() > 9) return std::nullopt;
    }
    return parts.size() == 3 ? std::string(text) : std::string(text) + ".0";
}

Text fault_of_pattern(std::string_view pattern) {
    int groups = 0;
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\') {
            if (++i == pattern.size())
                return {"dấu `\\` ở cuối không đi với gì", "a `\\` at the end escapes nothing"};
            if (Text fault = fault_of_escape(pattern[i]); !fault.empty() && !in_class) return fault;
        } else if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = true;
            if (pattern.substr(i + 1, 1) == "^") ++i;
            if (pattern.substr(i + 1, 1) == "]") ++i;  // a ']' that comes first is itself
        } else if (c == '(') {
            ++groups;
            const std::string_view after = pattern.substr(i + 1, 3);
            if (after.starts_with("?=") || after.starts_with("?!") || after.starts_with("?<=") ||
                after.starts_with("?<!")) {
                return {"`(?=`, `(?!`, `(?<=`, `(?<!` không được hỗ trợ",
                        "look-around `(?=`, `(?!`, `(?<=`, `(?<!` is not supported"};
            }
        } else if (c == ')' && --groups < 0) {
            return {"thừa dấu `)`", "a `)` too many"};
        }
    }
    if (in_class) return {"thiếu dấu `]`", "a `]` is missing"};
    if (groups > 0) return {"thiếu dấu `)`", "a `)` is missing"};
    return {};
}

bool has_date_part(std::string_view format) {
    return has_any(letters_of(format), "yuMLdD");
}
bool has_time_part(std::string_view format) {
    return has_any(letters_of(format), "HhKkmsSnA");
}

namespace {

// A letter as many times as the reader of files takes it, and each part once.
Text fault_of_counts(std::string_view format) {
    std::string seen;
    bool quoted = false;
    for (std::size_t i = 0; i < format.size();) {
        const char c = format[i];
        if (c == '\'') quoted = !quoted;
        if (quoted || !is_letter(c) || c == 'T') {
            ++i;
            continue;
        }
        const std::size_t count = std::min(format.find_first_not_of(c, i), format.size()) - i;
        const char part = c == 'u' ? 'y' : c == 'h' ? 'H' : c == 'x' || c == 'Z' ? 'X' : c;
        const std::size_t most = part == 'y'   ? 4
                                 : part == 'S' ? 9
                                 : part == 'X' ? 3
                                 : part == 'a' ? 1
                                               : 2;
        const std::size_t least = part == 'y' ? 4 : 1;
        const std::string shown = "`" + std::string(format.substr(i, count)) + "`";
        if (count > most || count < least) {
            const std::string fixed = "`" + std::string(least, c) + "`";
            return {shown + " không được hỗ trợ; viết " + fixed,
                    shown + " is not supported; write " + fixed};
        }
        if (seen.find(part) != std::string::npos)
            return {shown + " lặp lại", shown + " is there twice"};
        seen += part;
        i += count;
    }
    return {};
}

}  // namespace

Text fault_of_format(LogicalType type, std::string_view format) {
    if (std::count(format.begin(), format.end(), '\'') % 2 != 0) {
        return {"thiếu một dấu nháy `'`", "a quote `'` is missing"};
    }
    const std::string letters = letters_of(format);
    if (has_any(letters, "Y"))
        return {"`Y` là năm theo tuần; năm là `y`", "`Y` is the year of the week; the year is `y`"};
    if (has_any(letters, "D"))
        return {"`D` là ngày trong năm; ngày trong tháng là `d`",
                "`D` is the day of the year; the day of the month is `d`"};
    // 'T' stands without quotes in the standard's own examples.
    if (const auto at = letters.find_first_not_of("yuMdHhmsSaXxZT"); at != std::string::npos) {
        const std::string letter = "`" + letters.substr(at, 1) + "`";
        return {"chữ " + letter + " không được hỗ trợ",
                "the letter " + letter + " is not supported"};
    }
    const bool hour = has_any(letters, "Hh");
    if (has_any(letters, "m") && !hour)
        return {"`m` là phút; tháng là `M`", "`m` is the minute; the month is `M`"};
    const bool date = has_any(letters, "yu") && has_any(letters, "M") && has_any(letters, "d");
    if (type != LogicalType::kTime && !date) {
        return {"thiếu năm `yyyy`, tháng `MM` hoặc ngày `dd`",
                "the year `yyyy`, the month `MM` or the day `dd` is missing"};
    }
    if (type == LogicalType::kTime && has_date_part(format)) {
        return {"giờ không có phần ngày; cả hai là `timestamp`",
                "a time has no date part; both are a `timestamp`"};
    }
    if (type == LogicalType::kDate && has_time_part(format)) {
        return {"ngày không có phần giờ; cả hai là `timestamp`",
                "a date has no time part; both are a `timestamp`"};
    }
    if (type != LogicalType::kDate && !hour) return {"thiếu giờ `HH`", "the hour `HH` is missing"};
    if (has_any(letters, "h") != has_any(letters, "a")) {
        return {"`h` là giờ 1 đến 12, đi với `a` (AM, PM); giờ 0 đến 23 là `H`",
                "`h` is the hour 1 to 12 and goes with `a` (AM, PM); the hour 0 to 23 is `H`"};
    }
    if (type == LogicalType::kDate &&
        format.find_first_not_of("yMd-/. ") != std::string_view::npos) {
        return {"ngày chỉ gồm `yyyy`, `MM`, `dd` và dấu `-`, `/`, `.`",
                "a date has only `yyyy`, `MM`, `dd` and the signs `-`, `/`, `.`"};
    }
    return fault_of_counts(format);
}

std::optional<LogicalType> type_from_physical(std::string_view physical) {
    std::string name = to_lower_ascii(trim(physical.substr(0, physical.find('('))));
    std::replace(name.begin(), name.end(), '_', ' ');
    struct Known {
        std::string_view name;
        LogicalType type;
    };
    static constexpr std::array kKnown = {
        Known{"varchar", LogicalType::kString},
        Known{"nvarchar", LogicalType::kString},
        Known{"varchar2", LogicalType::kString},
        Known{"nvarchar2", LogicalType::kString},
        Known{"char", LogicalType::kString},
        Known{"nchar", LogicalType::kString},
        Known{"character varying", LogicalType::kString},
        Known{"character", LogicalType::kString},
        Known{"text", LogicalType::kString},
        Known{"string", LogicalType::kString},
        Known{"uuid", LogicalType::kString},
        Known{"int", LogicalType::kInteger},
        Known{"integer", LogicalType::kInteger},
        Known{"bigint", LogicalType::kInteger},
        Known{"smallint", LogicalType::kInteger},
        Known{"tinyint", LogicalType::kInteger},
        Known{"long", LogicalType::kInteger},
        Known{"decimal", LogicalType::kNumber},
        Known{"numeric", LogicalType::kNumber},
        Known{"number", LogicalType::kNumber},
        Known{"double", LogicalType::kNumber},
        Known{"double precision", LogicalType::kNumber},
        Known{"float", LogicalType::kNumber},
        Known{"real", LogicalType::kNumber},
        Known{"boolean", LogicalType::kBoolean},
        Known{"bool", LogicalType::kBoolean},
        Known{"date", LogicalType::kDate},
        Known{"timestamp", LogicalType::kTimestamp},
        Known{"timestamptz", LogicalType::kTimestamp},
        Known{"timestamp tz", LogicalType::kTimestamp},
        Known{"timestamp with time zone", LogicalType::kTimestamp},
        Known{"timestamp without time zone", LogicalType::kTimestamp},
        Known{"datetime", LogicalType::kTimestamp},
        Known{"datetime2", LogicalType::kTimestamp},
        Known{"time", LogicalType::kTime}};
    for (const Known& known : kKnown) {
        if (known.name == name) return known.type;
    }
    return std::nullopt;
}

std::optional<Exact> exact_from_physical(std::string_view physical) {
    const std::size_t open = physical.find('(');
    if (open == std::string_view::npos || !trim(physical).ends_with(')')) return std::nullopt;
    const std::string name = to_lower_ascii(trim(physical.substr(0, open)));
    if (name != "decimal" && name != "numeric" && name != "number") return std::nullopt;
    const std::size_t close = physical.rfind(')');
    const auto parts = split(physical.substr(open + 1, close - open - 1), ',');
    if (parts.empty() || parts.size() > 2) return std::nullopt;
    const auto precision = to_whole(trim(parts[0]));
    const auto scale =
        parts.size() == 2 ? to_whole(trim(parts[1])) : std::optional<std::int64_t>(0);
    // Numbers that cannot be read are given back as impossible ones, for the caller to refuse.
    if (!precision || !scale) return Exact{-1, -1};
    return Exact{*precision, *scale};
}

}  // namespace nguon::contract::internal
