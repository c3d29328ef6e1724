// Rows that stand twice in a file, counted in bounded memory: exactly while there are few rows,
// then by a sample of the hashes, so that all rows that are equal are in it or none is.
#pragma once

#include <array>
#include <cstdint>

#include "intake/hash_set.h"

namespace nguon::intake {

class RowTwins {
public:
    // `hash` of the row, well mixed and seeded. True when it is known that an equal one came
    // before.
    bool see(std::uint64_t hash);
    void prefetch(std::uint64_t hash) const { m_hashes.prefetch(hash); }
    // Rows that equal an earlier one.
    std::int64_t repeated() const;
    // Different rows.
    std::int64_t distinct() const { return static_cast<std::int64_t>(m_hashes.size()) << m_bits; }
    bool estimated() const { return m_bits > 0; }

private:
    static constexpr std::size_t kMost = 1 << 20;  // 16 MB

    HashSet m_hashes;
    // Repeats, by the zeros at the front of their hash.
    std::array<std::int64_t, 65> m_repeated{};
    int m_bits = 0;  // one hash in 2^m_bits is kept: those with so many zeros at the front
};

}  // namespace nguon::intake
