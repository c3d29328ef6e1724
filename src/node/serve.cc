// `nguon serve`: the listeners around a node, from start to a stop that finishes what was accepted.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "http/server.h"
#include "node/internal/state.h"

namespace nguon::node {
namespace {

// Signals go to sigwait() of this thread; threads made later inherit the mask.
class StopSignals {
public:
    StopSignals() {
        sigemptyset(&m_set);
        sigaddset(&m_set, SIGTERM);
        sigaddset(&m_set, SIGINT);
        pthread_sigmask(SIG_BLOCK, &m_set, nullptr);
        ::signal(SIGPIPE, SIG_IGN);
    }
    // True once a signal came; false after `seconds` without one.
    bool wait(int seconds) const {
        const timespec limit{seconds, 0};
        return sigtimedwait(&m_set, nullptr, &limit) > 0;
    }

private:
    sigset_t m_set{};
};

}  // namespace

Result<void> serve(const ServeOptions& options, const Seams& seams,
                   const std::function<void(const std::string& ready)>& ready) {
    const StopSignals signals;
    Result<std::unique_ptr<Node>> node = Node::open(options.folder, seams);
    if (!node && node.error().code == Code::kUnavailable) {
        // The folder is in use: waiting is no remedy for a server.
        node.error().code = Code::kConflict;
        const std::int64_t pid = Node::holder(options.folder).value_or(0);
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
    const NodeConfig& config = state.config;
    const auto seconds = [&](std::string_view setting) {
        return std::chrono::seconds(config.get(setting));
    };

    http::ServerOptions server_options;
    server_options.listeners = {{"public", options.public_address, ""},
                                {"internal", options.internal_address, state.admin_token}};
    server_options.spool_folder = (*node)->spool_folder();
    server_options.max_body_bytes = static_cast<std::uint64_t>(config.get("http.max_body_mb"))
                                    << 20;
    server_options.header_timeout = seconds("http.header_timeout_seconds");
    server_options.idle_timeout = seconds("http.idle_timeout_seconds");
    server_options.stop_timeout = seconds("http.stop_timeout_seconds");
    server_options.handler_threads = static_cast<int>(config.get("http.handler_threads"));
    server_options.max_queued = static_cast<int>(config.get("http.max_queued"));
    server_options.max_connections = static_cast<int>(config.get("http.max_connections"));
    server_options.clock = seams.clock;
    server_options.random = seams.random;
    server_options.log = seams.log;
    TRY_ASSIGN(const auto server, http::Server::start(server_options, (*node)->router()));
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
    constexpr int kIdleSeconds = 60;
    while (!signals.wait(kIdleSeconds))
        state.lookups->close_idle();
    state.stopping = true;
    seams.log->write(Level::kInfo, "stopping", {});
    server->stop();
    state.server = nullptr;
    (void)seams.disk->remove(options.folder / "node.json");
    seams.log->write(Level::kInfo, "stopped", {});
    return {};
}

}  // namespace nguon::node
