#include "node/internal/orphans.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "quality/rules.h"
#include "quality/score.h"
#include "sql/duckdb.h"

namespace nguon::node {
namespace {

std::string question(const quality::ReferenceSet& reference, const std::string& rows,
                     const std::string& targets) {
    std::vector<std::string> refers, same, keys;
    for (std::size_t i = 0; i < reference.columns.size(); ++i) {
        const std::string name = sql::quote_identifier(reference.columns[i]);
        refers.push_back(fmt::format("{} IS NOT NULL", name));
        same.push_back(fmt::format("_s.{} = _t._k{}", name, i));
        keys.push_back(
            fmt::format("{} AS _k{}", sql::quote_identifier(reference.target_columns[i]), i));
    }
    return fmt::format(
        "SELECT count(*), count(*) FILTER (WHERE _t._there IS NULL) FROM (SELECT * FROM ({0}) "
        "WHERE {1}) _s LEFT JOIN (SELECT DISTINCT {2}, true AS _there FROM ({3})) _t ON {4}",
        rows, fmt::join(refers, " AND "), fmt::join(keys, ", "), targets, fmt::join(same, " AND "));
}

}  // namespace

Result<json::array> Orphans::results(const store::DatasetInfo& dataset, Micros at) {
    const quality::RuleSet rules = quality::compile(dataset.contract);
    json::array results;
    TRY_ASSIGN(const store::Seq upto,
               m_store.resolve(dataset.contract.name, store::AsOf{at, std::nullopt}));
    for (const quality::ReferenceSet& reference : rules.references) {
        TRY_ASSIGN(const store::Seq there,
                   m_store.resolve(reference.dataset, store::AsOf{at, std::nullopt}));
        const std::string column = fmt::format("{}", fmt::join(reference.columns, ","));
        const std::string target =
            fmt::format("{}.{}", reference.dataset, fmt::join(reference.target_columns, ","));
        const std::string key = fmt::format("{} {} {} {} {} {}", dataset.contract.name,
                                            dataset.contract.version, column, upto, target, there);
        std::pair<std::int64_t, std::int64_t> counts{0, 0};
        bool known = upto == 0;
        {
            const std::lock_guard lock(m_mutex);
            if (const auto found = m_known.find(key); found != m_known.end()) {
                counts = found->second;
                known = true;
            }
        }
        if (!known) {
            TRY_ASSIGN(const auto segments, m_store.current_files(dataset.contract.name, upto));
            TRY_ASSIGN(const auto other, m_store.dataset(reference.dataset));
            TRY_ASSIGN(const auto targets, m_store.current_files(reference.dataset, there));
            TRY_ASSIGN(const auto duck, store::open_reader(m_options));
            TRY_ASSIGN(sql::DuckResult answer,
                       duck->query(question(
                           reference,
                           store::current_view(dataset, segments, upto, store::WithSeq::kNo).sql,
                           store::current_view(*other, targets, there, store::WithSeq::kNo).sql)));
            TRY_ASSIGN(const std::size_t got, answer.next());
            if (got > 0) counts = {answer.integer(0, 0), answer.integer(1, 0)};
            const std::lock_guard lock(m_mutex);
            if (m_known.size() >= kMostKept) m_known.clear();
            m_known[key] = counts;
        }
        quality::RuleResult result;
        result.rule = "orphans:" + column;
        result.column = column;
        result.dimension = contract::Dimension::kAccurate;
        result.severity = contract::Severity::kWarning;
        result.description = {fmt::format("Trỏ tới dòng nay không còn trong {}", target),
                              fmt::format("Refers to a row that is no longer in {}", target)};
        result.checked = counts.first;
        result.failed = counts.second;
        results.push_back(quality::to_json(result));
    }
    return results;
}

}  // namespace nguon::node
