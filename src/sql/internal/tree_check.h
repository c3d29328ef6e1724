// Walks the JSON of DuckDB's parse tree: what it does not know, it denies.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "sql/duckdb.h"

namespace nguon::sql {

// Throws std::exception for a tree of another shape than this version of DuckDB makes.
class TreeCheck {
public:
    TreeCheck() = default;                                        // a SELECT over datasets
    explicit TreeCheck(const std::vector<std::string>& columns);  // an expression over one row

    Result<void> query_node(const json::object& node);
    Result<void> visit(const json::value& value);

    // Where in the text the last expression or table seen stands; far past it when unknown.
    std::size_t offset() const { return m_offset; }
    std::vector<std::string> take_datasets() { return std::move(m_datasets); }

private:
    enum class Purpose { kSelect, kRow };

    Result<void> visit_members(const json::object& object, std::string_view but = {});
    Result<void> expression(const json::object& object);
    Result<void> function(const json::object& object);
    Result<void> column(const json::object& object);
    Result<void> lambda(const json::object& object);
    Result<void> table(const json::object& object);
    Result<void> table_function(const json::object& object);
    Result<void> common_tables(const json::object& node);
    bool is_common_table(std::string_view name) const;
    void locate(const json::object& object);

    Purpose m_purpose = Purpose::kSelect;
    std::vector<std::string> m_columns;     // lower case
    std::vector<std::string> m_parameters;  // of the lambdas around
    std::vector<std::string> m_common;      // names of the WITH around, lower case
    std::vector<std::string> m_datasets;
    std::size_t m_offset = static_cast<std::size_t>(-1);
};

}  // namespace nguon::sql
