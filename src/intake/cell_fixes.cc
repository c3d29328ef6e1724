#include "intake/cell_fixes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.h"
#include "scan/value.h"

namespace nguon::intake {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

// White space as offices send it: ASCII, no-break, zero-width, ideographic, the byte-order mark.
constexpr std::array<std::string_view, 12> kSpaces = {
    " ", "\t", "\r", "\n", "\v", "\f", "\u00A0", "\u2007", "\u200B", "\u202F", "\u3000", "\uFEFF"};

int number_of(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

struct Day {
    std::string_view year, month, day;
};

// A time of nothing after a date, as exports add it: " 00:00:00", "T00:00:00.000".
std::string_view without_midnight(std::string_view text) {
    const std::size_t at = text.find_first_of(" T");
    if (at == std::string_view::npos) return text;
    const std::string_view rest = text.substr(at + 1);
    const bool is_midnight = rest.find(':') != std::string_view::npos &&
                             rest.find_first_not_of("0:.") == std::string_view::npos;
    return is_midnight ? text.substr(0, at) : text;
}

// Three numbers parted by one kind of separator.
std::optional<std::array<std::string_view, 3>> three_numbers(std::string_view text) {
    const std::size_t first = text.find_first_of("/-.");
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t second = text.find(text[first], first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const std::array<std::string_view, 3> parts = {bare(text.substr(0, first)),
                                                   bare(text.substr(first + 1, second - first - 1)),
                                                   bare(text.substr(second + 1))};
    for (const std::string_view part : parts) {
        if (!all_digits(part) || part.size() > 4) return std::nullopt;
    }
    return parts;
}

std::optional<Day> day_of(std::string_view text, std::string_view from) {
    if (from == "yyyyMMdd" || from == "ddMMyyyy") {
        if (text.size() != 8 || !all_digits(text)) return std::nullopt;
        if (from[0] == 'y') return Day{text.substr(0, 4), text.substr(4, 2), text.substr(6)};
        return Day{text.substr(4), text.substr(2, 2), text.substr(0, 2)};
    }
    const auto parts = three_numbers(text);
    if (!parts) return std::nullopt;
    const auto& [a, b, c] = *parts;
    if (from.starts_with("yyyy")) return Day{a, b, c};
    if (from.starts_with("MM")) return Day{c, a, b};
    return Day{c, b, a};
}

std::string written(int year, int month, int day, std::string_view to) {
    std::string text(to.empty() ? "yyyy-MM-dd" : to);
    const auto put = [&](std::string_view letters, const std::string& digits) {
        if (const std::size_t at = text.find(letters); at != std::string::npos)
            text.replace(at, letters.size(), digits);
    };
    put("yyyy", fmt::format("{:04}", year));
    put("MM", fmt::format("{:02}", month));
    put("dd", fmt::format("{:02}", day));
    return text;
}

// Days since 1899-12-30. Below 61 Excel counts a 29 February 1900 that never was.
std::optional<std::string> from_excel(std::string_view text, std::string_view to) {
    constexpr int kFirst = 61, kLast = 2'958'465;  // 1900-03-01, 9999-12-31
    if (text.ends_with(".0")) text.remove_suffix(2);
    if (!all_digits(text) || text.size() > 7) return std::nullopt;
    const int serial = number_of(text);
    if (serial < kFirst || serial > kLast) return std::nullopt;
    // Howard Hinnant's civil_from_days, shifted: days of the proleptic Gregorian calendar.
    const int z = serial - 25'569 + 719'468;
    const int era = z / 146'097, of_era = z - era * 146'097;
    const int year_of_era = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
    const int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int shifted = (5 * of_year + 2) / 153;
    const int day = of_year - (153 * shifted + 2) / 5 + 1;
    const int month = shifted < 10 ? shifted + 3 : shifted - 9;
    return written(year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day, to);
}

// What stands behind an amount and is no part of the number.
std::string_view without_unit(std::string_view text) {
    for (const std::string_view unit :
         {"vnđ", "VNĐ", "vnd", "VND", "đồng", "đ", "Đ", "₫", "%", "USD"}) {
        if (text.ends_with(unit) && text.size() > unit.size())
            return bare(text.substr(0, text.size() - unit.size()));
    }
    return text;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, text) != words.end();
}

}  // namespace

std::string_view bare(std::string_view text) {
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view space : kSpaces) {
            if (text.starts_with(space)) text.remove_prefix(space.size()), again = true;
            if (text.ends_with(space)) text.remove_suffix(space.size()), again = true;
        }
    }
    if (text.size() > 1 && text[0] == '\'' && text.find('\'', 1) == std::string_view::npos)
        text.remove_prefix(1);
    return text;
}

std::optional<std::string> date_from(std::string_view text, std::string_view from,
                                     std::string_view to) {
    text = without_midnight(bare(text));
    if (from == "excel") return from_excel(text, to);
    const std::optional<Day> parts = day_of(text, from);
    if (!parts || parts->year.size() != 4 || parts->month.size() > 2 || parts->day.size() > 2)
        return std::nullopt;
    const int year = number_of(parts->year), month = number_of(parts->month),
              day = number_of(parts->day);
    std::int32_t days = 0;
    if (!scan::DateFormat().parse(written(year, month, day, ""), days)) return std::nullopt;
    return written(year, month, day, to);
}

std::optional<std::string> number_from(std::string_view text, char decimal) {
    constexpr std::size_t kLongest = 64, kGroup = 3;
    text = without_unit(bare(text));
    if (text.empty() || text.size() > kLongest) return std::nullopt;
    std::string number;
    if (text[0] == '-' || text[0] == '+') {
        if (text[0] == '-') number = "-";
        text.remove_prefix(1);
    }
    const std::size_t point = text.find(decimal);
    std::string_view whole = text.substr(0, point);
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    if (point != std::string_view::npos && !all_digits(fraction)) return std::nullopt;
    const std::string_view separator = whole.find(decimal == ',' ? '.' : ',') != whole.npos
                                           ? (decimal == ',' ? "." : ",")
                                       : whole.find("\u00A0") != whole.npos ? "\u00A0"
                                       : whole.find("\u202F") != whole.npos ? "\u202F"
                                                                            : " ";
    for (bool first = true;; first = false) {
        const std::size_t end = whole.find(separator);
        const std::string_view group = whole.substr(0, end);
        const bool is_alone = first && end == std::string_view::npos;
        if (!all_digits(group) ||
            (!is_alone && (first ? group.size() > kGroup : group.size() != kGroup)))
            return std::nullopt;
        number += group;
        if (end == std::string_view::npos) break;
        whole.remove_prefix(end + separator.size());
    }
    if (!fraction.empty() && fraction.find_first_not_of('0') != std::string_view::npos)
        number += fmt::format(".{}", fraction);
    return number;
}

std::optional<std::string> padded(std::string_view text, std::size_t length) {
    text = bare(text);
    if (!all_digits(text) || text.size() >= length) return std::nullopt;
    return std::string(length - text.size(), '0') + std::string(text);
}

bool names_a_total(std::string_view text) {
    constexpr std::size_t kLongest = 24;
    text = bare(text);
    if (text.empty() || text.size() > kLongest ||
        std::string_view("tTcCgGsS").find(text[0]) == std::string_view::npos)
        return false;
    while (!text.empty() && (text.back() == ':' || text.back() == '.'))
        text.remove_suffix(1);
    return is_one_of(snake_case(bare(text)),
                     {"tong", "tong_cong", "tong_so", "cong", "cong_chung", "total", "grand_total",
                      "sub_total", "subtotal", "sum", "totals"}) &&
           !is_one_of(text, {"Tống", "tống", "TỐNG", "Công", "công", "CÔNG", "Tông", "tông"});
}

bool names_nothing(std::string_view text) {
    text = bare(text);
    return is_one_of(text, {"-", "--", "---", "–", "—", ".", "?", "#N/A", "#REF!", "#VALUE!",
                            "#DIV/0!", "#NAME?", "NaN", "\\N"}) ||
           is_one_of(to_lower_ascii(text), {"null", "n/a", "na", "none", "nil", "không có",
                                            "không rõ", "chưa rõ", "chưa có"});
}

}  // namespace nguon::intake
