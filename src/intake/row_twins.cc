#include "intake/row_twins.h"

#include <bit>
#include <numeric>

namespace nguon::intake {

bool RowTwins::see(std::uint64_t hash) {
    if (std::countl_zero(hash) < m_bits) return false;
    const bool repeats = !m_hashes.insert(hash);
    if (repeats) ++m_repeated[static_cast<std::size_t>(std::countl_zero(hash))];
    if (m_hashes.size() > kMost) {
        ++m_bits;
        m_hashes.keep_if([&](std::uint64_t one) { return std::countl_zero(one) >= m_bits; });
    }
    return repeats;
}

std::int64_t RowTwins::repeated() const {
    return std::accumulate(m_repeated.begin() + m_bits, m_repeated.end(), std::int64_t{0})
           << m_bits;
}

}  // namespace nguon::intake
