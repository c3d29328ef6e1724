#include "scan/dialect.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "scan/records.h"
#include "scan/repair.h"

namespace nguon::scan {
namespace {

using Row = std::vector<std::string>;
struct Table {
    Dialect dialect;
    Row names;
    std::vector<Row> rows;
    std::vector<std::string> damaged;
};

Table read(std::string bytes, std::vector<std::string> wanted = {}) {
    InputOptions options;
    options.bytes = std::move(bytes);
    options.columns = std::move(wanted);
    options.format = Format::kCsv;
    const auto input = RecordInput::open(options);
    Table table;
    if (!input) return table;
    table.names = (*input)->names();
    for (;;) {
        Block block;
        const auto more = (*input)->next(block);
        if (!more || !*more) break;
        (*input)->split(block);
        for (std::size_t i = 0; i < block.size(); ++i) {
            if ((block.flags[i] & kDamaged) != 0) {
                table.damaged.emplace_back(block.texts[i]);
                continue;
            }
            const auto begin = block.fields.begin() + static_cast<std::ptrdiff_t>(i * block.width);
            table.rows.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(block.width));
        }
    }
    table.dialect = *(*input)->dialect();
    return table;
}

// A small table; `d` between fields, `e` at the end of lines.
std::string small(std::string_view d, std::string_view e = "\n") {
    std::string text = fmt::format("id{0}name{0}day{0}price{1}", d, e);
    const char* names[] = {"Lan", "Minh", "Hoa", "Tuan", "Binh"};
    for (int i = 1; i <= 5; ++i)
        text += fmt::format("{2}{0}{3}{0}2026-01-0{2}{0}{4}.50{1}", d, e, i, names[i - 1], i * 100);
    return text;
}
const Row kFirst{"1", "Lan", "2026-01-01", "100.50"}, kLast{"5", "Binh", "2026-01-05", "500.50"};

TEST(Dialect, DelimitersOfOneCharacterAndOfSeveral) {
    for (const std::string_view delimiter :
         {",", ";", "\t", "|", "^", "~", "\x1F", "\x01", " ", "#", ", ", " | ", "||", "::", "~|~",
          "|;|", "¦", "§"}) {
        const Table table = read(small(delimiter));
        EXPECT_EQ(table.dialect.delimiter, delimiter);
        EXPECT_EQ(table.names, (Row{"id", "name", "day", "price"})) << delimiter;
        ASSERT_EQ(table.rows.size(), 5u) << delimiter;
        EXPECT_EQ(table.rows[0], kFirst);
        EXPECT_EQ(table.rows[4], kLast);
    }
}

TEST(Dialect, LineEndsOfEveryKind) {
    for (const std::string_view end : {"\n", "\r\n", "\r"}) {
        for (const std::string_view delimiter : {",", "||"}) {
            const Table table = read(small(delimiter, end));
            ASSERT_EQ(table.rows.size(), 5u);
            EXPECT_EQ(table.rows[4], kLast);
            EXPECT_EQ(name_of(table.dialect.line_end), end == "\n"   ? "lf"
                                                       : end == "\r" ? "cr"
                                                                     : "crlf");
        }
    }
    EXPECT_EQ(read("a,b\r1,\"x\ry\"\r2,z").rows, (std::vector<Row>{{"1", "x\ry"}, {"2", "z"}}));
}

TEST(Dialect, Quotes) {
    EXPECT_EQ(read("id,t\n1,'a, b'\n2,'c'\n3,'d''e'\n").rows,
              (std::vector<Row>{{"1", "a, b"}, {"2", "c"}, {"3", "d'e"}}));
    EXPECT_EQ(read("id||t\n1||\"a||b\"\n2||\"say \"\"hi\"\"\"\n3||x\n").rows,
              (std::vector<Row>{{"1", "a||b"}, {"2", "say \"hi\""}, {"3", "x"}}));
}

TEST(Dialect, EscapesAreToldByTheirUse) {
    const Table table = read(
        "id,t\n1,\"5\\\" disk, big\"\n2,\"C:\\\\dir\"\n3,\"one\\ntwo\"\n4,\"a \\\"b\\\", c\"\n");
    EXPECT_EQ(table.dialect.escape, '\\');
    EXPECT_EQ(
        table.rows,
        (std::vector<Row>{
            {"1", "5\" disk, big"}, {"2", "C:\\dir"}, {"3", "one\\ntwo"}, {"4", "a \"b\", c"}}));
    // A backslash among doubled quotes is a letter.
    EXPECT_EQ(read("id,t\n1,\"8\\'9\"\" rod, long\"\n2,\"x\"\n").rows[0],
              (Row{"1", "8\\'9\" rod, long"}));
}

TEST(Dialect, TitlesBeforeTheHeader) {
    const Table titled = read(
        "DANH SÁCH HỘ KINH DOANH,,,\n\"Tính đến 31/12/2025, đơn vị: đồng\",,,\n,,,\n" + small(","));
    EXPECT_EQ(titled.names, (Row{"id", "name", "day", "price"}));
    EXPECT_EQ(titled.dialect.preamble_lines, 3u);
    EXPECT_EQ(titled.rows.size(), 5u);
    const Table bare = read("Báo cáo năm 2025\nsep=;\n\n" + small(";"));
    EXPECT_EQ(bare.dialect.preamble_lines, 3u);
    EXPECT_EQ(bare.names.size(), 4u);
    EXPECT_EQ(bare.rows.size(), 5u);
    // Two columns: the empty row under the title says what it is.
    EXPECT_EQ(read("Tổng hợp quý 1,\n,\nTỉnh,Số hộ\nHà Nội,12\nHuế,7\n").names,
              (Row{"Tỉnh", "Số hộ"}));
}

TEST(Dialect, HeadersOfTwoRowsAreJoined) {
    const Table table = read(
        "Tỉnh,Dân số,,Diện tích\n,Nam,Nữ,km2\n(1),(2),(3),(4)\nHà "
        "Nội,4,4.2,3359\nHuế,0.5,0.6,4947\n");
    EXPECT_EQ(table.names, (Row{"Tỉnh", "Dân số Nam", "Dân số Nữ", "Diện tích km2"}));
    EXPECT_EQ(table.rows.size(), 2u);
    EXPECT_EQ(table.dialect.header_lines, 3u);
}

// Goal: a first row of data is never taken for the numbers of the columns. Method: rows that are
// like some, and rows that surely are.
TEST(Dialect, ColumnNumbersAreSureOrData) {
    EXPECT_EQ(read("loai,so_tuyen,so_cau\nA,1,2\n").rows.size(), 1u);
    EXPECT_EQ(read("loai,so_tuyen,so_cau\nA,1,2\nB,3,4\nC,5,6\n").rows.size(), 3u);
    EXPECT_EQ(read("loai,x,y,z\nA,1,2,3\nB,3,4,5\n").rows.size(), 2u);
    EXPECT_EQ(read("loai,x,y,z\nHà Nội,1,2,3\n").rows.size(), 1u);
    EXPECT_EQ(read("x,y,z\n1,2,3\n").rows.size(), 1u);
    const Table lettered = read("STT,Xã,Hộ,Khẩu\nA,B,1,2\n1,An Phú,10,31\n2,Tân Lập,12,40\n");
    EXPECT_EQ(lettered.rows.size(), 2u);
    EXPECT_TRUE(lettered.dialect.column_numbers);
    EXPECT_EQ(read("Xã,Hộ,Khẩu\n(1),(2),(3)\nAn Phú,10,31\n").rows.size(), 1u);
    EXPECT_EQ(read("Xã,Hộ,Khẩu,Nữ\nA,1,2,3\nAn Phú,10,31,5\n").rows.size(), 1u);
}

// Goal: notes that stand in the first column, as "Nơi nhận" does, are no rows. Method: the lines of
// such notes end in signs that delimit elsewhere.
TEST(Dialect, NotesInTheFirstColumn) {
    for (const char* notes :
         {"\nNơi nhận:,,\n- Như trên;,,\n- Lưu: VT.,,\n",
          "Bằng chữ: ba mươi.,,\n\nNơi nhận:,,\n- Như trên;,,\n- Lưu: VT, KT.,,\n",
          ",,\nNơi nhận:,,\nNhư trên;,,\nLưu: VT;,,\n"}) {
        const Table table = read(std::string("Xã,Thôn,Số hộ\nTân An,1,10\n") + notes);
        EXPECT_EQ(table.rows.size(), 1u) << notes;
        EXPECT_GE(table.dialect.footer_lines, 4u) << notes;
    }
}

TEST(Dialect, NotesAfterTheTable) {
    const Table noted =
        read(small(",") + "\nNguồn: Tổng cục Thống kê\nGhi chú: số liệu sơ bộ,,,\n");
    EXPECT_EQ(noted.rows.size(), 5u);
    EXPECT_TRUE(noted.damaged.empty());
    EXPECT_EQ(noted.dialect.footer_lines, 3u);
    const Table lone = read(small(",") + "Nguồn: Tổng cục Thống kê\n");
    EXPECT_EQ(lone.dialect.footer_lines, 1u);
}

// Goal: what is cut or sparse is not taken for a note. Method: rows that look a little like one.
TEST(Dialect, CutAndSparseRowsAreNoNotes) {
    EXPECT_EQ(read(small(",") + "6,Nguyen Van").damaged.size(), 1u);
    EXPECT_EQ(read(small(",") + "Nguyen Van").damaged.size(), 1u) << "cut in its first field";
    EXPECT_EQ(read(small(",") + "\n6,,,\n").rows.size(), 6u) << "a key alone";
    EXPECT_EQ(read("a,b\nx y,1\nz w,2\nv u\n").damaged.size(), 1u);
}

TEST(Dialect, FilesWithoutAHeader) {
    const Table table = read(small(",").substr(small(",").find('\n') + 1));
    EXPECT_FALSE(table.dialect.has_header);
    EXPECT_EQ(table.names, (Row{"column_1", "column_2", "column_3", "column_4"}));
    EXPECT_EQ(table.rows.size(), 5u);
    EXPECT_TRUE(read("RI-3895,x\nMG-8769,y\nBH-9827,z\n").names[0].starts_with("column_"));
    // Years, and numbers that count on, name columns.
    EXPECT_TRUE(read("Tỉnh,2019,2020,2021\nA,5.1,7.2,9.3\nB,1.1,2.2,3.3\n").dialect.has_header);
    EXPECT_TRUE(read("1,2,3,4\n0.5,0.25,0.1,0.7\n0.2,0.3,0.4,0.1\n").dialect.has_header);
    EXPECT_TRUE(read("ten,dia_chi\nAn,Huế\nBình,Hà Nội\n").dialect.has_header) << "only words";
    EXPECT_TRUE(read("DATE,TIME,Qty\n").dialect.has_header) << "alone";
}

// Goal: a name that is also a value of its column is a name where the others are. Method: "Có"
// above "Có" and "Không"; without names such rows are data.
TEST(Dialect, ANameThatIsAValueIsANameAmongOthers) {
    for (const char* text : {"Mã,Có,Giới\nA1,Có,Nam\nA2,Không,Nữ\nA3,Có,Nam\nA4,Có,Nữ\n",
                             "Mã,Có,Giới\nA,Có,false\nB,Không,false\nC,Không,true\nD,Có,true\n",
                             "Có,Giới\nCó,Nam\nKhông,Nữ\nKhông,Nữ\nCó,Nữ\n"})
        EXPECT_EQ(read(text).rows.size(), 4U) << text;
    for (const char* text :
         {"A1,Có,Nam\nA2,Không,Nữ\nA3,Có,Nam\nA4,Có,Nữ\n",
          "A,Có,Nam\nB,Có,Nam\nC,Không,Nữ\nD,Có,Nữ\n", "Có,Có\nKhông,Có\nCó,Không\nCó,Không\n"})
        EXPECT_EQ(read(text).rows.size(), 4U) << text;
}

// Goal: what is no text is refused as a whole, by whoever reads it.
TEST(Dialect, ANulByteInTheHeaderIsNoText) {
    for (const std::string& text :
         {std::string(5'000, '\0'), "a,b" + std::string(5'000, '\0') + "\n1,2\n"}) {
        InputOptions options;
        options.bytes = text;
        options.format = Format::kCsv;
        const auto input = RecordInput::open(options);
        ASSERT_FALSE(input);
        EXPECT_NE(input.error().detail.en.find("NUL"), std::string::npos);
    }
}

TEST(Dialect, WantedNamesAreTheHeaderWhereverTheyStand) {
    const Table table = read("1,2\nx,y\nma,ten\nA1,An\n", {"ma", "ten"});
    EXPECT_EQ(table.names, (Row{"ma", "ten"}));
    EXPECT_EQ(table.rows, (std::vector<Row>{{"A1", "An"}}));
}

TEST(Dialect, NamesAreMadeUnique) {
    const Table table = read("id,name,,name,name_2\n1,a,b,c,d\n2,e,f,g,h\n");
    EXPECT_EQ(table.names, (Row{"id", "name", "column_3", "name_3", "name_2"}));
    EXPECT_EQ(table.dialect.header, (Row{"id", "name", "", "name", "name_2"}));
}

TEST(Dialect, ARepeatedHeaderAndEmptyRowsAreNoRecords) {
    const Table table = read(small(",") + ",,,\n" + small(","));
    EXPECT_EQ(table.rows.size(), 10u);
    EXPECT_TRUE(table.damaged.empty());
}

TEST(Dialect, DelimitersAtTheEndOfEveryRowAreNoColumn) {
    for (const std::string_view delimiter : {",", "||"}) {
        const std::string d(delimiter);
        for (const std::string& header : {"a" + d + "b\n", "a" + d + "b" + d + "\n"}) {
            const Table table = read(header + "1" + d + "2" + d + "\n3" + d + "4" + d + "\n");
            EXPECT_EQ(table.names, (Row{"a", "b"})) << header;
            EXPECT_EQ(table.rows, (std::vector<Row>{{"1", "2"}, {"3", "4"}})) << header;
            EXPECT_TRUE(table.dialect.trailing_delimiter);
        }
    }
}

TEST(Dialect, OneColumnStaysOne) {
    EXPECT_EQ(read("ten\nNguyen Van An\nTran Thi Binh\nLe Van Cuong\n").rows.size(), 3u);
    EXPECT_EQ(read("loi\nxin chao, ban\ncam on\nvang, da, roi\ntot\n").damaged.size(), 0u);
}

TEST(Dialect, UnusualDialectsConfineDamageToo) {
    std::string text = "id||note\n";
    for (int i = 0; i < 50'000; ++i)
        text += fmt::format("{}||{}\n", i, i == 100 ? "\"open" : i == 200 ? "a||b" : "\"x\ny\"");
    const Table table = read(text);
    EXPECT_EQ(table.rows.size(), 49'998u);
    EXPECT_EQ(table.damaged, (std::vector<std::string>{"100||\"open", "200||a||b"}));
}

// Goal: a quote that swallows line ends and yet closes costs its own line. Method: a quote two rows
// on closes it, with another number of fields.
TEST(Dialect, AQuoteClosedTooLateCostsItsLine) {
    for (const std::string d : {",", "||"}) {
        std::string text = "id" + d + "name" + d + "v\n";
        for (int i = 1; i < 9; ++i)
            text += fmt::format("{1}{0}n{1}{0}7\n", d, i);
        const Table table = read(text + "9" + d + "\"open" + d + "7\n10" + d + "n10" + d + "7\n11" +
                                 d + "b" + d + "c\"\n");
        EXPECT_EQ(table.rows.size(), 10u) << d;
        EXPECT_EQ(table.damaged, (std::vector<std::string>{"9" + d + "\"open" + d + "7"})) << d;
    }
}

TEST(Dialect, ManyUnclosedQuotesStayCheapUnderAnyDialect) {
    std::string text = "a||b\n";
    for (int i = 0; i < 200'000; ++i)
        text += "\"x||y\n";
    EXPECT_EQ(read(text).damaged.size(), 200'000u);
}

// Goal: nobody makes detection slow. Method: heads full of what it counts.
TEST(Dialect, HostileHeadsAreBounded) {
    for (const char* piece :
         {"\"", "'", ",;|\t^~#&@!$*: ", "\"\"\n", "\\\"", "a,\"b", "\r", "¦§¬"}) {
        std::string head;
        while (head.size() < 64 * 1024)
            head += piece;
        (void)detect_dialect(head);
        (void)read(head);
    }
}

Dialect of_nine() {
    Dialect dialect;
    dialect.columns = dialect.usual_columns = 4;
    return dialect;
}

TEST(Repair, ReadsARowAsItWasMeant) {
    const Dialect dialect = of_nine();
    EXPECT_EQ(repaired_fields("1,\"2,\"a, b\",c", dialect), (Row{"1", "\"2", "a, b", "c"}));
    EXPECT_EQ(repaired_fields("1,2,\"\"a, b\",c", dialect), (Row{"1", "2", "\"a, b", "c"}));
    EXPECT_EQ(repaired_fields("1,\"5\"\",\"a, b\",c", dialect), (Row{"1", "5\"", "a, b", "c"}));
    EXPECT_EQ(repaired_fields("1,2,\"a, b\",\"", dialect), (Row{"1", "2", "a, b", "\""}));
    EXPECT_EQ(repaired_fields("1 2 \"a, b\" c", dialect), (Row{"1", "2", "a, b", "c"}));
    EXPECT_EQ(repaired_fields("1,2,\"a, b\"", dialect), (Row{"1", "2", "a, b"}))
        << "not torn apart";
    EXPECT_EQ(repaired_fields("BAO CAO THONG KE", dialect), (Row{"BAO CAO THONG KE"}));
}

TEST(Repair, IsBounded) {
    std::string record;
    while (record.size() < kLongestRepaired)
        record += "\"a,";
    (void)repaired_fields(record, of_nine());
    EXPECT_EQ(repaired_fields(std::string(kLongestRepaired + 1, ','), of_nine()).size(), 1u);
}

}  // namespace
}  // namespace nguon::scan
