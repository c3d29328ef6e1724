// `nguon serve`: the listeners around a node, from start to a stop that finishes what was accepted.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <ctime>
#include <map>
#include <mutex>
#include <thread>

#include "http/server.h"
#include "node/internal/state.h"
#include "node/service_manager.h"

namespace nguon::node {
namespace {

// Signals go to sigwait() of this thread; threads made later inherit the mask.
class Signals {
public:
    Signals() {
        sigemptyset(&m_set);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1})
            sigaddset(&m_set, signal);
        pthread_sigmask(SIG_BLOCK, &m_set, nullptr);
        ::signal(SIGPIPE, SIG_IGN);
    }
    // The signal that came; 0 after `seconds` without one.
    int wait(int seconds) const {
        const timespec limit{seconds, 0};
        return std::max(sigtimedwait(&m_set, nullptr, &limit), 0);
    }

private:
    sigset_t m_set{};
};

// sd_notify(3): a service that reloads says since when, on the monotonic clock.
std::string reloading() {
    timespec now{};
    (void)::clock_gettime(CLOCK_MONOTONIC, &now);
    const std::int64_t micros = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
    return fmt::format("RELOADING=1\nMONOTONIC_USEC={}", micros);
}

// The log that the settings name, beside the node's folder or where they say; null: none is named.
Result<std::unique_ptr<Log>> log_of_settings(const State& state) {
    const std::string name = state.config.text("log.file");
    if (name.empty()) return nullptr;
    const std::filesystem::path path = state.folder / name;  // an absolute name stays as it is
    if (!std::filesystem::path(name).is_absolute())
        TRY(state.seams.disk->make_folders(path.parent_path()));
    return make_file_log(path, *state.seams.clock, Level::kInfo);
}

http::ServerOptions server_options(const ServeOptions& options, const State& state,
                                   const ServiceManager& manager) {
    const NodeConfig& config = state.config;
    const auto seconds = [&](std::string_view setting) {
        return std::chrono::seconds(config.get(setting));
    };
    const auto number = [&](std::string_view setting) {
        return static_cast<int>(config.get(setting));
    };
    http::ServerOptions server;
    server.listeners = {
        {"public", options.public_address, "", manager.listener("public")},
        {"internal", options.internal_address, state.admin_token, manager.listener("internal")}};
    server.spool_folder = state.folder / "tmp";
    server.max_body_bytes = static_cast<std::uint64_t>(config.get("http.max_body_mb")) << 20;
    server.header_timeout = seconds("http.header_timeout_seconds");
    server.idle_timeout = seconds("http.idle_timeout_seconds");
    server.stop_timeout = seconds("http.stop_timeout_seconds");
    server.handler_threads = number("http.handler_threads");
    server.waiting_threads = number("http.write_threads");
    server.max_queued = number("http.max_queued");
    server.max_connections = number("http.max_connections");
    server.least_bytes_per_second = number("http.least_bytes_per_second");
    server.client_requests_per_second = number("http.client_requests_per_second");
    server.client_connections = number("http.client_connections");
    server.limit_loopback = config.get("http.limit_loopback") != 0;
    server.clock = state.seams.clock;
    server.random = state.seams.random;
    server.log = state.seams.log;
    return server;
}

// Seals rows written alone, each second those that are many or have waited long.
std::jthread start_sealing(State& state) {
    return std::jthread([&state](const std::stop_token& stop) {
        constexpr std::chrono::milliseconds kRound{1000};
        const std::int64_t most = state.config.get("rows.seal_count");
        const Micros longest = state.config.get("rows.seal_seconds") * 1'000'000;
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, stop, kRound, [] { return false; }) && !stop.stop_requested()) {
            const Micros before = state.seams.clock->now() - longest;
            if (const Result<void> sealed = state.row_writer->seal(most, before); !sealed) {
                state.seams.log->write(Level::kError, "rows.not_sealed",
                                       {{"detail", sealed.error().detail.en}});
            }
        }
    });
}

// Makes bases of datasets whose history grew since it looked last, one after the other.
std::jthread start_compacting(State& state) {
    return std::jthread([&state](const std::stop_token& stop) {
        constexpr std::chrono::seconds kRound{10};
        const auto kept = static_cast<std::size_t>(state.config.get("bases.kept"));
        std::map<std::string, store::Seq> seen;
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, stop, kRound, [] { return false; }) && !stop.stop_requested()) {
            const std::vector<std::string> names = state.store->dataset_names();
            for (const std::string& name : names) {
                if (stop.stop_requested()) return;
                const Result<store::Head> head = state.store->head(name);
                if (!head || std::exchange(seen[name], head->seq) == head->seq) continue;
                const auto made =
                    state.store->compact(name, store::Store::Compaction::kWhenWorthwhile, kept);
                if (!made) {
                    state.seams.log->write(Level::kError, "base.not_made",
                                           {{"dataset", name}, {"detail", made.error().detail.en}});
                } else if (*made) {
                    state.seams.log->write(Level::kInfo, "base.made",
                                           {{"dataset", name}, {"rows", **made}});
                }
            }
        }
    });
}

// Until a signal says to stop. Others only make the log go on in a new file; but a terminal that
// closes takes along what was started on it.
void run_until_stopped(const Signals& signals, State& state, const ServiceManager& manager) {
    constexpr int kIdleSeconds = 60;
    const bool of_terminal = ::isatty(STDERR_FILENO) == 1 && state.config.text("log.file").empty();
    for (;;) {
        const int signal = signals.wait(kIdleSeconds);
        if (signal == 0) {
            state.lookups->close_idle();
            continue;
        }
        if (signal == SIGTERM || signal == SIGINT || (signal == SIGHUP && of_terminal)) return;
        manager.notify(reloading());
        const Result<void> reopened = state.seams.log->reopen();
        state.seams.log->write(reopened ? Level::kInfo : Level::kError, "log.reopened",
                               {{"ok", reopened.has_value()}});
        manager.notify("READY=1");
    }
}

}  // namespace

Result<void> serve(const ServeOptions& options, const Seams& seams,
                   const std::function<void(const std::string& ready)>& ready) {
    TRY_ASSIGN(const ServiceManager manager, ServiceManager::from_environment());
    const Signals signals;
    std::unique_ptr<Log> file_log;  // outlives the node
    Result<std::unique_ptr<Node>> node = Node::open(options.folder, seams);
    if (!node && node.error().code == Code::kUnavailable) {
        // The folder is in use: waiting is no remedy for a server.
        node.error().code = Code::kConflict;
        const std::int64_t pid = Node::holder(*seams.disk, options.folder).value_or(0);
        const std::string which = pid > 0 ? fmt::format(" {}", pid) : std::string();
        node.error().fix = {
            fmt::format("Nút ấy đã được phục vụ thì dùng nó; muốn thay thì dừng tiến trình{} "
                        "trước, hoặc chọn thư mục khác bằng --data.",
                        which),
            fmt::format("If that process serves the node, use it; to take its place, stop "
                        "process{} first, or choose another folder with --data.",
                        which)};
    }
    TRY(node);
    State& state = (*node)->state();
    TRY_ASSIGN(file_log, log_of_settings(state));
    if (file_log) state.seams.log = file_log.get();
    TRY_ASSIGN(const auto server,
               http::Server::start(server_options(options, state, manager), (*node)->router()));
    state.server = server.get();

    std::error_code ignored;
    const std::filesystem::path folder = std::filesystem::canonical(options.folder, ignored);
    const json::object line{{"event", "ready"},
                            {"public", server->address("public")},
                            {"internal", server->address("internal")},
                            {"federation", nullptr},
                            {"pid", static_cast<std::int64_t>(::getpid())},
                            {"data", folder.string()}};
    TRY(seams.disk->write_durably(options.folder / "node.json", to_text(line)));
    ready(to_text(line));
    manager.notify("READY=1\nSTATUS=" + server->address("public") + ", " +
                   server->address("internal"));
    std::jthread sealing = start_sealing(state);
    std::jthread compacting = start_compacting(state);
    run_until_stopped(signals, state, manager);
    for (std::jthread* thread : {&sealing, &compacting}) {
        thread->request_stop();
        thread->join();
    }
    manager.notify("STOPPING=1");
    state.stopping = true;
    state.seams.log->write(Level::kInfo, "stopping", {});
    server->stop();
    state.server = nullptr;
    (void)seams.disk->remove(options.folder / "node.json");
    state.seams.log->write(Level::kInfo, "stopped", {});
    return {};
}

}  // namespace nguon::node
