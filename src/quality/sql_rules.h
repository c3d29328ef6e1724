// Rules that the standard writes as `type: sql`: one query that gives one value, and the bound on
// it. The query is for the sandbox of src/query and nowhere else.
// Source: Open Data Contract Standard, quality, type sql.
#pragma once

#include <optional>
#include <string>

#include "contract/contract.h"
#include "quality/score.h"

namespace nguon::quality {

// Each rule is a child process: a load, and applying a contract, take so many.
inline constexpr std::size_t kMostSqlRules = 50;  // of a dataset

// The query with its placeholders filled: ${table}, ${object}, ${model}, ${schema} are the dataset;
// ${column}, ${property}, ${field} the rule's column; also without `$`. Others stay.
std::string query_of(const contract::Dataset& dataset, const contract::Rule& rule);

// What a query gave. Neither: NULL, or no row.
struct SqlValue {
    std::optional<double> number;
    std::string text;  // as it is written, of a number too
};

bool holds(contract::Operator op, double low, double high, double value);
// A value that is missing keeps no bound.
bool holds(const contract::SqlRule& rule, const SqlValue& value);

// "mustBeLessThan 5"
// "phải từ 1.000 trở lên", "must be at least 1,000"; `unit` stands after each number.
Text bound_text(contract::Operator op, double low, double high, std::string_view unit = {});

RuleResult result_of(const contract::Rule& rule, const SqlValue& value);
// Where the query could not be run.
RuleResult result_of(const contract::Rule& rule, const Error& error);

// Whether the dataset has rules that are queries.
bool has_sql_rules(const contract::Dataset& dataset);

}  // namespace nguon::quality
