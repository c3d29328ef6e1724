#include <algorithm>

#include "base/ascii.h"
#include "base/text.h"
#include "scan/internal/sniff.h"

namespace nguon::scan {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool has(std::string_view set, char c) {
    return set.find(c) != std::string_view::npos;
}

// 1.234,5 · -7 · 12% · $74.69 · 1e-9 · (300) · +84 9
bool is_number(std::string_view text) {
    for (const std::string_view sign : {"$", "€", "£", "₫", "-", "+", "(", "-"}) {
        if (text.starts_with(sign)) text.remove_prefix(sign.size());
    }
    for (const std::string_view sign : {")", "%", "₫", "đ"}) {
        if (text.ends_with(sign)) text.remove_suffix(sign.size());
    }
    if (text.empty() || !(is_digit(text[0]) || has(".,", text[0]))) return false;
    bool digit = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        digit = digit || is_digit(c);
        if (is_digit(c) || has(".,", c)) continue;
        const bool exponent = (c == 'e' || c == 'E') && digit && i + 1 < text.size();
        const bool its_sign = has("+-", c) && i > 0 && has("eE", text[i - 1]);
        if (!exponent && !its_sign) return false;
    }
    return digit && text.size() <= 40;
}

// Groups of digits with : / - . T and spaces between: 28/01/2018, 00:15, 2026-01-15T10:00:00Z
bool is_time(std::string_view text) {
    if (text.size() < 4 || text.size() > 35 || !is_digit(text[0])) return false;
    int groups = 0, marks = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_digit(c)) {
            groups += i == 0 || !is_digit(text[i - 1]) ? 1 : 0;
        } else if (has(":/-", c)) {
            ++marks;
        } else if (!has(".TZ +", c)) {
            return false;
        }
    }
    return groups >= 2 && marks >= 1;
}

bool stands_for_nothing(std::string_view text) {
    if (text.size() > 4) return false;
    const std::string lower = to_lower_ascii(text);
    return lower == "nan" || lower == "na" || lower == "n/a" || lower == "null" || lower == "-" ||
           lower == "--" || lower == "." || lower == "...";
}

}  // namespace

bool is_year(std::string_view cell) {
    return cell.size() == 4 && std::ranges::all_of(cell, is_digit) && cell >= "1900" &&
           cell <= "2100";
}

std::string shape_of(std::string_view cell) {
    std::string shape;
    for (const char c : cell.substr(0, 64))
        shape += is_digit(c) ? '9' : is_letter(c) ? 'a' : c;
    return shape;
}

CellKind kind_of(std::string_view cell) {
    const std::string_view text = trim(cell);
    if (text.empty() || stands_for_nothing(text)) return CellKind::kEmpty;
    // What belongs around or between fields does not belong at the edge of one.
    if (has(",;|\t~^\"", text.front()) || has(",;|\t~^", text.back())) return CellKind::kOdd;
    if (is_number(text)) return CellKind::kNumber;
    if (is_time(text)) return CellKind::kTime;
    bool digit = false, blank = false, between = false;
    for (const char c : text) {
        digit = digit || is_digit(c);
        blank = blank || c == ' ';
        between = between || has(";|\t", c);
    }
    if (between) return CellKind::kOdd;
    if (blank) return CellKind::kText;
    if (text.find(',') != std::string_view::npos) return CellKind::kOdd;
    return digit ? CellKind::kCode : CellKind::kWord;
}

}  // namespace nguon::scan
