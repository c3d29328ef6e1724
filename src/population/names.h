#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "population/citizen_id.h"
#include "population/places.h"
#include "population/random.h"

namespace nguon::population {

// What a name depends on.
struct NameTraits {
    int people = 1;  // code of the people, 1 to 55
    Sex sex = Sex::kMale;
    int birth_year = 1980;
    Region region = Region::kNorth;
};

// Full names in NFC, as they are written: family names by their frequency in the country, middle
// and given names by sex and generation. Six names in a thousand have no mark at all
// ("Phan Kim Mai"), and such a name is right.
class Names {
public:
    Names();

    // A family name, or "" for a people that has none.
    std::string_view family(const NameTraits& traits, Random& random) const;
    std::string full_name(const NameTraits& traits, std::string_view family, Random& random) const;

    // The family name in a full name made for `people`; "" for a people that has none.
    static std::string family_in(std::string_view full_name, int people);

private:
    std::string_view middle(const NameTraits& traits, Random& random) const;

    std::vector<std::uint32_t> m_family_weight_up_to;
};

}  // namespace nguon::population
