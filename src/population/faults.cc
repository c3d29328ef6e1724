#include "population/faults.h"

#include <fmt/format.h>

#include <numeric>
#include <utility>

#include "population/text.h"

namespace nguon::population {
namespace {

bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

// The year stays, so that the fault is the day alone.
std::string impossible_date(const std::string& date, Random& random) {
    static constexpr std::array<std::string_view, 10> kDays = {
        "02-30", "02-31", "04-31", "06-31", "09-31", "11-31", "13-05", "00-10", "07-32", "05-00"};
    const std::string year = date.substr(0, 4);
    if (!is_leap(std::stoi(year)) && random.percent(20)) return year + "-02-29";
    return fmt::format("{}-{}", year, random.one_of(kDays));
}

// Four forms, each one-to-one and of another length or alphabet: no two of them are ever equal.
std::string malformed_id(const std::string& id, Random& random) {
    switch (random.below(4)) {
        case 0: return id.substr(1);  // a spreadsheet took it for a number
        case 1: return "O" + id.substr(1);
        case 2: return fmt::format("{} {} {}", id.substr(0, 3), id.substr(3, 3), id.substr(6));
        default: return id + id.back();
    }
}

}  // namespace

FaultCounts planned_counts(std::uint64_t rows) {
    FaultCounts counts{};
    for (std::size_t i = 0; i < kFaultKinds; ++i) {
        counts[i] = (rows * kFaultShares[i].per_million + 500'000) / 1'000'000;
    }
    return counts;
}

FaultPlan::FaultPlan(std::uint64_t rows, const FaultCounts& counts)
    : m_rows_left(rows),
      m_faults_left(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0})),
      m_counts(counts) {}

std::optional<FaultKind> FaultPlan::next(Random& random, bool can_duplicate) {
    const std::uint64_t rows_left = m_rows_left--;
    if (m_faults_left == 0) return std::nullopt;
    if (random.below(static_cast<std::uint32_t>(rows_left)) >= m_faults_left) return std::nullopt;
    const std::uint64_t unusable = can_duplicate ? 0 : m_counts[0];
    if (unusable == m_faults_left) return std::nullopt;
    std::uint64_t at = random.below(static_cast<std::uint32_t>(m_faults_left - unusable));
    for (std::size_t i = can_duplicate ? 0 : 1; i < kFaultKinds; ++i) {
        if (at >= m_counts[i]) {
            at -= m_counts[i];
            continue;
        }
        --m_counts[i];
        --m_faults_left;
        return static_cast<FaultKind>(i);
    }
    std::unreachable();
}

void FaultPlan::put_back(FaultKind kind) {
    ++m_counts[static_cast<std::size_t>(kind)];
    ++m_faults_left;
}

std::optional<Planted> FaultPlanter::plant(FaultKind kind, Row& row, Random& random) {
    if (kind == FaultKind::kMissingTones) {
        for (int tries = 0; is_ascii(row[Column::kFullName]); ++tries) {
            if (row[Column::kEthnicity] == "55" || tries == 50) return std::nullopt;
            row[Column::kFullName] = m_inhabitants.other_name(row, random);
        }
    }
    std::string& cell = row[share_of(kind).column];
    Planted planted{0, kind, cell, faulty_value(kind, row, random)};
    cell = planted.planted;
    return planted;
}

std::string FaultPlanter::faulty_value(FaultKind kind, const Row& row, Random& random) {
    static constexpr std::array<std::string_view, 8> kSexes = {"Nam", "Nữ", "M", "F",
                                                               "0",   "1",  "x", "khác"};
    const std::string& value = row[share_of(kind).column];
    switch (kind) {
        case FaultKind::kImpossibleDate: return impossible_date(value, random);
        case FaultKind::kWrongCode: return m_places.code_of_no_ward(random);
        case FaultKind::kMalformedId: return malformed_id(value, random);
        case FaultKind::kIdMismatch: return id_that_contradicts(row, random);
        case FaultKind::kBadSex: return std::string(random.one_of(kSexes));
        case FaultKind::kFutureBirth:
            return iso_date(random.between(day_of(2027, 1, 1), day_of(2049, 12, 31)));
        case FaultKind::kMissingTones: return strip_tones(value);
        case FaultKind::kMissingName:
        case FaultKind::kDuplicate: break;
    }
    return "";
}

std::string FaultPlanter::id_that_contradicts(const Row& row, Random& random) {
    const std::string& id = row[Column::kCitizenId];
    IdPrefix prefix{std::stoi(id.substr(0, 3)), id[3] - '0', std::stoi(id.substr(4, 2))};
    switch (random.below(3)) {
        case 0:  // the other sex
            prefix.century_sex ^= 1;
            break;
        case 1:  // the other century
            prefix.century_sex ^= 2;
            break;
        default:  // another year
            prefix.year_of_birth = (prefix.year_of_birth + random.between(1, 99)) % 100;
    }
    return m_inhabitants.ids().next_spare(prefix);
}

}  // namespace nguon::population
