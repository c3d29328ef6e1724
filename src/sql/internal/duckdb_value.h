// Pieces shared by duckdb.cc and duckdb_result.cc; the only other file that sees DuckDB's header.
#pragma once

#include <duckdb.h>

#include "sql/duckdb.h"

namespace nguon::sql {

class LogicalTypeHandle {
public:
    explicit LogicalTypeHandle(duckdb_logical_type type) : m_type(type) {}
    ~LogicalTypeHandle() { duckdb_destroy_logical_type(&m_type); }
    LogicalTypeHandle(const LogicalTypeHandle&) = delete;
    LogicalTypeHandle& operator=(const LogicalTypeHandle&) = delete;
    LogicalTypeHandle(LogicalTypeHandle&& other) noexcept
        : m_type(std::exchange(other.m_type, nullptr)) {}
    duckdb_logical_type get() const { return m_type; }

private:
    duckdb_logical_type m_type;
};

// DuckDB's message as an Error with a code of ours.
Error error_from(std::string_view text);

LogicalTypeHandle make_type(const ColumnType& type);

inline std::string_view text_of(duckdb_string_t& slot) {
    const std::uint32_t length = slot.value.inlined.length;
    if (length <= sizeof(slot.value.inlined.inlined)) return {slot.value.inlined.inlined, length};
    return {slot.value.pointer.ptr, length};
}

struct DuckResult::Impl {
    duckdb_result result{};
    duckdb_data_chunk chunk = nullptr;
    struct Column {
        std::string name, type;
        duckdb_type id{};
        duckdb_type storage{};  // of decimals
        int scale = 0;
        void* data = nullptr;
        std::uint64_t* validity = nullptr;
    };
    std::vector<Column> columns;

    void describe();
    ~Impl();
};

}  // namespace nguon::sql
