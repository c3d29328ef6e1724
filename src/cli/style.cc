#include "cli/style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include "base/local_time.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

std::string first_set(const Environment& environment, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        if (std::string value = environment.variable(name); !value.empty()) return value;
    }
    return {};
}

// A locale that names another charset, or C itself, cannot show the signs. None at all is taken as
// UTF-8: bare containers set nothing, and their terminals show it.
bool shows_unicode(const Environment& environment) {
    const std::string locale =
        to_lower_ascii(first_set(environment, {"LC_ALL", "LC_CTYPE", "LANG"}));
    if (locale == "c" || locale == "posix") return false;
    const std::size_t dot = locale.find('.');
    if (dot == std::string::npos) return true;
    const std::string charset = locale.substr(dot + 1);
    return charset.starts_with("utf-8") || charset.starts_with("utf8");
}

std::string_view code_of(Ink ink) {
    switch (ink) {
        case Ink::kBold: return "1";
        case Ink::kDim: return "2";
        case Ink::kBlue: return "38;5;68";
        case Ink::kPlum: return "38;5;168";
    }
    return "0";
}

}  // namespace

Language language_of(const Environment& environment) {
    return nguon::language_of(first_set(environment, {"LC_ALL", "LC_MESSAGES", "LANG"}));
}

Style style_of(const Environment& environment) {
    const bool may_colour =
        environment.variable("NO_COLOR").empty() && environment.variable("TERM") != "dumb";
    Style style;
    style.language = language_of(environment);
    style.colour = may_colour && environment.out_is_terminal;
    style.err_colour = may_colour && environment.err_is_terminal;
    style.unicode = shows_unicode(environment);
    style.width = environment.out_is_terminal ? environment.columns : 0;
    return style;
}

std::string Style::ink(Ink ink, std::string_view text) const {
    if (!colour || text.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code_of(ink), text);
}

std::string_view Style::mark(Sign sign) const {
    switch (sign) {
        case Sign::kGood: return unicode ? "✓" : "+";
        case Sign::kNote: return unicode ? "△" : "!";
        case Sign::kRefused: return unicode ? "✕" : "x";
        case Sign::kNone: return unicode ? "○" : "o";
    }
    return "";
}

std::string Style::sign(Sign sign) const {
    const std::string_view text = mark(sign);
    switch (sign) {
        case Sign::kGood: return ink(Ink::kBlue, text);
        case Sign::kNote: return ink(Ink::kBold, text);
        case Sign::kRefused: return ink(Ink::kPlum, text);
        case Sign::kNone: return ink(Ink::kDim, text);
    }
    return {};
}

std::string Style::bar(double score) const {
    static constexpr std::array<std::string_view, 7> kLevels = {"▁", "▂", "▃", "▄", "▅", "▆", "▇"};
    std::string bar;
    for (int cell = 0; cell < 5; ++cell) {
        const double filled = std::clamp((score - 20.0 * cell) / 20.0, 0.0, 1.0);
        if (!unicode) {
            bar += filled >= 0.5 && (filled >= 1.0 || cell < 4) ? '#' : '.';
        } else {
            bar += kLevels[filled >= 1.0 ? 6 : static_cast<std::size_t>(filled * 6.0)];
        }
    }
    return ink(Ink::kBlue, bar);
}

std::string Style::course(const std::vector<double>& scores) const {
    static constexpr std::array<std::string_view, 7> kLevels = {"▁", "▂", "▃", "▄", "▅", "▆", "▇"};
    static constexpr std::string_view kAscii = "_.-=+*#";
    if (scores.empty()) return {};
    const double low = std::min(99.0, *std::min_element(scores.begin(), scores.end()));
    std::string line;
    for (const double score : scores) {
        const double height = std::clamp((score - low) / (100.0 - low), 0.0, 1.0);
        // Only 100 reaches the top.
        const auto level = static_cast<std::size_t>(height >= 1.0 ? 6.0 : height * 6.0);
        if (unicode) {
            line += kLevels[level];
        } else {
            line += kAscii[level];
        }
    }
    return ink(Ink::kBlue, line);
}

std::string Style::rows(std::int64_t count) const {
    return say(language, count == 1 ? words::kOneRow : words::kRowCount, number(count));
}

std::string Style::decimal(double value) const {
    const double cut = std::floor(value * 10.0 + 1e-6) / 10.0;
    return number_text(cut, cut == std::floor(cut) ? 0 : 1, language);
}

std::string Style::seconds(double value) const {
    const std::string text = number_text(value, 1, language);
    return text + (language == Language::kEnglish ? " s" : " giây");
}

std::string Style::bytes(std::uint64_t value) const {
    static constexpr std::array<std::string_view, 5> kUnits = {"B", "KB", "MB", "GB", "TB"};
    auto size = static_cast<double>(value);
    std::size_t unit = 0;
    while (size >= 1024.0 && unit + 1 < kUnits.size()) {
        size /= 1024.0;
        ++unit;
    }
    return fmt::format("{} {}", unit == 0 ? fmt::format("{}", value) : decimal(size), kUnits[unit]);
}

std::string Style::time(std::string_view rfc3339) const {
    const Result<Micros> at = parse_time(rfc3339);
    if (!at) return std::string(rfc3339);
    return local_time(*at, language);
}

}  // namespace nguon::cli
