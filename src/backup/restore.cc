#include "store/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "backup/internal/pieces.h"
#include "crypto/keys.h"
#include "crypto/sha256.h"

namespace nguon::backup {

namespace fs = std::filesystem;

namespace {

// Its presence makes a folder a node, so it comes last.
constexpr std::string_view kLast = "nguon.yaml";
// Stands in a folder that a restore has begun and not ended.
constexpr std::string_view kBegun = "restore-unfinished";

// What a restore that was cut short may have left.
Result<void> clear(Disk& disk, const fs::path& folder) {
    for (const std::string_view name : {"segments", "quarantine", "chain", "committed", "keys"})
        TRY(disk.remove_folder(folder / name));
    for (const std::string_view name :
         {kLast, std::string_view("public.pem"), std::string_view("admin.token"),
          std::string_view("control.db"), std::string_view("control.db-wal")}) {
        if (disk.exists(folder / name)) TRY(disk.remove(folder / name));
    }
    return {};
}

Result<void> make_room(Disk& disk, const fs::path& folder) {
    std::error_code failure;
    const bool begun = disk.exists(folder / kBegun);
    const bool is_used = !begun && fs::exists(folder, failure) && !fs::is_empty(folder, failure);
    // A node, whatever else stands there.
    if (is_used || disk.exists(folder / kLast)) {
        return fail(Code::kConflict,
                    {fmt::format("{} không trống.", folder.string()),
                     fmt::format("{} is not empty.", folder.string())},
                    {"Chọn bằng --data một thư mục trống hoặc chưa có.",
                     "Choose with --data a folder that is empty or not there yet."});
    }
    if (begun) return clear(disk, folder);
    TRY(disk.make_folders(folder));
    return disk.write_durably(folder / kBegun, "");
}

// Errors: not_found.
Result<List> choose(Repository& repository, const crypto::SecretKey& key, const Wanted& wanted) {
    TRY(check_key(repository, key));
    if (!wanted.backup.empty()) {
        Result<List> list = get_list(repository, key, wanted.backup);
        if (list || list.error().code != Code::kNotFound) return list;
        return fail(
            Code::kNotFound,
            {fmt::format("Không có bản sao lưu «{}».", wanted.backup),
             fmt::format("There is no backup \"{}\".", wanted.backup)},
            {"Xem các bản: nguon backup list THƯ_MỤC.", "List them: nguon backup list FOLDER."});
    }
    TRY_ASSIGN(std::vector<std::string> ids, repository.list("backups"));
    if (ids.empty()) {
        return fail(
            Code::kNotFound, {"Chưa có bản sao lưu nào.", "There is no backup yet."},
            {"Tạo bản đầu tiên: nguon backup THƯ_MỤC.", "Make the first: nguon backup FOLDER."});
    }
    std::ranges::sort(ids);
    if (!wanted.at) return get_list(repository, key, ids.back());
    TRY_ASSIGN(const List newest, get_list(repository, key, ids.back()));
    if (newest.erased_at > *wanted.at) {
        return fail(Code::kConflict,
                    {fmt::format("Lúc {} có dữ liệu bị xóa theo pháp luật; không đưa nút về trước "
                                 "đó được.",
                                 format_time(newest.erased_at)),
                     fmt::format("At {} data were erased as the law ordered; a node is not taken "
                                 "back to before that.",
                                 format_time(newest.erased_at))},
                    {"Chọn thời điểm sau đó.", "Choose a moment after it."});
    }
    for (const std::string& id : ids) {
        TRY_ASSIGN(List list, get_list(repository, key, id));
        if (list.at >= *wanted.at) return list;
    }
    return fail(Code::kNotFound,
                {fmt::format("Không bản sao lưu nào có dữ liệu đến {}; bản mới nhất có đến {}.",
                             format_time(*wanted.at), format_time(newest.at)),
                 fmt::format("No backup reaches {}; the newest reaches {}.",
                             format_time(*wanted.at), format_time(newest.at))},
                {"Chọn một thời điểm sớm hơn, hoặc bỏ --at.",
                 "Choose an earlier moment, or leave --at out."});
}

class Restorer {
public:
    Restorer(const Host& host, Repository& repository, const crypto::SecretKey& key,
             fs::path folder, const Progress& progress)
        : m_host(host),
          m_repository(repository),
          m_key(key),
          m_folder(std::move(folder)),
          m_progress(progress) {}

    Result<void> write(const List& list) {
        m_total = list.bytes();
        for (const FileEntry& file : list.files) {
            if (file.path != kLast) TRY(write(file));
        }
        for (const fs::path& folder : m_folders)
            TRY(m_host.disk.sync_folder(folder));
        return {};
    }

    // Whole or not at all.
    Result<void> write_last(const FileEntry& entry) {
        std::string bytes;
        for (const std::string& sha256 : entry.pieces) {
            const Result<std::string> piece = get_piece(m_repository, m_key, sha256);
            if (!piece) return incomplete(entry.path, piece.error());
            bytes += *piece;
        }
        if (crypto::sha256_hex(bytes) != entry.sha256) return incomplete(entry.path, {});
        return m_host.disk.write_durably(m_folder / entry.path, bytes);
    }

private:
    // Over nothing: the folder was empty.
    Result<void> write(const FileEntry& entry) {
        const fs::path path = m_folder / entry.path;
        const fs::path folder = path.parent_path();
        if (folder != m_folder && m_folders.insert(folder).second) {
            TRY(entry.is_private ? m_host.disk.make_private_folder(folder)
                                 : m_host.disk.make_folders(folder));
        }
        m_folders.insert(folder);
        TRY_ASSIGN(const std::unique_ptr<File> file,
                   m_host.disk.open(
                       path, entry.is_private ? OpenMode::kCreatePrivate : OpenMode::kCreateNew));
        crypto::Sha256 whole;
        std::uint64_t at = 0;
        for (const std::string& sha256 : entry.pieces) {
            Result<std::string> piece = get_piece(m_repository, m_key, sha256);
            if (!piece) return incomplete(entry.path, piece.error());
            TRY(file->write_at(at, *piece));
            whole.update(*piece);
            at += piece->size();
            m_done += piece->size();
            if (m_progress) m_progress(m_done, m_total);
        }
        if (whole.finish_hex() != entry.sha256 || at != entry.bytes)
            return incomplete(entry.path, {});
        return file->sync();
    }

    static std::unexpected<Error> incomplete(const std::string& path, const Error& why) {
        const bool is_damage =
            why.detail.empty() || why.code == Code::kNotFound || why.code == Code::kCorrupt;
        if (!is_damage) return std::unexpected(why);
        return fail(Code::kCorrupt,
                    {fmt::format("Bản sao lưu không còn nguyên vẹn tệp {}.", path),
                     fmt::format("The backup does not have {} whole any more.", path)},
                    {"Dùng bản khác; «nguon backup verify» cho biết bản nào còn tốt.",
                     "Use another; `nguon backup verify` tells which are sound."});
    }

    const Host& m_host;
    Repository& m_repository;
    const crypto::SecretKey& m_key;
    fs::path m_folder;
    const Progress& m_progress;
    std::set<fs::path> m_folders;
    std::uint64_t m_done = 0, m_total = 0;
};

// Against hashes and signatures, before the folder is a node.
Result<store::Verification> check(const Host& host, const fs::path& folder) {
    TRY_ASSIGN(const std::string pem, host.disk.read_all(folder / "public.pem"));
    TRY_ASSIGN(const crypto::PublicKey key, crypto::PublicKey::from_pem(pem));
    store::Store::Options options;
    options.folder = folder;
    options.disk = &host.disk;
    options.clock = &host.clock;
    options.random = &host.random;
    options.read_only = true;
    TRY_ASSIGN(const auto store, store::Store::open(options));
    return store->verify({}, key, {});
}

}  // namespace

Result<Restored> restore(const Host& host, Repository& repository, const crypto::SecretKey& key,
                         const fs::path& folder, const Wanted& wanted, const Progress& progress) {
    TRY_ASSIGN(const List list, choose(repository, key, wanted));
    const auto last = std::ranges::find(list.files, kLast, &FileEntry::path);
    if (last == list.files.end())
        return fail(Code::kCorrupt,
                    {"Bản sao lưu thiếu nguon.yaml.", "The backup has no nguon.yaml."});
    TRY(make_room(host.disk, folder));
    Restorer restorer(host, repository, key, folder, progress);
    TRY(restorer.write(list));
    if (wanted.at) TRY(store::rewind(host, folder, *wanted.at));
    TRY(store::write_chain(host, folder));
    Restored restored{list.id,
                      wanted.at.value_or(list.at),
                      static_cast<std::int64_t>(list.files.size()),
                      list.bytes(),
                      {}};
    TRY_ASSIGN(restored.verification, check(host, folder));
    if (!restored.verification.ok) {
        const store::Finding& first = restored.verification.findings.front();
        return fail(Code::kCorrupt,
                    {fmt::format("Dữ liệu khôi phục không khớp chữ ký: {}: {}", first.file,
                                 first.detail.vi),
                     fmt::format("What was restored does not fit its signatures: {}: {}",
                                 first.file, first.detail.en)},
                    {"Dùng bản sao lưu khác.", "Use another backup."});
    }
    TRY(restorer.write_last(*last));
    TRY(host.disk.remove(folder / kBegun));
    TRY(host.disk.sync_folder(folder));
    return restored;
}

}  // namespace nguon::backup
