// What a connection may not do: be slow, ask too often, or name two hosts.
#include <poll.h>

#include <algorithm>

#include "http/internal/session.h"
#include "http/internal/uri.h"

namespace nguon::http {

// True when it was refused.
bool Session::refuse_rate() {
    if (!m_client) return false;
    const auto wait = m_service.clients.wait_for(
        *m_client, std::chrono::nanoseconds(m_started.time_since_epoch()).count());
    if (!wait) return false;
    m_service.counts.reject(Rejected::kClientRate);
    const std::string seconds = std::to_string(*wait);
    Response response =
        problem({Code::kUnavailable,
                 {"Quá nhiều yêu cầu từ một địa chỉ.", "Too many requests from one address."},
                 {"Gọi thưa hơn; thử lại sau " + seconds + " giây.",
                  "Call less often; try again in " + seconds + " s."},
                 {},
                 {}},
                m_request, 429);
    response.headers.set("Retry-After", seconds);
    m_close_after = m_close_after || !m_parser.done();
    answer(prepare(m_request, std::move(response), Compress::kNo));
    return true;
}

// An absolute target names a host too; two that differ could mean two things to two readers.
bool Session::refuse_other_host() {
    if (same_authority(m_parser.head().target, m_request.headers.get("Host"))) return false;
    refuse(Fault{
        400, {"Host và địa chỉ nêu hai máy khác nhau.", "Host and the target name two hosts."}});
    return true;
}

bool Session::client_is_gone() {
    pollfd watched{m_socket.native_handle(), POLLRDHUP, 0};
    return ::poll(&watched, 1, 0) > 0;
}

void Session::sweep(Ticks::time_point now) {
    if (m_state == State::kHandling || m_state == State::kStreaming) {
        if (!m_cancelled && client_is_gone()) {
            m_cancelled = true;
            wake_emitter();
        }
        if (m_state == State::kStreaming) {
            if (!m_events_writing.empty() && now > m_deadline) return close();
            if (m_events_writing.empty() && now - m_events_at >= kHeartbeatEvery) {
                send_event(std::string(kHeartbeat));
            }
        }
        return;
    }
    if (m_state == State::kClosed || m_state == State::kSpooling) return;
    const ServerOptions& options = m_service.options;
    const bool drips = (m_state == State::kBody &&
                        too_slow(m_body_started, options.header_timeout, m_received, now)) ||
                       (m_state == State::kWriting &&
                        too_slow(m_answer_started, options.idle_timeout, m_sent, now));
    if (now <= m_deadline && !drips) return;
    if (m_state == State::kHead || m_state == State::kBody) return time_out();
    close();
}

bool Session::too_slow(Ticks::time_point start, Ticks::duration grace, std::uint64_t bytes,
                       Ticks::time_point now) const {
    const int least = m_service.options.least_bytes_per_second;
    if (least <= 0) return false;
    const double seconds = std::chrono::duration<double>(now - start - grace).count();
    return seconds > 0 && static_cast<double>(bytes) < seconds * least;
}

void Session::time_out() {
    ++m_reading;  // the read under way counts no more
    boost::system::error_code ignored;
    m_socket.cancel(ignored);
    m_waiting = false;
    refuse({408, {"Yêu cầu đến quá chậm.", "The request came too slowly."}});
    advance();
}

}  // namespace nguon::http
