#include "base/time.h"

#include <gtest/gtest.h>

#include "base/local_time.h"

namespace nguon {
namespace {

// Goal: who writes a time otherwise is shown one that is taken. Method: the example is parsed.
TEST(Time, TheExampleOfTheErrorIsATime) {
    const auto wrong = parse_time("22/11/2026 14:05");
    ASSERT_FALSE(wrong);
    const std::string example = "2026-11-22T14:05:00+07:00";
    EXPECT_NE(wrong.error().fix.vi.find(example), std::string::npos);
    EXPECT_EQ(parse_time(example).value(), parse_time("2026-11-22T07:05:00Z").value());
}

// Goal: a moment is written as people do. Method: the day, in any zone of the machine.
TEST(Time, LocalTimeIsOfTheLanguage) {
    const Micros at = parse_time("2026-11-22T12:05:00Z").value();
    EXPECT_TRUE(local_time(at, Language::kVietnamese).starts_with("22/11/2026 ") ||
                local_time(at, Language::kVietnamese).starts_with("23/11/2026 "));
    EXPECT_NE(local_time(at, Language::kEnglish).find(" Nov 2026 "), std::string::npos);
}

}  // namespace
}  // namespace nguon
