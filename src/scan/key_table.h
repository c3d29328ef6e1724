// Which keys were seen earlier in the file: a set of seeded 64-bit hashes. A hit is only a
// suspicion; the load compares the keys themselves before it sets a row aside.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nguon::scan {

// Threads: one at a time.
class KeyTable {
public:
    KeyTable() : m_slots(1 << 16, 0) {}
    // For each hash in file order: seen[i] becomes true when an equal one came before.
    void claim(std::span<const std::uint64_t> hashes, std::vector<bool>& seen);

private:
    void grow();

    std::vector<std::uint64_t> m_slots;  // 0 = empty; a power of two of them, at most half full
    std::size_t m_used = 0;
};

}  // namespace nguon::scan
