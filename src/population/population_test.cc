#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "population/generate.h"
#include "population/text.h"

namespace nguon::population {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kRows = 20'000;

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

bool is_number(std::string_view text, std::size_t digits) {
    return text.size() == digits &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_id(std::string_view text) {
    return is_number(text, 12) && text[0] == '0' && text[3] <= '3';
}

bool is_phone(std::string_view text) {
    constexpr std::string_view kSecond = "35789";
    return is_number(text, 10) && text[0] == '0' && kSecond.find(text[1]) != kSecond.npos;
}

// A folder with wards of three provinces, and what a run of the generator wrote there.
class Population : public testing::Test {
protected:
    void SetUp() override {
        m_folder = fs::temp_directory_path() / ("population_test." + std::to_string(getpid()));
        fs::create_directories(m_folder);
        std::ofstream wards(m_folder / "ward.csv");
        wards << "code,name,division_type,province_code\n";
        for (int i = 10; i < 60; ++i) {
            const bool ward = i % 4 == 0;
            wards << "000" << i << (ward ? ",\"Phường A\",ward," : ",Xã B,commune,")
                  << (i % 3 == 0   ? "01"
                      : i % 3 == 1 ? "08"
                                   : "79")
                  << "\n";
        }
        std::ofstream former(m_folder / "former_province.csv");
        former << "code,successor_province_code\n01,01\n02,08\n08,08\n79,79\n74,79\n77,79\n";
    }
    void TearDown() override { fs::remove_all(m_folder); }

    Options options(const std::string& name, std::uint64_t seed) const {
        Options result;
        result.seed = seed;
        result.rows = kRows;
        result.wards = m_folder / "ward.csv";
        result.out = m_folder / (name + ".csv");
        result.truth = m_folder / (name + "_truth.csv");
        result.corrections = m_folder / (name + "_corrections.csv");
        result.corrections_truth = m_folder / (name + "_corrections_truth.csv");
        return result;
    }

    static CsvTable table(const fs::path& file) {
        auto read = CsvTable::open(file);
        EXPECT_TRUE(read.has_value()) << file;
        return read.value_or(CsvTable{});
    }

    static std::string cell(const std::vector<std::string>& record, Column column) {
        return record[static_cast<std::size_t>(column)];
    }

    fs::path m_folder;
};

struct Truth {
    std::string kind, column, original, planted;
};

std::map<std::uint64_t, Truth> truth_of(const CsvTable& table) {
    std::map<std::uint64_t, Truth> truth;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto& r = table.record(i);
        truth[std::stoull(r[0])] = {r[1], r[2], r[3], r[4]};
    }
    return truth;
}

// Goal: a run can be repeated. Method: the same seed twice, another seed, and no corrections.
TEST_F(Population, SameSeedGivesSameBytes) {
    const Options first = options("a", 7);
    const Options again = options("b", 7);
    Options plain = options("c", 7);
    plain.corrections.reset();
    plain.corrections_truth.reset();
    for (const Options& run : {first, again, plain, options("d", 8)})
        ASSERT_TRUE(generate(run));
    EXPECT_EQ(bytes_of(first.out), bytes_of(again.out));
    EXPECT_EQ(bytes_of(first.truth), bytes_of(again.truth));
    EXPECT_EQ(bytes_of(*first.corrections), bytes_of(*again.corrections));
    EXPECT_EQ(bytes_of(first.out), bytes_of(plain.out));
    EXPECT_NE(bytes_of(first.out), bytes_of(m_folder / "d.csv"));
}

// Goal: without faults every row is right. Method: check each promise of the contract by hand.
TEST_F(Population, RowsWithoutFaultsAreRight) {
    Options run = options("clean", 3);
    run.faults = Faults::kNone;
    ASSERT_TRUE(generate(run));
    const CsvTable rows = table(run.out);
    ASSERT_EQ(rows.size(), kRows);
    EXPECT_EQ(table(run.truth).size(), 0U);
    const auto places = Places::open(run.wards, std::nullopt);
    ASSERT_TRUE(places.has_value());
    std::set<std::string> ids;
    std::map<std::string, std::string> ward_of_household;
    std::size_t without_phone = 0;
    bool ascending = true;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& r = rows.record(i);
        const std::string citizen = cell(r, Column::kCitizenId);
        const std::string birth = cell(r, Column::kBirthDate);
        ASSERT_TRUE(is_id(citizen)) << citizen;
        ascending = ascending && (ids.empty() || *ids.rbegin() < citizen);
        EXPECT_TRUE(ids.insert(citizen).second) << citizen << " twice";
        const bool female = cell(r, Column::kSex) == "female";
        const int year = std::stoi(birth.substr(0, 4));
        EXPECT_EQ(citizen[3] - '0', (year < 2000 ? 0 : 2) + (female ? 1 : 0));
        EXPECT_EQ(citizen.substr(4, 2), birth.substr(2, 2));
        EXPECT_TRUE(female || cell(r, Column::kSex) == "male");
        EXPECT_GE(birth, "1925-01-01");
        EXPECT_LE(birth, "2026-06-30");
        EXPECT_LT(birth, cell(r, Column::kRegisteredAt).substr(0, 10));
        EXPECT_FALSE(cell(r, Column::kFullName).empty());
        EXPECT_TRUE(places->has_ward(cell(r, Column::kWardCode)));
        const std::string number = cell(r, Column::kPhone);
        without_phone += number.empty() ? 1 : 0;
        EXPECT_TRUE(number.empty() || is_phone(number)) << number;
        const std::string household = cell(r, Column::kHouseholdId);
        const std::string home = cell(r, Column::kWardCode) + cell(r, Column::kAddress);
        EXPECT_EQ(ward_of_household.try_emplace(household, home).first->second, home);
    }
    EXPECT_FALSE(ascending);
    EXPECT_NEAR(static_cast<double>(without_phone) / kRows, 0.35, 0.06);
    EXPECT_NEAR(static_cast<double>(rows.size()) / static_cast<double>(ward_of_household.size()),
                3.4, 0.3);
}

// Goal: the truth file is the truth. Method: with and without faults, the people are the same, so
// each planted cell can be found again and no other cell differs.
TEST_F(Population, TruthMatchesTheFile) {
    const Options run = options("faulty", 3);
    const auto summary = generate(run);
    ASSERT_TRUE(summary.has_value());
    const CsvTable rows = table(run.out);
    ASSERT_EQ(rows.size(), kRows);
    const auto truth = truth_of(table(run.truth));
    EXPECT_EQ(summary->faults, planned_counts(kRows));
    EXPECT_EQ(truth.size(), kRows / 100);

    Options clean_run = options("clean", 3);
    clean_run.faults = Faults::kNone;
    ASSERT_TRUE(generate(clean_run));
    const CsvTable clean = table(clean_run.out);
    std::map<std::string, std::uint64_t> counts;
    std::size_t at = 0;  // in the clean file; copies have no counterpart there
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto found = truth.find(i + 1);
        if (found == truth.end()) {
            ASSERT_EQ(rows.record(i), clean.record(at++)) << "row " << i + 1;
            continue;
        }
        const Truth& fault = found->second;
        ++counts[fault.kind];
        const std::size_t column = *rows.column(fault.column);
        EXPECT_EQ(rows.record(i)[column], fault.planted);
        EXPECT_NE(fault.original, fault.planted);
        if (fault.kind == "duplicate") {
            const std::size_t source = std::stoull(fault.original.substr(4)) - 1;
            ASSERT_LT(source, i);
            EXPECT_FALSE(truth.contains(source + 1)) << "the source is faulty";
            EXPECT_EQ(rows.record(i), rows.record(source));
            continue;
        }
        auto repaired = rows.record(i);
        repaired[column] = fault.original;
        auto expected = clean.record(at++);
        if (fault.kind == "missing_tones") expected[column] = repaired[column];
        EXPECT_EQ(repaired, expected) << "row " << i + 1;
    }
    for (const FaultShare& share : kFaultShares) {
        EXPECT_EQ(counts[std::string(share.name)], kRows * share.per_million / 1'000'000)
            << share.name;
    }
}

// Goal: each kind of fault breaks what its name says. Method: look at every planted value.
TEST_F(Population, FaultsAreFaults) {
    const Options run = options("faulty", 5);
    ASSERT_TRUE(generate(run));
    const CsvTable rows = table(run.out);
    const auto places = Places::open(run.wards, std::nullopt);
    std::multiset<std::string> ids;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ids.insert(cell(rows.record(i), Column::kCitizenId));
    }
    for (const auto& [number, fault] : truth_of(table(run.truth))) {
        EXPECT_EQ(rows.record(number - 1)[*rows.column(fault.column)], fault.planted);
        if (fault.kind == "duplicate") {
            EXPECT_GE(ids.count(fault.planted), 2U);
        }
        if (fault.kind == "wrong_code") {
            EXPECT_FALSE(places->has_ward(fault.planted));
        }
        if (fault.kind == "missing_name") {
            EXPECT_EQ(fault.planted, "");
        }
        if (fault.kind == "bad_sex") {
            EXPECT_TRUE(fault.planted != "male" && fault.planted != "female");
        }
        if (fault.kind == "future_birth") {
            EXPECT_GE(fault.planted, "2027-01-01");
        }
        if (fault.kind == "malformed_id") {
            EXPECT_FALSE(is_id(fault.planted));
        }
        if (fault.kind == "id_mismatch") {
            EXPECT_TRUE(is_id(fault.planted));
            EXPECT_NE(fault.planted.substr(3, 3), fault.original.substr(3, 3));
            EXPECT_EQ(ids.count(fault.planted), 1U);
            EXPECT_EQ(ids.count(fault.original), 0U);
        }
        if (fault.kind == "missing_tones") {
            EXPECT_TRUE(is_ascii(fault.planted)) << fault.planted;
            EXPECT_EQ(fault.planted, strip_tones(fault.original));
        }
        if (fault.kind == "impossible_date") {
            const std::chrono::year_month_day date{
                std::chrono::year{std::stoi(fault.planted.substr(0, 4))},
                std::chrono::month{static_cast<unsigned>(std::stoi(fault.planted.substr(5, 2)))},
                std::chrono::day{static_cast<unsigned>(std::stoi(fault.planted.substr(8, 2)))}};
            EXPECT_FALSE(date.ok()) << fault.planted;
            EXPECT_EQ(fault.planted.substr(0, 4), fault.original.substr(0, 4));
        }
    }
}

// Goal: a second file changes what its summary says. Method: apply it to the right rows by hand.
TEST_F(Population, CorrectionsChangeWhatTheyDeclare) {
    const Options run = options("a", 11);
    const auto summary = generate(run);
    ASSERT_TRUE(summary.has_value() && summary->corrections.has_value());
    const auto truth = truth_of(table(run.truth));
    const auto planted = truth_of(table(*run.corrections_truth));
    const CsvTable rows = table(run.out);
    const CsvTable second = table(*run.corrections);
    std::map<std::string, std::vector<std::string>> people;  // as the register has accepted them
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto fault = truth.find(i + 1);
        if (fault != truth.end() && fault->second.kind != "missing_tones") continue;
        people[cell(rows.record(i), Column::kCitizenId)] = rows.record(i);
    }
    const auto before = people;
    std::uint64_t inserted = 0, updated = 0, unchanged = 0;
    std::set<std::string> keys;
    for (std::size_t i = 0; i < second.size(); ++i) {
        const auto& r = second.record(i);
        EXPECT_TRUE(keys.insert(cell(r, Column::kCitizenId)).second);
        const auto found = before.find(cell(r, Column::kCitizenId));
        if (planted.contains(i + 1)) {
            EXPECT_NE(found, before.end());
        } else if (found == before.end()) {
            ++inserted;
        } else {
            ++(found->second == r ? unchanged : updated);
        }
    }
    const CorrectionCounts& made = *summary->corrections;
    EXPECT_EQ(second.size(), kRows / 100);
    EXPECT_EQ(made.rows, second.size());
    EXPECT_EQ(planted.size(), 5U);
    EXPECT_EQ(made.faulty, planted.size());
    EXPECT_EQ(updated, made.moved + made.renamed + made.toned);
    EXPECT_EQ(inserted, made.newborn + made.repaired);
    EXPECT_EQ(unchanged, made.identical);
}

TEST_F(Population, WardsThatAreNotThereAreNotFound) {
    Options run = options("a", 1);
    run.wards = m_folder / "nowhere.csv";
    const auto summary = generate(run);
    ASSERT_FALSE(summary.has_value());
    EXPECT_EQ(summary.error().exit_code, 3);
    run.wards = m_folder / "former_province.csv";
    EXPECT_EQ(generate(run).error().exit_code, 2);
}

}  // namespace
}  // namespace nguon::population
