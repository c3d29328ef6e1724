// Erasure: the one way in which sealed files are replaced. The order of its steps is the protocol:
// docs/concepts/erasure.md.
#include "store/eraser.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <thread>

#include "base/fail_point.h"
#include "crypto/sha256.h"
#include "store/internal/commit_steps.h"
#include "store/internal/committed.h"
#include "store/internal/control.h"
#include "store/internal/receipt.h"
#include "store/internal/recorded.h"
#include "store/key.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

std::string_view kind_name(BlobKind kind) {
    return kind == BlobKind::kSegment ? "segment" : "quarantine";
}

// A sealed file, and what comes in its place.
struct Rewritten {
    Redaction redaction;
    BlobKind kind = BlobKind::kSegment;
    fs::path draft;  // under tmp/
};
// A receipt likewise.
struct NewReceipt {
    std::string batch, text;
    bool loses_key = false;  // its idempotency key
};

struct Plan {
    std::vector<Rewritten> files;
    std::vector<NewReceipt> receipts;
    std::vector<Redaction> redactions;  // of all of them
    std::int64_t changes = 0, rows_aside = 0;
};

class Planner {
public:
    Planner(Store::Impl& store, Eraser& eraser, const Erasure& erasure, const DatasetInfo& dataset)
        : m_store(store), m_eraser(eraser), m_erasure(erasure), m_dataset(dataset) {}

    Result<Plan> plan(const Recorded& recorded) {
        std::vector<SegmentInfo> segments;
        for (const Recorded::SegmentRow& row : recorded.segments) {
            segments.push_back(row.info);
            segments.back().path = m_store.blobs->path_of(row.info.sha256, BlobKind::kSegment);
        }
        TRY_ASSIGN(m_found, m_eraser.find(m_dataset, segments, m_erasure.keys));
        TRY(choose_signs());
        if (m_found.stands) {
            return fail(Code::kConflict, {"Dòng này đang còn hiệu lực.", "The row stands."},
                        {"Xóa nó trước, rồi xóa khỏi lịch sử.",
                         "Delete it first, then erase it from history."});
        }
        for (const SegmentInfo& segment : segments)
            TRY(take_segment(segment));
        for (const Recorded::BatchRow& batch : recorded.batches)
            TRY(take_batch(batch));
        if (m_plan.redactions.empty()) {
            return fail(Code::kNotFound,
                        {"Không có gì về các dòng này, cả trong lịch sử lẫn các dòng để riêng.",
                         "Nothing is said of these rows, neither in history nor in rows set "
                         "aside."},
                        {"Kiểm tra khóa.", "Check the key."});
        }
        return std::move(m_plan);
    }

private:
    // Of rows set aside the key; cells that were mended stand in their file without it.
    Result<void> choose_signs() {
        for (const std::string& key : m_erasure.keys) {
            TRY_ASSIGN(const std::vector<std::string> values, parse_key(m_dataset.contract, key));
            std::size_t length = 0;
            for (const std::string& value : values)
                length += value.size();
            if (length >= kShortestSign) m_keys.push_back(values);
        }
        for (const std::string& word : m_found.words)
            m_words.push_back({word});
        return {};
    }

    Result<Rewritten> rewritten(const Redaction& redaction, BlobKind kind, const fs::path& draft) {
        Rewritten file{redaction, kind, draft};
        Disk& disk = m_store.disk();
        TRY_ASSIGN(file.redaction.after, crypto::sha256_hex_of_file(disk, draft));
        TRY_ASSIGN(file.redaction.bytes, disk.size_of(draft));
        m_plan.redactions.push_back(file.redaction);
        return file;
    }

    fs::path draft() {
        const Store::Options& options = m_store.options;
        return m_store.path("tmp") / (make_id(*options.clock, *options.random) + ".parquet");
    }

    Result<void> take_segment(const SegmentInfo& segment) {
        const auto first = m_found.changes.lower_bound(segment.first);
        const auto end = m_found.changes.upper_bound(segment.last);
        if (first == end) return {};
        const std::set<Seq> changes(first, end);
        const fs::path to = draft();
        TRY_ASSIGN(const Eraser::Counted counted,
                   m_eraser.rewrite_segment(segment.path, segment.first, changes, to));
        const std::int64_t left =
            counted.changes.inserted + counted.changes.updated + counted.changes.deleted;
        if (left + counted.erased != segment.last - segment.first + 1) return wrong_draft("erased");
        Redaction redaction;
        redaction.batch = segment.batch;
        redaction.first = segment.first;
        redaction.before = segment.sha256;
        redaction.rows = static_cast<std::int64_t>(changes.size());
        redaction.changes = counted.changes;
        TRY_ASSIGN(Rewritten file, rewritten(redaction, BlobKind::kSegment, to));
        m_plan.files.push_back(std::move(file));
        m_plan.changes += redaction.rows;
        return {};
    }

    Result<void> take_batch(const Recorded::BatchRow& row) {
        const BatchInfo& batch = row.info;
        bool speaks = batch.last != 0 && m_found.changes.lower_bound(batch.first) !=
                                             m_found.changes.upper_bound(batch.last);
        TRY_ASSIGN(const bool aside,
                   take_aside(Redaction::Of::kQuarantine, batch.id, batch.quarantine_sha256));
        TRY_ASSIGN(const bool mended,
                   take_aside(Redaction::Of::kOriginals, batch.id, batch.originals_sha256));
        speaks = speaks || aside || mended ||
                 std::ranges::any_of(m_found.words, [&](const std::string& word) {
                     return batch.receipt_json.find(word) != std::string::npos;
                 });
        if (!speaks) return {};
        TRY_ASSIGN(std::optional<std::string> text,
                   redact_receipt(batch.receipt_json, m_found.words, m_erasure.id,
                                  *m_store.options.signer));
        if (!text) return {};
        Redaction redaction;
        redaction.of = Redaction::Of::kReceipt;
        redaction.batch = batch.id;
        redaction.before = crypto::sha256_hex(batch.receipt_json);
        redaction.after = crypto::sha256_hex(*text);
        redaction.bytes = text->size();
        m_plan.redactions.push_back(redaction);
        const bool keeps_key = text->find("\"idempotency_key\":null") == std::string::npos;
        m_plan.receipts.push_back({batch.id, *std::move(text), !keeps_key});
        return {};
    }

    // Whether the file of rows set aside, or of originals, speaks of the rows.
    Result<bool> take_aside(Redaction::Of of, const std::string& batch, const std::string& sha256) {
        if (sha256.empty()) return false;
        const fs::path to = draft();
        TRY_ASSIGN(const std::int64_t rows,
                   m_eraser.rewrite_aside(m_store.blobs->path_of(sha256, BlobKind::kQuarantine),
                                          of == Redaction::Of::kOriginals ? m_words : m_keys, to));
        if (rows == 0) return false;
        Redaction redaction;
        redaction.of = of;
        redaction.batch = batch;
        redaction.before = sha256;
        redaction.rows = rows;
        TRY_ASSIGN(Rewritten file, rewritten(redaction, BlobKind::kQuarantine, to));
        m_plan.files.push_back(std::move(file));
        m_plan.rows_aside += rows;
        return true;
    }

    Store::Impl& m_store;
    Eraser& m_eraser;
    const Erasure& m_erasure;
    const DatasetInfo& m_dataset;
    Eraser::Found m_found;
    std::vector<Eraser::Sign> m_keys, m_words;
    Plan m_plan;
};

Result<void> note_erasing(sql::Sqlite& control, std::int64_t dataset, std::string_view kind,
                          std::string_view sha256) {
    TRY_ASSIGN(sql::Statement row,
               control.prepare("insert or ignore into erasing (dataset, kind, sha256) values (?, "
                               "?, ?)"));
    return row.bind(1, dataset).bind(2, kind).bind(3, sha256).run();
}

// Before the first of them has its name: a start that finds them unreferenced knows why.
Result<void> announce(Store::Impl& store, std::int64_t dataset, const Plan& plan) {
    const auto write = [&]() -> Result<void> {
        for (const Rewritten& file : plan.files) {
            TRY(note_erasing(*store.writer, dataset, kind_name(file.kind), file.redaction.after));
        }
        return {};
    };
    return commit_transaction(store, write);
}

Result<void> replace_file(sql::Sqlite& control, std::int64_t dataset, const Redaction& by) {
    if (by.of == Redaction::Of::kSegment) {
        TRY_ASSIGN(sql::Statement row, control.prepare(R"sql(
            update segment set sha256 = ?, bytes = ?, inserted = ?, updated = ?, deleted = ?
            where dataset = ? and first_seq = ? and sha256 = ?)sql"));
        row.bind(1, by.after).bind(2, static_cast<std::int64_t>(by.bytes));
        row.bind(3, by.changes.inserted).bind(4, by.changes.updated).bind(5, by.changes.deleted);
        row.bind(6, dataset).bind(7, by.first).bind(8, by.before);
        TRY(row.run());
    } else {
        const std::string_view name =
            by.of == Redaction::Of::kQuarantine ? "quarantine" : "originals";
        TRY_ASSIGN(sql::Statement row,
                   control.prepare(fmt::format("update batch set {0}_sha256 = ?, {0}_bytes = ? "
                                               "where id = ? and {0}_sha256 = ?",
                                               name)));
        row.bind(1, by.after).bind(2, static_cast<std::int64_t>(by.bytes));
        TRY(row.bind(3, by.batch).bind(4, by.before).run());
    }
    if (control.changes() != 1) return wrong_draft("redaction");
    return {};
}

Result<void> replace_receipt(sql::Sqlite& control, const NewReceipt& receipt) {
    TRY_ASSIGN(sql::Statement row,
               control.prepare("update batch set receipt = ?, idempotency_key = case when ? then "
                               "null else idempotency_key end where id = ?"));
    row.bind(1, receipt.text).bind(2, std::int64_t{receipt.loses_key ? 1 : 0});
    return row.bind(3, receipt.batch).run();
}

// Which files nobody may see any more once this is true.
Result<void> note_old_files(sql::Sqlite& control, std::int64_t dataset, const Plan& plan) {
    for (const Rewritten& file : plan.files) {
        TRY_ASSIGN(sql::Statement row,
                   control.prepare("delete from erasing where dataset = ? and sha256 = ?"));
        TRY(row.bind(1, dataset).bind(2, file.redaction.after).run());
    }
    TRY(note_erasing(control, dataset, "views", ""));
    for (const Rewritten& file : plan.files)
        TRY(note_erasing(control, dataset, kind_name(file.kind), file.redaction.before));
    return {};
}

BatchDraft draft_of(const Erasure& erasure, const DatasetInfo& dataset, const Plan& plan,
                    Seq head) {
    BatchDraft draft;
    draft.id = erasure.id;
    draft.dataset = erasure.dataset;
    draft.contract_version = dataset.contract.version;
    draft.mode = dataset.contract.mode;
    draft.body_sha256 = crypto::sha256_hex(erasure.id);  // keys are personal: not of them
    draft.expected_head = head;
    draft.kept["erasure"] =
        json::object{{"order", erasure.order},     {"rows", erasure.keys.size()},
                     {"changes", plan.changes},    {"set_aside", plan.rows_aside},
                     {"files", plan.files.size()}, {"receipts", plan.receipts.size()}};
    return draft;
}

Manifest manifest_of(const BatchDraft& draft, const DatasetState& state, const Prepared& prepared,
                     const Erasure& erasure, const Plan& plan) {
    Manifest manifest = manifest_for(draft, state, prepared);
    manifest.order = erasure.order;
    manifest.redactions = plan.redactions;
    return manifest;
}

Result<void> write_all(Store::Impl& store, const BatchDraft& draft, const Prepared& prepared,
                       const Plan& plan, const Head& head) {
    sql::Sqlite& control = *store.writer;
    TRY(recheck(control, draft, prepared.dataset));
    TRY(insert_batch(control, draft, prepared, Alone::kNo));
    for (const Rewritten& file : plan.files)
        TRY(replace_file(control, prepared.dataset, file.redaction));
    for (const NewReceipt& receipt : plan.receipts)
        TRY(replace_receipt(control, receipt));
    TRY(note_old_files(control, prepared.dataset, plan));
    TRY(insert_manifest(control, draft.id, prepared));
    TRY_ASSIGN(sql::Statement row,
               control.prepare("update dataset set head_at = ?, manifests = ?, head_manifest = ? "
                               "where id = ?"));
    row.bind(1, head.at).bind(2, head.manifests).bind(3, prepared.manifest_sha256);
    TRY(row.bind(4, prepared.dataset).run());
    FAIL_POINT("erase.in_transaction");
    return {};
}

// Under commit_mutex.
Result<Receipt> make_true(Store::Impl& store, const std::shared_ptr<DatasetState>& state,
                          const Erasure& erasure, const DatasetInfo& dataset, const Plan& plan) {
    TRY(store.settle_outcome());
    const BatchDraft draft = draft_of(erasure, dataset, plan, state->head.seq);
    Prepared prepared;
    prepared.dataset = state->id;
    prepared.at = std::max(store.options.clock->now(), store.last_at + 1);
    TRY_ASSIGN(prepared.receipt, make_receipt(draft, 0, 0, prepared.at, *store.options.signer));
    TRY_ASSIGN(prepared.fields, new_fields(*store.writer, draft.contract_version, state->id));
    prepared.manifest_number = state->head.manifests + 1;
    TRY(sign_and_write(store, manifest_of(draft, *state, prepared, erasure, plan), prepared));
    Head head = state->head;
    head.at = prepared.at;
    head.manifests = prepared.manifest_number;
    const Result<void> written =
        commit_transaction(store, [&] { return write_all(store, draft, prepared, plan, head); });
    if (!written) {
        take_back(store, draft.dataset, prepared);
        return std::unexpected(written.error());
    }
    FAIL_POINT("erase.after_transaction");
    note_committed(store.disk(), store.options.folder, draft.dataset, prepared.manifest_number);
    store.last_at = prepared.at;
    const std::unique_lock lock(store.state_mutex);
    state->head = head;
    state->head_manifest = prepared.manifest_sha256;
    return Receipt{draft.id, prepared.receipt, false, draft.status};
}

// "<dataset>.…" below `folder`.
Result<void> remove_views(Disk& disk, const fs::path& folder, std::string_view dataset) {
    TRY_ASSIGN(const std::vector<std::string> names, disk.list(folder));
    for (const std::string& name : names) {
        if (name.starts_with(std::string(dataset) + ".")) TRY(disk.remove(folder / name));
    }
    return disk.sync_folder(folder);
}

struct Left {
    std::string dataset, kind, sha256;
};

Result<std::vector<Left>> left_to_do(sql::Sqlite& control) {
    TRY_ASSIGN(sql::Statement row,
               control.prepare("select d.name, e.kind, e.sha256 from erasing e join dataset d on "
                               "d.id = e.dataset"));
    std::vector<Left> all;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return all;
        all.push_back(
            {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))});
    }
}

}  // namespace

// The log holds pages as they were before: it is emptied, however long readers take.
Result<void> Store::Impl::finish_erasures() {
    TRY_ASSIGN(const std::vector<Left> left, left_to_do(*writer));
    if (left.empty()) return {};
    for (const Left& one : left) {
        if (one.kind == "views") {
            clear_hot_files(one.dataset);
            bases->forget(one.dataset);
            TRY(remove_views(disk(), path("views"), one.dataset));
            if (disk().exists(bases->folder()))
                TRY(remove_views(disk(), bases->folder(), one.dataset));
            if (disk().exists(path("views") / "hot"))
                TRY(remove_views(disk(), path("views") / "hot", one.dataset));
            continue;
        }
        const BlobKind kind = one.kind == "segment" ? BlobKind::kSegment : BlobKind::kQuarantine;
        TRY_ASSIGN(const bool referenced, is_referenced(*writer, kind, one.sha256));
        if (!referenced && disk().exists(blobs->path_of(one.sha256, kind)))
            TRY(blobs->remove(one.sha256, kind));
    }
    for (const BlobKind kind : {BlobKind::kSegment, BlobKind::kQuarantine})
        TRY(disk().sync_folder(path(folder_of(kind))));
    FAIL_POINT("erase.after_removal");
    TRY(writer->execute("delete from erasing"));
    constexpr int kAttempts = 100;
    constexpr std::chrono::milliseconds kBetween{50};
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
        {
            const std::lock_guard lock(read_mutex);
            TRY_ASSIGN(const bool emptied, empty_log(*writer));
            if (emptied) return {};
        }
        std::this_thread::sleep_for(kBetween);
    }
    return fail(Code::kUnavailable,
                {"Đã xóa; nhật ký của control.db còn giữ các trang cũ, sẽ được làm trống khi nút "
                 "khởi động lại.",
                 "Erased; the log of control.db still has old pages, and is emptied when the node "
                 "restarts."},
                {"Khởi động lại nút.", "Restart the node."});
}

Result<Receipt> Store::erase(const WriteLock& held, const Erasure& erasure) {
    Impl& store = *m_impl;
    const std::shared_ptr<DatasetState>& state = held.state();
    const std::lock_guard alone(store.erase_mutex);
    TRY(store.check_writable());
    TRY(check_sound(store, *state));
    TRY_ASSIGN(const auto dataset, store.load_info(state));
    Recorded recorded;
    {
        const std::lock_guard lock(store.read_mutex);
        TRY_ASSIGN(recorded, load_recorded(*store.reader, state->id, state->name));
    }
    Eraser& eraser = store.options.eraser != nullptr ? *store.options.eraser : duckdb_eraser();
    TRY_ASSIGN(const Plan plan, Planner(store, eraser, erasure, *dataset).plan(recorded));
    {
        const std::lock_guard lock(store.commit_mutex);
        TRY(store.settle_outcome());
        TRY(announce(store, state->id, plan));
        FAIL_POINT("erase.after_announcement");
    }
    for (const Rewritten& file : plan.files)
        TRY(store.blobs->seal(file.draft, file.kind));
    FAIL_POINT("erase.after_seal");
    // No backup is reading what is about to go.
    const std::unique_lock files(store.files_mutex);
    const std::lock_guard lock(store.commit_mutex);
    TRY_ASSIGN(Receipt receipt, make_true(store, state, erasure, *dataset, plan));
    store.tell_changed();
    TRY(store.finish_erasures());
    return receipt;
}

}  // namespace nguon::store
