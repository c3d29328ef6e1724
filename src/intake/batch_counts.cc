#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "intake/internal/batch_counts.h"

namespace nguon::intake {
namespace {

// Bytes of a value of this type in a chunk; 0: it is text.
std::size_t width_of(const sql::ColumnType& type) {
    switch (type.kind) {
        case sql::Kind::kText: return 0;
        case sql::Kind::kBoolean: return 1;
        case sql::Kind::kDate: return 4;
        case sql::Kind::kDecimal:
            return type.precision <= 4    ? 2
                   : type.precision <= 9  ? 4
                   : type.precision <= 18 ? 8
                                          : 16;
        default: return 8;
    }
}

std::string call_of(std::string_view name, const std::vector<std::string>& arguments) {
    return fmt::format("{}({})", name, fmt::join(arguments, ", "));
}

}  // namespace

void DistinctSketch::add(std::uint64_t hash) {
    if (!m_registers.empty()) {
        note(hash);
    } else if (m_few.insert(hash) && m_few.size() > kExact) {
        spill();
    }
}

void DistinctSketch::spill() {
    m_registers.assign(std::size_t{1} << kBits, 0);
    m_few.for_each([&](std::uint64_t hash) { note(hash); });
    m_few.clear();
}

void DistinctSketch::note(std::uint64_t hash) {
    const auto zeros = static_cast<std::uint8_t>(std::countl_zero(hash << kBits | 1) + 1);
    std::uint8_t& most = m_registers[hash >> (64 - kBits)];
    most = std::max(most, zeros);
}

void DistinctSketch::add(const DistinctSketch& other) {
    if (other.m_registers.empty()) {
        other.m_few.for_each([&](std::uint64_t hash) { add(hash); });
        return;
    }
    if (m_registers.empty()) spill();
    for (std::size_t i = 0; i < m_registers.size(); ++i)
        m_registers[i] = std::max(m_registers[i], other.m_registers[i]);
}

std::int64_t DistinctSketch::estimate() const {
    if (m_registers.empty()) return static_cast<std::int64_t>(m_few.size());
    const auto registers = static_cast<double>(m_registers.size());
    double sum = 0;
    for (const std::uint8_t zeros : m_registers)
        sum += std::ldexp(1.0, -zeros);
    const double raw = 0.7213 / (1 + 1.079 / registers) * registers * registers / sum;
    const auto empty = static_cast<double>(std::ranges::count(m_registers, 0));
    const bool is_small = raw <= 2.5 * registers && empty > 0;
    return std::llround(is_small ? registers * std::log(registers / empty) : raw);
}

Result<void> DistinctCounts::register_on(sql::Duck& duck, std::string_view name) {
    std::vector<sql::ColumnType> types;
    types.reserve(m_columns.size());
    for (const sql::ColumnSpec& column : m_columns)
        types.push_back(column.type);
    return duck.register_filter(
        name, types, [this](const sql::ChunkReader& rows, std::span<bool> stays) -> Result<void> {
            std::unique_ptr<Sketches> part = m_parts.take();
            if (!part) part = std::make_unique<Sketches>(m_columns.size());
            see(rows, *part);
            m_parts.give(std::move(part));
            std::ranges::fill(stays, true);
            return {};
        });
}

std::string DistinctCounts::call(std::string_view name) const {
    std::vector<std::string> arguments;
    arguments.reserve(m_columns.size());
    for (const sql::ColumnSpec& column : m_columns)
        arguments.push_back(sql::quote_identifier(column.name));
    return call_of(name, arguments);
}

void DistinctCounts::see(const sql::ChunkReader& rows, Sketches& sketches) const {
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const std::size_t width = width_of(m_columns[c].type);
        const char* values = rows.data<char>(c);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            if (rows.is_null(c, row)) continue;
            if (width > 0) {
                sketches[c].add(mixed_hash(m_seed, values + row * width, width));
            } else {
                const std::string_view text = rows.text(c, row);
                sketches[c].add(mixed_hash(m_seed, text.data(), text.size()));
            }
        }
    }
}

std::vector<std::int64_t> DistinctCounts::take() {
    Sketches all(m_columns.size());
    for (const std::unique_ptr<Sketches>& part : m_parts.all()) {
        for (std::size_t c = 0; c < all.size(); ++c)
            all[c].add((*part)[c]);
    }
    std::vector<std::int64_t> counts;
    counts.reserve(all.size());
    for (const DistinctSketch& sketch : all)
        counts.push_back(sketch.estimate());
    return counts;
}

Result<void> BinCounts::register_on(sql::Duck& duck, std::string_view name) {
    return duck.register_filter(
        name, std::vector<sql::ColumnType>(m_columns.size(), {sql::Kind::kDouble}),
        [this](const sql::ChunkReader& rows, std::span<bool> stays) -> Result<void> {
            std::unique_ptr<Sums> part = m_parts.take();
            if (!part) {
                part = std::make_unique<Sums>();
                for (const Column& column : m_columns)
                    part->push_back({0, 0, std::vector<std::int64_t>(column.edges.size() + 1, 0)});
            }
            see(rows, *part);
            m_parts.give(std::move(part));
            std::ranges::fill(stays, true);
            return {};
        });
}

std::string BinCounts::call(std::string_view name) const {
    std::vector<std::string> arguments;
    arguments.reserve(m_columns.size());
    for (const Column& column : m_columns)
        arguments.push_back(column.value);
    return call_of(name, arguments);
}

void BinCounts::see(const sql::ChunkReader& rows, Sums& sums) const {
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const double* values = rows.data<double>(c);
        for (std::size_t row = 0; row < rows.size(); ++row) {
            if (rows.is_null(c, row)) continue;
            const double value = values[row];
            ++sums[c].values;
            sums[c].sum += value;
            std::size_t bin = 0;
            for (const double edge : m_columns[c].edges)
                bin += value < edge ? 0 : 1;
            ++sums[c].bins[bin];
        }
    }
}

std::vector<BinCounts::Count> BinCounts::take() {
    std::vector<Count> counts(m_columns.size());
    std::vector<long double> totals(m_columns.size(), 0);
    for (std::size_t c = 0; c < counts.size(); ++c)
        counts[c].bins.assign(m_columns[c].edges.size() + 1, 0);
    for (const std::unique_ptr<Sums>& part : m_parts.all()) {
        for (std::size_t c = 0; c < counts.size(); ++c) {
            counts[c].values += (*part)[c].values;
            totals[c] += (*part)[c].sum;
            for (std::size_t bin = 0; bin < counts[c].bins.size(); ++bin)
                counts[c].bins[bin] += (*part)[c].bins[bin];
        }
    }
    for (std::size_t c = 0; c < counts.size(); ++c) {
        if (counts[c].values > 0)
            counts[c].mean =
                static_cast<double>(totals[c] / static_cast<long double>(counts[c].values));
    }
    return counts;
}

}  // namespace nguon::intake
