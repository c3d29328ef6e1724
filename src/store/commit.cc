// The only function that makes something true. The order of its steps is the protocol: see
// docs/concepts/commit.md before changing any.
#include <fmt/format.h>

#include "base/fail_point.h"
#include "crypto/sha256.h"
#include "store/internal/commit_steps.h"
#include "store/internal/committed.h"
#include "store/internal/receipt.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

std::int64_t total(const ChangeCounts& changes) {
    return changes.inserted + changes.updated + changes.deleted;
}

// A caller that counts wrong must not get a signature under its numbers.
Result<void> check_draft(const BatchDraft& draft) {
    if (draft.id.empty() || draft.body_sha256.empty()) return wrong_draft("id, sha256");
    if (draft.rows.read != draft.rows.accepted + draft.rows.rejected) return wrong_draft("rows");
    if ((draft.segment ? draft.segment->rows : 0) != total(draft.changes))
        return wrong_draft("changes");
    if (draft.segment && draft.segment->rows == 0) return wrong_draft("segment");
    if (draft.status == BatchStatus::kRefused && draft.segment) return wrong_draft("refused");
    if (draft.row) return wrong_draft("row");
    return {};
}

Manifest manifest_of(const BatchDraft& draft, const DatasetState& state, const Prepared& prepared) {
    Manifest manifest = manifest_for(draft, state, prepared);
    if (prepared.segment) {
        manifest.segments.push_back({prepared.segment->sha256, draft.segment->rows,
                                     prepared.segment->bytes, prepared.first, prepared.last,
                                     draft.changes});
    }
    if (prepared.quarantine) {
        manifest.quarantine = ManifestFile{prepared.quarantine->sha256, draft.quarantine->rows,
                                           prepared.quarantine->bytes};
    }
    if (prepared.originals) {
        manifest.originals = ManifestFile{prepared.originals->sha256, draft.originals->rows,
                                          prepared.originals->bytes};
    }
    return manifest;
}

Result<void> move_head(sql::Sqlite& control, const Prepared& prepared, const Head& head) {
    TRY_ASSIGN(sql::Statement row, control.prepare(R"sql(
        update dataset set head_seq = ?, current_rows = ?, head_at = ?, manifests = ?,
            head_manifest = ?
        where id = ?)sql"));
    row.bind(1, head.seq).bind(2, head.rows).bind(3, head.at).bind(4, head.manifests);
    row.bind(5, prepared.manifest_sha256).bind(6, prepared.dataset);
    return row.run();
}

Head head_after(Head head, const BatchDraft& draft, const Prepared& prepared) {
    if (prepared.last != 0) head.seq = prepared.last;
    head.rows += draft.changes.inserted - draft.changes.deleted;
    if (draft.status == BatchStatus::kAccepted) head.at = prepared.at;
    head.manifests = prepared.manifest_number;
    return head;
}

SegmentInfo segment_of(const BatchDraft& draft, const Prepared& prepared) {
    SegmentInfo segment;
    segment.first = prepared.first;
    segment.last = prepared.last;
    segment.changes = draft.changes;
    segment.contract_version = draft.contract_version;
    segment.batch = draft.id;
    segment.at = prepared.at;
    return segment;
}

Result<void> write_transaction(Store::Impl& store, const BatchDraft& draft,
                               const Prepared& prepared, const Head& head) {
    sql::Sqlite& control = *store.writer;
    return commit_transaction(store, [&]() -> Result<void> {
        TRY(recheck(control, draft, prepared.dataset));
        TRY(insert_batch(control, draft, prepared, Alone::kNo));
        if (prepared.segment) TRY(insert_segment(control, segment_of(draft, prepared), prepared));
        TRY(insert_manifest(control, draft.id, prepared));
        TRY(move_head(control, prepared, head));
        FAIL_POINT("commit.in_transaction");
        return {};
    });
}

// Under commit_mutex: gives the batch its time and place, and makes it true.
Result<Receipt> commit_prepared(Store::Impl& store, const BatchDraft& draft,
                                const std::shared_ptr<DatasetState>& state, Prepared& prepared) {
    TRY(store.settle_outcome());
    TRY_ASSIGN(std::optional<Receipt> earlier,
               store.find_receipt(state->id, draft.idempotency_key, draft.body_sha256));
    if (earlier) return *std::move(earlier);

    // Only commits write these, and commit_mutex is held; apply() changes the version under it,
    // too.
    if (state->version != draft.contract_version || state->head.seq != draft.expected_head) {
        return moved(draft.dataset);
    }
    if (draft.segment && state->unsealed.writes > 0) return moved(draft.dataset);
    prepared.dataset = state->id;
    prepared.at = std::max(store.options.clock->now(), store.last_at + 1);
    if (prepared.segment) {
        prepared.first = draft.expected_head + 1;
        prepared.last = draft.expected_head + draft.segment->rows;
    }
    TRY_ASSIGN(prepared.receipt, make_receipt(draft, prepared.first, prepared.last, prepared.at,
                                              *store.options.signer));
    TRY_ASSIGN(prepared.fields, new_fields(*store.writer, draft.contract_version, state->id));
    prepared.manifest_number = state->head.manifests + 1;
    TRY(sign_and_write(store, manifest_of(draft, *state, prepared), prepared));

    const Head head = head_after(state->head, draft, prepared);
    TRY(write_transaction(store, draft, prepared, head));
    FAIL_POINT("commit.after_transaction");
    note_committed(store.disk(), store.options.folder, draft.dataset, prepared.manifest_number);

    store.last_at = prepared.at;
    {
        const std::unique_lock lock(store.state_mutex);
        state->head = head;
        state->head_manifest = prepared.manifest_sha256;
    }
    store.tell_changed();
    return Receipt{draft.id, prepared.receipt, false, draft.status};
}

Result<void> seal_files(Store::Impl& store, const BatchDraft& draft, Prepared& prepared) {
    if (draft.segment) {
        TRY_ASSIGN(prepared.segment, store.blobs->seal(draft.segment->path, BlobKind::kSegment));
    }
    if (draft.quarantine) {
        TRY_ASSIGN(prepared.quarantine,
                   store.blobs->seal(draft.quarantine->path, BlobKind::kQuarantine));
    }
    if (draft.originals) {
        TRY_ASSIGN(prepared.originals,
                   store.blobs->seal(draft.originals->path, BlobKind::kQuarantine));
    }
    FAIL_POINT("commit.after_seal");
    return {};
}

// What a caller needs to know before the costly steps. Everything is checked again later.
Result<std::optional<Receipt>> check_early(Store::Impl& store, const BatchDraft& draft,
                                           const std::shared_ptr<DatasetState>& state) {
    TRY_ASSIGN(std::optional<Receipt> earlier,
               store.find_receipt(state->id, draft.idempotency_key, draft.body_sha256));
    if (earlier) return earlier;
    TRY(check_sound(store, *state));
    const std::shared_lock lock(store.state_mutex);
    if (state->version != draft.contract_version || state->head.seq != draft.expected_head) {
        return moved(draft.dataset);
    }
    return std::nullopt;
}

}  // namespace

Result<Receipt> Store::commit(const BatchDraft& draft) {
    Impl& store = *m_impl;
    TRY(check_draft(draft));
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, store.find(draft.dataset));
    {
        const std::lock_guard lock(store.commit_mutex);
        TRY(store.check_writable());
        TRY(store.settle_outcome());
        TRY_ASSIGN(std::optional<Receipt> earlier, check_early(store, draft, state));
        if (earlier) return *std::move(earlier);
        ++store.commits_in_flight;
    }
    // Hashing and syncing large files happens outside the lock: commits of other datasets go on.
    Prepared prepared;
    Result<void> sealed = seal_files(store, draft, prepared);

    const std::lock_guard lock(store.commit_mutex);
    Result<Receipt> receipt = sealed ? commit_prepared(store, draft, state, prepared)
                                     : Result<Receipt>(std::unexpected(std::move(sealed).error()));
    if (!receipt || receipt->repeated) take_back(store, draft.dataset, prepared);
    --store.commits_in_flight;
    return receipt;
}

}  // namespace nguon::store
