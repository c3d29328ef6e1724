// A contract's promises as SQL over the columns of scan::Table. Row rules are conditions that one
// pass of the load computes; table rules are judged on the whole batch afterwards.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "contract/contract.h"
#include "scan/table.h"

namespace nguon::quality {

enum class RuleKind {
    kRecord,
    kType,
    kRequired,
    kLength,
    kPattern,
    kRange,
    kEnum,
    kReference,
    kMissing,
    kInvalidValues,
    kExpression,
    kUnique,
    kKey
};

// What the pass does not see of a row, judged after it: earlier rows with the same value.
enum class Judged { kInPass, kAfterPass };

struct RowRule {
    RuleKind kind{};
    std::string name;    // "required:full_name"; unique within the dataset
    std::string column;  // empty, or several joined by ','
    contract::Dimension dimension{};
    contract::Severity severity = contract::Severity::kError;
    Text reason;        // one sentence: what is wrong with a value that fails
    std::string fails;  // SQL, true where a row breaks the rule; never null; of kInPass rules
    Judged judged = Judged::kInPass;
    int reference = -1;  // place in RuleSet::references
};

// Values that columns of this dataset must be among, together: joined as `_ref<n>` with columns
// _k0, _k1, …
struct ReferenceSet {
    std::string dataset;                      // the one looked into
    std::vector<std::string> target_columns;  // of it
    std::vector<std::string> columns;         // of this one, as many
};

struct TableRule {
    std::string name, column;
    contract::Dimension dimension{};
    contract::Severity severity = contract::Severity::kError;
    Text description;
    contract::MetricRule metric;
};

struct RuleSet {
    std::vector<RowRule> rows;
    std::vector<TableRule> tables;
    std::vector<ReferenceSet> references;
    std::size_t mask_count() const {
        return (rows.size() + scan::kBitsPerMask - 1) / scan::kBitsPerMask;
    }
    std::vector<std::size_t> in_pass() const;  // places in `rows` of the rules judged in the pass
};

// Every rule of the dataset, those of the types and of the file's shape included.
RuleSet compile(const contract::Dataset& dataset);

// `rows` with what expressions may ask of the time: current_date (in Viet Nam) and
// current_timestamp, both of `now`, so that the same rows at the same time are judged the same.
std::string with_clock(std::string_view rows, Micros now);

// Whether the written rules can run: expressions on the allow list of sql/allow_list.h and boolean
// over this dataset's columns with constants that fit them, patterns in RE2's syntax. Errors:
// invalid, naming each rule that cannot.
Result<void> check_rules(const contract::Dataset& dataset, std::string_view file);

// Errors: invalid for a date format that is not understood.
Result<scan::Plan> plan_of(const contract::Dataset& dataset);

}  // namespace nguon::quality
