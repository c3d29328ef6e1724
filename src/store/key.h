// Values as text, one text per value: how a client names a row (KEY) and compares a column, and how
// keys stand in lookups.
//
//   string     itself                     integer  7 (007 is 7)
//   number     shortest; 12.5             boolean  true, false (1 and 0 are read, too)
//   date       2026-11-22                 time     14:05:00, .500000 where it is not whole
//   timestamp  2026-11-22T14:05:00Z; any zone is read
//
// KEY is the key's values in contract order, each percent-encoded, joined by ','.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "sql/duckdb.h"

namespace nguon::store {

// The one text of this value. Errors: invalid, naming the column, when `text` is not of its type.
Result<std::string> canonical_value(const contract::Column& column, std::string_view text);

// Errors: invalid when the dataset has no key.
Result<void> require_key(const contract::Dataset& dataset);

// The key's canonical values. Errors: invalid: no key, another number of values, a value of another
// type.
Result<std::vector<std::string>> parse_key(const contract::Dataset& dataset, std::string_view key);
std::string format_key(const std::vector<std::string>& values);
// parse_key and format_key.
Result<std::string> canonical_key(const contract::Dataset& dataset, std::string_view key);

// WHERE's text for one row. Errors: as parse_key.
Result<std::string> key_condition(const contract::Dataset& dataset, std::string_view key);

// A canonical value as typed SQL: CAST('2026-11-22' AS DATE).
std::string sql_value(const contract::Column& column, std::string_view canonical);

// The canonical text of a cell that is not null, behind what stands in `out`.
void append_canonical(std::string& out, const contract::Column& column,
                      const sql::DuckResult& result, std::size_t place, std::size_t row);

// KEY of the rows of a result that holds the contract's columns side by side from `first_column`
// on.
class KeyWriter {
public:
    KeyWriter(const contract::Dataset& dataset, std::size_t first_column);
    void append(std::string& out, const sql::DuckResult& result, std::size_t row) const;

private:
    struct Part {
        const contract::Column* column;
        std::size_t place;
    };
    std::vector<Part> m_parts;
};

// SQL over the contract's columns that sorts rows as their KEY sorts, or nearly: for bulk loads.
std::string key_order_sql(const contract::Dataset& dataset);

}  // namespace nguon::store
