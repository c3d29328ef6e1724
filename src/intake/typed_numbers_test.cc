// Numbers that are numbers in the file mean one thing, whatever the contract says of separators.
#include <gtest/gtest.h>

#include "intake/internal/load_fixture.h"
#include "scan/test_files.h"
#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

class TypedNumbersTest : public LoadTest {
protected:
    void SetUp() override {
        LoadTest::SetUp();
        apply(
            "  - name: n\n    properties:\n      - {name: id, logicalType: string, primaryKey: "
            "true, primaryKeyPosition: 1}\n"
            "      - name: v\n        logicalType: number\n        customProperties: "
            "[{property: decimalSeparator, value: ','}]\n"
            "  - name: m\n    properties:\n      - {name: id, logicalType: string, primaryKey: "
            "true, primaryKeyPosition: 1}\n      - {name: v, logicalType: number}\n");
    }
};

// Goal: separators are of texts. Method: JSON has numbers and texts; PUT, too.
TEST_F(TypedNumbersTest, JsonHasBoth) {
    load("t.n",
         "{\"id\":\"1\",\"v\":1.234}\n{\"id\":\"2\",\"v\":\"1.234\"}\n{\"id\":\"3\",\"v\":0.125}\n"
         "{\"id\":\"4\",\"v\":1234.5}\n{\"id\":\"5\",\"v\":\"1.234,5\"}\n"
         "{\"id\":\"6\",\"v\":12345}\n");
    EXPECT_EQ(current("t.n"),
              (Lines{"1|1.234", "2|1234.0", "3|0.125", "4|1234.5", "5|1234.5", "6|12345.0"}));
    ASSERT_TRUE(put("t.n", "1", R"({"v":7.125})"));
    ASSERT_TRUE(put("t.n", "2", R"({"v":"7.125"})"));
    EXPECT_EQ(current("t.n").at(0), "1|7.125");
    EXPECT_EQ(current("t.n").at(1), "2|7125.0");
}

// Goal: the same of Parquet.
TEST_F(TypedNumbersTest, ParquetHasNumbers) {
    const std::filesystem::path file = m_folder / "n.parquet";
    ASSERT_TRUE((*sql::Duck::open({}))
                    ->query_integer("COPY (SELECT '1' AS id, 1.234::DOUBLE AS v UNION ALL SELECT "
                                    "'2', 1234.5) TO " +
                                    sql::quote_literal(file.string()) + " (FORMAT parquet)"));
    LoadRequest request;
    request.dataset = "t.n";
    request.file = file;
    ASSERT_TRUE(intake::load(*m_store, LoadOptions{}, request));
    EXPECT_EQ(current("t.n"), (Lines{"1|1.234", "2|1234.5"}));
}

// Goal: the same of sheets, whose cells are numbers or texts.
TEST_F(TypedNumbersTest, SheetsHaveBoth) {
    const auto text = [](std::string_view at, std::string_view value) {
        return fmt::format("<c r=\"{}\" t=\"inlineStr\"><is><t>{}</t></is></c>", at, value);
    };
    const auto number = [](std::string_view at, std::string_view value) {
        return fmt::format("<c r=\"{}\"><v>{}</v></c>", at, value);
    };
    scan::TestWorkbook book;
    book.sheets = {{"S", "<sheetData><row r=\"1\">" + text("A1", "id") + text("B1", "v") +
                             "</row><row r=\"2\">" + text("A2", "1") + number("B2", "1.234") +
                             "</row><row r=\"3\">" + text("A3", "2") + text("B3", "1.234") +
                             "</row><row r=\"4\">" + text("A4", "3") + number("B4", "1234.5") +
                             "</row><row r=\"5\">" + text("A5", "4") + text("B5", "1.234,5") +
                             "</row></sheetData>"}};
    load("t.n", book.bytes());
    EXPECT_EQ(current("t.n"), (Lines{"1|1.234", "2|1234.0", "3|1234.5", "4|1234.5"}));
}

// Goal: a date cell and a text of the same moment are the same. Method: a format and a zone.
TEST_F(TypedNumbersTest, MomentsOfSheetsAreInTheZoneOfTheContract) {
    const auto contract = contract::parse(
        "apiVersion: v3.2.0\nkind: DataContract\nid: z\nname: z\ndomain: z\nversion: "
        "1.0.0\nstatus: active\nschema:\n  - name: m\n    properties:\n      - {name: id, "
        "logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n      - {name: at, "
        "logicalType: timestamp, logicalTypeOptions: {format: 'dd/MM/yyyy HH:mm', "
        "defaultTimezone: Asia/Ho_Chi_Minh}}\n",
        "z.yaml");
    ASSERT_TRUE(contract);
    ASSERT_TRUE(m_store->apply({*contract}));
    scan::TestWorkbook book;
    book.formats = {"dd/mm/yyyy hh:mm"};
    book.sheets = {
        {"S",
         "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>id</t></is></c><c r=\"B1\" "
         "t=\"inlineStr\"><is><t>at</t></is></c></row><row r=\"2\"><c r=\"A2\" "
         "t=\"inlineStr\"><is><t>1</t></is></c><c r=\"B2\" s=\"1\"><v>46024.5</v></c></row><row "
         "r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>2</t></is></c><c r=\"B3\" "
         "t=\"inlineStr\"><is><t>02/01/2026 12:00</t></is></c></row></sheetData>"}};
    load("z.m", book.bytes());
    load("z.m", "id,at\n3,02/01/2026 12:00\n");
    const Lines rows = current("z.m");
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].substr(1), rows[2].substr(1));
    EXPECT_EQ(rows[1].substr(1), rows[2].substr(1));
}

// Goal: a fix of written numbers leaves those alone that are numbers. Method: one of the file's
// values has separators, and --fix mends it.
TEST_F(TypedNumbersTest, AFixLeavesThemAlone) {
    LoadRequest request;
    request.dataset = "t.m";
    request.bytes =
        "{\"id\":\"1\",\"v\":1.234}\n{\"id\":\"2\",\"v\":\"1.234,5\"}\n{\"id\":\"3\",\"v\":2.5}\n";
    request.mend = true;
    ASSERT_TRUE(intake::load(*m_store, LoadOptions{}, request));
    EXPECT_EQ(current("t.m"), (Lines{"1|1.234", "2|1234.5", "3|2.5"}));
}

// Goal: a fix never reads a column otherwise than its contract. Method: thousands as the contract
// writes them, and one value that is no number so.
TEST_F(TypedNumbersTest, AFixKeepsToTheContractsSeparators) {
    LoadRequest request;
    request.dataset = "t.n";
    request.bytes = "id,v\n1,1.000\n2,2.500\n3,1.0000\n";
    request.mend = true;
    const auto receipt = intake::load(*m_store, LoadOptions{}, request);
    ASSERT_TRUE(receipt);
    EXPECT_EQ(current("t.n"), (Lines{"1|1000.0", "2|2500.0"}));
    EXPECT_EQ(set_aside(*parse_json(receipt->json_text)), (Lines{"3 type:v"}));
}

}  // namespace
}  // namespace nguon::intake
