#include "population/citizen_id.h"

#include <cstddef>
#include <cstdlib>

namespace nguon::population {
namespace {

constexpr std::uint32_t kSerials = 1'000'000;
constexpr std::size_t kPrefixes = std::size_t{100} * 4 * 100;

std::size_t index_of(const IdPrefix& prefix) {
    const int index = (prefix.province * 4 + prefix.century_sex) * 100 + prefix.year_of_birth;
    return static_cast<std::size_t>(index);
}

}  // namespace

int century_sex_digit(int year, Sex sex) {
    return (year - 1900) / 100 * 2 + (sex == Sex::kFemale ? 1 : 0);
}

IdAllocator::IdAllocator() : m_used(kPrefixes), m_spare_used(kPrefixes) {}

std::string IdAllocator::next(const IdPrefix& prefix) {
    const std::size_t index = index_of(prefix);
    if (m_used[index] + m_spare_used[index] >= kSerials) std::abort();
    return number(prefix, m_used[index]++);
}

std::string IdAllocator::next_spare(const IdPrefix& prefix) {
    const std::size_t index = index_of(prefix);
    if (m_used[index] + m_spare_used[index] >= kSerials) std::abort();
    return number(prefix, kSerials - 1 - m_spare_used[index]++);
}

std::string IdAllocator::number(const IdPrefix& prefix, std::uint32_t count) const {
    constexpr std::uint64_t kSpread = 618'033;
    constexpr std::uint64_t kShift = 271'829;
    std::uint64_t value = (count * kSpread + index_of(prefix) * kShift) % kSerials;
    std::string text(12, '0');
    for (std::size_t i = 11; i >= 6; --i, value /= 10) {
        text[i] = static_cast<char>('0' + value % 10);
    }
    const int head = (prefix.province * 10 + prefix.century_sex) * 100 + prefix.year_of_birth;
    int rest = head;
    for (std::size_t i = 6; i-- > 0; rest /= 10) {
        text[i] = static_cast<char>('0' + rest % 10);
    }
    return text;
}

}  // namespace nguon::population
