// What ends a field, a record, a table: escapes, line ends of several systems, who signs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "scan/test_files.h"

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

// Goal: where backslashes escape, one before a line end makes it a part of the value, unless no
// whole record comes of that.
TEST(DialectEnds, ABackslashBeforeALineEndEscapesIt) {
    const Opened opened = open("id\tnote\tn\n1\tmột\\\nhai\t\\N\n2\t\\N\t7\n3\tC:\\\n4\tx\t8\n");
    EXPECT_EQ(opened.dialect.escape, '\\');
    EXPECT_THAT(opened.read.rows.at(0), ElementsAre("1", "một\nhai", ""));
    EXPECT_THAT(opened.read.rows.at(1), ElementsAre("2", "", "7"));
    EXPECT_NE(opened.read.flags.at(2), 0U) << "a field too few, and no other row with it";
    EXPECT_THAT(opened.read.rows.at(3), ElementsAre("4", "x", "8"));
    const Opened last = open("id\tn\tpath\n1\t\\N\tC:\\\n2\t7\tD:\\\n3\t\\N\tx\n");
    EXPECT_THAT(last.read.rows,
                ElementsAre(ElementsAre("1", "", "C:\\"), ElementsAre("2", "7", "D:\\"),
                            ElementsAre("3", "", "x")));
}

// Goal: what ends every report is no row, whether or not an empty row stands before it. Method: an
// amount in words, who gets it, who signs, the day, in two columns and in three.
TEST(DialectEnds, NotesThatNoTableHasNeedNoEmptyRow) {
    for (const std::string_view table :
         {"Thôn,Số\nAn,20\nBình,25\n", "Thôn,Số,x\nAn,20,1\nBình,25,\n"}) {
        const std::string more = table.find(",x") == table.npos ? "" : ",";
        for (const std::string& notes :
             {"\"Bằng chữ: Bốn mươi lăm\"," + more + "\nNơi nhận:," + more + "\n- UBND tỉnh," +
                  more + "\n",
              "Người lập biểu," + more + "\nNguyễn Văn A," + more + "\n",
              "\"Huế, ngày 5 tháng 6 năm 2026\"," + more + "\nThủ trưởng đơn vị," + more + "\n"}) {
            const Opened opened = open(std::string(table) + notes);
            EXPECT_EQ(opened.read.rows.size(), 2U) << table << notes;
            EXPECT_THAT(opened.read.flags, Each(0U));
        }
    }
    const Opened rows = open("Chức vụ,Tên\nKế toán,An\nGiám đốc,\nGhi chú,\n");
    EXPECT_EQ(rows.read.rows.size(), 3U) << "values of the table";
}

// Goal: Excel's own line that names the delimiter is no row, and is obeyed.
TEST(DialectEnds, TheSeparatorLineOfExcelIsNoRow) {
    for (const std::string_view start : {"sep=;\r\n", "\xEF\xBB\xBFSEP=;\n", "\"sep=;\"\n"}) {
        const Opened opened = open(std::string(start) + "a;b,c;d\n1;2,5;3\n4;5,5;6\n");
        EXPECT_THAT(opened.read.names, ElementsAre("a", "b,c", "d")) << start;
        EXPECT_THAT(opened.read.rows.at(0), ElementsAre("1", "2,5", "3"));
        EXPECT_TRUE(opened.dialect.separator_line);
        EXPECT_EQ(opened.dialect.preamble_lines, 1U);
    }
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

// Goal: a record at the end is no note, however its fields are parted. Method: another delimiter,
// without and after an empty line, the table's own within quotes, fewer fields with a date, a code
// alone, a name that was cut.
TEST(DialectEnds, RecordsOfAnotherDelimiterAreDamagedRecords) {
    const std::string semicolons = "Mã;Tên;Ngày\nA1;An;01/02/2025\nA2;Lê Bình;02/02/2025\n";
    const std::string commas = "Mã,Tên,Ngày\nA1,x,01/02/2025\nA2,y,02/02/2025\n";
    const std::string names = "Tên,Mã,Ngày\nLê An 49,x,01/02/2025\nLê An 50,y,02/02/2025\n";
    struct Case {
        const std::string& table;
        std::string end;
        std::size_t damaged;
    };
    for (const Case& one :
         {Case{semicolons, "A3,Trần Chi,03/02/2025\nA4,Võ Dung,04/02/2025\n", 2},
          Case{commas, "\nA3;z;03/02/2025\nA4;t;04/02/2025\n", 2},
          Case{commas, "\n\"A3,z,03/02/2025\"\n", 1}, Case{commas, "\nA3;03/02/2025\n", 1},
          Case{commas, "\nA3\n", 1}, Case{names, "Lê An 51\n", 1}}) {
        const Opened opened = open(one.table + one.end);
        ASSERT_EQ(opened.read.flags.size(), 2 + one.damaged) << one.end;
        EXPECT_EQ(opened.dialect.footer_lines, 0U) << one.end;
        EXPECT_NE(opened.read.flags.back() & kDamaged, 0U) << one.end;
    }
}

// Goal: notes stay notes. Method: sentences with commas, dates, numbers; marks before them.
TEST(DialectEnds, SentencesBelowATableAreNoRows) {
    for (const char* below :
         {"\n\"Nguồn: Tổng cục Thống kê, Bộ Tài chính, Hà Nội\"\n", "\nHuế; ngày 5 tháng 1\n",
          "Cập nhật: 31/12/2025\n", "* 3 số liệu sơ bộ\n", "\nTrang 1\n"}) {
        const Opened opened = open(with_signers(below));
        EXPECT_EQ(opened.read.rows.size(), 5U) << below;
        EXPECT_GT(opened.dialect.footer_lines, 0U) << below;
    }
}

// Goal: a time beside a key is one value. Method: times, and days with them, under names that have
// colons or none; a file whose only delimiter is a colon.
TEST(DialectEnds, AColonWithinTimesPartsNoColumns) {
    for (const char* text :
         {"id,t\n0,2026-01-01 03:04:05\n1,2026-01-02 04:05:06\n2,2026-01-03 05:06:07\n",
          "id,HH:MM:SS\n0,03:04:05\n1,04:05:06\n2,05:06:07\n", "id,t\n0,03:04:05\n1,04:05:06\n",
          "ma,dd/MM/yyyy HH:mm:ss\n1,01/02/2026 03:04:05\n2,02/02/2026 04:05:06\n",
          "id;t\n0;03:04\n1;04:05\n2;05:06\n"}) {
        const Opened opened = open(text);
        EXPECT_EQ(opened.dialect.columns, 2U) << text;
        EXPECT_TRUE(opened.dialect.delimiter == "," || opened.dialect.delimiter == ";") << text;
        EXPECT_EQ(opened.dialect.preamble_lines, 0U) << text;
        EXPECT_TRUE(opened.dialect.has_header) << text;
    }
    EXPECT_EQ(open("root:0:1\nan:1000:2\nbinh:1001:3\n").dialect.delimiter, ":");
}

}  // namespace
}  // namespace nguon::scan
