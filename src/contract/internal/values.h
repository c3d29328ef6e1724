// Single values: what fits a type, what is a name, a version, a pattern. Pure functions.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "contract/contract.h"

namespace nguon::contract::internal {

std::optional<std::int64_t> to_whole(std::string_view text);  // "-12"; no "+", no "007"
// "-1.50", "1e3"; no infinity, no NaN, no leading zeros.
bool is_decimal(std::string_view text);
std::optional<double> to_double(std::string_view text);

// Whether `text` is a value of the type as a contract writes it: dates as yyyy-MM-dd, times as
// HH:mm or HH:mm:ss, timestamps as both joined by T or a space with an optional zone.
bool fits(LogicalType type, std::string_view text);
// What such a value looks like: "`2025-01-31`".
std::string example_of(LogicalType type);

// Both must fit the type; exact for integers and for text forms of time, by double for numbers.
std::partial_ordering order(LogicalType type, std::string_view left, std::string_view right);

// [a-z][a-z0-9_]*, at most 63 characters.
bool is_name(std::string_view text);
// "HoTen", "ho-ten" -> "ho_ten"; empty when nothing sensible is left.
std::string as_name(std::string_view text);

// "1.2.3", and "1.2" as "1.2.0". Nothing for anything else.
std::optional<std::string> as_version(std::string_view text);

// What is wrong with a regular expression as far as a simple look can tell; empty when nothing is.
// The engine is RE2, which has no look-around and no back references.
Text fault_of_pattern(std::string_view pattern);

// JDK DateTimeFormatter letters. What is wrong with `format` for the type; empty when nothing is.
Text fault_of_format(LogicalType type, std::string_view format);
bool has_date_part(std::string_view format);
bool has_time_part(std::string_view format);

// The type that a physical type of common databases stands for: VARCHAR(20) -> string.
std::optional<LogicalType> type_from_physical(std::string_view physical);
// (p,s) of DECIMAL, NUMERIC or NUMBER; nothing without them.
struct Exact {
    std::int64_t precision = 0, scale = 0;
};
std::optional<Exact> exact_from_physical(std::string_view physical);

}  // namespace nguon::contract::internal
