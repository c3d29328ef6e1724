// What several forms say of a column.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "contract/contract.h"

namespace nguon::forms::internal {

// A value of a contract (bound, enumeration) as JSON of the column's type: 5, 0.1, true, "male".
// What no JSON number holds exactly stays text.
json::value typed(contract::LogicalType type, std::string_view text);

// The same with the digits as they stand, for a document of ours: 0.30 stays 0.30. indented() and
// yaml_of() write such a value as the number it is.
json::value exact(contract::LogicalType type, std::string_view text);
// The digits of a value that exact() gave; empty for any other.
std::string_view exact_digits(const json::value& value);

// "dd/MM/yyyy" -> "%d/%m/%Y" and back. Nothing for letters that a contract's date format lacks.
std::optional<std::string> strptime_of(std::string_view date_format);
std::optional<std::string> date_format_of(std::string_view strptime);

// The format of a date column as files have it; "yyyy-MM-dd" when the contract names none.
std::string_view date_format(const contract::Column& column);
// An ISO date in another format: ("2025-01-31", "dd/MM/yyyy") -> "31/01/2025".
std::string in_format(std::string_view iso_date, std::string_view date_format);
// And back; nothing for what is no date of the format.
std::optional<std::string> iso_date(std::string_view text, std::string_view date_format);
// An inclusive bound for an exclusive one of an integer or a date; nothing when there is none.
std::optional<std::string> next_to(contract::LogicalType type, std::string_view value, int step);

// A regular expression, anchored at neither end, of exactly the real dates of years 1 to 9999 in
// this format. In the common subset of ECMA 262, Python, RE2 and XPath.
std::string date_pattern(std::string_view date_format);
// The same of timestamps and times as a load takes them.
std::string timestamp_pattern();
std::string time_pattern();

// Whether every reader of a regular expression takes it alike. RE2 has more: (?i), \pL, \z,
// [[:alpha:]].
bool is_common_pattern(std::string_view pattern);
// Letters, digits and the signs that mean something escaped.
std::string as_pattern(std::string_view text);

// The column with what rules of its own say row by row and of severity error: a rule that allows no
// nulls makes it required, one of valid values without an enumeration is one, and so on.
contract::Column as_judged(const contract::Dataset& dataset, const contract::Column& column);

// Whether the key is of whole columns at both ends; other forms know no parts of nested ones.
bool is_of_columns(const contract::ForeignKey& key);

// The values of "(a|b|c)" where each is plain text, as as_pattern() writes it; else nothing.
std::vector<std::string> listed_in(std::string_view pattern);
// A pattern without the parentheses that stand around all of it: "(?:a|b)" -> "a|b".
std::string_view without_group(std::string_view pattern);

// {"vi": …, "en": …}; null when both are empty.
json::value in_both(const Text& text);
// "administrative.ward" -> "ward"
std::string_view schema_of(std::string_view dataset);

}  // namespace nguon::forms::internal
