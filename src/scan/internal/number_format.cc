#include "scan/internal/number_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include "base/ascii.h"
#include "base/text.h"

namespace nguon::scan {
namespace {

constexpr double kLastSerial = 2'958'466;  // the day after 9999-12-31
constexpr std::int64_t kMillisOfDay = 86'400'000;
constexpr char kLiteral = '\1';  // in a pattern: the next character is shown as it is

// The first section of a code, taken apart: what is shown as it stands is kept out of `letters`.
struct Section {
    std::string letters;     // lower case, without literals
    std::string shown;       // placeholders and literals in their order, marked
    bool elapsed = false;    // [h], [m] or [s]
    bool plain_only = true;  // only 0, # and literals
};
Section first_section(std::string_view code) {
    Section section;
    const auto literal = [&](char c) {
        section.shown += kLiteral;
        section.shown += c;
    };
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == ';') break;
        if (c == '"') {
            for (++i; i < code.size() && code[i] != '"'; ++i)
                literal(code[i]);
        } else if (c == '\\') {
            if (++i < code.size()) literal(code[i]);
        } else if (c == '_' || c == '*') {
            ++i;  // the width of a character, or one that fills the cell
        } else if (c == '[') {
            const std::size_t end = code.find(']', i);
            const std::string inside =
                to_lower_ascii(code.substr(i + 1, std::min(end, code.size()) - i - 1));
            const bool clock =
                !inside.empty() && (inside.find_first_not_of('h') == std::string::npos ||
                                    inside.find_first_not_of('m') == std::string::npos ||
                                    inside.find_first_not_of('s') == std::string::npos);
            section.elapsed = section.elapsed || clock;
            if (end == std::string_view::npos) break;
            i = end;
        } else if (c == ' ' || c == '-' || c == '/' || c == '(' || c == ')' || c == ':' ||
                   (static_cast<unsigned char>(c) >= 0x80)) {
            literal(c);
            if (c == '/' || c == ':') section.letters += c;
        } else {
            section.letters += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
            section.shown += c;
            section.plain_only = section.plain_only && (c == '0' || c == '#');
        }
    }
    return section;
}

// Day of a serial number, as days since 1970-01-01.
std::optional<std::chrono::year_month_day> day_of(std::int64_t serial, DateSystem system) {
    using namespace std::chrono;
    if (system == DateSystem::k1904) return sys_days{1904y / January / 1} + days{serial};
    // Serial 60 is the day that never was: those before it stand one too low.
    const sys_days start = sys_days{1899y / December / (serial < 60 ? 31 : 30)};
    if (serial == 60) return std::nullopt;
    return start + days{serial};
}

std::string date_text(std::int64_t serial, DateSystem system) {
    const auto day = day_of(serial, system);
    if (!day) return "1900-02-29";
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day->year()),
                       static_cast<unsigned>(day->month()), static_cast<unsigned>(day->day()));
}

std::string clock_text(std::int64_t millis) {
    std::string text = fmt::format("{:02}:{:02}:{:02}", millis / 3'600'000, millis / 60'000 % 60,
                                   millis / 1000 % 60);
    if (millis % 1000 != 0) text += fmt::format(".{:03}", millis % 1000);
    return text;
}

// Plain digits for what people write; an exponent only where there would be pages of zeros.
std::string plain(double value) {
    char buffer[400];
    const double size = std::abs(value);
    const bool usual = value == 0 || (size >= 1e-12 && size < 1e21);
    const auto shortest =
        usual ? std::to_chars(buffer, std::end(buffer), value, std::chars_format::fixed)
              : std::to_chars(buffer, std::end(buffer), value, std::chars_format::scientific);
    return {buffer, shortest.ptr};
}

// The value without the noise of binary sums: 0.30000000000000004 is 0.3. A spreadsheet shows 15
// digits; a value that needs 13 or fewer of them was meant so.
std::string number_text(double value) {
    if (!std::isfinite(value)) return "";
    if (value == 0) return "0";
    const std::string fifteen = fmt::format("{:.14e}", value);
    double rounded = 0;
    std::from_chars(fifteen.data(), fifteen.data() + fifteen.size(), rounded);
    const std::string near = plain(rounded), exact = plain(value);
    const auto digits = std::ranges::count_if(near, is_digit);
    return digits <= 13 && near.size() + 2 < exact.size() ? near : exact;
}

// Where the first placeholder stands.
std::size_t first_placeholder(std::string_view pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '0' || pattern[i] == '#') return i;
        if (pattern[i] == kLiteral) ++i;
    }
    return pattern.size();
}

// Excel fills placeholders from the right; digits that are left over stand before the first.
std::string padded_text(double value, std::string_view pattern) {
    std::string digits = fmt::format("{:.0f}", value), text;  // text: backwards
    const std::size_t first = first_placeholder(pattern);
    for (std::size_t i = pattern.size(); i-- > 0;) {
        if (i > 0 && pattern[i - 1] == kLiteral) {
            text += pattern[i--];
            continue;
        }
        if (!digits.empty()) {
            text += digits.back();
            digits.pop_back();
        } else if (pattern[i] == '0') {
            text += '0';
        }
        if (i == first) text.append(digits.rbegin(), digits.rend());
    }
    std::ranges::reverse(text);
    return text;
}

std::string elapsed_or_time(double value, NumberMeaning meaning) {
    const auto millis = static_cast<std::int64_t>(std::llround(value * kMillisOfDay));
    return clock_text(meaning == NumberMeaning::kTime ? millis % kMillisOfDay : millis);
}

}  // namespace

NumberFormat format_from_code(std::string_view code) {
    NumberFormat format;
    const std::string name = to_lower_ascii(code.substr(0, 8));
    if (name.starts_with("general") || name == "standard" || code == "@") return format;
    const Section section = first_section(code);
    const auto has = [&](char c) { return section.letters.find(c) != std::string::npos; };
    const bool year = has('y'), day = has('d'), hour = has('h'), second = has('s');
    // Digits beside letters make a unit, not a date: 0.0 "days" has none outside its quotes, yet
    // #,##0 đ and 0 Kg are written without them too.
    const bool placeholders = section.letters.find('#') != std::string::npos ||
                              section.letters.find('?') != std::string::npos ||
                              (has('0') && !second);
    if (!placeholders) {
        const bool month = has('m') && !hour && !second && !section.elapsed;
        const bool date = year || day || month;
        const bool time = hour || second || section.elapsed;
        if (section.elapsed && !date) {
            format.meaning = NumberMeaning::kElapsed;
        } else if (date && time) {
            format.meaning = NumberMeaning::kDateTime;
        } else if (date) {
            format.meaning = NumberMeaning::kDate;
        } else if (time) {
            format.meaning = NumberMeaning::kTime;
        }
        return format;
    }
    if (has('%')) {
        format.meaning = NumberMeaning::kPercent;
        return format;
    }
    const auto zeros = std::ranges::count(section.letters, '0');
    const std::string shown_zero{kLiteral, '0'};  // \0 or "0" before the placeholders
    if (section.plain_only && (zeros >= 2 || section.shown.starts_with(shown_zero))) {
        format.meaning = NumberMeaning::kPadded;
        format.pattern = section.shown;
    }
    return format;
}

NumberFormat built_in_format(int id) {
    NumberFormat format;
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) ||
        (id >= 50 && id <= 58)) {
        format.meaning = NumberMeaning::kDate;
    } else if ((id >= 18 && id <= 21) || id == 32 || id == 33 || id == 45 || id == 47) {
        format.meaning = NumberMeaning::kTime;
    } else if (id == 22) {
        format.meaning = NumberMeaning::kDateTime;
    } else if (id == 46) {
        format.meaning = NumberMeaning::kElapsed;
    } else if (id == 9 || id == 10) {
        format.meaning = NumberMeaning::kPercent;
    }
    return format;
}

std::string text_of_number(double value, const NumberFormat& format, DateSystem system) {
    const bool dated = std::isfinite(value) && value >= 0 && value < kLastSerial;
    switch (format.meaning) {
        case NumberMeaning::kNumber: break;
        case NumberMeaning::kPercent: return number_text(value * 100) + "%";
        case NumberMeaning::kPadded:
            if (value >= 0 && value < 1e15 && value == std::floor(value))
                return padded_text(value, format.pattern);
            break;
        case NumberMeaning::kDate:
            if (dated && (value >= 1 || system == DateSystem::k1904))
                return date_text(static_cast<std::int64_t>(std::floor(value)), system);
            break;
        case NumberMeaning::kDateTime: {
            if (!dated) break;
            const auto millis = static_cast<std::int64_t>(std::llround(value * kMillisOfDay));
            if (millis < kMillisOfDay && system == DateSystem::k1900) return clock_text(millis);
            return date_text(millis / kMillisOfDay, system) + "T" +
                   clock_text(millis % kMillisOfDay);
        }
        case NumberMeaning::kTime:
        case NumberMeaning::kElapsed:
            if (dated) return elapsed_or_time(value, format.meaning);
            break;
    }
    return number_text(value);
}

std::string text_of_number(std::string_view literal, const NumberFormat& format,
                           DateSystem system) {
    const std::string_view digits = literal.starts_with('-') ? literal.substr(1) : literal;
    const bool whole = !digits.empty() && std::ranges::all_of(digits, is_digit);
    // A double is written with 17 digits at most: more were no double where they were written.
    const std::size_t first = std::min(digits.find_first_not_of("0."), digits.size());
    const bool exact = std::ranges::count_if(digits.substr(first), is_digit) > 17 &&
                       digits.find_first_not_of("0123456789.") == std::string_view::npos;
    if ((whole || exact) && format.meaning == NumberMeaning::kNumber) return std::string(literal);
    double value = 0;
    const auto [end, error] =
        std::from_chars(literal.data(), literal.data() + literal.size(), value);
    if (error != std::errc() || end != literal.data() + literal.size()) return std::string(literal);
    return text_of_number(value, format, system);
}

}  // namespace nguon::scan
