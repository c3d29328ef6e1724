#include "base/number_text.h"

#include <gtest/gtest.h>

namespace nguon {
namespace {

// Goal: numbers are written as people do, in both languages. Method: large, small, negative ones.
TEST(NumberText, IsGroupedAndNeverInExponents) {
    const Language vi = Language::kVietnamese, en = Language::kEnglish;
    EXPECT_EQ(number_text(1e6, vi), "1.000.000");
    EXPECT_EQ(number_text(1e6, en), "1,000,000");
    EXPECT_EQ(number_text(123456789.0, vi), "123.456.789");
    EXPECT_EQ(number_text(1234.5678, vi), "1.234,57");
    EXPECT_EQ(number_text(0.00012345678, en), "0.000123457");
    EXPECT_EQ(number_text(-2.5, vi), "-2,5");
    EXPECT_EQ(number_text(0.0, vi), "0");
    EXPECT_EQ(number_text(1.5e18, vi), "1,5 × 10^18");
    EXPECT_EQ(number_text(85.7, 1, vi), "85,7");
    EXPECT_EQ(number_text(2.5, 2, en), "2.50");
    EXPECT_EQ(number_text(-0.001, 2, en), "0.00");
    EXPECT_EQ(number_text(12345.0, 0, vi), "12.345");
}

}  // namespace
}  // namespace nguon
