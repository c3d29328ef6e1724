#include "scan/written_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
namespace nguon::scan {
namespace {

// White space as offices send it: ASCII, no-break, zero-width, ideographic, the byte-order mark.
constexpr std::array<std::string_view, 6> kWideSpaces = {"\u00A0", "\u2007", "\u200B",
                                                         "\u202F", "\u3000", "\uFEFF"};

bool is_ascii_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// The bytes of the space at the front; 0: there is none. Nearly every cell ends here at its first
// byte: each cell of a load that is mended comes by.
std::size_t space_before(std::string_view text) {
    if (text.empty()) return 0;
    if (is_ascii_space(text[0])) return 1;
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead != 0xC2 && lead != 0xE2 && lead != 0xE3 && lead != 0xEF) return 0;
    for (const std::string_view space : kWideSpaces) {
        if (text.starts_with(space)) return space.size();
    }
    return 0;
}

std::size_t space_after(std::string_view text) {
    if (text.empty()) return 0;
    if (is_ascii_space(text.back())) return 1;
    if (static_cast<unsigned char>(text.back()) < 0x80) return 0;
    for (const std::string_view space : kWideSpaces) {
        if (text.back() == space.back() && text.ends_with(space)) return space.size();
    }
    return 0;
}

struct Unit {
    std::string_view written, name;
};
constexpr std::array<Unit, 10> kUnits{{{"vnđ", "đ"},
                                       {"VNĐ", "đ"},
                                       {"vnd", "đ"},
                                       {"VND", "đ"},
                                       {"đồng", "đ"},
                                       {"đ", "đ"},
                                       {"Đ", "đ"},
                                       {"₫", "đ"},
                                       {"%", "%"},
                                       {"USD", "USD"}}};

// Null: none. Nearly every number ends in a digit.
const Unit* unit_behind(std::string_view text) {
    if (text.empty() || is_digit(text.back())) return nullptr;
    const auto found = std::ranges::find_if(kUnits, [&](const Unit& unit) {
        return text.ends_with(unit.written) && text.size() > unit.written.size();
    });
    return found == kUnits.end() ? nullptr : &*found;
}

// What stands behind an amount is no part of the number.
std::string_view without_unit(std::string_view text) {
    const Unit* unit = unit_behind(text);
    return unit == nullptr ? text : bare(text.substr(0, text.size() - unit->written.size()));
}

}  // namespace

std::string_view bare(std::string_view text) {
    while (const std::size_t bytes = space_before(text))
        text.remove_prefix(bytes);
    while (const std::size_t bytes = space_after(text))
        text.remove_suffix(bytes);
    if (text.size() > 1 && text[0] == '\'' && text.find('\'', 1) == std::string_view::npos)
        text.remove_prefix(1);
    return text;
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
    const bool is_grouped = whole.find(separator) != std::string_view::npos;
    if (is_grouped && whole[0] == '0') return std::nullopt;
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

std::string_view unit_of(std::string_view text) {
    if (text.empty() || is_digit(text.back())) return {};
    const Unit* unit = unit_behind(bare(text));
    return unit == nullptr ? std::string_view() : unit->name;
}

bool lost_digits(std::string_view text) {
    if (text.size() < 4) return false;
    const bool is_word = text[0] >= 'A' && text[0] <= 'z';  // as most cells are
    if (is_word || text.find('+') == std::string_view::npos) return false;
    text = bare(text);
    const std::size_t e = text.find_first_of("eE");
    if (e == std::string_view::npos || e == 0 || e + 2 >= text.size() || text[e + 1] != '+')
        return false;
    const std::string_view exponent = text.substr(e + 2), shown = text.substr(0, e);
    return exponent.size() <= 3 && all_digits(exponent) && all_digits(shown.substr(0, 1)) &&
           (shown.size() == 1 ||
            ((shown[1] == '.' || shown[1] == ',') && all_digits(shown.substr(2))));
}

}  // namespace nguon::scan
