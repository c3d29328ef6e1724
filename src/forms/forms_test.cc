#include "forms/forms.h"

#include <gmock/gmock.h>

#include <regex>

#include "forms/internal/columns.h"
#include "forms/internal/html.h"
#include "forms/internal/testing.h"
#include "forms/internal/writers.h"

namespace nguon::forms {
namespace {

using ::testing::HasSubstr;
using testing::json_written;
using ::testing::Not;
using testing::parsed;
using testing::written;

const json::value& at(const json::value& root, std::string_view pointer) {
    static const json::value kNone;
    boost::system::error_code error;
    const json::value* found = root.find_pointer(pointer, error);
    if (found == nullptr) ADD_FAILURE() << "nothing at " << pointer;
    return found == nullptr ? kNone : *found;
}

TEST(Forms, HaveNamesThatComeBack) {
    for (const Form form : {Form::kOdcs, Form::kSource, Form::kJsonSchema, Form::kTableSchema,
                            Form::kCsvw, Form::kXlsx, Form::kMarkdown, Form::kHtml}) {
        EXPECT_EQ(form_from_name(name_of(form)).value(), form);
    }
    EXPECT_EQ(form_from_name("docx").error().code, Code::kInvalid);
}

TEST(Forms, JsonSchemaSaysWhatALoadJudgesOnTheRowAlone) {
    const json::value schema = json_written(Form::kJsonSchema, parsed(testing::kOffice), "person");
    EXPECT_EQ(at(schema, "/properties/citizen_id/type"), "string");
    EXPECT_EQ(at(schema, "/properties/citizen_id/pattern"), "^(?:[0-9]{12})$");
    EXPECT_EQ(at(schema, "/properties/citizen_id/minLength"), 1);
    EXPECT_EQ(at(schema, "/properties/full_name/maxLength"), 80);
    EXPECT_EQ(at(schema, "/properties/sex/oneOf/0/const"), "male");
    EXPECT_EQ(at(schema, "/properties/sex/oneOf/0/title"), "Nam");
    EXPECT_EQ(at(schema, "/properties/sex/oneOf/0/x-title/en"), "Male");
    EXPECT_TRUE(at(schema, "/properties/sex/oneOf/2/const").is_null());
    EXPECT_EQ(at(schema, "/properties/staff/exclusiveMaximum"), 1000);
    EXPECT_EQ(at(schema, "/properties/staff/type"), (json::array{"integer", "null"}));
    EXPECT_EQ(at(schema, "/properties/salary/type"), (json::array{"number", "string", "null"}));
    EXPECT_EQ(at(schema, "/properties/end_date/format"), "date");
    EXPECT_EQ(at(schema, "/properties/phone/pattern"), "^(?:0[0-9]{9}|[+]84[0-9]{9})$");
    EXPECT_EQ(at(schema, "/properties/ward/x-nguon/references"), "administrative.ward.code");
    EXPECT_EQ(at(schema, "/required"), (json::array{"citizen_id", "full_name", "birth_date"}));
    EXPECT_EQ(at(schema, "/x-nguon/primaryKey/0"), "citizen_id");
    EXPECT_EQ(at(schema, "/title"), "Cán bộ");
    EXPECT_EQ(at(schema, "/x-title/en"), "Officer");
}

// Goal: the pattern of dates is exactly the real dates. Method: every day from 1890 to 2110 and
// what stands beside it, against the calendar of the standard library.
TEST(Forms, DatePatternsTakeRealDatesOnly) {
    for (const std::string_view format : {"yyyy-MM-dd", "dd/MM/yyyy", "dd.MM.yyyy"}) {
        const std::regex pattern("^(" + internal::date_pattern(format) + ")$");
        for (int year : {1, 4, 100, 400, 1600, 1896, 1900, 2000, 2023, 2024, 2100, 9999, 0}) {
            for (unsigned month = 0; month <= 13; ++month) {
                for (unsigned day = 0; day <= 32; ++day) {
                    const std::chrono::year_month_day date{
                        std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
                    const std::string iso = (year < 10     ? "000"
                                             : year < 100  ? "00"
                                             : year < 1000 ? "0"
                                                           : "") +
                                            std::to_string(year) + (month < 10 ? "-0" : "-") +
                                            std::to_string(month) + (day < 10 ? "-0" : "-") +
                                            std::to_string(day);
                    const std::string text = internal::in_format(iso, format);
                    EXPECT_EQ(std::regex_match(text, pattern), date.ok() && year > 0) << text;
                }
            }
        }
        EXPECT_FALSE(std::regex_match("2024-1-5", pattern));
    }
}

TEST(Forms, TableSchemaHasKeysReferencesAndDatesInStrptime) {
    const json::value schema = json_written(Form::kTableSchema, parsed(testing::kOffice), "person");
    EXPECT_EQ(at(schema, "/primaryKey"), (json::array{"citizen_id"}));
    EXPECT_EQ(at(schema, "/fields/3/format"), "%d/%m/%Y");
    EXPECT_EQ(at(schema, "/fields/3/constraints/minimum"), "01/01/1900");
    EXPECT_EQ(at(schema, "/fields/2/constraints/enum"), (json::array{"male", "female"}));
    EXPECT_EQ(at(schema, "/fields/1/constraints/required"), true);
    EXPECT_EQ(at(schema, "/fields/1/constraints/maxLength"), 80);
    EXPECT_EQ(at(schema, "/fields/2/categories/1/label"), "Nữ");
    EXPECT_EQ(at(schema, "/fields/9/type"), "datetime");
    EXPECT_EQ(at(schema, "/foreignKeys/0/reference/resource"), "administrative.ward");
    EXPECT_EQ(at(schema, "/foreignKeys/1/reference/resource"), "");
    EXPECT_EQ(at(schema, "/foreignKeys/2/fields"), (json::array{"unit_code", "unit_region"}));
    EXPECT_EQ(at(schema, "/missingValues"), (json::array{""}));
}

TEST(Forms, CsvwTakesTablesThatAreKnownIntoItsGroup) {
    const contract::Contract office = parsed(testing::kOffice);
    const json::value group = json_written(Form::kCsvw, office, "person");
    ASSERT_EQ(at(group, "/tables").as_array().size(), 2U);
    EXPECT_EQ(at(group, "/tables/0/url"), "person.csv");
    EXPECT_EQ(at(group, "/tables/0/tableSchema/primaryKey"), (json::array{"citizen_id"}));
    EXPECT_EQ(at(group, "/tables/0/tableSchema/columns/3/datatype/format"), "dd/MM/yyyy");
    EXPECT_EQ(at(group, "/tables/0/tableSchema/columns/2/datatype/format"), "(male|female)");
    EXPECT_EQ(at(group, "/tables/0/tableSchema/columns/0/titles/en"), "Citizen id");
    EXPECT_EQ(at(group, "/tables/0/tableSchema/columns/1/datatype/minLength"), 2);
    EXPECT_EQ(at(group, "/tables/0/tableSchema/columns/1/datatype/maxLength"), 80);
    EXPECT_EQ(at(group, "/tables/0/tableSchema/columns/1/required"), true);
    EXPECT_EQ(at(group, "/tables/0/tableSchema/columns/2/required"), false);
    EXPECT_EQ(at(group, "/tables/1/url"), "unit.csv");
    // administrative.ward is nowhere: a foreign key to it would make the whole document invalid.
    EXPECT_THAT(to_text(at(group, "/tables/0/dc:references")), HasSubstr("administrative.ward"));
    contract::Dataset ward;
    ward.name = "administrative.ward";
    ward.schema = "ward";
    ward.columns.resize(1);
    ward.columns[0].name = "code";
    const auto known = parse_json(
        written(Form::kCsvw, office, "person", Language::kEnglish,
                [&](std::string_view name) { return name == ward.name ? &ward : nullptr; }));
    ASSERT_TRUE(known.has_value());
    EXPECT_EQ(at(*known, "/tables").as_array().size(), 3U);
    EXPECT_THAT(to_text(*known), HasSubstr(R"("resource":"administrative.ward.csv")"));
    EXPECT_THAT(to_text(*known), Not(HasSubstr("dc:references")));
}

// Goal: an export means the same. Method: contracts of three versions of the standard, written
// as 3.2 and read again; compare() finds nothing.
TEST(Forms, OdcsOfAnyVersionMeansTheSame) {
    static constexpr std::string_view kOld = R"yaml(apiVersion: v3.0.2
kind: DataContract
id: old
version: 1.0
name: old
status: active
team:
  - {name: Lan, role: owner}
support: [{channel: 2025, url: 'https://example.vn'}]
slaProperties: [{property: frequency, value: 1, unit: y}]
schema:
  - name: visit
    quality: [{type: library, rule: rowCount, mustBeGreaterThan: 10, dimension: cp}]
    properties:
      - name: code
        businessName: 2025
        physicalType: VARCHAR(20)
        primaryKey: true
        quality: [{rule: nullCheck}, {rule: validValues, validValues: ['01', 2.50, x]}]
      - {name: at, logicalType: date, logicalTypeOptions: {format: 'yyyy-MM-dd HH:mm:ss'}}
      - name: age
        logicalType: integer
        logicalTypeOptions: {minimum: 0, exclusiveMinimum: true, maximum: 150}
      - {name: price, logicalType: number, logicalTypeOptions: {maximum: 0.30}}
)yaml";
    for (const std::string_view yaml : {testing::kOffice, kOld}) {
        const contract::Contract before = parsed(yaml);
        const std::string text = written(Form::kOdcs, before, before.datasets[0].schema);
        const contract::Contract after = parsed(text);
        EXPECT_EQ(after.api_version, "v3.2.0");
        EXPECT_EQ(testing::differences(before, after), "") << text;
        // From the structs alone, as an import makes it.
        const std::string made = internal::yaml_of(internal::document_of(before));
        EXPECT_EQ(testing::differences(before, parsed(made)), "") << made;
    }
    const contract::Contract old = parsed(kOld);
    const std::string text = written(Form::kOdcs, old, "visit");
    EXPECT_THAT(text, HasSubstr("username: Lan"));
    EXPECT_THAT(text, HasSubstr("metric: nullValues"));
    EXPECT_THAT(text, HasSubstr("logicalType: timestamp"));
    EXPECT_THAT(text, HasSubstr("businessName: \"2025\""));
    EXPECT_THAT(text, HasSubstr("dimension: completeness"));
    EXPECT_EQ(written(Form::kSource, old, "visit"), kOld);
    // What is 3.2 already stays as it was typed.
    EXPECT_EQ(written(Form::kOdcs, parsed(testing::kOffice), "unit"), testing::kOffice);
}

TEST(Forms, NestedColumnsKeepTheirParts) {
    const contract::Contract contract = parsed(R"yaml(apiVersion: v3.2.0
kind: DataContract
id: n
version: 1.0.0
domain: n
schema:
  - name: place
    properties:
      - {name: code, logicalType: string, primaryKey: true}
      - name: address
        logicalType: object
        properties:
          - {name: ward, logicalType: string, required: true}
          - {name: lines, logicalType: array, items: {logicalType: string}, logicalTypeOptions: {minItems: 1, maxItems: 9, uniqueItems: true}}
      - {name: shape, logicalType: object, logicalTypeOptions: {format: geojson}}
      - name: names
        logicalType: map
        map: {key: {logicalType: string}, value: {logicalType: string}}
)yaml");
    const json::value schema = json_written(Form::kJsonSchema, contract, "place");
    EXPECT_EQ(at(schema, "/properties/address/required"), (json::array{"ward"}));
    EXPECT_EQ(at(schema, "/properties/address/properties/lines/minItems"), 1);
    EXPECT_EQ(at(schema, "/properties/address/properties/lines/maxItems"), 9);
    EXPECT_EQ(at(schema, "/properties/address/properties/lines/uniqueItems"), true);
    EXPECT_EQ(at(schema, "/properties/names/additionalProperties/type/0"), "string");
    const json::value table = json_written(Form::kTableSchema, contract, "place");
    EXPECT_EQ(at(table, "/fields/2/type"), "geojson");
    EXPECT_EQ(at(table, "/fields/1/type"), "object");
    EXPECT_THAT(written(Form::kMarkdown, contract, "place"), HasSubstr("`address.lines[]`"));
    const std::string made = internal::yaml_of(internal::document_of(contract));
    EXPECT_EQ(testing::differences(contract, parsed(made)), "") << made;
}

// Goal: whatever a contract says, the page shows it and runs nothing. Method: markup in every text.
TEST(Forms, PagesEscapeEveryText) {
    contract::Contract contract = parsed(testing::kOffice);
    const std::string evil = "\"><script>alert(1)</script>&amp;'";
    for (contract::Dataset& dataset : contract.datasets) {
        dataset.title = dataset.description = Text::same(evil);
        for (contract::Column& column : dataset.columns) {
            column.title = column.description = Text::same(evil);
            column.classification = evil;
            for (contract::EnumValue& value : column.enumeration)
                value.label = Text::same(evil);
        }
        for (contract::Rule& rule : dataset.rules)
            rule.description = Text::same(evil);
    }
    contract.status = evil;
    for (const Language language : {Language::kVietnamese, Language::kEnglish}) {
        const std::string page = written(Form::kHtml, contract, "person", language);
        EXPECT_THAT(page, Not(HasSubstr("<script")));
        EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
        EXPECT_THAT(page, Not(HasSubstr("http")));
        const std::string markdown = written(Form::kMarkdown, contract, "person", language);
        EXPECT_THAT(markdown, Not(HasSubstr("<script")));
    }
    EXPECT_THAT(written(Form::kHtml, parsed(testing::kOffice), "person"),
                HasSubstr("Danh sách &lt;b&gt;cán bộ&lt;/b&gt; &amp; nhân viên"));
}

TEST(Forms, DictionaryIsInTheLanguageAsked) {
    const contract::Contract office = parsed(testing::kOffice);
    const std::string vi = written(Form::kMarkdown, office, "person");
    EXPECT_THAT(vi, HasSubstr("# Cán bộ"));
    EXPECT_THAT(vi, HasSubstr("ngày (dd/MM/yyyy), từ 01/01/1900"));
    EXPECT_THAT(vi, HasSubstr("`male` Nam"));
    const std::string en = written(Form::kMarkdown, office, "person", Language::kEnglish);
    EXPECT_THAT(en, HasSubstr("# Officer"));
    EXPECT_THAT(en, HasSubstr("date (dd/MM/yyyy), from 01/01/1900"));
    EXPECT_THAT(en, HasSubstr("`female` Female"));
}

TEST(Forms, WorkbookIsAZipAndTheSameEachTime) {
    const contract::Contract office = parsed(testing::kOffice);
    const std::string book = written(Form::kXlsx, office, "person");
    EXPECT_TRUE(book.starts_with("PK\x03\x04"));
    EXPECT_EQ(book, written(Form::kXlsx, office, "person"));
    EXPECT_NE(book, written(Form::kXlsx, office, "person", Language::kEnglish));
}

TEST(Forms, YamlReadsBackAsTheSameDocument) {
    const json::value document = {{"no", "yes"},
                                  {"text", "a: b # c"},
                                  {"digits", "007"},
                                  {"date", "2026-01-31"},
                                  {"empty", ""},
                                  {"list", {1, "2", {{"x", nullptr}}, json::array()}},
                                  {"nested", {{{"a", {1, 2}}, {"b", json::object()}}}},
                                  {"lines", "a\nb\t\"c\""},
                                  {"small", 0.00001},
                                  {"big", 123456789012},
                                  {"flag", true},
                                  {"tiếng Việt", "có dấu"}};
    const std::string yaml =
        "apiVersion: v3.2.0\nkind: DataContract\nid: x\nversion: 1.0.0\ndomain: d\n"
        "schema: [{name: t, properties: [{name: c, logicalType: string}]}]\n"
        "customProperties:\n  - property: anything\n    value:\n";
    std::string indented;
    for (const std::string& line : split(internal::yaml_of(document), '\n'))
        indented += line.empty() ? "" : "      " + line + "\n";
    const contract::Contract contract = parsed(yaml + indented);
    const auto read = parse_json(contract.document);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(at(*read, "/customProperties/0/value"), document);
}

}  // namespace
}  // namespace nguon::forms
