#include "intake/quarantine.h"

#include <fmt/format.h>

#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

using sql::quote_literal;

std::string selected(const store::Store& store, const store::BatchInfo& batch, Language language) {
    const std::filesystem::path file =
        store.options().folder / "quarantine" / (batch.quarantine_sha256 + ".parquet");
    return fmt::format(
        "SELECT \"row\", \"column\", \"rule\", \"value\", {} AS \"reason\", \"record\" FROM "
        "read_parquet({})",
        language == Language::kVietnamese ? "\"reason\"" : "\"reason_en\"",
        quote_literal(file.string()));
}

Result<std::unique_ptr<sql::Duck>> open_duck() {
    sql::DuckOptions options;
    options.memory_limit = "256MB";
    options.threads = 1;
    return sql::Duck::open(options);
}

}  // namespace

Result<json::object> quarantine_rows(store::Store& store, const store::BatchInfo& batch,
                                     Language language, QuarantinePage page) {
    json::object answer{{"batch", batch.id}, {"dataset", batch.dataset}, {"entries", 0}};
    json::array rows;
    answer["next"] = nullptr;
    if (!batch.quarantine_sha256.empty()) {
        TRY_ASSIGN(const auto duck, open_duck());
        const std::string select = selected(store, batch, language);
        TRY_ASSIGN(const std::int64_t entries,
                   duck->query_integer(fmt::format("SELECT count(*) FROM ({})", select)));
        TRY_ASSIGN(sql::DuckResult result, duck->query(fmt::format("{} LIMIT {} OFFSET {}", select,
                                                                   page.limit, page.offset)));
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
    }
    answer["rows"] = std::move(rows);
    return answer;
}

Result<void> export_quarantine(store::Store& store, const store::BatchInfo& batch,
                               Language language, QuarantineFormat format,
                               const std::filesystem::path& to) {
    if (batch.quarantine_sha256.empty()) {
        return fail(Code::kNotFound,
                    {fmt::format("Lô {} không có dòng nào bị loại.", batch.id),
                     fmt::format("Batch {} set no row aside.", batch.id)},
                    {"Không cần làm gì.", "There is nothing to do."});
    }
    TRY_ASSIGN(const auto duck, open_duck());
    return duck->execute(fmt::format(
        "COPY ({}) TO {} ({})", selected(store, batch, language), quote_literal(to.string()),
        format == QuarantineFormat::kCsv ? "FORMAT csv, HEADER" : "FORMAT parquet"));
}

}  // namespace nguon::intake
