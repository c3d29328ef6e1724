// What one client may take of a server: connections at once, and requests a second. A client is an
// IPv4 address, or the first 64 bits of an IPv6 one, as one subscriber has all of those.
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "base/time.h"

namespace nguon::http {

using ClientKey = std::array<unsigned char, 16>;

struct ClientLimitOptions {
    int requests_per_second = 0;  // 0: no limit
    int connections = 0;          // 0: no limit
    bool loopback = false;        // whether clients on this machine are limited too
};

// Threads: every member may be called concurrently.
class ClientLimits {
public:
    ClientLimits(const ClientLimitOptions& options, Random& random);
    // Nothing for a client that no limit is for.
    std::optional<ClientKey> key_of(const boost::asio::ip::address& address) const;
    // False when the client has as many connections as it may. After true, disconnect() once.
    bool connect(const ClientKey& client);
    void disconnect(const ClientKey& client);
    // Nothing when a request may be answered at `now` (nanoseconds of a steady clock); else the
    // seconds to wait. Two seconds' worth may come at once (generic cell rate algorithm, ITU-T
    // I.371).
    std::optional<int> wait_for(const ClientKey& client, std::int64_t now);

private:
    // One cell for each hash of a client: memory that no flood of addresses can grow (1 MiB). Two
    // clients that share a cell share its limit; the hash is keyed, so none can choose its cell.
    static constexpr std::size_t kCells = std::size_t{1} << 17;
    std::size_t cell_of(const ClientKey& client) const;

    ClientLimitOptions m_options;
    std::array<std::uint64_t, 2> m_secret{};
    std::unique_ptr<std::atomic<std::int64_t>[]> m_cells;  // when the cell's next request is due
    std::mutex m_mutex;
    std::map<ClientKey, int> m_open;  // no larger than the server's connections
};

}  // namespace nguon::http
