// The command line in this process: its arguments, terminal and file system. The only file that
// opens nodes.
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "cli/cli.h"
#include "cli/style.h"
#include "cli/target.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

namespace fs = std::filesystem;

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return errno == EPIPE;  // the reader has seen enough
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

int terminal_columns() {
    winsize size{};
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
        if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    }
    return 80;
}

// A node opened in this process, for as long as requests go to it.
class OwnNode final : public http::Target {
public:
    explicit OwnNode(std::unique_ptr<node::Node> opened)
        : m_node(std::move(opened)), m_target(http::in_process(m_node->router())) {}
    Result<http::Response> send(http::Request& request) override { return m_target->send(request); }

private:
    std::unique_ptr<node::Node> m_node;
    std::unique_ptr<http::Target> m_target;
};

constexpr auto kMostWait = std::chrono::seconds(10);
constexpr auto kLookAgain = std::chrono::milliseconds(50);
constexpr auto kNoteAfter = std::chrono::seconds(1);

void say_waiting(std::int64_t pid) {
    const Environment environment = real_environment();
    const Style style = style_of(environment);
    (void)environment.err(say(style.language, words::kWaiting, pid > 0 ? std::to_string(pid) : "?",
                              kMostWait.count()) +
                          "\n");
}

// Opens the folder; while another command holds it, waits for the end of that, within a bound.
Result<std::unique_ptr<node::Node>> open_when_free(const fs::path& data, node::OpenFor purpose) {
    const auto start = std::chrono::steady_clock::now();
    bool said = false, was_free = false;
    for (;;) {
        auto opened = node::Node::open(data, node::real_seams(), purpose);
        if (opened || opened.error().code != Code::kUnavailable) return opened;
        const std::optional<std::int64_t> pid = node::Node::holder(real_disk(), data);
        const auto waited = std::chrono::steady_clock::now() - start;
        if (!pid && was_free) return opened;  // it is not the lock that is in the way
        was_free = !pid;
        if (const auto node = serving(data);
            node && pid) {  // it does not answer: served_target() tried
            return fail(Code::kUnavailable,
                        both(words::kNodeSilent, data.string(), std::to_string(node->pid)),
                        both(words::kWakeNode, std::to_string(node->pid)));
        }
        if (waited > kMostWait) return opened;
        if (!said && pid && waited > kNoteAfter) {
            say_waiting(*pid);
            said = true;
        }
        std::this_thread::sleep_for(kLookAgain);
    }
}

bool is_mounted_read_only(const fs::path& folder) {
    struct statvfs mounted{};
    return ::statvfs(folder.c_str(), &mounted) == 0 && (mounted.f_flag & ST_RDONLY) != 0;
}

Result<Opened> open_target(const fs::path& data, Purpose purpose) {
    const node::Seams seams = node::real_seams();
    if (purpose == Purpose::kNoNode) {
        return Opened{http::in_process(*node::stateless_routes(seams)), fs::temp_directory_path()};
    }
    if (auto target = served_target(data)) {
        std::error_code failure;
        const bool here = fs::is_directory(data / "tmp", failure);
        return Opened{std::move(target), here ? data / "tmp" : fs::temp_directory_path()};
    }
    // Where nothing can be written the folder can still be read; what writes says so then.
    const auto open_for = purpose == Purpose::kReading || is_mounted_read_only(data)
                              ? node::OpenFor::kReading
                              : node::OpenFor::kCommands;
    TRY_ASSIGN(auto opened, open_when_free(data, open_for));
    const fs::path spool = opened->spool_folder();
    return Opened{std::make_unique<OwnNode>(std::move(opened)), spool};
}

Result<void> serve_with_log(const node::ServeOptions& options,
                            const std::function<void(const std::string&)>& ready) {
    const auto log = make_stderr_log(system_clock(), Level::kInfo);
    node::Seams seams = node::real_seams();
    seams.log = log.get();
    return node::serve(options, seams, ready);
}

// What it prints goes to standard error: standard output is our result.
bool start_program(const std::string& program, const std::string& argument) {
    std::string name = program, value = argument;
    char* const words[] = {name.data(), value.data(), nullptr};
    posix_spawn_file_actions_t files;
    if (::posix_spawn_file_actions_init(&files) != 0) return false;
    ::posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    pid_t pid = 0;
    const int failure = ::posix_spawnp(&pid, words[0], &files, nullptr, words, environ);
    ::posix_spawn_file_actions_destroy(&files);
    if (failure != 0) return false;
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

Environment real_environment() {
    Environment environment;
    environment.variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    environment.out = [](std::string_view bytes) { return write_all(STDOUT_FILENO, bytes); };
    environment.err = [](std::string_view bytes) { return write_all(STDERR_FILENO, bytes); };
    environment.open = open_target;
    environment.init = [](const node::InitOptions& options) {
        return node::init(options, node::real_seams());
    };
    environment.doctor = [](const node::DoctorOptions& options) {
        return node::examine(options, node::real_seams());
    };
    environment.serve = serve_with_log;
    environment.demo = run_demo;
    environment.start = start_program;
    environment.in = STDIN_FILENO;
    environment.in_is_terminal = ::isatty(STDIN_FILENO) == 1;
    environment.read_line = [] {
        constexpr std::size_t kLongest = 1000;
        std::string line;
        for (char c = 0; line.size() < kLongest && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n';)
            line += c;
        return line;
    };
    environment.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
    environment.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
    environment.columns = terminal_columns();
    return environment;
}

int run(int argc, char** argv) {
    (void)::signal(SIGPIPE, SIG_IGN);  // a reader that went away is no reason to stop half way
    Environment environment = real_environment();
    return run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc), environment);
}

}  // namespace nguon::cli
