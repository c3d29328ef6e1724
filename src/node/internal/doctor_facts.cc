// Reading the machine: system calls and measuring, no opinions.
#include "node/internal/doctor_facts.h"

#include <fmt/format.h>
#include <langinfo.h>
#include <locale.h>
#include <netdb.h>
#include <openssl/crypto.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unicode/uversion.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <ctime>

#include "node/internal/kernel_file.h"
#include "query/query.h"
#include "sql/versions.h"

namespace nguon::node::doctor {
namespace {

namespace fs = std::filesystem;

// f_type of linux/magic.h and the kernel's sources: file systems on which fsync or locks are not
// what a node counts on, or which lose everything at power off.
std::string kind_of(std::uint32_t magic) {
    switch (magic) {
        case 0x6969: return "nfs";
        case 0xff534d42:
        case 0xfe534d42: return "cifs";
        case 0x65735546: return "fuse";
        case 0x01021994: return "tmpfs";
        case 0x858458f6: return "ramfs";
        default: return {};
    }
}

// Nothing where the file is absent or says "max" or the like.
std::optional<std::uint64_t> number_in(const fs::path& file) {
    const std::string text = read_kernel_file(file);
    const std::string_view digits = trim(text);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

// The smallest limit of the control groups (version 2) that this process is in, from its own up.
std::optional<std::uint64_t> group_memory(const std::string& process) {
    const std::string groups = read_kernel_file("/proc/" + process + "/cgroup");
    std::optional<std::uint64_t> least;
    for (const std::string& line : split(groups, '\n')) {
        if (!line.starts_with("0::/")) continue;
        const fs::path root = "/sys/fs/cgroup";
        fs::path group = root / line.substr(4);
        for (;; group = group.parent_path()) {
            const auto limit = number_in(group / "memory.max");
            if (limit && (!least || *limit < *least)) least = limit;
            if (group == root || !group.has_relative_path()) break;
        }
    }
    return least;
}

std::optional<std::uint64_t> limit_of(std::int64_t pid, __rlimit_resource resource) {
    rlimit limit{};
    if (::prlimit(static_cast<pid_t>(pid), resource, nullptr, &limit) != 0) return std::nullopt;
    if (limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
    return limit.rlim_cur;
}

int try_to_bind(const addrinfo& at) {
    const int descriptor = ::socket(at.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return errno;
    const int on = 1;  // as the server does: an address that rests in TIME_WAIT is free
    (void)::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    int error = ::bind(descriptor, at.ai_addr, at.ai_addrlen) == 0 ? 0 : errno;
    if (error == 0 && ::listen(descriptor, 1) != 0) error = errno;
    ::close(descriptor);
    return error;
}

SecretFacts look_at_secret(const fs::path& path) {
    SecretFacts facts;
    facts.path = path.string();
    struct stat status{};
    facts.present = ::stat(path.c_str(), &status) == 0;
    if (!facts.present) return facts;
    facts.folder = S_ISDIR(status.st_mode);
    facts.mode = status.st_mode & 07777u;
    facts.owned = status.st_uid == ::geteuid() || ::geteuid() == 0;
    facts.readable = ::access(path.c_str(), facts.folder ? R_OK | X_OK : R_OK) == 0;
    return facts;
}

}  // namespace

ClockFacts look_at_clock(const std::string& zone, double measured_jump_ms, bool went_back) {
    ClockFacts facts;
    facts.jump_ms = measured_jump_ms;
    facts.went_back = went_back;
    timex kernel{};
    const int state = ::adjtimex(&kernel);
    facts.synchronised = state >= 0 && state != TIME_ERROR && (kernel.status & STA_UNSYNC) == 0;
    facts.zone = zone;
    std::string_view file = zone;
    if (file.starts_with(':')) file.remove_prefix(1);
    // A rule such as "ICT-7" names no file; it has a digit, which hardly any zone's name has.
    const bool names_file = !file.empty() && file != "UTC" && file != "GMT" &&
                            file.find_first_of("0123456789") == std::string_view::npos;
    if (names_file) {
        const fs::path path = fs::path("/usr/share/zoneinfo") / file;
        facts.zone_known = ::access(path.c_str(), R_OK) == 0;
    }
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    facts.offset_minutes = static_cast<int>(local.tm_gmtoff / 60);
    return facts;
}

SpaceFacts look_at_space(const fs::path& folder) {
    SpaceFacts facts;
    facts.path = folder.string();
    struct statvfs space{};
    if (::statvfs(folder.c_str(), &space) == 0) {
        facts.free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
        facts.total = static_cast<std::uint64_t>(space.f_blocks) * space.f_frsize;
        facts.free_inodes = space.f_favail;
        facts.total_inodes = space.f_files;
        facts.read_only = (space.f_flag & ST_RDONLY) != 0;
    }
    struct statfs system{};
    if (::statfs(folder.c_str(), &system) == 0)
        facts.kind = kind_of(static_cast<std::uint32_t>(system.f_type));
    struct stat own{};
    if (::stat(folder.c_str(), &own) != 0) return facts;
    for (const char* name : {"tmp", "segments", "quarantine", "chain", "views"}) {
        struct stat inside{};
        if (::stat((folder / name).c_str(), &inside) == 0 && inside.st_dev != own.st_dev)
            facts.elsewhere.emplace_back(name);
    }
    return facts;
}

SyncFacts measure_sync(Disk& disk, const fs::path& folder, Random& random) {
    using Ticks = std::chrono::steady_clock;
    constexpr auto kLongest = std::chrono::milliseconds(1000);
    constexpr std::size_t kMost = 300;
    SyncFacts facts;
    const fs::path path = folder / ("doctor-" + make_id(system_clock(), random));
    Result<std::unique_ptr<File>> file = disk.open(path, OpenMode::kCreateNew);
    if (!file) {
        facts.error = file.error().detail.en;
        return facts;
    }
    const std::string block(4096, 'n');
    const auto start = Ticks::now();
    for (std::size_t i = 0; i < kMost && Ticks::now() - start < kLongest; ++i) {
        const auto before = Ticks::now();
        Result<void> done = (*file)->write_at(i * block.size(), block);
        if (done) done = (*file)->sync();
        if (!done) {
            facts.error = done.error().detail.en;
            break;
        }
        facts.milliseconds.push_back(
            std::chrono::duration<double, std::milli>(Ticks::now() - before).count());
    }
    file->reset();
    (void)disk.remove(path);
    std::sort(facts.milliseconds.begin(), facts.milliseconds.end());
    return facts;
}

std::vector<SecretFacts> look_at_secrets(const fs::path& folder) {
    return {look_at_secret(folder / "keys"), look_at_secret(folder / "keys" / "node.pem"),
            look_at_secret(folder / "admin.token")};
}

PortFacts look_at_port(const std::string& listener, const std::string& address) {
    PortFacts facts{listener, address};
    const std::size_t colon = address.rfind(':');
    std::string host = address.substr(0, std::min(colon, address.size()));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    if (colon == std::string::npos || host.empty() ||
        ::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints, &found) != 0) {
        facts.invalid = true;
        return facts;
    }
    facts.error = try_to_bind(*found);
    ::freeaddrinfo(found);
    return facts;
}

LimitFacts look_at_limits(std::int64_t pid) {
    LimitFacts facts;
    rlimit probe{};
    if (::prlimit(static_cast<pid_t>(pid), RLIMIT_NOFILE, nullptr, &probe) != 0) pid = 0;
    const std::string process = pid == 0 ? "self" : std::to_string(pid);
    facts.descriptors = limit_of(pid, RLIMIT_NOFILE).value_or(~std::uint64_t{0});
    facts.address_space = limit_of(pid, RLIMIT_AS);
    if (const auto data = limit_of(pid, RLIMIT_DATA);
        data && (!facts.address_space || *data < *facts.address_space)) {
        facts.address_space = data;
    }
    facts.file_size = limit_of(pid, RLIMIT_FSIZE);
    const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGESIZE);
    if (pages > 0 && size > 0)
        facts.memory = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size);
    if (const auto group = group_memory(process);
        group && (facts.memory == 0 || *group < facts.memory)) {
        facts.memory = *group;
        facts.in_group = true;
    }
    return facts;
}

VersionFacts look_at_versions() {
    VersionFacts facts;
    facts.sqlite = sql::sqlite_version();
    facts.sqlite_number = sql::sqlite_version_number();
    facts.duckdb = sql::duckdb_version();
    facts.openssl = OpenSSL_version(OPENSSL_VERSION_STRING);
    UVersionInfo icu{};
    u_getVersion(icu);
    char text[U_MAX_VERSION_STRING_LENGTH] = "";
    u_versionToString(icu, text);
    facts.icu = text;
    utsname system{};
    if (::uname(&system) == 0) facts.kernel = fmt::format("{} {}", system.sysname, system.release);
    const query::SandboxStatus sandbox = query::sandbox_status();
    facts.landlock = sandbox.landlock;
    facts.seccomp = sandbox.seccomp;
    return facts;
}

std::string charset_of(const std::string& locale) {
    const locale_t opened = ::newlocale(LC_CTYPE_MASK, locale.c_str(), nullptr);
    if (opened == nullptr) return {};
    std::string charset = ::nl_langinfo_l(CODESET, opened);
    ::freelocale(opened);
    return charset;
}

}  // namespace nguon::node::doctor
