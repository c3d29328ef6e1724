// What a service manager (systemd) and a server say to each other: sockets that it opened before,
// and datagrams that tell how far we are. sd_listen_fds(3) and sd_notify(3), without libsystemd.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nguon::node {

// Threads: notify() may be called concurrently.
class ServiceManager {
public:
    // Takes LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES and NOTIFY_SOCKET out of the environment, so
    // that no child believes that they are for it. Call it before there are threads. Errors:
    // invalid when sockets are passed whose names nobody here knows, or one name twice.
    static Result<ServiceManager> from_environment();

    // The descriptor of the socket passed for "public" or "internal"; -1: none. Without names the
    // first is public, the second internal.
    int listener(std::string_view name) const;
    // "READY=1", "STOPPING=1\nSTATUS=…". Nothing happens where nobody listens.
    void notify(const std::string& state) const;

private:
    std::string m_notify;  // path of the socket; '@' first: abstract
    std::vector<std::pair<std::string, int>> m_listeners;
};

}  // namespace nguon::node
