#include "backup/keys.h"

#include <fmt/format.h>

#include <mutex>

namespace nguon::backup {

namespace fs = std::filesystem;

namespace {

Result<void> write_key(Disk& disk, const fs::path& file, const crypto::SecretKey& key) {
    TRY(disk.make_private_folder(file.parent_path()));
    {
        TRY_ASSIGN(const std::unique_ptr<File> made, disk.open(file, OpenMode::kCreatePrivate));
        TRY(made->write_at(0, key.text() + "\n"));
        TRY(made->sync());
    }
    return disk.sync_folder(file.parent_path());
}

fs::path file_of(const fs::path& folder, std::string_view id) {
    return folder / fmt::format("{}.key", id);
}

}  // namespace

Result<crypto::SecretKey> read_key(Disk& disk, const fs::path& file) {
    constexpr std::uint64_t kMost = 4096;
    Result<std::string> text = disk.read_all(file, kMost);
    if (!text && text.error().code == Code::kNotFound) {
        return fail(Code::kNotFound,
                    {fmt::format("Không có tệp khoá {}.", file.string()),
                     fmt::format("There is no key file {}.", file.string())},
                    {"Kiểm tra đường dẫn.", "Check the path."});
    }
    TRY(text);
    return crypto::SecretKey::from_text(*text);
}

Result<crypto::SecretKey> node_key(const Host& host, const fs::path& folder) {
    static std::mutex s_one_at_a_time;  // one process holds the folder
    const std::lock_guard lock(s_one_at_a_time);
    const fs::path file = folder / kNodeKey;
    if (host.disk.exists(file)) return read_key(host.disk, file);
    const crypto::SecretKey key = crypto::SecretKey::generate(host.random);
    // Under its name only when it is whole: a torn key would make backups that nobody can open.
    const fs::path unfinished = file.string() + ".tmp";
    if (host.disk.exists(unfinished)) TRY(host.disk.remove(unfinished));
    TRY(write_key(host.disk, unfinished, key));
    TRY(host.disk.rename(unfinished, file));
    TRY(host.disk.sync_folder(file.parent_path()));
    return key;
}

fs::path key_folder(const std::function<std::string(const char*)>& variable) {
    constexpr std::string_view kBelow = "nguon/backup-keys";
    if (const std::string config = variable("XDG_CONFIG_HOME"); !config.empty())
        return fs::path(config) / kBelow;
    if (const std::string home = variable("HOME"); !home.empty())
        return fs::path(home) / ".config" / kBelow;
    return {};
}

Result<KeptKey> keep_key(Disk& disk, const fs::path& folder, const crypto::SecretKey& key) {
    const fs::path file = file_of(folder, key.id());
    if (disk.exists(file)) return KeptKey{file, false};
    TRY(disk.make_folders(folder.parent_path()));
    TRY(write_key(disk, file, key));
    return KeptKey{file, true};
}

Result<crypto::SecretKey> find_key(Disk& disk, const KeyPlaces& places, std::string_view id) {
    for (const fs::path& named : {places.given, places.variable}) {
        if (!named.empty()) return read_key(disk, named);
    }
    std::vector<fs::path> may_be;
    if (!places.node.empty()) may_be.push_back(places.node / kNodeKey);
    if (!places.folder.empty()) may_be.push_back(file_of(places.folder, id));
    for (const fs::path& file : may_be) {
        const Result<crypto::SecretKey> key = read_key(disk, file);
        if (key && key->id() == id) return key;
    }
    return fail(Code::kNotFound,
                {fmt::format("Không thấy khoá {} của bản sao lưu.", id),
                 fmt::format("The backup's key {} is not here.", id)},
                {"Đưa tệp khoá đã cất riêng: --key TỆP, hoặc đặt NGUON_BACKUP_KEY.",
                 "Give the key file that was kept apart: --key FILE, or set NGUON_BACKUP_KEY."});
}

}  // namespace nguon::backup
