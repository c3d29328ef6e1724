#include "quality/rules.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "quality/damage.h"
#include "quality/score.h"
#include "sql/allow_list.h"
#include "sql/duckdb.h"

namespace nguon::quality {
namespace {

TEST(Mask, HidesAllButTheShape) {
    EXPECT_EQ(mask("012345678901"), "01**********");
    EXPECT_EQ(mask("31/02/2026"), "31/**/****");
    EXPECT_EQ(mask("Nguyễn Văn A"), "Ng**** *** *");
    EXPECT_EQ(mask(""), "");
    EXPECT_EQ(mask(std::string("\xC3", 1)), "*") << "half a character";
    EXPECT_LE(mask(std::string(1000, 'x')).size(), 50u);
}

TEST(Score, HundredMeansNothingFailed) {
    DimensionCounts counts;
    counts.rows = 1'000'000;
    EXPECT_EQ(score(counts, 0, std::nullopt).at("overall"), 100.0);
    counts.failed[0] = 1;
    const json::object scores = score(counts, 1, std::nullopt);
    EXPECT_EQ(scores.at("overall"), 99.9);
    EXPECT_EQ(scores.at("accurate"), 99.9);
    EXPECT_EQ(scores.at("complete"), 100.0);
    EXPECT_TRUE(scores.at("live").is_null());
}

// Goal: contracts with more rules than bits of a word still work. Method: 70 required columns, one
// of them unique, which is judged after the pass; as an identifier it may not have lost digits.
TEST(Rules, ManyRulesTakeSeveralMasks) {
    contract::Dataset dataset;
    dataset.name = "t.wide";
    for (int i = 0; i < 70; ++i) {
        contract::Column column;
        column.name = "c" + std::to_string(i);
        column.required = true;
        column.unique = i == 69;
        dataset.columns.push_back(column);
    }
    const RuleSet rules = compile(dataset);
    EXPECT_EQ(rules.rows.size(), 72 + damages().size());
    EXPECT_EQ(rules.mask_count(), 2u);
    EXPECT_EQ(rules.in_pass().size(), 71 + damages().size());
    EXPECT_EQ(rules.rows[rules.in_pass().back()].name, "required:c69");
}

// Goal: a rule that cannot run is refused before it is kept. Method: one of each kind.
TEST(Rules, ThoseThatCannotRunAreNamed) {
    const auto refused = [](std::string expression, std::string pattern) {
        contract::Dataset dataset;
        dataset.name = "t.x";
        contract::Column column;
        column.name = "v";
        column.options.pattern = std::move(pattern);
        dataset.columns.push_back(column);
        contract::Rule rule;
        rule.name = "r";
        rule.expression = std::move(expression);
        if (!rule.expression.empty()) dataset.rules.push_back(rule);
        const Result<void> checked = check_rules(dataset, "x.yaml");
        return !checked && checked.error().code == Code::kInvalid &&
               checked.error().errors.size() == 1;
    };
    EXPECT_FALSE(refused("v IS NOT NULL", "[a-z]+"));
    EXPECT_TRUE(refused("", "[a-z"));
    EXPECT_TRUE(refused("w = 'a'", ""));
    EXPECT_TRUE(refused("v > (SELECT 1)", ""));
    EXPECT_TRUE(refused("length(v, 2) > 1", ""));
    EXPECT_TRUE(refused("getenv('HOME') = v", ""));
    EXPECT_TRUE(refused("true) OR (true", ""));
}

namespace {

// One table `t` with the columns a text, d date, n double; the numbers of the rows that fail
// `rule`.
contract::Dataset three_columns(std::string expression) {
    contract::Dataset dataset;
    dataset.name = "t.x";
    for (const auto& [name, type] : {std::pair{"a", contract::LogicalType::kString},
                                     {"d", contract::LogicalType::kDate},
                                     {"n", contract::LogicalType::kNumber}}) {
        contract::Column column;
        column.name = name;
        column.type = type;
        dataset.columns.push_back(column);
    }
    contract::Rule rule;
    rule.name = "r";
    rule.expression = std::move(expression);
    if (!rule.expression.empty()) dataset.rules.push_back(rule);
    return dataset;
}

std::string failing(const contract::Dataset& dataset, std::string_view values, Micros now = 0) {
    const auto duck = sql::Duck::open(
        {.memory_limit = "256MB", .threads = 1, .temporary_folder = {}, .preserve_order = true});
    const std::string rows = fmt::format(
        "(SELECT 0::BIGINT AS _flags, 0::BIGINT AS _bad0, i, a, d::DATE AS d, n::DOUBLE AS n FROM "
        "(VALUES {}) t(i, a, d, n))",
        values);
    std::string fails = "false";
    for (const RowRule& rule : compile(dataset).rows) {
        if (rule.judged == Judged::kInPass) fails += fmt::format(" OR ({})", rule.fails);
    }
    Result<sql::DuckResult> found = (*duck)->query(
        fmt::format("SELECT coalesce(string_agg(i::VARCHAR, ' ' ORDER BY i), '') FROM {} WHERE {}",
                    with_clock(rows, now), fails));
    if (!found) return found.error().detail.en;
    if (!found->next()) return "no row";
    return std::string(found->text(0, 0));
}

}  // namespace

// Goal: no row's value can stop a load. Method: expressions that raise on some rows only.
TEST(Rules, ARowThatCannotBeJudgedFails) {
    const std::string_view rows =
        "(1, '5', '2026-01-01', 1), (2, 'x', '2026-01-02', 1e300), (3, NULL, NULL, NULL), "
        "(4, '7', '2026-01-03', 4)";
    EXPECT_EQ(failing(three_columns("a::INTEGER > 5"), rows), "1 2") << "null keeps the rule";
    EXPECT_EQ(failing(three_columns("CAST(n AS INTEGER) > 0"), rows), "2");
    EXPECT_EQ(failing(three_columns("a::INTEGER / 0 > 0 OR d > '2026-01-01'"), rows), "2");
    contract::Dataset dataset = three_columns("");
    dataset.columns[2].options.multiple_of = "2";
    EXPECT_EQ(failing(dataset, rows), "1 2");
}

// Goal: the same rows at the same time are judged the same. Method: the clock given, on both sides
// of midnight in Viet Nam, 17:00 UTC.
TEST(Rules, TheDayIsThatOfTheLoad) {
    const std::string_view rows = "(1, NULL, '2026-03-01', NULL), (2, NULL, '2026-03-02', NULL)";
    const contract::Dataset dataset = three_columns("d <= current_date");
    EXPECT_EQ(failing(dataset, rows, parse_time("2026-03-01T16:59:59Z").value()), "2");
    EXPECT_EQ(failing(dataset, rows, parse_time("2026-03-01T17:00:00Z").value()), "");
    EXPECT_EQ(failing(three_columns("current_timestamp >= '2026-03-01T00:00:00Z'"), rows,
                      parse_time("2026-02-28T23:59:59Z").value()),
              "1 2");
}

TEST(Rules, WhatCannotBeJudgedTwiceTheSameIsRefused) {
    const auto check = [](std::string expression) {
        return check_rules(three_columns(std::move(expression)), "x.yaml");
    };
    for (const char* expression :
         {"n > random()", "d < now()", "d < today()", "d < current_date()", "a <> uuid()::VARCHAR",
          "a <> version()", "age(d) > INTERVAL 1 YEAR", "d < get_current_timestamp()",
          "len(list_filter([1, 2], x -> x > random())) > 1", "d < transaction_timestamp()"}) {
        const Result<void> checked = check(expression);
        ASSERT_FALSE(checked) << expression;
        ASSERT_EQ(checked.error().errors.size(), 1U);
        EXPECT_NE(checked.error().errors[0].problem.en.find("cannot be used in a rule"),
                  std::string::npos)
            << checked.error().errors[0].problem.en;
    }
    for (const char* expression : {"d <= current_date", "current_timestamp > '2020-01-01'",
                                   "age(current_date, d) > "
                                   "INTERVAL 1 YEAR",
                                   "a::INTEGER > 5", "n % 2 = 0"}) {
        const Result<void> checked = check(expression);
        EXPECT_TRUE(checked) << expression << checked.error().errors[0].problem.en;
    }
    for (const char* expression :
         {"d > 'abc'", "n > 'abc'", "d = 5", "a::INTEGER > 'x'::INTEGER"}) {
        EXPECT_FALSE(check(expression)) << expression;
    }
}

// Goal: no function of the engine that gives another value each time is left. Method: the engine's
// own list of them.
TEST(Rules, TheEnginesVolatileFunctionsAreRefused) {
    const auto duck = sql::Duck::open({});
    Result<sql::DuckResult> rows = (*duck)->query(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'scalar' AND "
        "stability <> 'CONSISTENT' AND regexp_full_match(function_name, '[a-z_0-9]+')");
    ASSERT_TRUE(rows);
    int allowed_in_queries = 0;
    for (std::size_t count = *rows->next(); count > 0; count = *rows->next()) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::string name(rows->text(0, i));
            if (!sql::is_allowed_function(name, sql::FunctionUse::kScalar) || name == "age")
                continue;
            ++allowed_in_queries;
            EXPECT_FALSE(sql::check_row_expression(name + "() IS NULL", {"a"})) << name;
        }
    }
    EXPECT_GT(allowed_in_queries, 5);
}

}  // namespace
}  // namespace nguon::quality
