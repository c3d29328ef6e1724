#pragma once

#include <array>
#include <cstdint>

namespace nguon::population {

// xoshiro256** seeded by SplitMix64 (Blackman and Vigna, public domain algorithms).
// std::*_distribution is avoided everywhere: its results differ between standard libraries,
// and the same seed must give the same bytes on every machine.
// One stream per purpose (people, faults, corrections), so that planting faults does not
// change who lives where.
class Random {
public:
    Random(std::uint64_t seed, std::uint64_t stream) {
        std::uint64_t x = seed ^ (stream * 0x9e3779b97f4a7c15ULL);
        for (std::uint64_t& word : m_state) {
            x += 0x9e3779b97f4a7c15ULL;
            std::uint64_t z = x;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
            word = z ^ (z >> 31);
        }
    }

    std::uint64_t next() {
        const std::uint64_t result = rotate(m_state[1] * 5, 7) * 9;
        const std::uint64_t t = m_state[1] << 17;
        m_state[2] ^= m_state[0];
        m_state[3] ^= m_state[1];
        m_state[1] ^= m_state[2];
        m_state[0] ^= m_state[3];
        m_state[2] ^= t;
        m_state[3] = rotate(m_state[3], 45);
        return result;
    }

    // 0 <= result < n, for 0 < n < 2^32. The bias of multiply-and-shift is below n / 2^32.
    std::uint32_t below(std::uint32_t n) {
        return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32);
    }

    // low <= result <= high
    int between(int low, int high) {
        return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low + 1)));
    }

    bool percent(std::uint32_t chance) { return below(100) < chance; }

    template <class Container>
    const auto& one_of(const Container& items) {
        return items[below(static_cast<std::uint32_t>(items.size()))];
    }

private:
    static std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

    std::array<std::uint64_t, 4> m_state{};
};

}  // namespace nguon::population
