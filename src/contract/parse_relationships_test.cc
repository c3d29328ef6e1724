// References between datasets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/internal/testing.h"

namespace nguon::contract {
namespace {

using testing::accepted;
using ::testing::ElementsAre;
using testing::expect_problem;
using testing::top;

// Datasets ward (code, province) and person (id, ward); `on_ward` goes into person.ward,
// `on_person` into person.
std::string two(std::string_view on_ward, std::string_view on_person = "",
                std::string_view version = "v3.1.0") {
    return top(version) +
           "  - id: ward_tbl\n    name: ward\n    properties:\n"
           "      - {id: code_fld, name: code, logicalType: string, primaryKey: true}\n"
           "      - {name: province, logicalType: string}\n"
           "      - {name: area, logicalType: number}\n"
           "  - name: person\n    properties:\n      - {name: id, logicalType: string, primaryKey: "
           "true}\n"
           "      - {name: province, logicalType: string}\n"
           "      - name: ward\n        logicalType: string\n" +
           std::string(on_ward) + std::string(on_person);
}
std::string to(std::string_view reference, std::string_view rest = "") {
    return two("        relationships:\n          - to: " + std::string(reference) + "\n" +
               std::string(rest));
}
std::string between(std::string_view from, std::string_view target) {
    return two("", "    relationships:\n      - from: " + std::string(from) +
                       "\n        to: " + std::string(target) + "\n");
}
std::string shown(const Contract& contract) {
    const auto& reference = contract.datasets.at(1).columns.at(2).reference;
    return reference ? reference->dataset + "/" + reference->column : "none";
}

TEST(ParseRelationships, EveryFormOfAReference) {
    EXPECT_EQ(shown(accepted(two(""))), "none");
    EXPECT_EQ(shown(accepted(to("ward.code"))), "population.ward/code");
    EXPECT_EQ(shown(accepted(to("population.ward.code"))), "population.ward/code");
    EXPECT_EQ(shown(accepted(to("administrative.ward.code"))), "administrative.ward/code");
    EXPECT_EQ(shown(accepted(to("[ward.code]"))), "population.ward/code");
    EXPECT_EQ(shown(accepted(to("schema/ward_tbl/properties/code_fld"))), "population.ward/code");
    EXPECT_EQ(shown(accepted(to("/schema/ward/properties/code"))), "population.ward/code");
    EXPECT_EQ(shown(accepted(to("ward.code", "            type: foreignKey\n"))),
              "population.ward/code");
    EXPECT_EQ(shown(accepted(between("person.ward", "ward.code"))), "population.ward/code");
    EXPECT_EQ(shown(accepted(between("[ward]", "[ward.code]"))), "population.ward/code");
}

TEST(ParseRelationships, SeveralColumnsTogether) {
    const Contract contract =
        accepted(between("[person.ward, person.province]", "[ward.code, ward.province]"));
    EXPECT_EQ(shown(contract), "none");
    EXPECT_THAT(contract.notes, ElementsAre()) << "quality checks them";
    ASSERT_EQ(contract.datasets.at(1).foreign_keys.size(), 1U);
    const ForeignKey& key = contract.datasets.at(1).foreign_keys[0];
    EXPECT_THAT(key.columns, ElementsAre("ward", "province"));
    EXPECT_EQ(key.dataset, "population.ward");
    EXPECT_THAT(key.target_columns, ElementsAre("code", "province"));
    ASSERT_EQ(key.at.size(), 2U);
    EXPECT_EQ(key.at[1].path, "schema[1].relationships[0].to[1]");
    EXPECT_GT(key.at[1].column, key.at[0].column);
    EXPECT_EQ(key.at[1].line, key.at[0].line);
}

TEST(ParseRelationships, TargetsThatAreNotThere) {
    const std::string path = "schema[1].properties[2].relationships[0].to";
    expect_problem(to("▶wards.code"), {path, "no dataset `wards`", "did you mean `ward`?"});
    expect_problem(to("▶country.code"), {path, "no dataset `country`", "domain.schema.column"});
    expect_problem(to("▶ward.cod"), {path, "no column `cod`", "did you mean `code`?"});
    expect_problem(to("▶schema/none/properties/code"),
                   {path, "no dataset with the id `none`", "`id`"});
    expect_problem(to("▶schema/ward_tbl/properties/none"),
                   {path, "no column `none`", "a column of `ward`"});
}

TEST(ParseRelationships, FormsThatAreNotUnderstood) {
    const std::string path = "schema[1].properties[2].relationships[0].to";
    for (const char* text : {"code", "Ward.code", "a..b", "'a b.c'"}) {
        expect_problem(to(std::string("▶") + text), {path, "is not understood", "schema.column"});
    }
    expect_problem(to("▶schema/ward_tbl"), {path, "is not understood", "schema/id/properties/id"});
    expect_problem(to("▶other.yaml#ward.code"), {path, "another file", "domain.schema.column"});
}

TEST(ParseRelationships, WrongShape) {
    const std::string path = "schema[1].properties[2].relationships[0]";
    expect_problem(to("ward.code", "            ▶from: person.ward\n"),
                   {path + ".from", "`from` already", "remove `from`"});
    expect_problem(to("ward.code", "            type: ▶parent\n"),
                   {path + ".type", "no relationship `parent`", "foreignKey"});
    expect_problem(two("        relationships:\n          - ▶type: foreignKey\n"),
                   {path + ".to", "`to` is missing", "ward.code"});
    expect_problem(two("        relationships:\n          - to: ward.code\n          - ▶to: "
                       "administrative.ward.code\n"),
                   {"schema[1].properties[2].relationships[1]",
                    "refers to `population.ward.code` already", "one reference"});
    expect_problem(two("", "    relationships:\n      - ▶to: ward.code\n"),
                   {"schema[1].relationships[0].from", "`from` is missing", "person"});
    expect_problem(two("        ▶relationships: []\n", "", "v3.0.2"),
                   {"schema[1].properties[2].relationships", "exists from v3.1.0 on", "v3.1.0"});
}

TEST(ParseRelationships, SidesThatDoNotMatch) {
    expect_problem(
        two("", "    relationships:\n      - ▶from: [ward, province]\n        to: [ward.code]\n"),
        {"schema[1].relationships[0]", "2 columns refer to 1 columns", "as many"});
    expect_problem(
        between("▶ward.code", "ward.code"),
        {"schema[1].relationships[0].from", "must be a column of this dataset", "person.column"});
    expect_problem(
        to("▶ward.area"),
        {"schema[1].properties[2].relationships[0].to",
         "`ward` of the type `string` refers to `area` of the type `number`", "same type"});
    expect_problem(two("",
                       "    relationships:\n      - ▶from: [ward, province]\n        to: "
                       "[ward.code, other.ward.province]\n"),
                   {"schema[1].relationships[0]", "must name one dataset", "two"});
}

}  // namespace
}  // namespace nguon::contract
