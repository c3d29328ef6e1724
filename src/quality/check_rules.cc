// Written rules tried before a contract is applied: what cannot run is refused then, not at the
// first load.
#include <fmt/format.h>

#include "quality/rules.h"
#include "sql/allow_list.h"
#include "sql/duckdb.h"

namespace nguon::quality {
namespace {

Problem problem_of(const contract::Dataset& dataset, std::string_view file,
                   const contract::Rule& rule, const Error& error) {
    const std::string path =
        rule.path.empty() ? fmt::format("{}.quality.{}", dataset.name, rule.name) : rule.path;
    return {std::string(file), rule.line, rule.column_in_file, path, error.detail, error.fix};
}

// The written rule that a compiled one comes from; of an option, the place of its column.
contract::Rule written_rule(const contract::Dataset& dataset, const RowRule& compiled) {
    for (const contract::Rule& rule : dataset.rules) {
        if (rule.name == compiled.name) return rule;
    }
    contract::Rule rule;
    const contract::Column* column = dataset.column(compiled.column);
    rule.line = column != nullptr ? column->line : 0;
    rule.path = fmt::format("{}.{}", dataset.name, compiled.name);
    return rule;
}

// An empty table with the columns that rules see.
std::string empty_table(const contract::Dataset& dataset) {
    std::string columns = "0::BIGINT AS _flags";
    for (std::size_t i = 0; i * scan::kBitsPerMask < dataset.columns.size(); ++i) {
        columns += fmt::format(", 0::BIGINT AS _bad{}", i);
    }
    for (const contract::Column& column : dataset.columns) {
        columns += fmt::format(", NULL::{} AS {}", type_of(column).sql(),
                               sql::quote_identifier(column.name));
    }
    return fmt::format("(SELECT {} WHERE false)", columns);
}

}  // namespace

Result<void> check_rules(const contract::Dataset& dataset, std::string_view file) {
    sql::DuckOptions options;
    options.memory_limit = "256MB";
    options.threads = 1;
    TRY_ASSIGN(const auto duck, sql::Duck::open(options));
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
        const std::string from = empty_table(dataset);
        for (const RowRule& rule : compile(dataset).rows) {
            if (rule.judged != Judged::kInPass || rule.kind == RuleKind::kReference) continue;
            const Result<void> bound = duck->execute(
                fmt::format("SELECT count(*) FILTER (WHERE {}) FROM {}", rule.fails, from));
            if (!bound)
                problems.push_back(
                    problem_of(dataset, file, written_rule(dataset, rule), bound.error()));
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
