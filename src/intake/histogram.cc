#include "intake/histogram.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace nguon::intake {
namespace {

// Past this a double no longer tells its neighbours apart: the index of a bin would not fit.
constexpr double kFarthest = 1e15;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

std::int32_t month_of(std::int32_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    return static_cast<int>(date.year()) * 12 +
           static_cast<std::int32_t>(static_cast<unsigned>(date.month())) - 1;
}

std::int32_t day_of(std::int32_t month) {
    const std::chrono::year_month_day date{
        std::chrono::year{month / 12}, std::chrono::month{static_cast<unsigned>(month % 12) + 1},
        std::chrono::day{1}};
    return static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
}

}  // namespace

void Histogram::widen() {
    m_width = std::pow(10.0, ++m_power);
    const std::int64_t first = floor_div(m_first, 10);
    std::vector<std::int64_t> wider;
    for (std::size_t i = 0; i < m_bins.size(); ++i) {
        const auto at =
            static_cast<std::size_t>(floor_div(m_first + static_cast<std::int64_t>(i), 10) - first);
        if (at >= wider.size()) wider.resize(at + 1, 0);
        wider[at] += m_bins[i];
    }
    m_first = first;
    m_bins = std::move(wider);
}

void Histogram::add(double value) {
    if (!std::isfinite(value)) return;
    m_low = m_count == 0 ? value : std::min(m_low, value);
    m_high = m_count == 0 ? value : std::max(m_high, value);
    ++m_count;
    m_mean += (value - m_mean) / static_cast<double>(m_count);
    while (std::abs(value) / m_width >= kFarthest)
        widen();
    for (;;) {
        const auto at = static_cast<std::int64_t>(std::floor(value / m_width));
        if (m_bins.empty()) m_first = at;
        const std::int64_t first = std::min(m_first, at);
        const std::int64_t last =
            std::max(m_first + static_cast<std::int64_t>(m_bins.size()) - 1, at);
        if (last - first + 1 > kFine) {
            widen();
            continue;
        }
        if (first < m_first) {
            m_bins.insert(m_bins.begin(), static_cast<std::size_t>(m_first - first), 0);
            m_first = first;
        }
        if (static_cast<std::size_t>(last - first) >= m_bins.size())
            m_bins.resize(static_cast<std::size_t>(last - first) + 1, 0);
        ++m_bins[static_cast<std::size_t>(at - first)];
        return;
    }
}

std::vector<Bin> Histogram::bins(double least) const {
    std::vector<Bin> bins;
    if (m_bins.empty()) return bins;
    if (m_width < least) {
        Histogram wider = *this;
        while (wider.m_width < least)
            wider.widen();
        return wider.bins(least);
    }
    for (const std::int64_t step : {1, 2, 5, 10, 20}) {
        const std::int64_t first = floor_div(m_first, step);
        const std::int64_t last =
            floor_div(m_first + static_cast<std::int64_t>(m_bins.size()) - 1, step);
        if (last - first + 1 > static_cast<std::int64_t>(kMostBins)) continue;
        const double width = m_width * static_cast<double>(step);
        for (std::int64_t i = first; i <= last; ++i)
            bins.push_back({static_cast<double>(i) * width, static_cast<double>(i + 1) * width, 0});
        for (std::size_t i = 0; i < m_bins.size(); ++i) {
            const std::int64_t at = floor_div(m_first + static_cast<std::int64_t>(i), step);
            bins[static_cast<std::size_t>(at - first)].count += m_bins[i];
        }
        return bins;
    }
    return bins;
}

void DayHistogram::add(std::int32_t day) {
    constexpr std::size_t kMost = 1'200;  // a century of months
    m_low = m_count == 0 ? day : std::min(m_low, day);
    m_high = m_count == 0 ? day : std::max(m_high, day);
    ++m_count;
    m_mean += (static_cast<double>(day) - m_mean) / static_cast<double>(m_count);
    std::int32_t month = month_of(day);
    month -= month % m_step;
    const auto at = std::ranges::lower_bound(m_months, month, {},
                                             &std::pair<std::int32_t, std::int64_t>::first);
    if (at != m_months.end() && at->first == month) {
        ++at->second;
        return;
    }
    m_months.insert(at, {month, 1});
    if (m_months.size() <= kMost) return;
    m_step = m_step == 1 ? 12 : 120;
    std::vector<std::pair<std::int32_t, std::int64_t>> wider;
    for (const auto& [from, count] : m_months) {
        const std::int32_t start = from - from % m_step;
        if (wider.empty() || wider.back().first != start) wider.emplace_back(start, 0);
        wider.back().second += count;
    }
    m_months = std::move(wider);
}

std::int32_t DayHistogram::mean() const {
    return static_cast<std::int32_t>(std::lround(m_mean));
}

std::vector<DayHistogram::Span> DayHistogram::bins() const {
    std::vector<Span> bins;
    if (m_months.empty()) return bins;
    for (const std::int32_t step : {1, 3, 12, 24, 60, 120, 240, 600, 1'200, 2'400, 12'000}) {
        if (step < m_step) continue;
        const std::int32_t first = m_months.front().first / step;
        const std::int32_t last = m_months.back().first / step;
        if (last - first + 1 > static_cast<std::int32_t>(kMostBins)) continue;
        for (std::int32_t i = first; i <= last; ++i)
            bins.push_back({day_of(i * step), day_of((i + 1) * step), 0});
        for (const auto& [month, count] : m_months)
            bins[static_cast<std::size_t>(month / step - first)].count += count;
        return bins;
    }
    return bins;
}

}  // namespace nguon::intake
