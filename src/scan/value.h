// One cell of text to one typed value. Strict: what is not plainly the type is refused, so that the
// same text is the same value everywhere (DuckDB's own casts round 1.5 to 2 and take 2026-1-5 as a
// date).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace nguon::scan {

// All return false when `text` is not such a value; the output is then unspecified.
bool parse_boolean(std::string_view text, bool& value);          // true, false, 1, 0; any case
bool parse_integer(std::string_view text, std::int64_t& value);  // -?[0-9]+ in 64 bits
bool parse_double(std::string_view text, double& value);  // JSON's grammar, leading zeros taken
// A whole number of up to 38 digits: what DECIMAL(38, s) holds.
__extension__ using Wide = __int128;
// Scaled by 10^scale; false when a digit would be lost or precision is passed. precision <= 38.
bool parse_decimal(std::string_view text, int precision, int scale, Wide& value);
bool parse_time(std::string_view text, std::int64_t& micros);  // hh:mm:ss[.ffffff]
// RFC 3339 with zone; without a zone only when `zone_required` is false, and then it is UTC.
bool parse_timestamp(std::string_view text, bool zone_required, std::int64_t& micros);

// Whether a spreadsheet's cell holds what a formula gives that cannot be worked out: #REF!, #N/A, …
bool is_cell_error(std::string_view text);

// A date as a contract writes it: yyyy, MM, dd and separators, for example "dd/MM/yyyy". M and d
// stand for one or two digits ("d/M/yyyy").
class DateFormat {
public:
    DateFormat() = default;  // yyyy-MM-dd, ISO 8601
    // Errors: invalid for letters it does not know, or when one of the three parts is not there
    // once.
    static Result<DateFormat> from(std::string_view pattern);
    bool parse(std::string_view text, std::int32_t& days) const;  // real dates of years 1 to 9999

private:
    std::string m_pattern = "yyyy-MM-dd";
};

}  // namespace nguon::scan
