// logicalTypeOptions and enum.
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

// A column `b` of the type with the options.
std::string with_options(std::string_view type, std::string_view options,
                         std::string_view version = "v3.2.0") {
    return person("      - name: b\n        logicalType: " + std::string(type) +
                      "\n        logicalTypeOptions: {" + std::string(options) + "}\n",
                  version);
}
TypeOptions options_of(std::string_view type, std::string_view options,
                       std::string_view version = "v3.2.0") {
    return accepted(with_options(type, options, version)).datasets.at(0).columns.at(1).options;
}
std::string at(std::string_view option) {
    return "schema[0].properties[1].logicalTypeOptions." + std::string(option);
}

std::string with_enum(std::string_view type, std::string_view values) {
    return person("      - name: b\n        logicalType: " + std::string(type) +
                  "\n        enum: " + std::string(values) + "\n");
}

TEST(ParseOptions, Strings) {
    const TypeOptions options =
        options_of("string", "minLength: 2, maxLength: 9, pattern: '[A-Z]+', format: email");
    EXPECT_EQ(options.min_length, 2);
    EXPECT_EQ(options.max_length, 9);
    EXPECT_EQ(options.pattern, "[A-Z]+");
    EXPECT_EQ(options.format, "email");
    EXPECT_THAT(accepted(with_options("string", "format: cccd")).notes,
                Contains("schema[0].properties[*].logicalTypeOptions.format"));
}

// Goal: decimals are kept as written.
TEST(ParseOptions, Numbers) {
    const TypeOptions options =
        options_of("number", "minimum: 0.10, maximum: 1e3, multipleOf: 0.1, format: f64");
    EXPECT_EQ(options.minimum, "0.10");
    EXPECT_EQ(options.maximum, "1e3");
    EXPECT_EQ(options.multiple_of, "0.1");
    const TypeOptions whole =
        options_of("integer", "exclusiveMinimum: 0, exclusiveMaximum: 10, format: u8");
    EXPECT_EQ(whole.exclusive_minimum, "0");
    EXPECT_EQ(whole.exclusive_maximum, "10");
    EXPECT_EQ(whole.format, "u8");
}

TEST(ParseOptions, DatesAndTimes) {
    EXPECT_EQ(options_of("date", "format: dd/MM/yyyy, minimum: 1900-01-01, maximum: '2100-12-31'")
                  .maximum,
              "2100-12-31");
    const TypeOptions stamp =
        options_of("timestamp",
                   "format: \"yyyy-MM-dd'T'HH:mm:ssZ\", timezone: false, defaultTimezone: "
                   "Asia/Ho_Chi_Minh, minimum: '2020-01-01T00:00:00Z'");
    EXPECT_FALSE(stamp.timezone);
    EXPECT_EQ(stamp.default_timezone, "Asia/Ho_Chi_Minh");
    EXPECT_EQ(options_of("time", "format: 'HH:mm:ss', exclusiveMaximum: '18:00'").exclusive_maximum,
              "18:00");
    EXPECT_TRUE(options_of("timestamp", "").timezone);
}

// Goal: until 3.0.2 exclusiveMinimum was a boolean about minimum.
TEST(ParseOptions, ExclusiveBoundsOf30) {
    const TypeOptions options = options_of(
        "integer", "minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false",
        "v3.0.2");
    EXPECT_EQ(options.minimum, "");
    EXPECT_EQ(options.exclusive_minimum, "1");
    EXPECT_EQ(options.maximum, "9");
    EXPECT_EQ(options.exclusive_maximum, "");
    expect_problem(with_options("integer", "exclusiveMinimum: ▶true", "v3.0.1"),
                   {at("exclusiveMinimum"), "needs `minimum`", "add `minimum`"});
    expect_problem(with_options("integer", "▶exclusiveMinimum: 3", "v3.0.1"),
                   {at("exclusiveMinimum"), "exists from v3.1.0 on", "v3.1.0"});
    expect_problem(with_options("integer", "minimum: 1, exclusiveMinimum: ▶true", "v3.1.0"),
                   {at("exclusiveMinimum"), "`true` is not a value of the type `integer`", "`12`"});
}

TEST(ParseOptions, OptionOfAnotherType) {
    struct Case {
        const char *type, *option;
    };
    for (const Case& one :
         {Case{"integer", "minLength"}, Case{"integer", "maxLength"}, Case{"number", "pattern"},
          Case{"boolean", "format"}, Case{"string", "minimum"}, Case{"boolean", "maximum"},
          Case{"string", "exclusiveMinimum"}, Case{"string", "exclusiveMaximum"},
          Case{"date", "multipleOf"}, Case{"date", "timezone"}, Case{"string", "defaultTimezone"},
          Case{"string", "minItems"}, Case{"string", "maxItems"}, Case{"string", "uniqueItems"},
          Case{"string", "minProperties"}, Case{"string", "maxProperties"},
          Case{"string", "required"}}) {
        expect_problem(
            with_options(one.type, std::string("▶") + one.option + ": 1"),
            {at(one.option), std::string("is not for the type `") + one.type + "`", "logicalType"});
    }
    expect_problem(with_options("string", "▶maxLenght: 1"),
                   {at("maxLenght"), "no field", "did you mean `maxLength`?"});
}

// Goal: who misspells a type is told that, and not to remove the options, which are right. Method:
// a type that there is not, with an option of the type that is meant: one problem, that of the
// type.
TEST(ParseOptions, UnderAWrongTypeOnlyTheTypeIsWrong) {
    expect_problem(with_options("▶intger", "minimum: 1"),
                   {"schema[0].properties[1].logicalType", "no type `intger`", "`integer`"});
}

TEST(ParseOptions, Lengths) {
    expect_problem(with_options("string", "minLength: ▶5, maxLength: 4"),
                   {at("minLength"), "above the maximum 4", "swap"});
    expect_problem(with_options("string", "minLength: ▶-1"),
                   {at("minLength"), "at least 0", "number"});
    expect_problem(with_options("string", "maxLength: ▶1.5"),
                   {at("maxLength"), "whole number", "number"});
}

TEST(ParseOptions, Patterns) {
    struct Case {
        const char *pattern, *problem;
    };
    for (const Case& one : {Case{"'[0-9'", "a `]` is missing"}, Case{"'(a'", "a `)` is missing"},
                            Case{"'a)'", "a `)` too many"}, Case{"'a\\'", "escapes nothing"},
                            Case{"'(a)\\1'", "back references"}, Case{"'(?=a)b'", "look-around"}}) {
        expect_problem(with_options("string", std::string("pattern: ▶") + one.pattern),
                       {at("pattern"), one.problem, "single quotes"});
    }
    expect_problem(with_options("string", "pattern: ▶''"),
                   {at("pattern"), "must not be empty", "fill it in"});
    for (const char* pattern : {"'[)(]'", "'[]a]'", "'\\('", "'[^]]'", "'(?:a|b)+'"}) {
        options_of("string", std::string("pattern: ") + pattern);
    }
}

TEST(ParseOptions, Bounds) {
    expect_problem(with_options("integer", "minimum: ▶0.5"),
                   {at("minimum"), "not a value of the type `integer`", "`12`"});
    expect_problem(with_options("integer", "maximum: ▶99999999999999999999"),
                   {at("maximum"), "not a value", "`12`"});
    expect_problem(with_options("date", "minimum: ▶2020-02-30"),
                   {at("minimum"), "not a value of the type `date`", "`2025-01-31`"});
    expect_problem(with_options("time", "minimum: ▶'25:00'"),
                   {at("minimum"), "not a value of the type `time`", "`08:30:00`"});
    expect_problem(with_options("timestamp", "maximum: ▶2020-01-01"),
                   {at("maximum"), "not a value of the type `timestamp`", "T08:30:00Z"});
    expect_problem(with_options("integer", "minimum: ▶5, maximum: 4"),
                   {at("minimum"), "no value lies between 5 and 4", "below the upper"});
    expect_problem(with_options("number", "exclusiveMinimum: ▶5, maximum: 5"),
                   {at("exclusiveMinimum"), "no value lies between", "below"});
    expect_problem(with_options("date", "minimum: ▶2021-01-01, maximum: 2020-01-01"),
                   {at("minimum"), "no value lies between", "below"});
    expect_problem(with_options("integer", "multipleOf: ▶0"),
                   {at("multipleOf"), "above 0", "multipleOf"});
    options_of("integer", "minimum: 5, maximum: 5");
}

TEST(ParseOptions, Formats) {
    expect_problem(with_options("integer", "format: ▶int32"),
                   {at("format"), "no format `int32`", "i64"});
    expect_problem(with_options("number", "format: ▶i32"),
                   {at("format"), "no format `i32`", "f64"});
    struct Case {
        const char *type, *format, *problem;
    };
    for (const Case& one :
         {Case{"date", "YYYY-MM-dd", "year of the week"},
          Case{"date", "yyyy-MM-DD", "day of the year"},
          Case{"date", "dd/mm/yyyy", "the month is `M`"}, Case{"date", "MM/yyyy", "is missing"},
          Case{"date", "yyyy-MM-dd HH:mm", "both are a `timestamp`"},
          Case{"time", "yyyy-MM-dd HH:mm", "both are a `timestamp`"},
          Case{"timestamp", "yyyy-MM-dd", "the hour `HH` is missing"},
          Case{"date", "yyyy-MM-dd q", "letter `q`"},
          Case{"timestamp", "yyyy-MM-dd'T HH", "a quote"}}) {
        expect_problem(with_options(one.type, std::string("format: ▶\"") + one.format + "\""),
                       {at("format"), one.problem, "for example"});
    }
}

TEST(ParseEnum, ValuesAndLabels) {
    const Dataset dataset =
        accepted(with_enum("string",
                           "[{value: male, label: Nam, customProperties: [{property: label_en, "
                           "value: Male}]}, {value: '01'}]"))
            .datasets.at(0);
    const auto& values = dataset.columns.at(1).enumeration;
    ASSERT_EQ(values.size(), 2U);
    EXPECT_EQ(values[0].value, "male");
    EXPECT_EQ(values[0].label.vi, "Nam");
    EXPECT_EQ(values[0].label.en, "Male");
    EXPECT_EQ(values[1].value, "01");
    EXPECT_EQ(values[1].label.vi, "01");
}

TEST(ParseEnum, Wrong) {
    const auto path = [](std::string_view rest) {
        return "schema[0].properties[1].enum" + std::string(rest);
    };
    expect_problem(with_enum("string", "▶[]"), {path(""), "no values", "add values"});
    expect_problem(with_enum("string", "[▶male]"),
                   {path("[0]"), "must have a `value`", "- value: male"});
    expect_problem(with_enum("string", "[▶{label: Nam}]"),
                   {path("[0].value"), "`value` is missing", "value"});
    expect_problem(with_enum("string", "[{value: a}, {value: ▶a}]"),
                   {path("[1].value"), "given twice", "keep one"});
    expect_problem(with_enum("integer", "[{value: ▶a}]"),
                   {path("[0].value"), "not a value of the type `integer`", "`12`"});
    expect_problem(with_enum("date", "[{value: ▶2020-13-01}]"),
                   {path("[0].value"), "not a value of the type `date`", "`2025-01-31`"});
    expect_problem(with_enum("boolean", "[{value: ▶maybe}]"),
                   {path("[0].value"), "not a value of the type `boolean`", "`true`"});
    // YAML 1.1 readers take these for 1 and false.
    expect_problem(with_enum("string", "[{value: ▶01}]"),
                   {path("[0].value"), "has no quotes", "`'01'`"});
    expect_problem(with_enum("string", "[{value: ▶no}]"),
                   {path("[0].value"), "has no quotes", "`'no'`"});
    expect_problem(
        with_enum("string", "[{value: ▶abc}]\n        logicalTypeOptions: {maxLength: 2}"),
        {path("[0].value"), "has 3 characters", "lengths"});
    expect_problem(
        person("      - name: b\n        logicalType: string\n        ▶enum: [{value: a}]\n",
               "v3.1.0"),
        {path(""), "exists from v3.2.0 on", "`apiVersion: v3.2.0`"});
}

}  // namespace
}  // namespace nguon::contract
