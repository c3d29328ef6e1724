// The rows that a batch set aside, read back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "sql/duckdb.h"
#include "store/store.h"

namespace nguon::intake {

enum class QuarantineFormat { kJson, kCsv, kParquet };

struct QuarantinePage {
    std::int64_t offset = 0;
    std::int64_t limit = 1000;  // entries; of kJson only
};

// kJson:
// {"batch","dataset","entries","rows":[{"row","column","rule","value","reason","record","mended"}],
// "next"}; `mended`: the batch that mended the row since, or null.
Result<json::object> quarantine_rows(store::Store& store, const store::BatchInfo& batch,
                                     Language language, QuarantinePage page);
// The whole as a file written to `to`. Parquet: as kJson's rows. CSV is for mending: one line for
// each row that was set aside and that no batch mended since, with the columns of the dataset's
// contract, values as they stood in the file, those of sheets, JSON and Parquet as the contract
// writes them, then `_row`, `_rule`, `_reason` (all of the row's, joined by "; "), `_record` (the
// text of a record that could not be taken apart, else empty) and `_id` (RowAside). A load leaves
// out columns whose name begins with `_`, so the mended file can be sent as it is.
// Errors: not_found when no row was set aside, or each was mended; unavailable when the disk is
// full.
Result<void> export_quarantine(store::Store& store, const store::BatchInfo& batch,
                               Language language, QuarantineFormat format,
                               const std::filesystem::path& to);

// Whether the batch's quarantine file says which row of another batch a row was.
Result<bool> names_origins(sql::Duck& duck, const std::filesystem::path& file);

// Of a batch that corrects another: how many of that one's rows it mended.
std::int64_t corrected_rows(const store::BatchInfo& batch);

}  // namespace nguon::intake
