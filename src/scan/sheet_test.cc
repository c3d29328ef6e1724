#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sha256.h"
#include "scan/internal/biff_scan.h"
#include "scan/internal/number_format.h"
#include "scan/table.h"
#include "scan/test_files.h"

namespace nguon::scan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string shown(double value, std::string_view code, DateSystem system = DateSystem::k1900) {
    return text_of_number(value, format_from_code(code), system);
}
std::string number(std::string_view literal) {
    return text_of_number(literal, NumberFormat(), DateSystem::k1900);
}

// Goal: a number's format says what the officer meant. Method: codes of several locales and days
// around the leap day of 1900 that never was.
TEST(NumberFormat, DatesOfEveryLocaleAreIso) {
    EXPECT_EQ(shown(46037, "dd/mm/yyyy"), "2026-01-15");
    EXPECT_EQ(shown(46037, "[$-42A]d \"tháng\" m, yyyy;@"), "2026-01-15");
    EXPECT_EQ(shown(46037, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy"), "2026-01-15");
    EXPECT_EQ(shown(46037, "yyyy\"年\"m\"月\"d\"日\""), "2026-01-15");
    EXPECT_EQ(shown(46037.5, "d/m/yyyy h:mm"), "2026-01-15T12:00:00");
    EXPECT_EQ(shown(0.4375, "h:mm AM/PM"), "10:30:00");
    EXPECT_EQ(shown(1.5625, "[h]:mm"), "37:30:00");
    EXPECT_EQ(shown(59, "d/m/yyyy"), "1900-02-28");
    EXPECT_EQ(shown(60, "d/m/yyyy"), "1900-02-29");  // refused later: no such day
    EXPECT_EQ(shown(61, "d/m/yyyy"), "1900-03-01");
    EXPECT_EQ(shown(0, "d/m/yyyy", DateSystem::k1904), "1904-01-01");
    EXPECT_EQ(shown(44575, "d/m/yyyy", DateSystem::k1904), "2026-01-15");
    EXPECT_EQ(shown(-1, "d/m/yyyy"), "-1");
    EXPECT_EQ(shown(1e10, "d/m/yyyy"), "10000000000");
    EXPECT_EQ(text_of_number(46037, built_in_format(14), DateSystem::k1900), "2026-01-15");
}

TEST(NumberFormat, NumbersAreNoDates) {
    for (const std::string_view code : {"General", "0", "#,##0 \"đ\"", "0.00E+00", "0.0 \"days\"",
                                        "#,##0.00_);[Red](#,##0.00)", "# ?/?", "\"Hộ \"0", "@"}) {
        EXPECT_EQ(shown(46037, code), "46037") << code;
    }
}

// Goal: a percentage reads as people see and write it, not a hundred times smaller.
TEST(NumberFormat, PercentagesAreAsTheyAreShown) {
    EXPECT_EQ(shown(0.125, "0.0%"), "12.5%");
    EXPECT_EQ(shown(0.001, "0%"), "0.1%");
    EXPECT_EQ(shown(0.07, "0.00 %"), "7%");
    EXPECT_EQ(shown(1, "#,##0%"), "100%");
    EXPECT_EQ(text_of_number(0.5, built_in_format(9), DateSystem::k1900), "50%");
    EXPECT_EQ(text_of_number(0.5, built_in_format(10), DateSystem::k1900), "50%");
    EXPECT_EQ(shown(5, "0\"%\""), "5") << "a sign that is only shown";
}

TEST(NumberFormat, LeadingZerosThatAreShownAreKept) {
    EXPECT_EQ(shown(79, "000"), "079");
    EXPECT_EQ(shown(1199000123, "000000000000"), "001199000123");
    EXPECT_EQ(shown(912345678, "0000 000 000"), "0912 345 678");
    EXPECT_EQ(shown(912345678, "\\0#"), "0912345678");
    EXPECT_EQ(shown(123456, "000"), "123456");
    EXPECT_EQ(shown(1.5, "000"), "1.5");  // no code
}

TEST(NumberFormat, NumbersWithoutNoise) {
    EXPECT_EQ(number("0.1"), "0.1");
    EXPECT_EQ(number("1.0000000000000001E-1"), "0.1");
    EXPECT_EQ(number("0.30000000000000004"), "0.3");
    EXPECT_EQ(number("12345678901234567"), "12345678901234567") << "as written";
    EXPECT_EQ(number("-12345678901234567.89"), "-12345678901234567.89");
    EXPECT_EQ(number("0.3333333333333333"), "0.3333333333333333");
    EXPECT_EQ(number("1E-3"), "0.001");
    EXPECT_EQ(number("1.199000123E9"), "1199000123");
    EXPECT_EQ(number("001199000123"), "001199000123");
    EXPECT_EQ(number("12345678901234567"), "12345678901234567");
    EXPECT_EQ(number("1.5E300"), "1.5e+300");
    EXPECT_EQ(number("-0"), "-0");
}

// Goal: a sheet as offices send it. Method: title above, total below, a merged cell over two rows,
// texts of every kind, a date, an empty column at the left.
TEST(Sheet, TheTableIsFoundAndCellsAreAsTheOfficerMeant) {
    TestWorkbook book;
    book.shared = {"<t>Mã</t>", "<r><t>Tên </t></r><r><t>xã</t></r><rPh><t>x</t></rPh>",
                   "<t xml:space=\"preserve\">Dòng 1_x000D_\nDòng 2, \"nháy\"</t>"};
    book.formats = {"dd/mm/yyyy", "00000"};
    book.sheets.push_back(
        {"Xã",
         "<cols><col min=\"7\" max=\"7\" hidden=\"1\"/></cols><sheetData>"
         "<row r=\"1\"><c r=\"B1\" t=\"inlineStr\"><is><t>DANH SÁCH XÃ</t></is></c></row>"
         "<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c><c r=\"C3\" t=\"s\"><v>1</v></c>"
         "<c r=\"D3\" t=\"str\"><f>A1</f><v>Ngày</v></c><c r=\"E3\" t=\"inlineStr\"><is><t>Ghi "
         "chú</t></is></c><c r=\"F3\" t=\"inlineStr\"><is><t>Có</t></is></c></row>"
         "<row r=\"4\"><c r=\"B4\" s=\"2\"><v>79</v></c><c r=\"C4\" t=\"inlineStr\"><is><t>An "
         "Bình</t></is></c><c r=\"D4\" s=\"1\"><v>46037</v></c><c r=\"E4\" "
         "t=\"s\"><v>2</v></c><c r=\"F4\" t=\"b\"><v>1</v></c></row>"
         "<row r=\"5\" hidden=\"1\"><c r=\"B5\" s=\"2\"><v>80</v></c><c r=\"C5\"/><c r=\"D5\" "
         "s=\"1\"><v>46038</v></c><c r=\"F5\" t=\"b\"><v>0</v></c></row>"
         "<row r=\"6\"><c r=\"B6\" s=\"2\"><v>81</v></c><c r=\"C6\" t=\"inlineStr\"><is><t>Hòa "
         "Bình</t></is></c><c r=\"D6\" s=\"1\"><v>46039</v></c><c r=\"F6\" t=\"b\"><v>0</v></c>"
         "</row></sheetData><mergeCells><mergeCell ref=\"B1:F1\"/><mergeCell "
         "ref=\"C4:C5\"/></mergeCells>"});
    const std::string bytes = book.bytes();
    const auto read = read_bytes(bytes);
    ASSERT_TRUE(read) << read.error().detail.en;
    EXPECT_EQ(read->format, Format::kXlsx);
    EXPECT_THAT(read->names, ElementsAre("Mã", "Tên xã", "Ngày", "Ghi chú", "Có"));
    ASSERT_EQ(read->rows.size(), 3U);
    EXPECT_THAT(read->rows[0], ElementsAre("00079", "An Bình", "2026-01-15",
                                           "Dòng 1\r\nDòng 2, \"nháy\"", "true"));
    EXPECT_THAT(read->rows[1], ElementsAre("00080", "An Bình", "2026-01-16", "", "false"));
    EXPECT_EQ(read->contents.hidden_rows, 1);
    EXPECT_EQ(read->contents.hidden_columns, 1);
    EXPECT_EQ(read->contents.merged, 1);
    EXPECT_EQ(read->sha256, crypto::sha256_hex(bytes));
}

// Goal: rows of a sheet that goes on with the one that is read are counted. Method: the same header
// shown and hidden, without rows, below a title; another header; a sheet that was asked for.
TEST(Sheet, SheetsWithTheSameColumnsAreCounted) {
    TestWorkbook book;
    book.sheets = {
        {"Xã A", sheet_of({{"Mã", "Tên", "Số"}, {"1", "An", "5"}, {"2", "Bình", "6"}})},
        {"Xã B",
         sheet_of({{"Xã B"}, {}, {"mã", "Tên", "Số"}, {"3", "Chi", "7"}, {"4", "Du", "8"}})},
        {"Cũ", sheet_of({{"Mã", "Tên", "Ghi chú"}, {"9", "Em", "x"}}), "hidden"},
        {"Trống", sheet_of({{"Mã", "Tên", "Số"}})},
        {"Nghĩa", sheet_of({{"Cột", "Nghĩa", "Số"}, {"Mã", "Mã hộ", "1"}})}};
    const auto unread = [&](const InputOptions& options) {
        std::vector<std::int64_t> rows;
        const auto read = read_bytes(book.bytes(), options);
        for (const Part& sheet : read->contents.sheets)
            rows.push_back(sheet.unread);
        return rows;
    };
    EXPECT_THAT(unread({}), ElementsAre(0, 2, 1, 0, 0));
    InputOptions options;
    options.columns = {"Mã", "Tên", "Số"};
    EXPECT_THAT(unread(options), ElementsAre(0, 2, 1, 0, 0));
    options.sheet = "Xã B";
    EXPECT_THAT(unread(options), ElementsAre(0, 0, 0, 0, 0));
}

// Goal: a footer's lines are rows of the sheet. Method: texts of several lines, empty rows before
// the header, between rows, within the footer.
TEST(Sheet, AFootersRowsAreCounted) {
    TestWorkbook book;
    book.sheets = {{"S", sheet_of({{},
                                   {"Mã", "Tên", "Số"},
                                   {"1", "An\nBình", "5"},
                                   {"2", "Chi", "6"},
                                   {"3", "Du", "7"},
                                   {},
                                   {},
                                   {},
                                   {"Nguồn: Sở,\nUBND"},
                                   {},
                                   {"Ghi chú: sơ bộ"}})}};
    const auto read = read_bytes(book.bytes());
    ASSERT_EQ(read->rows.size(), 3U);
    EXPECT_EQ(read->contents.footer.lines, 2);
    EXPECT_EQ(read->contents.footer.first, 9);
    EXPECT_EQ(read->contents.footer.last, 11);
}

// Goal: of several sheets the one that fits is read. Method: a cover, a hidden list and two tables;
// nothing told, a contract's columns, a name, a number, a name that is not there.
TEST(Sheet, TheSheetIsChosen) {
    TestWorkbook book;
    book.sheets = {{"Bìa", sheet_of({{"Báo cáo năm 2026"}})},
                   {"Danh mục", sheet_of({{"Loại", "Nghĩa"}, {"1", "Một"}}), "hidden"},
                   {"Hộ", sheet_of({{"Số hộ", "Tên"}, {"1", "An"}, {"2", "Bình"}})},
                   {"Người", sheet_of({{"Mã", "Họ tên"}, {"7", "Chi"}})}};
    const std::string bytes = book.bytes();
    InputOptions survey;
    survey.survey = true;
    const auto first = read_bytes(bytes, survey);
    ASSERT_TRUE(first) << first.error().detail.en;
    EXPECT_THAT(first->names, ElementsAre("Số hộ", "Tên"));
    ASSERT_EQ(first->contents.sheets.size(), 4U);
    EXPECT_EQ(first->contents.sheets[1].hidden, true);
    EXPECT_EQ(first->contents.sheets[2].chosen, true);
    EXPECT_EQ(first->contents.sheets[2].rows, 3);
    EXPECT_EQ(first->contents.sheets[3].rows, 2);

    InputOptions wanted;
    wanted.columns = {"ma", "ho_ten"};
    wanted.titles = {{}, {"Họ tên"}};
    EXPECT_THAT(read_bytes(bytes, wanted)->names, ElementsAre("Mã", "Họ tên"));
    InputOptions named;
    named.sheet = "danh mục";
    EXPECT_THAT(read_bytes(bytes, named)->names, ElementsAre("Loại", "Nghĩa"));
    named.sheet = "4";
    EXPECT_THAT(read_bytes(bytes, named)->names, ElementsAre("Mã", "Họ tên"));
    named.sheet = "Xe";
    const auto missing = read_bytes(bytes, named);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Code::kInvalid);
    EXPECT_THAT(missing.error().detail.en, HasSubstr("Bìa, Danh mục, Hộ, Người"));
}

// Goal: two rows of names, the upper merged, make one. Method: as a statistical table has them.
TEST(Sheet, NamesOfTwoLevelsAreJoined) {
    TestWorkbook book;
    book.sheets = {{"S", sheet_of({{"Tỉnh", "Dân số", "", "Diện tích"},
                                   {"", "Nam", "Nữ", "Km2"},
                                   {"Huế", "10", "20", "4947.1"},
                                   {"Cần Thơ", "30", "40", "6360.8"}}) +
                             "<mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:C1\"/>"
                             "</mergeCells>"}};
    const auto read = read_bytes(book.bytes());
    ASSERT_TRUE(read);
    EXPECT_THAT(read->names, ElementsAre("Tỉnh", "Dân số Nam", "Dân số Nữ", "Diện tích Km2"));
    EXPECT_THAT(read->rows[0], ElementsAre("Huế", "10", "20", "4947.1"));
}

// Goal: an error of a formula sets its row aside, in columns that are wanted only. Method: two
// broken cells, one in a column beside.
TEST(Sheet, CellErrorsSetTheRowAside) {
    TestWorkbook book;
    book.sheets = {{"S", sheet_of({{"id", "name", "helper"},
                                   {"1", "#N/A", "x"},
                                   {"2", "An", "#REF!"},
                                   {"3", "Bình", "x"}})}};
    InputOptions options;
    options.bytes = book.bytes();
    auto input = RecordInput::open(options);
    ASSERT_TRUE(input);
    Plan plan;
    plan.columns = {{"id", {sql::Kind::kBigint}, {}}, {"name", {sql::Kind::kText}, {}}};
    Random& random = system_random();
    auto table = std::make_shared<Table>(std::move(*input), plan, random);
    auto duck = sql::Duck::open({});
    ASSERT_TRUE(duck);
    ASSERT_TRUE((*duck)->register_source("t", table));
    EXPECT_EQ(*(*duck)->query_integer("SELECT count(*) FROM t() WHERE (_flags & 128) <> 0"), 1);
    EXPECT_EQ(table->records(), 3);
}

TEST(Sheet, AFormulaThatNobodyReckonedIsNoEmptyCell) {
    TestWorkbook book;
    book.sheets = {{"S",
                    "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>id</t></is></c>"
                    "<c r=\"B1\" t=\"inlineStr\"><is><t>sum</t></is></c></row>"
                    "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><f>A2*2</f><v/></c></row>"
                    "<row r=\"3\"><c r=\"A3\"><v>2</v></c><c r=\"B3\"><f>A3*2</f><v>4</v></c></row>"
                    "<row r=\"4\"><c r=\"A4\"><v>3</v></c><c r=\"B4\" t=\"str\"><f>\"\"</f><v></v>"
                    "</c></row></sheetData>"}};
    InputOptions options;
    options.bytes = book.bytes();
    const auto read = read_input(options);
    ASSERT_TRUE(read);
    ASSERT_EQ(read->rows.size(), 3U);
    EXPECT_EQ(read->rows[0][1], "#UNKNOWN!");
    EXPECT_EQ(read->rows[1][1], "4");
    EXPECT_EQ(read->rows[2][1], "");
}

// Goal: dates of a workbook are dates under any contract. Method: a column in dd/MM/yyyy, cells
// that are dates, midnights and texts.
TEST(Sheet, TypedDatesAreTakenWhateverTheFormat) {
    TestWorkbook book;
    book.formats = {"m/d/yyyy", "d/m/yyyy h:mm"};
    book.sheets = {{"S",
                    "<sheetData><row><c t=\"inlineStr\"><is><t>id</t></is></c><c "
                    "t=\"inlineStr\"><is><t>born</t></is></c></row>"
                    "<row><c><v>1</v></c><c s=\"1\"><v>46037</v></c></row>"
                    "<row><c><v>2</v></c><c s=\"2\"><v>46037</v></c></row>"
                    "<row><c><v>3</v></c><c t=\"inlineStr\"><is><t>15/01/2026</t></is></c></row>"
                    "<row><c><v>4</v></c><c t=\"d\"><v>2026-01-15T00:00:00</v></c></row>"
                    "</sheetData>"}};
    InputOptions options;
    options.bytes = book.bytes();
    auto input = RecordInput::open(options);
    ASSERT_TRUE(input);
    Plan plan;
    plan.columns = {{"id", {sql::Kind::kBigint}, {}},
                    {"born", {sql::Kind::kDate}, *DateFormat::from("dd/MM/yyyy")}};
    Random& random = system_random();
    auto duck = sql::Duck::open({});
    ASSERT_TRUE(
        (*duck)->register_source("t", std::make_shared<Table>(std::move(*input), plan, random)));
    EXPECT_EQ(*(*duck)->query_integer(
                  "SELECT count(*) FROM t() WHERE born = DATE '2026-01-15' AND _bad0 = 0"),
              4);
}

// Goal: what stands beside the table is not lost. Method: a note far to the right in row 1,500,
// after the rows that say how wide the table is.
TEST(Sheet, ACellBesideTheTableSetsItsRowAside) {
    std::vector<std::vector<std::string>> rows{{"id", "name"}};
    for (int i = 1; i <= 1600; ++i)
        rows.push_back({std::to_string(i), "n"});
    rows[1500] = {"1500", "n", "", "", "xem lại"};
    TestWorkbook book;
    book.sheets = {{"S", sheet_of(rows)}};
    const auto read = read_bytes(book.bytes());
    ASSERT_TRUE(read);
    ASSERT_EQ(read->rows.size(), 1600U);
    EXPECT_EQ(read->flags[1499], static_cast<unsigned>(kFieldCount));
    EXPECT_EQ(read->flags[1500], 0U);
}

TEST(Sheet, DamagedWorkbooksAreRefusedByName) {
    TestWorkbook book;
    book.sheets = {{"S", sheet_of({{"a", "b"}, {"1", "2"}})}};
    const auto code_of = [](std::string bytes) {
        const auto read = read_bytes(std::move(bytes));
        return read ? Code::kInternal : read.error().code;
    };
    const std::string whole = book.bytes();
    EXPECT_EQ(code_of(whole.substr(0, whole.size() / 2)), Code::kInvalid);
    book.sheets[0].xml = "<sheetData><row><c t=\"s\"><v>9</v></c></row></sheetData>";
    EXPECT_EQ(code_of(book.bytes()), Code::kInvalid);
    book.sheets[0].xml = "<sheetData><row><c></row>";
    EXPECT_EQ(code_of(book.bytes()), Code::kInvalid);
    book.sheets[0].xml = "<sheetData/>";
    EXPECT_EQ(code_of(book.bytes()), Code::kInvalid);
    // Entities: the document type alone is refused.
    const std::string laughs = make_zip(
        {{"xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><workbook><sheets/></workbook>"}});
    EXPECT_EQ(code_of(laughs), Code::kInvalid);
}

TEST(Sheet, OpenDocumentIsReadLikeAWorkbook) {
    const auto cell = [](std::string_view text) {
        return "<table:table-cell office:value-type=\"string\"><text:p>" + std::string(text) +
               "</text:p></table:table-cell>";
    };
    const std::string content =
        "<office:document-content><office:body><office:spreadsheet><table:table "
        "table:name=\"Một\"><table:table-row>" +
        cell("Mã") + cell("Ngày") + cell("Số") + "</table:table-row><table:table-row>" +
        "<table:table-cell office:value-type=\"float\" office:value=\"7\" "
        "table:number-rows-spanned=\"2\"><text:p>007</text:p></table:table-cell>"
        "<table:table-cell office:value-type=\"date\" office:date-value=\"2026-01-15\"><text:p>15/"
        "01/26</text:p></table:table-cell><table:table-cell office:value-type=\"float\" "
        "office:value=\"0.1\"><text:p>0,1</text:p></table:table-cell></table:table-row>"
        "<table:table-row table:number-rows-repeated=\"2\"><table:covered-table-cell/>"
        "<table:table-cell table:number-columns-repeated=\"1\" office:value-type=\"date\" "
        "office:date-value=\"2026-01-16T00:00:00\"/>" +
        cell("x") +
        "</table:table-row><table:table-row table:number-rows-repeated=\"1048000\">"
        "<table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>";
    const auto read =
        read_bytes(make_zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                             {"content.xml", content}}));
    ASSERT_TRUE(read) << read.error().detail.en;
    EXPECT_EQ(read->format, Format::kOds);
    EXPECT_THAT(read->names, ElementsAre("Mã", "Ngày", "Số"));
    ASSERT_EQ(read->rows.size(), 3U);
    EXPECT_THAT(read->rows[0], ElementsAre("007", "2026-01-15", "0.1"));
    EXPECT_THAT(read->rows[1], ElementsAre("007", "2026-01-16", "x"));
    EXPECT_THAT(read->rows[2], ElementsAre("", "2026-01-16", "x"));
}

// A stream of BIFF 8 without the compound file around it.
std::string biff(std::initializer_list<std::pair<int, std::string>> records) {
    std::string stream;
    for (const auto& [type, body] : records) {
        for (const std::size_t value : {static_cast<std::size_t>(type), body.size()}) {
            stream += static_cast<char>(value & 0xFF);
            stream += static_cast<char>(value >> 8);
        }
        stream += body;
    }
    return stream;
}

// Goal: an old workbook cannot make itself larger than it is. Method: a stream of 40 bytes that
// says it has every row and column, twice.
TEST(Sheet, AnOldWorkbookSaysHowLargeItIs) {
    using namespace std::string_literals;
    const std::string bof("\x00\x06\x10\x00\x00\x00\x00\x00"s);
    const std::string sheet = biff({{0x0809, bof},
                                    {0x0200, "\0\0\0\0\0\0\1\0\0\0\0\1\0\0"s},
                                    {0x0208, "\1\0\0\0\2\0\0\0\0\0\0\0\x20\0\0\0"s},
                                    {0x0205, "\1\0\1\0\0\0\x2A\1"s},
                                    {0x00E5, "\1\0\3\0\5\0\0\0\0\0"s},
                                    {0x000A, ""}});
    const auto sheets = scan_biff(sheet);
    ASSERT_EQ(sheets.size(), 1U);
    EXPECT_EQ(sheets[0].rows, 65'536U);
    EXPECT_EQ(sheets[0].columns, 256U);
    EXPECT_EQ(sheets[0].survey.hidden_rows, 1);
    ASSERT_EQ(sheets[0].survey.merges.size(), 1U);
    EXPECT_EQ(sheets[0].survey.merges[0].last_row, 5U);
    ASSERT_EQ(sheets[0].errors.size(), 1U);
    EXPECT_EQ(sheets[0].errors[0].text, "#N/A");
    for (std::size_t size = 0; size <= sheet.size(); ++size)  // cut anywhere: no more than it has
        EXPECT_LE(scan_biff(sheet.substr(0, size)).size(), 1U);
}

}  // namespace
}  // namespace nguon::scan
