#include "scan/moment_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/ascii.h"
namespace nguon::scan {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

// From `least` to `most` digits at `at`, as many as there are; moves past them.
bool take_number(std::string_view text, std::size_t& at, int least, int most, int& number) {
    number = 0;
    int count = 0;
    for (; count < most && at < text.size() && is_digit(text[at]); ++count, ++at)
        number = number * 10 + (text[at] - '0');
    return count >= least;
}

std::unexpected<Error> not_understood(std::string_view pattern) {
    return fail(Code::kInvalid,
                {fmt::format("Không hiểu mẫu ngày giờ «{}».", pattern),
                 fmt::format("The date and time format \"{}\" is not understood.", pattern)},
                {"Dùng yyyy, MM, dd, HH, mm, ss, SSS, XX, ví dụ dd/MM/yyyy HH:mm:ss.",
                 "Use yyyy, MM, dd, HH, mm, ss, SSS, XX, for example dd/MM/yyyy HH:mm:ss."});
}

}  // namespace

struct MomentFormat::Parts {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    int half = -1;  // 0: before noon, 1: after; -1: not said
    std::int64_t micros = 0;
    std::optional<int> offset_minutes;
};

std::string_view iso_form(Moment kind) {
    switch (kind) {
        case Moment::kDate: return "yyyy-MM-dd";
        case Moment::kTimestamp: return "yyyy-MM-ddTHH:mm:ssZ";
        case Moment::kTime: return "HH:mm:ss";
        case Moment::kNone: break;
    }
    return "";
}

Result<MomentFormat> MomentFormat::from(Moment kind, std::string_view pattern,
                                        std::string_view zone) {
    MomentFormat format;
    format.m_kind = kind;
    if (!zone.empty() && kind == Moment::kTimestamp) {
        format.m_zone = Zone::named(zone);
        if (!format.m_zone) {
            return fail(Code::kInvalid,
                        {fmt::format("Không có múi giờ «{}».", zone),
                         fmt::format("There is no time zone \"{}\".", zone)},
                        {"Viết tên theo IANA, ví dụ Asia/Ho_Chi_Minh.",
                         "Write its IANA name, for example Asia/Ho_Chi_Minh."});
        }
    }
    if (kind == Moment::kDate && !pattern.empty()) {
        TRY_ASSIGN(format.m_date, DateFormat::from(pattern));
        return format;
    }
    for (std::size_t i = 0; i < pattern.size();) {
        const char c = pattern[i];
        Token token;
        if (c == '\'') {
            const std::size_t close = pattern.find('\'', i + 1);
            if (close == std::string_view::npos) return not_understood(pattern);
            token.literal = close == i + 1 ? "'" : pattern.substr(i + 1, close - i - 1);
            i = close + 1;
        } else if (!is_letter(c) || c == 'T') {  // T stands without quotes in the standard's text
            token.literal = c;
            ++i;
        } else {
            const std::size_t end = std::min(pattern.find_first_not_of(c, i), pattern.size());
            token.letter = c == 'u' ? 'y' : c;
            token.count = static_cast<int>(end - i);
            const int most = c == 'y' || c == 'u'   ? 4
                             : c == 'S'             ? 9
                             : c == 'X' || c == 'x' ? 3
                             : c == 'a' || c == 'Z' ? 1
                                                    : 2;
            const bool is_year = token.letter == 'y';
            if (std::string_view("yMdHhmsSaXxZ").find(token.letter) == std::string_view::npos ||
                token.count > most || (is_year && token.count != 4))
                return not_understood(pattern);
            i = end;
        }
        format.m_tokens.push_back(std::move(token));
    }
    return format;
}

bool MomentFormat::parse_offset(const Token& token, std::string_view text, std::size_t& at,
                                Parts& parts) {
    if (at < text.size() && text[at] == 'Z' && token.letter == 'X') {
        ++at;
        parts.offset_minutes = 0;
        return true;
    }
    if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return false;
    const bool negative = text[at] == '-';
    int hours = 0, minutes = 0;
    if (!take_number(text, ++at, 2, 2, hours)) return false;
    const bool colon = token.count == 3;  // three X: +07:00; two, or Z: +0700; one: +07
    if (colon) {
        if (at >= text.size() || text[at] != ':') return false;
        ++at;
    }
    const bool has_minutes = token.count > 1 || token.letter == 'Z';
    if (has_minutes && !take_number(text, at, 2, 2, minutes)) return false;
    if (hours > 18 || minutes > 59) return false;
    parts.offset_minutes = (hours * 60 + minutes) * (negative ? -1 : 1);
    return true;
}

bool MomentFormat::parse_token(const Token& token, std::string_view text, std::size_t& at,
                               Parts& parts) {
    const int least = token.count == 1 ? 1 : token.count;
    switch (token.letter) {
        case 'y': return take_number(text, at, 4, 4, parts.year);
        case 'M': return take_number(text, at, least, 2, parts.month);
        case 'd': return take_number(text, at, least, 2, parts.day);
        case 'H':
        case 'h': return take_number(text, at, least, 2, parts.hour);
        case 'm': return take_number(text, at, least, 2, parts.minute);
        case 's': return take_number(text, at, least, 2, parts.second);
        case 'S': {
            int fraction = 0;
            if (!take_number(text, at, token.count, token.count, fraction)) return false;
            parts.micros = fraction;
            for (int i = token.count; i < 6; ++i)
                parts.micros *= 10;
            for (int i = 6; i < token.count; ++i)
                parts.micros /= 10;
            return true;
        }
        case 'a': {
            const std::string half = to_lower_ascii(text.substr(std::min(at, text.size()), 2));
            parts.half = half == "pm" ? 1 : half == "am" ? 0 : -1;
            at += 2;
            return parts.half >= 0;
        }
        case 'X':
        case 'x':
        case 'Z': return parse_offset(token, text, at, parts);
        default:
            if (!text.substr(std::min(at, text.size())).starts_with(token.literal)) return false;
            at += token.literal.size();
            return true;
    }
}

bool MomentFormat::parse_tokens(std::string_view text, Parts& parts) const {
    std::size_t at = 0;
    for (const Token& token : m_tokens) {
        if (!parse_token(token, text, at, parts)) return false;
    }
    if (at != text.size()) return false;
    if (parts.half >= 0) {
        if (parts.hour < 1 || parts.hour > 12) return false;
        parts.hour = parts.hour % 12 + parts.half * 12;
    }
    return parts.hour <= 23 && parts.minute <= 59 && parts.second <= 59;
}

bool MomentFormat::parse_iso_timestamp(std::string_view text, std::int64_t& value) const {
    if (parse_timestamp(text, true, value)) return true;
    if (m_zone_required || !parse_timestamp(text, false, value)) return false;
    if (m_zone) value = m_zone->to_utc(value);
    return true;
}

bool MomentFormat::parse(std::string_view text, std::int64_t& value) const {
    if (m_kind == Moment::kNone) return false;
    if (m_kind == Moment::kDate) {
        std::int32_t days = 0;
        if (!m_date.parse(text, days)) return false;
        value = days;
        return true;
    }
    if (m_tokens.empty()) {
        return m_kind == Moment::kTime ? parse_time(text, value) : parse_iso_timestamp(text, value);
    }
    Parts parts;
    if (!parse_tokens(text, parts)) return false;
    value = ((parts.hour * 60 + parts.minute) * 60 + parts.second) * kSecond + parts.micros;
    if (m_kind == Moment::kTime) return true;
    std::int32_t days = 0;
    if (!DateFormat().parse(fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day),
                            days))
        return false;
    value += days * kDay;
    if (parts.offset_minutes) {
        value -= std::int64_t{*parts.offset_minutes} * 60 * kSecond;
    } else if (m_zone_required) {
        return false;
    } else if (m_zone) {
        value = m_zone->to_utc(value);
    }
    return true;
}

namespace {

// What clocks of the zone show at `utc`. Zone knows the way back only: a guess, made right once.
std::int64_t local_of(const Zone& zone, std::int64_t utc) {
    std::int64_t local = utc;
    for (int i = 0; i < 2; ++i)
        local += utc - zone.to_utc(local);
    return local;
}

std::string iso_time(std::int64_t of_day) {
    const std::int64_t seconds = of_day / kSecond, micros = of_day % kSecond;
    std::string text =
        fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    return micros == 0 ? text : text + fmt::format(".{:06}", micros);
}

}  // namespace

std::string MomentFormat::write(std::int64_t value) const {
    if (m_kind == Moment::kTimestamp && m_zone && !m_tokens.empty())
        value = local_of(*m_zone, value);
    const std::int64_t of_day = (value % kDay + kDay) % kDay;
    const std::chrono::year_month_day date{std::chrono::sys_days{
        std::chrono::days{m_kind == Moment::kTimestamp ? (value - of_day) / kDay : 0}}};
    const int year = static_cast<int>(date.year());
    const unsigned month = static_cast<unsigned>(date.month()),
                   day = static_cast<unsigned>(date.day());
    if (m_tokens.empty()) {
        if (m_kind == Moment::kTime) return iso_time(of_day);
        return fmt::format("{:04}-{:02}-{:02}T{}Z", year, month, day, iso_time(of_day));
    }
    const std::int64_t seconds = of_day / kSecond, hour = seconds / 3600;
    std::string text;
    for (const Token& token : m_tokens) {
        const auto number = [&](std::int64_t part) {
            text += fmt::format("{:0{}}", part, token.count);
        };
        switch (token.letter) {
            case 'y': number(year); break;
            case 'M': number(month); break;
            case 'd': number(day); break;
            case 'H': number(hour); break;
            case 'h': number((hour + 11) % 12 + 1); break;
            case 'm': number(seconds / 60 % 60); break;
            case 's': number(seconds % 60); break;
            case 'S':
                text += fmt::format("{:06}000", of_day % kSecond)
                            .substr(0, static_cast<std::size_t>(token.count));
                break;
            case 'a': text += hour < 12 ? "AM" : "PM"; break;
            case 'X':
            case 'x':
            case 'Z':  // the moment without a zone is one of UTC
                text += token.count == 3                          ? "+00:00"
                        : token.count == 1 && token.letter != 'Z' ? "+00"
                                                                  : "+0000";
                break;
            default: text += token.literal;
        }
    }
    return text;
}

bool parse_bound(Moment kind, std::string_view text, std::int64_t& value) {
    std::string full(text);
    if (kind == Moment::kDate) {
        std::int32_t days = 0;
        if (!DateFormat().parse(text, days)) return false;
        value = days;
        return true;
    }
    if (kind == Moment::kTime) {
        if (full.size() == 5) full += ":00";
        return parse_time(full, value);
    }
    if (kind != Moment::kTimestamp) return false;
    if (parse_timestamp(full, false, value)) return true;
    if (full.size() < 16) return false;
    return parse_timestamp(full.insert(16, ":00"), false, value);
}

}  // namespace nguon::scan
