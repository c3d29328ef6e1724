#include "cli/table.h"

#include <gtest/gtest.h>

namespace nguon::cli {
namespace {

const std::string kComposed = "Nguy\u1EC5n";           // ễ as one code point
const std::string kDecomposed = "Nguye\u0302\u0303n";  // e, circumflex, tilde

TEST(Table, MarksTakeNoColumns) {
    EXPECT_EQ(width_of(kComposed), 6);
    EXPECT_EQ(width_of(kDecomposed), 6);
    EXPECT_EQ(width_of("Đà Nẵng"), 7);
    EXPECT_EQ(width_of("日本"), 4);
    EXPECT_EQ(width_of(""), 0);
    EXPECT_EQ(width_of("a\xFF\xC3"), 3);  // each bad byte is drawn as one sign
}

TEST(Table, ComposedAndDecomposedTextAlign) {
    Table table({{"name"}, {"n", Align::kRight}});
    table.add({{kComposed}, {"1"}});
    table.add({{kDecomposed}, {"20"}});
    table.add({{"", true}, {"3"}});
    const std::string text = table.render(Style{});
    EXPECT_EQ(text, "name     n\n──────  ──\n" + kComposed + "   1\n" + kDecomposed +
                        "  20\n–        3\n");
}

TEST(Table, CutKeepsMarksWithTheirLetters) {
    EXPECT_EQ(cut(kDecomposed, 6, Style{}), kDecomposed);
    EXPECT_EQ(cut(kDecomposed, 5, Style{}), "Nguy…");
    EXPECT_EQ(cut(kDecomposed + "Văn", 6, Style{}), "Nguye\u0302\u0303…");
    EXPECT_EQ(cut("日本語", 4, Style{}), "日…");
    EXPECT_EQ(cut("abc", 0, Style{}), "…");
    Style ascii;
    ascii.unicode = false;
    EXPECT_EQ(cut("abcdefgh", 6, ascii), "abc...");
}

TEST(Table, WideColumnsGiveWayAtTheTerminalsWidth) {
    Style style;
    style.width = 30;
    Table table({{"k"}, {"text"}});
    table.add({{"12345"}, {std::string(100, 'x')}});
    const std::string text = table.render(style);
    for (const std::string& line : split(text, '\n'))
        EXPECT_LE(width_of(line), 30) << line;
    EXPECT_NE(text.find("12345"), std::string::npos);
    EXPECT_NE(text.find("…"), std::string::npos);
    Style wide;  // a file or a pipe gets everything
    EXPECT_NE(table.render(wide).find(std::string(100, 'x')), std::string::npos);
}

TEST(Table, RowsStandBelowEachOtherWhereColumnsWouldBeTooNarrow) {
    Table table({{"a"}, {"bb"}});
    table.add({{std::string(40, 'x')}, {std::string(40, 'y')}});
    table.add({{"1"}, {"", true}});
    Style style;
    style.width = 30;
    EXPECT_TRUE(table.is_readable(style));
    EXPECT_TRUE(table.is_readable(Style{}));
    style.width = 15;
    EXPECT_FALSE(table.is_readable(style));
    EXPECT_EQ(table.render_records(style), "a   " + std::string(40, 'x') + "\nbb  " +
                                               std::string(40, 'y') + "\n\na   1\nbb  –\n");
}

// Goal: data cannot command the terminal. Method: escape sequences, line breaks, turned text, bad
// bytes.
TEST(Table, TextFromElsewhereIsMadePrintable) {
    EXPECT_EQ(printable("a\x1b[31mb"), "a·[31mb");
    EXPECT_EQ(printable("a\nb\r\tc"), "a⏎b c");
    EXPECT_EQ(printable("a\u202Eb"), "a·b");
    EXPECT_EQ(printable("a\u009Bb"), "a·b");
    EXPECT_EQ(printable("a\xFFz"), "a\uFFFDz");
    EXPECT_EQ(printable("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
    EXPECT_EQ(printable(kDecomposed), kDecomposed);
}

// Goal: a command that is shown can be copied. Method: names as offices give files.
TEST(Table, WordsOfACommandAreQuotedWhereTheyMust) {
    EXPECT_EQ(shell_word("so_lieu-11.csv"), "so_lieu-11.csv");
    EXPECT_EQ(shell_word("/dữ/liệu.csv"), "/dữ/liệu.csv");
    EXPECT_EQ(shell_word("báo cáo 11.xlsx"), "'báo cáo 11.xlsx'");
    EXPECT_EQ(shell_word("a'b;rm.csv"), "'a'\\''b;rm.csv'");
    EXPECT_EQ(shell_word(""), "''");
}

TEST(Style, BarsAreFullOnlyAtAHundred) {
    const Style style;
    EXPECT_EQ(style.bar(100), "▇▇▇▇▇");
    EXPECT_EQ(style.bar(99.9), "▇▇▇▇▆");
    EXPECT_EQ(style.bar(0), "▁▁▁▁▁");
    EXPECT_EQ(style.bar(50), "▇▇▄▁▁");
    Style ascii;
    ascii.unicode = false;
    EXPECT_EQ(ascii.bar(99.9), "####.");
    EXPECT_EQ(ascii.bar(100), "#####");
}

TEST(Style, NumbersAreWrittenAsTheLanguageDoes) {
    Style style;
    EXPECT_EQ(style.decimal(97.25), "97.2");
    EXPECT_EQ(style.number(1234567), "1,234,567");
    EXPECT_EQ(style.seconds(3.24), "3.2 s");
    style.language = Language::kVietnamese;
    EXPECT_EQ(style.decimal(97.25), "97,2");
    EXPECT_EQ(style.decimal(99.9), "99,9");
    EXPECT_EQ(style.decimal(100), "100");
    EXPECT_EQ(style.number(1234567), "1.234.567");
    EXPECT_EQ(style.seconds(3.24), "3,2 giây");
    EXPECT_EQ(style.bytes(1536), "1,5 KB");
}

}  // namespace
}  // namespace nguon::cli
