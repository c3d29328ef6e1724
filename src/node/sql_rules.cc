// The rules that are SQL queries, in the same child process as the SQL of people: tried on empty
// datasets when a contract is applied, asked by a load.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "contract/column_type.h"
#include "node/internal/state.h"
#include "quality/sql_rules.h"
#include "query/query.h"
#include "sql/duckdb.h"
#include "store/merge.h"

namespace nguon::node {
namespace {

constexpr std::uint64_t kTrialMemory = std::uint64_t{256} << 20;

query::Question question_of(std::string sql, std::uint64_t memory) {
    query::Question question;
    question.sql = std::move(sql);
    question.limits.memory_bytes = memory;
    question.limits.rows = 2;  // one, and whether there were more
    question.limits.output_bytes = 1 << 20;
    question.limits.threads = 1;
    return question;
}

bool is_number(std::string_view type) {
    static constexpr std::array<std::string_view, 13> kNumbers{
        "TINYINT",  "SMALLINT", "INTEGER",  "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
        "UINTEGER", "UBIGINT",  "UHUGEINT", "FLOAT",  "DOUBLE",  "BOOLEAN"};
    return type.starts_with("DECIMAL") || std::ranges::find(kNumbers, type) != kNumbers.end();
}

// What the query gives must be one value. Errors: invalid.
Result<void> check_shape(const query::Answer& answer, const contract::SqlRule& rule) {
    const bool one = answer.columns.size() == 1 && answer.rows <= 1 && !answer.truncated;
    if (!one) {
        return fail(Code::kInvalid,
                    {"câu hỏi phải cho đúng một giá trị", "the query must give exactly one value"},
                    {"dùng một hàm tổng hợp: SELECT count(*) FROM ${table} WHERE …",
                     "use an aggregate: SELECT count(*) FROM ${table} WHERE …"});
    }
    if (!rule.text.empty() || is_number(answer.columns[0].type)) return {};
    return fail(
        Code::kInvalid,
        {fmt::format("câu hỏi cho {}, không phải số", answer.columns[0].type),
         fmt::format("the query gives {}, which is no number", answer.columns[0].type)},
        {"cho một số, như count(*) hay sum(…)", "give a number, such as count(*) or sum(…)"});
}

Result<quality::SqlValue> value_of(const query::Answer& answer) {
    TRY_ASSIGN(const json::value rows, parse_json(answer.body));
    quality::SqlValue value;
    if (rows.as_array().empty()) return value;
    const json::value& cell = rows.as_array()[0].as_array()[0];
    if (cell.is_null()) return value;
    if (cell.is_bool()) {
        value.number = cell.get_bool() ? 1 : 0;
    } else if (cell.is_number()) {
        value.number = cell.to_number<double>();
    } else if (cell.is_string()) {  // exact numbers past what JSON's readers hold are texts
        const std::string_view text = cell.get_string();
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (is_number(answer.columns[0].type) && error == std::errc() &&
            end == text.data() + text.size()) {
            value.number = number;
        }
        value.text = text;
    }
    if (value.text.empty()) value.text = to_text(cell);
    return value;
}

// A dataset of these columns without a row.
query::Table empty_table(const contract::Dataset& dataset) {
    std::string columns;
    for (const contract::Column& column : dataset.columns) {
        columns +=
            fmt::format("{}NULL::{} AS {}", columns.empty() ? "" : ", ",
                        contract::column_type(column).sql(), sql::quote_identifier(column.name));
    }
    return {dataset.name, fmt::format("SELECT {} WHERE false", columns), {}};
}

Problem problem_of(const contract::Contract& contract, const contract::Rule& rule,
                   const Error& error) {
    const contract::InFile& at = rule.sql->at;
    return {contract.file, at.line, at.column, at.path, error.detail, error.fix};
}

}  // namespace

Result<void> check_sql_rules(State& state, const std::vector<contract::Contract>& contracts) {
    Error wrong;
    wrong.code = Code::kInvalid;
    const query::Lookup lookup = [&](const std::string& name) -> Result<query::Table> {
        for (const contract::Contract& contract : contracts) {
            for (const contract::Dataset& dataset : contract.datasets) {
                if (dataset.name == name) return empty_table(dataset);
            }
        }
        TRY_ASSIGN(const auto dataset, state.store->dataset(name));
        return empty_table(dataset->contract);
    };
    for (const contract::Contract& contract : contracts) {
        for (const contract::Dataset& dataset : contract.datasets) {
            std::size_t count = 0;
            for (const contract::Rule& rule : dataset.rules) {
                if (!rule.sql) continue;
                if (++count > quality::kMostSqlRules) {
                    wrong.errors.push_back(problem_of(
                        contract, rule,
                        {Code::kInvalid,
                         {fmt::format("quá {} quy tắc SQL", quality::kMostSqlRules),
                          fmt::format("more than {} SQL rules", quality::kMostSqlRules)},
                         {"gộp lại, hoặc dùng type: library", "join them, or use type: library"},
                         {},
                         {}}));
                    break;
                }
                const Result<query::Answer> answer = query::run(
                    question_of(quality::query_of(dataset, rule), kTrialMemory), lookup, {});
                const Result<void> fits = answer ? check_shape(*answer, *rule.sql)
                                                 : Result<void>(std::unexpected(answer.error()));
                if (fits) continue;
                if (fits.error().code == Code::kUnavailable) return fits;
                wrong.errors.push_back(problem_of(contract, rule, fits.error()));
            }
        }
    }
    if (wrong.errors.empty()) return {};
    wrong.detail = {"Hợp đồng có quy tắc SQL không chạy được.",
                    "The contract has SQL rules that cannot run."};
    wrong.fix = {"Sửa các quy tắc nêu dưới đây.", "Mend the rules named below."};
    return std::unexpected(std::move(wrong));
}

intake::AskSql sql_asker(State& state) {
    return [&state](const intake::SqlQuestion& asked) -> Result<quality::SqlValue> {
        const query::Lookup lookup = [&](const std::string& name) -> Result<query::Table> {
            if (name == asked.dataset) return query::Table{name, asked.view_sql, asked.files};
            TRY_ASSIGN(const auto dataset, state.store->dataset(name));
            TRY_ASSIGN(const store::Head head, state.store->head(name));
            TRY_ASSIGN(const auto segments, state.store->current_files(name, head.seq));
            store::HistoryView view =
                store::current_view(*dataset, segments, head.seq, store::WithSeq::kNo);
            return query::Table{name, std::move(view.sql), std::move(view.files)};
        };
        query::Options options;
        options.folders = state.store->segment_folders();
        if (!asked.folder.empty()) options.folders.push_back(asked.folder);
        options.cancelled = asked.cancelled;
        const auto memory = static_cast<std::uint64_t>(state.config.get("query.memory_mb")) << 20;
        query::Question question = question_of(asked.sql, memory);
        question.limits.time = std::chrono::seconds(state.config.get("query.seconds"));
        TRY_ASSIGN(const query::Answer answer,
                   query::run(
                       question,
                       [&](const std::string& name) -> Result<query::Table> {
                           TRY_ASSIGN(query::Table table, lookup(name));
                           for (std::filesystem::path& file : table.files)
                               file = std::filesystem::absolute(file);
                           return table;
                       },
                       options));
        if (answer.columns.size() != 1 || answer.rows > 1 || answer.truncated) {
            return fail(Code::kInvalid, {"câu hỏi cho nhiều hơn một giá trị",
                                         "the query gave more than one value"});
        }
        return value_of(answer);
    };
}

}  // namespace nguon::node
