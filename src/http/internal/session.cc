// Reading: from bytes to a Request with its route, refused as early as can be.
#include "http/internal/session.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstring>

#include "base/secret.h"
#include "http/internal/ascii.h"
#include "http/internal/uri.h"

namespace nguon::http {
namespace {

constexpr std::size_t kFirstBuffer = 4096;
constexpr std::size_t kBodyBuffer = 256u << 10;
constexpr std::string_view kEventStream = "text/event-stream";

bool is_request_id(std::string_view id) {
    constexpr std::size_t kLongest = 64;
    return !id.empty() && id.size() <= kLongest && std::ranges::all_of(id, [](char c) {
        return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    });
}

std::string_view bearer_of(std::string_view authorization) {
    constexpr std::string_view kScheme = "bearer ";
    if (authorization.size() <= kScheme.size() ||
        !same_name(authorization.substr(0, kScheme.size()), kScheme)) {
        return {};
    }
    return trim(authorization.substr(kScheme.size()));
}

bool write_fully(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Session::Session(Loop& loop, asio::ip::tcp::socket socket, const ListenerOptions& listener,
                 std::optional<ClientKey> client)
    : m_loop(loop),
      m_service(loop.service),
      m_listener(listener),
      m_kind(listener.name == name_of(Listener::kInternal) ? Listener::kInternal
                                                           : Listener::kPublic),
      m_client(client),
      m_socket(std::move(socket)),
      m_parser(loop.service.options.max_header_bytes) {
    m_loop.sessions.insert(this);
    m_service.counts.connected(m_kind);
}

Session::~Session() {
    if (m_spool >= 0) ::close(m_spool);
    if (m_file >= 0) ::close(m_file);
    m_loop.sessions.erase(this);
    m_service.counts.disconnected(m_kind);
    if (m_client) m_service.clients.disconnect(*m_client);
    if (m_service.open.fetch_sub(1) == 1) {
        const std::lock_guard lock(m_service.mutex);
        m_service.closed.notify_all();
    }
}

void Session::start() {
    boost::system::error_code ignored;
    m_socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    m_socket.non_blocking(true, ignored);
    expire_in(m_service.options.header_timeout);
    advance();
}

// Runs until something asynchronous is under way. Steps never call each other in a circle, so a
// client that sends ten thousand requests at once costs no stack.
void Session::advance() {
    if (m_advancing) return;
    m_advancing = true;
    while (!m_waiting && m_state != State::kClosed)
        step();
    m_advancing = false;
}

void Session::step() {
    switch (m_state) {
        case State::kIdle:
            // RFC 9112 section 2.2: an empty line before a request is skipped.
            while (!unread().empty() && (unread()[0] == '\r' || unread()[0] == '\n'))
                ++m_in_first;
            if (unread().empty()) {
                if (m_service.stopping && nothing_arrived()) return close();
                return read();
            }
            m_state = State::kHead;
            m_started = Ticks::now();
            expire_in(m_service.options.header_timeout);
            return;
        case State::kHead: return feed_head();
        case State::kBody: return feed_body();
        case State::kLingering: m_in_first = m_in_last = 0; return read();
        default: return close();  // the other states wait for something
    }
}

void Session::make_room() {
    if (m_in_first == m_in_last) m_in_first = m_in_last = 0;
    std::size_t wanted = std::max(m_in.size(), kFirstBuffer);
    if (m_state == State::kBody &&
        m_parser.head().content_length.value_or(kBodyBuffer) > kFirstBuffer) {
        wanted = kBodyBuffer;
    }
    if (m_in_first > 0 && m_in_last == m_in.size()) {
        std::memmove(m_in.data(), m_in.data() + m_in_first, m_in_last - m_in_first);
        m_in_last -= m_in_first;
        m_in_first = 0;
    }
    if (m_in_last == m_in.size() && m_in_last > 0) wanted = std::max(wanted, 2 * m_in.size());
    if (wanted > m_in.size()) m_in.resize(wanted);
}

void Session::read() {
    // A head or a line between chunks that does not fit is a fault, found before the buffer grows
    // on.
    make_room();
    m_waiting = true;
    const std::uint64_t reading = ++m_reading;
    m_socket.async_read_some(asio::buffer(m_in.data() + m_in_last, m_in.size() - m_in_last),
                             [self = shared_from_this(), reading](
                                 const boost::system::error_code& failure, std::size_t count) {
                                 self->on_read(reading, failure, count);
                             });
}

void Session::on_read(std::uint64_t reading, const boost::system::error_code& failure,
                      std::size_t count) {
    if (reading != m_reading || m_state == State::kClosed) return;
    m_waiting = false;
    if (failure) return close();
    m_in_last += count;
    if (m_state == State::kBody) expire_in(m_service.options.header_timeout);
    advance();
}

void Session::feed_head() {
    const std::size_t taken = m_parser.feed(unread(), m_request.body.bytes);
    m_in_first += taken;
    m_received += taken;
    if (const auto& fault = m_parser.fault()) return refuse(*fault);
    if (m_parser.head_done()) return on_head();
    read();
}

// Who asks and in which language, so that every answer from here on can say so.
void Session::identify() {
    RequestHead& head = m_parser.head();
    m_request.method = head.method;
    m_request.headers = std::move(head.headers);
    const Headers& headers = m_request.headers;
    const std::string_view id = headers.get("X-Request-Id");
    m_request.id = is_request_id(id) ? std::string(id) : make_id(m_service.clock(), m_loop.random);
    if (const std::string_view languages = headers.get("Accept-Language"); !languages.empty()) {
        m_request.language = language_of(languages);
    }
    const std::string_view authorization = headers.get("Authorization");
    m_request.listener = m_kind;
    m_request.token_given = !authorization.empty();
    if (m_kind == Listener::kInternal && m_request.token_given &&
        same_secret(bearer_of(authorization), m_listener.token)) {
        m_request.caller = Caller::kAdministrator;
    }
}

void Session::on_head() {
    const RequestHead& head = m_parser.head();
    identify();
    if (refuse_rate() || refuse_other_host()) return;
    if (auto parsed = parse_target(head.target, m_request.path, m_request.query); !parsed) {
        return refuse(parsed.error(), http_status_of(parsed.error().code));
    }
    Routed routed = m_service.router.find(m_request);
    m_route = routed.route;
    if (routed.refusal) {
        m_close_after = m_close_after || !m_parser.done();
        return answer(prepare(m_request, *std::move(routed.refusal), Compress::kNo));
    }
    m_most_body = most_body_of(*m_route, m_service.options.max_body_bytes);
    if (head.content_length.value_or(0) > m_most_body) return refuse_size();
    if (head.expects_continue && head.has_body && unread().empty()) return greet_body();
    start_body();
}

void Session::refuse_size() {
    const std::string most = std::to_string(m_most_body);
    refuse({Code::kTooLarge,
            {"Nội dung gửi lên quá lớn.", "The body is too large."},
            {"Gửi tối đa " + most + " byte mỗi lần.", "Send at most " + most + " bytes at a time."},
            {},
            {}},
           413);
}

void Session::greet_body() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    m_state = State::kWriting;
    m_answer_started = Ticks::now();
    write_all({asio::buffer(kContinue), asio::const_buffer()}, &Session::start_body);
}

void Session::start_body() {
    if (m_state != State::kSpooling) m_body_started = Ticks::now();
    m_state = State::kBody;
    expire_in(m_service.options.header_timeout);
}

void Session::feed_body() {
    if (m_parser.done()) {
        if (m_spool >= 0 && !m_request.body.bytes.empty()) return flush_spool();
        return handle();
    }
    const std::size_t before = m_request.body.bytes.size();
    const std::size_t taken = m_parser.feed(unread(), m_request.body.bytes);
    m_in_first += taken;
    m_received += taken;
    m_body_size += m_request.body.bytes.size() - before;
    if (const auto& fault = m_parser.fault()) return refuse(*fault);
    if (m_body_size > m_most_body) return refuse_size();
    const std::size_t limit = m_spool >= 0 ? kFileChunk - 1 : kMostInMemory;
    if (m_request.body.bytes.size() > limit) return flush_spool();
    if (m_parser.done() || taken > 0) return;
    if (unread().size() > m_service.options.max_header_bytes) {
        return refuse({400, {"Dòng giữa các khối quá dài.", "A line between chunks is too long."}});
    }
    read();
}

// Moves what is in memory to the end of the body's file, on a thread that may block.
void Session::flush_spool() {
    m_state = State::kSpooling;
    m_spool_started = Ticks::now();
    m_waiting = true;
    if (!m_request.body.file) {
        const std::string name = "body-" + make_id(m_service.clock(), m_loop.random);
        m_request.body.file =
            std::make_shared<BodyFile>(m_service.options.spool_folder / name, true);
    }
    m_service.files.submit([self = shared_from_this()]() mutable {
        Session& session = *self;
        if (session.m_spool < 0) {
            session.m_spool = ::open(session.m_request.body.file->path().c_str(),
                                     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        }
        const bool ok =
            session.m_spool >= 0 && write_fully(session.m_spool, session.m_request.body.bytes);
        asio::post(session.m_loop.io, [kept = std::move(self), ok] { kept->on_spooled(ok); });
    });
}

void Session::on_spooled(bool ok) {
    if (m_state == State::kClosed) return;
    m_waiting = false;
    m_request.body.bytes.clear();
    m_body_started += Ticks::now() - m_spool_started;
    start_body();
    if (!ok) {
        refuse(
            {Code::kUnavailable,
             {"Không ghi được nội dung gửi lên.", "The body could not be written to disk."},
             {"Kiểm tra chỗ trống trên đĩa rồi gửi lại.", "Check the free disk space, then retry."},
             {},
             {}},
            503);
    }
    advance();
}

void Session::refuse(const Fault& fault) {
    m_service.counts.reject(fault.status == 408 ? Rejected::kTimeout : Rejected::kBadMessage);
    if (m_request.id.empty()) m_request.id = make_id(m_service.clock(), m_loop.random);
    const Code code = fault.status == 413 ? Code::kTooLarge : Code::kInvalid;
    refuse({code, fault.detail, {}, {}, {}}, fault.status);
}

void Session::refuse(const Error& error, int status) {
    m_close_after = m_close_after || !m_parser.done() || m_parser.fault().has_value();
    answer(prepare(m_request, problem(error, m_request, status), Compress::kNo));
}

void Session::handle() {
    if (m_spool >= 0) {
        ::close(m_spool);
        m_spool = -1;
    }
    m_request.cancelled = [this] { return m_cancelled.load(std::memory_order_relaxed); };
    if (m_route->runs == Runs::kInline) {
        Response response = m_service.router.call(*m_route, m_request, m_service.log());
        return answer(prepare(m_request, std::move(response), Compress::kNo));
    }
    const bool wants_events =
        m_request.headers.get("Accept").find(kEventStream) != std::string_view::npos;
    const bool events = m_request.method == Method::kPost && wants_events;
    if (m_request.method == Method::kGet && wants_events &&
        m_route->answer.find(kEventStream) != std::string::npos) {
        m_request.emit = [this](std::string_view text) { return on_emit(text); };
    }
    if (events) {
        m_request.progress = [this](const Progress& progress) { on_progress(progress); };
    }
    m_state = events ? State::kStreaming : State::kHandling;
    m_waiting = true;
    WorkerPool& pool = m_service.pool_of(m_route->runs);
    const auto places = static_cast<std::size_t>(std::max(m_service.options.max_queued, 0));
    if (pool.submit(
            [self = shared_from_this()]() mutable {
                self->run_handler();
                Loop& loop = self->m_loop;
                asio::post(loop.io, [kept = std::move(self)] { kept->on_handled(); });
            },
            m_kind == Listener::kPublic ? places / kShareKept : 0)) {
        if (events) start_events();
        return;
    }
    m_waiting = false;
    m_service.counts.reject(Rejected::kQueueFull);
    answer(prepare(m_request,
                   problem({Code::kUnavailable,
                            {"Máy chủ đang bận.", "The server is busy."},
                            {"Thử lại sau một giây.", "Try again in a second."},
                            {},
                            {}},
                           m_request),
                   Compress::kNo));
}

// On a thread of the pool; the session waits meanwhile and touches neither request nor answer.
void Session::run_handler() {
    Response response =
        m_cancelled ? problem({Code::kUnavailable,
                               {"Người gọi không chờ nữa.", "The caller does not wait any more."},
                               {},
                               {},
                               {}},
                              m_request)
                    : m_service.router.call(*m_route, m_request, m_service.log());
    if (m_emitted > 0) {
        m_out = Outgoing{std::move(response), 0, 0};
    } else if (m_request.progress) {
        m_out = Outgoing{std::move(response), 0, 0};
        m_result = result_event(m_request, m_out.response);
    } else {
        m_out = prepare(m_request, std::move(response), Compress::kYes);
    }
}

bool Session::nothing_arrived() {
    boost::system::error_code failure;
    return unread().empty() && m_socket.available(failure) == 0;
}

void Session::close_if_idle() {
    if (m_state == State::kLingering || (m_state == State::kIdle && nothing_arrived())) close();
}

void Session::close() {
    if (m_state == State::kClosed) return;
    m_state = State::kClosed;
    m_cancelled = true;
    wake_emitter();
    if (m_answering) record();  // cut off
    boost::system::error_code ignored;
    m_socket.close(ignored);
}

}  // namespace nguon::http
