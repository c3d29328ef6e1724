// The type in which the engine holds a column: in segments, and in the table that rules judge.
#pragma once

#include "contract/contract.h"
#include "sql/duckdb.h"

namespace nguon::contract {

sql::ColumnType column_type(const Column& column);

// A column, or a part of a nested one by its path ("address.ward"), as SQL; `table` with its point
// before it, or nothing: "_s.". A part is text, and null where it is not there.
std::string sql_of_path(std::string_view table, std::string_view path);

// What a numeric format holds: "u8" 0 to 255. Nothing for formats without bounds of their own.
struct Span {
    std::string low, high;
};
std::optional<Span> range_of_format(std::string_view format);

// What a text of the named format must match as a whole, in the common subset of RE2, ECMA 262 and
// Python; empty for a format that a pattern cannot tell.
std::string pattern_of_format(std::string_view format);

}  // namespace nguon::contract
