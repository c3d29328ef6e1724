// The only function that makes something true. The order of its steps is the protocol: see
// docs/concepts/commit.md before changing any.
#include <fmt/format.h>

#include "base/fail_point.h"
#include "crypto/sha256.h"
#include "store/internal/committed.h"
#include "store/internal/impl.h"
#include "store/internal/receipt.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

// Everything about a batch that is known before its transaction.
struct Prepared {
    std::int64_t dataset = 0;
    std::optional<Blob> segment, quarantine, originals;
    Seq first = 0, last = 0;  // 0, 0 when nothing changed
    Micros at = 0;
    std::int64_t manifest_number = 0;  // 0: not written yet
    std::vector<FieldId> fields;
    std::string manifest_jws, manifest_sha256;
    std::string receipt;
};

std::int64_t total(const ChangeCounts& changes) {
    return changes.inserted + changes.updated + changes.deleted;
}

std::unexpected<Error> wrong_draft(std::string_view what) {
    return fail(Code::kInternal, {fmt::format("Lô không nhất quán: {}.", what),
                                  fmt::format("The batch contradicts itself: {}.", what)});
}

// A caller that counts wrong must not get a signature under its numbers.
Result<void> check_draft(const BatchDraft& draft) {
    if (draft.id.empty() || draft.body_sha256.empty()) return wrong_draft("id, sha256");
    if (draft.rows.read != draft.rows.accepted + draft.rows.rejected) return wrong_draft("rows");
    if ((draft.segment ? draft.segment->rows : 0) != total(draft.changes))
        return wrong_draft("changes");
    if (draft.segment && draft.segment->rows == 0) return wrong_draft("segment");
    if (draft.status == BatchStatus::kRefused && draft.segment) return wrong_draft("refused");
    return {};
}

std::unexpected<Error> moved(const BatchDraft& draft) {
    return fail(Code::kConflict,
                {fmt::format("«{}» đã thay đổi trong khi lô được tính.", draft.dataset),
                 fmt::format("\"{}\" changed while the batch was being computed.", draft.dataset)},
                {"Gửi lại.", "Send it again."});
}

Manifest manifest_of(const BatchDraft& draft, const DatasetState& state, const Prepared& prepared) {
    Manifest manifest;
    manifest.dataset = draft.dataset;
    manifest.number = prepared.manifest_number;
    manifest.previous = state.head_manifest;
    manifest.batch = draft.id;
    manifest.at = prepared.at;
    manifest.contract_version = draft.contract_version;
    manifest.mode = contract::name_of(draft.mode);
    manifest.body_sha256 = draft.body_sha256;
    manifest.receipt_sha256 = crypto::sha256_hex(prepared.receipt);
    manifest.fields = prepared.fields;
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

// The ids of the columns in force, for a manifest whose contract version is not that of the batch
// before; otherwise none.
Result<std::vector<FieldId>> new_fields(sql::Sqlite& control, const BatchDraft& draft,
                                        std::int64_t dataset) {
    std::vector<FieldId> fields;
    TRY_ASSIGN(sql::Statement last, control.prepare("select contract_version from batch where "
                                                    "dataset = ? order by number desc limit 1"));
    last.bind(1, dataset);
    TRY_ASSIGN(const bool any, last.step());
    if (any && last.text(0) == draft.contract_version) return fields;
    TRY_ASSIGN(sql::Statement row, control.prepare("select id, column_name from field where "
                                                   "dataset = ? and retired = 0 order by id"));
    row.bind(1, dataset);
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return fields;
        fields.push_back({std::string(row.text(1)), static_cast<int>(row.integer(0))});
    }
}

// Durable under its final name, and referenced by nothing yet.
Result<void> write_manifest(Store::Impl& store, const BatchDraft& draft, const Prepared& prepared) {
    Disk& disk = store.disk();
    const fs::path path = store.path(manifest_path(draft.dataset, prepared.manifest_number));
    const fs::path temporary = store.path("tmp") / (draft.id + ".jws");
    TRY(disk.make_folders(path.parent_path()));
    {
        TRY_ASSIGN(const std::unique_ptr<File> file, disk.open(temporary, OpenMode::kCreate));
        TRY(file->truncate(0));
        TRY(file->write_at(0, prepared.manifest_jws));
        TRY(file->sync());
    }
    FAIL_POINT("commit.after_manifest_write");
    TRY(disk.rename(temporary, path));
    FAIL_POINT("commit.after_manifest_rename");
    TRY(disk.sync_folder(path.parent_path()));
    FAIL_POINT("commit.after_manifest_sync");
    return {};
}

// Errors: conflict when head or contract version are no longer those of the draft.
Result<void> recheck(sql::Sqlite& control, const BatchDraft& draft, std::int64_t dataset) {
    TRY_ASSIGN(sql::Statement row,
               control.prepare("select version, head_seq from dataset where id = ?"));
    row.bind(1, dataset);
    TRY_ASSIGN(const bool any, row.step());
    if (!any || row.text(0) != draft.contract_version || row.integer(1) != draft.expected_head) {
        return moved(draft);
    }
    if (draft.corrects.empty()) return {};
    TRY_ASSIGN(sql::Statement corrected,
               control.prepare("select 1 from batch where id = ? and dataset = ?"));
    corrected.bind(1, draft.corrects).bind(2, dataset);
    TRY_ASSIGN(const bool found, corrected.step());
    if (found) return {};
    return fail(Code::kNotFound,
                {fmt::format("Không có lô «{}» để sửa.", draft.corrects),
                 fmt::format("There is no batch \"{}\" to correct.", draft.corrects)});
}

Result<void> insert_batch(sql::Sqlite& control, const BatchDraft& draft, const Prepared& prepared) {
    TRY_ASSIGN(sql::Statement row, control.prepare(R"sql(
        insert into batch (id, dataset, contract_version, mode, status, idempotency_key,
            body_sha256, rows_read, rows_accepted, rows_rejected, first_seq, last_seq, at, corrects,
            quarantine_sha256, quarantine_bytes, receipt, originals_sha256, originals_bytes)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"));
    row.bind(1, draft.id).bind(2, prepared.dataset).bind(3, draft.contract_version);
    row.bind(4, contract::name_of(draft.mode));
    row.bind(5, draft.status == BatchStatus::kAccepted ? "accepted" : "refused");
    if (!draft.idempotency_key.empty()) row.bind(6, draft.idempotency_key);
    row.bind(7, draft.body_sha256);
    row.bind(8, draft.rows.read).bind(9, draft.rows.accepted).bind(10, draft.rows.rejected);
    if (prepared.last != 0) row.bind(11, prepared.first).bind(12, prepared.last);
    row.bind(13, prepared.at);
    if (!draft.corrects.empty()) row.bind(14, draft.corrects);
    if (prepared.quarantine) {
        row.bind(15, prepared.quarantine->sha256);
        row.bind(16, static_cast<std::int64_t>(prepared.quarantine->bytes));
    }
    row.bind(17, prepared.receipt);
    if (prepared.originals) {
        row.bind(18, prepared.originals->sha256);
        row.bind(19, static_cast<std::int64_t>(prepared.originals->bytes));
    }
    return row.run();
}

Result<void> insert_segment(sql::Sqlite& control, const BatchDraft& draft,
                            const Prepared& prepared) {
    TRY_ASSIGN(sql::Statement row, control.prepare(R"sql(
        insert into segment (dataset, first_seq, last_seq, sha256, bytes, inserted, updated,
            deleted, contract_version, batch, at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"));
    row.bind(1, prepared.dataset).bind(2, prepared.first).bind(3, prepared.last);
    row.bind(4, prepared.segment->sha256)
        .bind(5, static_cast<std::int64_t>(prepared.segment->bytes));
    row.bind(6, draft.changes.inserted)
        .bind(7, draft.changes.updated)
        .bind(8, draft.changes.deleted);
    row.bind(9, draft.contract_version).bind(10, draft.id).bind(11, prepared.at);
    return row.run();
}

Result<void> insert_manifest(sql::Sqlite& control, const BatchDraft& draft,
                             const Prepared& prepared) {
    TRY_ASSIGN(
        sql::Statement row,
        control.prepare(
            "insert into manifest (dataset, number, batch, sha256, jws) values (?, ?, ?, ?, ?)"));
    row.bind(1, prepared.dataset).bind(2, prepared.manifest_number).bind(3, draft.id);
    row.bind(4, prepared.manifest_sha256).bind(5, prepared.manifest_jws);
    return row.run();
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

Result<void> write_transaction(Store::Impl& store, const BatchDraft& draft,
                               const Prepared& prepared, const Head& head) {
    sql::Sqlite& control = *store.writer;
    bool commit_called = false;
    const Result<void> done = control.transaction([&]() -> Result<void> {
        TRY(recheck(control, draft, prepared.dataset));
        TRY(insert_batch(control, draft, prepared));
        if (prepared.segment) TRY(insert_segment(control, draft, prepared));
        TRY(insert_manifest(control, draft, prepared));
        TRY(move_head(control, prepared, head));
        FAIL_POINT("commit.in_transaction");
        commit_called = true;
        return {};
    });
    if (done || !commit_called) return done;
    store.outcome_unknown = true;
    if (const Result<void> settled = store.settle_outcome(); !settled) return settled;
    return done;
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
        return moved(draft);
    }
    prepared.dataset = state->id;
    prepared.at = std::max(store.options.clock->now(), store.last_at + 1);
    if (prepared.segment) {
        prepared.first = draft.expected_head + 1;
        prepared.last = draft.expected_head + draft.segment->rows;
    }
    TRY_ASSIGN(prepared.receipt, make_receipt(draft, prepared.first, prepared.last, prepared.at,
                                              *store.options.signer));
    TRY_ASSIGN(prepared.fields, new_fields(*store.writer, draft, state->id));
    prepared.manifest_number = state->head.manifests + 1;
    const std::string payload = manifest_payload(manifest_of(draft, *state, prepared));
    TRY_ASSIGN(prepared.manifest_jws, store.options.signer->sign_jws(payload, kManifestType));
    prepared.manifest_sha256 = crypto::sha256_hex(prepared.manifest_jws);
    TRY(write_manifest(store, draft, prepared));

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
    return Receipt{draft.id, prepared.receipt, false, draft.status};
}

// Takes back the files of a batch that did not become true; what stays is dropped at the next
// start. A hash that a batch refers to, or that another commit under way may have sealed, too, is
// left.
void take_back(Store::Impl& store, const BatchDraft& draft, const Prepared& prepared) {
    if (store.outcome_unknown) return;
    if (prepared.manifest_number != 0) {
        (void)store.disk().remove(
            store.path(manifest_path(draft.dataset, prepared.manifest_number)));
    }
    if (store.commits_in_flight > 1) return;
    const auto is_referenced = [&](std::string_view query, std::string_view sha256) {
        Result<sql::Statement> row = store.writer->prepare(query);
        if (!row) return true;
        row->bind(1, sha256);
        const Result<bool> found = row->step();
        return !found || *found;
    };
    if (prepared.segment && !is_referenced("select 1 from segment where sha256 = ? limit 1",
                                           prepared.segment->sha256)) {
        (void)store.blobs->remove(prepared.segment->sha256, BlobKind::kSegment);
    }
    for (const auto& blob : {prepared.quarantine, prepared.originals}) {
        if (!blob ||
            is_referenced("select 1 from batch where quarantine_sha256 = ? limit 1",
                          blob->sha256) ||
            is_referenced("select 1 from batch where originals_sha256 = ? limit 1", blob->sha256))
            continue;
        (void)store.blobs->remove(blob->sha256, BlobKind::kQuarantine);
    }
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
    const std::shared_lock lock(store.state_mutex);
    if (state->corrupt) {
        return fail(
            Code::kCorrupt,
            {fmt::format("Tập dữ liệu «{}» bị hỏng nên không nhận thêm.", draft.dataset),
             fmt::format("Dataset \"{}\" is damaged and takes no more data.", draft.dataset)},
            {"Chạy «nguon verify», rồi khôi phục từ bản sao lưu.",
             "Run `nguon verify`, then restore from a backup."});
    }
    if (state->version != draft.contract_version || state->head.seq != draft.expected_head) {
        return moved(draft);
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
    if (!receipt || receipt->repeated) take_back(store, draft, prepared);
    --store.commits_in_flight;
    return receipt;
}

}  // namespace nguon::store
