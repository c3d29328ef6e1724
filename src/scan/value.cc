#include "scan/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
namespace nguon::scan {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

// Exactly `count` digits at `at`.
bool digits(std::string_view text, std::size_t at, std::size_t count, int& number) {
    if (at + count > text.size()) return false;
    number = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (!is_digit(text[i])) return false;
        number = number * 10 + (text[i] - '0');
    }
    return true;
}

bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// Days since 1970-01-01 of a real date (H. Hinnant's days_from_civil, shifted to March years).
bool civil_days(int year, int month, int day, std::int32_t& days) {
    static constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || month < 1 || month > 12 || day < 1) return false;
    const int length = month == 2 && is_leap(year) ? 29 : kLengths[month - 1];
    if (day > length) return false;
    const int y = month <= 2 ? year - 1 : year;
    const int era = y / 400;
    const int year_of_era = y - era * 400;
    const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    days = era * 146'097 + day_of_era - 719'468;
    return true;
}

// ".ffffff" at `at`, one to nine digits; more than six are cut. Moves `at` past it.
bool fraction(std::string_view text, std::size_t& at, std::int64_t& micros) {
    micros = 0;
    if (at >= text.size() || text[at] != '.') return true;
    std::int64_t unit = kSecond / 10;
    const std::size_t start = ++at;
    for (; at < text.size() && is_digit(text[at]); ++at, unit /= 10)
        micros += (text[at] - '0') * unit;
    return at > start && at - start <= 9;
}

bool clock_time(std::string_view text, std::size_t& at, std::int64_t& micros) {
    int hour = 0, minute = 0, second = 0;
    if (!digits(text, at, 2, hour) || !digits(text, at + 3, 2, minute) ||
        !digits(text, at + 6, 2, second) || text[at + 2] != ':' || text[at + 5] != ':' ||
        hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    at += 8;
    std::int64_t part = 0;
    if (!fraction(text, at, part)) return false;
    micros = ((hour * 60 + minute) * 60 + second) * kSecond + part;
    return true;
}

}  // namespace

bool parse_boolean(std::string_view text, bool& value) {
    if (text.size() == 1 && (text[0] == '0' || text[0] == '1')) {
        value = text[0] == '1';
        return true;
    }
    if (text.size() != 4 && text.size() != 5) return false;
    const std::string lower = to_lower_ascii(text);
    value = lower == "true";
    return value || lower == "false";
}

bool parse_integer(std::string_view text, std::int64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

bool parse_double(std::string_view text, double& value) {
    // from_chars also takes "inf", "nan" and ".5": the first and last characters tell.
    if (text.empty() || !is_digit(text.back())) return false;
    if (!is_digit(text[0]) && !(text[0] == '-' && text.size() > 1 && is_digit(text[1])))
        return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

bool parse_decimal(std::string_view text, int precision, int scale, Wide& value) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.empty() || !is_digit(text[0]) || !is_digit(text.back())) return false;
    int whole = 0, places = -1;  // significant digits before the point; digits after it
    Wide number = 0;
    for (const char c : text) {
        if (c == '.') {
            if (places >= 0) return false;
            places = 0;
            continue;
        }
        if (!is_digit(c)) return false;
        if (places >= 0) {
            if (places == scale) {
                if (c != '0') return false;
                continue;
            }
            ++places;
        } else if (number != 0 || c != '0') {
            ++whole;
        }
        if (whole > precision - scale) return false;
        number = number * 10 + (c - '0');
    }
    for (int i = std::max(places, 0); i < scale; ++i)
        number *= 10;
    value = negative ? -number : number;
    return true;
}

bool parse_time(std::string_view text, std::int64_t& micros) {
    std::size_t at = 0;
    return text.size() >= 8 && clock_time(text, at, micros) && at == text.size();
}

bool parse_timestamp(std::string_view text, bool zone_required, std::int64_t& micros) {
    int year = 0, month = 0, day = 0;
    std::int32_t days = 0;
    if (text.size() < 19 || !digits(text, 0, 4, year) || text[4] != '-' ||
        !digits(text, 5, 2, month) || text[7] != '-' || !digits(text, 8, 2, day) ||
        !civil_days(year, month, day, days)) {
        return false;
    }
    if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return false;
    std::size_t at = 11;
    std::int64_t clock = 0;
    if (!clock_time(text, at, clock)) return false;
    micros = std::int64_t{days} * 86'400 * kSecond + clock;
    const std::string_view zone = text.substr(at);
    if (zone.empty()) return !zone_required;
    if (zone == "Z" || zone == "z") return true;
    int hours = 0, minutes = 0;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' ||
        !digits(zone, 1, 2, hours) || !digits(zone, 4, 2, minutes) || hours > 23 || minutes > 59) {
        return false;
    }
    const std::int64_t offset = (hours * 3600 + minutes * 60) * kSecond;
    micros += zone[0] == '-' ? offset : -offset;
    return true;
}

bool is_cell_error(std::string_view text) {
    if (!text.starts_with('#')) return false;
    static constexpr std::array<std::string_view, 14> kErrors{
        "#REF!",   "#N/A",   "#DIV/0!", "#VALUE!",       "#NAME?",    "#NUM!",     "#NULL!",
        "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA", "#CONNECT!", "#BLOCKED!", "#UNKNOWN!"};
    return std::ranges::find(kErrors, text) != kErrors.end();
}

Result<DateFormat> DateFormat::from(std::string_view pattern) {
    int years = 0, months = 0, days = 0;
    for (std::size_t i = 0; i < pattern.size();) {
        if (pattern.substr(i, 4) == "yyyy") {
            ++years;
            i += 4;
        } else if (pattern[i] == 'M') {
            ++months;
            i += pattern.substr(i, 2) == "MM" ? 2 : 1;
        } else if (pattern[i] == 'd') {
            ++days;
            i += pattern.substr(i, 2) == "dd" ? 2 : 1;
        } else if (std::string_view("-/. ").find(pattern[i]) != std::string_view::npos) {
            ++i;
        } else {
            years = 9;
            break;
        }
    }
    // Where two numbers stand beside each other, only fixed lengths tell them apart.
    const bool is_loose = pattern.find("MM") == std::string_view::npos ||
                          pattern.find("dd") == std::string_view::npos;
    const bool is_parted = std::ranges::count_if(pattern, [](char c) {
                               return std::string_view("-/. ").find(c) != std::string_view::npos;
                           }) >= 2;
    if (years != 1 || months != 1 || days != 1 || (is_loose && !is_parted)) {
        return fail(Code::kInvalid,
                    {fmt::format("Không hiểu mẫu ngày «{}».", pattern),
                     fmt::format("The date format \"{}\" is not understood.", pattern)},
                    {"Dùng yyyy, MM, dd mỗi phần một lần, ví dụ dd/MM/yyyy; M, d nếu có thể chỉ có "
                     "một chữ số.",
                     "Use yyyy, MM and dd once each, for example dd/MM/yyyy; M and d where one "
                     "digit may stand."});
    }
    DateFormat format;
    format.m_pattern = pattern;
    return format;
}

bool DateFormat::parse(std::string_view text, std::int32_t& date) const {
    int year = 0, month = 0, day = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < m_pattern.size();) {
        const char letter = m_pattern[i];
        std::size_t run = 1;
        while (letter != ' ' && i + run < m_pattern.size() && m_pattern[i + run] == letter)
            ++run;
        if (letter == 'y' || letter == 'M' || letter == 'd') {
            std::size_t length = run;
            if (run == 1 && at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9')
                length = 2;
            int& part = letter == 'y' ? year : letter == 'M' ? month : day;
            if (!digits(text, at, length, part)) return false;
            at += length;
            i += run;
        } else {
            if (at >= text.size() || text[at] != letter) return false;
            ++at;
            ++i;
        }
    }
    return at == text.size() && civil_days(year, month, day, date);
}

}  // namespace nguon::scan
