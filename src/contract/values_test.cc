#include "contract/internal/values.h"

#include <gtest/gtest.h>

#include "contract/internal/problems.h"

namespace nguon::contract::internal {
namespace {

TEST(Values, Integers) {
    for (const char* text : {"0", "-12", "9223372036854775807"})
        EXPECT_TRUE(to_whole(text)) << text;
    for (const char* text : {"", "-", "+1", "007", "1.0", "1e3", " 1", "9223372036854775808"}) {
        EXPECT_FALSE(to_whole(text)) << text;
    }
}

TEST(Values, Decimals) {
    for (const char* text : {"0", "-0.10", "12.5", "1e3", "1E-3"})
        EXPECT_TRUE(is_decimal(text)) << text;
    for (const char* text :
         {"", ".", ".5", "1.", "01.5", "nan", "inf", "1e", "1e9999", "0x1", "1,5"}) {
        EXPECT_FALSE(is_decimal(text)) << text;
    }
    EXPECT_FALSE(to_double("1e999"));
}

TEST(Values, DatesAndTimes) {
    EXPECT_TRUE(fits(LogicalType::kDate, "2024-02-29"));
    for (const char* text : {"2023-02-29", "2024-2-9", "29/02/2024", "2024-02-29 ", "20240229"}) {
        EXPECT_FALSE(fits(LogicalType::kDate, text)) << text;
    }
    for (const char* text : {"08:30", "23:59:59", "00:00:00.123456"})
        EXPECT_TRUE(fits(LogicalType::kTime, text)) << text;
    for (const char* text : {"8:30", "24:00", "08:60", "08:30:", "08:30:00.", "08:30:00.1234567"}) {
        EXPECT_FALSE(fits(LogicalType::kTime, text)) << text;
    }
    for (const char* text :
         {"2024-02-29T08:30", "2024-02-29 08:30:00+07:00", "2024-02-29T08:30:00Z"}) {
        EXPECT_TRUE(fits(LogicalType::kTimestamp, text)) << text;
    }
    for (const char* text : {"2024-02-29", "2023-02-29T08:30:00", "2024-02-29T08:30:00+7"}) {
        EXPECT_FALSE(fits(LogicalType::kTimestamp, text)) << text;
    }
}

TEST(Values, Order) {
    EXPECT_TRUE(order(LogicalType::kInteger, "9", "10") < 0);
    EXPECT_TRUE(order(LogicalType::kNumber, "1.50", "1.5") == 0);
    EXPECT_TRUE(order(LogicalType::kDate, "2024-12-31", "2025-01-01") < 0);
}

TEST(Values, Names) {
    EXPECT_TRUE(is_name("ho_ten2"));
    for (const char* text : {"", "_a", "2a", "A", "a-b", "họ"})
        EXPECT_FALSE(is_name(text)) << text;
    EXPECT_FALSE(is_name(std::string(64, 'a')));
    EXPECT_EQ(as_name("HoTen"), "ho_ten");
    EXPECT_EQ(as_name("ho-ten (1)"), "ho_ten_1");
    EXPECT_EQ(as_name("CCCD"), "cccd");
    EXPECT_EQ(as_name("Họ tên"), "");
    EXPECT_EQ(as_name("123"), "");
}

TEST(Values, Versions) {
    EXPECT_EQ(as_version("1.2.3"), "1.2.3");
    EXPECT_EQ(as_version("1.10"), "1.10.0");
    for (const char* text :
         {"1", "1.2.3.4", "v1.0.0", "1.0.0-rc1", "1.02.0", "1..0", "-1.0.0", "1.0.1234567890"}) {
        EXPECT_FALSE(as_version(text)) << text;
    }
}

TEST(Values, PhysicalTypes) {
    EXPECT_EQ(type_from_physical("VARCHAR(20)"), LogicalType::kString);
    EXPECT_EQ(type_from_physical("double precision"), LogicalType::kNumber);
    EXPECT_FALSE(type_from_physical("geometry"));
    const auto exact = exact_from_physical("Numeric( 15 , 2 )");
    ASSERT_TRUE(exact);
    EXPECT_EQ(exact->precision, 15);
    EXPECT_EQ(exact->scale, 2);
    EXPECT_EQ(exact_from_physical("DECIMAL(9)")->scale, 0);
    EXPECT_FALSE(exact_from_physical("DECIMAL"));
    EXPECT_FALSE(exact_from_physical("VARCHAR(9)"));
}

TEST(Values, NearestName) {
    const std::vector<std::string> names = {"required", "unique", "name"};
    EXPECT_EQ(nearest("requird", names), "required");
    EXPECT_EQ(nearest("REQUIRED", names), "required");
    EXPECT_EQ(nearest("nmae", names), "name");
    EXPECT_EQ(nearest("colour", names), "");
    EXPECT_EQ(nearest(std::string(1000, 'a'), names), "");
}

}  // namespace
}  // namespace nguon::contract::internal
