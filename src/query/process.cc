#include "query/internal/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace nguon::query {
namespace {

using std::chrono::steady_clock;

std::unexpected<Error> not_started(int number) {
    return fail(
        Code::kUnavailable,
        {fmt::format("Không khởi động được tiến trình truy vấn: {}.", std::strerror(number)),
         fmt::format("The query process did not start: {}.", std::strerror(number))},
        {"Thử lại sau; kiểm tra bộ nhớ và số tiến trình được phép.",
         "Try again later; check memory and the number of processes allowed."});
}

// Nothing of the node's environment, but what sanitizers read.
std::vector<char*> child_environment() {
    static const std::string locale = "LC_ALL=C";
    std::vector<char*> kept{const_cast<char*>(locale.c_str())};
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        const bool sanitizer = text.substr(0, text.find('=')).ends_with("SAN_OPTIONS");
        if (sanitizer) kept.push_back(*variable);
    }
    kept.push_back(nullptr);
    return kept;
}

}  // namespace

Result<Process> Process::start(const std::filesystem::path& program, int output) {
    std::array<int, 2> pair{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
        return not_started(errno);
    fcntl(pair[0], F_SETFL, O_NONBLOCK);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, pair[1], 0);
    posix_spawn_file_actions_adddup2(&files, pair[1], 1);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    if (output >= 0) posix_spawn_file_actions_adddup2(&files, output, kOutputDescriptor);
    posix_spawn_file_actions_addclosefrom_np(
        &files, output >= 0 ? kOutputDescriptor + 1 : kOutputDescriptor);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    // A group of its own: Ctrl-C in a terminal reaches the node alone.
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

    std::string name = "nguon", command = "sql-child";
    std::array<char*, 3> arguments{name.data(), command.data(), nullptr};
    std::vector<char*> environment = child_environment();
    pid_t pid = -1;
    const int failed = posix_spawn(&pid, program.c_str(), &files, &attributes, arguments.data(),
                                   environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    close(pair[1]);
    if (failed != 0) {
        close(pair[0]);
        return not_started(failed);
    }
    return Process(pid, pair[0]);
}

Process::Process(Process&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1)), m_socket(std::exchange(other.m_socket, -1)) {}

Process::~Process() {
    if (m_socket >= 0) close(m_socket);
    if (m_pid > 0) {
        kill(m_pid, SIGKILL);
        while (waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
}

int Process::signal_of_death() {
    if (m_pid <= 0) return 0;
    // Its socket is closed: it is ending, or plays dead and is ended.
    int status = 0;
    const auto until = steady_clock::now() + std::chrono::seconds(2);
    pid_t reaped = 0;
    while ((reaped = waitpid(m_pid, &status, WNOHANG)) == 0 && steady_clock::now() < until) {
        poll(nullptr, 0, 1);
    }
    if (reaped == 0) {
        kill(m_pid, SIGKILL);
        while ((reaped = waitpid(m_pid, &status, 0)) < 0 && errno == EINTR) {
        }
    }
    m_pid = -1;
    return reaped > 0 && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

std::expected<void, Silence> Process::wait_for(short events, const Patience& patience) const {
    constexpr auto kStep = std::chrono::milliseconds(50);
    for (;;) {
        if (patience.cancelled != nullptr && *patience.cancelled && (*patience.cancelled)()) {
            return std::unexpected(Silence::kCancelled);
        }
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(patience.until - steady_clock::now());
        if (left.count() <= 0) return std::unexpected(Silence::kTime);
        pollfd waiting{m_socket, events, 0};
        const int ready = poll(&waiting, 1, static_cast<int>(std::min(left, kStep).count()));
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return std::unexpected(Silence::kDied);
    }
}

std::expected<void, Silence> Process::send(Kind kind, std::string_view payload,
                                           const Patience& patience) {
    std::string bytes = frame_head(kind, payload.size());
    bytes += payload;
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const ssize_t sent =
            ::send(m_socket, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            rest.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN || errno == EINTR) {
            if (auto waited = wait_for(POLLOUT, patience); !waited) return waited;
        } else {
            return std::unexpected(Silence::kDied);
        }
    }
    return {};
}

std::expected<void, Silence> Process::read_exactly(char* to, std::size_t size,
                                                   const Patience& patience) {
    while (size > 0) {
        if (auto waited = wait_for(POLLIN, patience); !waited) return waited;
        const ssize_t got = read(m_socket, to, size);
        if (got > 0) {
            to += got;
            size -= static_cast<std::size_t>(got);
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            return std::unexpected(Silence::kDied);
        }
    }
    return {};
}

std::expected<Frame, Silence> Process::receive(const Patience& patience) {
    std::array<char, kFrameHead> head{};
    if (auto done = read_exactly(head.data(), head.size(), patience); !done) {
        return std::unexpected(done.error());
    }
    const std::uint32_t size = frame_size({head.data(), head.size()});
    if (size > kMaxFrame) return std::unexpected(Silence::kTooMuch);
    Frame frame{static_cast<Kind>(head[0]), std::string(size, '\0')};
    if (auto done = read_exactly(frame.payload.data(), size, patience); !done) {
        return std::unexpected(done.error());
    }
    return frame;
}

}  // namespace nguon::query
