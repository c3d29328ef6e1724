// Numbers with units: what is read, and what is said.
#include <gmock/gmock.h>

#include "intake/internal/check_fixture.h"
#include "intake/internal/load_fixture.h"
#include "scan/test_files.h"

namespace nguon::intake {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class UnitsTest : public LoadTest {
protected:
    // The number and the severity of a warning of a load; "" where it is not said.
    std::string said(const json::value& receipt, std::string_view code) {
        for (const json::value& result : receipt.at("results").as_array()) {
            const json::value* its = result.as_object().if_contains("code");
            if (its != nullptr && its->as_string() == code)
                return fmt::format("{} {}", result.at("failed").as_int64(),
                                   std::string_view(result.at("severity").as_string()));
        }
        return "";
    }
    void apply_rate(std::string_view more = "") {
        apply(
            fmt::format("  - name: t\n    properties:\n"
                        "      - {{name: a, logicalType: string}}\n"
                        "      - name: rate\n        logicalType: number\n{}"
                        "        customProperties: [{{property: decimalSeparator, value: ','}}]\n",
                        more));
    }
};

// A sheet of the columns a and rate: 0.125 and 0.5 as percentages.
std::string percent_sheet(std::string_view format, std::string_view second_style = "1") {
    scan::TestWorkbook book;
    book.formats = {std::string(format)};
    book.sheets = {
        {"S", fmt::format("<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t>"
                          "</is></c><c r=\"B1\" t=\"inlineStr\"><is><t>rate</t></is></c>"
                          "</row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>x</t></is>"
                          "</c><c r=\"B2\" s=\"1\"><v>0.125</v></c></row><row r=\"3\">"
                          "<c r=\"A3\" t=\"inlineStr\"><is><t>y</t></is></c>"
                          "<c r=\"B3\" s=\"{}\"><v>0.5</v></c></row></sheetData>",
                          second_style)}};
    return book.bytes();
}

// Goal: a unit does not vanish unsaid, and a percentage is the same number from text and from a
// cell with the format. Method: both under one contract, and under one that says the unit.
TEST_F(UnitsTest, APercentageIsTheNumberBeforeItsSign) {
    apply_rate();
    EXPECT_EQ(said(load("t.t", "a,rate\nx,\"12,5%\"\ny,50%\n", contract::Mode::kAppend), "units"),
              "2 warning");
    EXPECT_EQ(current("t.t"), (Lines{"x|12.5", "y|50.0"}));
    const json::value sheet = load("t.t", percent_sheet("0.0%"), contract::Mode::kAppend);
    EXPECT_EQ(said(sheet, "units"), "2 warning");
    EXPECT_EQ(current("t.t"), (Lines{"x|12.5", "x|12.5", "y|50.0", "y|50.0"}));
}

TEST_F(UnitsTest, AUnitThatTheContractSaysIsNotSaidAgain) {
    apply_rate("        description: 'Tỷ lệ, đơn vị: %'\n");
    EXPECT_EQ(said(load("t.t", "a,rate\nx,\"12,5%\"\ny,50%\n"), "units"), "");
    EXPECT_EQ(said(load("t.t", "a,rate\nx,\"12,5%\"\ny,50\n"), "mixed_units"), "1 error");
}

// Goal: numbers of several units are never read as if they were of one, silently.
TEST_F(UnitsTest, MixedUnitsAreAnError) {
    apply_rate();
    const json::value mixed = load("t.t", "a,rate\nx,\"12,5%\"\ny,1.000 đ\nz,12 USD\nu,5%\n");
    EXPECT_EQ(said(mixed, "mixed_units"), "2 error");
    EXPECT_EQ(said(mixed, "units"), "");
    const json::value money = load("t.t", "a,rate\nx,1.000 đ\ny,2.000\nz,3.000 VNĐ\n");
    EXPECT_EQ(said(money, "units"), "2 warning") << "one currency, left out in one row";
    EXPECT_EQ(said(load("t.t", percent_sheet("0.0%", "0")), "mixed_units"), "1 error");
}

// Goal: without a contract a column of one unit is of numbers, whose unit the first contract says;
// one of several stays text.
TEST_F(UnitsTest, CheckSaysUnitsAndTheDraftHasThem) {
    const json::object one = checked("a;rate\nx;12,5%\ny;50%\n");
    EXPECT_EQ(column(one, 1).at("type").as_string(), "number");
    EXPECT_THAT(codes(one), Contains("units"));
    const std::string draft(one.at("contract").as_string());
    EXPECT_THAT(draft, HasSubstr("description: \"Đơn vị: %\""));
    EXPECT_THAT(draft, HasSubstr("value: \"Unit: %\""));
    const json::object mixed = checked("a;rate\nx;12,5%\ny;1.000 đ\nz;12 USD\n");
    EXPECT_EQ(column(mixed, 1).at("type").as_string(), "string");
    EXPECT_EQ(finding(mixed, "mixed_units").at("severity").as_string(), "error");
    EXPECT_EQ(mixed.at("rejected").as_int64(), 0);
    const json::object sheet = checked(percent_sheet("0.0%"));
    EXPECT_EQ(column(sheet, 1).at("type").as_string(), "number");
    EXPECT_EQ(column(sheet, 1).at("max").to_number<double>(), 50);
    EXPECT_THAT(codes(sheet), Contains("units"));
    EXPECT_THAT(codes(checked("a;n\nx;1\ny;2\n")), Not(Contains("units")));
}

}  // namespace
}  // namespace nguon::intake
