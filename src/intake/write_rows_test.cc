#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "intake/profile.h"

namespace nguon::intake {
namespace {

std::string rows_of(std::string bytes) {
    const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "rows.csv";
    scan::InputOptions options;
    options.bytes = std::move(bytes);
    const Result<void> written = write_rows(options, real_disk(), file);
    if (!written) return "failed: " + written.error().detail.en;
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

TEST(WriteRows, ValuesAreUntouched) {
    EXPECT_EQ(rows_of("id;name; note\n1;\"a;b\"; x \n2;007;\"say \"\"hi\"\", you\"\n"),
              "id,name, note\n1,a;b, x \n2,007,\"say \"\"hi\"\", you\"\n");
    EXPECT_EQ(rows_of("v\n\"\"\nx\n"), "v\n\"\"\nx\n");
}

TEST(WriteRows, DamagedRowsStandInTheirBestReading) {
    EXPECT_EQ(rows_of("id,name,v\n1,\"An,2\n2,\"B\"nh\",3\n3,x\n4,y,5,6\n5,z,7\n"),
              "id,name,v\n1,\"\"\"An\",2\n2,\"B\"\"nh\",3\n3,x,\n4,y,5,6\n5,z,7\n");
    EXPECT_EQ(rows_of("id,ten\n1,Nguy\xE1\xBB\n2,Lê" + std::string(1, '\0') + "\n3,Hà\n"),
              "id,ten\n1,Nguy\uFFFD\uFFFD\n2,Lê\n3,Hà\n");
}

TEST(WriteRows, ASecondTableIsNotMixedIn) {
    std::string text = "id,name,v\n";
    for (int i = 0; i < 9; ++i)
        text += std::to_string(i) + ",n" + std::to_string(i) + ",x\n";
    const std::string first = text;
    EXPECT_EQ(rows_of(text + "ma,gia\n7,8\n9,10\n11,12\n"), first);
    EXPECT_EQ(rows_of(text + "ma,gia,loai,so\n7,8,a,1\n9,10,b,2\n11,12,c,3\n13,14,d,4\n"), first);
    // Ragged rows alone make no table.
    EXPECT_EQ(rows_of(text + "xin,chao\n9,n9,x\n"), first + "xin,chao,\n9,n9,x\n");
    EXPECT_EQ(rows_of(text + "a b,c\nd e,f\ng h,i\nj k,l\n"),
              first + "a b,c,\nd e,f,\ng h,i,\nj k,l,\n");
}

TEST(WriteRows, AFileWithoutAHeaderGetsNames) {
    EXPECT_EQ(rows_of("1;2026-01-01\n2;2026-01-02\n3;2026-01-03\n"),
              "column_1,column_2\n1,2026-01-01\n2,2026-01-02\n3,2026-01-03\n");
}

}  // namespace
}  // namespace nguon::intake
