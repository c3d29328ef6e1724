// The type in which the engine holds a column: in segments, and in the table that rules judge.
#pragma once

#include "contract/contract.h"
#include "sql/duckdb.h"

namespace nguon::contract {

sql::ColumnType column_type(const Column& column);

// What a numeric format holds: "u8" 0 to 255. Nothing for formats without bounds of their own.
struct Span {
    std::string low, high;
};
std::optional<Span> range_of_format(std::string_view format);

}  // namespace nguon::contract
