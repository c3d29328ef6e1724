// Rows of a query as JSON text, written directly: the same text as to_text(DuckResult::json()) per
// cell, many times faster (no JSON values in between).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "contract/contract.h"
#include "sql/duckdb.h"

namespace nguon::store {

// Prepared once per result; then one object per row.
// Threads: const members run concurrently, on one thread per result.
class RowJson {
public:
    // The columns from `first_column` on become the members, in their order.
    // `dataset`: its nested columns (object, array, …) are given as the JSON they are, not as text;
    // null: none is. What is no JSON there, a text of an earlier version, stays text.
    RowJson(const sql::DuckResult& result, std::size_t first_column,
            const contract::Dataset* dataset = nullptr);
    void append(std::string& out, const sql::DuckResult& result, std::size_t row) const;

private:
    enum class Form {
        kBoolean,
        kInteger,
        kDouble,
        kDecimal,
        kText,
        kDate,
        kTimestamp,
        kTime,
        kJson,
        kOther
    };
    struct Member {
        std::string prefix;  // {"name": or ,"name":
        Form form = Form::kOther;
    };
    static Member member_of(const std::string& name, const std::string& type);
    static void append_cell(std::string& out, const Member& member, const sql::DuckResult& result,
                            std::size_t column, std::size_t row);

    std::size_t m_first_column;
    std::vector<Member> m_members;
};

// For a single row. `out` grows by one JSON object.
void append_row_json(std::string& out, const sql::DuckResult& result, std::size_t first_column,
                     std::size_t row, const contract::Dataset* dataset = nullptr);

// Text forms that JSON and KEY share.
void append_integer(std::string& out, std::int64_t value);
void append_date(std::string& out, std::int64_t days);  // 2026-11-22
void append_timestamp(std::string& out,
                      std::int64_t micros);               // 2026-11-22T14:05:00.5Z as format_time
void append_time(std::string& out, std::int64_t micros);  // 14:05:00

}  // namespace nguon::store
