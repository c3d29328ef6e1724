#include "sql/vfs.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <tuple>

#include "sql/internal/file_locks.h"
#include "sql/internal/seed.h"

namespace nguon::sql {

namespace fs = std::filesystem;

namespace {

// The locks of the files of one disk, whatever clock their connections have.
class DiskLocks {
public:
    std::shared_ptr<FileLocks> of(const std::string& path) {
        const std::lock_guard guard(m_mutex);
        std::erase_if(m_by_path, [](const auto& entry) { return entry.second.expired(); });
        std::weak_ptr<FileLocks>& entry = m_by_path[path];
        std::shared_ptr<FileLocks> found = entry.lock();
        if (!found) {
            found = std::make_shared<FileLocks>();
            entry = found;
        }
        return found;
    }

private:
    std::mutex m_mutex;
    std::map<std::string, std::weak_ptr<FileLocks>> m_by_path;
};

}  // namespace

struct Vfs::Impl {
    Host host;
    std::string name;
    std::shared_ptr<DiskLocks> locks;
    sqlite3_vfs vfs{};
};

namespace {

constexpr int kSectorBytes = 4096;
constexpr int kMaxPath = 4096;

// What is behind the sqlite3_file. Everything that can be forgotten by a crash goes through `file`.
struct Handle {
    Vfs::Impl* vfs = nullptr;
    fs::path path;
    std::unique_ptr<File> file;
    std::shared_ptr<FileLocks> locks;
    FileLocks::Holder holder;
    bool sync_folder = false;  // created by us: the first sync makes its name durable, too
    bool delete_on_close = false;
};

struct SqliteFile {
    sqlite3_file base;
    Handle* handle;
};

Handle& handle_of(sqlite3_file* file) {
    return *reinterpret_cast<SqliteFile*>(file)->handle;
}

int close_file(sqlite3_file* file) {
    auto* own = reinterpret_cast<SqliteFile*>(file);
    const std::unique_ptr<Handle> handle(own->handle);
    own->handle = nullptr;
    if (!handle) return SQLITE_OK;
    if (handle->locks) {
        handle->locks->unmap(handle->holder);
        handle->locks->unlock_slots(handle->holder, 0, SQLITE_SHM_NLOCK);
        handle->locks->unlock(handle->holder, SQLITE_LOCK_NONE);
    }
    handle->file.reset();
    if (handle->delete_on_close) (void)handle->vfs->host.disk.remove(handle->path);
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* buffer, int count, sqlite3_int64 offset) {
    const std::span<char> bytes(static_cast<char*>(buffer), static_cast<std::size_t>(count));
    const Result<std::size_t> got =
        handle_of(file).file->read_at(static_cast<std::uint64_t>(offset), bytes);
    if (!got) return SQLITE_IOERR_READ;
    if (*got == bytes.size()) return SQLITE_OK;
    std::memset(bytes.data() + *got, 0, bytes.size() - *got);  // SQLite requires it
    return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* buffer, int count, sqlite3_int64 offset) {
    const std::string_view bytes(static_cast<const char*>(buffer), static_cast<std::size_t>(count));
    return handle_of(file).file->write_at(static_cast<std::uint64_t>(offset), bytes)
               ? SQLITE_OK
               : SQLITE_IOERR_WRITE;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return handle_of(file).file->truncate(static_cast<std::uint64_t>(size)) ? SQLITE_OK
                                                                            : SQLITE_IOERR_TRUNCATE;
}

int sync_file(sqlite3_file* file, int) {
    Handle& handle = handle_of(file);
    if (!handle.file->sync()) return SQLITE_IOERR_FSYNC;
    if (handle.sync_folder) {
        if (!handle.vfs->host.disk.sync_folder(handle.path.parent_path()))
            return SQLITE_IOERR_DIR_FSYNC;
        handle.sync_folder = false;
    }
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    const Result<std::uint64_t> bytes = handle_of(file).file->size();
    if (!bytes) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(*bytes);
    return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    return handle.locks ? handle.locks->lock(handle.holder, level) : SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    if (handle.locks) handle.locks->unlock(handle.holder, level);
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* result) {
    Handle& handle = handle_of(file);
    *result = handle.locks && handle.locks->is_reserved() ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file* file, int operation, void* argument) {
    Handle& handle = handle_of(file);
    switch (operation) {
        case SQLITE_FCNTL_LOCKSTATE:
            *static_cast<int*>(argument) = handle.holder.level;
            return SQLITE_OK;
        case SQLITE_FCNTL_VFSNAME:
            *static_cast<char**>(argument) = sqlite3_mprintf("%s", handle.vfs->name.c_str());
            return SQLITE_OK;
        case SQLITE_FCNTL_HAS_MOVED:
            *static_cast<int*>(argument) = handle.vfs->host.disk.exists(handle.path) ? 0 : 1;
            return SQLITE_OK;
        default:
            return SQLITE_NOTFOUND;  // among them SIZE_HINT, PRAGMA, PERSIST_WAL: SQLite's defaults
    }
}

int sector_size(sqlite3_file*) {
    return kSectorBytes;
}

// Nothing is promised: writes may tear, and harm what stands beside them in a sector.
int device_characteristics(sqlite3_file*) {
    return 0;
}

int shm_map(sqlite3_file* file, int page, int page_bytes, int extend, void volatile** address) {
    Handle& handle = handle_of(file);
    try {
        *address = handle.locks->map(handle.holder, page, page_bytes, extend != 0);
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    }
    return SQLITE_OK;
}

int shm_lock(sqlite3_file* file, int first, int count, int flags) {
    Handle& handle = handle_of(file);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        handle.locks->unlock_slots(handle.holder, first, count);
        return SQLITE_OK;
    }
    return handle.locks->lock_slots(handle.holder, first, count,
                                    (flags & SQLITE_SHM_EXCLUSIVE) != 0);
}

// As in SQLite's own VFS: a fence, and a mutex that orders it for tools that see no fences.
void shm_barrier(sqlite3_file* file) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    (void)handle_of(file).locks->is_reserved();
}

int shm_unmap(sqlite3_file* file, int) {
    Handle& handle = handle_of(file);
    handle.locks->unmap(handle.holder);
    return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {2,  // version: with shared memory, without memory maps
                                     close_file,
                                     read_file,
                                     write_file,
                                     truncate_file,
                                     sync_file,
                                     file_size,
                                     lock_file,
                                     unlock_file,
                                     check_reserved_lock,
                                     file_control,
                                     sector_size,
                                     device_characteristics,
                                     shm_map,
                                     shm_lock,
                                     shm_barrier,
                                     shm_unmap,
                                     nullptr,
                                     nullptr};

Vfs::Impl& impl_of(sqlite3_vfs* vfs) {
    return *static_cast<Vfs::Impl*>(vfs->pAppData);
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* own = reinterpret_cast<SqliteFile*>(file);
    own->base.pMethods = nullptr;
    own->handle = nullptr;
    // Temporary files have no name. Connections keep them in memory (temp_store).
    if (name == nullptr) return SQLITE_CANTOPEN;
    try {
        auto handle = std::make_unique<Handle>();
        handle->vfs = &impl_of(vfs);
        handle->path = name;
        Disk& disk = handle->vfs->host.disk;
        OpenMode mode = OpenMode::kReadWrite;
        if ((flags & SQLITE_OPEN_READONLY) != 0) mode = OpenMode::kRead;
        if ((flags & SQLITE_OPEN_CREATE) != 0) {
            mode = (flags & SQLITE_OPEN_EXCLUSIVE) != 0 ? OpenMode::kCreateNew : OpenMode::kCreate;
            handle->sync_folder = !disk.exists(handle->path);
        }
        Result<std::unique_ptr<File>> opened = disk.open(handle->path, mode);
        if (!opened) return SQLITE_CANTOPEN;
        handle->file = *std::move(opened);
        if ((flags & SQLITE_OPEN_MAIN_DB) != 0) handle->locks = handle->vfs->locks->of(name);
        handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
        own->handle = handle.release();
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    }
    own->base.pMethods = &kMethods;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    Disk& disk = impl_of(vfs).host.disk;
    if (const Result<void> removed = disk.remove(name); !removed) {
        return removed.error().code == Code::kNotFound ? SQLITE_IOERR_DELETE_NOENT
                                                       : SQLITE_IOERR_DELETE;
    }
    if (sync_folder != 0 && !disk.sync_folder(fs::path(name).parent_path()))
        return SQLITE_IOERR_DIR_FSYNC;
    return SQLITE_OK;
}

// As in SQLite's own VFS an empty file is as good as none: an empty journal says nothing.
int access_file(sqlite3_vfs* vfs, const char* name, int, int* result) {
    const Result<std::uint64_t> size = impl_of(vfs).host.disk.size_of(name);
    if (!size && size.error().code != Code::kNotFound) return SQLITE_IOERR_ACCESS;
    *result = size && *size > 0 ? 1 : 0;
    return SQLITE_OK;
}

int full_path_name(sqlite3_vfs*, const char* name, int bytes, char* out) {
    std::error_code error;
    const fs::path absolute = fs::absolute(name, error);
    const std::string path = error ? std::string(name) : absolute.lexically_normal().string();
    if (path.size() + 1 > static_cast<std::size_t>(bytes)) return SQLITE_CANTOPEN;
    std::memcpy(out, path.c_str(), path.size() + 1);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int bytes, char* out) {
    impl_of(vfs).host.random.fill(
        {reinterpret_cast<unsigned char*>(out), static_cast<std::size_t>(bytes)});
    return bytes;
}

int sleep_for(sqlite3_vfs*, int microseconds) {
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    return microseconds;
}

int current_time_millis(sqlite3_vfs* vfs, sqlite3_int64* now) {
    constexpr sqlite3_int64 kJulianDayOfUnixEpochMillis = 210866760000000;
    *now = kJulianDayOfUnixEpochMillis + impl_of(vfs).host.clock.now() / 1000;
    return SQLITE_OK;
}

int current_time(sqlite3_vfs* vfs, double* now) {
    sqlite3_int64 millis = 0;
    (void)current_time_millis(vfs, &millis);
    *now = static_cast<double>(millis) / 86'400'000.0;
    return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
    return 0;
}

// SQLite's list of VFSs belongs to the process, so this one does, too.
struct Registry {
    using Key = std::tuple<Disk*, Clock*, Random*>;
    std::mutex mutex;
    std::map<Key, std::weak_ptr<Vfs>> by_host;
    std::map<Disk*, std::weak_ptr<DiskLocks>> locks;
    std::uint64_t made = 0;

    std::shared_ptr<DiskLocks> locks_of(Disk& disk) {
        std::erase_if(locks, [](const auto& entry) { return entry.second.expired(); });
        std::weak_ptr<DiskLocks>& entry = locks[&disk];
        std::shared_ptr<DiskLocks> found = entry.lock();
        if (!found) {
            found = std::make_shared<DiskLocks>();
            entry = found;
        }
        return found;
    }
};

Registry& registry() {
    static Registry all;
    return all;
}

}  // namespace

Vfs::Vfs(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Vfs::~Vfs() {
    sqlite3_vfs_unregister(&m_impl->vfs);
    stop_seeding_sqlite(m_impl->host.random);
}

const std::string& Vfs::name() const {
    return m_impl->name;
}

std::shared_ptr<Vfs> Vfs::of(const Host& host) {
    Registry& all = registry();
    const std::lock_guard guard(all.mutex);
    std::erase_if(all.by_host, [](const auto& entry) { return entry.second.expired(); });
    std::weak_ptr<Vfs>& entry = all.by_host[{&host.disk, &host.clock, &host.random}];
    if (std::shared_ptr<Vfs> found = entry.lock()) return found;
    std::unique_ptr<Impl> impl(
        new Impl{host, fmt::format("nguon-{}", ++all.made), all.locks_of(host.disk)});
    sqlite3_vfs& vfs = impl->vfs;
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(SqliteFile);
    vfs.mxPathname = kMaxPath;
    vfs.zName = impl->name.c_str();
    vfs.pAppData = impl.get();
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path_name;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep_for;
    vfs.xCurrentTime = current_time;
    vfs.xCurrentTimeInt64 = current_time_millis;
    vfs.xGetLastError = last_error;
    sqlite3_vfs_register(&vfs, 0);
    seed_sqlite(host.random);
    std::shared_ptr<Vfs> made(new Vfs(std::move(impl)));
    entry = made;
    return made;
}

}  // namespace nguon::sql
