#include "intake/row_twins.h"

#include <cstring>

namespace nguon::intake {
namespace {

std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

bool is_kept(std::uint64_t hash, int bits) {
    return bits == 0 || hash >> (64 - bits) == 0;
}

}  // namespace

std::uint64_t mixed_hash(std::uint64_t seed, const char* bytes, std::size_t count) {
    std::uint64_t hash = seed ^ (count * 0x9E3779B97F4A7C15u);
    for (; count >= 8; bytes += 8, count -= 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes, 8);
        hash = mix(hash ^ word) + 0x9E3779B97F4A7C15u;
    }
    std::uint64_t word = 0;
    if (count > 0) std::memcpy(&word, bytes, count);
    return mix(hash ^ word);
}

bool RowTwins::see(std::uint64_t hash) {
    if (!is_kept(hash, m_bits)) return false;
    std::uint32_t& count = m_counts[hash];
    const bool repeats = count > 0;
    if (repeats) ++m_repeated;
    if (count < UINT32_MAX) ++count;
    if (m_counts.size() > kMost) thin();
    return repeats;
}

void RowTwins::thin() {
    ++m_bits;
    m_repeated = 0;
    std::erase_if(m_counts, [&](const auto& one) { return !is_kept(one.first, m_bits); });
    for (const auto& [hash, count] : m_counts)
        m_repeated += count - 1;
}

}  // namespace nguon::intake
