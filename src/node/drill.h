// A backup tried: restored into a scratch folder, verified, and asked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "backup/backup.h"
#include "base/result.h"

namespace nguon::node {

struct DrilledDataset {
    std::string dataset;
    std::int64_t rows = 0;      // that a reader counts in what was restored
    std::int64_t recorded = 0;  // that the backup says
};
struct Drill {
    std::string backup;
    Micros at = 0;
    std::int64_t files = 0;
    std::uint64_t bytes = 0;
    double restore_seconds = 0,
           answer_seconds = 0;  // to restore; to open and answer the first time
    std::vector<DrilledDataset> datasets;
    bool ok() const;  // every dataset has the rows that were recorded
};

// In a folder of its own below `scratch`, which goes. Errors: those of restore().
Result<Drill> drill(const Host& host, backup::Repository& repository, const crypto::SecretKey& key,
                    const std::filesystem::path& scratch, const backup::Wanted& wanted,
                    const backup::Progress& progress);

}  // namespace nguon::node
