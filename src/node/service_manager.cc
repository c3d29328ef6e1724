#include "node/service_manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace nguon::node {
namespace {

constexpr int kFirstDescriptor = 3;  // SD_LISTEN_FDS_START
constexpr std::string_view kNames[] = {"public", "internal"};

std::string take_variable(const char* name) {
    const char* value = std::getenv(name);
    std::string text = value == nullptr ? "" : value;
    ::unsetenv(name);
    return text;
}

std::int64_t number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

std::unexpected<Error> unknown_socket(const std::string& name) {
    return fail(
        Code::kInvalid,
        {"Trình quản lý dịch vụ đưa một socket tên «" + name +
             "» mà nút không dùng, hoặc đưa hai lần.",
         "The service manager passes a socket named \"" + name +
             "\" that a node has no use for, or passes it twice."},
        {"Đặt FileDescriptorName=public hoặc internal trong đơn vị .socket, mỗi tên một lần.",
         "Set FileDescriptorName=public or internal in the .socket unit, each once."});
}

}  // namespace

Result<ServiceManager> ServiceManager::from_environment() {
    ServiceManager manager;
    manager.m_notify = take_variable("NOTIFY_SOCKET");
    const std::int64_t pid = number_of(take_variable("LISTEN_PID"));
    const std::int64_t count = number_of(take_variable("LISTEN_FDS"));
    const std::vector<std::string> names = split(take_variable("LISTEN_FDNAMES"), ':');
    if (pid != ::getpid()) return manager;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        // systemd says "unknown" or the unit's name where no name was given.
        const bool named = at < names.size() && !names[at].empty() && names[at] != "unknown" &&
                           !names[at].ends_with(".socket");
        const std::string name = named                    ? names[at]
                                 : at < std::size(kNames) ? std::string(kNames[at])
                                                          : "";
        const bool known = name == kNames[0] || name == kNames[1];
        if (!known || manager.listener(name) >= 0) return unknown_socket(name);
        const int descriptor = kFirstDescriptor + static_cast<int>(i);
        (void)::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
        manager.m_listeners.emplace_back(name, descriptor);
    }
    return manager;
}

int ServiceManager::listener(std::string_view name) const {
    for (const auto& [held, descriptor] : m_listeners) {
        if (held == name) return descriptor;
    }
    return -1;
}

void ServiceManager::notify(const std::string& state) const {
    sockaddr_un to{};
    if (m_notify.empty() || m_notify.size() >= sizeof to.sun_path) return;
    if (m_notify.front() != '/' && m_notify.front() != '@') return;
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, m_notify.data(), m_notify.size());
    if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + m_notify.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return;
    (void)::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
                   reinterpret_cast<const sockaddr*>(&to), size);
    ::close(descriptor);
}

}  // namespace nguon::node
