#include "requests.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <vector>

#include "bench.h"

namespace nguon::bench {
Connection::~Connection() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<void> Connection::open(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    sockaddr_in to{};
    to.sin_family = AF_INET;
    int port = 0;
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
    m_descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(m_descriptor, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
        return fail(Code::kUnavailable, Text::same("connect " + address));
    return {};
}

void Connection::send(const std::string& request) const {
    [[maybe_unused]] const ssize_t sent =
        ::send(m_descriptor, request.data(), request.size(), MSG_NOSIGNAL);
}

int Connection::receive() {
    std::array<char, 16384> bytes{};
    const ssize_t got = ::recv(m_descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got == 0) return -1;
    if (got < 0) return 0;
    m_buffer.append(bytes.data(), static_cast<std::size_t>(got));
    const std::size_t head = m_buffer.find("\r\n\r\n");
    if (head == std::string::npos) return 0;
    const std::size_t length_at = m_buffer.find("Content-Length: ");
    std::size_t length = 0;
    if (length_at < head)
        std::from_chars(m_buffer.data() + length_at + 16, m_buffer.data() + head, length);
    if (m_buffer.size() < head + 4 + length) return 0;
    int status = -1;
    std::from_chars(m_buffer.data() + 9, m_buffer.data() + 12, status);
    m_body = m_buffer.substr(head + 4, length);
    m_buffer.clear();
    return status;
}

Result<std::string> Connection::ask(const std::string& request) {
    send(request);
    for (;;) {
        pollfd waited{m_descriptor, POLLIN, 0};
        ::poll(&waited, 1, 1000);
        const int status = receive();
        if (status == 200) return std::move(m_body);
        if (status != 0)
            return fail(Code::kInternal, Text::same(fmt::format("status {}: {}", status, m_body)));
    }
}

Result<double> drive(const Driving& driving) {
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Connection> connections(static_cast<std::size_t>(driving.connections));
    for (std::size_t i = 0; i < connections.size(); ++i) {
        TRY(connections[i].open(driving.address));
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        ::epoll_ctl(poll, EPOLL_CTL_ADD, connections[i].descriptor(), &event);
        connections[i].send(driving.next_request());
    }
    std::int64_t answered = 0, wrong = 0;
    const double start = seconds_now();
    double now = start;
    while (now - start < driving.seconds) {
        std::array<epoll_event, 64> events{};
        const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 1000);
        for (int i = 0; i < ready; ++i) {
            Connection& connection = connections[events[static_cast<std::size_t>(i)].data.u64];
            const int status = connection.receive();
            if (status == 0) continue;
            if (status != driving.status) ++wrong;
            ++answered;
            connection.send(driving.next_request());
        }
        now = seconds_now();
    }
    ::close(poll);
    if (wrong > 0) {
        return fail(Code::kInternal,
                    Text::same(fmt::format("{} answers were not {}", wrong, driving.status)));
    }
    return static_cast<double>(answered) / (now - start);
}

}  // namespace nguon::bench
