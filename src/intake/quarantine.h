// The rows that a batch set aside, read back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "store/store.h"

namespace nguon::intake {

enum class QuarantineFormat { kJson, kCsv, kParquet };

struct QuarantinePage {
    std::int64_t offset = 0;
    std::int64_t limit = 1000;  // entries; of kJson only
};

// kJson:
// {"batch","dataset","entries","rows":[{"row","column","rule","value","reason","record"}],"next"}.
Result<json::object> quarantine_rows(store::Store& store, const store::BatchInfo& batch,
                                     Language language, QuarantinePage page);
// The whole as a CSV or Parquet file written to `to`.
Result<void> export_quarantine(store::Store& store, const store::BatchInfo& batch,
                               Language language, QuarantineFormat format,
                               const std::filesystem::path& to);

}  // namespace nguon::intake
