// Which column a first contract takes as the key, and which numbers it takes for codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "contract/contract.h"
#include "intake/internal/check_fixture.h"

namespace nguon::intake {
namespace {

using testing::HasSubstr;
using testing::Not;

contract::Dataset parsed(const std::string& yaml) {
    const auto contract = contract::parse(yaml, "draft.yaml");
    EXPECT_TRUE(contract) << yaml;
    return contract ? contract->datasets.at(0) : contract::Dataset();
}

std::string draft_of(const std::string& bytes) {
    return std::string(checked(bytes).at("contract").as_string());
}

// The columns of the key, with commas.
std::string key_of(const std::string& bytes) {
    const contract::Dataset dataset = parsed(draft_of(bytes));
    std::string key;
    for (const contract::Column& column : dataset.columns) {
        if (column.key_position > 0) key += (key.empty() ? "" : ",") + column.name;
    }
    return key;
}

// Goal: next month's file overwrites no stranger's row. Method: files whose only column without
// repetition is a running number, an amount, a date or a name.
TEST(DraftKey, RunningNumbersAndAmountsAreNone) {
    for (const char* file : {
             "STT,Họ tên,Xã\n1,An,A\n2,Bình,B\n",
             "Số thứ tự,Họ tên,Xã\n5,An,A\n9,Bình,B\n",
             "Xã,Tháng,Số hộ,Số khẩu\nA,1,10,31\nA,2,10,42\nB,1,12,53\n",
             "Ngày,Xã,Số lượt\n01/02/2026,A,31\n01/02/2026,B,42\n02/02/2026,B,43\n",
             "Họ tên,Ngày sinh,Số tiền\nAn,01/02/1990,500\nAn,13/02/1990,700\n"
             "Bình,13/02/1990,800\n",
             "Dòng,Loại\n001,x\n002,y\n003,z\n",
             "Xã,Diện tích\nA,10.5\nB,11.25\n",
             "Năm,Tổng thu\n2024,100\n2025,300\n",
         })
        EXPECT_EQ(key_of(file), "") << file;
}

TEST(DraftKey, CodesComeFirst) {
    std::string numbered = "STT,Số tiền,Số điện thoại,Mã hộ\n";
    for (int i = 1; i <= 30; ++i)
        numbered += fmt::format("{},{},09123456{:02},H{:03}\n", i, i * 1000, i, i * 7);
    EXPECT_EQ(key_of(numbered), "ma_ho");
    EXPECT_EQ(key_of("id,name\n1,a\n2,b\n"), "id");
    EXPECT_EQ(key_of("Hồ sơ,Người nộp\nHS-01/2026,An\nHS-07/2026,An\n"), "ho_so");
    EXPECT_EQ(key_of("Ký hiệu,Tên\nA1,a\nB2,b\n"), "ky_hieu");
    EXPECT_EQ(key_of("Mã lực,Xe\n100,a\n120,b\n"), "") << "horsepower";
}

// Goal: who needs a key sees how to make one. Method: the comments of a draft without one, taken
// away.
TEST(DraftKey, WithoutOneTheDraftSaysHowToChoose) {
    std::string yaml =
        draft_of("STT,Xã,Tháng,Số hộ\n1,An Phú,1,10\n2,An Phú,2,10\n3,Tân Lập,1,12\n");
    EXPECT_THAT(yaml, HasSubstr("# No column has a code of each row"));
    EXPECT_EQ(parsed(yaml).mode, contract::Mode::kAppend);
    for (std::size_t at = 0; (at = yaml.find("# primaryKey")) != std::string::npos;)
        yaml.erase(at, 2);
    std::vector<std::string> key;
    for (const contract::Column& column : parsed(yaml).columns) {
        if (column.key_position > 0) key.push_back(column.name);
    }
    EXPECT_THAT(key, testing::ElementsAre("xa", "thang"));
    EXPECT_THAT(draft_of("Mã,Xã\nA1,A\nA2,B\n"), Not(HasSubstr("# primaryKey")));
}

// Goal: 0101 of the next file is not unit 101 of this one. Method: whole numbers titled as codes,
// and as amounts.
TEST(DraftKey, DigitsTitledAsCodesAreText) {
    const auto types = parsed(draft_of("Mã đơn vị;Tên;Số;Số hiệu\n101;A;1;7\n102;B;2;8\n")).columns;
    EXPECT_EQ(types.at(0).type, contract::LogicalType::kString);
    EXPECT_EQ(types.at(0).key_position, 1);
    EXPECT_EQ(types.at(2).type, contract::LogicalType::kInteger);
    EXPECT_EQ(types.at(3).type, contract::LogicalType::kString);
}

}  // namespace
}  // namespace nguon::intake
