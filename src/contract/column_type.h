// The type in which the engine holds a column: in segments, and in the table that rules judge.
#pragma once

#include "contract/contract.h"
#include "sql/duckdb.h"

namespace nguon::contract {

sql::ColumnType column_type(const Column& column);

}  // namespace nguon::contract
