// HTTP/1.1 listeners on Boost.Asio, parsed by Boost.Beast. I/O threads never block; handlers run on
// a bounded pool; a full pool answers 503 with Retry-After.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "http/router.h"

namespace nguon::http {

struct ListenerOptions {
    std::string name;     // "public" or "internal", which decides the access rules
    std::string address;  // "127.0.0.1:8080", "[::1]:0"
    std::string token;    // Bearer token that makes the caller an administrator; empty: nobody
    // A socket that listens already, as a service manager passes one: used instead of `address`.
    int descriptor = -1;
};

struct ServerOptions {
    std::vector<ListenerOptions> listeners;
    std::filesystem::path spool_folder;  // bodies over 1 MiB
    std::uint64_t max_body_bytes = 16ull << 30;
    std::uint32_t max_header_bytes = 32 * 1024;
    std::chrono::seconds header_timeout{15};  // for the whole head, and between two reads of a body
    std::chrono::seconds idle_timeout{60};
    std::chrono::seconds stop_timeout{25};  // for requests accepted before stop()
    int io_threads = 1;
    int handler_threads = 4;     // and as many for handlers that are Runs::kLong
    int waiting_threads = 64;    // for those that are Runs::kWaits
    int max_queued = 256;        // of each
    int max_connections = 2048;  // a sixteenth of them, and of the queue, is for `internal` alone
    // A body that comes, or an answer that is taken, more slowly than this on the whole is cut off,
    // once the time limits above have passed too. 0: no limit.
    int least_bytes_per_second = 0;
    // What one client may take on `public` (internal/client_limits.h). 0: no limit.
    int client_requests_per_second = 0;
    int client_connections = 0;
    bool limit_loopback = false;
    Clock* clock = nullptr;
    Random* random = nullptr;
    Log* log = nullptr;  // access log: route template, never the path
};

class Server {
public:
    // Binds every listener. Errors: unavailable, naming a busy port; invalid for a bad address or
    // name.
    static Result<std::unique_ptr<Server>> start(ServerOptions options, const Router& router);
    ~Server();
    // The address in use, with the port that was taken for port 0.
    std::string address(std::string_view listener) const;
    // Stops accepting, finishes accepted requests, closes. Safe to call twice.
    void stop();
    // Prometheus text of requests by route template and status, durations, connections in use.
    std::string metrics() const;

private:
    struct Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace nguon::http
