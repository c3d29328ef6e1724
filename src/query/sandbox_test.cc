// Attacks on the walls themselves: code that runs inside them, as if DuckDB had been taken over.
#include "query/internal/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <thread>

#include "query/query.h"

namespace nguon::query {
namespace {

// Runs `inside` in a forked process within the walls; its return value, or 1000 + the signal.
int in_sandbox(const std::vector<std::filesystem::path>& files, Allow allow,
               const std::function<int()>& inside) {
    const pid_t pid = fork();
    if (pid == 0) {
        const bool ready = set_limits(std::uint64_t{512} << 20, 10, 1 << 20) &&
                           restrict_files(files) && restrict_calls(allow);
        _exit(ready ? inside() : 99);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

class Sandbox : public testing::Test {
protected:
    Sandbox() {
        char name[] = "/tmp/nguon-sandbox-XXXXXX";
        m_folder = mkdtemp(name);
        std::ofstream(m_folder / "given") << "given";
        std::ofstream(m_folder / "other") << "other";
    }
    ~Sandbox() override { std::filesystem::remove_all(m_folder); }

    std::string path(const char* name) const { return (m_folder / name).string(); }
    int inside(const std::function<int()>& body, Allow allow = Allow::kReading) const {
        return in_sandbox({m_folder / "given"}, allow, body);
    }

    std::filesystem::path m_folder;
};

TEST_F(Sandbox, IsCompleteHere) {
    EXPECT_TRUE(sandbox_status().complete());
}

TEST_F(Sandbox, TheGivenFileIsReadAndNoOther) {
    const std::string given = path("given"), other = path("other"), folder = m_folder.string();
    EXPECT_EQ(inside([&] {
                  char bytes[5];
                  const int file = open(given.c_str(), O_RDONLY);
                  return file >= 0 && read(file, bytes, 5) == 5 ? 0 : 1;
              }),
              0);
    for (const Allow allow : {Allow::kReading, Allow::kWritingGivenFile}) {
        EXPECT_EQ(inside([&] { return open(other.c_str(), O_RDONLY) < 0 ? 0 : 1; }, allow), 0);
        EXPECT_EQ(inside([&] { return open("/etc/passwd", O_RDONLY) < 0 ? 0 : 1; }, allow), 0);
        EXPECT_EQ(inside([&] { return open("/proc/self/environ", O_RDONLY) < 0 ? 0 : 1; }, allow),
                  0);
        EXPECT_EQ(inside([&] { return open("/proc/self/mem", O_RDWR) < 0 ? 0 : 1; }, allow), 0);
        EXPECT_EQ(inside([&] { return open("/dev/null", O_RDONLY) < 0 ? 0 : 1; }, allow), 0);
        EXPECT_EQ(
            inside([&] { return open(folder.c_str(), O_RDONLY | O_DIRECTORY) < 0 ? 0 : 1; }, allow),
            0);
        EXPECT_EQ(inside([&] { return open(given.c_str(), O_RDWR) < 0 ? 0 : 1; }, allow), 0);
        EXPECT_EQ(
            inside([&] { return open(given.c_str(), O_RDONLY | O_TRUNC) < 0 ? 0 : 1; }, allow), 0);
        EXPECT_EQ(
            inside([&] { return open(path("new").c_str(), O_WRONLY | O_CREAT, 0600) < 0 ? 0 : 1; },
                   allow),
            0);
        EXPECT_EQ(inside([&] { return open(folder.c_str(), O_TMPFILE | O_RDWR, 0600) < 0 ? 0 : 1; },
                         allow),
                  0);
    }
    EXPECT_EQ(std::filesystem::file_size(given), 5U);
}

TEST_F(Sandbox, AThreadStartedInsideIsInside) {
    const std::string other = path("other");
    EXPECT_EQ(inside([&] {
                  int opened = 0;
                  std::thread([&] { opened = open(other.c_str(), O_RDONLY); }).join();
                  return opened < 0 ? 0 : 1;
              }),
              0);
}

TEST_F(Sandbox, NarrowingTwiceKeepsTheSmallerSet) {
    const std::string given = path("given"), other = path("other");
    EXPECT_EQ(in_sandbox({m_folder}, Allow::kReading,
                         [&] {
                             if (open(other.c_str(), O_RDONLY) < 0) return 1;
                             if (!restrict_files({given})) return 2;
                             if (open(given.c_str(), O_RDONLY) < 0) return 3;
                             if (open(other.c_str(), O_RDONLY) >= 0) return 4;
                             (void)restrict_files({m_folder});
                             return open(other.c_str(), O_RDONLY) < 0 ? 0 : 5;
                         }),
              0);
}

TEST_F(Sandbox, NoSocketsNoProcessesNoTricks) {
    const std::string given = path("given");
    const pid_t parent = getpid();
    const std::vector<std::pair<const char*, std::function<long()>>> attempts{
        {"socket inet", [] { return socket(AF_INET, SOCK_STREAM, 0); }},
        {"socket unix", [] { return socket(AF_UNIX, SOCK_STREAM, 0); }},
        {"socketpair",
         [] {
             int pair[2];
             return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
         }},
        {"fork", [] { return static_cast<long>(fork()); }},
        {"raw clone", [] { return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }},
        {"clone3", [] { return syscall(SYS_clone3, nullptr, 0); }},
        {"execve",
         [] {
             char* none[] = {nullptr};
             return execve("/bin/true", none, none);
         }},
        {"kill parent", [parent] { return kill(parent, 0); }},
        {"tgkill parent", [parent] { return syscall(SYS_tgkill, parent, parent, 0); }},
        {"ptrace", [parent] { return ptrace(PTRACE_ATTACH, parent, 0, 0); }},
        {"unlink", [&] { return unlink(given.c_str()); }},
        {"rename", [&] { return rename(given.c_str(), (given + "2").c_str()); }},
        {"link", [&] { return link(given.c_str(), (given + "3").c_str()); }},
        {"symlink", [&] { return symlink(given.c_str(), (given + "4").c_str()); }},
        {"mkdir", [&] { return mkdir((given + "5").c_str(), 0700); }},
        {"truncate", [&] { return truncate(given.c_str(), 0); }},
        {"chmod", [&] { return chmod(given.c_str(), 0777); }},
        {"mount", [] { return syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, nullptr); }},
        {"unshare", [] { return syscall(SYS_unshare, 0x10000000); }},
        {"setuid", [] { return syscall(SYS_setuid, 0); }},
        {"bpf", [] { return syscall(SYS_bpf, 0, nullptr, 0); }},
        {"io_uring", [] { return syscall(SYS_io_uring_setup, 1, nullptr); }},
        {"keyctl", [] { return syscall(SYS_keyctl, 0, -3, 0, 0, 0); }},
        {"perf", [] { return syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0); }},
        {"userfaultfd", [] { return syscall(SYS_userfaultfd, 0); }},
        {"process_vm_readv",
         [parent] { return syscall(SYS_process_vm_readv, parent, nullptr, 0, nullptr, 0, 0); }},
        {"memfd", [] { return syscall(SYS_memfd_create, "x", 0); }},
        {"pidfd", [parent] { return syscall(SYS_pidfd_open, parent, 0); }},
        {"seccomp", [] { return syscall(SYS_seccomp, 0, 0, nullptr); }},
        {"raise a limit",
         [] {
             rlimit most{RLIM_INFINITY, RLIM_INFINITY};
             return setrlimit(RLIMIT_DATA, &most);
         }},
        {"setpriority", [] { return syscall(SYS_setpriority, 0, 0, -5); }},
        {"executable memory",
         [] {
             return mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
                        ? -1
                        : 0;
         }},
        {"ioctl", [] { return syscall(SYS_ioctl, 1, 0x5413, nullptr); }},
        {"open_by_handle", [] { return syscall(SYS_open_by_handle_at, -1, nullptr, 0); }},
        {"openat2", [] { return syscall(SYS_openat2, -100, "/etc/passwd", nullptr, 0); }},
        {"fcntl F_SETOWN", [parent] { return fcntl(1, F_SETOWN, parent); }},
        {"recvmsg", [] { return syscall(SYS_recvmsg, 0, nullptr, 0); }},
        {"unknown call", [] { return syscall(1000); }},
    };
    for (const auto& named : attempts) {
        const int seen = inside([&] {
            errno = 0;
            const long result = named.second();
            return result < 0 && (errno == EPERM || errno == ENOSYS) ? 0 : 1;
        });
        EXPECT_EQ(seen, 0) << named.first;
    }
    EXPECT_TRUE(std::filesystem::exists(given));
}

TEST_F(Sandbox, LimitsHold) {
    EXPECT_EQ(inside([] {
                  void* memory = mmap(nullptr, std::size_t{1} << 30, PROT_READ | PROT_WRITE,
                                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  return memory == MAP_FAILED || is_sanitized() ? 0 : 1;
              }),
              0);
    EXPECT_EQ(inside([] {
                  abort();
                  return 0;
              }),
              1000 + SIGABRT);
    const int file = memfd_create("given", MFD_CLOEXEC);
    EXPECT_EQ(inside([file] {
                  const std::string bytes(2 << 20, 'x');
                  return write(file, bytes.data(), bytes.size()) <= 1 << 20 ? 0 : 1;
              }),
              0);
    close(file);
}

}  // namespace
}  // namespace nguon::query
