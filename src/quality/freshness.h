// Liveness: whether a dataset is as fresh as its contract promises, at any moment. It falls with
// the clock alone, without a load.
// Source: Open Data Contract Standard, slaProperties: frequency, freshness, latency,
// generalAvailability, endOfSupport, endOfLife.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/time.h"

namespace nguon::quality {

// "Not older than `allowed`."
struct Promise {
    std::string property;  // "frequency", "freshness", "latency"
    // Its newest value says how old the data is; empty: the last accepted batch does.
    std::string column;
    Micros allowed = 0;
    Text allowed_text;    // "30 ngày" / "30 days"
    bool by_day = false;  // the column holds days: each counts from its end, in Viet Nam
};

// What a contract promises, and between which moments it does so.
struct Promises {
    std::vector<Promise> all;
    Micros from = 0;              // generalAvailability; else when the contract was applied
    std::optional<Micros> until;  // endOfSupport or endOfLife, the earlier
};

// What had come by the moment asked for.
struct Arrivals {
    Micros last_batch = 0;                                               // acceptance; 0: none yet
    const std::map<std::string, Micros, std::less<>>* newest = nullptr;  // values, by column
};

// One promise at one moment.
struct Kept {
    const Promise* promise = nullptr;
    Micros since = 0;    // the age counts from here
    Micros overdue = 0;  // 0: the promise is kept
    double score = 100;
};
// Nothing before `from` and after `until`. Before the first batch the age counts from `from`.
std::vector<Kept> judge(const Promises& promises, const Arrivals& arrivals, Micros now);

// 100 × allowed / age, at most 100: half when the data is twice as old as promised. Cut to one
// decimal.
double freshness_score(Micros allowed, Micros age);

// The least of them; nothing where nothing is promised.
std::optional<double> freshness(const std::vector<Kept>& kept);

// "45 ngày" / "45 days": the largest unit of which there are at least two, cut.
Text duration_text(Micros duration);

// Of a count and a unit as the standard has it: d, day, days; h, hour; m, min, minute (ISO 8601's
// M stands for a month); w, week; mo, month; y, yr, year. A month counts 31 days, a year 366: a
// promise kept by the calendar is kept here. Nothing for another word or a count that is not above
// 0.
std::optional<Micros> duration_of(double count, std::string_view unit);

}  // namespace nguon::quality
