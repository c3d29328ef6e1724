// What ends a field, a record, a table: escapes, line ends of several systems, who signs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "scan/internal/test_files.h"

namespace nguon::scan {
namespace {

using testing::Each;
using testing::ElementsAre;

struct Opened {
    ReadInput read;
    Dialect dialect;
};
Opened open(const std::string& bytes) {
    InputOptions options;
    options.bytes = bytes;
    options.format = Format::kCsv;
    const auto input = RecordInput::open(options);
    Opened opened{*read_input(options), {}};
    for (;;) {
        Block block;
        const auto more = (*input)->next(block);
        if (!more || !*more) break;
    }
    opened.dialect = *(*input)->dialect();
    return opened;
}

// Goal: what MySQL's INTO OUTFILE and PostgreSQL's COPY write is a regular table. Method: commas in
// a third of the addresses, \N for nothing, backslashes doubled; with tabs, of which none stands in
// a value.
TEST(DialectEnds, ABackslashBeforeADelimiterEscapesIt) {
    std::string text = "id,address,born\n";
    for (int i = 0; i < 50; ++i)
        text += fmt::format("{},{} Lê Lợi{},{}\n", i, i, i % 3 == 0 ? "\\, Huế" : "",
                            i % 7 == 1 ? "\\N" : "2001-02-03");
    const Opened comma = open(text);
    EXPECT_EQ(comma.dialect.escape, '\\');
    EXPECT_THAT(comma.read.flags, Each(0U));
    EXPECT_THAT(comma.read.rows.at(0), ElementsAre("0", "0 Lê Lợi, Huế", "2001-02-03"));
    EXPECT_THAT(comma.read.rows.at(1), ElementsAre("1", "1 Lê Lợi", ""));
    const Opened tab = open("id\tpath\tn\n1\tC:\\\\a\t\\N\n2\t\\N\t7\n3\tx\t8\n");
    EXPECT_EQ(tab.dialect.escape, '\\');
    EXPECT_THAT(tab.read.rows, ElementsAre(ElementsAre("1", "C:\\a", ""), ElementsAre("2", "", "7"),
                                           ElementsAre("3", "x", "8")));
}

// Goal: a backslash that ends a value is no escape. Method: folders of Windows, in a regular table.
TEST(DialectEnds, ABackslashAtTheEndOfAValueStays) {
    const Opened opened = open("path,size\nC:\\a\\,1\nC:\\b\\,2\nC:\\c\\,3\n");
    EXPECT_EQ(opened.dialect.escape, '\0');
    EXPECT_THAT(opened.read.rows.at(0), ElementsAre("C:\\a\\", "1"));
}

// Goal: files of several systems, one behind the other, lose no row. Method: each line end after
// the header and between rows, near the beginning and far behind it, with quotes; a CR inside of a
// text ends nothing.
TEST(DialectEnds, EveryLineEndEndsALineWhereItsRecordsAreWhole) {
    for (const std::string_view first : {"\r", "\n", "\r\n"}) {
        const Opened opened = open(fmt::format(
            "id,name{}1,A\r2,\"B\"\r\"3\",C\n4,D\r\n5,E\n6,F\n7,G\r\n8,H\n9,I\r\n", first));
        EXPECT_THAT(opened.read.flags, Each(0U));
        ASSERT_EQ(opened.read.rows.size(), 9U) << "after " << first.size();
        EXPECT_THAT(opened.read.rows.at(2), ElementsAre("3", "C"));
    }
    std::string far = "id,name,n\n";
    for (int i = 0; i < 9'000; ++i)
        far += fmt::format("{},Name {},7{}", i, i, i % 100 == 99 && i > 8'000 ? "\r" : "\n");
    const Opened opened = open(far);
    EXPECT_EQ(opened.read.rows.size(), 9'000U);
    EXPECT_THAT(opened.read.flags, Each(0U));
    const Opened inside = open("id,name,n\n1,a\rb,1\n2,c,2\n3,d,3\n4,e,4\n");
    ASSERT_EQ(inside.read.rows.size(), 4U);
    EXPECT_EQ(inside.read.rows.at(0).at(1), "a\rb");
}

std::string with_signers(const std::string& below) {
    return "mã,tên,số\n1,An,5\n2,Bình,6\n3,Chi,7\n4,Dũng,8\n5,Em,9\n" + below;
}

// Goal: who signs below a table is no row of it. Method: two and three signers side by side, in
// other letters, with a date above and names below, under an empty row of either kind.
TEST(DialectEnds, SignersBelowATableAreNoRows) {
    for (const char* below :
         {",,\nNgười lập biểu,,Thủ trưởng\n\"(Ký, ghi rõ họ tên)\",,\"(Ký tên, đóng "
          "dấu)\"\n,,\nNguyễn Văn A,,Trần Thị B\n",
          "\nNGƯỜI LẬP,KẾ TOÁN TRƯỞNG,TM. ỦY BAN NHÂN DÂN\n\n\nLê A,Trần B,Vũ C\n",
          "\n,,\"Huế, ngày 5 tháng 1 năm 2024\"\n,Người lập biểu,Giám đốc\n,Lê A,Trần B\n"}) {
        const Opened opened = open(with_signers(below));
        EXPECT_EQ(opened.read.rows.size(), 5U) << below;
        EXPECT_GT(opened.dialect.footer_lines, 2U);
    }
}

// Goal: rows of data stay. Method: a row of words after an empty one, the same with an office in
// one cell, signers above a row of data, a row of two offices without an empty one before it.
TEST(DialectEnds, RowsLikeSignersStay) {
    for (const char* below : {"\nLan,,Huế\n", "\n6,Kế toán,\n", "\nNgười lập,,Thủ trưởng\n7,Hà,9\n",
                              "Người lập biểu,,Thủ trưởng\n"}) {
        const Opened opened = open(with_signers(below));
        EXPECT_GT(opened.read.rows.size(), 5U) << below;
        EXPECT_EQ(opened.dialect.footer_lines, 0U) << below;
    }
}

// Goal: the same of sheets, whose empty rows have no delimiters.
TEST(DialectEnds, SignersBelowASheetAreNoRows) {
    TestWorkbook book;
    book.sheets.push_back({"S", sheet_of({{"mã", "tên", "số"},
                                          {"1", "An", "5"},
                                          {"2", "Bình", "6"},
                                          {"3", "Chi", "7"},
                                          {},
                                          {"Người lập biểu", "", "Thủ trưởng"},
                                          {"(Ký, ghi rõ họ tên)", "", "(Ký tên, đóng dấu)"},
                                          {},
                                          {"Nguyễn Văn A", "", "Trần Thị B"}})});
    const auto read = read_bytes(book.bytes());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->rows.size(), 3U);
}

}  // namespace
}  // namespace nguon::scan
