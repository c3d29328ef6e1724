#include "quality/sql_rules.h"

#include <gtest/gtest.h>

#include "sql/engine_words.h"

namespace nguon::quality {
namespace {

contract::Rule rule_of(std::string query) {
    contract::Rule rule;
    rule.name = "r";
    rule.column = "amount";
    rule.sql = contract::SqlRule{};
    rule.sql->query = std::move(query);
    rule.sql->op = contract::Operator::kMustBeLessThan;
    rule.sql->low = 5;
    return rule;
}

// Goal: the placeholders of the standard become quoted names, others stay, and nothing is filled
// twice.
TEST(SqlRules, PlaceholdersAreFilled) {
    contract::Dataset dataset;
    dataset.domain = "office";
    dataset.schema = "visit";
    const auto filled = [&](std::string query) { return query_of(dataset, rule_of(query)); };
    EXPECT_EQ(filled("SELECT count(*) FROM ${table} WHERE ${column} < 0"),
              R"(SELECT count(*) FROM "office"."visit" WHERE "amount" < 0)");
    EXPECT_EQ(filled("{object} {model} ${ Property } ${other} {'a': 1} ${"),
              R"("office"."visit" "office"."visit" "amount" ${other} {'a': 1} ${)");
    EXPECT_EQ(filled("$"), "$");
    EXPECT_EQ(filled(""), "");
}

// Goal: the bound is on the value; a missing value keeps none; a text is compared as text.
TEST(SqlRules, TheBoundIsOnTheValue) {
    const contract::Rule rule = rule_of("q");
    EXPECT_EQ(result_of(rule, SqlValue{4.5, "4.5"}).failed, 0);
    const RuleResult failed = result_of(rule, SqlValue{12, "12"});
    EXPECT_EQ(failed.failed, 12);
    EXPECT_EQ(failed.description.en, "the SQL gives 12, it must be less than 5");
    EXPECT_EQ(result_of(rule, SqlValue{1e6, "1e6"}).description.vi,
              "SQL cho 1.000.000, phải nhỏ hơn 5");
    EXPECT_EQ(result_of(rule, SqlValue{}).failed, 1);
    EXPECT_EQ(result_of(rule, Error{}).failed, 1);
    Error quoting;
    quoting.detail = sql::engine_words("Conversion Error: Could not convert string 'An' to INT32");
    const RuleResult silent = result_of(rule, quoting);
    EXPECT_EQ(silent.description.en.find("An'"), std::string::npos) << silent.description.en;
    EXPECT_EQ(silent.description.vi.find("An'"), std::string::npos) << silent.description.vi;
    EXPECT_TRUE(silent.description.en.starts_with("could not be run: ")) << silent.description.en;
    contract::Rule text = rule;
    text.sql->op = contract::Operator::kMustBe;
    text.sql->text = "VND";
    EXPECT_EQ(result_of(text, SqlValue{{}, "VND"}).failed, 0);
    const RuleResult other = result_of(text, SqlValue{{}, "Nguyễn Văn A"});
    EXPECT_EQ(other.failed, 1);
    EXPECT_EQ(other.description.en.find("Nguyễn"), std::string::npos);  // masked
}

TEST(SqlRules, EveryOperatorHolds) {
    using contract::Operator;
    EXPECT_TRUE(holds(Operator::kMustBeBetween, 1, 3, 3));
    EXPECT_FALSE(holds(Operator::kMustNotBeBetween, 1, 3, 3));
    EXPECT_TRUE(holds(Operator::kMustNotBe, 1, 0, 2));
    EXPECT_FALSE(holds(Operator::kMustBeGreaterThan, 2, 0, 2));
    EXPECT_TRUE(holds(Operator::kMustBeGreaterOrEqualTo, 2, 0, 2));
    EXPECT_TRUE(holds(Operator::kMustBeLessOrEqualTo, 2, 0, 2));
    EXPECT_TRUE(holds(Operator::kMustBe, 2, 0, 2));
}

}  // namespace
}  // namespace nguon::quality
