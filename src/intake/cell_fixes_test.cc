#include "intake/cell_fixes.h"

#include <gtest/gtest.h>

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
    EXPECT_FALSE(names_nothing("Nam"));
}

}  // namespace
}  // namespace nguon::intake
