// Writing: the head and the body of an answer, files in chunks, and what follows the last byte.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cmath>

#include "http/internal/session.h"

namespace nguon::http {

void Session::on_handled() {
    if (m_state == State::kClosed) return record();
    if (m_state == State::kStreaming) return finish_events();
    m_waiting = false;
    Outgoing out = std::move(m_out);  // answer() assigns to m_out
    answer(std::move(out));
    advance();
}

void Session::answer(Outgoing&& out) {
    m_out = std::move(out);
    m_state = State::kWriting;
    m_answering = true;
    m_answer_started = Ticks::now();
    send_head();
    const int status = m_out.response.status;
    const bool bare = m_request.method == Method::kHead || status == 204 || status == 304;
    if (bare || m_out.length == 0) {
        return write_all({asio::buffer(m_head), asio::const_buffer()}, &Session::finish);
    }
    if (m_out.response.file) {
        m_file_at = m_out.first;
        m_file_left = m_out.length;
        return write_all({asio::buffer(m_head), asio::const_buffer()}, &Session::read_file_chunk);
    }
    write_all({asio::buffer(m_head),
               asio::buffer(m_out.response.body.data() + m_out.first, m_out.length)},
              &Session::finish);
}

void Session::send_head() {
    const bool keeps = m_parser.head_done() && m_parser.head().keep_alive;
    m_close_after = m_close_after || !keeps || m_service.stopping;
    m_head.clear();
    write_head(m_out,
               {m_request.id, m_loop.date(m_service.clock().now()), m_parser.head().version,
                !m_close_after, false},
               m_head);
}

// Tries at once, as an answer nearly always fits the socket's buffer; waits for the rest.
void Session::write_all(const Buffers& buffers, Next next) {
    m_writing = buffers;
    m_next = next;
    expire_in(m_service.options.idle_timeout);
    boost::system::error_code failure;
    const std::size_t count = m_socket.write_some(m_writing, failure);
    if (failure && failure != asio::error::would_block) return close();
    if (!failure) take_written(count);
    write_on();
}

void Session::take_written(std::size_t count) {
    m_sent += count;
    for (asio::const_buffer& buffer : m_writing) {
        const std::size_t part = std::min(count, buffer.size());
        buffer += part;
        count -= part;
    }
}

void Session::write_on() {
    if (asio::buffer_size(m_writing) == 0) return (this->*m_next)();
    m_waiting = true;
    m_socket.async_write_some(
        m_writing,
        [self = shared_from_this()](const boost::system::error_code& failure, std::size_t count) {
            if (self->m_state == State::kClosed) return;
            self->m_waiting = false;
            if (failure) return self->close();
            self->take_written(count);
            self->expire_in(self->m_service.options.idle_timeout);
            self->write_on();
            self->advance();
        });
}

// On a thread that may block; the head said how long the file is, so a file that ends early or
// cannot be read can only be told by closing.
void Session::read_file_chunk() {
    if (m_file_left == 0) return finish();
    m_waiting = true;
    m_service.files.submit([self = shared_from_this()]() mutable {
        Session& session = *self;
        if (session.m_file < 0) {
            session.m_file =
                ::open(session.m_out.response.file->path().c_str(), O_RDONLY | O_CLOEXEC);
        }
        session.m_chunk.resize(kFileChunk);
        const auto wanted = std::min<std::uint64_t>(kFileChunk, session.m_file_left);
        const ssize_t count = session.m_file < 0
                                  ? -1
                                  : ::pread(session.m_file, session.m_chunk.data(), wanted,
                                            static_cast<off_t>(session.m_file_at));
        asio::post(session.m_loop.io,
                   [kept = std::move(self), count] { kept->on_file_chunk(count); });
    });
}

void Session::on_file_chunk(std::ptrdiff_t count) {
    if (m_state == State::kClosed) return;
    m_waiting = false;
    if (count <= 0) return close();
    m_file_at += static_cast<std::uint64_t>(count);
    m_file_left -= static_cast<std::uint64_t>(count);
    write_all({asio::buffer(m_chunk.data(), static_cast<std::size_t>(count)), asio::const_buffer()},
              &Session::read_file_chunk);
    advance();
}

void Session::finish() {
    record();
    if (m_file >= 0) {
        ::close(m_file);
        m_file = -1;
    }
    if (!m_close_after) return next_request();
    if (m_parser.done() && nothing_arrived()) return close();
    // Closing with unread bytes would reset the connection, and the client could lose the answer.
    boost::system::error_code ignored;
    m_socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    m_state = State::kLingering;
    m_deadline = Ticks::now() + kLingerFor;
    m_request = Request();
    m_out = Outgoing();
}

void Session::record() {
    m_answering = false;
    const double seconds = std::chrono::duration<double>(Ticks::now() - m_started).count();
    const int status = m_out.response.status;
    m_service.counts.record(m_route, status, seconds);
    m_service.counts.moved(m_received, m_sent);
    m_service.log().write(Level::kInfo, "http.request",
                          {{"request", m_request.id},
                           {"listener", std::string(name_of(m_kind))},
                           {"method", std::string(name_of(m_request.method))},
                           {"route", m_route == nullptr ? std::string() : m_route->path},
                           {"status", std::int64_t{status}},
                           {"ms", std::round(seconds * 1e5) / 1e2},
                           {"in", static_cast<std::int64_t>(m_received)},
                           {"out", static_cast<std::int64_t>(m_sent)}});
}

void Session::next_request() {
    m_state = State::kIdle;
    expire_in(m_service.options.idle_timeout);
    m_request = Request();
    m_out = Outgoing();
    m_route = nullptr;
    m_received = m_sent = m_body_size = 0;
    m_cancelled = false;
    m_parser.reset();
    m_chunk = std::string();
    constexpr std::size_t kMostToKeep = 16u << 10;
    if (m_in.size() > kMostToKeep && unread().empty()) {
        m_in = std::string();
        m_in_first = m_in_last = 0;
    }
}

}  // namespace nguon::http
