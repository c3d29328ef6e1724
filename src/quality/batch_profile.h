// What a batch looked like, kept in its receipt, and how far the next one may lie from those
// before it. No value of a personal or classified column is in it: of those only counts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "quality/score.h"

namespace nguon::quality {

// Bounds of what a receipt may carry, whatever the contract's width: about 25 KB at most.
inline constexpr std::size_t kMostProfiled = 200;      // columns
inline constexpr std::size_t kMostDistributions = 40;  // of them with more than counts
inline constexpr std::size_t kMostCategories = 30;
inline constexpr std::size_t kBins = 10;

struct ColumnShape {
    std::int64_t nulls = 0;
    std::int64_t distinct = -1;  // about; -1: not counted
    // Of numbers and times: text as in rows; empty where the column may not show any.
    json::value min = nullptr, max = nullptr, mean = nullptr;
    // How many values lie below the first edge, between the first and the second, …: one more than
    // edges. Edges of dates and times are seconds since 1970. Of categories: their values, and as
    // many bins.
    std::vector<double> edges;
    bool is_time = false;  // the edges are moments
    std::vector<std::string> categories;
    std::vector<std::int64_t> bins;
};

struct BatchProfile {
    std::int64_t rows = 0;
    std::map<std::string, ColumnShape, std::less<>> columns;
};
json::object to_json(const BatchProfile& profile);
// Errors: corrupt.
Result<BatchProfile> profile_from_json(std::string_view text);

// What is seen is compared with the last batches, at least kFewestBefore of them.
inline constexpr std::size_t kFewestBefore = 5;
inline constexpr std::size_t kMostBefore = 20;

// One comparison: a RESULT of severity warning. `failed` is 1 when the batch lies outside.
struct Anomaly {
    RuleResult
        result;  // rule "anomaly:row_count", "anomaly:null_share:C", "anomaly:distribution:C"
    double seen = 0, low = 0, high = 0;  // rows; shares and divergence from 0 to 1
};
json::object to_json(const Anomaly& anomaly);

// Every row count, null share and distribution that could be compared. `before`: newest first.
// Nothing with fewer than kFewestBefore. The same input gives the same answer.
std::vector<Anomaly> compare(const BatchProfile& batch, const std::vector<BatchProfile>& before);

// Where the values of a past no longer tell anything: nine of ten in one bin. Then the edges are
// chosen anew, and the column's past begins again.
bool is_spent(const ColumnShape& shape);

// Bounds of what is usual: the median of the past, plus and minus 5 × 1.4826 × its median absolute
// deviation, widened by 1 + 5/n for a past of n batches; the deviation is taken as `least` at
// least.
struct Usual {
    double low = 0, high = 0;          // the bound
    double smallest = 0, largest = 0;  // seen so far
};
Usual usual(std::vector<double> past, double least);

// Jensen-Shannon divergence in bits, 0 (the same) to 1 (nothing in common), of two histograms with
// the same bins. 0 when one is empty.
double divergence(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b);

}  // namespace nguon::quality
