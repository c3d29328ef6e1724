#include "intake/fixed_cells.h"

#include <fmt/format.h>

#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

using sql::quote_literal;

Result<std::unique_ptr<sql::Duck>> open_duck() {
    sql::DuckOptions options;
    options.memory_limit = "256MB";
    options.threads = 1;
    return sql::Duck::open(options);
}

std::string selected(const store::Store& store, const store::BatchInfo& batch) {
    const std::filesystem::path file =
        store.options().folder / "quarantine" / (batch.originals_sha256 + ".parquet");
    return fmt::format(
        "SELECT \"row\", \"column\", original, CASE WHEN \"column\" IS NOT NULL THEN \"value\" END "
        "AS \"value\", fix FROM read_parquet({})",
        quote_literal(file.string()));
}

}  // namespace

Result<json::object> fixed_cells(store::Store& store, const store::BatchInfo& batch,
                                 QuarantinePage page) {
    json::object answer{{"batch", batch.id}, {"dataset", batch.dataset}, {"entries", 0}};
    answer["rows"] = json::array();
    answer["next"] = nullptr;
    if (batch.originals_sha256.empty()) return answer;
    TRY_ASSIGN(const auto duck, open_duck());
    const std::string select = selected(store, batch);
    TRY_ASSIGN(const std::int64_t entries,
               duck->query_integer(fmt::format("SELECT count(*) FROM ({})", select)));
    TRY_ASSIGN(sql::DuckResult result,
               duck->query(fmt::format("{} LIMIT {} OFFSET {}", select, page.limit, page.offset)));
    json::array& rows = answer["rows"].get_array();
    for (;;) {
        TRY_ASSIGN(const std::size_t count, result.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i) {
            json::object row;
            for (std::size_t c = 0; c < result.column_count(); ++c)
                row[result.name(c)] = result.json(c, i);
            rows.push_back(std::move(row));
        }
    }
    answer["entries"] = entries;
    if (page.offset + page.limit < entries) answer["next"] = page.offset + page.limit;
    return answer;
}

Result<void> export_fixed_cells(store::Store& store, const store::BatchInfo& batch,
                                const std::filesystem::path& to) {
    if (batch.originals_sha256.empty()) {
        return fail(Code::kNotFound,
                    {fmt::format("Lô {} không sửa ô nào.", batch.id),
                     fmt::format("Batch {} changed no cell.", batch.id)},
                    {"Chỉ tệp nạp với --fix mới có ô được sửa.",
                     "Only a file loaded with --fix has cells that were changed."});
    }
    TRY_ASSIGN(const auto duck, open_duck());
    return duck->execute(fmt::format("COPY ({}) TO {} (FORMAT csv, HEADER)", selected(store, batch),
                                     quote_literal(to.string())));
}

}  // namespace nguon::intake
