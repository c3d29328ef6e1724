#include "store/internal/commit_steps.h"

#include <fmt/format.h>

#include "base/fail_point.h"
#include "crypto/sha256.h"

namespace nguon::store {

namespace fs = std::filesystem;

std::unexpected<Error> wrong_draft(std::string_view what) {
    return fail(Code::kInternal, {fmt::format("Lô không nhất quán: {}.", what),
                                  fmt::format("The batch contradicts itself: {}.", what)});
}

std::unexpected<Error> moved(std::string_view dataset) {
    return fail(Code::kConflict,
                {fmt::format("«{}» đã thay đổi trong khi lô được tính.", dataset),
                 fmt::format("\"{}\" changed while the batch was being computed.", dataset)},
                {"Gửi lại.", "Send it again."});
}

Result<void> check_sound(Store::Impl& store, const DatasetState& state) {
    const std::shared_lock lock(store.state_mutex);
    if (!state.corrupt) return {};
    return fail(Code::kCorrupt,
                {fmt::format("Tập dữ liệu «{}» bị hỏng nên không nhận thêm.", state.name),
                 fmt::format("Dataset \"{}\" is damaged and takes no more data.", state.name)},
                {"Chạy «nguon verify», rồi khôi phục từ bản sao lưu.",
                 "Run `nguon verify`, then restore from a backup."});
}

Result<std::vector<FieldId>> new_fields(sql::Sqlite& control, std::string_view version,
                                        std::int64_t dataset) {
    std::vector<FieldId> fields;
    TRY_ASSIGN(sql::Statement last,
               control.prepare("select b.contract_version from manifest m join batch b on b.id = "
                               "m.batch where m.dataset = ? order by m.number desc limit 1"));
    last.bind(1, dataset);
    TRY_ASSIGN(const bool any, last.step());
    if (any && last.text(0) == version) return fields;
    TRY_ASSIGN(sql::Statement row, control.prepare("select id, column_name from field where "
                                                   "dataset = ? and retired = 0 order by id"));
    row.bind(1, dataset);
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return fields;
        fields.push_back({std::string(row.text(1)), static_cast<int>(row.integer(0))});
    }
}

Manifest manifest_for(const BatchDraft& draft, const DatasetState& state,
                      const Prepared& prepared) {
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
    return manifest;
}

Result<bool> is_referenced(sql::Sqlite& control, BlobKind kind, std::string_view sha256) {
    TRY_ASSIGN(const sql::KeptStatement row,
               control.kept(kind == BlobKind::kSegment
                                ? "select 1 from segment where sha256 = ?1 limit 1"
                                : "select 1 from batch where quarantine_sha256 = ?1 or "
                                  "originals_sha256 = ?1 limit 1"));
    row->bind(1, sha256);
    return row->step();
}

Result<void> sign_and_write(Store::Impl& store, const Manifest& manifest, Prepared& prepared) {
    TRY_ASSIGN(prepared.manifest_jws,
               store.options.signer->sign_jws(manifest_payload(manifest), kManifestType));
    prepared.manifest_sha256 = crypto::sha256_hex(prepared.manifest_jws);
    Disk& disk = store.disk();
    const fs::path path = store.path(manifest_path(manifest.dataset, manifest.number));
    const fs::path temporary = store.path("tmp") / (manifest.batch + ".jws");
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

Result<void> recheck(sql::Sqlite& control, const BatchDraft& draft, std::int64_t dataset) {
    TRY_ASSIGN(const sql::KeptStatement row,
               control.kept("select version, head_seq from dataset where id = ?"));
    row->bind(1, dataset);
    TRY_ASSIGN(const bool any, row->step());
    if (!any || row->text(0) != draft.contract_version || row->integer(1) != draft.expected_head) {
        return moved(draft.dataset);
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

Result<void> insert_batch(sql::Sqlite& control, const BatchDraft& draft, const Prepared& prepared,
                          Alone alone) {
    TRY_ASSIGN(const sql::KeptStatement kept, control.kept(R"sql(
        insert into batch (id, dataset, contract_version, mode, status, idempotency_key,
            body_sha256, rows_read, rows_accepted, rows_rejected, first_seq, last_seq, at, corrects,
            quarantine_sha256, quarantine_bytes, receipt, originals_sha256, originals_bytes, alone)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"));
    sql::Statement& row = *kept;
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
    row.bind(20, std::int64_t{alone == Alone::kYes ? 1 : 0});
    return row.run();
}

Result<void> insert_segment(sql::Sqlite& control, const SegmentInfo& segment,
                            const Prepared& prepared) {
    TRY_ASSIGN(sql::Statement row, control.prepare(R"sql(
        insert into segment (dataset, first_seq, last_seq, sha256, bytes, inserted, updated,
            deleted, contract_version, batch, at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"));
    row.bind(1, prepared.dataset).bind(2, segment.first).bind(3, segment.last);
    row.bind(4, prepared.segment->sha256)
        .bind(5, static_cast<std::int64_t>(prepared.segment->bytes));
    row.bind(6, segment.changes.inserted)
        .bind(7, segment.changes.updated)
        .bind(8, segment.changes.deleted);
    row.bind(9, segment.contract_version).bind(10, segment.batch).bind(11, segment.at);
    return row.run();
}

Result<void> insert_manifest(sql::Sqlite& control, std::string_view batch,
                             const Prepared& prepared) {
    TRY_ASSIGN(
        sql::Statement row,
        control.prepare(
            "insert into manifest (dataset, number, batch, sha256, jws) values (?, ?, ?, ?, ?)"));
    row.bind(1, prepared.dataset).bind(2, prepared.manifest_number).bind(3, batch);
    row.bind(4, prepared.manifest_sha256).bind(5, prepared.manifest_jws);
    return row.run();
}

void take_back(Store::Impl& store, std::string_view dataset, const Prepared& prepared) {
    if (store.outcome_unknown) return;
    if (prepared.manifest_number != 0) {
        (void)store.disk().remove(store.path(manifest_path(dataset, prepared.manifest_number)));
    }
    if (store.commits_in_flight > 1) return;
    const auto drop = [&](const std::optional<Blob>& blob, BlobKind kind) {
        if (blob && !is_referenced(*store.writer, kind, blob->sha256).value_or(true))
            (void)store.blobs->remove(blob->sha256, kind);
    };
    drop(prepared.segment, BlobKind::kSegment);
    drop(prepared.quarantine, BlobKind::kQuarantine);
    drop(prepared.originals, BlobKind::kQuarantine);
}

}  // namespace nguon::store
