// How numbers or days are spread, in one pass and bounded memory: every value is counted in a bin
// whose width is a power of ten, widened as values come, so that edges are round and counts exact.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace nguon::intake {

inline constexpr std::size_t kMostBins = 10;

struct Bin {
    double from = 0, to = 0;  // [from, to)
    std::int64_t count = 0;
};

class Histogram {
public:
    void add(double value);
    std::int64_t count() const { return m_count; }
    double low() const { return m_low; }
    double high() const { return m_high; }
    double mean() const { return m_count == 0 ? 0 : m_mean; }
    // At most kMostBins bins beside each other from the lowest value to the highest, none narrower
    // than `least`, a power of ten: 1 for whole numbers.
    std::vector<Bin> bins(double least) const;

private:
    static constexpr std::int64_t kFine = 100;  // bins kept while counting
    void widen();

    int m_power = -6;  // bins are 10^m_power wide
    double m_width = 1e-6;
    std::int64_t m_first = 0;  // of the bins: m_first * m_width
    std::vector<std::int64_t> m_bins;
    std::int64_t m_count = 0;
    double m_low = 0, m_high = 0, m_mean = 0;
};

// Days since 1970 by month, year or decade, as many as there are at most.
class DayHistogram {
public:
    void add(std::int32_t day);
    struct Span {
        std::int32_t from = 0, to = 0;  // days, [from, to)
        std::int64_t count = 0;
    };
    std::vector<Span> bins() const;
    std::int64_t count() const { return m_count; }
    std::int32_t low() const { return m_low; }
    std::int32_t high() const { return m_high; }
    std::int32_t mean() const;

private:
    std::vector<std::pair<std::int32_t, std::int64_t>> m_months;  // month from year 0, by month
    std::int32_t m_step = 1;                                      // months in one
    std::int64_t m_count = 0;
    std::int32_t m_low = 0, m_high = 0;
    double m_mean = 0;
};

}  // namespace nguon::intake
