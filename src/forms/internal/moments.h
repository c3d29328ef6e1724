// Dates and times as a contract writes them (dd/MM/yyyy HH:mm), in the words of other forms. Each
// is nothing where the other form has no word for some letter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "contract/contract.h"

namespace nguon::forms::internal {

// "%d/%m/%Y %H:%M", as Python and C read dates; and back.
std::optional<std::string> strptime_of_moment(std::string_view format);
std::optional<std::string> moment_format_of(std::string_view strptime);

// The same in the letters of CSVW, of a timestamp or a time.
std::optional<std::string> csvw_format_of(contract::LogicalType type, std::string_view format);

// What stands before the zone of moments that name none, in `dc:temporal` of our CSVW.
inline constexpr std::string_view kZoneWord = "defaultTimezone: ";

// A regular expression, anchored at neither end, of the moments of this format; in the common
// subset of ECMA 262, Python, RE2 and XPath. Days are real ones where yyyy, MM and dd say them.
std::string moment_pattern(std::string_view format);

// Whether values look otherwise than ISO 8601.
inline bool has_own_format(const contract::Column& column) {
    using contract::LogicalType;
    return !column.options.format.empty() &&
           (column.type == LogicalType::kTimestamp || column.type == LogicalType::kTime);
}

}  // namespace nguon::forms::internal
