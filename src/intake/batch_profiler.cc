#include "intake/internal/batch_profiler.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <unordered_map>

#include "contract/classification.h"
#include "intake/internal/batch_counts.h"

namespace nguon::intake {
namespace {

using contract::Column;
using contract::LogicalType;
using quality::ColumnShape;
using sql::quote_identifier;
using sql::quote_literal;

// Edges are chosen from about so many rows: quantiles of all cost a sort.
constexpr std::int64_t kSample = 100'000;
// Batches with all in one bin before the bins are chosen anew: one may be the anomaly itself.
constexpr int kMostSpent = 3;

// How much of a column may stand in a receipt, which travels.
enum class Shows { kCounts, kCategories, kDistribution };

Shows shows(const contract::Dataset& dataset, const Column& column) {
    if (!contract::is_public(column.classification) || column.key_position > 0 || column.unique)
        return Shows::kCounts;
    if (column.type == LogicalType::kBoolean) return Shows::kCategories;
    if (!column.enumeration.empty()) {
        return column.enumeration.size() <= quality::kMostCategories ? Shows::kCategories
                                                                     : Shows::kCounts;
    }
    // The birth dates of persons are personal, however they are summed up.
    if (!dataset.subject.empty()) return Shows::kCounts;
    switch (column.type) {
        case LogicalType::kInteger:
        case LogicalType::kNumber:
        case LogicalType::kDate:
        case LogicalType::kTimestamp: return Shows::kDistribution;
        default: return Shows::kCounts;
    }
}

bool is_moment(const Column& column) {
    return column.type == LogicalType::kDate || column.type == LogicalType::kTimestamp;
}

// The value as a number, NULL where it is none.
std::string as_number(const Column& column) {
    const std::string name = quote_identifier(column.name);
    if (is_moment(column)) return fmt::format("(epoch_us({}) / 1e6)", name);
    if (column.type == LogicalType::kNumber && column.precision == 0)
        return fmt::format("(CASE WHEN isfinite({0}) THEN {0} END)", name);
    return fmt::format("CAST({} AS DOUBLE)", name);
}

// The sums of many threads differ in their last digits; a receipt does not.
json::value short_number(double value) {
    if (!std::isfinite(value)) return nullptr;
    const std::string text = fmt::format("{:.9g}", value);
    return std::strtod(text.c_str(), nullptr);
}

json::value short_text(std::string_view value) {
    constexpr std::size_t kMostBytes = 40;
    return json::value(value.substr(0, kMostBytes));
}

class Profiler {
public:
    explicit Profiler(const StagedBatch& batch)
        : m_duck(batch.duck),
          m_file(quote_literal(batch.file.string())),
          m_stage(fmt::format("read_parquet({})", m_file)),
          m_before(batch.before) {
        for (const Column* column : batch.dataset.key())
            m_key.push_back(quote_identifier(column->name));
        for (const Column& column : batch.dataset.columns) {
            if (m_columns.size() == quality::kMostProfiled) break;
            Shows shown = shows(batch.dataset, column);
            if (shown != Shows::kCounts && m_detailed == quality::kMostDistributions)
                shown = Shows::kCounts;
            m_detailed += shown == Shows::kCounts ? 0 : 1;
            Planned planned{&column, shown, {}};
            if (m_columns.size() < batch.distinct.size())
                planned.shape.distinct = batch.distinct[m_columns.size()];
            m_columns.push_back(std::move(planned));
        }
    }

    Result<quality::BatchProfile> run(std::int64_t rows) {
        m_profile.rows = rows;
        choose_kept_edges();
        TRY(choose_new_edges());
        if (rows > 0) {
            TRY(count_nulls());
            TRY(measure());
        }
        for (Planned& planned : m_columns) {
            if (planned.shown == Shows::kCategories) TRY(count_categories(planned));
            m_profile.columns[planned.column->name] = std::move(planned.shape);
        }
        return std::move(m_profile);
    }

private:
    struct Planned {
        const Column* column;
        Shows shown;
        ColumnShape shape;
        bool has_edges = false;
    };

    // The bins of the batch before, so that the two can be compared.
    void choose_kept_edges() {
        for (Planned& planned : m_columns) {
            if (planned.shown != Shows::kDistribution) continue;
            planned.shape.is_time = is_moment(*planned.column);
            int looked = 0;
            for (const quality::BatchProfile& one : m_before) {
                const auto found = one.columns.find(planned.column->name);
                if (found == one.columns.end() || found->second.edges.empty()) continue;
                const ColumnShape& shape = found->second;
                if (shape.is_time == planned.shape.is_time && !is_spent(shape)) {
                    planned.shape.edges = shape.edges;
                    planned.has_edges = true;
                }
                if (planned.has_edges || ++looked == kMostSpent) break;
            }
        }
    }

    // Deciles of the first batch, or where the past no longer tells anything.
    Result<void> choose_new_edges() {
        std::vector<std::string> quantiles, hashed = m_key;
        std::vector<Planned*> wanted;
        std::vector<double> shares;
        for (std::size_t i = 1; i < quality::kBins; ++i)
            shares.push_back(static_cast<double>(i) / quality::kBins);
        for (Planned& planned : m_columns) {
            if (m_key.empty()) hashed.push_back(quote_identifier(planned.column->name));
            if (planned.shown != Shows::kDistribution || planned.has_edges) continue;
            for (std::size_t i = 1; i < quality::kBins; ++i)
                quantiles.push_back(fmt::format("_q{}[{}]", wanted.size(), i));
            wanted.push_back(&planned);
        }
        if (wanted.empty() || m_profile.rows == 0) return {};
        std::vector<std::string> lists;
        for (const Planned* planned : wanted) {
            lists.push_back(fmt::format("quantile_disc({}, [{}]) AS _q{}",
                                        as_number(*planned->column), fmt::join(shares, ", "),
                                        lists.size()));
        }
        constexpr std::size_t kMostHashed = 8;  // enough to tell rows apart
        if (hashed.size() > kMostHashed) hashed.resize(kMostHashed);
        std::string where;
        if (m_profile.rows > kSample) {  // chosen by what is in the rows: the same on every run
            where = fmt::format(" WHERE hash({}) % {} = 0", fmt::join(hashed, ", "),
                                m_profile.rows / kSample + 1);
        }
        TRY_ASSIGN(sql::DuckResult result,
                   m_duck.query(fmt::format("SELECT {} FROM (SELECT {} FROM {}{})",
                                            fmt::join(quantiles, ", "), fmt::join(lists, ", "),
                                            m_stage, where)));
        TRY_ASSIGN(const std::size_t got, result.next());
        std::size_t at = 0;
        for (Planned* planned : wanted) {
            for (std::size_t i = 1; i < quality::kBins; ++i, ++at) {
                if (got == 0 || result.is_null(at, 0)) continue;
                const double edge = result.number(at, 0);
                std::vector<double>& edges = planned->shape.edges;
                if (std::isfinite(edge) && (edges.empty() || edge > edges.back()))
                    edges.push_back(edge);
            }
        }
        return {};
    }

    // The staged file says it of each row group.
    Result<void> count_nulls() {
        TRY_ASSIGN(sql::DuckResult result,
                   m_duck.query(fmt::format(
                       "SELECT path_in_schema, CAST(sum(stats_null_count) AS BIGINT), "
                       "count(stats_null_count) = count(*) FROM parquet_metadata({}) GROUP BY ALL",
                       m_file)));
        std::unordered_map<std::string, std::int64_t> nulls;
        for (;;) {
            TRY_ASSIGN(const std::size_t got, result.next());
            if (got == 0) break;
            for (std::size_t i = 0; i < got; ++i) {
                if (!result.is_null(1, i) && result.integer(2, i) != 0)
                    nulls[std::string(result.text(0, i))] = result.integer(1, i);
            }
        }
        for (Planned& planned : m_columns) {
            const auto found = nulls.find(planned.column->name);
            if (found != nulls.end()) {
                planned.shape.nulls = found->second;
                continue;
            }
            TRY_ASSIGN(planned.shape.nulls, m_duck.query_integer(fmt::format(
                                                "SELECT count(*) - count({}) FROM {}",
                                                quote_identifier(planned.column->name), m_stage)));
        }
        return {};
    }

    // The columns whose distribution is kept.
    Result<void> measure() {
        std::vector<std::string> ends;
        std::vector<BinCounts::Column> binned;
        std::vector<Planned*> wanted;
        for (Planned& planned : m_columns) {
            if (planned.shown != Shows::kDistribution) continue;
            for (const std::string_view end : {"min", "max"}) {
                ends.push_back(fmt::format("CAST({}({}) AS VARCHAR)", end,
                                           quote_identifier(planned.column->name)));
            }
            binned.push_back({as_number(*planned.column), planned.shape.edges});
            wanted.push_back(&planned);
        }
        if (wanted.empty()) return {};
        TRY_ASSIGN(sql::DuckResult result,
                   m_duck.query(fmt::format("SELECT {} FROM {}", fmt::join(ends, ", "), m_stage)));
        TRY(result.next());
        BinCounts bins(std::move(binned));
        TRY(bins.register_on(m_duck, "_bins"));
        TRY(m_duck.query_integer(
            fmt::format("SELECT count(*) FROM {} WHERE {}", m_stage, bins.call("_bins"))));
        const std::vector<BinCounts::Count> counts = bins.take();
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            ColumnShape& shape = wanted[i]->shape;
            if (!result.is_null(2 * i, 0)) shape.min = short_text(result.text(2 * i, 0));
            if (!result.is_null(2 * i + 1, 0)) shape.max = short_text(result.text(2 * i + 1, 0));
            if (counts[i].values > 0 && !shape.is_time) shape.mean = short_number(counts[i].mean);
            if (!shape.edges.empty()) shape.bins = counts[i].bins;
        }
        return {};
    }

    Result<void> count_categories(Planned& planned) {
        ColumnShape& shape = planned.shape;
        if (planned.column->type == LogicalType::kBoolean) {
            shape.categories = {"false", "true"};
        } else {
            for (const contract::EnumValue& value : planned.column->enumeration)
                shape.categories.push_back(value.value);
        }
        std::unordered_map<std::string, std::size_t> places;
        for (std::size_t i = 0; i < shape.categories.size(); ++i)
            places[shape.categories[i]] = i;
        shape.bins.assign(shape.categories.size(), 0);
        if (m_profile.rows == 0) return {};
        TRY_ASSIGN(sql::DuckResult result,
                   m_duck.query(fmt::format("SELECT CAST({0} AS VARCHAR), count(*) FROM {1} WHERE "
                                            "{0} IS NOT NULL GROUP BY {0}",
                                            quote_identifier(planned.column->name), m_stage)));
        for (;;) {
            TRY_ASSIGN(const std::size_t got, result.next());
            if (got == 0) return {};
            for (std::size_t i = 0; i < got; ++i) {
                const auto place = places.find(std::string(result.text(0, i)));
                if (place != places.end()) shape.bins[place->second] += result.integer(1, i);
            }
        }
    }

    sql::Duck& m_duck;
    std::string m_file, m_stage;
    std::vector<std::string> m_key;
    const std::vector<quality::BatchProfile>& m_before;
    std::vector<Planned> m_columns;
    std::size_t m_detailed = 0;
    quality::BatchProfile m_profile;
};

}  // namespace

Result<quality::BatchProfile> profile_of(const StagedBatch& batch) {
    return Profiler(batch).run(batch.rows);
}

}  // namespace nguon::intake
