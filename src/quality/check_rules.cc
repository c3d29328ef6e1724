// Written rules tried before a contract is applied: what cannot run is refused then, not at the
// first load.
#include <fmt/format.h>

#include "contract/column_type.h"
#include "quality/rules.h"
#include "sql/allow_list.h"
#include "sql/duckdb.h"
#include "sql/engine_words.h"

namespace nguon::quality {
namespace {

Problem problem_of(const contract::Dataset& dataset, std::string_view file,
                   const contract::Rule& rule, const Error& error) {
    const std::string path =
        rule.at.path.empty() ? fmt::format("{}.quality.{}", dataset.name, rule.name) : rule.at.path;
    return {std::string(file), rule.at.line, rule.at.column, path, error.detail, error.fix};
}

// The written rule that a compiled one comes from; of an option, the place of its column.
contract::Rule written_rule(const contract::Dataset& dataset, const RowRule& compiled) {
    for (const contract::Rule& rule : dataset.rules) {
        if (rule.name == compiled.name) return rule;
    }
    contract::Rule rule;
    const contract::Column* column = dataset.column(compiled.column);
    rule.at = column != nullptr ? column->at : dataset.at;
    if (rule.at.path.empty()) rule.at.path = fmt::format("{}.{}", dataset.name, compiled.name);
    return rule;
}

// One row of nulls in the columns that rules see: not none, which would leave constants unread.
std::string null_row(const contract::Dataset& dataset) {
    std::string columns = "0::BIGINT AS _flags";
    for (std::size_t i = 0; i * scan::kBitsPerMask < dataset.columns.size(); ++i) {
        columns += fmt::format(", 0::BIGINT AS _bad{}", i);
    }
    for (const contract::Column& column : dataset.columns) {
        columns += fmt::format(", NULL::{} AS {}", column_type(column).sql(),
                               sql::quote_identifier(column.name));
    }
    return with_clock(fmt::format("(SELECT {})", columns), 0);
}

// Not those that are the same for every contract.
bool may_fail_to_bind(RuleKind kind) {
    return kind != RuleKind::kRecord && kind != RuleKind::kType && kind != RuleKind::kRequired &&
           kind != RuleKind::kReference;
}

}  // namespace

Result<void> check_rules(const contract::Dataset& dataset, std::string_view file) {
    sql::DuckOptions options;
    options.memory_limit = "256MB";
    options.threads = 1;
    TRY_ASSIGN(const auto duck, sql::Duck::open(options));
    // Which would see that the row is null and leave the constants unread.
    TRY(duck->execute("PRAGMA disable_optimizer"));
    std::vector<Problem> problems;
    std::vector<std::string> names;
    for (const contract::Column& column : dataset.columns)
        names.push_back(column.name);
    for (const contract::Rule& rule : dataset.rules) {
        if (rule.expression.empty()) continue;
        if (const Result<void> allowed = sql::check_row_expression(*duck, rule.expression, names);
            !allowed) {
            problems.push_back(problem_of(dataset, file, rule, allowed.error()));
        }
    }
    if (problems.empty()) {  // then everything must bind, and every pattern compile
        TRY(duck->execute("CREATE TEMP TABLE _null_row AS SELECT * FROM " + null_row(dataset)));
        constexpr std::string_view from = "_null_row";
        for (const RowRule& rule : compile(dataset).rows) {
            if (rule.judged != Judged::kInPass || !may_fail_to_bind(rule.kind)) continue;
            const contract::Rule written = written_rule(dataset, rule);
            Result<void> bound = duck->execute(
                fmt::format("SELECT count(*) FILTER (WHERE {}) FROM {}", rule.fails, from));
            if (bound && !written.expression.empty()) {  // without TRY, which forgives rows
                bound = duck->execute(
                    fmt::format("SELECT ({}\n)::BOOLEAN FROM {}", written.expression, from));
            }
            if (!bound) {
                Error said = bound.error();
                said.detail = sql::engine_words(said.detail.en);
                problems.push_back(problem_of(dataset, file, written, said));
            }
        }
    }
    if (problems.empty()) return {};
    Error error;
    error.code = Code::kInvalid;
    error.detail = {fmt::format("Hợp đồng {} có luật không chạy được.", file),
                    fmt::format("The contract {} has rules that cannot run.", file)};
    error.fix = {"Sửa các luật nêu dưới đây.", "Mend the rules named below."};
    error.errors = std::move(problems);
    return std::unexpected(std::move(error));
}

}  // namespace nguon::quality
