#include "http/internal/client_limits.h"

#include <algorithm>
#include <cstring>

namespace nguon::http {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kBurstSeconds = 2;

// SplitMix64's finaliser: every bit of the input reaches every bit of the result.
std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

}  // namespace

ClientLimits::ClientLimits(const ClientLimitOptions& options, Random& random) : m_options(options) {
    if (m_options.requests_per_second <= 0) return;
    random.fill({reinterpret_cast<unsigned char*>(m_secret.data()), sizeof m_secret});
    m_cells = std::make_unique<std::atomic<std::int64_t>[]>(kCells);
}

std::optional<ClientKey> ClientLimits::key_of(const boost::asio::ip::address& address) const {
    if (m_options.requests_per_second <= 0 && m_options.connections <= 0) return std::nullopt;
    namespace ip = boost::asio::ip;
    const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
    const ip::address plain =
        mapped ? ip::address(ip::make_address_v4(ip::v4_mapped, address.to_v6())) : address;
    if (plain.is_loopback() && !m_options.loopback) return std::nullopt;
    ClientKey key{};
    if (plain.is_v4()) {
        std::ranges::copy(plain.to_v4().to_bytes(), key.begin() + 12);
    } else {
        const auto bytes = plain.to_v6().to_bytes();
        std::copy_n(bytes.begin(), 8, key.begin());
    }
    return key;
}

bool ClientLimits::connect(const ClientKey& client) {
    if (m_options.connections <= 0) return true;
    const std::lock_guard lock(m_mutex);
    int& open = m_open[client];
    if (open >= m_options.connections) return false;
    ++open;
    return true;
}

void ClientLimits::disconnect(const ClientKey& client) {
    if (m_options.connections <= 0) return;
    const std::lock_guard lock(m_mutex);
    const auto found = m_open.find(client);
    if (found != m_open.end() && --found->second == 0) m_open.erase(found);
}

std::size_t ClientLimits::cell_of(const ClientKey& client) const {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), client.data(), client.size());
    return mixed(mixed(words[0] ^ m_secret[0]) ^ words[1] ^ m_secret[1]) % kCells;
}

std::optional<int> ClientLimits::wait_for(const ClientKey& client, std::int64_t now) {
    if (m_options.requests_per_second <= 0) return std::nullopt;
    const std::int64_t interval = kSecond / m_options.requests_per_second;
    std::atomic<std::int64_t>& due = m_cells[cell_of(client)];
    std::int64_t held = due.load(std::memory_order_relaxed);
    for (;;) {
        const std::int64_t ahead = std::max<std::int64_t>(held - now, 0);
        if (ahead + interval > kBurstSeconds * kSecond) {
            const std::int64_t over = ahead + interval - kBurstSeconds * kSecond;
            return static_cast<int>((over + kSecond - 1) / kSecond);
        }
        if (due.compare_exchange_weak(held, now + ahead + interval, std::memory_order_relaxed))
            return std::nullopt;
    }
}

}  // namespace nguon::http
