#include "intake/fixed_cells.h"

#include <fmt/format.h>

#include "intake/internal/kept_rows.h"
#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

using sql::quote_literal;

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
    TRY_ASSIGN(const auto duck, open_small_duck());
    const bool any = !batch.originals_sha256.empty();
    return page_of(batch, *duck, any ? selected(store, batch) : std::string(), page);
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
    TRY_ASSIGN(const auto duck, open_small_duck());
    return duck->execute(fmt::format("COPY ({}) TO {} (FORMAT csv, HEADER)", selected(store, batch),
                                     quote_literal(to.string())));
}

}  // namespace nguon::intake
