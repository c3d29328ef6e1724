#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "population/csv_file.h"
#include "population/random.h"

namespace nguon::population {

// Where a ward lies, as far as names, addresses and peoples depend on it.
enum class Region : std::uint8_t { kNorth, kNorthMountains, kCentre, kHighlands, kSouth };
inline constexpr std::size_t kRegionCount = 5;

// By the two-digit province code; the codes run from north to south, before 2025 and after.
Region region_of(int province);

struct Ward {
    std::string code;
    int province = 0;
    bool urban = false;  // a `phường`, where addresses have streets
};

// The wards of the country, and which former provinces became which present one.
class Places {
public:
    // `wards`: a CSV table with columns `code`, `name` and `province_code` (`division_type` is
    // used where it is there). `former_provinces`: columns `code` and `successor_province_code`;
    // without it `former_province.csv` beside `wards` is taken, and if there is none, a birth is
    // registered under the present province's code.
    static std::expected<Places, Error> open(
        const std::filesystem::path& wards,
        const std::optional<std::filesystem::path>& former_provinces);

    // A ward (phường) is three times as likely as a commune (xã): it has about so many more people.
    const Ward& pick(Random& random) const;

    // Province code for the identification number of a person who lives in `ward`: one of the 63
    // codes of before 1 July 2025; four in five were born in the province they live in.
    int birth_province(const Ward& ward, Random& random) const;

    // Five digits that are the code of no ward.
    std::string code_of_no_ward(Random& random) const;

    bool has_ward(std::string_view code) const;
    std::size_t size() const { return m_wards.size(); }

private:
    std::expected<void, Error> read_former(const std::filesystem::path& file);

    std::vector<Ward> m_wards;
    std::vector<std::uint32_t> m_weight_up_to;
    std::vector<std::string> m_sorted_codes;
    std::array<std::vector<int>, 100> m_former_by_present;
};

// One line of address without the ward: a street in a `phường`, a hamlet elsewhere.
// Some hold commas or quotation marks, as real ones do.
std::string make_address(const Ward& ward, Random& random);

}  // namespace nguon::population
