#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "population/people.h"
#include "population/places.h"
#include "population/random.h"
#include "population/row.h"

namespace nguon::population {

enum class FaultKind : std::uint8_t {
    kDuplicate,       // an exact copy of an earlier right row
    kImpossibleDate,  // a birth date that no calendar has
    kWrongCode,       // a ward code that is in no list
    kMalformedId,     // not twelve digits
    kIdMismatch,      // twelve digits that contradict the birth date or the sex
    kMissingName,
    kBadSex,        // a value outside the enumeration
    kFutureBirth,   // born after the registration
    kMissingTones,  // a warning, no rejection: "Nguyen Thi Hoa"
};

struct FaultShare {
    std::string_view name;  // as in the truth file
    Column column;
    std::uint32_t per_million;
};

inline constexpr std::size_t kFaultKinds = 9;
inline constexpr std::array<FaultShare, kFaultKinds> kFaultShares = {{
    {"duplicate", Column::kCitizenId, 2'000},
    {"impossible_date", Column::kBirthDate, 1'000},
    {"wrong_code", Column::kWardCode, 1'500},
    {"malformed_id", Column::kCitizenId, 1'000},
    {"id_mismatch", Column::kCitizenId, 1'000},
    {"missing_name", Column::kFullName, 800},
    {"bad_sex", Column::kSex, 700},
    {"future_birth", Column::kBirthDate, 500},
    {"missing_tones", Column::kFullName, 1'500},
}};

inline const FaultShare& share_of(FaultKind kind) {
    return kFaultShares[static_cast<std::size_t>(kind)];
}

using FaultCounts = std::array<std::uint64_t, kFaultKinds>;

// Each kind's share of `rows`, rounded.
FaultCounts planned_counts(std::uint64_t rows);

// Spreads exactly the planned faults over the rows in one pass: Knuth, The Art of Computer
// Programming 2, 3.4.2, algorithm S (selection sampling).
class FaultPlan {
public:
    FaultPlan(std::uint64_t rows, const FaultCounts& counts);

    // Call once for each row. `can_duplicate`: there is an earlier right row to copy.
    std::optional<FaultKind> next(Random& random, bool can_duplicate);

    // The row cannot carry the fault that next() gave; a later one will.
    void put_back(FaultKind kind);

    std::uint64_t left() const { return m_faults_left; }

private:
    std::uint64_t m_rows_left;
    std::uint64_t m_faults_left = 0;
    FaultCounts m_counts;
};

struct Planted {
    std::uint64_t row = 0;  // number of the data record, from 1
    FaultKind kind = FaultKind::kDuplicate;
    std::string original;
    std::string planted;
};

// Puts a fault into a right row; every kind but kDuplicate.
// Nothing when the row cannot carry it: a foreign name has no tones to lose.
class FaultPlanter {
public:
    FaultPlanter(const Places& places, Inhabitants& inhabitants)
        : m_places(places), m_inhabitants(inhabitants) {}

    std::optional<Planted> plant(FaultKind kind, Row& row, Random& random);

private:
    std::string faulty_value(FaultKind kind, const Row& row, Random& random);
    std::string id_that_contradicts(const Row& row, Random& random);

    const Places& m_places;
    Inhabitants& m_inhabitants;
};

}  // namespace nguon::population
