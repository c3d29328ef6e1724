#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nguon::population {

enum class Sex : std::uint8_t { kMale, kFemale };

// The parts of a personal identification number before its serial.
// Source: Decree 137/2015/NĐ-CP, article 13: twelve natural numbers, six of them codes for the
// century and sex, the year of birth and the province of birth registration, six random ones.
// Circular 59/2021/TT-BCA gives the code tables: province 001 to 096; century and sex
// 0 male and 1 female for 1900 to 1999, 2 male and 3 female for 2000 to 2099.
struct IdPrefix {
    int province = 1;       // 1 to 96, one of the 63 codes of before 1 July 2025
    int century_sex = 0;    // 0 to 3
    int year_of_birth = 0;  // last two digits
};

int century_sex_digit(int year, Sex sex);

// Gives out numbers that never repeat: a counter for each prefix, spread over the six digits by a
// multiplier that has no common divisor with 10^6. Memory: 320 kB whatever the number of rows.
// Aborts when a prefix has used its million of serials, at more than 50 million rows.
class IdAllocator {
public:
    IdAllocator();

    std::string next(const IdPrefix& prefix);

    // From the other end of the same million: the numbers given out by next() stay the same
    // whether this is called or not.
    std::string next_spare(const IdPrefix& prefix);

private:
    std::string number(const IdPrefix& prefix, std::uint32_t count) const;

    std::vector<std::uint32_t> m_used;
    std::vector<std::uint32_t> m_spare_used;
};

}  // namespace nguon::population
