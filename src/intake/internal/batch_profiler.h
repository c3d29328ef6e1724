// The profile of a batch that is staged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "contract/contract.h"
#include "quality/batch_profile.h"
#include "sql/duckdb.h"

namespace nguon::intake {

struct StagedBatch {
    sql::Duck& duck;
    const contract::Dataset& dataset;
    const std::filesystem::path& file;  // Parquet
    std::int64_t rows = 0;
    // Different values of the first columns of the dataset; the others are not counted.
    const std::vector<std::int64_t>& distinct;
    const std::vector<quality::BatchProfile>& before;  // newest first: the bins are theirs
};
// Empty values come from the file's own statistics; only columns whose distribution is kept are
// read. Errors: as of sql.
Result<quality::BatchProfile> profile_of(const StagedBatch& batch);

}  // namespace nguon::intake
