// A batch against the dataset's own past: docs/concepts/quality.md gives the bounds.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/time.h"
#include "quality/batch_profile.h"

namespace nguon::quality {
namespace {

using contract::Dimension;

// In deviations: noise of 20% was found unusual in less than 1 of 100 batches (anomaly_test.cc).
constexpr double kDeviations = 5;
constexpr double kFewBatches = 5;
constexpr double kMadToDeviation = 1.4826;  // of a normal distribution
// What an office never calls unusual: 5% of its rows, 2 of 100 values missing.
constexpr double kLeastRowsShare = 0.05;
constexpr double kLeastNullShare = 0.02;
// Divergence below this is seen by no eye: about a tenth of the values moved to another bin.
constexpr double kLeastDivergence = 0.05;
constexpr double kLeastSpread = 0.01;  // of the divergences among the batches before
constexpr std::int64_t kFewestValues = 50;

double median(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::int64_t sum(const std::vector<std::int64_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

void add(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& counts) {
    to.resize(std::max(to.size(), counts.size()), 0);
    for (std::size_t i = 0; i < counts.size(); ++i)
        to[i] += counts[i];
}

// What divergence two samples of one distribution reach once in some thousand times: 2 ln 2 × n ×
// JS is about half a chi-square of bins - 1 degrees.
double noise(std::size_t bins, std::int64_t a, std::int64_t b) {
    const double freedom = static_cast<double>(bins) - 1;
    const double far = freedom + 4 * std::sqrt(2 * freedom) + 6;
    return far / (8 * std::log(2.0)) * (1 / static_cast<double>(a) + 1 / static_cast<double>(b));
}

std::string number(double value, Language language) {
    return with_separators(std::llround(value), language);
}

std::string percent(double share, Language language) {
    std::string text = fmt::format("{:.1f}", share * 100);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    if (language == Language::kVietnamese) std::ranges::replace(text, '.', ',');
    return text + "%";
}

std::string divergence_text(double value, Language language) {
    std::string text = fmt::format("{:.2f}", value);
    if (language == Language::kVietnamese) std::ranges::replace(text, '.', ',');
    return text;
}

Anomaly result_of(std::string rule, std::string column, Dimension dimension) {
    Anomaly anomaly;
    anomaly.result.rule = std::move(rule);
    anomaly.result.column = std::move(column);
    anomaly.result.dimension = dimension;
    anomaly.result.severity = contract::Severity::kWarning;
    anomaly.result.checked = 1;
    return anomaly;
}

void hold_against(Anomaly& anomaly, double seen, double low, double high) {
    anomaly.seen = seen;
    anomaly.low = low;
    anomaly.high = high;
    anomaly.result.failed = seen < low || seen > high ? 1 : 0;
}

// "từ 980 đến 1.020", or one number where the past knows no other.
std::string range_text(const std::string& low, const std::string& high, Language language) {
    if (low == high) return low;
    return language == Language::kVietnamese ? fmt::format("từ {} đến {}", low, high)
                                             : fmt::format("{} to {}", low, high);
}

Anomaly row_count(const BatchProfile& batch, const std::vector<BatchProfile>& before) {
    std::vector<double> past;
    for (const BatchProfile& one : before)
        past.push_back(static_cast<double>(one.rows));
    std::vector<double> sorted = past;
    const double middle = median(sorted);
    const Usual range =
        usual(std::move(past), std::max({kLeastRowsShare * middle, std::sqrt(middle), 1.0}));
    Anomaly anomaly = result_of("anomaly:row_count", "", Dimension::kComplete);
    hold_against(anomaly, static_cast<double>(batch.rows), std::max(0.0, range.low), range.high);
    const auto said = [&](Language language) {
        return range_text(number(range.smallest, language), number(range.largest, language),
                          language);
    };
    const auto bound = [&](Language language) {
        return range_text(number(std::ceil(anomaly.low), language),
                          number(std::floor(anomaly.high), language), language);
    };
    anomaly.result.description = {
        fmt::format("Thường có {} dòng; tệp này có {} (mức chấp nhận: {})",
                    said(Language::kVietnamese), number(anomaly.seen, Language::kVietnamese),
                    bound(Language::kVietnamese)),
        fmt::format("Usually {} rows; this file has {} (taken as usual: {})",
                    said(Language::kEnglish), number(anomaly.seen, Language::kEnglish),
                    bound(Language::kEnglish))};
    return anomaly;
}

double null_share_of(const BatchProfile& batch, const ColumnShape& shape) {
    return static_cast<double>(shape.nulls) / static_cast<double>(batch.rows);
}

std::vector<double> null_shares(const std::vector<BatchProfile>& before, std::string_view name) {
    std::vector<double> past;
    for (const BatchProfile& one : before) {
        const auto found = one.columns.find(name);
        if (found != one.columns.end() && one.rows > 0)
            past.push_back(null_share_of(one, found->second));
    }
    return past;
}

void compare_nulls(const BatchProfile& batch, const std::string& name, const ColumnShape& shape,
                   const std::vector<BatchProfile>& before, std::vector<Anomaly>& anomalies) {
    std::vector<double> past = null_shares(before, name);
    if (batch.rows == 0 || past.size() < kFewestBefore) return;
    std::vector<double> sorted = past;
    const double middle = median(sorted);
    // Of few rows one more or less empty is much of the share.
    const auto rows = static_cast<double>(batch.rows);
    const double sampling = std::sqrt(std::max(middle * (1 - middle), 1 / rows) / rows);
    const Usual range = usual(std::move(past), std::max(kLeastNullShare, sampling));
    Anomaly anomaly = result_of("anomaly:null_share:" + name, name, Dimension::kComplete);
    hold_against(anomaly, null_share_of(batch, shape), std::max(0.0, range.low),
                 std::min(1.0, range.high));
    const auto said = [&](Language language) {
        return range_text(percent(range.smallest, language), percent(range.largest, language),
                          language);
    };
    const auto bound = [&](Language language) {
        return range_text(percent(anomaly.low, language), percent(anomaly.high, language),
                          language);
    };
    anomaly.result.description = {
        fmt::format("Thường để trống {}; tệp này {} (mức chấp nhận: {})",
                    said(Language::kVietnamese), percent(anomaly.seen, Language::kVietnamese),
                    bound(Language::kVietnamese)),
        fmt::format("Usually {} empty; this file {} (taken as usual: {})", said(Language::kEnglish),
                    percent(anomaly.seen, Language::kEnglish), bound(Language::kEnglish))};
    anomalies.push_back(std::move(anomaly));
}

// The histograms of the past that have the same bins, newest first.
std::vector<std::vector<std::int64_t>> histograms(const std::vector<BatchProfile>& before,
                                                  std::string_view name, const ColumnShape& shape) {
    std::vector<std::vector<std::int64_t>> past;
    for (const BatchProfile& one : before) {
        const auto found = one.columns.find(name);
        if (found == one.columns.end()) continue;
        const ColumnShape& other = found->second;
        if (other.edges != shape.edges || other.categories != shape.categories ||
            other.bins.size() != shape.bins.size() || sum(other.bins) < kFewestValues) {
            continue;
        }
        past.push_back(other.bins);
    }
    return past;
}

// How far each of them lies from the others together.
std::vector<double> divergences(const std::vector<std::vector<std::int64_t>>& past) {
    std::vector<double> all;
    for (std::size_t i = 0; i < past.size(); ++i) {
        std::vector<std::int64_t> others;
        for (std::size_t j = 0; j < past.size(); ++j) {
            if (j != i) add(others, past[j]);
        }
        all.push_back(divergence(past[i], others));
    }
    return all;
}

std::string edge_text(const ColumnShape& shape, double edge) {
    if (!shape.is_time) return fmt::format("{}", edge);
    return format_time(static_cast<Micros>(edge * 1e6)).substr(0, 10);
}

std::string bin_text(const ColumnShape& shape, std::size_t bin, Language language) {
    const bool vietnamese = language == Language::kVietnamese;
    if (!shape.categories.empty()) return fmt::format("«{}»", shape.categories[bin]);
    if (shape.edges.empty()) return {};
    if (bin == 0) {
        return fmt::format(fmt::runtime(vietnamese ? "dưới {}" : "under {}"),
                           edge_text(shape, shape.edges.front()));
    }
    if (bin >= shape.edges.size()) {
        return fmt::format(fmt::runtime(vietnamese ? "từ {} trở lên" : "{} and above"),
                           edge_text(shape, shape.edges.back()));
    }
    return fmt::format(fmt::runtime(vietnamese ? "từ {} đến dưới {}" : "{} to under {}"),
                       edge_text(shape, shape.edges[bin - 1]), edge_text(shape, shape.edges[bin]));
}

void compare_distribution(const std::string& name, const ColumnShape& shape,
                          const std::vector<BatchProfile>& before,
                          std::vector<Anomaly>& anomalies) {
    const std::int64_t values = sum(shape.bins);
    if (shape.bins.size() < 2 || values < kFewestValues) return;
    const auto past = histograms(before, name, shape);
    if (past.size() < kFewestBefore) return;
    std::vector<std::int64_t> pooled;
    for (const auto& counts : past)
        add(pooled, counts);
    // One odd batch in the past does not blind the next ones: medians, as for the row count.
    const double high = std::max({kLeastDivergence, usual(divergences(past), kLeastSpread).high,
                                  noise(shape.bins.size(), values, sum(pooled))});
    Anomaly anomaly = result_of("anomaly:distribution:" + name, name, Dimension::kAccurate);
    hold_against(anomaly, divergence(shape.bins, pooled), 0, std::min(1.0, high));
    std::size_t most = 0;
    double moved = -1, here = 0, there = 0;
    for (std::size_t i = 0; i < shape.bins.size(); ++i) {
        const double now = static_cast<double>(shape.bins[i]) / static_cast<double>(values);
        const double then = static_cast<double>(pooled[i]) / static_cast<double>(sum(pooled));
        if (std::abs(now - then) <= moved) continue;
        moved = std::abs(now - then);
        most = i;
        here = now;
        there = then;
    }
    const auto said = [&](Language language, std::string_view words) {
        return fmt::format(fmt::runtime(words), bin_text(shape, most, language),
                           percent(here, language), percent(there, language),
                           divergence_text(anomaly.seen, language),
                           divergence_text(anomaly.high, language));
    };
    anomaly.result.description = {
        said(Language::kVietnamese,
             "Phân bố khác trước: {} chiếm {}, thường {} (độ lệch {}, chấp nhận đến {})"),
        said(Language::kEnglish,
             "Distributed unlike before: {} is {} of the values, usually {} (divergence {}, up to "
             "{} is taken as usual)")};
    anomalies.push_back(std::move(anomaly));
}

}  // namespace

json::object to_json(const Anomaly& anomaly) {
    json::object result = to_json(anomaly.result);
    result["seen"] = anomaly.seen;
    result["bound"] = json::object{{"low", anomaly.low}, {"high", anomaly.high}};
    return result;
}

Usual usual(std::vector<double> past, double least) {
    Usual range;
    const auto [smallest, largest] = std::ranges::minmax_element(past);
    range.smallest = *smallest;
    range.largest = *largest;
    const auto count = static_cast<double>(past.size());
    const double middle = median(past);
    for (double& value : past)
        value = std::abs(value - middle);
    const double deviation =
        std::max(kMadToDeviation * median(past) * (1 + kFewBatches / count), least);
    range.low = middle - kDeviations * deviation;
    range.high = middle + kDeviations * deviation;
    return range;
}

double divergence(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
    const auto all_a = static_cast<double>(sum(a)), all_b = static_cast<double>(sum(b));
    if (all_a <= 0 || all_b <= 0 || a.size() != b.size()) return 0;
    double bits = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double p = static_cast<double>(a[i]) / all_a, q = static_cast<double>(b[i]) / all_b;
        const double m = (p + q) / 2;
        if (p > 0) bits += p / 2 * std::log2(p / m);
        if (q > 0) bits += q / 2 * std::log2(q / m);
    }
    return std::clamp(bits, 0.0, 1.0);
}

bool is_spent(const ColumnShape& shape) {
    const std::int64_t values = sum(shape.bins);
    return values > 0 && *std::ranges::max_element(shape.bins) * 10 >= values * 9;
}

std::vector<Anomaly> compare(const BatchProfile& batch, const std::vector<BatchProfile>& before) {
    std::vector<Anomaly> anomalies;
    if (before.size() < kFewestBefore) return anomalies;
    anomalies.push_back(row_count(batch, before));
    for (const auto& [name, shape] : batch.columns) {
        compare_nulls(batch, name, shape, before, anomalies);
        compare_distribution(name, shape, before, anomalies);
    }
    return anomalies;
}

}  // namespace nguon::quality
