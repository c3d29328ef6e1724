// Source: JDK 8 DateTimeFormatter; Python's strptime; Model for Tabular Data on the Web, 6.4.4.
#include "forms/internal/moments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.h"
#include "forms/internal/columns.h"

namespace nguon::forms::internal {
namespace {

struct Token {
    char letter = 0;  // of the format; 0: a text as it stands
    std::size_t count = 0;
    std::string text;
};

std::vector<Token> tokens_of(std::string_view format) {
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < format.size();) {
        const char c = format[i];
        if (c == '\'') {
            const std::size_t end = std::min(format.find('\'', i + 1), format.size());
            const std::string_view inside = format.substr(i + 1, end - i - 1);
            tokens.push_back({0, 0, inside.empty() ? "'" : std::string(inside)});
            i = end + 1;
        } else if (!is_letter(c) || c == 'T') {
            tokens.push_back({0, 0, std::string(1, c)});
            ++i;
        } else {
            const std::size_t end = std::min(format.find_first_not_of(c, i), format.size());
            tokens.push_back({c == 'u' ? 'y' : c, end - i, {}});
            i = end;
        }
    }
    return tokens;
}

struct Word {
    char letter;
    std::string_view strptime;  // one letter
    std::string_view format;
};
constexpr std::array<Word, 8> kWords{{{'y', "Y", "yyyy"},
                                      {'M', "m", "MM"},
                                      {'d', "d", "dd"},
                                      {'H', "H", "HH"},
                                      {'h', "I", "hh"},
                                      {'m', "M", "mm"},
                                      {'s', "S", "ss"},
                                      {'a', "p", "a"}}};

std::string offset_pattern(const Token& token) {
    const std::string zero = token.letter == 'X' ? "Z|" : "";
    const bool has_minutes = token.count > 1 || token.letter == 'Z';
    const std::string_view minutes = !has_minutes       ? ""
                                     : token.count == 3 ? ":[0-5][0-9]"
                                                        : "[0-5][0-9]";
    return fmt::format("({}[+-](0[0-9]|1[0-8]){})", zero, minutes);
}

std::string pattern_of(const Token& token) {
    const bool padded = token.count > 1;
    switch (token.letter) {
        case 0: return as_pattern(token.text);
        case 'y': return "[0-9]{4}";
        case 'M': return padded ? "(0[1-9]|1[0-2])" : "(0?[1-9]|1[0-2])";
        case 'd': return padded ? "(0[1-9]|[12][0-9]|3[01])" : "(0?[1-9]|[12][0-9]|3[01])";
        case 'H': return padded ? "([01][0-9]|2[0-3])" : "([01]?[0-9]|2[0-3])";
        case 'h': return padded ? "(0[1-9]|1[0-2])" : "(0?[1-9]|1[0-2])";
        case 'm':
        case 's': return padded ? "[0-5][0-9]" : "[0-5]?[0-9]";
        case 'S': return fmt::format("[0-9]{{{}}}", token.count);
        case 'a': return "[AaPp][Mm]";
        default: return offset_pattern(token);
    }
}

bool is_csvw_date(std::string_view format) {
    static constexpr std::array<std::string_view, 14> kKnown = {
        "yyyy-MM-dd", "yyyyMMdd",   "dd-MM-yyyy", "d-M-yyyy", "MM-dd-yyyy",
        "M-d-yyyy",   "dd/MM/yyyy", "d/M/yyyy",   "M/d/yyyy", "MM/dd/yyyy",
        "dd.MM.yyyy", "d.M.yyyy",   "MM.dd.yyyy", "M.d.yyyy"};
    return std::ranges::find(kKnown, format) != kKnown.end();
}

bool is_csvw_time(std::string_view format) {
    static constexpr std::string_view kSeconds = "HH:mm:ss";
    if (format.starts_with("HH:mm:ss.") && format.size() > kSeconds.size() + 1)
        return format.find_first_not_of('S', kSeconds.size() + 1) == std::string_view::npos;
    return format == kSeconds || format == "HHmmss" || format == "HH:mm" || format == "HHmm";
}

}  // namespace

std::optional<std::string> strptime_of_moment(std::string_view format) {
    std::string out;
    for (const Token& token : tokens_of(format)) {
        if (token.letter == 0) {
            for (const char c : token.text)
                out += c == '%' ? "%%" : std::string(1, c);
            continue;
        }
        const auto word = std::ranges::find(kWords, token.letter, &Word::letter);
        if (word != kWords.end()) {
            out += fmt::format("%{}", word->strptime);
        } else if (token.letter == 'S' && token.count <= 6) {
            out += "%f";
        } else if (token.letter != 'S' && (token.count > 1 || token.letter == 'Z')) {
            out += "%z";  // which takes no hours alone
        } else {
            return std::nullopt;
        }
    }
    return out;
}

std::optional<std::string> moment_format_of(std::string_view strptime) {
    std::string out;
    for (std::size_t i = 0; i < strptime.size(); ++i) {
        if (strptime[i] != '%') {
            if (is_letter(strptime[i]) && strptime[i] != 'T') return std::nullopt;
            out += strptime[i];
            continue;
        }
        const std::string_view letter = strptime.substr(std::min(++i, strptime.size()), 1);
        const auto word = std::ranges::find(kWords, letter, &Word::strptime);
        if (word == kWords.end()) return std::nullopt;  // %f and %z leave open what is written
        out += word->format;
    }
    return out;
}

std::optional<std::string> csvw_format_of(contract::LogicalType type, std::string_view format) {
    std::string text, zone;
    for (const Token& token : tokens_of(format)) {
        if (!zone.empty()) return std::nullopt;  // it is the last thing
        if (token.letter == 0) {
            text += token.text;
        } else if (token.letter == 'X' || token.letter == 'x') {
            zone = std::string(token.count, token.letter);
        } else if (token.letter == 'Z') {
            zone = "xx";
        } else {
            text += std::string(token.count, token.letter);
        }
    }
    std::string_view bare = text;
    if (!zone.empty() && bare.ends_with(' ')) bare.remove_suffix(1);
    if (type == contract::LogicalType::kTime)
        return is_csvw_time(bare) ? std::optional(text + zone) : std::nullopt;
    const std::size_t gap = bare.find_first_of(" T");
    if (gap == std::string_view::npos) return std::nullopt;
    const std::string_view date = bare.substr(0, gap), time = bare.substr(gap + 1);
    const bool fits = bare[gap] == ' ' ? is_csvw_date(date) : date == "yyyy-MM-dd";
    return fits && is_csvw_time(time) ? std::optional(text + zone) : std::nullopt;
}

std::string moment_pattern(std::string_view format) {
    const std::vector<Token> tokens = tokens_of(format);
    const auto has = [&](char letter, std::size_t count) {
        return std::ranges::count_if(tokens, [&](const Token& token) {
                   return token.letter == letter && token.count == count;
               }) == 1;
    };
    std::string plain, dated;  // dated: with a sign for each token that is none of the date
    const bool has_date = has('y', 4) && has('M', 2) && has('d', 2);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        plain += pattern_of(token);
        const bool is_date = token.letter == 'y' || token.letter == 'M' || token.letter == 'd';
        dated += is_date ? std::string(token.count, token.letter)
                         : std::string(1, static_cast<char>(0x80 + i));
    }
    if (!has_date || tokens.size() > 0x7F) return plain;
    std::string out;
    for (const char c : date_pattern(dated)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += pattern_of(tokens[byte - 0x80U]);
        }
    }
    return out;
}

}  // namespace nguon::forms::internal
