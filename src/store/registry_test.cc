#include <gtest/gtest.h>

#include "sql/duckdb.h"
#include "store/test_node.h"

namespace nguon::store {
namespace {

using contract::Change;
using testing::contract_yaml;
using testing::parsed;
using testing::TestNode;

Result<std::vector<Applied>> apply(TestNode& node, const std::vector<std::string>& yamls) {
    std::vector<contract::Contract> contracts;
    for (const std::string& yaml : yamls)
        contracts.push_back(parsed(yaml));
    return node.store->apply(contracts);
}

std::string fields(TestNode& node, std::string_view dataset) {
    std::string text;
    const std::shared_ptr<const DatasetInfo> info = node.store->dataset(dataset).value();
    for (const FieldId& field : info->fields)
        text += fmt::format("{}={} ", field.column, field.id);
    return text;
}

TEST(Apply, CreatesThenChangesNothing) {
    TestNode node;
    ASSERT_TRUE(node.open().has_value());
    const std::string yaml = contract_yaml("a", "1.0.0");
    EXPECT_EQ(apply(node, {yaml}).value()[0].change, Change::kCreated);
    const std::uint64_t before = node.simulated.operations();
    EXPECT_EQ(apply(node, {yaml}).value()[0].change, Change::kUnchanged);
    EXPECT_EQ(node.simulated.operations(), before);
    ASSERT_TRUE(node.open().has_value());
    EXPECT_EQ(apply(node, {yaml}).value()[0].change, Change::kUnchanged);
    EXPECT_EQ(node.store->dataset("test.a").value()->contract_text, yaml);
}

// Goal: every domain can be asked by SQL. Method: each of the engine's words as a domain, asked
// without quotes; those by which that cannot be done, and no others, are refused for a new dataset.
TEST(Apply, ADomainIsNoWordOfSql) {
    const auto duck = sql::Duck::open({});
    ASSERT_TRUE(duck);
    Result<sql::DuckResult> words =
        (*duck)->query("SELECT DISTINCT keyword_name FROM duckdb_keywords()");
    ASSERT_TRUE(words);
    std::vector<std::string> all;
    while (const std::size_t count = words->next().value()) {
        for (std::size_t i = 0; i < count; ++i)
            all.emplace_back(words->text(0, i));
    }
    EXPECT_GT(all.size(), 400U);
    for (const std::string& word : all) {
        if (contract::is_reserved_domain(word)) continue;
        ASSERT_TRUE(
            (*duck)->execute(fmt::format("CREATE SCHEMA \"{0}\"; CREATE TABLE \"{0}\".e AS "
                                         "SELECT 1 AS x",
                                         word)));
        const bool is_asked = (*duck)->query_integer("SELECT x FROM " + word + ".e").has_value();
        EXPECT_EQ(contract::is_sql_word(word), !is_asked) << word;
    }
    TestNode node;
    ASSERT_TRUE(node.open().has_value());
    std::string yaml = contract_yaml("a", "1.0.0");
    const std::size_t at = yaml.find("domain: test");
    ASSERT_NE(at, std::string::npos) << yaml;
    yaml.replace(at, 12, "domain: at");
    const Result<std::vector<Applied>> refused = apply(node, {yaml});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::kInvalid);
}

TEST(Apply, TheSameVersionWithAnotherTextIsAConflict) {
    TestNode node;
    ASSERT_TRUE(node.open().has_value());
    ASSERT_TRUE(apply(node, {contract_yaml("a", "1.0.0")}).has_value());
    EXPECT_EQ(apply(node, {contract_yaml("a", "1.0.0") + "# a remark\n"}).error().code,
              Code::kConflict);
    EXPECT_EQ(apply(node, {contract_yaml("a", "0.9.0", {"name", "more"})}).error().code,
              Code::kConflict);
    EXPECT_EQ(node.store->dataset("test.a").value()->contract.version, "1.0.0");
}

// Goal: breaking needs a new major version, and the answer lists what breaks.
TEST(Apply, BreakingNeedsANewMajorVersion) {
    TestNode node;
    ASSERT_TRUE(node.open().has_value());
    ASSERT_TRUE(apply(node, {contract_yaml("a", "1.0.0", {"name", "size"})}).has_value());
    const Result<std::vector<Applied>> refused =
        apply(node, {contract_yaml("a", "1.1.0", {"name"})});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::kConflict);
    ASSERT_EQ(refused.error().errors.size(), 1U);
    EXPECT_EQ(refused.error().errors[0].line, 9) << "the dataset, where a column is gone";
    EXPECT_EQ(refused.error().errors[0].column, 5);
    const Result<std::vector<Applied>> stricter =
        apply(node, {contract_yaml("a", "1.1.0", {"name", "size"}) + "        required: true\n"});
    ASSERT_EQ(stricter.error().errors.size(), 1U);
    EXPECT_EQ(stricter.error().errors[0].line, 19) << "the column";
    EXPECT_EQ(stricter.error().errors[0].column, 9);
    const Result<std::vector<Applied>> applied =
        apply(node, {contract_yaml("a", "2.0.0", {"name"})});
    ASSERT_TRUE(applied.has_value());
    EXPECT_EQ(applied.value()[0].change, Change::kBreaking);
    EXPECT_FALSE(applied.value()[0].differences.empty());
}

TEST(Apply, EveryVersionIsKept) {
    TestNode node;
    ASSERT_TRUE(node.open().has_value());
    const std::string first = contract_yaml("a", "1.0.0"),
                      second = contract_yaml("a", "1.1.0", {"name", "more"});
    ASSERT_TRUE(apply(node, {first}).has_value());
    EXPECT_EQ(apply(node, {second}).value()[0].change, Change::kCompatible);
    ASSERT_TRUE(node.open().has_value());
    EXPECT_EQ(node.store->contract_text("test.a", "1.0.0").value(), first);
    EXPECT_EQ(node.store->contract_text("test.a", "").value(), second);
    EXPECT_EQ(node.store->contract_text("test.a", "3.0.0").error().code, Code::kNotFound);
    EXPECT_EQ(node.store->dataset("test.a").value()->contract.columns.size(), 3U);
}

// Goal: a field id is never used again. Method: a column goes and comes back; it is another column
// then.
TEST(Apply, FieldIdsAreNeverReused) {
    TestNode node;
    ASSERT_TRUE(node.open().has_value());
    ASSERT_TRUE(apply(node, {contract_yaml("a", "1.0.0", {"name", "size"})}).has_value());
    EXPECT_EQ(fields(node, "test.a"), "code=1 name=2 size=3 ");
    ASSERT_TRUE(apply(node, {contract_yaml("a", "2.0.0", {"colour", "name"})}).has_value());
    EXPECT_EQ(fields(node, "test.a"), "code=1 name=2 colour=4 ");
    ASSERT_TRUE(apply(node, {contract_yaml("a", "2.1.0", {"colour", "name", "size"})}).has_value());
    EXPECT_EQ(fields(node, "test.a"), "code=1 name=2 colour=4 size=5 ");
    ASSERT_TRUE(node.open().has_value());
    EXPECT_EQ(fields(node, "test.a"), "code=1 name=2 colour=4 size=5 ");
}

// Goal: references may point to what comes in the same call, or was there; to nothing else.
TEST(Apply, ChecksReferences) {
    TestNode node;
    ASSERT_TRUE(node.open().has_value());
    const std::string target = contract_yaml("b", "1.0.0");
    const std::string source = contract_yaml("a", "1.0.0", {"b_code"}, "test.b.code");
    const Result<std::vector<Applied>> alone = apply(node, {source});
    ASSERT_FALSE(alone.has_value());
    EXPECT_EQ(alone.error().code, Code::kInvalid);
    ASSERT_EQ(alone.error().errors.size(), 1U);
    EXPECT_EQ(alone.error().errors[0].line, 21);
    EXPECT_EQ(alone.error().errors[0].column, 17);
    EXPECT_EQ(alone.error().errors[0].path, "schema[0].properties[1].relationships[0].to");
    const std::string by_two = contract_yaml("e", "1.0.0", {"b_code"}) +
                               "    relationships:\n      - from: [code, b_code]\n"
                               "        to: [test.b.code, test.b.name]\n";
    const Result<std::vector<Applied>> both = apply(node, {by_two});
    ASSERT_EQ(both.error().errors.size(), 2U);
    EXPECT_EQ(both.error().errors[1].line, 21);
    EXPECT_EQ(both.error().errors[1].column, 27);
    EXPECT_EQ(both.error().errors[1].path, "schema[0].relationships[0].to[1]");
    EXPECT_TRUE(node.store->datasets().empty());
    EXPECT_TRUE(apply(node, {source, target}).has_value()) << "in whatever order";
    EXPECT_TRUE(apply(node, {contract_yaml("c", "1.0.0", {"b_code"}, "test.b.code")}).has_value());
    EXPECT_EQ(apply(node, {contract_yaml("d", "1.0.0", {"b_code"}, "test.b.absent")}).error().code,
              Code::kInvalid);
}

// Goal: all or nothing. Method: a good contract beside a bad one.
TEST(Apply, IsAllOrNothing) {
    TestNode node;
    ASSERT_TRUE(node.open().has_value());
    EXPECT_FALSE(apply(node, {contract_yaml("a", "1.0.0"),
                              contract_yaml("c", "1.0.0", {"x"}, "test.zzz.code")})
                     .has_value());
    EXPECT_FALSE(
        apply(node, {contract_yaml("a", "1.0.0"), contract_yaml("a", "1.1.0")}).has_value());
    EXPECT_TRUE(node.store->datasets().empty());
    ASSERT_TRUE(node.open().has_value());
    EXPECT_TRUE(node.store->datasets().empty());
}

// Goal: someone who holds a DatasetInfo keeps it whole while the contract changes.
TEST(Apply, InfoIsImmutable) {
    TestNode node;
    ASSERT_TRUE(node.open().has_value());
    ASSERT_TRUE(apply(node, {contract_yaml("a", "1.0.0")}).has_value());
    const std::shared_ptr<const DatasetInfo> before = node.store->dataset("test.a").value();
    ASSERT_TRUE(apply(node, {contract_yaml("a", "1.1.0", {"name", "more"})}).has_value());
    EXPECT_EQ(before->contract.version, "1.0.0");
    EXPECT_EQ(node.store->dataset("test.a").value()->contract.version, "1.1.0");
    EXPECT_EQ(node.store->dataset("test.z").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace nguon::store
