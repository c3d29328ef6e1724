#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "population/random.h"

namespace nguon::population {

// A uniform sample of a stream of unknown length (Vitter's algorithm R), in bounded memory.
template <class T>
class Sample {
public:
    Sample(std::size_t capacity, std::uint64_t seed, std::uint64_t stream)
        : m_capacity(capacity), m_random(seed, stream) {}

    void offer(const T& item) {
        ++m_seen;
        if (m_items.size() < m_capacity) {
            m_items.push_back(item);
        } else if (m_capacity > 0) {
            const std::uint64_t at = m_random.next() % m_seen;
            if (at < m_capacity) m_items[at] = item;
        }
    }

    bool empty() const { return m_items.empty(); }
    std::size_t size() const { return m_items.size(); }

    // Takes one item out, each as likely as the other: no item is ever given twice.
    T take() {
        const std::uint32_t at = m_random.below(static_cast<std::uint32_t>(m_items.size()));
        std::swap(m_items[at], m_items.back());
        T item = std::move(m_items.back());
        m_items.pop_back();
        return item;
    }

private:
    std::size_t m_capacity;
    std::uint64_t m_seen = 0;
    std::vector<T> m_items;
    Random m_random;
};

}  // namespace nguon::population
