#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "population/citizen_id.h"
#include "population/names.h"
#include "population/peoples.h"
#include "population/places.h"
#include "population/random.h"
#include "population/row.h"
#include "population/text.h"

namespace nguon::population {

// No person is born after this day, and nothing is registered after it; corrections come later.
Day last_day();

// The endless sequence of right rows, household after household. One household is all that is
// held in memory. The sequence depends on the seed and the places only.
class Inhabitants {
public:
    Inhabitants(const Places& places, std::uint64_t seed);

    void next(Row& row);

    // For corrections. Numbers given out here never appear in next() before or after.
    std::string new_household_id();
    // A child born after last_day() into the household of `of`, registered there.
    Row newborn(const Row& of, Random& random);
    // Another full name for the same person, of the same family; never the one that stands there.
    std::string other_name(const Row& row, Random& random) const;

    IdAllocator& ids() { return m_ids; }

private:
    struct Member {
        int age_days = 0;
        Sex sex = Sex::kMale;
        std::string_view relation;
        std::string_view family;
        int people = 1;
    };

    void begin_household();
    void add_relative(const Member& head, bool has_spouse);
    Member relative(std::string_view relation, int age, Sex sex);
    Sex any_sex();
    NameTraits traits_of(const Row& row) const;

    const Places& m_places;
    Names m_names;
    PeopleTable m_peoples;
    IdAllocator m_ids;
    Random m_random;
    std::uint64_t m_households = 0;

    std::vector<Member> m_members;  // those not given out yet, last first
    const Ward* m_ward = nullptr;
    std::string m_address;
    std::string m_household_id;
    std::string_view m_family_of_head;
    std::string_view m_family_of_children;
    int m_people = 1;
};

// A mobile number of ten digits with a prefix in use since 2018.
std::string make_phone(Random& random);

}  // namespace nguon::population
