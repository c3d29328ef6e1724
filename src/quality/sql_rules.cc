#include "quality/sql_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sql/duckdb.h"

namespace nguon::quality {
namespace {

using contract::Operator;

constexpr std::array<std::string_view, 4> kOfDataset{"table", "object", "model", "schema"};
constexpr std::array<std::string_view, 3> kOfColumn{"column", "property", "field"};

// Above this a count is told as so many all the same.
constexpr double kMostFailed = 1e15;

RuleResult blank(const contract::Rule& rule) {
    RuleResult result;
    result.rule = rule.name;
    result.column = rule.column;
    result.dimension = rule.dimension;
    result.severity = rule.severity;
    result.checked = 1;
    return result;
}

Text with_words(const contract::Rule& rule, const Text& said) {
    const auto joined = [](const std::string& words, const std::string& detail) {
        return words.empty() ? detail : fmt::format("{} ({})", words, detail);
    };
    return {joined(rule.description.vi, said.vi), joined(rule.description.en, said.en)};
}

}  // namespace

std::string query_of(const contract::Dataset& dataset, const contract::Rule& rule) {
    const std::string table = fmt::format("{}.{}", sql::quote_identifier(dataset.domain),
                                          sql::quote_identifier(dataset.schema));
    const std::string& query = rule.sql->query;
    std::string filled;
    for (std::size_t i = 0; i < query.size();) {
        const bool dollar = query[i] == '$';
        const std::size_t open = dollar ? i + 1 : i;
        const std::size_t close =
            open < query.size() && query[open] == '{' ? query.find('}', open) : std::string::npos;
        if (close == std::string::npos) {
            filled += query[i++];
            continue;
        }
        const std::string name =
            to_lower_ascii(trim(std::string_view(query).substr(open + 1, close - open - 1)));
        if (std::ranges::find(kOfDataset, name) != kOfDataset.end()) {
            filled += table;
        } else if (std::ranges::find(kOfColumn, name) != kOfColumn.end() && !rule.column.empty()) {
            filled += sql::quote_identifier(rule.column);
        } else {
            filled += query.substr(i, close + 1 - i);
        }
        i = close + 1;
    }
    return filled;
}

bool holds(Operator op, double low, double high, double value) {
    switch (op) {
        case Operator::kMustBe: return value == low;
        case Operator::kMustNotBe: return value != low;
        case Operator::kMustBeGreaterThan: return value > low;
        case Operator::kMustBeGreaterOrEqualTo: return value >= low;
        case Operator::kMustBeLessThan: return value < low;
        case Operator::kMustBeLessOrEqualTo: return value <= low;
        case Operator::kMustBeBetween: return value >= low && value <= high;
        case Operator::kMustNotBeBetween: return value < low || value > high;
    }
    return false;
}

bool holds(const contract::SqlRule& rule, const SqlValue& value) {
    if (!rule.text.empty()) {
        const bool same = value.text == rule.text;
        return rule.op == Operator::kMustNotBe ? !same : same;
    }
    return value.number && holds(rule.op, rule.low, rule.high, *value.number);
}

std::string bound_text(Operator op, double low, double high) {
    const bool between = op == Operator::kMustBeBetween || op == Operator::kMustNotBeBetween;
    return fmt::format("{} {}{}", contract::name_of(op), low,
                       between ? fmt::format("–{}", high) : "");
}

RuleResult result_of(const contract::Rule& rule, const SqlValue& value) {
    RuleResult result = blank(rule);
    const contract::SqlRule& sql = *rule.sql;
    const std::string bound = sql.text.empty()
                                  ? bound_text(sql.op, sql.low, sql.high)
                                  : fmt::format("{} {}", contract::name_of(sql.op), sql.text);
    // A text may be a value of a row.
    const std::string seen = value.number             ? fmt::format("{}", *value.number)
                             : value.text.empty()     ? "NULL"
                             : sql.text == value.text ? value.text
                                                      : mask(value.text);
    result.description = with_words(rule, Text::same(fmt::format("sql = {}, {}", seen, bound)));
    if (!holds(sql, value)) {
        const double count = std::clamp(value.number.value_or(1), 1.0, kMostFailed);
        result.failed = static_cast<std::int64_t>(count);
    }
    return result;
}

RuleResult result_of(const contract::Rule& rule, const Error& error) {
    RuleResult result = blank(rule);
    result.failed = 1;
    result.description = with_words(
        rule, {"không chạy được: " + error.detail.vi, "could not be run: " + error.detail.en});
    return result;
}

}  // namespace nguon::quality
