// Start-up: what a crash left behind goes, what is missing is named.
#include <fmt/format.h>

#include <set>

#include "base/fail_point.h"
#include "store/internal/committed.h"
#include "store/internal/control.h"
#include "store/internal/impl.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

// Copies of control.db and its log in memory: opening them recovers the log without changing the
// folder.
Result<std::unique_ptr<SimulatedDisk>> copy_control(Disk& disk, const fs::path& folder) {
    constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 40;
    auto copy = std::make_unique<SimulatedDisk>();
    TRY_ASSIGN(std::string database, disk.read_all(folder / kControlFile, kNoLimit));
    copy->put(folder / kControlFile, std::move(database));
    const fs::path log = folder / (std::string(kControlFile) + "-wal");
    if (disk.exists(log)) {
        TRY_ASSIGN(std::string bytes, disk.read_all(log, kNoLimit));
        copy->put(log, std::move(bytes));
    }
    return copy;
}

Result<void> empty_folder(Disk& disk, const fs::path& folder) {
    TRY_ASSIGN(const std::vector<std::string> names, disk.list(folder));
    for (const std::string& name : names)
        TRY(disk.remove(folder / name));
    return {};
}

// The column of text that `query` gives, as a set.
Result<std::set<std::string, std::less<>>> set_of(sql::Sqlite& control, std::string_view query) {
    std::set<std::string, std::less<>> values;
    TRY_ASSIGN(sql::Statement statement, control.prepare(query));
    for (;;) {
        TRY_ASSIGN(const bool row, statement.step());
        if (!row) return values;
        values.emplace(statement.text(0));
    }
}

}  // namespace

Result<void> Store::Impl::load_states() {
    TRY_ASSIGN(sql::Statement statement, reader->prepare(R"sql(
        select d.id, d.name, d.version, d.head_seq, d.current_rows, d.head_at, d.manifests,
               d.head_manifest, c.sha256
        from dataset d join contract c on c.dataset = d.id and c.version = d.version)sql"));
    for (;;) {
        TRY_ASSIGN(const bool row, statement.step());
        if (!row) break;
        auto state = std::make_shared<DatasetState>();
        state->id = statement.integer(0);
        state->name = statement.text(1);
        state->version = statement.text(2);
        state->head = {statement.integer(3), statement.integer(4), statement.integer(5),
                       statement.integer(6)};
        state->head_manifest = statement.text(7);
        state->contract_sha256 = statement.text(8);
        states[state->name] = std::move(state);
    }
    TRY_ASSIGN(sql::Statement waiting, reader->prepare(R"sql(
        select d.name, count(*), min(b.at) from batch b join dataset d on d.id = b.dataset
        where b.alone = 1 and b.sealed is null group by b.dataset)sql"));
    for (;;) {
        TRY_ASSIGN(const bool row, waiting.step());
        if (!row) break;
        if (const auto found = states.find(waiting.text(0)); found != states.end())
            found->second->unsealed = {"", waiting.integer(1), waiting.integer(2)};
    }
    TRY_ASSIGN(sql::Statement last,
               reader->prepare("select at from batch order by number desc limit 1"));
    TRY_ASSIGN(const bool any, last.step());
    if (any) last_at = last.integer(0);
    return {};
}

// A crash leaves at most one segment and the manifest after the head for each dataset. More than
// that is history that control.db does not know: it is missing, empty or older than the folder, and
// sweeping would destroy what the chain has signed.
Result<void> Store::Impl::refuse_unknown_history() {
    TRY_ASSIGN(const auto referenced,
               set_of(*reader, "select sha256 from segment union select sha256 from erasing"));
    TRY_ASSIGN(const std::vector<std::string> present, blobs->list(BlobKind::kSegment));
    std::size_t unknown = 0;
    for (const std::string& sha256 : present)
        unknown += referenced.contains(sha256) ? 0 : 1;
    bool newer = unknown > states.size();
    for (const auto& [name, state] : states) {
        newer = newer || disk().exists(path(manifest_path(name, state->head.manifests + 2)));
    }
    for (const auto& [name, manifests] : committed) {
        const auto state = states.find(name);
        newer = newer || state == states.end() || state->second->head.manifests < manifests;
    }
    if (!newer) return {};
    return fail(
        Code::kCorrupt,
        {"control.db thiếu, rỗng hoặc cũ hơn lịch sử trong thư mục; không có gì bị xóa.",
         "control.db is missing, empty or older than the history in the folder; nothing was "
         "removed."},
        {"Khôi phục control.db (và control.db-wal) của lần chạy cuối, rồi mở lại.",
         "Restore the control.db (and control.db-wal) of the last run, then open it again."});
}

Result<void> Store::Impl::drop_unreferenced() {
    for (const BlobKind kind : {BlobKind::kSegment, BlobKind::kQuarantine}) {
        const std::string_view query =
            kind == BlobKind::kSegment
                ? "select distinct sha256 from segment"
                : "select quarantine_sha256 from batch where quarantine_sha256 is not null union "
                  "select originals_sha256 from batch where originals_sha256 is not null";
        TRY_ASSIGN(const auto referenced, set_of(*reader, query));
        TRY_ASSIGN(const std::vector<std::string> present, blobs->list(kind));
        for (const std::string& sha256 : present) {
            if (!referenced.contains(sha256)) TRY(blobs->remove(sha256, kind));
        }
    }
    // A commit that did not happen left at most the manifest after the head.
    for (const auto& [name, state] : states) {
        const fs::path next = path(manifest_path(name, state->head.manifests + 1));
        if (disk().exists(next)) TRY(disk().remove(next));
    }
    return {};
}

// Missing or of another size: no file is opened. What has the right size and wrong bytes is found
// by verify.
Result<void> Store::Impl::mark_corrupt() {
    std::map<std::int64_t, DatasetState*> by_id;
    for (const auto& [name, state] : states)
        by_id[state->id] = state.get();
    TRY_ASSIGN(sql::Statement statement,
               reader->prepare("select dataset, sha256, bytes from segment"));
    for (;;) {
        TRY_ASSIGN(const bool row, statement.step());
        if (!row) return {};
        const auto found = by_id.find(statement.integer(0));
        if (found == by_id.end() || found->second->corrupt) continue;
        const Result<std::uint64_t> size = blobs->size_of(statement.text(1), BlobKind::kSegment);
        if (!size && size.error().code != Code::kNotFound) return std::unexpected(size.error());
        found->second->corrupt = !size || *size != static_cast<std::uint64_t>(statement.integer(2));
    }
}

// A COMMIT that failed may have left its records in the log, where a crash could find them and make
// them true after the caller was told that nothing changed; and the failed sync may have lost the
// end of the commit before. So the log is emptied, and one small transaction makes its new, empty
// state durable.
Result<void> Store::Impl::settle_outcome() {
    if (!outcome_unknown) return {};
    const Result<void> settled = [&]() -> Result<void> {
        const std::lock_guard lock(read_mutex);
        TRY(settle_log(*writer));
        return writer->transaction(
            [&] { return writer->execute("update settled set times = times + 1"); });
    }();
    if (settled) {
        outcome_unknown = false;
        return {};
    }
    return fail(
        Code::kUnavailable,
        {fmt::format(
             "Đĩa báo lỗi đúng lúc ghi nhận; lô đó chỉ có thể có hiệu lực nếu nút khởi động lại "
             "trước khi đĩa chạy lại. {}",
             settled.error().detail.vi),
         fmt::format("The disk failed during a commit; that batch can only take effect if the node "
                     "restarts "
                     "before the disk works again. {}",
                     settled.error().detail.en)},
        {"Chữa đĩa, rồi gửi lại với cùng khoá chống gửi lặp.",
         "Heal the disk, then send again with the same idempotency key."});
}

Result<void> Store::Impl::start() {
    blobs = make_local_blob_store(disk(), options.folder);
    committed = read_committed(disk(), options.folder);  // before control.db: see committed.h
    hot_folder = path("views") / "hot";
    if (options.read_only) {  // not a byte of the folder changes
        hot_folder =
            fs::temp_directory_path() / ("nguon-hot-" + make_id(*options.clock, *options.random));
    }
    if (options.read_only) {
        const auto opened = [&]() -> Result<void> {
            TRY_ASSIGN(copy, copy_control(disk(), options.folder));
            TRY_ASSIGN(reader,
                       open_control({*copy, *options.clock, *options.random}, options.folder));
            TRY(load_states());
            // Of datasets that it knows verify names each manifest past the head itself.
            if (states.empty()) TRY(refuse_unknown_history());
            return mark_corrupt();
        }();
        if (opened) return {};
        // verify must still say which file it is; every other question gets this as its answer.
        const Code code = opened.error().code;
        const bool is_gone = code == Code::kNotFound && disk().exists(path("chain"));
        if (!is_gone && code != Code::kCorrupt && code != Code::kInternal) return opened;
        reader.reset();
        states.clear();
        damage = opened.error().detail;
        damage_problem = is_gone ? "missing" : "changed";
        return {};
    }
    for (const std::string_view name : std::initializer_list<std::string_view>{
             "tmp", "segments", "quarantine", "chain", "views", kCommittedFolder}) {
        TRY(disk().make_folders(path(name)));
    }
    bases = std::make_unique<Bases>(disk(), path("views") / "base");
    TRY_ASSIGN(writer, open_control(host(), options.folder));
    // After a failed sync the kernel may show bytes of the log that the device never got. Nothing
    // new may be appended after them.
    TRY(settle_log(*writer));
    TRY_ASSIGN(reader, open_control_reader(host(), options.folder));
    TRY(load_states());
    TRY(refuse_unknown_history());
    TRY(empty_folder(disk(), path("tmp")));
    clear_hot_files();
    FAIL_POINT("start.after_cleaning_tmp");
    TRY(drop_unreferenced());
    TRY(finish_erasures());
    FAIL_POINT("start.after_dropping");
    return mark_corrupt();
}

}  // namespace nguon::store
