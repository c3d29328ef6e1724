// The inside of nested cells and of geometries.
#include "quality/cell_checks.h"

#include <gtest/gtest.h>

namespace nguon::quality {
namespace {

using contract::Column;

// The second column of a contract with one dataset, as the parser reads it.
Column column(std::string_view properties) {
    const std::string yaml =
        "apiVersion: v3.2.0\nkind: DataContract\nid: a\nversion: 1.0.0\ndomain: a\nschema:\n"
        "  - name: b\n    properties:\n      - {name: id, logicalType: string}\n" +
        std::string(properties);
    const auto read = contract::parse(yaml, "test.yaml");
    if (!read) {
        ADD_FAILURE() << read.error().errors.at(0).problem.en << "\n" << yaml;
        return {};
    }
    return read->datasets.at(0).columns.at(1);
}

std::string kept(const Column& of, std::string_view text) {
    const auto check = cell_check_of(of);
    std::string buffer;
    std::string_view out;
    EXPECT_TRUE(check->read(text, buffer, out)) << fault_of_cell(of, text).en;
    EXPECT_EQ(fault_of_cell(of, text).en, "");
    return std::string(out);
}

void refused(const Column& of, std::string_view text, std::string_view why) {
    std::string buffer;
    std::string_view out;
    EXPECT_FALSE(cell_check_of(of)->read(text, buffer, out)) << text;
    const Text fault = fault_of_cell(of, text);
    EXPECT_NE(fault.en.find(why), std::string::npos) << text << ": " << fault.en;
    EXPECT_FALSE(fault.vi.empty());
}

Column address() {
    return column(R"(
      - name: address
        logicalType: object
        logicalTypeOptions: {maxProperties: 5}
        properties:
          - {name: ward, logicalType: string, required: true, logicalTypeOptions: {pattern: '[0-9]{5}'}}
          - {name: kind, logicalType: string, enum: [{value: home}, {value: work}]}
          - {name: since, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy, minimum: 1900-01-01}}
          - {name: area, logicalType: number, physicalType: 'DECIMAL(8,2)', logicalTypeOptions: {exclusiveMinimum: 0}}
          - name: lines
            logicalType: array
            logicalTypeOptions: {minItems: 1, maxItems: 2, uniqueItems: true}
            items: {logicalType: string, logicalTypeOptions: {maxLength: 5}}
          - {name: more, logicalType: boolean}
)");
}

// Goal: equal values are one text, whatever the order and the spaces of their members. Method: two
// forms of one value; digits stay as written.
TEST(CellChecks, CanonicalFormKeepsDigitsAndTheContractsOrder) {
    const std::string one = R"({"ward":"00004","area":12345.60,"lines":["a"]})";
    EXPECT_EQ(kept(address(), one), one);
    EXPECT_EQ(
        kept(address(), " { \"lines\" : [\"a\"],\n\"area\":12345.60, \"w\\u0061rd\":\"00004\" } "),
        one);
}

TEST(CellChecks, EveryFaultNamesItsPlace) {
    const Column of = address();
    refused(of, "{", "not valid JSON");
    refused(of, "[1]", "must be an object, this is a list");
    refused(of, R"({"kind":"home"})", "address.ward: required but not there");
    refused(of, R"({"ward":null})", "address.ward: required but empty");
    refused(of, R"({"ward":4})", "address.ward: must be a text, this is a number");
    refused(of, R"({"ward":"4"})", "address.ward: must match [0-9]{5}");
    refused(of, R"({"ward":"00004","kind":"x"})", "address.kind: not in the list");
    refused(of, R"({"ward":"00004","since":"2020-01-01"})",
            "address.since: not of the form dd/MM/yyyy");
    refused(of, R"({"ward":"00004","since":"31/02/2020"})", "address.since");
    refused(of, R"({"ward":"00004","since":"01/01/1899"})", "outside the allowed range");
    refused(of, R"({"ward":"00004","area":0})", "address.area: outside the allowed range (> 0)");
    refused(of, R"({"ward":"00004","area":1.234})",
            "at most 6 digits before the point and 2 after");
    refused(of, R"({"ward":"00004","lines":[]})", "address.lines: has 0 items");
    refused(of, R"({"ward":"00004","lines":["a","a"]})", "address.lines[1]: the same");
    refused(of, R"({"ward":"00004","lines":["a","toolong"]})",
            "address.lines[1]: has 7 characters");
    refused(of, R"({"ward":"00004","more":"true"})", "must be true or false");
    refused(of, R"({"ward":"00004","other":1})", "address.other: not in the contract");
    refused(of, R"({"ward":"00004","ward":"00007"})", "a member is given twice");
    refused(of, "{\"ward\":\"0000\\u0000\"}", "zero character");
}

// Goal: what an object must have is asked of it where nothing says what its members are, too.
TEST(CellChecks, RequiredMembersAreAskedFor) {
    const Column of = column(
        "      - {name: o, logicalType: object, logicalTypeOptions: {required: [ward], "
        "maxProperties: 2}}\n");
    EXPECT_EQ(kept(of, R"({"ward": 1})"), R"({"ward":1})");
    refused(of, R"({"other":1})", "o.ward: required but not there");
    refused(of, R"({"ward":1,"a":2,"b":3})", "has 3 members");
}

TEST(CellChecks, MapsAndVectors) {
    const Column labels = column(
        "      - {name: m, logicalType: map, map: {key: {logicalType: string, logicalTypeOptions: "
        "{maxLength: 3}}, value: {logicalType: integer, logicalTypeOptions: {format: u8}}}}\n");
    EXPECT_EQ(kept(labels, R"({"b":1,"a":255})"), R"({"b":1,"a":255})");
    refused(labels, R"({"long":1})", "m[0]: has 4 characters");
    refused(labels, R"({"a":256})", "m[0]: outside the allowed range");
    refused(labels, R"({"a":1.5})", "not a whole number");
    const Column vector = column(
        "      - {name: v, logicalType: vector, logicalTypeOptions: {dimensions: 2, normalized: "
        "true}}\n");
    EXPECT_EQ(kept(vector, "[0.6, 0.8]"), "[0.6,0.8]");
    refused(vector, "[1]", "has 1 numbers");
    refused(vector, "[1,1]", "the vector's length must be 1");
    refused(vector, "[1,\"a\"]", "v[1]: not a number of the type float32");
}

TEST(CellChecks, WellKnownText) {
    const Column any =
        column("      - {name: g, logicalType: string, logicalTypeOptions: {format: wkt}}\n");
    EXPECT_EQ(kept(any, "POINT (588000 2325000)"), "POINT (588000 2325000)");
    EXPECT_EQ(kept(any, "POLYGON EMPTY"), "POLYGON EMPTY");
    refused(any, "POINT (1)", "cannot be read");
    refused(any, "POLYGON ((0 0, 1 0, 1 1))", "cannot be read");
    refused(any, "POLYGON ((0 0, 1 0, 1 1, 0 1))", "a ring is not closed");
    refused(any, "LINESTRING (0 0)", "at least two points");
    refused(any, "POIN (0 0)", "no WKT geometry");
    refused(any, "POINT (a b)", "no number");
    refused(any, "POINT (1 2", "a bracket or a comma");
    for (const char* text :
         {"POINT (1)", "", "x", "POLYGON ((0 0, 1 0, 1 1))", "POINT (1 2 3 4 5)"})
        EXPECT_EQ(fault_of_cell(any, text).en.find("Exception"), std::string::npos) << text;
    refused(any, "POINT (nan 1)", "finite");
    refused(any, "POINT (1e999 1)", "finite");
    refused(any, std::string(100'000, '('), "nested deeper than 32");
    const Column degrees = column(
        "      - {name: g, logicalType: string, logicalTypeOptions: {format: wkt}, "
        "customProperties: [{property: crs, value: 'EPSG:4326'}]}\n");
    kept(degrees, "LINESTRING (105.8 21.0, 106.7 10.8)");
    refused(degrees, "POINT (21.0 105.8)", "longitude comes first");
}

TEST(CellChecks, GeoJson) {
    const Column shape =
        column("      - {name: g, logicalType: object, logicalTypeOptions: {format: geojson}}\n");
    kept(shape, R"({"type":"Point","coordinates":[105.8,21.0]})");
    kept(shape, R"({"type":"Feature","geometry":null,"properties":{"a":[1]}})");
    kept(shape, R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]})");
    refused(shape, R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,2]]]})",
            "g.coordinates[0]: the ring is not closed");
    refused(shape, R"({"type":"Point","coordinates":[21.0,105.8]})", "longitude comes first");
    refused(shape, R"({"type":"Pont","coordinates":[0,0]})", "g.type: not a geometry");
    refused(shape,
            R"({"type":"GeometryCollection","geometries":[{"type":"LineString",)"
            R"("coordinates":[[0,0]]}]})",
            "g.geometries[0].coordinates: at least 2 positions");
    refused(shape, R"({"type":"Point","coordinates":["0",0]})", "g.coordinates[0]: a coordinate");
}

// Goal: a reason may be shown where values are masked. Method: values of each kind in the wrong
// place.
TEST(CellChecks, ReasonsHoldNoValues) {
    const Column of = address();
    for (const char* text :
         {R"({"ward":"0912345678"})", R"({"ward":912345678})",
          R"({"ward":"00004","kind":"0912345678"})", R"({"ward":"00004","since":"0912345678"})",
          R"({"ward":"00004","area":0912345678})", R"({"ward":"00004","area":9123456789})",
          R"({"ward":"00004","lines":["0912345678"]})"}) {
        const Text fault = fault_of_cell(of, text);
        EXPECT_FALSE(fault.empty()) << text;
        EXPECT_EQ(fault.en.find("91234567"), std::string::npos) << fault.en;
        EXPECT_EQ(fault.vi.find("91234567"), std::string::npos) << fault.vi;
    }
    const Column wkt = column(
        "      - {name: g, logicalType: string, logicalTypeOptions: {format: wkt}, "
        "customProperties: [{property: crs, value: 'EPSG:4326'}]}\n");
    for (const char* text : {"POINT (21.123 105.8)", "POINT 21.123", "POINT (105 95.123)"}) {
        const Text fault = fault_of_cell(wkt, text);
        EXPECT_FALSE(fault.empty()) << text;
        EXPECT_EQ(fault.en.find(".123"), std::string::npos) << fault.en;
    }
}

// Goal: hostile text costs bounded work. Method: deep nesting and many values.
TEST(CellChecks, DepthAndSizeAreBounded) {
    const Column any = column("      - {name: a, logicalType: array}\n");
    refused(any, std::string(100'000, '['), "nested deeper than 64");
    std::string many = "[0";
    for (int i = 0; i < 600'000; ++i)
        many += ",0";
    refused(any, many + "]", "more than 500000 values");
}

// Goal: "3.02E+11" is no value of an identifier, and left alone where another rule refuses it or it
// may be meant. Method: columns with one thing each that decides.
TEST(LostDigits, AreRefusedWhereTextIsAnIdentifier) {
    contract::Column plain;
    plain.name = "note";
    EXPECT_FALSE(refuses_lost_digits(plain));
    const auto changed = [&](const auto& change) {
        contract::Column column = plain;
        change(column);
        return refuses_lost_digits(column);
    };
    EXPECT_TRUE(changed([](auto& c) { c.key_position = 1; }));
    EXPECT_TRUE(changed([](auto& c) { c.unique = true; }));
    EXPECT_TRUE(changed([](auto& c) { c.classification = "restricted"; }));
    EXPECT_FALSE(changed([](auto& c) { c.classification = "public"; }));
    for (const char* name : {"ma_ho", "so_cccd", "household_id", "ward_code", "phone"})
        EXPECT_TRUE(changed([&](auto& c) { c.name = name; })) << name;
    for (const char* name : {"mau_so", "so", "idea", "ghi_chu"})
        EXPECT_FALSE(changed([&](auto& c) { c.name = name; })) << name;
    const auto with_pattern = [&](const char* pattern) {
        return changed([&](auto& c) { c.key_position = 1, c.options.pattern = pattern; });
    };
    for (const char* pattern : {"^[0-9]{12}$", R"(\d+)", "[A-Z0-9-]+", R"([A-Z]\.[0-9])"})
        EXPECT_FALSE(with_pattern(pattern)) << pattern;
    for (const char* pattern : {".{1,20}", R"(\S+)", "[^,]+", "[0-9.E+]+", "[ -~]+", R"(3\+1)"})
        EXPECT_TRUE(with_pattern(pattern)) << pattern;
    contract::Column key = plain;
    key.key_position = 1;
    EXPECT_FALSE(fault_of_cell(key, "3.02E+11").empty());
    EXPECT_TRUE(fault_of_cell(key, "302000000000").empty());
    std::string buffer;
    std::string_view kept;
    ASSERT_TRUE(cell_check_of(key));
    EXPECT_FALSE(cell_check_of(key)->read(" 3.02e+11", buffer, kept));
    EXPECT_TRUE(cell_check_of(key)->read("C++", buffer, kept));
    EXPECT_EQ(kept, "C++");
}

}  // namespace
}  // namespace nguon::quality
