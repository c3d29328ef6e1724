// What a batch that entered looks like, kept in its receipt, and whether that is usual for the
// dataset. Different values are counted while rows are staged and empty ones by the file itself;
// only columns whose distribution is kept are read again. Nothing is ever refused for it.
#include <fmt/format.h>

#include "intake/internal/batch_counts.h"
#include "intake/internal/batch_profiler.h"
#include "intake/internal/newest.h"
#include "intake/internal/pass.h"
#include "quality/promises.h"

namespace nguon::intake {
namespace {

using contract::Column;
using contract::LogicalType;
using sql::quote_identifier;
using sql::quote_literal;

constexpr std::size_t kMostAnomalies = 20;
}  // namespace

// Kept apart from the profile: it is asked for however the batch came, and of any column.
Result<void> Pass::note_newest() {
    if (m_staged == 0 || m_info.contract_text.find("slaProperties") == std::string::npos) return {};
    TRY_ASSIGN(const contract::Contract contract,
               contract::parse(m_info.contract_text, "contract.yaml"));
    json::object newest;
    for (const quality::Promise& promise : quality::promises_of(contract, m_dataset).all) {
        const Column* column = m_dataset.column(promise.column);
        if (column == nullptr || newest.contains(column->name)) continue;
        TRY_ASSIGN(sql::DuckResult result,
                   m_duck->query(fmt::format("SELECT CAST({} AS BIGINT) FROM read_parquet({})",
                                             newest_sql(*column, m_store.options().clock->now()),
                                             quote_literal(m_stage.string()))));
        TRY_ASSIGN(const std::size_t got, result.next());
        if (got == 0 || result.is_null(0, 0)) continue;
        newest[column->name] = format_time(result.integer(0, 0));
    }
    if (!newest.empty()) m_draft.kept["newest"] = std::move(newest);
    return {};
}

// A single row, a correction and a file that is only looked at have no past of their kind.
Result<void> Pass::open_counts() {
    if (m_request.all_or_none || !m_draft.corrects.empty() || m_draft.dataset.empty()) return {};
    std::vector<sql::ColumnSpec> columns;
    for (const scan::PlannedColumn& column : m_plan.columns) {
        if (columns.size() < quality::kMostProfiled) columns.push_back({column.name, column.type});
    }
    if (columns.empty()) return {};
    m_distinct =
        std::make_unique<DistinctCounts>(std::move(columns), seed_from(*m_store.options().random));
    return m_distinct->register_on(*m_duck, "_count");
}

// The value of _op for rows that enter, which counts them on their way.
std::string Pass::inserted() const {
    return m_distinct ? m_distinct->call("_count") + "::TINYINT" : "1::TINYINT";
}

// Different values by column, of what is staged.
Result<std::vector<std::int64_t>> Pass::count_distinct() {
    if (m_counts_more) {  // rows were taken out again
        m_distinct->take();
        TRY(m_duck->query_integer(fmt::format("SELECT count(*) FROM read_parquet({}) WHERE {}",
                                              quote_literal(m_stage.string()),
                                              m_distinct->call("_count"))));
    }
    return m_distinct->take();
}

Result<void> Pass::profile_batch() {
    TRY(note_newest());
    if (!m_distinct) return {};
    TRY_ASSIGN(std::vector<std::int64_t> distinct, count_distinct());
    if (m_staged == 0) distinct.clear();
    std::vector<quality::BatchProfile> before;
    TRY_ASSIGN(const std::vector<std::string> texts,
               m_store.profiles(m_dataset.name, m_mode, quality::kMostBefore));
    for (const std::string& text : texts) {
        TRY_ASSIGN(quality::BatchProfile one, quality::profile_from_json(text));
        before.push_back(std::move(one));
    }
    TRY_ASSIGN(const quality::BatchProfile profile,
               profile_of({*m_duck, m_dataset, m_stage, m_staged, distinct, before}));
    m_draft.kept["profile"] = quality::to_json(profile);
    std::vector<quality::Anomaly> anomalies = quality::compare(profile, before);
    // Of what is usual the number of rows alone is told, so that a receipt stays short.
    std::erase_if(anomalies, [](const quality::Anomaly& anomaly) {
        return anomaly.result.failed == 0 && anomaly.result.rule != "anomaly:row_count";
    });
    if (anomalies.size() > kMostAnomalies) anomalies.resize(kMostAnomalies);
    for (const quality::Anomaly& anomaly : anomalies)
        m_anomalies.push_back(quality::to_json(anomaly));
    return {};
}

}  // namespace nguon::intake
