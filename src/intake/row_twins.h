// Rows that stand twice in a file, counted in bounded memory: exactly while there are few rows,
// then by a sample of the hashes, so that all rows that are equal are in it or none is.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace nguon::intake {

class RowTwins {
public:
    // `hash` of the row, well mixed and seeded. True when it is known that an equal one came
    // before.
    bool see(std::uint64_t hash);
    // Rows that equal an earlier one.
    std::int64_t repeated() const { return m_repeated << m_bits; }
    // Different rows.
    std::int64_t distinct() const { return static_cast<std::int64_t>(m_counts.size()) << m_bits; }
    bool estimated() const { return m_bits > 0; }

private:
    static constexpr std::size_t kMost = 1 << 20;  // some 50 MB
    void thin();

    std::unordered_map<std::uint64_t, std::uint32_t> m_counts;
    std::int64_t m_repeated = 0;
    int m_bits = 0;  // one hash in 2^m_bits is kept
};

// SplitMix64's finalizer over 8 bytes at a time (Steele, Lea and Flood 2014).
std::uint64_t mixed_hash(std::uint64_t seed, const char* bytes, std::size_t count);

}  // namespace nguon::intake
