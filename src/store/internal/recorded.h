// A dataset as the control database has it, for verify.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "sql/sqlite.h"
#include "store/store.h"

namespace nguon::store {

// What the control database says of one dataset, all of one moment.
struct Recorded {
    struct ManifestRow {
        std::int64_t number = 0;
        std::string batch, sha256, jws;
    };
    struct SegmentRow {
        SegmentInfo info;
        std::uint64_t bytes = 0;
    };
    struct BatchRow {
        BatchInfo info;
        std::uint64_t quarantine_bytes = 0;
    };
    std::string dataset;
    Head head;
    std::string head_manifest;
    std::vector<ManifestRow> manifests;  // by number
    std::vector<SegmentRow> segments;    // by first
    std::vector<BatchRow> batches;       // oldest first
};

// Errors: corrupt, unavailable.
Result<Recorded> load_recorded(sql::Sqlite& control, std::int64_t id, std::string_view dataset);

}  // namespace nguon::store
