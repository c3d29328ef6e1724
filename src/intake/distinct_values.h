// How many different values a column has, counted while a file is read, and exactly: by a hash of
// 64 bits two of ten million values are taken for one once in 300,000 files. What would take too
// much memory is given up, to be counted in another way.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

#include "intake/hash_set.h"

namespace nguon::intake {

// Of all columns together. Threads: from anywhere.
class HashBudget {
public:
    explicit HashBudget(std::size_t slots) : m_left(static_cast<std::int64_t>(slots)) {}
    bool take(std::size_t slots) {
        const auto wanted = static_cast<std::int64_t>(slots);
        if (m_left.fetch_sub(wanted) >= wanted) return true;
        m_left += wanted;
        return false;
    }
    void give(std::size_t slots) { m_left += static_cast<std::int64_t>(slots); }

private:
    std::atomic<std::int64_t> m_left;
};

class DistinctValues {
public:
    void see(std::span<const std::uint64_t> hashes, HashBudget& budget);
    // Nothing when it was given up.
    std::optional<std::int64_t> count() const {
        if (m_given_up) return std::nullopt;
        return static_cast<std::int64_t>(m_hashes.size());
    }

private:
    HashSet m_hashes;
    bool m_given_up = false;
};

inline void DistinctValues::see(std::span<const std::uint64_t> hashes, HashBudget& budget) {
    constexpr std::size_t kAhead = 16;
    for (std::size_t i = 0; i < hashes.size() && !m_given_up; ++i) {
        if (i + kAhead < hashes.size()) m_hashes.prefetch(hashes[i + kAhead]);
        const std::size_t more = m_hashes.slots_wanted() - m_hashes.slots();
        if (more > 0 && !budget.take(more)) {
            budget.give(m_hashes.slots());
            m_hashes.clear();
            m_given_up = true;
            return;
        }
        m_hashes.insert(hashes[i]);
    }
}

}  // namespace nguon::intake
