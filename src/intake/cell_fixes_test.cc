#include "intake/cell_fixes.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace nguon::intake {
namespace {

// Goal: a cell is mended only when it can mean one thing. Method: cells of offices, and ones that
// look alike but must stay.
TEST(CellFixes, DatesAreReadInTheirForm) {
    EXPECT_EQ(date_from("5/6/2026", "dd/MM/yyyy", ""), "2026-06-05");
    EXPECT_EQ(date_from("5/6/2026", "MM/dd/yyyy", "dd/MM/yyyy"), "06/05/2026");
    EXPECT_EQ(date_from(" 05.06.2026 00:00:00", "dd/MM/yyyy", ""), "2026-06-05");
    EXPECT_EQ(date_from("20260605", "yyyyMMdd", ""), "2026-06-05");
    EXPECT_EQ(date_from("46178", "excel", ""), "2026-06-05");
    EXPECT_EQ(date_from("60", "excel", ""), std::nullopt) << "a day that never was";
    EXPECT_EQ(date_from("31/02/2026", "dd/MM/yyyy", ""), std::nullopt);
    EXPECT_EQ(date_from("05/06/26", "dd/MM/yyyy", ""), std::nullopt) << "which century?";
    EXPECT_EQ(date_from("05/06/2026 08:30", "dd/MM/yyyy", ""), std::nullopt) << "a time is lost";
}

TEST(CellFixes, NumbersKeepTheirValue) {
    EXPECT_EQ(number_from("1.234.567,5", ','), "1234567.5");
    EXPECT_EQ(number_from("12.000 đ", ','), "12000");
    EXPECT_EQ(number_from("1 234 567", ','), "1234567");
    EXPECT_EQ(number_from("-1,234.50", '.'), "-1234.50");
    EXPECT_EQ(number_from("12.00", '.'), "12");
    EXPECT_EQ(number_from("1.23", ','), std::nullopt) << "no group has two digits";
    EXPECT_EQ(number_from("1.2345,6", ','), std::nullopt);
    EXPECT_EQ(number_from("0.125", ','), std::nullopt) << "no group begins with 0";
    EXPECT_EQ(number_from("-01.234", ','), std::nullopt);
    EXPECT_EQ(number_from("0,125", ','), "0.125");
    EXPECT_EQ(number_from("3.02E+11", ','), std::nullopt) << "its digits are gone";
    EXPECT_EQ(number_from("", ','), std::nullopt);
}

TEST(CellFixes, TextIsBare) {
    EXPECT_EQ(bare("\u00A0 An \u200B"), "An");
    EXPECT_EQ(bare("'0123"), "0123");
    EXPECT_EQ(bare("'quoted'"), "'quoted'");
    EXPECT_EQ(padded("1", 3), "001");
    EXPECT_EQ(padded("1234", 3), std::nullopt);
    EXPECT_EQ(padded("1a", 3), std::nullopt);
}

// Goal: white space is found at both ends whatever stands beside it. Method: against a reading that
// tries every kind at every step, on texts made of spaces, their parts and letters.
TEST(CellFixes, BareIsWhatIsLeftBetweenSpaces) {
    const std::vector<std::string> spaces = {" ",      "\t",     "\r",     "\n",
                                             "\v",     "\f",     "\u00A0", "\u2007",
                                             "\u200B", "\u202F", "\u3000", "\uFEFF"};
    const auto slowly = [&](std::string_view text) {
        for (bool again = true; again;) {
            again = false;
            for (const std::string& space : spaces) {
                if (text.starts_with(space)) text.remove_prefix(space.size()), again = true;
                if (text.ends_with(space)) text.remove_suffix(space.size()), again = true;
            }
        }
        if (text.size() > 1 && text[0] == '\'' && text.find('\'', 1) == std::string_view::npos)
            text.remove_prefix(1);
        return text;
    };
    std::vector<std::string> parts = spaces;
    for (const char* part : {"a", "\xC2", "\xE2\x80", "\xA0", "\x8B", "–", "ễ", "'", "à", "\x1F"})
        parts.emplace_back(part);
    std::mt19937 random(3);
    for (int i = 0; i < 50'000; ++i) {
        std::string text;
        for (std::size_t part = random() % 6; part > 0; --part)
            text += parts[random() % parts.size()];
        ASSERT_EQ(bare(text), slowly(text)) << "text " << i;
    }
}

// Goal: each letter that was read in the wrong encoding comes back, and what is plainly written
// stays. Method: the letters of Vietnamese, garbled as Windows-1252 would.
TEST(CellFixes, GarbledLettersComeBack) {
    EXPECT_EQ(ungarbled("Nguyá»…n"), "Nguyễn");
    EXPECT_EQ(ungarbled("Äáº·ng VÄƒn Ã"), std::nullopt) << "a byte without a sign is gone";
    EXPECT_EQ(ungarbled("LÃª VÄƒn Æ¯u"), "Lê Văn Ưu");
    EXPECT_EQ(ungarbled("Ã´ng â€“ bÃ\u00A0"), "ông – bà");
    EXPECT_EQ(ungarbled("Ã©"), "é");
    for (const char* plain : {"Trân", "Âu", "Lê Á", "ÂÂ", "Ã", "Nguyễn", "An", "á", "Bà – Ông", ""})
        EXPECT_EQ(ungarbled(plain), std::nullopt) << plain;
}

TEST(CellFixes, WordsForTotalsAndForNothing) {
    EXPECT_TRUE(names_a_total("Tổng cộng:"));
    for (const char* word : {"TOTAL", " Cộng", "TỔNG SỐ", "'Tổng", "to\u0302\u0309ng cộng",
                             "Grand total", "sum", "\u00A0Tổng cộng"})
        EXPECT_TRUE(names_a_total(word)) << word;
    EXPECT_FALSE(names_a_total("Tống"));
    EXPECT_FALSE(names_a_total("Công"));
    EXPECT_FALSE(names_a_total("Tổng công ty Điện lực"));
    EXPECT_TRUE(names_nothing("N/A"));
    EXPECT_TRUE(names_nothing("Không có"));
    for (const char* nothing :
         {"-",     "---",     "–",       "—",        ".",       "?",       "#N/A",
          "#REF!", "#VALUE!", "#DIV/0!", "#NAME?",   "NaN",     "\\N",     "NULL",
          "na",    "None",    "nil",     "không rõ", "Chưa rõ", "chưa có", " null "})
        EXPECT_TRUE(names_nothing(nothing)) << nothing;
    for (const char* word : {"Nam", "", "Không", "nullx", "–x", "1"})
        EXPECT_FALSE(names_nothing(word)) << word;
}

}  // namespace
}  // namespace nguon::intake
