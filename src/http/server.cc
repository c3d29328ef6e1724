#include "http/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <future>

#include "http/internal/address.h"
#include "http/internal/session.h"

namespace nguon::http {
namespace {

using tcp = asio::ip::tcp;

constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";
constexpr std::string_view kTooMany =
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

void turn_away(tcp::socket& socket, std::string_view answer) {
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(answer), ignored);
}

// The family of a socket that listens; 0 for anything else.
int family_of_listening(int descriptor) {
    int listens = 0;
    socklen_t size = sizeof listens;
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0)
        return 0;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
    const bool internet = address.ss_family == AF_INET || address.ss_family == AF_INET6;
    return internet ? address.ss_family : 0;
}

std::unexpected<Error> cannot_listen(const ListenerOptions& listener, std::string_view reason) {
    const std::string at = listener.address + " (" + std::string(reason) + ")";
    return fail(Code::kUnavailable,
                {"Không mở được cổng " + at + ".", "Cannot listen on " + at + "."},
                {"Dừng chương trình đang giữ cổng, hoặc chọn cổng khác.",
                 "Stop the program that holds the port, or choose another."});
}

}  // namespace

void BufferedRandom::fill(std::span<unsigned char> bytes) {
    if (bytes.size() > m_block.size()) return m_source.fill(bytes);
    if (m_used + bytes.size() > m_block.size()) {
        m_source.fill(m_block);
        m_used = 0;
    }
    std::memcpy(bytes.data(), m_block.data() + m_used, bytes.size());
    m_used += bytes.size();
}

Service::Service(ServerOptions given, const Router& routes)
    : options(std::move(given)),
      router(routes),
      counts(routes),
      clients(
          {options.client_requests_per_second, options.client_connections, options.limit_loopback},
          *options.random),
      handlers(options.handler_threads, static_cast<std::size_t>(std::max(options.max_queued, 0))),
      long_handlers(options.handler_threads,
                    static_cast<std::size_t>(std::max(options.max_queued, 0))),
      waiting_handlers(options.waiting_threads,
                       static_cast<std::size_t>(std::max(options.max_queued, 0))),
      files(2, ~std::size_t{0} / 2) {}

const std::string& Loop::date(Micros now) {
    const std::int64_t second = now / 1'000'000;
    if (second != m_second) {
        m_second = second;
        m_date = http_date(second);
    }
    return m_date;
}

void Loop::start_sweeping() {
    if (sweeping) return;
    sweeping = true;
    sweep.expires_after(kSweepEvery);
    sweep.async_wait([this](const boost::system::error_code& failure) {
        sweeping = false;
        if (!failure) on_sweep();
    });
}

void Loop::on_sweep() {
    // Closing may end a session, which leaves the set: so first a list that holds them.
    std::vector<std::shared_ptr<Session>> held;
    held.reserve(sessions.size());
    for (Session* session : sessions)
        held.push_back(session->shared_from_this());
    const auto now = Ticks::now();
    for (const auto& session : held)
        session->sweep(now);
    held.clear();
    if (!sessions.empty()) start_sweeping();
}

// Accepts on the first loop, and deals connections out to all.
struct Acceptor {
    Acceptor(asio::io_context& io, const ListenerOptions& given) : options(given), acceptor(io) {}
    const ListenerOptions& options;
    tcp::acceptor acceptor;
    std::string address;
};

struct Server::Impl {
    Impl(ServerOptions options, const Router& router) : service(std::move(options), router) {}
    ~Impl() { stop(); }

    Result<void> open();
    Result<void> listen(Acceptor& listener);
    Result<void> take_over(Acceptor& listener);
    Result<void> bind(Acceptor& listener);
    void accept(Acceptor& listener);
    void take(Acceptor& listener, tcp::socket socket, Loop& loop);
    void drain(Acceptor& listener);
    Loop& next_loop() { return *loops[m_next++ % loops.size()]; }
    void stop();
    void on_each_session(void (Session::*what)());

    Service service;
    std::vector<std::unique_ptr<Loop>> loops;
    std::vector<asio::executor_work_guard<asio::io_context::executor_type>> works;
    std::vector<std::unique_ptr<Acceptor>> acceptors;
    std::unique_ptr<asio::steady_timer> pause;
    std::size_t m_next = 0;
    bool stopped = false;
};

Result<void> Server::Impl::open() {
    std::error_code failure;
    if (!service.options.spool_folder.empty()) {
        std::filesystem::create_directories(service.options.spool_folder, failure);
    } else {
        service.options.spool_folder = std::filesystem::temp_directory_path();
    }
    for (int i = 0; i < std::max(service.options.io_threads, 1); ++i) {
        loops.push_back(std::make_unique<Loop>(service));
        works.push_back(asio::make_work_guard(loops.back()->io));
    }
    pause = std::make_unique<asio::steady_timer>(loops[0]->io);
    for (const ListenerOptions& options : service.options.listeners) {
        acceptors.push_back(std::make_unique<Acceptor>(loops[0]->io, options));
        TRY(listen(*acceptors.back()));
    }
    for (const auto& listener : acceptors)
        accept(*listener);
    for (const auto& loop : loops) {
        loop->thread = std::thread([&io = loop->io] { io.run(); });
    }
    return {};
}

Result<void> Server::Impl::listen(Acceptor& listener) {
    const ListenerOptions& options = listener.options;
    if (options.name != name_of(Listener::kPublic) &&
        options.name != name_of(Listener::kInternal)) {
        return fail(Code::kInvalid,
                    {"Không có loại cổng \"" + options.name + "\".",
                     "There is no listener \"" + options.name + "\"."},
                    {"Dùng public hoặc internal.", "Use public or internal."});
    }
    TRY(options.descriptor >= 0 ? take_over(listener) : bind(listener));
    boost::system::error_code failure;
    const tcp::endpoint local = listener.acceptor.local_endpoint(failure);
    const std::string host = local.address().to_string();
    listener.address =
        (local.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(local.port());
    return {};
}

Result<void> Server::Impl::take_over(Acceptor& listener) {
    const int descriptor = listener.options.descriptor;
    boost::system::error_code failure;
    const int family = family_of_listening(descriptor);
    if (family == 0) {
        return fail(Code::kInvalid,
                    {"Socket mà trình quản lý dịch vụ đưa cho cổng " + listener.options.name +
                         " không phải socket TCP đang nghe.",
                     "The socket passed for the listener " + listener.options.name +
                         " is no TCP socket that listens."},
                    {"Kiểm tra ListenStream= trong đơn vị .socket.",
                     "Check ListenStream= in the .socket unit."});
    }
    listener.acceptor.assign(family == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor, failure);
    if (!failure) listener.acceptor.non_blocking(true, failure);
    if (failure) return cannot_listen(listener.options, failure.message());
    return {};
}

Result<void> Server::Impl::bind(Acceptor& listener) {
    const ListenerOptions& options = listener.options;
    TRY_ASSIGN(const auto parts, split_address(options.address));
    boost::system::error_code failure;
    tcp::resolver resolver(loops[0]->io);
    const auto found = resolver.resolve(
        parts.host, parts.port, tcp::resolver::passive | tcp::resolver::numeric_service, failure);
    if (failure) return cannot_listen(options, failure.message());
    const tcp::endpoint endpoint = found.begin()->endpoint();
    tcp::acceptor& acceptor = listener.acceptor;
    acceptor.open(endpoint.protocol(), failure);
    if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
    if (!failure) acceptor.bind(endpoint, failure);
    if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
    if (!failure) acceptor.non_blocking(true, failure);
    if (failure) return cannot_listen(options, failure.message());
    return {};
}

void Server::Impl::accept(Acceptor& listener) {
    Loop& loop = next_loop();
    listener.acceptor.async_accept(
        loop.io,
        [this, &listener, &loop](const boost::system::error_code& failure, tcp::socket socket) {
            if (!listener.acceptor.is_open()) return;
            if (!failure) take(listener, std::move(socket), loop);
            if (failure != asio::error::no_descriptors && failure != asio::error::no_buffer_space) {
                return accept(listener);
            }
            // Out of descriptors: trying again at once would only spin.
            pause->expires_after(kSweepEvery);
            pause->async_wait([this, &listener](const boost::system::error_code& stopped_waiting) {
                if (!stopped_waiting && listener.acceptor.is_open()) accept(listener);
            });
        });
}

void Server::Impl::take(Acceptor& listener, tcp::socket socket, Loop& loop) {
    const bool is_public = listener.options.name == name_of(Listener::kPublic);
    const int kept = is_public ? service.options.max_connections / kShareKept : 0;
    if (service.open.fetch_add(1) >= service.options.max_connections - kept) {
        service.open.fetch_sub(1);
        service.counts.reject(Rejected::kTooManyConnections);
        return turn_away(socket, kBusy);
    }
    boost::system::error_code failure;
    const tcp::endpoint peer = socket.remote_endpoint(failure);
    const auto client =
        is_public && !failure ? service.clients.key_of(peer.address()) : std::nullopt;
    if (client && !service.clients.connect(*client)) {
        service.open.fetch_sub(1);
        service.counts.reject(Rejected::kClientConnections);
        return turn_away(socket, kTooMany);
    }
    asio::dispatch(loop.io, [&loop, &listener, client, moved = std::move(socket)]() mutable {
        std::make_shared<Session>(loop, std::move(moved), listener.options, client)->start();
        loop.start_sweeping();
    });
}

// Connections that the kernel has accepted already are served: their clients may have sent a
// request.
void Server::Impl::drain(Acceptor& listener) {
    boost::system::error_code failure;
    for (;;) {
        Loop& loop = next_loop();
        tcp::socket socket(loop.io);
        listener.acceptor.accept(socket, failure);
        if (failure) break;
        take(listener, std::move(socket), loop);
    }
    listener.acceptor.close(failure);
}

void Server::Impl::on_each_session(void (Session::*what)()) {
    for (const auto& loop : loops) {
        asio::post(loop->io, [&sessions = loop->sessions, what] {
            std::vector<std::shared_ptr<Session>> held;
            for (Session* session : sessions)
                held.push_back(session->shared_from_this());
            for (const auto& session : held)
                (session.get()->*what)();
        });
    }
}

void Server::Impl::stop() {
    if (stopped) return;
    stopped = true;
    service.stopping = true;
    const bool running = !loops.empty() && loops[0]->thread.joinable();
    if (running) {
        // Only once the drain has counted what it took in does "none open" mean that all are done.
        std::promise<void> drained;
        asio::post(loops[0]->io, [this, &drained] {
            for (const auto& listener : acceptors)
                drain(*listener);
            drained.set_value();
        });
        drained.get_future().wait();
        on_each_session(&Session::close_if_idle);
        const auto deadline = Ticks::now() + service.options.stop_timeout;
        const auto all_closed = [this] { return service.open == 0; };
        {
            std::unique_lock lock(service.mutex);
            service.closed.wait_until(lock, deadline, all_closed);
        }
        on_each_session(&Session::close);  // sets `cancelled`, which handlers ask
    }
    service.handlers.stop();
    service.long_handlers.stop();
    service.waiting_handlers.stop();
    service.files.stop();
    works.clear();
    for (const auto& loop : loops)
        loop->io.stop();
    for (const auto& loop : loops) {
        if (loop->thread.joinable()) loop->thread.join();
    }
    acceptors.clear();
}

Server::Server(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, const Router& router) {
    if (options.clock == nullptr) options.clock = &system_clock();
    if (options.random == nullptr) options.random = &system_random();
    if (options.log == nullptr) options.log = &no_log();
    auto impl = std::make_unique<Impl>(std::move(options), router);
    TRY(impl->open());
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::string Server::address(std::string_view listener) const {
    for (const auto& one : m_impl->acceptors) {
        if (one->options.name == listener) return one->address;
    }
    return {};
}

void Server::stop() {
    m_impl->stop();
}

std::string Server::metrics() const {
    const Service& service = m_impl->service;
    return service.counts.text(service.handlers.waiting() + service.long_handlers.waiting() +
                               service.waiting_handlers.waiting());
}

}  // namespace nguon::http
