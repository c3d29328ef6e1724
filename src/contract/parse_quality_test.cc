// Rules under `quality`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/internal/testing.h"

namespace nguon::contract {
namespace {

using testing::accepted;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::expect_problem;
using testing::person;
using testing::with_object;

// A rule in flow form on the column `b`, or on the dataset.
std::string on_column(std::string_view rule, std::string_view version = "v3.2.0",
                      std::string_view type = "string") {
    return person("      - name: b\n        logicalType: " + std::string(type) +
                      "\n        quality:\n          - " + std::string(rule) + "\n",
                  version);
}
std::string on_dataset(std::string_view rule, std::string_view version = "v3.2.0") {
    return with_object("    quality:\n      - " + std::string(rule) + "\n", version);
}
Rule only_rule(const std::string& yaml) {
    Dataset dataset = accepted(yaml).datasets.at(0);
    EXPECT_EQ(dataset.rules.size(), 1U);
    return dataset.rules.empty() ? Rule{} : dataset.rules[0];
}
std::string at(std::string_view rest) {
    return "schema[0].properties[1].quality[0]" + std::string(rest);
}

TEST(ParseQuality, EveryOperator) {
    struct Case {
        const char* text;
        Operator op;
        double low, high;
    };
    for (const Case& one :
         {Case{"mustBe: 1", Operator::kMustBe, 1, 0},
          Case{"mustNotBe: 2", Operator::kMustNotBe, 2, 0},
          Case{"mustBeGreaterThan: 3", Operator::kMustBeGreaterThan, 3, 0},
          Case{"mustBeGreaterOrEqualTo: 4", Operator::kMustBeGreaterOrEqualTo, 4, 0},
          Case{"mustBeLessThan: 5", Operator::kMustBeLessThan, 5, 0},
          Case{"mustBeLessOrEqualTo: 6", Operator::kMustBeLessOrEqualTo, 6, 0},
          Case{"mustBeBetween: [7, 8]", Operator::kMustBeBetween, 7, 8},
          Case{"mustNotBeBetween: [9, 10]", Operator::kMustNotBeBetween, 9, 10}}) {
        const Rule rule =
            only_rule(on_dataset("{metric: rowCount, " + std::string(one.text) + "}"));
        ASSERT_TRUE(rule.metric.has_value());
        EXPECT_EQ(rule.metric->op, one.op) << one.text;
        EXPECT_EQ(rule.metric->low, one.low) << one.text;
        EXPECT_EQ(rule.metric->high, one.high) << one.text;
        EXPECT_FALSE(rule.is_row_rule());
    }
}

TEST(ParseQuality, EveryMetric) {
    const Rule nulls =
        only_rule(on_column("{metric: nullValues, mustBeLessThan: 1.5, unit: percent}"));
    EXPECT_EQ(nulls.metric->metric, Metric::kNullValues);
    EXPECT_EQ(nulls.metric->unit, Unit::kPercent);
    EXPECT_EQ(nulls.metric->low, 1.5);
    EXPECT_EQ(nulls.column, "b");
    EXPECT_EQ(nulls.dimension, Dimension::kComplete);
    const Rule missing = only_rule(on_column(
        "{metric: missingValues, mustBe: 0, arguments: {missingValues: [null, '', N/A]}}"));
    EXPECT_THAT(missing.metric->missing_values, ElementsAre("", "N/A"));
    EXPECT_TRUE(missing.metric->null_is_missing);
    const Rule invalid =
        only_rule(on_column("{metric: invalidValues, mustBe: 0, arguments: {validValues: [kg, "
                            "'01', '', null], pattern: '[a-z]+'}}"));
    EXPECT_THAT(invalid.metric->valid_values, ElementsAre("kg", "01", ""));
    EXPECT_EQ(invalid.metric->pattern, "[a-z]+");
    EXPECT_EQ(invalid.dimension, Dimension::kAccurate);
    EXPECT_EQ(only_rule(on_column("{metric: duplicateValues, mustBe: 0}")).dimension,
              Dimension::kClean);
    const Rule both = only_rule(on_dataset(
        "{type: library, metric: duplicateValues, mustBe: 0, arguments: {properties: [id, age]}}"));
    EXPECT_THAT(both.metric->properties, ElementsAre("id", "age"));
    EXPECT_EQ(both.column, "");
}

// Goal: a bound of none is judged row by row, every other on the batch.
TEST(ParseQuality, RowRules) {
    EXPECT_TRUE(only_rule(on_column("{metric: nullValues, mustBe: 0}")).is_row_rule());
    EXPECT_TRUE(only_rule(on_column("{metric: nullValues, mustBeLessOrEqualTo: 0}")).is_row_rule());
    EXPECT_FALSE(only_rule(on_column("{metric: nullValues, mustBe: 1}")).is_row_rule());
    EXPECT_FALSE(only_rule(on_column("{metric: nullValues, mustBeLessThan: 1}")).is_row_rule());
    EXPECT_FALSE(only_rule(on_column("{metric: duplicateValues, mustBe: 0}")).is_row_rule());
    EXPECT_TRUE(only_rule(on_dataset("{type: custom, engine: nguon, implementation: age > 0}"))
                    .is_row_rule());
}

TEST(ParseQuality, RulesOf30) {
    struct Case {
        const char* name;
        Metric metric;
    };
    for (const Case& one :
         {Case{"nullCheck", Metric::kNullValues}, Case{"nullCount", Metric::kNullValues},
          Case{"duplicateCount", Metric::kDuplicateValues},
          Case{"unique", Metric::kDuplicateValues}, Case{"nullValues", Metric::kNullValues}}) {
        const Rule rule = only_rule(on_column("{rule: " + std::string(one.name) + "}", "v3.0.0"));
        EXPECT_EQ(rule.metric->metric, one.metric);
        EXPECT_EQ(rule.metric->op, Operator::kMustBe);
        EXPECT_EQ(rule.metric->low, 0);
    }
    EXPECT_THAT(only_rule(on_column("{rule: validValues, validValues: [pounds]}", "v3.0.2"))
                    .metric->valid_values,
                ElementsAre("pounds"));
    EXPECT_EQ(
        only_rule(on_column("{rule: invalidCount, validValues: [a], mustBeLessThan: 3}", "v3.0.2"))
            .metric->low,
        3);
    EXPECT_EQ(
        only_rule(on_dataset("{rule: rowCount, mustBeGreaterThan: 1}", "v3.0.2")).metric->metric,
        Metric::kRowCount);
    EXPECT_EQ(
        only_rule(on_dataset("{rule: countCheck, mustBeGreaterThan: 1}", "v3.0.2")).metric->metric,
        Metric::kRowCount);
    // `rule` was only deprecated.
    EXPECT_EQ(only_rule(on_column("{rule: nullCount, mustBe: 0}", "v3.1.0")).metric->metric,
              Metric::kNullValues);
    expect_problem(on_column("{rule: ▶minCheck}", "v3.0.0"),
                   {at(".rule"), "no `minCheck`", "`nullCheck`"});
    expect_problem(on_column("{▶metric: nullValues, mustBe: 0}", "v3.0.2"),
                   {at(".metric"), "exists from v3.1.0 on", "v3.1.0"});
    expect_problem(on_dataset("▶{rule: rowCount}", "v3.0.0"),
                   {"schema[0].quality[0]", "how many are allowed", "mustBe"});
}

TEST(ParseQuality, SeverityDimensionAndTexts) {
    const Rule rule = only_rule(
        on_column("{id: x, name: Đủ tên, description: Phải có, customProperties: [{property: "
                  "description_en, value: Needed}], "
                  "severity: warning, dimension: timeliness, metric: nullValues, mustBe: 0}"));
    EXPECT_EQ(rule.name, "Đủ tên");
    EXPECT_EQ(rule.description.vi, "Phải có");
    EXPECT_EQ(rule.description.en, "Needed");
    EXPECT_EQ(rule.severity, Severity::kWarning);
    EXPECT_EQ(rule.dimension, Dimension::kLive);
    EXPECT_EQ(only_rule(on_column("{severity: info, metric: nullValues, mustBe: 0}")).severity,
              Severity::kWarning);
    EXPECT_EQ(only_rule(on_column("{metric: nullValues, mustBe: 0}")).severity, Severity::kError);
}

TEST(ParseQuality, EveryDimension) {
    struct Case {
        const char* name;
        Dimension dimension;
    };
    for (const Case& one :
         {Case{"accuracy", Dimension::kAccurate}, Case{"conformity", Dimension::kAccurate},
          Case{"consistency", Dimension::kAccurate}, Case{"completeness", Dimension::kComplete},
          Case{"coverage", Dimension::kComplete}, Case{"uniqueness", Dimension::kClean},
          Case{"timeliness", Dimension::kLive}, Case{"uq", Dimension::kClean},
          Case{"accurate", Dimension::kAccurate}, Case{"complete", Dimension::kComplete},
          Case{"clean", Dimension::kClean}, Case{"live", Dimension::kLive}}) {
        EXPECT_EQ(only_rule(on_column("{metric: nullValues, mustBe: 0, dimension: " +
                                      std::string(one.name) + "}"))
                      .dimension,
                  one.dimension);
    }
}

// Goal: rule names are unique, and a made-up one never takes a given one.
TEST(ParseQuality, Names) {
    const Dataset dataset =
        accepted(on_column("{metric: nullValues, mustBe: 0}\n          - {metric: nullValues, "
                           "mustBeLessThan: 5}\n"
                           "          - {id: by_id, metric: nullValues, mustBe: 0}\n          - "
                           "{name: same, metric: nullValues, mustBe: 0}\n"
                           "          - {name: same, metric: nullValues, mustBe: 0}\n          - "
                           "{name: b_nullValues, metric: nullValues, mustBe: 0}\n"
                           "          - {type: custom, engine: nguon, implementation: b > ''}"))
            .datasets.at(0);
    std::vector<std::string> names;
    for (const Rule& rule : dataset.rules)
        names.push_back(rule.name);
    EXPECT_THAT(names, ElementsAre("b_nullValues_2", "b_nullValues_3", "by_id", "same", "same_2",
                                   "b_nullValues", "b_rule"));
}

TEST(ParseQuality, ExpressionsOfOurs) {
    const Rule rule =
        only_rule(on_dataset("{type: custom, engine: nguon, implementation: \"age >= 0 and id <> "
                             "''\", dimension: consistency}"));
    EXPECT_EQ(rule.expression, "age >= 0 and id <> ''");
    EXPECT_FALSE(rule.metric.has_value());
    expect_problem(on_column("▶{type: custom, engine: nguon}"),
                   {at(".implementation"), "`implementation` is missing", "implementation"});
    expect_problem(on_column("▶{type: custom, implementation: a}"),
                   {at(".engine"), "`engine` is missing", "nguon"});
    expect_problem(on_column("{type: custom, engine: nguon, implementation: ▶{a: 1}}"),
                   {at(".implementation"), "must be a single value", "one value"});
    expect_problem(on_column("{type: custom, engine: nguon, implementation: a, ▶mustBe: 1}"),
                   {at(".mustBe"), "no field `mustBe`", "remove"});
}

TEST(ParseQuality, TextIsKeptAndNoted) {
    const Contract contract =
        accepted(on_column("{type: text, description: Đã gọi điện xác nhận}"));
    EXPECT_TRUE(contract.datasets.at(0).rules.empty());
    EXPECT_THAT(contract.notes, Contains("schema[0].properties[*].quality[0] (text)"));
}

TEST(ParseQuality, RulesOfOtherEnginesAreNamedAsNotRun) {
    const Contract contract = accepted(on_column(
        "{type: custom, name: fresh, engine: soda, implementation: {checks: [a]}, severity: info, "
        "businessImpact: operational, schedule: '0 20 * * *', scheduler: cron, tags: [x]}"));
    EXPECT_TRUE(contract.datasets.at(0).rules.empty());
    ASSERT_EQ(contract.datasets[0].unrun_rules.size(), 1U);
    const UnrunRule& rule = contract.datasets[0].unrun_rules[0];
    EXPECT_EQ(rule.name, "fresh");
    EXPECT_EQ(rule.column, "b");
    EXPECT_EQ(rule.type, "custom");
    EXPECT_EQ(rule.engine, "soda");
    EXPECT_THAT(contract.notes, Contains("schema[0].properties[*].quality[0] (soda: fresh)"));
}

TEST(ParseQuality, QueriesHaveABound) {
    const Rule rule =
        only_rule(on_dataset("{type: sql, query: 'SELECT count(*) FROM ${object}', unit: people, "
                             "mustBeBetween: [-1.5, 7]}"));
    ASSERT_TRUE(rule.sql.has_value());
    EXPECT_EQ(rule.sql->query, "SELECT count(*) FROM ${object}");
    EXPECT_EQ(rule.sql->op, Operator::kMustBeBetween);
    EXPECT_EQ(rule.sql->low, -1.5);
    EXPECT_EQ(rule.sql->high, 7);
    EXPECT_EQ(rule.sql->unit, "people");
    EXPECT_FALSE(rule.is_row_rule());
    const Rule text = only_rule(on_column("{type: sql, query: select 'a', mustBe: ok}"));
    EXPECT_EQ(text.sql->text, "ok");
    EXPECT_EQ(text.name, "b_sql");
    expect_problem(on_column("▶{type: sql, query: select 1}"),
                   {at(""), "does not say how many", "mustBe"});
    expect_problem(on_column("▶{type: sql, mustBe: 0}"), {at(".query"), "is missing", "query"});
    expect_problem(on_column("{type: sql, query: select 1, mustBeLessThan: ▶few}"),
                   {at(".mustBeLessThan"), "`few` is not a number", "0"});
}

TEST(ParseQuality, UnknownTypesAreNamed) {
    expect_problem(on_column("{type: ▶librari, metric: nullValues}"),
                   {at(".type"), "no `librari`", "did you mean `library`?"});
}

TEST(ParseQuality, WrongWords) {
    expect_problem(on_column("{metric: ▶nullValue, mustBe: 0}"),
                   {at(".metric"), "no `nullValue`", "did you mean `nullValues`?"});
    expect_problem(on_column("{metric: nullValues, mustBe: 0, severity: ▶critical}"),
                   {at(".severity"), "no `critical`", "`error`, `warning`, `info`"});
    expect_problem(on_column("{metric: nullValues, mustBe: 0, dimension: ▶acuracy}"),
                   {at(".dimension"), "no `acuracy`", "did you mean `accuracy`?"});
    expect_problem(on_column("{metric: nullValues, mustBe: 0, unit: ▶days}"),
                   {at(".unit"), "no `days`", "`rows`, `percent`"});
    expect_problem(on_column("{metric: nullValues, mustBe: 0, ▶mustBeLess: 0}"),
                   {at(".mustBeLess"), "no field", "did you mean"});
    expect_problem(on_column("▶{description: x, mustBe: 0}"),
                   {at(".metric"), "`metric` is missing", "nullValues"});
}

TEST(ParseQuality, WrongBounds) {
    expect_problem(on_column("▶{metric: nullValues}"),
                   {at(""), "how many are allowed", "mustBe: 0"});
    expect_problem(on_column("{metric: nullValues, mustBe: 0, mustBeLessThan: ▶5}"),
                   {at(".mustBeLessThan"), "there is `mustBe` already", "two rules"});
    expect_problem(on_column("{metric: nullValues, mustBe: ▶none}"),
                   {at(".mustBe"), "`none` is not a number of rows", "whole number"});
    expect_problem(on_column("{metric: nullValues, mustBe: ▶-1}"),
                   {at(".mustBe"), "not a number of rows", "0 or more"});
    expect_problem(on_column("{metric: nullValues, mustBeLessThan: ▶0.5}"),
                   {at(".mustBeLessThan"), "not a number of rows", "whole number"});
    expect_problem(on_column("{metric: nullValues, mustBeLessThan: ▶101, unit: percent}"),
                   {at(".mustBeLessThan"), "not a percentage", "0 to 100"});
    expect_problem(on_column("{metric: nullValues, mustBeBetween: ▶[1]}"),
                   {at(".mustBeBetween"), "two numbers are needed, there are 1", "[1, 100]"});
    expect_problem(on_column("{metric: nullValues, mustBeBetween: ▶[5, 5]}"),
                   {at(".mustBeBetween"), "not below the second", "smaller first"});
    expect_problem(on_column("{metric: nullValues, mustNotBeBetween: ▶7}"),
                   {at(".mustNotBeBetween"), "must be a list", "dash"});
    expect_problem(on_dataset("{metric: rowCount, mustBe: 1, unit: ▶percent}"),
                   {"schema[0].quality[0].unit", "not a percentage", "rows"});
}

TEST(ParseQuality, MetricAtTheWrongLevel) {
    expect_problem(on_column("{metric: ▶rowCount, mustBe: 1}"),
                   {at(".metric"), "of the dataset, not of a column", "object in `schema`"});
    for (const char* metric : {"nullValues", "missingValues", "invalidValues"}) {
        expect_problem(on_dataset("{metric: ▶" + std::string(metric) + ", mustBe: 1}"),
                       {"schema[0].quality[0].metric", "this metric is of a column", "move it"});
    }
}

TEST(ParseQuality, WrongArguments) {
    expect_problem(on_column("▶{metric: missingValues, mustBe: 0}"),
                   {at(".arguments"), "`arguments` is missing", "missingValues"});
    expect_problem(on_column("{metric: missingValues, mustBe: 0, arguments: {missingValues: ▶[]}}"),
                   {at(".arguments.missingValues"), "no values", "N/A"});
    expect_problem(on_column("▶{metric: invalidValues, mustBe: 0}"),
                   {at(""), "which values are valid", "validValues"});
    expect_problem(on_column("{metric: invalidValues, mustBe: 0, arguments: {validValues: ▶[]}}"),
                   {at(".arguments.validValues"), "no values", "["});
    expect_problem(
        on_column("{metric: invalidValues, mustBe: 0, arguments: {validValues: [1, ▶a]}}", "v3.1.0",
                  "integer"),
        {at(".arguments.validValues[1]"), "not a value of the type `integer`", "`12`"});
    expect_problem(on_column("{metric: invalidValues, mustBe: 0, arguments: {validValues: [▶01]}}"),
                   {at(".arguments.validValues[0]"), "no quotes", "'01'"});
    expect_problem(on_column("{metric: invalidValues, mustBe: 0, arguments: {pattern: ▶'(a'}}"),
                   {at(".arguments.pattern"), "a `)` is missing", "quotes"});
    expect_problem(on_column("{metric: invalidValues, mustBe: 0, arguments: {pattern: ▶'1+'}}",
                             "v3.1.0", "integer"),
                   {at(".arguments.pattern"), "only for the type `string`", "validValues"});
    expect_problem(
        on_column("{metric: invalidValues, mustBe: 0, arguments: {pattern: a}, ▶pattern: b}"),
        {at(".pattern"), "no field `pattern`", "remove"});
    expect_problem(
        on_column("{metric: invalidValues, mustBe: 0, arguments: {pattern: a, ▶validValue: [b]}}"),
        {at(".arguments.validValue"), "no field", "did you mean `validValues`?"});
    expect_problem(on_column("{metric: nullValues, mustBe: 0, arguments: {▶a: b}}"),
                   {at(".arguments.a"), "no field `a`", "remove"});
    expect_problem(on_dataset("▶{metric: duplicateValues, mustBe: 0}"),
                   {"schema[0].quality[0]", "which columns are compared", "properties"});
    expect_problem(
        on_dataset("{metric: duplicateValues, mustBe: 0, arguments: {properties: [id, ▶ag]}}"),
        {"schema[0].quality[0].arguments.properties[1]", "no `ag`", "did you mean `age`?"});
    expect_problem(on_dataset("{metric: duplicateValues, mustBe: 0, arguments: {properties: ▶[]}}"),
                   {"schema[0].quality[0].arguments.properties", "no columns", "[a, b]"});
}

}  // namespace
}  // namespace nguon::contract
