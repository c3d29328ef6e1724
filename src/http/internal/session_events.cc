// Progress of long work as server-sent events, written while the handler runs.
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>

#include "http/internal/event_stream.h"
#include "http/internal/session.h"

namespace nguon::http {
namespace {

constexpr auto kLeastBetween = std::chrono::milliseconds(100);

std::string chunk_of(std::string_view bytes) {
    std::array<char, 24> size;
    const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    std::string chunk(size.data(), static_cast<std::size_t>(length));
    return chunk.append(bytes).append("\r\n");
}

}  // namespace

void Session::start_events() {
    Outgoing head;  // m_out belongs to the handler's thread now
    head.response.headers.set("Content-Type", "text/event-stream");
    const bool keeps = m_parser.head().keep_alive && m_parser.head().version >= 11;
    m_close_after = m_close_after || !keeps || m_service.stopping;
    write_head(head,
               {m_request.id, m_loop.date(m_service.clock().now()), m_parser.head().version,
                !m_close_after, true},
               m_events);
    m_events_at = Ticks::now();
    write_events();
}

// On any thread of the handler. A new step is always told; within one, ten times a second at most.
void Session::on_progress(const Progress& progress) {
    {
        const std::lock_guard lock(m_progress_mutex);
        const auto now = Ticks::now();
        if (progress.step == m_progress_step && now - m_progress_at < kLeastBetween) return;
        m_progress_step = progress.step;
        m_progress_at = now;
    }
    asio::post(m_loop.io, [self = shared_from_this(), text = progress_event(progress)]() mutable {
        self->send_event(std::move(text));
    });
}

void Session::send_event(std::string&& text) {
    if (m_state != State::kStreaming) return;
    // A client that does not read gets no more progress, only the result.
    constexpr std::size_t kMostToHold = 64u << 10;
    if (m_events.size() > kMostToHold) return;
    m_events += m_parser.head().version >= 11 ? chunk_of(text) : text;
    m_events_at = Ticks::now();
    write_events();
}

// On the handler's thread, which waits for a client that reads slowly; one that reads nothing is
// closed by its deadline.
bool Session::on_emit(std::string_view text) {
    constexpr std::uint64_t kMostUnsent = 256u << 10;
    {
        std::unique_lock lock(m_emit_mutex);
        m_emit_room.wait(lock,
                         [&] { return m_cancelled.load() || m_emitted - m_flushed < kMostUnsent; });
        if (m_cancelled) return false;
        m_emitted += text.size();
    }
    asio::post(m_loop.io, [self = shared_from_this(), copy = std::string(text)]() mutable {
        self->send_emitted(std::move(copy));
    });
    return true;
}

void Session::send_emitted(std::string&& text) {
    if (m_state == State::kClosed) return;
    if (m_state == State::kHandling) {
        m_state = State::kStreaming;
        start_events();
    }
    m_events += m_parser.head().version >= 11 ? chunk_of(text) : text;
    m_in_events += text.size();
    m_events_at = Ticks::now();
    write_events();
}

void Session::wake_emitter() {
    {
        const std::lock_guard lock(m_emit_mutex);
    }
    m_emit_room.notify_all();
}

void Session::write_events() {
    if (!m_events_writing.empty() || m_events.empty()) return;
    m_events_writing.swap(m_events);
    m_in_writing = std::exchange(m_in_events, 0);
    expire_in(m_service.options.idle_timeout);
    asio::async_write(
        m_socket, asio::buffer(m_events_writing),
        [self = shared_from_this()](const boost::system::error_code& failure, std::size_t count) {
            self->m_sent += count;
            self->m_events_writing.clear();
            if (self->m_in_writing > 0) {
                {
                    const std::lock_guard lock(self->m_emit_mutex);
                    self->m_flushed += std::exchange(self->m_in_writing, 0);
                }
                self->m_emit_room.notify_all();
            }
            if (self->m_state == State::kClosed) return;
            if (failure) return self->close();
            if (self->m_state == State::kWriting) return self->write_result();
            self->write_events();
        });
}

void Session::finish_events() {
    m_answering = true;
    m_answer_started = Ticks::now();
    m_state = State::kWriting;  // no more events; what is being written is waited for
    if (m_parser.head().version >= 11)
        m_result = (m_result.empty() ? std::string() : chunk_of(m_result)) + "0\r\n\r\n";
    expire_in(m_service.options.idle_timeout);
    if (m_events_writing.empty()) write_result();
}

void Session::write_result() {
    m_waiting = false;
    m_events_writing.swap(m_events);  // may be empty
    m_events.clear();
    write_all({asio::buffer(m_events_writing), asio::buffer(m_result)}, &Session::end_events);
    advance();
}

void Session::end_events() {
    m_events_writing.clear();
    m_result.clear();
    m_progress_step.clear();
    m_emitted = m_flushed = m_in_events = m_in_writing = 0;
    finish();
}

}  // namespace nguon::http
