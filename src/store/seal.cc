// Rows written alone become a segment like every other: sealed, signed, and only then out of
// control.db. One transaction moves them, so that they are always in one place.
#include <fmt/format.h>

#include <algorithm>

#include "base/fail_point.h"
#include "crypto/sha256.h"
#include "store/internal/commit_steps.h"
#include "store/internal/committed.h"
#include "store/internal/hot.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

// The writes that wait, as one manifest says them.
struct Waiting {
    std::int64_t writes = 0;
    std::string receipts_sha256, last_receipt, last_batch, last_body, contract_version, mode;
    Micros last_at = 0;
    std::vector<HotRow> rows;
};

Result<Waiting> waiting_of(Store::Impl& store, std::int64_t dataset) {
    const std::lock_guard lock(store.read_mutex);
    Waiting waiting;
    TRY_ASSIGN(sql::Statement row, store.reader->prepare(R"sql(
        select id, body_sha256, contract_version, mode, at, receipt from batch
        where dataset = ? and alone = 1 and sealed is null order by number)sql"));
    row.bind(1, dataset);
    ReceiptsHash receipts;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) break;
        ++waiting.writes;
        receipts.add(row.text(5));
        waiting.last_batch = row.text(0);
        waiting.last_body = row.text(1);
        waiting.contract_version = row.text(2);
        waiting.mode = row.text(3);
        waiting.last_at = row.integer(4);
        waiting.last_receipt = row.text(5);
    }
    waiting.receipts_sha256 = receipts.hex();
    TRY_ASSIGN(waiting.rows, read_hot_rows(*store.reader, dataset, 0));
    return waiting;
}

SegmentInfo segment_of(const Waiting& waiting) {
    SegmentInfo segment;
    segment.first = waiting.rows.front().seq;
    segment.last = waiting.rows.back().seq;
    segment.changes = count(waiting.rows);
    segment.contract_version = waiting.contract_version;
    segment.batch = waiting.last_batch;
    segment.at = waiting.last_at;
    return segment;
}

Manifest manifest_of(const Waiting& waiting, const DatasetState& state, const Prepared& prepared) {
    Manifest manifest;
    manifest.dataset = state.name;
    manifest.number = prepared.manifest_number;
    manifest.previous = state.head_manifest;
    manifest.batch = waiting.last_batch;
    manifest.at = waiting.last_at;
    manifest.contract_version = waiting.contract_version;
    manifest.mode = waiting.mode;
    manifest.body_sha256 = waiting.last_body;
    manifest.receipt_sha256 = crypto::sha256_hex(waiting.last_receipt);
    manifest.fields = prepared.fields;
    manifest.writes = waiting.writes;
    manifest.writes_sha256 = waiting.receipts_sha256;
    if (prepared.segment) {
        const SegmentInfo segment = segment_of(waiting);
        manifest.segments.push_back(
            {prepared.segment->sha256, static_cast<std::int64_t>(waiting.rows.size()),
             prepared.segment->bytes, segment.first, segment.last, segment.changes});
    }
    return manifest;
}

Result<void> move_rows(sql::Sqlite& control, const Waiting& waiting, const Prepared& prepared) {
    if (prepared.segment) TRY(insert_segment(control, segment_of(waiting), prepared));
    TRY(insert_manifest(control, waiting.last_batch, prepared));
    TRY_ASSIGN(sql::Statement head,
               control.prepare("update dataset set manifests = ?, head_manifest = ? where id = ?"));
    head.bind(1, prepared.manifest_number).bind(2, prepared.manifest_sha256);
    TRY(head.bind(3, prepared.dataset).run());
    TRY_ASSIGN(sql::Statement sealed, control.prepare("update batch set sealed = ? where dataset = "
                                                      "? and alone = 1 and sealed is null"));
    TRY(sealed.bind(1, prepared.manifest_number).bind(2, prepared.dataset).run());
    if (control.changes() != waiting.writes) return wrong_draft("writes");
    TRY_ASSIGN(sql::Statement taken, control.prepare("delete from hot where dataset = ?"));
    TRY(taken.bind(1, prepared.dataset).run());
    if (control.changes() != static_cast<std::int64_t>(waiting.rows.size()))
        return wrong_draft("rows");
    FAIL_POINT("hot.in_transaction");
    return {};
}

}  // namespace

Result<void> Store::Impl::seal(const std::shared_ptr<DatasetState>& state) {
    TRY(check_writable());
    TRY(check_sound(*this, *state));
    TRY_ASSIGN(const auto info, load_info(state));
    TRY_ASSIGN(const Waiting waiting, waiting_of(*this, state->id));
    if (waiting.writes == 0) return {};
    Prepared prepared;
    prepared.dataset = state->id;
    if (!waiting.rows.empty()) {
        const fs::path file = path("tmp") / (make_id(*options.clock, *options.random) + ".parquet");
        TRY(options.write_segment(*info, waiting.rows, file));
        TRY_ASSIGN(prepared.segment, blobs->seal(file, BlobKind::kSegment));
        FAIL_POINT("hot.after_segment");
    }
    const std::lock_guard lock(commit_mutex);
    TRY(settle_outcome());
    TRY_ASSIGN(prepared.fields, new_fields(*writer, waiting.contract_version, state->id));
    prepared.manifest_number = state->head.manifests + 1;
    TRY(sign_and_write(*this, manifest_of(waiting, *state, prepared), prepared));
    const Result<void> moved_rows =
        commit_transaction(*this, [&] { return move_rows(*writer, waiting, prepared); });
    if (!moved_rows) {
        take_back(*this, state->name, prepared);
        return moved_rows;
    }
    FAIL_POINT("hot.after_transaction");
    note_committed(disk(), options.folder, state->name, prepared.manifest_number);
    const std::unique_lock states_lock(state_mutex);
    state->head.manifests = prepared.manifest_number;
    state->head_manifest = prepared.manifest_sha256;
    state->unsealed = {};
    return {};
}

Result<void> Store::seal(std::string_view name) {
    TRY(lock(name, HotRows::kSeal));
    return {};
}

Result<void> Store::seal(const WriteLock& held) {
    {
        const std::shared_lock states(m_impl->state_mutex);
        if (held.state()->unsealed.writes == 0) return {};
    }
    return m_impl->seal(held.state());
}

std::vector<Store::Unsealed> Store::unsealed() const {
    const std::shared_lock lock(m_impl->state_mutex);
    std::vector<Unsealed> all;
    for (const auto& [name, state] : m_impl->states) {
        if (state->unsealed.writes == 0) continue;
        all.push_back(state->unsealed);
        all.back().dataset = name;
    }
    return all;
}

}  // namespace nguon::store
