#include "scan/moment_format.h"

#include <gtest/gtest.h>

namespace nguon::scan {
namespace {

std::optional<std::string> moment(std::string_view pattern, std::string_view zone,
                                  std::string_view text) {
    const auto format = MomentFormat::from(Moment::kTimestamp, pattern, zone);
    if (!format) {
        ADD_FAILURE() << format.error().detail.en;
        return std::nullopt;
    }
    std::int64_t micros = 0;
    if (!format->parse(text, micros)) return std::nullopt;
    return format_time(micros);
}

// Source of the expected moments: JDK 17, DateTimeFormatter.ofPattern, by hand.
TEST(MomentFormat, PatternsOfTheJdk) {
    EXPECT_EQ(moment("dd/MM/yyyy HH:mm:ss", "", "31/01/2025 08:30:00"), "2025-01-31T08:30:00Z");
    EXPECT_EQ(moment("d/M/yyyy H:m", "", "1/2/2025 8:05"), "2025-02-01T08:05:00Z");
    EXPECT_EQ(moment("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "", "2025-01-31T08:30:00.250+07:00"),
              "2025-01-31T01:30:00.250000Z");
    EXPECT_EQ(moment("yyyyMMddHHmmssZ", "", "20250131083000-0130"), "2025-01-31T10:00:00Z");
    EXPECT_EQ(moment("dd/MM/yyyy hh:mm a", "", "31/01/2025 12:30 AM"), "2025-01-31T00:30:00Z");
    EXPECT_EQ(moment("dd/MM/yyyy HH:mm", "", "31/02/2025 08:30"), std::nullopt);
    EXPECT_EQ(moment("dd/MM/yyyy HH:mm", "", "31/01/2025 24:00"), std::nullopt);
    EXPECT_EQ(moment("dd/MM/yyyy HH:mm", "", "31/01/2025 08:30 "), std::nullopt);
}

TEST(MomentFormat, ZonesOfMomentsThatNameNone) {
    EXPECT_EQ(moment("", "Asia/Ho_Chi_Minh", "2025-01-31T08:30:00"), "2025-01-31T01:30:00Z");
    EXPECT_EQ(moment("", "Asia/Ho_Chi_Minh", "2025-01-31T08:30:00Z"), "2025-01-31T08:30:00Z");
    EXPECT_EQ(moment("dd/MM/yyyy HH:mm", "Europe/Paris", "01/07/2025 12:00"),
              "2025-07-01T10:00:00Z");
    EXPECT_FALSE(MomentFormat::from(Moment::kTimestamp, "", "Asia/Hanoi_").has_value());
    auto strict = *MomentFormat::from(Moment::kTimestamp, "", "");
    strict.require_zone();
    std::int64_t micros = 0;
    EXPECT_FALSE(strict.parse("2025-01-31T08:30:00", micros));
    EXPECT_TRUE(strict.parse("2025-01-31T08:30:00+07:00", micros));
}

TEST(MomentFormat, TimesOfDayAndBounds) {
    const auto format = MomentFormat::from(Moment::kTime, "HH'h'mm", "");
    ASSERT_TRUE(format.has_value());
    std::int64_t micros = 0;
    EXPECT_TRUE(format->parse("08h30", micros));
    EXPECT_EQ(micros, 30'600'000'000);
    EXPECT_FALSE(format->parse("08:30", micros));
    EXPECT_TRUE(parse_bound(Moment::kTime, "08:30", micros));
    EXPECT_EQ(micros, 30'600'000'000);
    EXPECT_TRUE(parse_bound(Moment::kTimestamp, "1970-01-01T00:01Z", micros));
    EXPECT_EQ(micros, 60'000'000);
    EXPECT_FALSE(MomentFormat::from(Moment::kTimestamp, "yyyy-MM-dd QQ", "").has_value());
}

}  // namespace
}  // namespace nguon::scan
