#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "population/places.h"
#include "population/random.h"

namespace nguon::population {

// How a people forms its names.
enum class NameStyle : std::uint8_t {
    kVietnamese,  // family, middle, given
    kGiaRai,      // family, given: "Siu Hnhan"
    kEDe,         // Y or H', given, family: "Y Blŏ Niê"
    kBaNa,        // A or Y, given, no family name: "A Thút"
    kCoHo,        // K' or Ka, given, no family name: "Ka Hoa"
    kForeign,     // family, given, as the passport has it
};

// One entry of the list of peoples (Decision 121-TCTK/PPCĐ of 2 March 1979; 55 is used for people
// of foreign origin), with its share of the population.
struct People {
    std::uint32_t per_million = 0;  // census of 1 April 2019, rounded
    unsigned home = 0;              // bits of Region
    NameStyle style = NameStyle::kVietnamese;
    const std::vector<std::string_view>* families = nullptr;  // null: the national distribution
};

// `code` is 1 to 55.
const People& people_of(int code);

// Draws a code for a household of a region: the national share, five times as likely at home and a
// tenth as likely elsewhere. The census knows better; this is enough for plausible rows.
class PeopleTable {
public:
    PeopleTable();
    int pick(Region region, Random& random) const;

private:
    std::array<std::array<std::uint32_t, 55>, kRegionCount> m_weight_up_to{};
};

}  // namespace nguon::population
