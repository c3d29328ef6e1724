// Objects, arrays, maps, vectors: columns with parts.
#include <gmock/gmock.h>

#include <algorithm>

#include "contract/internal/testing.h"

namespace nguon::contract {
namespace {

using testing::accepted;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::expect_problem;
using testing::person;

// Goal: parts of any depth are read with their own options. Method: an object with an array of
// objects, a map and a vector.
TEST(ParseNested, PartsOfEveryKind) {
    const Dataset dataset = accepted(person(R"(
      - name: address
        logicalType: object
        required: true
        logicalTypeOptions: {minProperties: 1, maxProperties: 9, required: [wardCode]}
        properties:
          - name: wardCode
            businessName: Mã xã
            logicalType: string
            required: true
            logicalTypeOptions: {pattern: '[0-9]{5}', maxLength: 5}
            enum: [{value: '00004'}]
          - name: lines
            logicalType: array
            logicalTypeOptions: {minItems: 1, maxItems: 3, uniqueItems: true}
            items:
              logicalType: object
              properties: [{name: text, logicalType: string}]
      - name: labels
        logicalType: map
        map: {key: {logicalType: string}, value: {logicalType: integer}}
      - name: embedding
        logicalType: vector
        logicalTypeOptions: {dimensions: 3, elementType: int8, normalized: false}
)"))
                                .datasets.at(0);
    const Column& address = *dataset.column("address");
    EXPECT_EQ(address.type, LogicalType::kObject);
    EXPECT_EQ(address.options.min_properties, 1);
    EXPECT_EQ(address.options.max_properties, 9);
    EXPECT_THAT(address.options.required_properties, ElementsAre("wardCode"));
    const Column& ward = *address.property("wardCode");
    EXPECT_TRUE(ward.required);
    EXPECT_EQ(ward.options.max_length, 5);
    EXPECT_EQ(ward.enumeration.at(0).value, "00004");
    EXPECT_EQ(ward.at.path, "schema[0].properties[1].properties[0]");
    const Column& lines = *address.property("lines");
    EXPECT_TRUE(lines.options.unique_items);
    EXPECT_EQ(lines.items.at(0).properties.at(0).name, "text");
    EXPECT_EQ(dataset.column("labels")->map.at(1).type, LogicalType::kInteger);
    EXPECT_EQ(dataset.column("embedding")->options.dimensions, 3);
    EXPECT_EQ(dataset.column("embedding")->options.element_type, "int8");
}

TEST(ParseNested, WhatAPartCannotBe) {
    const auto object = [](std::string_view part) {
        return person(
            "      - name: a\n        logicalType: object\n        properties:\n"
            "          - " +
            std::string(part) + "\n");
    };
    const std::string at = "schema[0].properties[1].properties[0]";
    expect_problem(object("{name: x, logicalType: string, ▶primaryKey: true}"),
                   {at + ".primaryKey", "cannot be in the primary key", "column of its own"});
    expect_problem(object("{name: x, logicalType: string, ▶unique: true}"),
                   {at + ".unique", "cannot be `unique`", "column of its own"});
    expect_problem(object("▶{logicalType: string}"), {at + ".name", "is missing", "name"});
    expect_problem(object("{name: x, logicalType: string, ▶lenght: 3}"),
                   {at + ".lenght", "no field `lenght`", "remove"});
    expect_problem(
        object("{name: x, logicalType: string, quality: [▶{metric: nullValues, mustBe: 0}]}"),
        {at + ".quality[0]", "of a part of a nested column", "required"});
    expect_problem(person("      - {name: a, logicalType: object, unique: ▶true}\n"),
                   {"schema[0].properties[1].unique", "does not go with", "remove"});
    expect_problem(person("      - {name: a, logicalType: map, map: {key: ▶{logicalType: array}, "
                          "value: {logicalType: string}}}\n"),
                   {"schema[0].properties[1].map.key", "cannot be of the type `array`", "string"});
    expect_problem(person("      - ▶{name: a, logicalType: map}\n"),
                   {"schema[0].properties[1].map", "is missing", "key"});
    expect_problem(
        person("      - {name: a, logicalType: vector, logicalTypeOptions: ▶{normalized: "
               "true}}\n"),
        {"schema[0].properties[1].logicalTypeOptions.dimensions", "is missing", "384"});
    expect_problem(person("      - {name: a, logicalType: ▶vector, logicalTypeOptions: "
                          "{dimensions: 3}}\n",
                          "v3.1.0"),
                   {"schema[0].properties[1].logicalType", "from v3.2.0 on", "v3.2.0"});
}

// Goal: relationships reach into objects, on both sides. Method: a part that refers to a column,
// and a column that refers to a part, by name and by id.
TEST(ParseNested, RelationshipsReachIntoObjects) {
    const Dataset dataset = accepted(person(R"(
      - {name: mother, logicalType: string, relationships: [{to: person.card.number}]}
      - {name: father, logicalType: string, relationships: [{to: schema/person/properties/c/properties/n}]}
      - name: card
        id: c
        logicalType: object
        properties:
          - {name: number, id: n, logicalType: string}
          - {name: ward, logicalType: string, relationships: [{to: administrative.ward.code}]}
)"))
                                .datasets.at(0);
    ASSERT_EQ(dataset.foreign_keys.size(), 3U);
    const auto is = [&](std::string_view from, std::string_view to, std::string_view target) {
        return std::ranges::any_of(dataset.foreign_keys, [&](const ForeignKey& key) {
            return key.columns == std::vector<std::string>{std::string(from)} &&
                   key.dataset == to &&
                   key.target_columns == std::vector<std::string>{std::string(target)};
        });
    };
    EXPECT_TRUE(is("mother", "population.person", "card.number"));
    EXPECT_TRUE(is("father", "population.person", "card.number"));
    EXPECT_TRUE(is("card.ward", "administrative.ward", "code"));
    expect_problem(
        person("      - {name: a, logicalType: object, properties: [{name: x, logicalType: "
               "integer, relationships: [{to: ▶person.id}]}]}\n"),
        {"schema[0].properties[1].properties[0].relationships[0].to", "only for the type `string`",
         "string"});
    expect_problem(person("      - {name: a, logicalType: array, items: {logicalType: string, "
                          "▶relationships: [{to: person.id}]}}\n"),
                   {"schema[0].properties[1].items.relationships", "not supported", "of its own"});
    expect_problem(person("      - {name: a, logicalType: string, relationships: [{to: "
                          "▶person.id.x}]}\n"),
                   {"schema[0].properties[1].relationships[0].to", "no column `id.x`", "column"});
}

TEST(ParseNested, GeometryAndWideIntegers) {
    const Dataset dataset =
        accepted(
            person("      - {name: a, logicalType: string, logicalTypeOptions: {format: wkt}}\n"
                   "      - {name: b, logicalType: object, logicalTypeOptions: {format: "
                   "geojson}}\n"
                   "      - {name: c, logicalType: integer, logicalTypeOptions: {format: "
                   "u64}}\n"))
            .datasets.at(0);
    EXPECT_EQ(dataset.column("a")->options.format, "wkt");
    EXPECT_EQ(dataset.column("b")->options.format, "geojson");
    EXPECT_EQ(dataset.column("c")->type, LogicalType::kNumber);
    EXPECT_EQ(dataset.column("c")->precision, 20);
    expect_problem(
        person("      - {name: b, logicalType: object, logicalTypeOptions: {format: "
               "▶kml}}\n"),
        {"schema[0].properties[1].logicalTypeOptions.format", "no format `kml`", "`geojson`"});
}

}  // namespace
}  // namespace nguon::contract
