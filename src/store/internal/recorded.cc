#include "store/internal/recorded.h"

#include <fmt/format.h>

#include "store/internal/control.h"
#include "store/internal/hot.h"

namespace nguon::store {
namespace {

// Calls `take` for each row of a query with one parameter.
template <class Take>
Result<void> each_row(sql::Sqlite& control, std::string_view query, std::int64_t dataset,
                      Take take) {
    TRY_ASSIGN(sql::Statement row, control.prepare(query));
    row.bind(1, dataset);
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return {};
        take(row);
    }
}

constexpr std::string_view kManifests =
    "select number, batch, sha256, jws from manifest where dataset = ? order by number";

Recorded::ManifestRow manifest_of(const sql::Statement& row) {
    return {row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
            std::string(row.text(3))};
}

constexpr std::string_view kSegments = R"sql(
    select sha256, bytes, first_seq, last_seq, inserted, updated, deleted, contract_version, batch,
           at
    from segment where dataset = ? order by first_seq)sql";

Recorded::SegmentRow segment_of(const sql::Statement& row) {
    Recorded::SegmentRow segment;
    segment.info.sha256 = row.text(0);
    segment.bytes = static_cast<std::uint64_t>(row.integer(1));
    segment.info.first = row.integer(2);
    segment.info.last = row.integer(3);
    segment.info.changes = {row.integer(4), row.integer(5), row.integer(6), 0};
    segment.info.contract_version = row.text(7);
    segment.info.batch = row.text(8);
    segment.info.at = row.integer(9);
    return segment;
}

constexpr std::string_view kFields =
    "select id, column_name, retired from field where dataset = ? order by id";

constexpr std::string_view kHead = R"sql(
    select head_seq, current_rows, head_at, manifests, head_manifest, version from dataset
    where id = ?)sql";

}  // namespace

Recorded::BatchRow batch_of(const sql::Statement& row) {
    Recorded::BatchRow batch;
    BatchInfo& info = batch.info;
    info.id = row.text(0);
    info.dataset = row.text(1);
    info.contract_version = row.text(2);
    info.mode = row.text(3);
    info.status = row.text(4) == "accepted" ? BatchStatus::kAccepted : BatchStatus::kRefused;
    info.sha256 = row.text(5);
    info.rows = {row.integer(6), row.integer(7), row.integer(8)};
    info.first = row.integer(9);
    info.last = row.integer(10);
    info.at = row.integer(11);
    info.corrects = row.text(12);
    info.quarantine_sha256 = row.text(13);
    info.receipt_json = row.text(14);
    batch.quarantine_bytes = static_cast<std::uint64_t>(row.integer(15));
    batch.idempotency_key = row.text(16);
    info.originals_sha256 = row.text(17);
    batch.originals_bytes = static_cast<std::uint64_t>(row.integer(18));
    batch.alone = row.integer(19) != 0;
    batch.sealed = row.integer(20);
    return batch;
}

Result<Recorded> load_recorded(sql::Sqlite& control, std::int64_t id, std::string_view dataset) {
    Recorded recorded;
    recorded.dataset = dataset;
    TRY(each_row(control, kHead, id, [&](const sql::Statement& row) {
        recorded.head = {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
        recorded.head_manifest = row.text(4);
        recorded.version = row.text(5);
    }));
    TRY(each_row(control, kManifests, id, [&](const sql::Statement& row) {
        recorded.manifests.push_back(manifest_of(row));
    }));
    TRY(each_row(control, kSegments, id,
                 [&](const sql::Statement& row) { recorded.segments.push_back(segment_of(row)); }));
    TRY(each_row(control, fmt::format("{}where b.dataset = ? order by b.number", kBatchColumns), id,
                 [&](const sql::Statement& row) { recorded.batches.push_back(batch_of(row)); }));
    TRY(each_row(control, kFields, id, [&](const sql::Statement& row) {
        recorded.fields.push_back(
            {{std::string(row.text(1)), static_cast<int>(row.integer(0))}, row.integer(2) != 0});
    }));
    TRY_ASSIGN(const std::vector<FormerName> former, former_names(control, id));
    for (const FormerName& name : former)  // manifests of their time have these
        recorded.fields.push_back({{name.column, name.id}, true});
    TRY_ASSIGN(recorded.rows, read_hot_rows(control, id, 0));
    return recorded;
}

}  // namespace nguon::store
