#include "query/internal/sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <linux/prctl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "query/query.h"

namespace nguon::query {
namespace {

// Of newer kernels than Debian 12's header: linux/landlock.h of Linux 6.12.
constexpr std::uint64_t kTruncate = 1ULL << 14;     // version 3
constexpr std::uint64_t kIoctlDevice = 1ULL << 15;  // version 5
constexpr std::uint64_t kTcp = 0b11;                // bind and connect, version 4
constexpr std::uint64_t kScopes = 0b11;             // abstract sockets and signals, version 6
struct Ruleset {
    std::uint64_t files = 0, network = 0, scoped = 0;
};

std::unexpected<Error> system_error(std::string_view what) {
    const int number = errno;
    return fail(Code::kInternal, Text::same(fmt::format("{}: {}", what, std::strerror(number))));
}

long landlock_version() {
    return syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

// Every right that this version knows, so that all of them are denied.
Ruleset whole_ruleset(long version) {
    Ruleset rules;
    rules.files = (1ULL << 13) - 1;
    if (version >= 2) rules.files |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3) rules.files |= kTruncate;
    if (version >= 4) rules.network = kTcp;
    if (version >= 5) rules.files |= kIoctlDevice;
    if (version >= 6) rules.scoped = kScopes;
    return rules;
}

class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (m_number >= 0) close(m_number);
    }
    int number() const { return m_number; }

private:
    int m_number;
};

Result<void> allow_reading(int ruleset, const std::filesystem::path& path) {
    const Descriptor target(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (target.number() < 0) {
        return fail(Code::kCorrupt,
                    {fmt::format("Không mở được tệp dữ liệu {}.", path.filename().string()),
                     fmt::format("The data file {} cannot be opened.", path.filename().string())},
                    {"Chạy `nguon verify`.", "Run `nguon verify`."});
    }
    landlock_path_beneath_attr rule{};
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
    rule.parent_fd = target.number();
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
        return system_error("landlock_add_rule");
    }
    return {};
}

Result<void> limit(__rlimit_resource_t resource, std::uint64_t value) {
    rlimit now{};
    if (getrlimit(resource, &now) != 0) return system_error("getrlimit");
    const rlim_t most = std::min<rlim_t>(value, now.rlim_max);
    const rlimit wanted{most, most};
    if (setrlimit(resource, &wanted) != 0) return system_error("setrlimit");
    return {};
}

}  // namespace

bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#elif defined(__has_feature)
    return __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
    return false;
#endif
}

Result<void> set_limits(std::uint64_t memory_bytes, std::uint64_t cpu_seconds,
                        std::uint64_t file_bytes) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return system_error("no_new_privs");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return system_error("dumpable");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return system_error("pdeathsig");
    signal(SIGXFSZ, SIG_IGN);  // a write past the limit then fails with EFBIG
    TRY(limit(RLIMIT_CORE, 0));
    TRY(limit(RLIMIT_CPU, cpu_seconds));
    TRY(limit(RLIMIT_FSIZE, file_bytes));
    TRY(limit(RLIMIT_NOFILE, 4096));
    TRY(limit(RLIMIT_MEMLOCK, 0));
    TRY(limit(RLIMIT_MSGQUEUE, 0));
    if (!is_sanitized()) TRY(limit(RLIMIT_DATA, memory_bytes));
    return {};
}

Result<void> restrict_files(const std::vector<std::filesystem::path>& paths) {
    const long version = landlock_version();
    if (version < 1) return {};
    const Ruleset rules = whole_ruleset(version);
    // A kernel takes a longer struct if the tail that it does not know is zero.
    const Descriptor ruleset(
        static_cast<int>(syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0)));
    if (ruleset.number() < 0) return system_error("landlock_create_ruleset");
    for (const std::filesystem::path& path : paths)
        TRY(allow_reading(ruleset.number(), path));
    if (syscall(SYS_landlock_restrict_self, ruleset.number(), 0) != 0) {
        return system_error("landlock_restrict_self");
    }
    return {};
}

SandboxStatus sandbox_status() {
    SandboxStatus status;
    status.landlock = landlock_version() >= 1;
#if defined(__x86_64__) || defined(__aarch64__)
    status.seccomp = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
#endif
    return status;
}

}  // namespace nguon::query
