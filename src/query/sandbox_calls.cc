#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "query/internal/sandbox.h"

namespace nguon::query {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;  // no filter: sandbox_status() says so
#endif

// What DuckDB, glibc and the protocol need once the instance is open: memory, threads, time,
// reading and writing open descriptors. A list of the allowed rather than of the dangerous, because
// kernels add calls. Not in it, among others: socket, connect, execve, fork, kill, ptrace, open for
// writing, unlink, rename, link, mkdir, mount, chmod, memfd_create, recvmsg, io_uring, bpf, keyctl,
// perf_event_open, userfaultfd, process_vm_*, pidfd_*, setuid, unshare, getdents. By name a file
// can be looked at (stat, access, readlink: DuckDB does before it opens), which tells that it
// exists and where a link leads, no more.
constexpr long kPlain[] = {SYS_read,
                           SYS_write,
                           SYS_readv,
                           SYS_writev,
                           SYS_pread64,
                           SYS_pwrite64,
                           SYS_lseek,
                           SYS_close,
                           SYS_fstat,
                           SYS_newfstatat,
                           SYS_statx,
                           SYS_fsync,
                           SYS_fdatasync,
                           SYS_ftruncate,
                           SYS_fallocate,
                           SYS_fadvise64,
                           SYS_faccessat,
                           SYS_readlinkat,
#if defined(__x86_64__)
                           SYS_access,
                           SYS_stat,
                           SYS_lstat,
                           SYS_readlink,  // libduckdb.so is built against an old glibc
#endif
                           SYS_munmap,
                           SYS_mremap,
                           SYS_madvise,
                           SYS_brk,
                           SYS_membarrier,
                           SYS_futex,
                           SYS_set_robust_list,
                           SYS_rseq,
                           SYS_sched_yield,
                           SYS_sched_getaffinity,
                           SYS_rt_sigaction,
                           SYS_rt_sigprocmask,
                           SYS_rt_sigreturn,
                           SYS_sigaltstack,
                           SYS_restart_syscall,
                           SYS_getpid,
                           SYS_gettid,
                           SYS_getuid,
                           SYS_geteuid,
                           SYS_getrusage,
                           SYS_sysinfo,
                           SYS_uname,
                           SYS_getcpu,
                           SYS_getcwd,
                           SYS_clock_gettime,
                           SYS_clock_getres,
                           SYS_gettimeofday,
                           SYS_nanosleep,
                           SYS_clock_nanosleep,
                           SYS_ppoll,
                           SYS_getrandom,
                           SYS_exit,
                           SYS_exit_group,
                           SYS_landlock_create_ruleset,
                           SYS_landlock_add_rule,
                           SYS_landlock_restrict_self};

// Classic BPF over struct seccomp_data; arguments are compared by their low 32 bits, which is all
// the kernel reads of these (flags, commands, process ids).
class Filter {
public:
    void load(std::size_t offset) {
        add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
    }
    void answer(std::uint32_t action) { add(BPF_RET | BPF_K, action); }

    void allow(long call) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
        answer(SECCOMP_RET_ALLOW);
    }
    // The call with an argument one of `values`; else EPERM.
    void allow_values(long call, std::size_t argument, const std::vector<std::uint32_t>& values) {
        const auto count = static_cast<std::uint8_t>(values.size());
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, static_cast<std::uint8_t>(3 + count));
        load(low_half(argument));
        for (std::uint8_t i = 0; i < count; ++i) {
            jump(BPF_JEQ, values[i], static_cast<std::uint8_t>(count - i), 0);
        }
        answer(SECCOMP_RET_ERRNO | EPERM);
        answer(SECCOMP_RET_ALLOW);
    }
    // The call if (argument & mask) is zero, or if it is not; else EPERM.
    void allow_without(long call, std::size_t argument, std::uint32_t mask) {
        bits(call, argument, mask, SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_ALLOW);
    }
    void allow_with(long call, std::size_t argument, std::uint32_t mask) {
        bits(call, argument, mask, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | EPERM);
    }
    void answer_for(long call, std::uint32_t action) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
        answer(action);
    }
    std::vector<sock_filter>& code() { return m_code; }

    void jump(std::uint16_t kind, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
        m_code.push_back({static_cast<std::uint16_t>(BPF_JMP | kind | BPF_K), yes, no, value});
    }

private:
    static std::size_t low_half(std::size_t argument) {
        return offsetof(seccomp_data, args) + 8 * argument;  // little endian
    }
    void add(int code, std::uint32_t value) {
        m_code.push_back({static_cast<std::uint16_t>(code), 0, 0, value});
    }
    void bits(long call, std::size_t argument, std::uint32_t mask, std::uint32_t some,
              std::uint32_t none) {
        jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 4);
        load(low_half(argument));
        jump(BPF_JSET, mask, 0, 1);
        answer(some);
        answer(none);
    }
    std::vector<sock_filter> m_code;
};

constexpr std::uint32_t kWritingFlags =
    O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);

Filter make_filter(Allow allow) {
    Filter filter;
    filter.load(offsetof(seccomp_data, arch));
    filter.jump(BPF_JEQ, kArchitecture, 1, 0);
    filter.answer(SECCOMP_RET_KILL_PROCESS);
    filter.load(offsetof(seccomp_data, nr));
    for (const long call : kPlain)
        filter.allow(call);
    if (allow == Allow::kReading) {
        filter.allow_without(SYS_openat, 2, kWritingFlags);
    } else {
        filter.allow(SYS_openat);  // Landlock decides
    }
    filter.allow_without(SYS_mmap, 2, PROT_EXEC);
    filter.allow_without(SYS_mprotect, 2, PROT_EXEC);
    filter.allow_with(SYS_clone, 0, CLONE_THREAD);
    // Its flags lie in memory, out of a filter's sight; glibc then takes clone.
    filter.answer_for(SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
    filter.allow_values(SYS_prctl, 0, {PR_SET_NAME, 0x53564d41 /* PR_SET_VMA: names of maps */});
    filter.allow_values(SYS_fcntl, 1,
                        {F_GETFD, F_SETFD, F_GETFL, F_GETLK, F_SETLK, F_DUPFD_CLOEXEC});
    filter.allow_values(SYS_tgkill, 0, {static_cast<std::uint32_t>(getpid())});  // abort() only
    filter.answer(SECCOMP_RET_ERRNO | EPERM);
    return filter;
}

}  // namespace

Result<void> restrict_calls(Allow allow) {
    if constexpr (kArchitecture == 0) return {};
    Filter filter = make_filter(allow);
    const sock_fprog program{static_cast<unsigned short>(filter.code().size()),
                             filter.code().data()};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0) {
        return fail(Code::kInternal, Text::same("seccomp is not to be had"));
    }
    return {};
}

}  // namespace nguon::query
