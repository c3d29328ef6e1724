#include "intake/cell_fixes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/ascii.h"
#include "base/text.h"
#include "scan/moment_format.h"
#include "scan/value.h"

namespace nguon::intake {
namespace {

bool is_high(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

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
        else if (const std::size_t one = text.find(letters[0]); one != std::string::npos)
            text.replace(one, 1, digits);  // d/M/yyyy takes two digits too
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

struct Parted {
    std::string_view day, time;
};

// What is parted by a space or a T, in either order; all of it is the day where there is no time.
Parted parted(std::string_view text) {
    text = bare(text);
    const std::size_t at = text.find_first_of(" T");
    if (at == std::string_view::npos) return {text, {}};
    const std::string_view first = text.substr(0, at), second = bare(text.substr(at + 1));
    if (second.find(':') != std::string_view::npos) return {first, second};
    if (first.find(':') != std::string_view::npos) return {second, first};
    return {text, {}};
}

// Of Windows-1252, the characters of the bytes 0x80 to 0x9F (WHATWG Encoding Standard); the five
// bytes that have none stand for themselves.
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// The byte that Windows-1252 shows as this character.
std::optional<char> byte_of(char32_t character) {
    if (character < 0x80 || (character >= 0xA0 && character <= 0xFF))
        return static_cast<char>(character);
    const auto found = std::ranges::find(kWindows1252, character);
    if (found == kWindows1252.end()) return std::nullopt;
    return static_cast<char>(0x80 + (found - kWindows1252.begin()));
}

// Asked of the first cell of every row: nearly all are out by their first two bytes. What may be
// white space passes.
bool begins_like_a_total(std::string_view text) {
    if (text.size() < 3) return false;
    const auto first = static_cast<unsigned char>(text[0]);
    const auto second = static_cast<unsigned char>(text[1]);
    switch (first) {
        case 't':
        case 'T':
        case 'c':
        case 'C': return second == 'o' || second == 'O' || second == 0xE1 || second == 0xC3;
        case 'g':
        case 'G': return second == 'r' || second == 'R';
        case 's':
        case 'S': return second == 'u' || second == 'U';
        default: return first <= ' ' || first == '\'' || first >= 0xC2;
    }
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, text) != words.end();
}

// "Cộng xã A", "Tổng số toàn huyện": a word for totals, and what is summed up. Words of small
// letters name kinds of things, others are names; what is a word of its own ("cộng đồng") is none.
TotalWords words_of_group(std::string_view text) {
    static constexpr std::array<std::string_view, 14> kWords{
        "Tổng cộng", "TỔNG CỘNG", "tổng cộng", "Tổng số",  "TỔNG SỐ", "tổng số",   "Cộng",
        "CỘNG",      "cộng",      "Total",     "Subtotal", "TOTAL",   "Sub-total", "SUBTOTAL"};
    const auto word = std::ranges::find_if(kWords, [&](std::string_view one) {
        return text.size() > one.size() + 1 && text.starts_with(one) && text[one.size()] == ' ';
    });
    if (word == kWords.end()) return TotalWords::kNone;
    const std::string_view rest = bare(text.substr(word->size()));
    for (const std::string_view other :
         {"đồng", "tác", "hòa", "hoà", "hưởng", "sự", "sinh", "sản", "ĐỒNG", "TÁC"}) {
        if (rest.starts_with(other)) return TotalWords::kNone;
    }
    static constexpr std::array<std::string_view, 3> kSmall{"đ", "ấ", "ậ"};  // đội, ấp
    const bool is_small = (!rest.empty() && rest[0] >= 'a' && rest[0] <= 'z') ||
                          std::ranges::any_of(kSmall, [&](std::string_view letter) {
                              return rest.starts_with(letter);
                          });
    return is_small ? TotalWords::kOfGroup : TotalWords::kOfName;
}

}  // namespace

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

std::string_view day_part(std::string_view text) {
    return parted(text).day;
}

std::optional<std::string> moment_from(std::string_view text, std::string_view from,
                                       std::string_view to) {
    const Parted parts = parted(text);
    // A pattern with a zone would say one that the cell does not.
    if (parts.time.empty() || to.find_first_of("XxZz") != std::string_view::npos)
        return std::nullopt;
    const std::optional<std::string> day = date_from(parts.day, from, "");
    if (!day) return std::nullopt;
    std::string time(parts.time);
    if (time.find(':') == 1) time.insert(0, "0");
    if (time.size() == 5) time += ":00";
    const std::string iso = *day + "T" + time;
    std::int64_t moment = 0;
    if (!scan::parse_timestamp(iso, false, moment)) return std::nullopt;
    if (to.empty()) return iso;
    const auto format = scan::MomentFormat::from(scan::Moment::kTimestamp, to, "");
    std::int64_t same = 0;
    const std::string text_of = format ? format->write(moment) : "";
    // Seconds that the pattern has no letters for are not dropped.
    return format && format->parse(text_of, same) && same == moment ? std::optional(text_of)
                                                                    : std::nullopt;
}

bool has_marks_apart(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const auto next = static_cast<unsigned char>(text[i + 1]);
        if (lead == 0xCC || (lead == 0xCD && next < 0xB0)) return true;
    }
    return false;
}

bool is_thousands_or_fraction(std::string_view text) {
    if (!text.empty() && text[0] == '-') text.remove_prefix(1);
    const std::size_t point = text.find('.');
    return point != std::string_view::npos && point >= 1 && point <= 3 && text[0] != '0' &&
           text.size() == point + 4;
}

bool is_rounded(std::string_view text) {
    constexpr std::size_t kKept = 15;
    return text.size() > kKept && all_digits(text) &&
           text.find_first_not_of('0', kKept) == std::string_view::npos;
}

std::optional<std::string> ungarbled(std::string_view text) {
    // Every garbled letter shows as two to four signs of which the first is one of these.
    constexpr std::string_view kLeads[] = {"Ã", "Ä", "Å", "Æ", "á", "Ì", "â", "Â"};
    // The first sign that is not ASCII is a lead, U+00C2 to U+00F4, and another such sign follows.
    const auto first = std::ranges::find_if(text, is_high);
    if (text.end() - first < 3 || *first != '\xC3' || !is_high(first[2])) return std::nullopt;
    if (std::ranges::none_of(kLeads, [&](std::string_view lead) {
            return text.find(lead) != std::string_view::npos;
        }))
        return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (i + length > text.size() || (length == 1 && lead >= 0x80)) return std::nullopt;
        char32_t character = lead & (length == 1 ? 0x7F : length == 2 ? 0x1F : 0x0F);
        if (length == 4) return std::nullopt;
        for (std::size_t k = 1; k < length; ++k)
            character = (character << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3F);
        const std::optional<char> byte = byte_of(character);
        if (!byte) return std::nullopt;
        bytes += *byte;
        i += length;
    }
    // Each character came back as its one byte, so writing the bytes again gives this same text.
    return bytes.size() < text.size() && is_utf8(bytes) ? std::optional(bytes) : std::nullopt;
}

std::optional<std::string> padded(std::string_view text, std::size_t length) {
    text = bare(text);
    if (!all_digits(text) || text.size() >= length) return std::nullopt;
    return std::string(length - text.size(), '0') + std::string(text);
}

TotalWords total_words(std::string_view text) {
    constexpr std::size_t kLongest = 24, kLongestWithMore = 160;
    if (!begins_like_a_total(text)) return TotalWords::kNone;
    text = bare(text);
    if (text.empty() || text.size() > kLongestWithMore || !begins_like_a_total(text))
        return TotalWords::kNone;
    const std::size_t colon = text.find(':');
    std::string_view words = bare(text.substr(0, colon));
    while (!words.empty() && words.back() == '.')
        words.remove_suffix(1);
    if (words.size() <= kLongest) {
        const std::string name = snake_case(words);
        const bool other = is_one_of(
            words, {"Tống", "tống", "TỐNG", "Công", "công", "CÔNG", "Tông", "tông", "TÔNG"});
        if (!other && is_one_of(name, {"tong", "cong"}))
            return colon == std::string_view::npos ? TotalWords::kName : TotalWords::kTotal;
        if (is_one_of(name, {"tong_cong", "tong_so", "cong_chung", "total", "grand_total",
                             "sub_total", "subtotal", "sum", "totals"}))
            return TotalWords::kTotal;
    }
    return words_of_group(text);
}

bool names_nothing(std::string_view text) {
    constexpr std::size_t kLongest = 12;  // "không có"
    text = bare(text);
    if (text.empty() || text.size() > kLongest) return false;
    // Nearly every cell is told by its first byte.
    if (std::string_view("-.?#\\NnKkCc\xE2").find(text[0]) == std::string_view::npos) return false;
    return is_one_of(text, {"-", "--", "---", "–", "—", ".", "?", "#N/A", "#REF!", "#VALUE!",
                            "#DIV/0!", "#NAME?", "NaN", "\\N"}) ||
           is_one_of(to_lower_ascii(text), {"null", "n/a", "na", "none", "nil", "không có",
                                            "không rõ", "chưa rõ", "chưa có"});
}

}  // namespace nguon::intake
