#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "quality/batch_profile.h"

namespace nguon::quality {
namespace {

BatchProfile batch(std::int64_t rows, std::int64_t nulls = 0, std::vector<std::int64_t> bins = {}) {
    BatchProfile profile;
    profile.rows = rows;
    ColumnShape shape;
    shape.nulls = nulls;
    shape.bins = std::move(bins);
    for (std::size_t i = 1; i < shape.bins.size(); ++i)
        shape.edges.push_back(static_cast<double>(i) * 10);
    profile.columns["amount"] = std::move(shape);
    return profile;
}

std::vector<std::string> found(const BatchProfile& now, const std::vector<BatchProfile>& before) {
    std::vector<std::string> rules;
    for (const Anomaly& anomaly : compare(now, before)) {
        if (anomaly.result.failed > 0) rules.push_back(anomaly.result.rule);
    }
    return rules;
}

// A batch of `rows` values of a normal distribution in ten bins, `empty` of them missing.
BatchProfile random_batch(std::mt19937_64& random, double mean_rows, double spread, double mean,
                          double empty) {
    std::normal_distribution<double> rows(mean_rows, spread), values(mean, 1);
    std::uniform_real_distribution<double> dice(0, 1);
    const auto count = static_cast<std::int64_t>(std::max(60.0, rows(random)));
    std::vector<std::int64_t> bins(10, 0);
    std::int64_t nulls = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        if (dice(random) < empty) {
            ++nulls;
            continue;
        }
        const double bin = std::floor((values(random) + 2.5) * 2);
        ++bins[static_cast<std::size_t>(std::clamp(bin, 0.0, 9.0))];
    }
    return batch(count, nulls, bins);
}

using Rules = std::vector<std::string>;

// Goal: what is planted is seen, with what is usual and what is there in words. Method: a past of
// six batches; then fewer rows, emptier, and moved.
TEST(Anomaly, PlantedOnesAreSeen) {
    std::vector<BatchProfile> before;
    for (const std::int64_t rows : {1000, 980, 1010, 1020, 990, 1005}) {
        before.push_back(
            batch(rows, rows / 50, {rows / 10, rows / 5, rows / 5, rows / 5, rows / 4}));
    }
    EXPECT_EQ(found(batch(1000, 20, {100, 200, 200, 200, 250}), before), Rules{});
    const BatchProfile few = batch(120, 2, {12, 24, 24, 24, 30});
    EXPECT_EQ(found(few, before), Rules{"anomaly:row_count"});
    const Anomaly anomaly = compare(few, before).at(0);
    EXPECT_EQ(anomaly.result.description.en,
              "Usually 980 to 1,020 rows; this file has 120 (taken as usual: 752 to 1,253)");
    EXPECT_EQ(anomaly.result.description.vi,
              "Thường có từ 980 đến 1.020 dòng; tệp này có 120 (mức chấp nhận: từ 752 đến 1.253)");
    EXPECT_EQ(anomaly.seen, 120);
    EXPECT_EQ(to_json(anomaly).at("bound").at("low").as_double(), anomaly.low);
    EXPECT_EQ(found(batch(1000, 400, {63, 126, 126, 126, 159}), before),
              Rules{"anomaly:null_share:amount"});
    EXPECT_EQ(found(batch(1000, 20, {600, 100, 100, 100, 80}), before),
              Rules{"anomaly:distribution:amount"});
}

// Goal: too short a past says nothing; a past with other bins neither.
TEST(Anomaly, NothingIsSaidWithoutAPast) {
    const std::vector<BatchProfile> four(4, batch(1000));
    EXPECT_TRUE(compare(batch(1), four).empty());
    std::vector<BatchProfile> others(6, batch(1000, 0, {500, 500}));
    for (BatchProfile& one : others)
        one.columns["amount"].edges = {99};
    EXPECT_EQ(found(batch(1000, 0, {1000, 0}), others), Rules{});
    EXPECT_TRUE(compare(batch(0), std::vector<BatchProfile>(6, batch(0))).at(0).result.failed == 0);
}

// Goal: noise stays silent: at most 1 of 100 batches has any finding, whatever the size and spread.
// Method: 1,000 batches each of three made-up offices, compared with the twenty before them.
TEST(Anomaly, NoiseIsSilent) {
    struct Office {
        double rows, spread, empty;
    };
    for (const Office& office :
         {Office{300, 17, 0.05}, Office{300, 60, 0.2}, Office{1500, 150, 0}}) {
        std::mt19937_64 random(42);
        std::vector<BatchProfile> before;  // newest first
        int alarms = 0, compared = 0;
        for (int i = 0; i < 1000; ++i) {
            BatchProfile now = random_batch(random, office.rows, office.spread, 0, office.empty);
            if (before.size() >= kFewestBefore) {
                ++compared;
                alarms += found(now, before).empty() ? 0 : 1;
            }
            before.insert(before.begin(), std::move(now));
            if (before.size() > kMostBefore) before.pop_back();
        }
        RecordProperty(fmt::format("alarms_{}_{}", office.rows, office.spread), alarms);
        EXPECT_LE(alarms, compared / 100) << office.rows << " rows, " << alarms << " alarms";
    }
}

// Goal: a real shift of the same offices is seen nearly always. Method: 200 batches whose mean
// moved by one deviation.
TEST(Anomaly, AShiftOfOneDeviationIsSeen) {
    std::mt19937_64 random(7);
    std::vector<BatchProfile> before;
    for (std::size_t i = 0; i < kMostBefore; ++i)
        before.push_back(random_batch(random, 300, 17, 0, 0.05));
    int seen = 0;
    for (int i = 0; i < 200; ++i) {
        const BatchProfile moved = random_batch(random, 300, 17, 1, 0.05);
        seen += found(moved, before) == Rules{"anomaly:distribution:amount"} ? 1 : 0;
    }
    EXPECT_GE(seen, 198);
}

TEST(Anomaly, DivergenceIsOfDistributions) {
    EXPECT_EQ(divergence({1, 2, 3}, {10, 20, 30}), 0);
    EXPECT_DOUBLE_EQ(divergence({5, 0}, {0, 7}), 1);
    EXPECT_EQ(divergence({0, 0}, {1, 1}), 0);
    EXPECT_NEAR(divergence({1, 1}, {1, 0}), 0.3113, 1e-4);
    EXPECT_TRUE(is_spent(batch(10, 0, {0, 100}).columns.at("amount")));
    EXPECT_FALSE(is_spent(batch(10, 0, {20, 80}).columns.at("amount")));
}

// Goal: a profile comes back from a receipt as it went in.
TEST(Anomaly, ProfilesAreReadBack) {
    const BatchProfile profile = batch(10, 3, {1, 6});
    const BatchProfile back = *profile_from_json(to_text(to_json(profile)));
    EXPECT_EQ(back.rows, 10);
    EXPECT_EQ(back.columns.at("amount").nulls, 3);
    EXPECT_EQ(back.columns.at("amount").edges, std::vector<double>{10});
    EXPECT_EQ(back.columns.at("amount").bins, (std::vector<std::int64_t>{1, 6}));
    EXPECT_FALSE(profile_from_json("[]"));
    EXPECT_FALSE(profile_from_json("{"));
}

}  // namespace
}  // namespace nguon::quality
