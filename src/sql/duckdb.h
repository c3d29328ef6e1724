// DuckDB behind RAII, by its C API. An instance is short-lived: opened for one load or one question
// with a memory limit and closed after, which gives its memory back (measured: otherwise 800 MB
// stay).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace nguon::sql {

// "name" with quotes doubled: how every name from outside enters SQL.
std::string quote_identifier(std::string_view name);
// 'text' with quotes doubled.
std::string quote_literal(std::string_view text);

enum class Kind { kBoolean, kBigint, kUbigint, kDouble, kDecimal, kText, kDate, kTimestamp, kTime };

// What a column holds. Physical forms: kBoolean bool; kDate int32 days since 1970; kTimestamp and
// kTime int64 microseconds (UTC; since midnight); kDecimal int64 scaled, precision at most 18.
struct ColumnType {
    Kind kind = Kind::kText;
    int precision = 0, scale = 0;
    std::string sql() const;  // "BIGINT", "DECIMAL(18,2)", "TIMESTAMP WITH TIME ZONE", …
    bool operator==(const ColumnType&) const = default;
};

struct ColumnSpec {
    std::string name;
    ColumnType type;
};

// Where a source writes one chunk. Only the columns that the query needs are there: data() of
// another is null and set_* on it does nothing.
class ChunkWriter {
public:
    static constexpr std::size_t kCapacity = 2048;

    template <class T>
    T* data(std::size_t column) const {
        return static_cast<T*>(m_columns[column].data);
    }
    bool wanted(std::size_t column) const { return m_columns[column].vector != nullptr; }
    void set_null(std::size_t column, std::size_t row);
    // The bytes must be UTF-8; they are copied.
    void set_text(std::size_t column, std::size_t row, std::string_view text);

private:
    friend struct SourceCallbacks;
    struct Column {
        void* vector = nullptr;
        void* data = nullptr;
        std::uint64_t* validity = nullptr;
    };
    std::vector<Column> m_columns;
};

// Rows that a query reads as a table function, on several threads.
class RowSource {
public:
    // One per thread of the query.
    class Reader {
    public:
        virtual ~Reader() = default;
        // Fills at most kCapacity rows and says how many; 0 = no more.
        virtual Result<std::size_t> read(ChunkWriter& chunk) = 0;
    };
    virtual ~RowSource() = default;
    virtual std::vector<ColumnSpec> columns() const = 0;
    virtual std::unique_ptr<Reader> reader() = 0;  // may be called concurrently
    virtual std::size_t max_threads() const { return 16; }
    // About how many rows there are: joins hash the smaller side (measured: 1.3 × faster loads).
    virtual std::uint64_t row_estimate() const { return 1'000'000; }
};

// One chunk of arguments of a filter, flattened.
class ChunkReader {
public:
    std::size_t size() const { return m_size; }
    template <class T>
    const T* data(std::size_t column) const {
        return static_cast<const T*>(m_columns[column].data);
    }
    bool is_null(std::size_t column, std::size_t row) const {
        const std::uint64_t* validity = m_columns[column].validity;
        return validity != nullptr && (validity[row >> 6] >> (row & 63) & 1) == 0;
    }
    std::string_view text(std::size_t column, std::size_t row) const;

private:
    friend struct FilterCallbacks;
    friend class DuckResult;
    struct Column {
        void* data = nullptr;
        std::uint64_t* validity = nullptr;
    };
    std::vector<Column> m_columns;
    std::size_t m_size = 0;
};

// A volatile scalar function in C++ that says of each row of a query whether it stays: called once
// per chunk of rows, with one answer to fill for each. Called concurrently.
using RowFilter = std::function<Result<void>(const ChunkReader& rows, std::span<bool> stays)>;

// The answer of a query, chunk by chunk.
class DuckResult {
public:
    DuckResult(DuckResult&&) noexcept;
    DuckResult& operator=(DuckResult&&) noexcept;
    ~DuckResult();
    std::size_t column_count() const;
    const std::string& name(std::size_t column) const;
    const std::string& type(std::size_t column) const;  // "BIGINT", "VARCHAR", …
    // Rows in the next chunk; 0 at the end. Errors as Duck::query.
    Result<std::size_t> next();
    bool is_null(std::size_t column, std::size_t row) const;
    std::int64_t integer(std::size_t column,
                         std::size_t row) const;  // also dates, times, decimals to 18 digits: raw
    // A decimal of any precision, with as many places as its scale: "12.50".
    std::string decimal(std::size_t column, std::size_t row) const;
    double number(std::size_t column, std::size_t row) const;
    std::string_view text(std::size_t column, std::size_t row) const;
    // ISO 8601 for dates and times, exact text for decimals over 2^53, null for null.
    json::value json(std::size_t column, std::size_t row) const;

private:
    friend class Duck;
    struct Impl;
    explicit DuckResult(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

struct DuckOptions {
    std::string memory_limit = "1GB";
    int threads = 2;
    std::filesystem::path temporary_folder;  // spills; empty: none
    bool preserve_order = true;
};

// An in-memory instance with one connection.
// Threads: one at a time, but interrupt() and progress() from anywhere.
class Duck {
public:
    static Result<std::unique_ptr<Duck>> open(const DuckOptions& options);
    ~Duck();
    // Errors: invalid (the SQL is wrong), unavailable (memory, disk, interrupted), corrupt (a file
    // cannot be read), internal. An Error of a source or filter comes back as it was.
    Result<void> execute(std::string_view script);
    Result<DuckResult> query(std::string_view text);
    // As query(), but the answer is made while it is read: memory stays bounded. Nothing else may
    // run on this instance until the result is gone.
    Result<DuckResult> stream(std::string_view text);
    // One row, one integer; 0 when null or no row.
    Result<std::int64_t> query_integer(std::string_view text);
    Result<void> register_source(std::string_view name, std::shared_ptr<RowSource> source);
    Result<void> register_filter(std::string_view name, const std::vector<ColumnType>& parameters,
                                 RowFilter filter);
    void interrupt();

private:
    struct Impl;
    explicit Duck(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace nguon::sql
