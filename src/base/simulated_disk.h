// A disk in memory that loses what a real one may lose: crash() drops every write that was not
// synced and every name (creation, rename, removal) whose folder was not. With a seed some of them
// stay, whole or torn at a sector, as a real cache would have it. Also serves to read a copy of a
// file and change no byte of it. Locks are those of processes: a crash lets go of them all.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "base/disk.h"

namespace nguon {

// Threads: every member may be called concurrently.
class SimulatedDisk final : public Disk {
public:
    SimulatedDisk();
    ~SimulatedDisk() override;

    Result<std::unique_ptr<File>> open(const std::filesystem::path& path, OpenMode mode) override;
    Result<void> rename(const std::filesystem::path& from,
                        const std::filesystem::path& to) override;
    Result<void> remove(const std::filesystem::path& path) override;
    Result<void> make_folders(const std::filesystem::path& path) override;
    Result<void> make_private_folder(const std::filesystem::path& path) override;
    Result<void> remove_folder(const std::filesystem::path& path) override;
    Result<std::unique_ptr<DiskLock>> lock(const std::filesystem::path& path,
                                           LockMode mode) override;
    Result<void> sync_folder(const std::filesystem::path& path) override;
    bool exists(const std::filesystem::path& path) override;
    Result<std::vector<std::string>> list(const std::filesystem::path& path) override;
    Result<std::uint64_t> size_of(const std::filesystem::path& path) override;

    // Power is lost and comes back. Files open before answer unavailable from now on. No seed: only
    // what was synced is there. Seed: each unsynced write and name is kept, torn (a prefix of whole
    // sectors of 512 bytes) or dropped, independently.
    void crash(std::optional<std::uint64_t> seed = std::nullopt);

    // Operations that change something (create, write, truncate, sync, rename, remove, ...) so far.
    std::uint64_t operations() const;
    // The n-th operation from now (1 = the next) fails with unavailable and has no effect; a sync
    // that fails loses its writes for good, as Linux does: a later sync that succeeds does not save
    // them.
    void fail_at(std::uint64_t n);
    // Power is lost just before the n-th operation from now: it and all later calls fail until
    // crash().
    void lose_power_at(std::uint64_t n);
    bool power_lost() const;

    // Whether the file or folder was made for its owner alone.
    bool is_private(const std::filesystem::path& path) const;

    // For tests and copies: puts a file that is durable at once; flips one bit of what is there.
    void put(const std::filesystem::path& path, std::string bytes);
    bool flip_bit(const std::filesystem::path& path, std::uint64_t bit);

private:
    struct Node;
    class OpenFile;
    class HeldLock;
    using Names = std::map<std::filesystem::path, std::shared_ptr<Node>>;

    enum class Step { kGo, kFail };
    Step begin_operation();

    mutable std::mutex m_mutex;
    Names m_names;          // as programs see them
    Names m_durable_names;  // as they are after a crash
    enum class Access { kGroup, kOwner };
    std::map<std::filesystem::path, Access> m_folders;
    std::map<std::filesystem::path, int> m_locks;  // how many share it; kExclusive: nobody may
    std::uint64_t m_generation = 0;                // counts crashes: older open files are dead
    std::uint64_t m_operations = 0;
    std::uint64_t m_fail_at = 0;        // absolute operation number; 0 = never
    std::uint64_t m_lose_power_at = 0;  // likewise
    bool m_power_lost = false;
};

}  // namespace nguon
