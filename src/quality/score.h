// Results of rules and the score of a batch: how accurate, complete, clean and live it was.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "contract/contract.h"

namespace nguon::quality {

inline constexpr std::size_t kMostExamples = 3;

struct Example {
    std::int64_t row = 0;  // data record, from 1; 0: it stands in none
    std::string value;     // masked
    Text reason = {};      // where more can be said than the rule's description; else empty
};

// What one rule found in one batch.
struct RuleResult {
    std::string rule, column;
    contract::Dimension dimension{};
    contract::Severity severity = contract::Severity::kError;
    Text description;
    std::int64_t checked = 0, failed = 0;
    std::vector<Example> examples = {};
};
json::object to_json(const RuleResult& result);

// Rows with at least one failing rule of a dimension; a row that only fails warnings counts half.
struct DimensionCounts {
    std::int64_t rows = 0;
    std::array<double, 4> failed{};  // by contract::Dimension
};

// 100 × the share of rows without a fault in that dimension, cut (not rounded) to one decimal, so
// that 100 means that nothing failed. `overall` is the share without a fault in any. live is null
// until a promise of freshness can be judged.
json::object score(const DimensionCounts& counts, double failed_in_any, std::optional<double> live);

// Cut to one decimal, not rounded, 0 at least; under 100 when there is any fault.
double cut_score(double score, bool any_fault);

// What may be shown of a value that is wrong: its shape. Letters and digits after the first two are
// hidden: 012345678901 -> 01**********, "Nguyễn Văn A" -> "Ng**** *** *".
std::string mask(std::string_view value);

}  // namespace nguon::quality
