#include "scan/value.h"

#include <gtest/gtest.h>

namespace nguon::scan {
namespace {

// Goal: what is not plainly a whole number is refused. Method: the traps of lenient casts.
TEST(Value, IntegersAreStrict) {
    std::int64_t value = 0;
    for (const char* good : {"0", "-1", "007", "9223372036854775807", "-9223372036854775808"}) {
        EXPECT_TRUE(parse_integer(good, value)) << good;
    }
    for (const char* bad :
         {"", "1.5", "1e3", "+1", " 1", "1 ", "9223372036854775808", "0x10", "-", "1,000"}) {
        EXPECT_FALSE(parse_integer(bad, value)) << bad;
    }
}

TEST(Value, NumbersAreThoseOfJson) {
    double value = 0;
    EXPECT_TRUE(parse_double("1.5", value));
    EXPECT_DOUBLE_EQ(value, 1.5);
    EXPECT_TRUE(parse_double("-2.5e3", value));
    for (const char* bad : {"inf", "nan", "NaN", ".5", "5.", "1,5", "", "-", "1e999", "0x1p3"}) {
        EXPECT_FALSE(parse_double(bad, value)) << bad;
    }
}

TEST(Value, DecimalsLoseNoDigit) {
    Wide value = 0;
    EXPECT_TRUE(parse_decimal("12.30", 18, 2, value));
    EXPECT_TRUE(value == 1230);
    EXPECT_TRUE(parse_decimal("-0.5", 18, 2, value));
    EXPECT_TRUE(value == -50);
    EXPECT_TRUE(parse_decimal("1.500", 18, 2, value)) << "zeros past the scale are no digits";
    EXPECT_FALSE(parse_decimal("1.505", 18, 2, value));
    EXPECT_TRUE(parse_decimal("9999999999999999.99", 18, 2, value));
    EXPECT_FALSE(parse_decimal("10000000000000000.00", 18, 2, value));
    EXPECT_FALSE(parse_decimal("1.2.3", 18, 2, value));
    EXPECT_FALSE(parse_decimal("99999999999999999999999999", 18, 2, value));
}

TEST(Value, DecimalsHaveUpTo38Digits) {
    Wide value = 0;
    EXPECT_TRUE(parse_decimal("12345678901234567890123456.25", 38, 2, value));
    EXPECT_TRUE(value / 100'000'000'000'000 == 12345678901234 &&
                value % 100'000'000'000'000 == 56789012345625);
    EXPECT_FALSE(parse_decimal("1234567890123456789012345678901234567.25", 38, 2, value));
}

TEST(Value, DatesAreReal) {
    std::int32_t days = 0;
    const DateFormat iso;
    EXPECT_TRUE(iso.parse("1970-01-01", days));
    EXPECT_EQ(days, 0);
    EXPECT_TRUE(iso.parse("2000-02-29", days));
    EXPECT_EQ(days, 11016);
    for (const char* bad : {"2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-1-5",
                            "2026-04-31", "0000-01-01", "2026-01-01 ", "20260101", "31/12/2026"}) {
        EXPECT_FALSE(iso.parse(bad, days)) << bad;
    }
    const DateFormat local = *DateFormat::from("dd/MM/yyyy");
    EXPECT_TRUE(local.parse("29/02/2024", days));
    EXPECT_FALSE(local.parse("02/29/2024", days));
    EXPECT_FALSE(DateFormat::from("dd/MM"));
    EXPECT_FALSE(DateFormat::from("DD/MM/YYYY"));
}

TEST(Value, TimestampsOfAllYearsAreExact) {
    std::int64_t micros = 0;
    const std::pair<const char*, std::int64_t> known[] = {{"1900-01-01T00:00:00", -2'208'988'800},
                                                          {"2038-01-19T03:15:00", 2'147'483'700},
                                                          {"2356-11-22T14:21:00", 12'209'149'260},
                                                          {"9999-12-31T23:59:00", 253'402'300'740}};
    for (const auto& [text, seconds] : known) {
        EXPECT_TRUE(parse_timestamp(text, false, micros)) << text;
        EXPECT_EQ(micros, seconds * 1'000'000) << text;
    }
}

TEST(Value, TimestampsKeepTheirZone) {
    std::int64_t utc = 0, hanoi = 0;
    EXPECT_TRUE(parse_timestamp("2026-11-22T14:05:00Z", true, utc));
    EXPECT_TRUE(parse_timestamp("2026-11-22T21:05:00+07:00", true, hanoi));
    EXPECT_EQ(utc, hanoi);
    EXPECT_FALSE(parse_timestamp("2026-11-22T14:05:00", true, utc));
    EXPECT_TRUE(parse_timestamp("2026-11-22 14:05:00", false, utc));
    for (const char* bad : {"2026-11-22T24:00:00Z", "2026-11-31T00:00:00Z", "2026-11-22T14:05:00+7",
                            "2026-11-22T14:05:00.Z", "2026-11-22", "2026-11-22T14:05Z"}) {
        EXPECT_FALSE(parse_timestamp(bad, false, utc)) << bad;
    }
}

TEST(Value, BooleansAndTimes) {
    bool truth = false;
    EXPECT_TRUE(parse_boolean("TRUE", truth) && truth);
    EXPECT_TRUE(parse_boolean("0", truth) && !truth);
    EXPECT_FALSE(parse_boolean("yes", truth));
    std::int64_t micros = 0;
    EXPECT_TRUE(parse_time("23:59:59.5", micros));
    EXPECT_EQ(micros, 86'399'500'000);
    EXPECT_FALSE(parse_time("24:00:00", micros));
    EXPECT_FALSE(parse_time("1:00:00", micros));
}

}  // namespace
}  // namespace nguon::scan
