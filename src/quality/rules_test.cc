#include "quality/rules.h"

#include <gtest/gtest.h>

#include "quality/score.h"

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
// of them unique, which is judged after the pass.
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
    EXPECT_EQ(rules.rows.size(), 72u);
    EXPECT_EQ(rules.mask_count(), 2u);
    EXPECT_EQ(rules.in_pass().size(), 71u);
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

}  // namespace
}  // namespace nguon::quality
