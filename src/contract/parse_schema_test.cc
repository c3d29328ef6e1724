// Schema objects and their properties.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/internal/testing.h"

namespace nguon::contract {
namespace {

using testing::accepted;
using ::testing::Contains;
using testing::expect_problem;
using testing::person;
using testing::top;
using testing::with_object;

std::string custom(std::string_view name, std::string_view value) {
    return "    customProperties:\n      - {property: " + std::string(name) +
           ", value: " + std::string(value) + "}\n";
}

std::vector<std::string> names_of_key(const Dataset& dataset) {
    std::vector<std::string> names;
    for (const Column* column : dataset.key())
        names.push_back(column->name);
    return names;
}

TEST(ParseSchema, EveryFieldOfADataset) {
    const Contract contract = accepted(with_object(
        "    businessName: Công dân\n    description: Mỗi người một dòng\n    customProperties:\n"
        "      - {property: businessName_en, value: Citizen}\n"
        "      - {property: description_en, value: One row a person}\n"
        "      - {property: access, value: open}\n      - {property: level, value: 3}\n"
        "      - {property: snapshotMaxDeleteShare, value: 0.25}\n"
        "      - {property: mode, value: snapshot}\n      - {property: subject, value: id}\n"
        "      - {property: spatialExtent, value: VN}\n"));
    const Dataset& dataset = contract.datasets.at(0);
    EXPECT_EQ(dataset.name, "population.person");
    EXPECT_EQ(dataset.title.vi, "Công dân");
    EXPECT_EQ(dataset.title.en, "Citizen");
    EXPECT_EQ(dataset.description.vi, "Mỗi người một dòng");
    EXPECT_EQ(dataset.description.en, "One row a person");
    EXPECT_EQ(dataset.access, Access::kOpen);
    EXPECT_EQ(dataset.level, 3);
    EXPECT_EQ(dataset.max_delete_share, 0.25);
    EXPECT_EQ(dataset.mode, Mode::kSnapshot);
    EXPECT_EQ(dataset.subject, "id");
    EXPECT_THAT(contract.notes, Contains("schema[0].spatialExtent"));
}

TEST(ParseSchema, Defaults) {
    const Dataset dataset = accepted(person("")).datasets.at(0);
    EXPECT_EQ(dataset.title.vi, "person");
    EXPECT_EQ(dataset.title.en, "person");
    EXPECT_EQ(dataset.access, Access::kInternal);
    EXPECT_EQ(dataset.level, 1);
    EXPECT_EQ(dataset.mode, Mode::kUpsert);
    EXPECT_EQ(
        accepted(top() +
                 "  - name: event\n    properties:\n      - {name: at, logicalType: timestamp}\n")
            .datasets.at(0)
            .mode,
        Mode::kAppend);
}

TEST(ParseSchema, SeveralDatasetsInOneFile) {
    const Contract contract =
        accepted(person("") +
                 "  - name: house\n    properties:\n      - {name: no, logicalType: integer}\n");
    ASSERT_EQ(contract.datasets.size(), 2U);
    EXPECT_EQ(contract.datasets[1].name, "population.house");
}

TEST(ParseSchema, WrongNames) {
    expect_problem(
        top() + "  - name: ▶HoTich\n    properties:\n      - {name: a, logicalType: string}\n",
        {"schema[0].name", "cannot be the name of a dataset", "`name: ho_tich`"});
    expect_problem(
        person("") + "  - ▶name: person\n    properties:\n      - {name: a, logicalType: string}\n",
        {"schema[1].name", "two datasets are named `person`", "rename"});
}

TEST(ParseSchema, NoColumns) {
    expect_problem(top() + "  - ▶name: a\n",
                   {"schema[0].properties", "`properties` is missing", "properties"});
    expect_problem(top() + "  - name: a\n    properties: ▶[]\n",
                   {"schema[0].properties", "no columns", "- name"});
    expect_problem(top() +
                       "  - name: a\n    logicalType: ▶array\n    properties:\n      - {name: a, "
                       "logicalType: string}\n",
                   {"schema[0].logicalType", "must be `object`", "`logicalType: object`"});
}

TEST(ParseSchema, AsManyAsTheLimits) {
    std::string columns, rules, datasets = top();
    for (int i = 0; i < 2000; ++i) {
        const std::string mark = i == 1999 ? "▶" : "";
        columns += "      - " + mark + "{name: c" + std::to_string(i) + ", logicalType: string}\n";
    }
    expect_problem(person(columns),
                   {"schema[0].properties[2000]", "more than 2000 columns", "split"});
    for (int i = 0; i < 1001; ++i) {
        const std::string mark = i == 1000 ? "▶" : "";
        datasets += "  - " + mark + "{name: d" + std::to_string(i) +
                    ", properties: [{name: c, logicalType: string}]}\n";
    }
    expect_problem(datasets, {"schema[1000]", "more than 1000 datasets", "split"});
    for (int i = 0; i < 5001; ++i) {
        const std::string mark = i == 5000 ? "▶" : "";
        rules += "          - " + mark + "{metric: nullValues, mustBe: 0}\n";
    }
    expect_problem(person("        quality:\n" + rules),
                   {"schema[0].properties[0].quality[5000]", "more than 5000 rules", "split"});
}

TEST(ParseSchema, WrongWordsOfOurs) {
    expect_problem(with_object(custom("access", "▶public")),
                   {"schema[0].customProperties[0].value", "`access` cannot be `public`",
                    "`open`, `shared`, `internal`"});
    for (const char* share : {"▶1.5", "▶-0.1", "▶ten", "▶nan"}) {
        expect_problem(with_object(custom("snapshotMaxDeleteShare", share)),
                       {"schema[0].customProperties[0].value", "not understood", "0 to 1"});
    }
    expect_problem(with_object(custom("level", "▶6")),
                   {"schema[0].customProperties[0].value", "no level `6`", "1 to 5"});
    expect_problem(with_object(custom("mode", "▶merge")),
                   {"schema[0].customProperties[0].value", "`mode` cannot be `merge`",
                    "`upsert`, `append`, `snapshot`"});
    expect_problem(
        with_object(custom("subject", "▶ags")),
        {"schema[0].customProperties[0].value", "no column `ags`", "did you mean `age`?"});
}

TEST(ParseSchema, ModeWithoutAKey) {
    for (const char* mode : {"▶upsert", "▶snapshot"}) {
        expect_problem(
            top() + "  - name: a\n    properties:\n      - {name: b, logicalType: string}\n" +
                custom("mode", mode),
            {"schema[0].customProperties[0].value", "needs a primary key", "`append`"});
    }
}

TEST(ParseSchema, DerivedFromIsNotSupportedYet) {
    expect_problem(with_object(custom("derivedFrom", "▶select 1")),
                   {"schema[0].customProperties[0].value", "not supported yet", "remove"});
}

TEST(ParseSchema, CustomPropertiesThatAreNotOurs) {
    const Contract contract = accepted(with_object(custom("model", "x")));
    EXPECT_THAT(contract.notes, Contains("schema[0].customProperties[0]"));
    expect_problem(with_object(custom("▶acces", "open")),
                   {"schema[0].customProperties[0].property", "no custom property `acces`",
                    "did you mean `access`?"});
    expect_problem(with_object(custom("▶business_name_en", "x")),
                   {"schema[0].customProperties[0].property", "no custom property",
                    "did you mean `businessName_en`?"});
    expect_problem(
        person("") + "customProperties:\n  - {property: ▶access, value: open}\n",
        {"customProperties[0].property", "`access` means nothing here", "object in `schema`"});
    expect_problem(with_object("    customProperties:\n      - {property: level, value: 1}\n      "
                               "- {property: ▶level, value: 2}\n"),
                   {"schema[0].customProperties[1].property", "given twice", "keep one"});
    expect_problem(with_object("    customProperties:\n      - ▶{property: level}\n"),
                   {"schema[0].customProperties[0].value", "`value` is missing", "value"});
}

TEST(ParseProperty, EveryType) {
    for (const char* type :
         {"string", "integer", "number", "boolean", "date", "timestamp", "time"}) {
        const Dataset dataset =
            accepted(person("      - name: b\n        logicalType: " + std::string(type) + "\n"))
                .datasets.at(0);
        EXPECT_EQ(name_of(dataset.columns.at(1).type), type);
    }
}

TEST(ParseProperty, EveryField) {
    const Dataset dataset =
        accepted(person("      - name: income\n        logicalType: number\n        physicalType: "
                        "DECIMAL(15, 2)\n"
                        "        businessName: Thu nhập\n        description: Một năm\n        "
                        "required: true\n"
                        "        unique: true\n        classification: personal\n        "
                        "customProperties:\n"
                        "          - {property: businessName_en, value: Income}\n"
                        "          - {property: description_en, value: A year}\n"))
            .datasets.at(0);
    const Column& column = dataset.columns.at(1);
    EXPECT_EQ(column.precision, 15);
    EXPECT_EQ(column.scale, 2);
    EXPECT_EQ(column.title.vi, "Thu nhập");
    EXPECT_EQ(column.title.en, "Income");
    EXPECT_EQ(column.description.en, "A year");
    EXPECT_TRUE(column.required);
    EXPECT_TRUE(column.unique);
    EXPECT_EQ(column.classification, "personal");
    EXPECT_EQ(column.key_position, 0);
    EXPECT_EQ(column.at.line, 13);
}

TEST(ParseProperty, TypeFromThePhysicalTypeWhenThereIsNoOther) {
    const Dataset dataset = accepted(person("      - {name: b, physicalType: VARCHAR(20)}\n      - "
                                            "{name: c, physicalType: timestamp_tz}\n"))
                                .datasets.at(0);
    EXPECT_EQ(dataset.columns.at(1).type, LogicalType::kString);
    EXPECT_EQ(dataset.columns.at(2).type, LogicalType::kTimestamp);
    expect_problem(person("      - ▶{name: b, physicalType: GEOMETRY}\n"),
                   {"schema[0].properties[1].logicalType", "`logicalType` is missing", "string"});
}

TEST(ParseProperty, TypesThatThereAreNot) {
    expect_problem(
        person("      - name: b\n        logicalType: ▶strng\n"),
        {"schema[0].properties[1].logicalType", "no type `strng`", "did you mean `string`?"});
    expect_problem(person("      - name: b\n        logicalType: ▶varchar(20)\n"),
                   {"schema[0].properties[1].logicalType", "no type", "`logicalType: string`"});
    expect_problem(person("      - name: b\n        logicalType: string\n        ▶items: {}\n"),
                   {"schema[0].properties[1].items", "does not go with this type", "remove"});
}

// Goal: 3.0 had `date` alone; what is meant follows from its format.
TEST(ParseProperty, DatesOf30) {
    const Dataset dataset =
        accepted(
            person(
                "      - {name: b, logicalType: date, logicalTypeOptions: {format: yyyy-MM-dd}}\n"
                "      - {name: c, logicalType: date, logicalTypeOptions: {format: 'yyyy-MM-dd "
                "HH:mm:ss'}}\n"
                "      - {name: d, logicalType: date, logicalTypeOptions: {format: 'HH:mm:ss'}}\n"
                "      - {name: e, logicalType: date, physicalType: timestamp}\n",
                "v3.0.2"))
            .datasets.at(0);
    EXPECT_EQ(dataset.columns.at(1).type, LogicalType::kDate);
    EXPECT_EQ(dataset.columns.at(2).type, LogicalType::kTimestamp);
    EXPECT_EQ(dataset.columns.at(3).type, LogicalType::kTime);
    EXPECT_EQ(dataset.columns.at(4).type, LogicalType::kTimestamp);
    expect_problem(
        person("      - name: b\n        logicalType: ▶timestamp\n", "v3.0.2"),
        {"schema[0].properties[1].logicalType", "exists from v3.1.0 on", "`apiVersion: v3.1.0`"});
}

TEST(ParseProperty, WrongNames) {
    expect_problem(
        person("      - name: ▶hoTen\n        logicalType: string\n"),
        {"schema[0].properties[1].name", "cannot be the name of a column", "`name: ho_ten`"});
    expect_problem(person("      - name: ▶họ tên\n        logicalType: string\n"),
                   {"schema[0].properties[1].name", "cannot be the name", "businessName"});
    expect_problem(person("      - name: ▶_row\n        logicalType: string\n"),
                   {"schema[0].properties[1].name", "cannot be the name", "`name: row`"});
    expect_problem(
        person("      - name: ▶a" + std::string(63, 'b') + "\n        logicalType: string\n"),
        {"schema[0].properties[1].name", "cannot be the name", "at most 63"});
    expect_problem(person("      - name: ▶id\n        logicalType: string\n"),
                   {"schema[0].properties[1].name", "`id` is on line 10 already", "rename"});
}

// Goal: YAML 1.1's yes and no are not guessed.
TEST(ParseProperty, BooleansAreTrueOrFalse) {
    expect_problem(person("        unique: ▶yes\n"),
                   {"schema[0].properties[0].unique", "must be", "`true`"});
    expect_problem(person("        unique: ▶'true'\n"),
                   {"schema[0].properties[0].unique", "must be", "`true`"});
    expect_problem(person("        unique: ▶[]\n"),
                   {"schema[0].properties[0].unique", "this is a list", "`true` or `false`"});
}

TEST(ParseProperty, ExactNumbersOfImpossibleSize) {
    for (const char* type : {"DECIMAL(39,2)", "DECIMAL(5,6)", "NUMERIC(0)", "DECIMAL(a,b)"}) {
        expect_problem(
            person("      - name: b\n        logicalType: number\n        physicalType: ▶" +
                   std::string(type) + "\n"),
            {"schema[0].properties[1].physicalType", "not a supported exact number",
             "from 1 to 38"});
    }
}

TEST(ParseKey, OrderOfColumnsOrPositions) {
    const auto two = [](std::string_view first, std::string_view second) {
        return top() +
               "  - name: a\n    properties:\n      - {name: x, logicalType: string, primaryKey: "
               "true" +
               std::string(first) + "}\n      - {name: y, logicalType: string, primaryKey: true" +
               std::string(second) + "}\n";
    };
    const Dataset plain = accepted(two("", "")).datasets.at(0);
    EXPECT_THAT(names_of_key(plain), ::testing::ElementsAre("x", "y"));
    EXPECT_TRUE(plain.columns.at(0).required);
    const Dataset placed =
        accepted(two(", primaryKeyPosition: 2", ", primaryKeyPosition: 1")).datasets.at(0);
    EXPECT_THAT(names_of_key(placed), ::testing::ElementsAre("y", "x"));
    EXPECT_THAT(names_of_key(accepted(two(", primaryKeyPosition: -1", "")).datasets.at(0)),
                ::testing::ElementsAre("x", "y"));
    EXPECT_THAT(accepted(two(", required: false", "")).notes,
                Contains("schema[0].properties[*].required"));
}

TEST(ParseKey, WrongPositions) {
    const std::string head = top() +
                             "  - name: a\n    properties:\n      - {name: x, logicalType: string, "
                             "primaryKey: true, primaryKeyPosition: 1}\n      - ";
    expect_problem(
        head + "▶{name: y, logicalType: string, primaryKey: true}\n",
        {"schema[0].properties[1].primaryKeyPosition", "has no position, others have", "1 to 2"});
    for (const char* position : {"1", "3"}) {
        expect_problem(
            head + "▶{name: y, logicalType: string, primaryKey: true, primaryKeyPosition: " +
                position + "}\n",
            {"schema[0].properties[1].primaryKeyPosition", "taken or leaves a gap", "1 to 2"});
    }
    expect_problem(head + "{name: y, logicalType: string, primaryKeyPosition: ▶2}\n",
                   {"schema[0].properties[1].primaryKeyPosition", "not in the primary key",
                    "`primaryKey: true`"});
    expect_problem(person("        primaryKeyPosition: ▶0\n"),
                   {"schema[0].properties[0].primaryKeyPosition", "count from 1", "1"});
    expect_problem(person("        primaryKeyPosition: ▶first\n"),
                   {"schema[0].properties[0].primaryKeyPosition", "whole number", "`1`"});
}

TEST(ParseKey, InexactNumberIsNoKey) {
    expect_problem(top() +
                       "  - name: a\n    properties:\n      - {name: x, logicalType: number, "
                       "primaryKey: ▶true}\n",
                   {"schema[0].properties[0].primaryKey", "an inexact number cannot be a key",
                    "DECIMAL(p,s)"});
    accepted(top() +
             "  - name: a\n    properties:\n      - {name: x, logicalType: number, physicalType: "
             "'DECIMAL(9,0)', primaryKey: true}\n");
}

}  // namespace
}  // namespace nguon::contract
