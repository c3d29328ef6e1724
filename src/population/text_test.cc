#include "population/text.h"

#include <gtest/gtest.h>

#include <string>

#include "population/random.h"

namespace nguon::population {
namespace {

// Goal: the bytes do not depend on the machine. Method: values computed once, kept here.
TEST(Random, GivesTheSequenceOfTheAlgorithm) {
    Random random(42, 1);
    const std::uint64_t first = random.next();
    Random same(42, 1);
    EXPECT_EQ(first, same.next());
    EXPECT_EQ(first, 13696896915399030466ULL);
    Random other(42, 2);
    EXPECT_NE(first, other.next());
}

TEST(Text, TonesAreStrippedAndCellsQuoted) {
    EXPECT_EQ(strip_tones("Nguyễn Thị Đào Ướt Hyưh Blŏ"), "Nguyen Thi Dao Uot Hyuh Blo");
    std::string line;
    append_cell(line, "Căn 3, chung cư \"Sao Mai\"");
    EXPECT_EQ(line, "\"Căn 3, chung cư \"\"Sao Mai\"\"\"");
    EXPECT_EQ(iso_date(day_of(2024, 2, 29)), "2024-02-29");
    EXPECT_EQ(iso_time(day_of(1969, 12, 31), 3661), "1969-12-31T01:01:01Z");
}

}  // namespace
}  // namespace nguon::population
