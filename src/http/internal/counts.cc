#include "http/internal/counts.h"

#include <algorithm>

namespace nguon::http {
namespace {

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    out.append(name).append(" ").append(type).append("\n");
}

std::string seconds_text(double seconds) {
    return to_text(json::value(seconds));
}

}  // namespace

Counts::Counts(const Router& router)
    : m_router(router), m_rows(std::make_unique<Row[]>(router.routes().size() + 1)) {}

void Counts::record(const Route* route, int status, double seconds) {
    const std::vector<Route>& routes = m_router.routes();
    Row& row =
        m_rows[route == nullptr ? routes.size() : static_cast<std::size_t>(route - routes.data())];
    const auto* found = std::ranges::lower_bound(kStatuses, status);
    const bool known = found != kStatuses.end() && *found == status;
    add(row.by_status[known ? static_cast<std::size_t>(found - kStatuses.begin()) : 0], 1);
    const auto* bound = std::ranges::lower_bound(kBounds, seconds);
    add(row.by_duration[static_cast<std::size_t>(bound - kBounds.begin())], 1);
    add(row.microseconds, static_cast<std::uint64_t>(seconds * 1e6));
}

void Counts::moved(std::uint64_t received, std::uint64_t sent) {
    add(m_received, received);
    add(m_sent, sent);
}

std::string Counts::labels_of(std::size_t row) const {
    const std::vector<Route>& routes = m_router.routes();
    if (row == routes.size()) return R"(method="",route="")";
    return "method=\"" + std::string(name_of(routes[row].method)) + "\",route=\"" +
           routes[row].path + "\"";
}

void Counts::requests_text(std::string& out) const {
    head(out, "nguon_http_requests_total", "counter", "Requests by route and status.");
    for (std::size_t i = 0; i <= m_router.routes().size(); ++i) {
        for (std::size_t s = 0; s < kStatuses.size(); ++s) {
            const std::uint64_t count = m_rows[i].by_status[s].load(std::memory_order_relaxed);
            if (count == 0) continue;
            out += "nguon_http_requests_total{" + labels_of(i) + ",status=\"" +
                   (s == 0 ? std::string("other") : std::to_string(kStatuses[s])) + "\"} " +
                   std::to_string(count) + "\n";
        }
    }
}

void Counts::durations_text(std::string& out) const {
    static constexpr std::string_view kName = "nguon_http_request_duration_seconds";
    head(out, kName, "histogram", "From the first byte of a request to the last of its answer.");
    const std::string name(kName);
    for (std::size_t i = 0; i <= m_router.routes().size(); ++i) {
        const Row& row = m_rows[i];
        std::array<std::uint64_t, kBounds.size() + 1> counts{};
        std::uint64_t total = 0;
        for (std::size_t b = 0; b < counts.size(); ++b) {
            total += row.by_duration[b].load(std::memory_order_relaxed);
            counts[b] = total;
        }
        if (total == 0) continue;
        const std::string labels = labels_of(i);
        for (std::size_t b = 0; b < counts.size(); ++b) {
            const std::string bound = b < kBounds.size() ? seconds_text(kBounds[b]) : "+Inf";
            out += name + "_bucket{" + labels + ",le=\"" + bound + "\"} " +
                   std::to_string(counts[b]) + "\n";
        }
        const auto sum = static_cast<double>(row.microseconds.load(std::memory_order_relaxed));
        out += name + "_sum{" + labels + "} " + seconds_text(sum / 1e6) + "\n";
        out += name + "_count{" + labels + "} " + std::to_string(total) + "\n";
    }
}

std::string Counts::text(std::size_t queued) const {
    std::string out;
    requests_text(out);
    durations_text(out);
    head(out, "nguon_http_connections", "gauge", "Connections that are open.");
    for (const Listener listener : {Listener::kPublic, Listener::kInternal}) {
        out += "nguon_http_connections{listener=\"" + std::string(name_of(listener)) + "\"} " +
               std::to_string(m_open[static_cast<std::size_t>(listener)].load()) + "\n";
    }
    head(out, "nguon_http_queue_length", "gauge", "Requests that wait for a thread.");
    out += "nguon_http_queue_length " + std::to_string(queued) + "\n";
    head(out, "nguon_http_rejected_total", "counter", "Requests and connections turned away.");
    static constexpr std::array<std::string_view, 6> kReasons = {
        "queue_full", "too_many_connections", "bad_message",
        "timeout",    "client_connections",   "client_rate"};
    for (std::size_t i = 0; i < kReasons.size(); ++i) {
        out += "nguon_http_rejected_total{reason=\"" + std::string(kReasons[i]) + "\"} " +
               std::to_string(m_rejected[i].load(std::memory_order_relaxed)) + "\n";
    }
    head(out, "nguon_http_received_bytes_total", "counter", "Bytes of requests.");
    out += "nguon_http_received_bytes_total " + std::to_string(m_received.load()) + "\n";
    head(out, "nguon_http_sent_bytes_total", "counter", "Bytes of answers.");
    out += "nguon_http_sent_bytes_total " + std::to_string(m_sent.load()) + "\n";
    return out;
}

}  // namespace nguon::http
