#include "quality/freshness.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "quality/score.h"

namespace nguon::quality {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr Micros kMinute = 60 * kSecond;
constexpr Micros kHour = 60 * kMinute;
constexpr Micros kDay = 24 * kHour;

struct Unit {
    Micros length;
    std::string_view vi, one, many;
};
constexpr std::array<Unit, 4> kUnits{{{kDay, "ngày", "day", "days"},
                                      {kHour, "giờ", "hour", "hours"},
                                      {kMinute, "phút", "minute", "minutes"},
                                      {kSecond, "giây", "second", "seconds"}}};

struct Word {
    std::string_view word;
    Micros length;
};
constexpr std::array<Word, 26> kWords{
    {{"s", kSecond},        {"sec", kSecond},    {"second", kSecond}, {"seconds", kSecond},
     {"m", kMinute},        {"min", kMinute},    {"minute", kMinute}, {"minutes", kMinute},
     {"h", kHour},          {"hr", kHour},       {"hour", kHour},     {"hours", kHour},
     {"d", kDay},           {"day", kDay},       {"days", kDay},      {"w", 7 * kDay},
     {"week", 7 * kDay},    {"weeks", 7 * kDay}, {"mo", 31 * kDay},   {"month", 31 * kDay},
     {"months", 31 * kDay}, {"y", 366 * kDay},   {"yr", 366 * kDay},  {"year", 366 * kDay},
     {"years", 366 * kDay}, {"yrs", 366 * kDay}}};

}  // namespace

std::vector<Kept> judge(const Promises& promises, const Arrivals& arrivals, Micros now) {
    std::vector<Kept> kept;
    if (now < promises.from || (promises.until && now >= *promises.until)) return kept;
    for (const Promise& promise : promises.all) {
        Kept one;
        one.promise = &promise;
        one.since = arrivals.last_batch != 0 ? arrivals.last_batch : promises.from;
        if (!promise.column.empty() && arrivals.newest != nullptr) {
            const auto newest = arrivals.newest->find(promise.column);
            if (newest != arrivals.newest->end()) one.since = newest->second;
        }
        const Micros age = std::max<Micros>(0, now - one.since);
        one.overdue = std::max<Micros>(0, age - promise.allowed);
        one.score = freshness_score(promise.allowed, age);
        kept.push_back(one);
    }
    return kept;
}

double freshness_score(Micros allowed, Micros age) {
    if (age <= allowed) return 100;
    return cut_score(100.0 * static_cast<double>(allowed) / static_cast<double>(age), true);
}

std::optional<double> freshness(const std::vector<Kept>& kept) {
    std::optional<double> least;
    for (const Kept& one : kept)
        least = std::min(least.value_or(100), one.score);
    return least;
}

Text duration_text(Micros duration) {
    const Unit* unit = &kUnits.back();
    for (const Unit& one : kUnits) {
        // A promise of one day is a day and not 24 hours.
        if (duration < 2 * one.length && duration != one.length) continue;
        unit = &one;
        break;
    }
    const std::int64_t count = duration / unit->length;
    return {fmt::format("{} {}", with_separators(count, Language::kVietnamese), unit->vi),
            fmt::format("{} {}", with_separators(count, Language::kEnglish),
                        count == 1 ? unit->one : unit->many)};
}

std::optional<Micros> duration_of(double count, std::string_view unit) {
    if (!(count > 0)) return std::nullopt;
    const std::string word = to_lower_ascii(trim(unit));
    Micros length = 0;
    for (const Word& known : kWords) {
        if (known.word == word) length = known.length;
    }
    if (trim(unit) == "M") length = 31 * kDay;
    if (word.empty()) length = kDay;
    const double micros = count * static_cast<double>(length);
    if (length == 0 || micros >= static_cast<double>(std::numeric_limits<Micros>::max() / 4)) {
        return std::nullopt;
    }
    return std::max<Micros>(1, static_cast<Micros>(micros));
}

}  // namespace nguon::quality
