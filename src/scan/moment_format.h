// Dates, moments and times of day as a contract writes them: ISO 8601, or a pattern of the letters
// of the JDK's DateTimeFormatter, and a zone for moments that name none.
// Source: Open Data Contract Standard, logicalTypeOptions; JDK 8 DateTimeFormatter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/zone.h"
#include "scan/value.h"

namespace nguon::scan {

enum class Moment { kNone, kDate, kTimestamp, kTime };

// "yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ", "HH:mm:ss"
std::string_view iso_form(Moment kind);

class MomentFormat {
public:
    MomentFormat() = default;  // reads nothing
    // Empty `pattern`: ISO 8601. `zone`: of moments without one; empty: UTC.
    // Errors: invalid for letters it does not know, and for a zone that there is not.
    static Result<MomentFormat> from(Moment kind, std::string_view pattern, std::string_view zone);

    // Days of a date, microseconds of a time; of a moment microseconds since 1970 in UTC.
    bool parse(std::string_view text, std::int64_t& value) const;
    void require_zone() { m_zone_required = true; }
    // The text that parse() reads as `value`, in the zone where there is one; of ISO 8601 with Z.
    // What the pattern has no letters for is lost.
    std::string write(std::int64_t value) const;

private:
    struct Token {
        char letter = 0;  // of the pattern; 0: the literal text
        int count = 0;
        std::string literal;
    };
    struct Parts;
    bool parse_iso_timestamp(std::string_view text, std::int64_t& value) const;
    bool parse_tokens(std::string_view text, Parts& parts) const;
    static bool parse_token(const Token& token, std::string_view text, std::size_t& at,
                            Parts& parts);
    static bool parse_offset(const Token& token, std::string_view text, std::size_t& at,
                             Parts& parts);

    Moment m_kind = Moment::kNone;
    DateFormat m_date;
    std::vector<Token> m_tokens;  // empty: ISO 8601
    std::optional<Zone> m_zone;
    bool m_zone_required = false;
};

// A bound as contracts write it whatever the format of the values: ISO 8601, seconds may be absent.
// False when it is none, or the kind is kNone.
bool parse_bound(Moment kind, std::string_view text, std::int64_t& value);

}  // namespace nguon::scan
