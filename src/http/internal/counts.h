// Counts for /metrics, in Prometheus text. One cell per route and status, so recording is a few
// relaxed additions and no lookup by name.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "http/router.h"

namespace nguon::http {

enum class Rejected {
    kQueueFull,
    kTooManyConnections,
    kBadMessage,
    kTimeout,
    kClientConnections,  // of one client
    kClientRate
};

// Threads: every member may be called concurrently.
class Counts {
public:
    explicit Counts(const Router& router);
    // `route` null: no route matched.
    void record(const Route* route, int status, double seconds);
    void reject(Rejected reason) { add(m_rejected[static_cast<std::size_t>(reason)], 1); }
    void moved(std::uint64_t received, std::uint64_t sent);
    void connected(Listener listener) { add(m_open[static_cast<std::size_t>(listener)], 1); }
    void disconnected(Listener listener) {
        m_open[static_cast<std::size_t>(listener)].fetch_sub(1);
    }
    std::string text(std::size_t queued) const;

private:
    static constexpr std::array kStatuses = {
        0,   200, 201, 202, 204, 206, 302, 303, 304, 400, 401, 403, 404, 405, 406, 408,
        409, 412, 413, 415, 416, 417, 422, 429, 431, 500, 501, 502, 503, 504, 505};  // 0: any other
    static constexpr std::array kBounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                           0.25,   0.5,   1.0,    2.5,   5.0,  10.0,  30.0};
    using Cell = std::atomic<std::uint64_t>;
    struct Row {
        std::array<Cell, kStatuses.size()> by_status{};
        std::array<Cell, kBounds.size() + 1> by_duration{};
        Cell microseconds{0};
    };
    static void add(Cell& cell, std::uint64_t n) { cell.fetch_add(n, std::memory_order_relaxed); }
    void requests_text(std::string& out) const;
    void durations_text(std::string& out) const;
    std::string labels_of(std::size_t row) const;

    Router m_router;
    std::unique_ptr<Row[]> m_rows;  // one more than there are routes: no route
    std::array<Cell, 6> m_rejected{};
    std::array<Cell, 2> m_open{};
    Cell m_received{0};
    Cell m_sent{0};
};

}  // namespace nguon::http
