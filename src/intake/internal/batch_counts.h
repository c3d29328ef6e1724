// What a batch's rows hold, counted while they pass through a query: a filter that lets every row
// through. Sums of threads do not depend on which thread saw which row, save for a mean's last
// digits.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intake/hash_set.h"
#include "sql/duckdb.h"

namespace nguon::intake {

// About how many different values there are: exactly up to kExact, then by HyperLogLog (Flajolet,
// Fusy, Gandouet and Meunier 2007) of 2,048 registers, which is off by 2.3% (standard error).
class DistinctSketch {
public:
    static constexpr std::size_t kExact = 1'000;
    void add(std::uint64_t hash);
    void add(const DistinctSketch& other);
    std::int64_t estimate() const;

private:
    static constexpr int kBits = 11;
    void spill();
    void note(std::uint64_t hash);

    HashSet m_few;
    std::vector<std::uint8_t> m_registers;  // empty while the values are few
};

// Parts that threads fill: each takes one while it works.
template <class Part>
class Parts {
public:
    std::unique_ptr<Part> take() {
        const std::lock_guard lock(m_mutex);
        if (m_free.empty()) return nullptr;
        std::unique_ptr<Part> part = std::move(m_free.back());
        m_free.pop_back();
        return part;
    }
    void give(std::unique_ptr<Part> part) {
        const std::lock_guard lock(m_mutex);
        m_free.push_back(std::move(part));
    }
    std::vector<std::unique_ptr<Part>> all() {
        const std::lock_guard lock(m_mutex);
        return std::move(m_free);
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Part>> m_free;
};

// How many different values each of these columns has.
class DistinctCounts {
public:
    // `seed`: of the hashes; random, so that a sender cannot make values that seem equal.
    DistinctCounts(std::vector<sql::ColumnSpec> columns, std::uint64_t seed)
        : m_columns(std::move(columns)), m_seed(seed) {}
    Result<void> register_on(sql::Duck& duck, std::string_view name);
    // "name(a, b, …)", true for each row.
    std::string call(std::string_view name) const;
    // Of what was seen since the last time, by column.
    std::vector<std::int64_t> take();

private:
    using Sketches = std::vector<DistinctSketch>;
    void see(const sql::ChunkReader& rows, Sketches& sketches) const;

    std::vector<sql::ColumnSpec> m_columns;
    const std::uint64_t m_seed;
    Parts<Sketches> m_parts;
};

// How numbers are spread over bins whose edges are given.
class BinCounts {
public:
    struct Column {
        std::string value;  // SQL for a DOUBLE
        std::vector<double> edges;
    };
    struct Count {
        std::int64_t values = 0;
        double mean = 0;
        std::vector<std::int64_t> bins;  // below the first edge, …: one more than edges
    };
    explicit BinCounts(std::vector<Column> columns) : m_columns(std::move(columns)) {}
    Result<void> register_on(sql::Duck& duck, std::string_view name);
    std::string call(std::string_view name) const;
    std::vector<Count> take();

private:
    struct Sum {
        std::int64_t values = 0;
        long double sum = 0;
        std::vector<std::int64_t> bins;
    };
    using Sums = std::vector<Sum>;
    void see(const sql::ChunkReader& rows, Sums& sums) const;

    std::vector<Column> m_columns;
    Parts<Sums> m_parts;
};

}  // namespace nguon::intake
