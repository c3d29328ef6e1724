// The seam to files. Durable code reads and writes through a Disk, so that a test can drop, tear
// and reorder what was not synced (SimulatedDisk). DuckDB writes only in tmp/ and BlobStore::seal()
// takes over.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nguon {

// Threads: a File may be read concurrently; writers need a lock of their own.
// Errors everywhere: unavailable when the disk is full or the device fails; not_found when absent.
class File {
public:
    virtual ~File() = default;
    // Reads up to buffer.size() bytes at offset; fewer only at the end of the file.
    virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) = 0;
    virtual Result<void> write_at(std::uint64_t offset, std::string_view bytes) = 0;
    virtual Result<void> truncate(std::uint64_t size) = 0;
    virtual Result<std::uint64_t> size() = 0;
    // After success the content survives power loss. A failed sync must never be retried.
    virtual Result<void> sync() = 0;
};

// kCreate opens or creates; kCreatePrivate is kCreateNew of a file that its owner alone may read
// and write, from the first moment (0600).
enum class OpenMode { kRead, kReadWrite, kCreate, kCreateNew, kCreatePrivate };

// A lock that is held until this is destroyed.
class DiskLock {
public:
    virtual ~DiskLock() = default;
};
enum class LockMode { kShared, kExclusive };

// Threads: every member may be called concurrently.
class Disk {
public:
    virtual ~Disk() = default;
    virtual Result<std::unique_ptr<File>> open(const std::filesystem::path& path,
                                               OpenMode mode) = 0;
    virtual Result<void> rename(const std::filesystem::path& from,
                                const std::filesystem::path& to) = 0;
    virtual Result<void> remove(const std::filesystem::path& path) = 0;
    // Creates what is missing of the path; after success the new folders survive power loss.
    virtual Result<void> make_folders(const std::filesystem::path& path) = 0;
    // make_folders(), and its owner alone may enter the last of them (0700).
    virtual Result<void> make_private_folder(const std::filesystem::path& path) = 0;
    // With all that is in it; nothing when it is absent. For scratch: not durable.
    virtual Result<void> remove_folder(const std::filesystem::path& path) = 0;
    // A lock between processes, kept by the file at `path`. kExclusive makes the file when it is
    // absent. Never waits. Errors: conflict while another holds it, not_found.
    virtual Result<std::unique_ptr<DiskLock>> lock(const std::filesystem::path& path,
                                                   LockMode mode) = 0;
    // After success the folder's names (created, renamed, removed files) survive power loss.
    virtual Result<void> sync_folder(const std::filesystem::path& path) = 0;
    virtual bool exists(const std::filesystem::path& path) = 0;
    // Names of files directly inside; empty when the folder is absent.
    virtual Result<std::vector<std::string>> list(const std::filesystem::path& path) = 0;
    // Errors: not_found. Opens no file on a real disk.
    virtual Result<std::uint64_t> size_of(const std::filesystem::path& path) = 0;

    // Helpers on top. read_all refuses files over `limit` bytes (too_large).
    Result<std::string> read_all(const std::filesystem::path& path, std::uint64_t limit = 64 << 20);
    // Writes `path`.tmp, syncs, renames over `path`, syncs the folder.
    Result<void> write_durably(const std::filesystem::path& path, std::string_view bytes);
};

Disk& real_disk();

}  // namespace nguon
