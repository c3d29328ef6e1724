// Judges single rows under one version of a contract, many times: the DuckDB instance, the rules'
// condition and the values referred to are kept between two calls, where a load makes them anew
// (measured: 1 ms instead of 40).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "intake/judge.h"
#include "intake/load.h"
#include "quality/rules.h"
#include "scan/table.h"
#include "sql/duckdb.h"
#include "store/change.h"

namespace nguon::intake {

// A row about which there is nothing to say.
struct CleanRow {
    std::string values, row_json;  // as store::RowChange has them
    json::object newest;           // as a receipt's `newest`
};

// Threads: one at a time.
class RowJudge {
public:
    // Whether a row can be judged by itself under this contract: no rule asks for the other rows of
    // a batch or of the dataset.
    static bool suits(const store::DatasetInfo& info);
    static Result<std::unique_ptr<RowJudge>> open(store::Store& store, const LoadOptions& options,
                                                  std::shared_ptr<const store::DatasetInfo> info);
    const std::shared_ptr<const store::DatasetInfo>& info() const { return m_info; }

    // For each line, a JSON object: the row, or nothing where something is to be said of it: a
    // rule that it breaks, also a mild one, or a finding. Of several, one with something mild takes
    // the others along: ask again one by one.
    Result<std::vector<std::optional<CleanRow>>> judge(std::span<const std::string> lines);

    // Of one clean row, for its receipt.
    const json::object& scores() const { return m_scores; }
    const json::object& faults() const { return m_faults; }

private:
    class Swapped;
    RowJudge(store::Store& store, const LoadOptions& options,
             std::shared_ptr<const store::DatasetInfo> info);
    Result<void> prepare();
    Result<void> load_references();
    Result<void> take_rows(const scan::Table& table, std::vector<std::optional<CleanRow>>& rows);

    store::Store& m_store;
    const LoadOptions& m_options;
    const std::shared_ptr<const store::DatasetInfo> m_info;
    quality::RuleSet m_rules;
    scan::Plan m_plan;
    std::unique_ptr<sql::Duck> m_duck;
    std::shared_ptr<Swapped> m_source;
    std::unique_ptr<Judge> m_judge;  // of the rows at hand
    std::vector<store::Seq> m_reference_heads;
    std::string m_joins, m_columns;
    std::vector<const contract::Column*> m_newest;  // of promises of freshness
    json::object m_scores, m_faults;
};

}  // namespace nguon::intake
