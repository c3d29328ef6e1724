// What the connections of a server share. Asio, no Beast.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_set>

#include "http/internal/client_limits.h"
#include "http/internal/counts.h"
#include "http/internal/worker_pool.h"
#include "http/server.h"

namespace nguon::http {

namespace asio = boost::asio;
using Ticks = std::chrono::steady_clock;
class Session;

inline constexpr std::size_t kMostInMemory = 1u << 20;  // larger bodies are spooled
inline constexpr std::size_t kFileChunk = 256u << 10;   // read from or written to a file at once
inline constexpr auto kSweepEvery = std::chrono::milliseconds(100);
inline constexpr auto kLingerFor = std::chrono::seconds(2);
inline constexpr int kShareKept = 16;  // one of so many connections and places is for `internal`
inline constexpr auto kHeartbeatEvery = std::chrono::seconds(10);

// Random numbers in blocks, so that an id costs no system call. Threads: one.
class BufferedRandom final : public Random {
public:
    explicit BufferedRandom(Random& source) : m_source(source) {}
    void fill(std::span<unsigned char> bytes) override;

private:
    Random& m_source;
    std::array<unsigned char, 1024> m_block{};
    std::size_t m_used = sizeof(m_block);
};

struct Service {
    Service(ServerOptions given, const Router& routes);
    Clock& clock() { return *options.clock; }
    Log& log() { return *options.log; }

    ServerOptions options;
    Router router;
    Counts counts;
    ClientLimits clients;
    WorkerPool handlers, long_handlers, waiting_handlers;
    WorkerPool& pool_of(Runs runs) {
        if (runs == Runs::kLong) return long_handlers;
        return runs == Runs::kWaits ? waiting_handlers : handlers;
    }
    WorkerPool
        files;  // reads and writes of spooled bodies and file answers: never on an I/O thread
    std::atomic<bool> stopping{false};
    // Connections, for the limit and for stop().
    std::atomic<int> open{0};
    std::mutex mutex;
    std::condition_variable closed;
};

// One I/O thread and its connections; all that is here is used on that thread only, but for `io`.
struct Loop {
    explicit Loop(Service& shared) : service(shared), random(*shared.options.random) {}
    void start_sweeping();
    const std::string& date(Micros now);

    Service& service;
    BufferedRandom random;
    std::unordered_set<Session*> sessions;  // before `io`: sessions leave it as `io` is destroyed
    asio::io_context io{1};
    asio::steady_timer sweep{io};
    bool sweeping = false;
    std::thread thread;

private:
    void on_sweep();
    std::int64_t m_second = -1;
    std::string m_date;
};

}  // namespace nguon::http
