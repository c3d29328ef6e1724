// Table rules of a load: metrics of the whole batch against their bounds.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/number_text.h"
#include "intake/internal/pass.h"

namespace nguon::intake {
namespace {

using contract::Metric;
using sql::quote_identifier;
using sql::quote_literal;

std::string in_list(const std::string& column, const std::vector<std::string>& values) {
    std::vector<std::string> quoted;
    for (const std::string& value : values)
        quoted.push_back(quote_literal(value));
    return fmt::format("CAST({} AS VARCHAR) IN ({})", column, fmt::join(quoted, ", "));
}

// An expression that counts what the metric counts, over the rows of the batch that may enter.
std::string metric_sql(const quality::TableRule& rule) {
    const std::string column = quote_identifier(rule.column);
    switch (rule.metric.metric) {
        case Metric::kNullValues: return fmt::format("count(*) FILTER (WHERE {} IS NULL)", column);
        case Metric::kMissingValues: {
            const std::string missing = rule.metric.missing_values.empty()
                                            ? "false"
                                            : in_list(column, rule.metric.missing_values);
            return fmt::format("count(*) FILTER (WHERE {} IS NULL OR {})", column, missing);
        }
        case Metric::kInvalidValues: {
            std::string valid = "true";
            if (!rule.metric.valid_values.empty())
                valid = in_list(column, rule.metric.valid_values);
            if (!rule.metric.pattern.empty()) {
                valid += fmt::format(" AND regexp_full_match(CAST({} AS VARCHAR), {})", column,
                                     quote_literal(rule.metric.pattern));
            }
            return fmt::format("count(*) FILTER (WHERE NOT ({}))", valid);
        }
        case Metric::kDuplicateValues: {
            std::vector<std::string> columns;
            for (const std::string& name : rule.metric.properties)
                columns.push_back(quote_identifier(name));
            if (columns.empty()) columns.push_back(column);
            return fmt::format(
                "count(*) FILTER (WHERE {0} IS NOT NULL) - count(DISTINCT {1})", columns[0],
                columns.size() == 1 ? columns[0] : fmt::format("({})", fmt::join(columns, ", ")));
        }
        case Metric::kRowCount: return "count(*)";
    }
    return "0";
}

Text words_of(Metric metric) {
    switch (metric) {
        case Metric::kNullValues: return {"Số ô trống", "Empty cells"};
        case Metric::kMissingValues: return {"Số ô thiếu giá trị", "Cells without a value"};
        case Metric::kInvalidValues:
            return {"Số giá trị không hợp lệ", "Values that are not valid"};
        case Metric::kDuplicateValues: return {"Số giá trị lặp lại", "Repeated values"};
        case Metric::kRowCount: return {"Số dòng", "Rows"};
    }
    return {};
}

}  // namespace

void Pass::judge_metric(const quality::TableRule& rule, double value, std::int64_t rows) {
    const double compared = rule.metric.unit == contract::Unit::kPercent && rows > 0
                                ? 100.0 * value / static_cast<double>(rows)
                                : value;
    const bool kept = quality::holds(rule.metric.op, rule.metric.low, rule.metric.high, compared);
    quality::RuleResult result;
    result.rule = rule.name;
    result.column = rule.column;
    result.dimension = rule.dimension;
    result.severity = rule.severity;
    const std::string_view unit = rule.metric.unit == contract::Unit::kPercent ? "%" : "";
    Text bound = quality::bound_text(rule.metric.op, rule.metric.low, rule.metric.high, unit);
    const Text counted = words_of(rule.metric.metric);
    bound.vi = fmt::format("{} là {}{}, {}", counted.vi,
                           number_text(compared, Language::kVietnamese), unit, bound.vi);
    bound.en = fmt::format("{}: {}{}, it {}", counted.en, number_text(compared, Language::kEnglish),
                           unit, bound.en);
    result.description = {
        rule.description.vi.empty() ? bound.vi : rule.description.vi + " (" + bound.vi + ")",
        rule.description.en.empty() ? bound.en : rule.description.en + " (" + bound.en + ")"};
    result.checked = rows;
    result.failed = kept ? 0 : std::max<std::int64_t>(1, static_cast<std::int64_t>(value));
    json::object told = quality::to_json(result);
    if (!kept && rule.severity == contract::Severity::kError) {
        m_refused = true;
        refuse_for(told, kMendForRule);
    }
    m_table_results.push_back(std::move(told));
}

Result<void> Pass::judge_columns() {
    for (const quality::TableRule& rule : m_rules.tables) {
        if (rule.metric.metric == Metric::kRowCount) continue;
        TRY_ASSIGN(
            const std::int64_t value,
            m_duck->query_integer(fmt::format("SELECT {} FROM read_parquet({})", metric_sql(rule),
                                              quote_literal(m_stage.string()))));
        judge_metric(rule, static_cast<double>(value), m_staged);
    }
    return {};
}

// rowCount is a promise about the dataset: the rows that stand once this batch has entered.
Result<void> Pass::judge_row_count() {
    const Result<store::Head> head = m_store.head(m_dataset.name);  // none yet when only checking
    const std::int64_t rows =
        (head ? head->rows : 0) + m_draft.changes.inserted - m_draft.changes.deleted;
    m_table_results.clear();
    for (const quality::TableRule& rule : m_rules.tables) {
        if (rule.metric.metric == Metric::kRowCount)
            judge_metric(rule, static_cast<double>(rows), rows);
    }
    for (json::value& result : m_table_results)
        m_draft.results.push_back(std::move(result));
    return {};
}

}  // namespace nguon::intake
