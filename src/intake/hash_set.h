// 64-bit hashes in one flat table. Hashes must be well mixed: their low bits are the place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/time.h"

namespace nguon::intake {

class HashSet {
public:
    // True when it is new.
    bool insert(std::uint64_t hash);
    // Before a run of inserts, some steps ahead: the table is larger than the cache.
    void prefetch(std::uint64_t hash) const {
        if (!m_slots.empty()) __builtin_prefetch(&m_slots[hash & (m_slots.size() - 1)]);
    }
    std::size_t size() const { return m_size; }
    std::size_t slots() const { return m_slots.size(); }  // of 8 bytes
    // The slots that one more hash would need.
    std::size_t slots_wanted() const {
        if (m_slots.empty()) return kFirst;
        return m_size * 4 >= m_slots.size() * 3 ? m_slots.size() * 2 : m_slots.size();
    }
    void clear() {
        m_slots = {};
        m_size = 0;
    }
    template <class See>
    void for_each(const See& see) const {
        for (const std::uint64_t hash : m_slots) {
            if (hash != 0) see(hash);
        }
    }
    // Keeps those that `kept` says, in a table as large as before.
    template <class Kept>
    void keep_if(const Kept& kept) {
        std::vector<std::uint64_t> old(m_slots.size(), 0);
        old.swap(m_slots);
        m_size = 0;
        for (const std::uint64_t hash : old) {
            if (hash != 0 && kept(hash)) place(hash);
        }
    }

private:
    static constexpr std::size_t kFirst = 64;
    void grow();
    bool place(std::uint64_t hash) {
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
            if (m_slots[at] == hash) return false;
            if (m_slots[at] != 0) continue;
            m_slots[at] = hash;
            ++m_size;
            return true;
        }
    }

    std::vector<std::uint64_t> m_slots;  // 0: free; a power of two, at most three quarters taken
    std::size_t m_size = 0;
};

inline bool HashSet::insert(std::uint64_t hash) {
    if (slots_wanted() != m_slots.size()) grow();
    return place(hash == 0 ? 1 : hash);
}

// 64 bits of the 128-bit product.
inline std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t seed_from(Random& random) {
    std::array<unsigned char, sizeof(std::uint64_t)> bytes{};
    random.fill(bytes);
    std::uint64_t seed = 0;
    std::memcpy(&seed, bytes.data(), bytes.size());
    return seed;
}

// Folded multiplication of 16 bytes at a time. Who does not know the seed cannot choose bytes that
// make a factor zero: it is in both.
inline std::uint64_t mixed_hash(std::uint64_t seed, const char* bytes, std::size_t count) {
    const auto word = [&](std::size_t at, std::size_t length) {
        std::uint64_t value = 0;
        std::memcpy(&value, bytes + at, length);
        return value;
    };
    const std::uint64_t key = (seed ^ 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
    std::uint64_t hash = seed ^ (count * 0x9E3779B97F4A7C15u);
    for (; count > 16; bytes += 16, count -= 16)
        hash = folded(word(0, 8) ^ key, word(8, 8) ^ hash);
    std::uint64_t first = 0, last = 0;  // together every byte that is left
    if (count >= 8) {
        first = word(0, 8);
        last = word(count - 8, 8);
    } else if (count >= 4) {
        first = word(0, 4);
        last = word(count - 4, 4);
    } else if (count > 0) {
        first = static_cast<unsigned char>(bytes[0]);
        last = static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[count / 2])) << 8 |
               static_cast<unsigned char>(bytes[count - 1]);
    }
    return folded(folded(first ^ key, last ^ hash) ^ key, 0x94D049BB133111EBu);
}

}  // namespace nguon::intake
