#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>

#include "population/corrections.h"
#include "population/csv_file.h"
#include "population/faults.h"

namespace nguon::population {

enum class Faults : std::uint8_t { kPlanted, kNone };

struct Options {
    std::uint64_t seed = 1;
    std::uint64_t rows = 0;  // data records in `out`, the faulty ones included; 1 to 50 million
    Faults faults = Faults::kPlanted;
    std::filesystem::path wards;
    std::optional<std::filesystem::path> former_provinces;
    std::filesystem::path out;
    std::filesystem::path truth;
    std::optional<std::filesystem::path> corrections;
    std::optional<std::filesystem::path> corrections_truth;
};

inline constexpr std::uint64_t kMostRows = 50'000'000;

struct Summary {
    std::uint64_t rows = 0;
    FaultCounts faults{};
    std::optional<CorrectionCounts> corrections;
};

// Writes the files that the options name. Same seed, rows and wards: same bytes; `out` and `truth`
// are the same with and without corrections.
// Errors: 2 for a wards file that is no table of wards, 3 for one that is not there, 5 for a disk
// that does not take the files.
std::expected<Summary, Error> generate(const Options& options);

// One JSON object on one line.
std::string to_json(const Summary& summary);

}  // namespace nguon::population
