#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "scan/test_files.h"

namespace nguon::scan {
namespace {

using testing::ElementsAre;

// Goal: the first table is read whole, the others are listed. Method: a narrower one, a title and a
// wider one behind it.
TEST(OtherTables, TheFirstIsReadTheOthersAreListed) {
    const auto read = read_bytes(
        "Xã,Hộ,Người\nA,10,20\nB,30,40\n\nLoại,Số\nx,1\ny,2\nz,3\n\nBẢNG 3\n\na,b,c,d\n1,2,3,4\n");
    ASSERT_TRUE(read);
    EXPECT_THAT(read->rows,
                ElementsAre(ElementsAre("A", "10", "20"), ElementsAre("B", "30", "40")));
    const auto& tables = read->contents.tables;
    ASSERT_EQ(tables.size(), 3U);
    EXPECT_TRUE(tables[0].chosen);
    EXPECT_EQ(tables[1].line, 5);
    EXPECT_EQ(tables[1].columns, 2);
    EXPECT_EQ(tables[1].rows, 3);
    EXPECT_EQ(tables[2].line, 12);
    EXPECT_EQ(tables[2].columns, 4);
    EXPECT_EQ(tables[2].rows, 1);
}

TEST(OtherTables, TheOneThatTheContractMeansIsRead) {
    InputOptions options;
    options.columns = {"loai", "so"};
    const auto read =
        read_bytes("Xã,Hộ,Người\nA,1,2\nB,3,4\n\nLoại,Số\nx,1\ny,2\n", std::move(options));
    ASSERT_TRUE(read);
    EXPECT_THAT(read->names, ElementsAre("Loại", "Số"));
    EXPECT_EQ(read->rows.size(), 2U);
    ASSERT_EQ(read->contents.tables.size(), 2U);
    EXPECT_FALSE(read->contents.tables[0].chosen);
    EXPECT_EQ(read->contents.tables[0].rows, 2);
}

TEST(OtherTables, OfTheSameWidthToldByItsNames) {
    const auto read = read_bytes("Xã,Hộ\nA,1\nB,3\n,\nLoại,Số\nx,1\ny,2\n");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->rows.size(), 2U);
    EXPECT_EQ(read->contents.tables.size(), 2U);
}

// Goal: a table of words is no part of the one above. Method: under a title, and in fewer columns
// than a full table; sections and signers of the same make are rows and notes as before.
TEST(OtherTables, OfWordsAlone) {
    TestWorkbook book;
    book.sheets = {{"S", sheet_of({{"Xã", "Hộ", "Chủ hộ"},
                                   {"An", "10", "Bình"},
                                   {"Phú", "30", "Cúc"},
                                   {},
                                   {"Họ tên", "Chức vụ"},
                                   {"Nguyễn An", "Trưởng thôn"},
                                   {"Lê Bình", "Phó thôn"},
                                   {"Vũ Cúc", "Ủy viên"}})}};
    for (const std::string& text :
         {book.bytes(), std::string("Xã,Hộ\nA,1\nB,3\n\nBẢNG 2,\nHọ tên,Chức vụ,Ghi chú\n"
                                    "Nguyễn An,Trưởng thôn,x\nLê Bình,Phó thôn,y\n")}) {
        const auto read = read_bytes(text);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->rows.size(), 2U);
        ASSERT_EQ(read->contents.tables.size(), 2U);
        EXPECT_GT(read->contents.tables[1].rows, 1);
    }
    for (const std::string_view text :
         {"a,b,c\nx,y,z\n\nPhần II,,\nu,v,w\nr,s,t\nk,l,m\n", "a,b,c\nx,y,\n\nu,v,\nr,s,\nk,l,\n",
          "a,b,c\nx,y,z\n\nNgười lập,Thủ trưởng,\n(Ký),(Ký),\nAn,Bình,\n"}) {
        const auto read = read_bytes(std::string(text));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->contents.tables.size(), 0U) << text;
    }
}

// Goal: an empty row alone ends nothing. Method: words, values, the header once more, a footer and
// sections behind empty rows.
TEST(OtherTables, AnEmptyRowEndsNothing) {
    for (const std::string_view text :
         {"a,b,c\nx,y,z\n\nu,v,w\nr,s,t\n", "a,b,c\nx,1,z\n\nu,2,w\nr,3,t\n",
          "a,b\n1,2\n\na,b\n3,4\n5,6\n"}) {
        const auto read = read_bytes(std::string(text));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->rows.size(), 3U) << text;
        EXPECT_TRUE(read->contents.tables.empty()) << text;
    }
}

// Goal: blocks do not hide the end. Method: the empty row at every place around a block's end.
TEST(OtherTables, TheEndIsFoundAtEveryPlaceOfABlock) {
    for (std::size_t shift = 0; shift < 24; ++shift) {
        std::string text = "id,name\n";
        while (text.size() < (1 << 20) + 64 * 1024 - 12)
            text += "1234,x\n";
        text.insert(text.size() - 1, std::string(shift, 'x'));
        const auto rows = static_cast<std::size_t>(std::ranges::count(text, '\n')) - 1;
        const auto read = read_bytes(text + "\nkind,count,sum\na,1,2\nb,2,3\n");
        ASSERT_TRUE(read);
        EXPECT_EQ(read->rows.size(), rows) << shift;
        EXPECT_EQ(read->contents.tables.size(), 2U) << shift;
    }
}

TEST(OtherTables, OfASheet) {
    TestWorkbook book;
    book.sheets = {{"S", sheet_of({{"Xã", "Hộ", "Người"},
                                   {"A", "10", "20"},
                                   {"B", "30", "40"},
                                   {},
                                   {"Loại", "Số"},
                                   {"x", "1"},
                                   {"y", "2"}})}};
    const auto read = read_bytes(book.bytes());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->rows.size(), 2U);
    ASSERT_EQ(read->contents.tables.size(), 2U);
    EXPECT_EQ(read->contents.tables[1].rows, 2);
}

}  // namespace
}  // namespace nguon::scan
