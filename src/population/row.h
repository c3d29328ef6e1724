#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nguon::population {

// The columns of `population.person`, in the order of the file.
enum class Column : std::uint8_t {
    kCitizenId,
    kFullName,
    kBirthDate,
    kSex,
    kEthnicity,
    kWardCode,
    kAddress,
    kHouseholdId,
    kRelationToHead,
    kPhone,
    kRegisteredAt,
};

inline constexpr std::size_t kColumnCount = 11;
inline constexpr std::array<std::string_view, kColumnCount> kColumnNames = {
    "citizen_id", "full_name",    "birth_date",       "sex",   "ethnicity",     "ward_code",
    "address",    "household_id", "relation_to_head", "phone", "registered_at",
};

inline std::string_view column_name(Column column) {
    return kColumnNames[static_cast<std::size_t>(column)];
}

// One data record as the text of its cells, unquoted. Empty is absent.
struct Row {
    std::array<std::string, kColumnCount> cells;

    std::string& operator[](Column column) { return cells[static_cast<std::size_t>(column)]; }
    const std::string& operator[](Column column) const {
        return cells[static_cast<std::size_t>(column)];
    }
    bool operator==(const Row&) const = default;
};

}  // namespace nguon::population
