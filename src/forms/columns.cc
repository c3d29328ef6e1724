#include "forms/internal/columns.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>

namespace nguon::forms::internal {
namespace {

using contract::LogicalType;

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::chrono::sys_days> days_of(std::string_view iso) {
    if (iso.size() != 10) return std::nullopt;
    const auto year = number<int>(iso.substr(0, 4));
    const auto month = number<unsigned>(iso.substr(5, 2)), day = number<unsigned>(iso.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                           std::chrono::day(*day)};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date);
}

std::string replaced(std::string_view format, std::string_view year, std::string_view month,
                     std::string_view day) {
    std::string out;
    for (std::size_t i = 0; i < format.size();) {
        if (format.substr(i, 4) == "yyyy") {
            out += year;
            i += 4;
        } else if (format.substr(i, 2) == "MM") {
            out += month;
            i += 2;
        } else if (format.substr(i, 2) == "dd") {
            out += day;
            i += 2;
        } else {
            out += as_pattern(format.substr(i, 1));
            ++i;
        }
    }
    return out;
}

// One of the formats that DateFormat reads: each part once, and separators.
bool is_date_format(std::string_view format) {
    int parts = 0;
    for (std::size_t i = 0; i < format.size();) {
        const std::size_t length = format.substr(i, 4) == "yyyy"                                ? 4
                                   : format.substr(i, 2) == "MM" || format.substr(i, 2) == "dd" ? 2
                                                                                                : 0;
        if (length == 0 && std::string_view("-/. ").find(format[i]) == std::string_view::npos)
            return false;
        parts += length > 0 ? 1 : 0;
        i += std::max<std::size_t>(length, 1);
    }
    return parts == 3;
}

}  // namespace

json::value typed(LogicalType type, std::string_view text) {
    if (type == LogicalType::kBoolean) return text == "true";
    if (type == LogicalType::kInteger || type == LogicalType::kNumber) {
        if (const auto whole = number<std::int64_t>(text)) return *whole;
        if (const auto real = number<double>(text)) return *real;
    }
    return json::value(text);
}

namespace {
constexpr char kExact =
    '\x01';  // no text of a contract begins so: it may not hold control characters
}

json::value exact(LogicalType type, std::string_view text) {
    json::value value = typed(type, text);
    const bool plain = text.find_first_not_of("-.0123456789") == std::string_view::npos;
    if (!value.is_number() || !plain || to_text(value) == text) return value;
    return json::value(std::string(1, kExact) + std::string(text));
}

std::string_view exact_digits(const json::value& value) {
    if (!value.is_string()) return {};
    const std::string_view text = value.get_string();
    if (!text.starts_with(kExact)) return {};
    const std::string_view digits = text.substr(1);
    return digits.find_first_not_of("-.0123456789") == std::string_view::npos ? digits
                                                                              : std::string_view();
}

std::optional<std::string> strptime_of(std::string_view format) {
    if (!is_date_format(format)) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < format.size();) {
        switch (format[i]) {
            case 'y':
                out += "%Y";
                i += 4;
                break;
            case 'M':
                out += "%m";
                i += 2;
                break;
            case 'd':
                out += "%d";
                i += 2;
                break;
            default: out += format[i++];
        }
    }
    return out;
}

std::optional<std::string> date_format_of(std::string_view strptime) {
    std::string out;
    for (std::size_t i = 0; i < strptime.size(); ++i) {
        if (strptime[i] != '%') {
            out += strptime[i];
            continue;
        }
        const char letter = ++i < strptime.size() ? strptime[i] : '\0';
        if (letter == 'Y') {
            out += "yyyy";
        } else if (letter == 'm') {
            out += "MM";
        } else if (letter == 'd') {
            out += "dd";
        } else {
            return std::nullopt;
        }
    }
    return is_date_format(out) ? std::optional(out) : std::nullopt;
}

std::string_view date_format(const contract::Column& column) {
    return column.options.format.empty() ? std::string_view("yyyy-MM-dd")
                                         : std::string_view(column.options.format);
}

std::string in_format(std::string_view iso, std::string_view format) {
    if (iso.size() != 10 || !is_date_format(format)) return std::string(iso);
    std::string out;
    for (std::size_t i = 0; i < format.size();) {
        const char c = format[i];
        if (c == 'y') out += iso.substr(0, 4);
        if (c == 'M') out += iso.substr(5, 2);
        if (c == 'd') out += iso.substr(8, 2);
        if (c != 'y' && c != 'M' && c != 'd') out += c;
        i += c == 'y' ? 4 : c == 'M' || c == 'd' ? 2 : 1;
    }
    return out;
}

std::optional<std::string> iso_date(std::string_view text, std::string_view format) {
    if (text.size() != format.size() || !is_date_format(format)) return std::nullopt;
    std::string year, month, day;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] == 'y') year += text[i];
        if (format[i] == 'M') month += text[i];
        if (format[i] == 'd') day += text[i];
    }
    std::string iso = year + "-" + month + "-" + day;
    if (!days_of(iso)) return std::nullopt;
    return iso;
}

std::optional<std::string> next_to(LogicalType type, std::string_view value, int step) {
    if (type == LogicalType::kInteger) {
        const auto whole = number<std::int64_t>(value);
        if (!whole || *whole == INT64_MAX || *whole == INT64_MIN) return std::nullopt;
        return std::to_string(*whole + step);
    }
    if (type != LogicalType::kDate) return std::nullopt;
    const auto day = days_of(value);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day next(*day + std::chrono::days(step));
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(next.year()),
                       static_cast<unsigned>(next.month()), static_cast<unsigned>(next.day()));
}

std::string date_pattern(std::string_view format) {
    // Gregorian: a year that 4 divides is a leap year, of full centuries only those that 400
    // divides.
    static constexpr std::string_view kFours = "0[48]|[2468][048]|[13579][26]";
    static constexpr std::string_view kYear =
        "([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)";
    const std::string leap = fmt::format("([0-9]{{2}}({0})|({0})00)", kFours);
    return fmt::format(
        "({}|{}|{}|{})", replaced(format, kYear, "(0[1-9]|1[0-2])", "(0[1-9]|1[0-9]|2[0-8])"),
        replaced(format, kYear, "(0[13-9]|1[0-2])", "(29|30)"),
        replaced(format, kYear, "(0[13578]|1[02])", "31"), replaced(format, leap, "02", "29"));
}

std::string time_pattern() {
    return "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?";
}

std::string timestamp_pattern() {
    return date_pattern("yyyy-MM-dd") + "[Tt ]" + time_pattern() +
           "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?";
}

bool is_common_pattern(std::string_view pattern) {
    static constexpr std::array<std::string_view, 12> kOwn = {
        "[[:", "\\p", "\\P", "\\z", "\\A", "\\Q", "\\C", "\\a", "\\x{", "\\h", "++", "*+"};
    for (const std::string_view own : kOwn) {
        if (pattern.find(own) != std::string_view::npos) return false;
    }
    for (std::size_t at = pattern.find("(?"); at != std::string_view::npos;
         at = pattern.find("(?", at + 1)) {
        if (pattern.substr(at, 3) != "(?:") return false;
    }
    return true;
}

std::string as_pattern(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string_view without_group(std::string_view pattern) {
    if (!pattern.starts_with('(') || !pattern.ends_with(')') || pattern.size() < 2) return pattern;
    int depth = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\') {
            ++i;
        } else if (pattern[i] == '[') {  // a class: its first sign may be its end
            i += pattern.substr(i + 1, 1) == "^" ? 2 : 1;
            while (++i < pattern.size() && pattern[i] != ']')
                i += pattern[i] == '\\' ? 1 : 0;
        } else if (pattern[i] == '(') {
            ++depth;
        } else if (pattern[i] == ')' && --depth == 0 && i + 1 < pattern.size()) {
            return pattern;
        }
    }
    const std::size_t start = pattern.starts_with("(?:") ? 3 : 1;
    return depth == 0 ? pattern.substr(start, pattern.size() - start - 1) : pattern;
}

std::vector<std::string> listed_in(std::string_view pattern) {
    const std::string_view inside = without_group(pattern);
    if (inside.size() == pattern.size()) return {};
    std::vector<std::string> values(1);
    for (std::size_t i = 0; i < inside.size(); ++i) {
        const char c = inside[i];
        if (c == '|') {
            values.emplace_back();
        } else if (c == '\\' && i + 1 < inside.size() &&
                   std::string_view("\\^$.|?*+()[]{}").find(inside[i + 1]) !=
                       std::string_view::npos) {
            values.back() += inside[++i];
        } else if (std::string_view("\\^$.?*+()[]{}").find(c) != std::string_view::npos) {
            return {};
        } else {
            values.back() += c;
        }
    }
    if (std::ranges::find(values, "") != values.end()) return {};
    return values;
}

contract::Column as_judged(const contract::Dataset& dataset, const contract::Column& column) {
    contract::Column judged = column;
    for (const contract::Rule& rule : dataset.rules) {
        const bool holds = rule.column == column.name && rule.metric && rule.is_row_rule() &&
                           rule.severity == contract::Severity::kError;
        if (!holds) continue;
        if (rule.metric->metric != contract::Metric::kInvalidValues) {
            judged.required = true;
            continue;
        }
        if (judged.options.pattern.empty() && column.type == LogicalType::kString)
            judged.options.pattern = rule.metric->pattern;
        if (!judged.enumeration.empty()) continue;
        for (const std::string& value : rule.metric->valid_values)
            judged.enumeration.push_back({value, {}});
    }
    return judged;
}

bool is_of_columns(const contract::ForeignKey& key) {
    const auto is_part = [](const std::string& path) {
        return path.find('.') != std::string::npos;
    };
    return std::ranges::none_of(key.columns, is_part) &&
           std::ranges::none_of(key.target_columns, is_part);
}

json::value in_both(const Text& text) {
    if (text.empty()) return nullptr;
    return {{"vi", text.vi}, {"en", text.en}};
}

std::string_view schema_of(std::string_view dataset) {
    return dataset.substr(dataset.rfind('.') + 1);
}

}  // namespace nguon::forms::internal
