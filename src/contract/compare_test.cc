#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/internal/testing.h"

namespace nguon::contract {
namespace {

using testing::accepted;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::person;
using testing::top;

// "path!" for a breaking difference, "path" for a compatible one.
std::vector<std::string> differences(const std::string& before, const std::string& after) {
    std::vector<std::string> found;
    for (const Difference& one :
         compare(accepted(before).datasets.at(0), accepted(after).datasets.at(0))) {
        EXPECT_FALSE(one.what.vi.empty() || one.what.en.empty()) << one.path;
        found.push_back(one.path + (one.breaking ? "!" : ""));
    }
    return found;
}

std::string column(std::string_view rest) {
    return person("      - {name: b, " + std::string(rest) + "}\n");
}
std::string options(std::string_view type, std::string_view given) {
    return column("logicalType: " + std::string(type) + ", logicalTypeOptions: {" +
                  std::string(given) + "}");
}
std::string rule(std::string_view given) {
    return column("logicalType: string, quality: [{name: r, " + std::string(given) + "}]");
}
std::string ours(std::string_view name, std::string_view value) {
    return column("logicalType: string") +
           "    customProperties: [{property: " + std::string(name) +
           ", value: " + std::string(value) + "}]\n";
}

// Expects the change to break one way and to be compatible the other.
void expect_narrows(const std::string& before, const std::string& after, const std::string& path) {
    EXPECT_THAT(differences(before, after), ElementsAre(path + "!")) << before << after;
    EXPECT_THAT(differences(after, before), ElementsAre(path)) << after << before;
}
void expect_breaks(const std::string& before, const std::string& after, const std::string& path) {
    EXPECT_THAT(differences(before, after), ElementsAre(path + "!"));
    EXPECT_THAT(differences(after, before), ElementsAre(path + "!"));
}
void expect_compatible(const std::string& before, const std::string& after,
                       const std::string& path) {
    EXPECT_THAT(differences(before, after), ElementsAre(path));
    EXPECT_THAT(differences(after, before), ElementsAre(path));
}

TEST(Compare, TheSameHasNoDifference) {
    const std::string yaml = rule("metric: nullValues, mustBe: 0");
    EXPECT_THAT(differences(yaml, yaml), IsEmpty());
}

TEST(Compare, Columns) {
    EXPECT_THAT(differences(person(""), column("logicalType: string")),
                ElementsAre("properties.b"));
    EXPECT_THAT(differences(person(""), column("logicalType: string, required: true")),
                ElementsAre("properties.b!"));
    EXPECT_THAT(differences(column("logicalType: string"), person("")),
                ElementsAre("properties.b!"));
    EXPECT_THAT(differences(column("logicalType: string"),
                            person("      - {name: c, logicalType: string}\n")),
                ElementsAre("properties.b!"));
    EXPECT_THAT(differences(column("logicalType: string"),
                            person("      - {name: c, logicalType: date}\n")),
                ElementsAre("properties.b!", "properties.c"));
}

TEST(Compare, ARenameIsSaid) {
    const auto found =
        compare(accepted(column("logicalType: string")).datasets[0],
                accepted(person("      - {name: c, logicalType: string}\n")).datasets[0]);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].what.en, "renamed to `c`; old values stay under the new name");
}

TEST(Compare, OrderOfColumns) {
    const std::string b = "      - {name: b, logicalType: string}\n",
                      c = "      - {name: c, logicalType: string}\n";
    expect_compatible(person(b + c), person(c + b), "properties");
}

TEST(Compare, TypesAndKeys) {
    expect_breaks(column("logicalType: integer"), column("logicalType: number"),
                  "properties.b.logicalType");
    expect_narrows(column("logicalType: number, physicalType: 'DECIMAL(12,2)'"),
                   column("logicalType: number, physicalType: 'DECIMAL(10,2)'"),
                   "properties.b.physicalType");
    expect_breaks(column("logicalType: number"),
                  column("logicalType: number, physicalType: 'DECIMAL(10,2)'"),
                  "properties.b.physicalType");
    expect_compatible(column("logicalType: string, physicalType: text"),
                      column("logicalType: string, physicalType: varchar"),
                      "properties.b.physicalType");
    expect_narrows(column("logicalType: string"), column("logicalType: string, required: true"),
                   "properties.b.required");
    expect_narrows(column("logicalType: string"), column("logicalType: string, unique: true"),
                   "properties.b.unique");
    EXPECT_THAT(differences(column("logicalType: string, required: true"),
                            column("logicalType: string, primaryKey: true")),
                ElementsAre("primaryKey!"));
}

TEST(Compare, Options) {
    const std::string path = "properties.b.logicalTypeOptions.";
    expect_narrows(options("string", "maxLength: 9"), options("string", "maxLength: 8"),
                   path + "maxLength");
    expect_narrows(options("string", ""), options("string", "maxLength: 8"), path + "maxLength");
    expect_narrows(options("string", "minLength: 1"), options("string", "minLength: 2"),
                   path + "minLength");
    expect_narrows(options("string", ""), options("string", "pattern: a"), path + "pattern");
    expect_breaks(options("string", "pattern: a"), options("string", "pattern: b"),
                  path + "pattern");
    expect_narrows(options("integer", "minimum: 1"), options("integer", "minimum: 2"),
                   path + "minimum");
    expect_narrows(options("integer", "minimum: 1"), options("integer", "exclusiveMinimum: 1"),
                   path + "minimum");
    expect_narrows(options("number", "maximum: 1.5"), options("number", "maximum: 1.25"),
                   path + "maximum");
    expect_narrows(options("date", "maximum: 2030-01-01"), options("date", "maximum: 2029-12-31"),
                   path + "maximum");
    expect_narrows(options("integer", "multipleOf: 5"), options("integer", "multipleOf: 10"),
                   path + "multipleOf");
    expect_breaks(options("integer", "multipleOf: 5"), options("integer", "multipleOf: 7"),
                  path + "multipleOf");
    expect_narrows(options("integer", "format: i64"), options("integer", "format: i32"),
                   path + "format");
    expect_narrows(options("integer", "format: i32"), options("integer", "format: u16"),
                   path + "format");
    expect_breaks(options("integer", "format: i32"), options("integer", "format: u32"),
                  path + "format");
    expect_narrows(options("string", ""), options("string", "format: email"), path + "format");
    expect_breaks(options("date", "format: yyyy-MM-dd"), options("date", "format: dd/MM/yyyy"),
                  path + "format");
    expect_breaks(options("timestamp", "timezone: true"), options("timestamp", "timezone: false"),
                  path + "timezone");
    expect_breaks(options("timestamp", ""),
                  options("timestamp", "defaultTimezone: Asia/Ho_Chi_Minh"),
                  path + "defaultTimezone");
    EXPECT_THAT(differences(options("integer", "minimum: 1, exclusiveMinimum: 5"),
                            options("integer", "exclusiveMinimum: 5")),
                IsEmpty());
}

TEST(Compare, Enumerations) {
    const auto with = [](std::string_view values) {
        return column("logicalType: string, enum: [" + std::string(values) + "]");
    };
    const std::string path = "properties.b.enum";
    expect_narrows(column("logicalType: string"), with("{value: a}"), path);
    expect_narrows(with("{value: a}, {value: c}"), with("{value: a}"), path);
    expect_compatible(with("{value: a}"), with("{value: a, label: Á}"), path + ".a");
}

TEST(Compare, References) {
    const std::string with = column("logicalType: string, relationships: [{to: a.ward.code}]");
    expect_narrows(column("logicalType: string"), with, "properties.b.relationships");
    expect_breaks(with, column("logicalType: string, relationships: [{to: a.ward.id}]"),
                  "properties.b.relationships");
    expect_narrows(column("logicalType: string"),
                   column("logicalType: string") +
                       "    relationships: [{from: [id, b], to: [a.w.x, a.w.y]}]\n",
                   "relationships");
}

TEST(Compare, Rules) {
    const std::string none = column("logicalType: string"), path = "quality.r";
    expect_narrows(none, rule("metric: nullValues, mustBe: 0"), path);
    expect_compatible(none, rule("metric: nullValues, mustBe: 0, severity: warning"), path);
    expect_narrows(rule("metric: nullValues, mustBe: 0, severity: warning"),
                   rule("metric: nullValues, mustBe: 0"), path + ".severity");
    expect_narrows(rule("metric: nullValues, mustBeLessThan: 5"),
                   rule("metric: nullValues, mustBeLessThan: 4"), path);
    expect_narrows(rule("metric: nullValues, mustBeGreaterThan: 4"),
                   rule("metric: nullValues, mustBeGreaterThan: 5"), path);
    expect_narrows(rule("metric: nullValues, mustBeBetween: [1, 9]"),
                   rule("metric: nullValues, mustBeBetween: [2, 9]"), path);
    expect_narrows(rule("metric: nullValues, mustNotBeBetween: [2, 9]"),
                   rule("metric: nullValues, mustNotBeBetween: [1, 9]"), path);
    expect_breaks(rule("metric: nullValues, mustBe: 1"), rule("metric: nullValues, mustBe: 2"),
                  path);
    expect_breaks(rule("metric: nullValues, mustBe: 1"),
                  rule("metric: duplicateValues, mustBe: 1, dimension: complete"), path);
    expect_narrows(rule("metric: invalidValues, mustBe: 0, arguments: {validValues: [a, b]}"),
                   rule("metric: invalidValues, mustBe: 0, arguments: {validValues: [a]}"), path);
    expect_narrows(rule("metric: missingValues, mustBe: 0, arguments: {missingValues: [a]}"),
                   rule("metric: missingValues, mustBe: 0, arguments: {missingValues: [a, null]}"),
                   path);
    expect_breaks(rule("metric: invalidValues, mustBe: 0, arguments: {pattern: a}"),
                  rule("metric: invalidValues, mustBe: 0, arguments: {pattern: b}"), path);
    // More of what is valid makes fewer invalid, which breaks a bound from below.
    expect_breaks(
        rule("metric: invalidValues, mustBeGreaterThan: 1, arguments: {validValues: [a]}"),
        rule("metric: invalidValues, mustBeGreaterThan: 1, arguments: {validValues: [a, b]}"),
        path);
    expect_breaks(rule("type: custom, engine: nguon, implementation: b > 'a'"),
                  rule("type: custom, engine: nguon, implementation: b > 'b'"), path);
    expect_compatible(rule("metric: nullValues, mustBe: 0, description: x"),
                      rule("metric: nullValues, mustBe: 0"), path + ".description");
    expect_compatible(rule("metric: nullValues, mustBe: 0, dimension: clean"),
                      rule("metric: nullValues, mustBe: 0"), path + ".dimension");
}

TEST(Compare, TheDatasetItself) {
    expect_narrows(ours("access", "open"), ours("access", "shared"), "access");
    expect_narrows(ours("access", "shared"), ours("access", "internal"), "access");
    expect_compatible(ours("level", "1"), ours("level", "2"), "level");
    expect_compatible(ours("snapshotMaxDeleteShare", "0.1"), ours("snapshotMaxDeleteShare", "0.2"),
                      "snapshotMaxDeleteShare");
    expect_breaks(ours("mode", "upsert"), ours("mode", "snapshot"), "mode");
    expect_compatible(ours("subject", "id"), ours("subject", "b"), "subject");
    expect_compatible(person(""), person("") + "    description: x\n", "description");
    expect_compatible(person(""), person("") + "    businessName: x\n", "businessName");
    expect_compatible(column("logicalType: string"), column("logicalType: string, businessName: x"),
                      "properties.b.businessName");
    expect_compatible(column("logicalType: string"), column("logicalType: string, description: x"),
                      "properties.b.description");
    expect_compatible(column("logicalType: string"),
                      column("logicalType: string, classification: x"),
                      "properties.b.classification");
    std::string other = person("");
    other.replace(other.find("name: person"), 12, "name: people");
    EXPECT_THAT(differences(person(""), other), ElementsAre("name!", "businessName"));
}

std::string object(std::string_view properties) {
    return column("logicalType: object, properties: [" + std::string(properties) + "]");
}

TEST(Compare, PartsOfNestedColumns) {
    const std::string x = "{name: x, logicalType: string}";
    EXPECT_THAT(differences(object(x), object(x + ", {name: y, logicalType: string}")),
                ElementsAre("properties.b.properties.y"));
    EXPECT_THAT(differences(object(x), object(x + ", {name: y, logicalType: string, required: "
                                                  "true}")),
                ElementsAre("properties.b.properties.y!"));
    EXPECT_THAT(differences(object(x + ", {name: y, logicalType: string}"), object(x)),
                ElementsAre("properties.b.properties.y!"));
    expect_breaks(object(x), object("{name: x, logicalType: integer}"),
                  "properties.b.properties.x.logicalType");
    expect_narrows(column("logicalType: object"), object(x), "properties.b.properties");
    expect_narrows(column("logicalType: array, items: {logicalType: string}"),
                   column("logicalType: array, items: {logicalType: string, enum: [{value: a}]}"),
                   "properties.b.items.enum");
    expect_narrows(column("logicalType: array"),
                   column("logicalType: array, items: {logicalType: string}"),
                   "properties.b.items");
    expect_narrows(options("array", ""), options("array", "uniqueItems: true"),
                   "properties.b.logicalTypeOptions.uniqueItems");
    expect_narrows(options("array", "maxItems: 3"), options("array", "maxItems: 2"),
                   "properties.b.logicalTypeOptions.maxItems");
    expect_narrows(options("object", ""), options("object", "format: geojson"),
                   "properties.b.logicalTypeOptions.format");
    expect_breaks(options("vector", "dimensions: 3"), options("vector", "dimensions: 4"),
                  "properties.b.logicalTypeOptions.dimensions");
    const auto map = [](std::string_view value) {
        return column("logicalType: map, map: {key: {logicalType: string}, value: {logicalType: " +
                      std::string(value) + "}}");
    };
    expect_breaks(map("string"), map("integer"), "properties.b.map.value.logicalType");
}

TEST(Compare, WhatOnlyDescribesBreaksNobody) {
    expect_compatible(column("logicalType: string"),
                      column("logicalType: string, deprecated: true"), "properties.b.deprecated");
    expect_compatible(column("logicalType: string"),
                      column("logicalType: string, synonyms: [{synonym: c}]"),
                      "properties.b.synonyms");
    expect_compatible(column("logicalType: string"), column("logicalType: string, tags: [c]"),
                      "properties.b.tags");
}

// Goal: it is said who must adapt. Method: one difference of each kind.
TEST(Compare, ForWhom) {
    const auto whom = [](const std::string& before, const std::string& after) {
        const auto found = compare(accepted(before).datasets.at(0), accepted(after).datasets.at(0));
        return std::string(name_of(found.at(0).audience));
    };
    EXPECT_EQ(whom(options("string", "maxLength: 9"), options("string", "maxLength: 8")),
              "senders");
    EXPECT_EQ(whom(options("string", "maxLength: 8"), options("string", "maxLength: 9")),
              "readers");
    EXPECT_EQ(whom(person(""), column("logicalType: string, required: true")), "senders");
    EXPECT_EQ(whom(column("logicalType: string"), person("")), "both");
    EXPECT_EQ(whom(column("logicalType: string"), column("logicalType: date")), "both");
    EXPECT_EQ(whom(ours("access", "open"), ours("access", "internal")), "readers");
    EXPECT_EQ(whom(column("logicalType: string"), rule("metric: nullValues, mustBe: 0")),
              "senders");
    EXPECT_EQ(whom(ours("mode", "upsert"), ours("mode", "snapshot")), "both");
}

// Goal: each difference can be shown in the newer file. Method: one of each kind of place.
TEST(Compare, DifferencesHaveTheirPlaceInTheNewerFile) {
    const auto places = [](const std::string& before, const std::string& after) {
        std::vector<std::string> found;
        for (const Difference& one :
             compare(accepted(before).datasets.at(0), accepted(after).datasets.at(0))) {
            found.push_back(one.path + " " + one.at.path + " " + std::to_string(one.at.line) + ":" +
                            std::to_string(one.at.column));
        }
        return found;
    };
    // The columns of the flow map on line 13 count characters: ả is one.
    const std::string plain = column("businessName: Tả, logicalType: string");
    const std::string ruled = column(
        "businessName: Tả, logicalType: string, required: true, "
        "quality: [{name: r, metric: nullValues, mustBe: 0}]");
    EXPECT_THAT(places(plain, ruled),
                ElementsAre("properties.b.required schema[0].properties[1] 13:9",
                            "quality.r schema[0].properties[1].quality[0] 13:84"));
    EXPECT_THAT(places(plain, person("")), ElementsAre("properties.b schema[0] 8:5"))
        << "what is gone: the dataset";
    EXPECT_THAT(
        places(plain,
               column("businessName: Tả, logicalType: string, relationships: [{to: x.y.z}]")),
        ElementsAre("properties.b.relationships "
                    "schema[0].properties[1].relationships[0].to 13:79"));
    EXPECT_THAT(places(ours("mode", "upsert"), ours("mode", "snapshot")),
                ElementsAre("mode schema[0] 8:5"));
}

}  // namespace
}  // namespace nguon::contract
