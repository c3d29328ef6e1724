// A repository in a folder of this machine, or of one that is mounted here.
#include <fmt/format.h>

#include <set>

#include "backup/repository.h"

namespace nguon::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLock = "lock";
constexpr std::string_view kUnfinished = ".tmp";
constexpr std::uint64_t kMostBytes = 1 << 30;  // of one piece or list

class Folder final : public Repository {
public:
    Folder(Disk& disk, fs::path folder, std::unique_ptr<DiskLock> lock)
        : m_disk(disk), m_folder(std::move(folder)), m_lock(std::move(lock)) {}

    Result<void> put(std::string_view name, std::string_view bytes) override {
        const fs::path path = m_folder / name;
        const fs::path unfinished = path.string() + std::string(kUnfinished);
        if (m_made.insert(path.parent_path()).second) TRY(m_disk.make_folders(path.parent_path()));
        {
            TRY_ASSIGN(const std::unique_ptr<File> file,
                       m_disk.open(unfinished, OpenMode::kCreate));
            TRY(file->truncate(0));
            TRY(file->write_at(0, bytes));
            TRY(file->sync());
        }
        TRY(m_disk.rename(unfinished, path));
        m_touched.insert(path.parent_path());
        return {};
    }

    Result<void> flush() override {
        for (const fs::path& folder : m_touched)
            TRY(m_disk.sync_folder(folder));
        m_touched.clear();
        return {};
    }

    Result<std::string> get(std::string_view name) override {
        return m_disk.read_all(m_folder / name, kMostBytes);
    }
    bool has(std::string_view name) override { return m_disk.exists(m_folder / name); }
    Result<void> remove(std::string_view name) override {
        m_touched.insert((m_folder / name).parent_path());
        return m_disk.remove(m_folder / name);
    }
    Result<std::vector<std::string>> list(std::string_view folder) override {
        TRY_ASSIGN(std::vector<std::string> names,
                   m_disk.list(folder.empty() ? m_folder : m_folder / folder));
        std::erase_if(names, [](const std::string& name) { return name.ends_with(kUnfinished); });
        return names;
    }
    Result<void> clear_unfinished(std::string_view folder) override {
        TRY_ASSIGN(const std::vector<std::string> names, m_disk.list(m_folder / folder));
        for (const std::string& name : names) {
            if (name.ends_with(kUnfinished)) TRY(m_disk.remove(m_folder / folder / name));
        }
        return {};
    }
    Result<bool> empty() override {
        TRY_ASSIGN(std::vector<std::string> names, list(""));
        std::erase(names, kLock);
        return names.empty();
    }

private:
    Disk& m_disk;
    fs::path m_folder;
    std::unique_ptr<DiskLock> m_lock;
    std::set<fs::path> m_made, m_touched;
};

}  // namespace

Result<std::unique_ptr<Repository>> open_folder(Disk& disk, const fs::path& folder, Use use) {
    std::unique_ptr<DiskLock> lock;
    if (use == Use::kWrite) {
        TRY(disk.make_folders(folder));
        auto taken = disk.lock(folder / kLock, LockMode::kExclusive);
        if (!taken && taken.error().code == Code::kConflict) {
            return fail(Code::kConflict,
                        {fmt::format("Một tiến trình khác đang ghi vào {}.", folder.string()),
                         fmt::format("Another process is writing to {}.", folder.string())},
                        {"Đợi nó xong rồi thử lại.", "Wait for it to end, then try again."});
        }
        TRY(taken);
        lock = *std::move(taken);
    }
    return std::make_unique<Folder>(disk, folder, std::move(lock));
}

}  // namespace nguon::backup
