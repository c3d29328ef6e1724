#include "quality/freshness.h"

#include <gtest/gtest.h>

namespace nguon::quality {
namespace {

constexpr Micros kHour = Micros{3600} * 1'000'000;
constexpr Micros kDay = 24 * kHour;

Promises every(Micros allowed, std::string column = "") {
    Promises promises;
    promises.from = 1000 * kDay;
    promises.all.push_back({"frequency", std::move(column), allowed, duration_text(allowed)});
    return promises;
}

// Goal: 100 while the promise is kept, then allowed / age. Method: a promise of 30 days at moments
// after the last batch.
TEST(Freshness, FallsWithTheClockOnceOverdue) {
    const Promises promises = every(30 * kDay);
    const Arrivals arrivals{1100 * kDay, nullptr};
    const auto at = [&](Micros age) {
        return *freshness(judge(promises, arrivals, 1100 * kDay + age));
    };
    EXPECT_EQ(at(0), 100);
    EXPECT_EQ(at(30 * kDay), 100);
    EXPECT_EQ(at(30 * kDay + 1), 99.9);  // late is never 100
    EXPECT_EQ(at(40 * kDay), 75);
    EXPECT_EQ(at(60 * kDay), 50);
    EXPECT_EQ(at(120 * kDay), 25);
    EXPECT_EQ(judge(promises, arrivals, 1160 * kDay).at(0).overdue, 30 * kDay);
}

// Goal: nothing is promised before general availability and after the end of support; before the
// first batch the age counts from the start.
TEST(Freshness, APromiseHasItsTime) {
    Promises promises = every(10 * kDay);
    promises.until = 1100 * kDay;
    EXPECT_FALSE(freshness(judge(promises, {}, 999 * kDay)));
    EXPECT_EQ(freshness(judge(promises, {}, 1005 * kDay)), 100);
    EXPECT_EQ(freshness(judge(promises, {}, 1020 * kDay)), 50);
    EXPECT_FALSE(freshness(judge(promises, {}, 1100 * kDay)));
    EXPECT_FALSE(freshness(judge({}, {}, 1020 * kDay)));
}

// Goal: where a promise names a column its newest value counts, and the worst promise does.
TEST(Freshness, AColumnSaysHowOldTheDataIs) {
    Promises promises = every(10 * kDay, "day");
    promises.all.push_back(every(1 * kDay).all[0]);
    const std::map<std::string, Micros, std::less<>> newest{{"day", 1080 * kDay}};
    const std::vector<Kept> kept = judge(promises, {1100 * kDay, &newest}, 1100 * kDay);
    EXPECT_EQ(kept.at(0).score, 50);
    EXPECT_EQ(kept.at(1).score, 100);
    EXPECT_EQ(freshness(kept), 50);
    // A column that no batch told of: the batch does.
    EXPECT_EQ(judge(promises, {1100 * kDay, nullptr}, 1100 * kDay).at(0).score, 100);
}

TEST(Freshness, DurationsAsTheStandardWritesThem) {
    EXPECT_EQ(duration_of(4, "d"), 4 * kDay);
    EXPECT_EQ(duration_of(1, "days"), kDay);
    EXPECT_EQ(duration_of(0.5, "h"), kHour / 2);
    EXPECT_EQ(duration_of(90, "m"), kHour + kHour / 2);
    EXPECT_EQ(duration_of(1, "M"), 31 * kDay);
    EXPECT_EQ(duration_of(1, "y"), 366 * kDay);
    EXPECT_EQ(duration_of(2, ""), 2 * kDay);
    EXPECT_FALSE(duration_of(1, "fortnight"));
    EXPECT_FALSE(duration_of(0, "d"));
    EXPECT_FALSE(duration_of(1e300, "y"));
    EXPECT_EQ(duration_text(kDay).en, "1 day");
    EXPECT_EQ(duration_text(45 * kDay + kHour).vi, "45 ngày");
    EXPECT_EQ(duration_text(36 * kHour).en, "36 hours");
}

}  // namespace
}  // namespace nguon::quality
