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
        std::uint64_t quarantine_bytes = 0, originals_bytes = 0;
        std::string idempotency_key;
        bool alone = false;
        std::int64_t sealed = 0;  // of one alone: the number of its manifest; 0: not yet
    };
    struct FieldRow {
        FieldId field;
        bool retired = false;
    };
    std::string dataset, version;  // the contract version in force
    std::int64_t committed = 0;    // manifests that the folder says were committed at least
    Head head;
    std::string head_manifest;
    std::vector<ManifestRow> manifests;  // by number
    std::vector<SegmentRow> segments;    // by first
    std::vector<BatchRow> batches;       // oldest first
    std::vector<FieldRow> fields;        // by id; former names behind, as retired
    std::vector<HotRow> rows;            // that wait for their segment
};

// The one reader of batches: `kBatchColumns` and a condition, then batch_of() for each row.
inline constexpr std::string_view kBatchColumns = R"sql(
    select b.id, d.name, b.contract_version, b.mode, b.status, b.body_sha256, b.rows_read,
           b.rows_accepted, b.rows_rejected, b.first_seq, b.last_seq, b.at, b.corrects,
           b.quarantine_sha256, b.receipt, b.quarantine_bytes, b.idempotency_key, b.originals_sha256,
           b.originals_bytes, b.alone, b.sealed
    from batch b join dataset d on d.id = b.dataset )sql";
Recorded::BatchRow batch_of(const sql::Statement& row);

// Errors: corrupt, unavailable.
Result<Recorded> load_recorded(sql::Sqlite& control, std::int64_t id, std::string_view dataset);

}  // namespace nguon::store
