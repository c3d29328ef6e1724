#include "base/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace nguon {
namespace {

namespace fs = std::filesystem;

// Repeats a system call that a signal interrupted.
template <class Call>
auto retry(Call call) {
    for (;;) {
        const auto result = call();
        if (result >= 0 || errno != EINTR) return result;
    }
}

Text fix_of(int code) {
    switch (code) {
        case ENOSPC:
        case EDQUOT:
            return {"Giải phóng hoặc thêm dung lượng đĩa rồi làm lại.",
                    "Free or add disk space, then try again."};
        case EFBIG:
            return {
                "Tệp vượt giới hạn của hệ tệp hay của tiến trình (ulimit -f): nâng giới hạn rồi "
                "làm lại.",
                "The file passes a limit of the file system or process (ulimit -f): raise it, try "
                "again."};
        case EIO:
            return {
                "Thiết bị lưu trữ báo lỗi: kiểm tra đĩa (dmesg, smartctl), khởi động lại nút, chạy "
                "«nguon verify».",
                "The storage device failed: check the disk (dmesg, smartctl), restart the node, "
                "run "
                "`nguon verify`."};
        case EACCES:
        case EPERM:
        case EROFS:
            return {"Cho người dùng chạy nút quyền đọc và ghi thư mục này.",
                    "Let the user that runs the node read and write this folder."};
        case EMFILE:
        case ENFILE:
            return {"Nâng giới hạn số tệp mở (ulimit -n).",
                    "Raise the limit of open files (ulimit -n)."};
        default: return {"Thử lại sau.", "Try again later."};
    }
}

std::unexpected<Error> errno_error(std::string_view what_vi, std::string_view what_en,
                                   const fs::path& path, int code) {
    const std::string name = path.string();
    if (code == ENOENT || code == ENOTDIR) {
        return fail(Code::kNotFound, {fmt::format("Không có «{}».", name),
                                      fmt::format("There is no \"{}\".", name)});
    }
    if (code == EEXIST) {
        return fail(Code::kConflict, {fmt::format("«{}» đã có.", name),
                                      fmt::format("\"{}\" exists already.", name)});
    }
    return fail(Code::kUnavailable,
                {fmt::format("Không {} được «{}»: {}.", what_vi, name, std::strerror(code)),
                 fmt::format("Cannot {} \"{}\": {}.", what_en, name, std::strerror(code))},
                fix_of(code));
}

class RealFile final : public File {
public:
    RealFile(int descriptor, fs::path path) : m_descriptor(descriptor), m_path(std::move(path)) {}
    RealFile(const RealFile&) = delete;
    RealFile& operator=(const RealFile&) = delete;
    ~RealFile() override { ::close(m_descriptor); }

    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) override {
        std::size_t done = 0;
        while (done < buffer.size()) {
            const ssize_t got = retry([&] {
                return ::pread(m_descriptor, buffer.data() + done, buffer.size() - done,
                               static_cast<off_t>(offset + done));
            });
            if (got < 0) return errno_error("đọc", "read", m_path, errno);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

    Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t put = retry([&] {
                return ::pwrite(m_descriptor, bytes.data(), bytes.size(),
                                static_cast<off_t>(offset));
            });
            if (put < 0) return errno_error("ghi", "write", m_path, errno);
            bytes.remove_prefix(static_cast<std::size_t>(put));
            offset += static_cast<std::uint64_t>(put);
        }
        return {};
    }

    Result<void> truncate(std::uint64_t size) override {
        if (retry([&] { return ::ftruncate(m_descriptor, static_cast<off_t>(size)); }) < 0) {
            return errno_error("cắt", "truncate", m_path, errno);
        }
        return {};
    }

    Result<std::uint64_t> size() override {
        struct stat status{};
        if (::fstat(m_descriptor, &status) < 0) return errno_error("đọc", "read", m_path, errno);
        return static_cast<std::uint64_t>(status.st_size);
    }

    // Not retried, not even after EINTR: after an error the kernel may have dropped the dirty
    // pages, and a second call would report success for bytes that are lost.
    Result<void> sync() override {
        if (::fdatasync(m_descriptor) < 0) return errno_error("đồng bộ", "sync", m_path, errno);
        return {};
    }

private:
    int m_descriptor;
    fs::path m_path;
};

class RealLock final : public DiskLock {
public:
    explicit RealLock(int descriptor) : m_descriptor(descriptor) {}
    RealLock(const RealLock&) = delete;
    RealLock& operator=(const RealLock&) = delete;
    ~RealLock() override { ::close(m_descriptor); }

private:
    int m_descriptor;
};

class RealDisk final : public Disk {
public:
    Result<std::unique_ptr<File>> open(const fs::path& path, OpenMode mode) override {
        int flags = O_CLOEXEC;
        switch (mode) {
            case OpenMode::kRead: flags |= O_RDONLY; break;
            case OpenMode::kReadWrite: flags |= O_RDWR; break;
            case OpenMode::kCreate: flags |= O_RDWR | O_CREAT; break;
            case OpenMode::kCreateNew:
            case OpenMode::kCreatePrivate: flags |= O_RDWR | O_CREAT | O_EXCL; break;
        }
        const mode_t access = mode == OpenMode::kCreatePrivate ? 0600 : 0640;
        const int descriptor = retry([&] { return ::open(path.c_str(), flags, access); });
        if (descriptor < 0) return errno_error("mở", "open", path, errno);
        auto file = std::make_unique<RealFile>(descriptor, path);
        struct stat status{};
        if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
            return fail(Code::kConflict,
                        {fmt::format("«{}» là thư mục, không phải tệp.", path.string()),
                         fmt::format("\"{}\" is a folder, not a file.", path.string())});
        }
        return file;
    }

    Result<void> rename(const fs::path& from, const fs::path& to) override {
        if (::rename(from.c_str(), to.c_str()) < 0)
            return errno_error("đổi tên", "rename", from, errno);
        return {};
    }

    Result<void> remove(const fs::path& path) override {
        if (::unlink(path.c_str()) < 0) return errno_error("xoá", "remove", path, errno);
        return {};
    }

    Result<void> make_folders(const fs::path& path) override {
        if (path.empty()) return {};
        struct stat status{};
        if (::stat(path.c_str(), &status) == 0) {
            if (S_ISDIR(status.st_mode)) return {};
            return fail(Code::kConflict,
                        {fmt::format("«{}» là tệp, không phải thư mục.", path.string()),
                         fmt::format("\"{}\" is a file, not a folder.", path.string())});
        }
        const fs::path parent =
            path.has_filename() ? path.parent_path() : path.parent_path().parent_path();
        TRY(make_folders(parent));
        if (::mkdir(path.c_str(), 0750) < 0 && errno != EEXIST) {
            return errno_error("tạo", "create", path, errno);
        }
        return sync_folder(parent.empty() ? fs::path(".") : parent);
    }

    // The folder is made closed; one that was there is closed now.
    Result<void> make_private_folder(const fs::path& path) override {
        const fs::path parent = path.parent_path();
        TRY(make_folders(parent));
        if (::mkdir(path.c_str(), 0700) < 0) {
            if (errno != EEXIST) return errno_error("tạo", "create", path, errno);
            if (::chmod(path.c_str(), 0700) < 0)
                return errno_error("đóng quyền", "restrict", path, errno);
        }
        return sync_folder(parent.empty() ? fs::path(".") : parent);
    }

    Result<void> remove_folder(const fs::path& path) override {
        std::error_code failure;
        fs::remove_all(path, failure);
        if (failure) return errno_error("xoá", "remove", path, failure.value());
        return {};
    }

    Result<std::unique_ptr<DiskLock>> lock(const fs::path& path, LockMode mode) override {
        const bool shared = mode == LockMode::kShared;
        const int flags = O_CLOEXEC | (shared ? O_RDONLY : O_RDWR | O_CREAT);
        const int descriptor = retry([&] { return ::open(path.c_str(), flags, 0600); });
        if (descriptor < 0) return errno_error("mở", "open", path, errno);
        auto lock = std::make_unique<RealLock>(descriptor);
        if (retry([&] { return ::flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB); }) == 0)
            return lock;
        if (errno != EWOULDBLOCK) return errno_error("khoá", "lock", path, errno);
        return fail(Code::kConflict,
                    {fmt::format("«{}» đang có tiến trình khác khoá.", path.string()),
                     fmt::format("\"{}\" is locked by another process.", path.string())});
    }

    Result<void> sync_folder(const fs::path& path) override {
        const int descriptor =
            retry([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
        if (descriptor < 0) return errno_error("mở", "open", path, errno);
        const int code = ::fsync(descriptor) < 0 ? errno : 0;
        ::close(descriptor);
        // Some file systems cannot sync a folder and say so; their names are synchronous.
        if (code != 0 && code != EINVAL) return errno_error("đồng bộ", "sync", path, code);
        return {};
    }

    bool exists(const fs::path& path) override {
        struct stat status{};
        return ::stat(path.c_str(), &status) == 0;
    }

    Result<std::vector<std::string>> list(const fs::path& path) override {
        std::vector<std::string> names;
        DIR* folder = ::opendir(path.c_str());
        if (folder == nullptr) {
            if (errno == ENOENT) return names;
            return errno_error("liệt kê", "list", path, errno);
        }
        int code = 0;
        for (;;) {
            errno = 0;
            const dirent* entry = ::readdir(folder);
            if (entry == nullptr) {
                code = errno;
                break;
            }
            bool is_file = entry->d_type == DT_REG;
            if (entry->d_type == DT_UNKNOWN) {
                struct stat status{};
                is_file =
                    ::stat((path / entry->d_name).c_str(), &status) == 0 && S_ISREG(status.st_mode);
            }
            if (is_file) names.emplace_back(entry->d_name);
        }
        ::closedir(folder);
        if (code != 0) return errno_error("liệt kê", "list", path, code);
        return names;
    }

    Result<std::uint64_t> size_of(const fs::path& path) override {
        struct stat status{};
        if (::stat(path.c_str(), &status) < 0) return errno_error("đọc", "read", path, errno);
        return static_cast<std::uint64_t>(status.st_size);
    }
};

}  // namespace

Result<std::string> Disk::read_all(const fs::path& path, std::uint64_t limit) {
    TRY_ASSIGN(const std::unique_ptr<File> file, open(path, OpenMode::kRead));
    TRY_ASSIGN(const std::uint64_t size, file->size());
    if (size > limit) {
        return fail(Code::kTooLarge,
                    {fmt::format("«{}» dài {} byte, quá {} byte.", path.string(), size, limit),
                     fmt::format("\"{}\" has {} bytes, over {}.", path.string(), size, limit)});
    }
    std::string bytes(static_cast<std::size_t>(size), '\0');
    TRY_ASSIGN(const std::size_t got, file->read_at(0, bytes));
    bytes.resize(got);
    return bytes;
}

Result<void> Disk::write_durably(const fs::path& path, std::string_view bytes) {
    fs::path draft = path;
    draft += ".tmp";
    {
        TRY_ASSIGN(const std::unique_ptr<File> file, open(draft, OpenMode::kCreate));
        TRY(file->truncate(0));
        TRY(file->write_at(0, bytes));
        TRY(file->sync());
    }
    TRY(rename(draft, path));
    return sync_folder(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

Disk& real_disk() {
    static RealDisk disk;
    return disk;
}

}  // namespace nguon
