// Moments, numbers and nested columns in the forms of others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "forms/forms.h"
#include "forms/import.h"
#include "forms/internal/moments.h"
#include "forms/internal/testing.h"

namespace nguon::forms {
namespace {

using ::testing::HasSubstr;
using testing::json_written;
using ::testing::Not;
using testing::parsed;
using testing::written;

constexpr std::string_view kContract = R"yaml(apiVersion: v3.2.0
kind: DataContract
id: t
version: 1.0.0
status: active
domain: t
team: {name: Tổ, members: [{username: lan, name: Lan, role: owner}, {username: cu, dateOut: 2020-01-01}]}
slaProperties: [{property: latency, value: 4, unit: d, element: visit.at}]
schema:
  - name: station
    properties:
      - {name: region, logicalType: string, primaryKey: true, primaryKeyPosition: 1}
      - {name: code, logicalType: string, primaryKey: true, primaryKeyPosition: 2}
  - name: visit
    quality: [{metric: rowCount, mustBeGreaterThan: 0}]
    relationships: [{type: foreignKey, from: [region, station], to: [station.region, station.code]}]
    properties:
      - {name: region, logicalType: string, deprecated: true}
      - {name: station, logicalType: string, semanticType: dimension, synonyms: [{synonym: trạm}]}
      - name: at
        logicalType: timestamp
        logicalTypeOptions: {format: 'dd/MM/yyyy HH:mm', defaultTimezone: Asia/Ho_Chi_Minh, minimum: '2020-01-01T00:00:00Z'}
      - {name: noon, logicalType: time, logicalTypeOptions: {format: 'hh:mm a'}}
      - {name: money, logicalType: number, customProperties: [{property: decimalSeparator, value: ','}]}
      - name: shape
        logicalType: object
        logicalTypeOptions: {format: geojson}
      - name: address
        logicalType: object
        properties: [{name: station, logicalType: string, relationships: [{to: station.code}]}]
)yaml";

const json::value& at(const json::value& root, std::string_view pointer) {
    static const json::value kNone;
    boost::system::error_code error;
    const json::value* found = root.find_pointer(pointer, error);
    if (found == nullptr) ADD_FAILURE() << "nothing at " << pointer;
    return found == nullptr ? kNone : *found;
}

TEST(Moments, HaveTheWordsOfOtherForms) {
    using internal::csvw_format_of;
    using internal::moment_format_of;
    using internal::strptime_of_moment;
    EXPECT_EQ(strptime_of_moment("dd/MM/yyyy HH:mm:ss.SSS XX"), "%d/%m/%Y %H:%M:%S.%f %z");
    EXPECT_EQ(strptime_of_moment("hh'h'mm a"), "%Ih%M %p");
    EXPECT_EQ(strptime_of_moment("HH:mm X"), std::nullopt) << "%z has minutes";
    EXPECT_EQ(moment_format_of("%d/%m/%Y %H:%M"), "dd/MM/yyyy HH:mm");
    EXPECT_EQ(moment_format_of("%d/%m/%y"), std::nullopt);
    EXPECT_EQ(moment_format_of("%d %B %Y %"), std::nullopt);
    const auto moment = contract::LogicalType::kTimestamp, time = contract::LogicalType::kTime;
    EXPECT_EQ(csvw_format_of(moment, "dd/MM/yyyy HH:mm"), "dd/MM/yyyy HH:mm");
    EXPECT_EQ(csvw_format_of(moment, "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"), "yyyy-MM-ddTHH:mm:ss.SSSXXX");
    EXPECT_EQ(csvw_format_of(moment, "yyyy-MM-dd HH:mm Z"), "yyyy-MM-dd HH:mm xx");
    EXPECT_EQ(csvw_format_of(moment, "HH:mm dd/MM/yyyy"), std::nullopt);
    EXPECT_EQ(csvw_format_of(time, "HH:mm"), "HH:mm");
    EXPECT_EQ(csvw_format_of(time, "hh:mm a"), std::nullopt);
}

// Goal: a pattern takes what is such a moment, and no day that is none.
TEST(Moments, PatternsTakeRealDays) {
    const std::regex pattern("^(" + internal::moment_pattern("dd/MM/yyyy HH:mm") + ")$");
    EXPECT_TRUE(std::regex_match("29/02/2024 23:59", pattern));
    for (const char* wrong :
         {"29/02/2023 23:59", "29/02/2024 24:00", "29/02/2024", "2024-02-29 23:59"})
        EXPECT_FALSE(std::regex_match(wrong, pattern)) << wrong;
    const std::regex half("^(" + internal::moment_pattern("h:mm a") + ")$");
    EXPECT_TRUE(std::regex_match("2:45 PM", half));
    EXPECT_FALSE(std::regex_match("14:45 PM", half));
}

TEST(Moments, OfAContractAreInEveryForm) {
    const contract::Contract contract = parsed(kContract);
    const json::value table = json_written(Form::kTableSchema, contract, "visit");
    EXPECT_EQ(at(table, "/fields/2/format"), "%d/%m/%Y %H:%M");
    EXPECT_EQ(at(table, "/fields/2/x-minimum"), "2020-01-01T00:00:00Z");
    EXPECT_EQ(at(table, "/fields/3/format"), "%I:%M %p");
    EXPECT_EQ(at(table, "/fields/4/decimalChar"), ",");
    EXPECT_EQ(at(table, "/fields/4/groupChar"), ".");
    const json::value csvw = json_written(Form::kCsvw, contract, "visit");
    EXPECT_EQ(at(csvw, "/tables/0/tableSchema/columns/2/datatype/format"), "dd/MM/yyyy HH:mm");
    EXPECT_EQ(at(csvw, "/tables/0/tableSchema/columns/3/datatype/base"), "string");
    EXPECT_EQ(at(csvw, "/tables/0/tableSchema/columns/4/datatype/format/decimalChar"), ",");
    const json::value schema = json_written(Form::kJsonSchema, contract, "visit");
    EXPECT_EQ(at(schema, "/properties/at/x-nguon/dateFormat"), "dd/MM/yyyy HH:mm");
    EXPECT_EQ(at(schema, "/properties/at/x-nguon/defaultTimezone"), "Asia/Ho_Chi_Minh");
    EXPECT_EQ(at(schema, "/properties/money/x-nguon/decimalSeparator"), ",");
}

// Goal: what Table Schema says of writing comes back. Method: our export, imported.
TEST(Moments, ATableSchemaBringsThemBack) {
    const std::string text = written(Form::kTableSchema, parsed(kContract), "visit");
    ImportRequest request;
    request.bytes = text;
    request.file = "visit.json";
    const auto imported = import_contract(request);
    ASSERT_TRUE(imported) << imported.error().detail.en;
    const contract::Contract again = parsed(imported->yaml);
    const contract::Dataset& visit = again.datasets.at(0);
    EXPECT_EQ(visit.column("at")->options.format, "dd/MM/yyyy HH:mm");
    EXPECT_EQ(visit.column("at")->options.default_timezone, "Asia/Ho_Chi_Minh");
    EXPECT_EQ(visit.column("noon")->options.format, "hh:mm a");
    EXPECT_EQ(visit.column("money")->decimal, ',');
}

// Goal: a moment without a zone stays the same moment. Method: CSVW of ours, imported.
TEST(Moments, CsvwBringsTheZoneBack) {
    const std::string text = written(Form::kCsvw, parsed(kContract), "visit");
    ImportRequest request;
    request.bytes = text;
    request.file = "visit.json";
    const auto imported = import_contract(request);
    ASSERT_TRUE(imported) << imported.error().detail.en;
    const contract::Contract again = parsed(imported->yaml);
    const contract::Dataset& visit = again.datasets.at(0);
    EXPECT_EQ(visit.column("at")->options.format, "dd/MM/yyyy HH:mm");
    EXPECT_EQ(visit.column("at")->options.default_timezone, "Asia/Ho_Chi_Minh");
    EXPECT_EQ(visit.column("station")->options.default_timezone, "");
}

// Goal: a reference of a part makes no form invalid: keys are of columns.
TEST(Moments, ReferencesOfPartsAreToldApart) {
    const contract::Contract contract = parsed(kContract);
    const json::value table = json_written(Form::kTableSchema, contract, "visit");
    EXPECT_EQ(at(table, "/foreignKeys").as_array().size(), 1U);
    EXPECT_EQ(at(table, "/x-foreignKeys/0/fields/0"), "address.station");
    const json::value csvw = json_written(Form::kCsvw, contract, "visit");
    EXPECT_EQ(at(csvw, "/tables/0/tableSchema/foreignKeys").as_array().size(), 1U);
    EXPECT_THAT(to_text(at(csvw, "/tables/0/dc:references")), HasSubstr("address.station"));
}

// Goal: ODCS as its schema wants it, and meaning the same. Method: written, and read again.
TEST(Moments, OdcsHasNoFormatOfObjectsAndWholeColumns) {
    const contract::Contract contract = parsed(kContract);
    const std::string text = written(Form::kOdcs, contract, "visit");
    EXPECT_THAT(text, HasSubstr("geometryFormat"));
    EXPECT_THAT(text, HasSubstr("visit.region"));
    const contract::Contract again = parsed(text);
    EXPECT_EQ(again.datasets[1].column("shape")->options.format, "geojson");
    EXPECT_TRUE(contract::compare(contract.datasets[1], again.datasets[1]).empty());
}

TEST(Moments, TheDictionaryTellsWhatPeopleAsk) {
    const contract::Contract contract = parsed(kContract);
    for (const Form form : {Form::kMarkdown, Form::kHtml}) {
        const std::string page = written(form, contract, "visit", Language::kEnglish);
        for (const char* part : {"deprecated", "trạm", "a dimension", "latency 4 d", "Lan (owner)",
                                 "Rows of the dataset"})
            EXPECT_THAT(page, HasSubstr(part)) << name_of(form);
        EXPECT_THAT(page, Not(HasSubstr(">cu<")));
    }
}

}  // namespace
}  // namespace nguon::forms
