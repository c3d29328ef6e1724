// Rows that sum up others, and rows that only look so.
#include <gmock/gmock.h>

#include "intake/internal/check_fixture.h"
#include "intake/internal/load_fixture.h"
#include "scan/test_files.h"

namespace nguon::intake {
namespace {

using testing::Contains;
using testing::Not;

std::vector<std::int64_t> rows_said(const json::object& answer, std::string_view code) {
    std::vector<std::int64_t> rows;
    const json::object found = finding(answer, code);
    if (found.empty()) return rows;
    for (const json::value& row : found.at("rows").at("first").as_array())
        rows.push_back(row.as_int64());
    return rows;
}

// Goal: subtotals and totals with words behind them are no data. Method: two groups whose numbers
// add up, a village named "Cộng Hòa" among them, notes below without an empty row.
TEST(TotalRows, SubtotalsWhoseNumbersAddUpAreSure) {
    const json::object answer = checked(
        "STT,Thôn,Số người\n1,Phú Lộc,20\n2,An Hòa,25\n,Cộng xã A,45\n3,Tân Lập,4\n"
        "4,Cộng Hòa,6\n,Cộng xã B,10\nTổng số: 4 thôn,,55\n\"Bằng chữ: Năm mươi lăm người\",,\n"
        ",,\nNơi nhận:,,\n- UBND tỉnh,,\n,,Người lập biểu\n,,Nguyễn Văn A\n");
    EXPECT_EQ(answer.at("rows").as_int64(), 7);
    EXPECT_EQ(rows_said(answer, "total_row"), (std::vector<std::int64_t>{3, 6, 7}));
    EXPECT_EQ(column(answer, 0).at("type").as_string(), "integer");
    EXPECT_EQ(column(answer, 0).at("distinct").as_int64(), 4);
    EXPECT_EQ(column(answer, 1).at("distinct").as_int64(), 4) << "Cộng Hòa is a village";
    EXPECT_EQ(column(answer, 2).at("max").as_int64(), 25);
    EXPECT_THAT(codes(answer), Contains("footer_lines"));
    EXPECT_THAT(codes(answer), Not(Contains("likely_total")));
}

// Goal: without an empty cell the words and the numbers tell together; decimal commas and thousands
// are reckoned with.
TEST(TotalRows, ASubtotalOfTwoColumnsIsToldByItsNumbers) {
    const json::object answer = checked(
        "Thôn;Diện tích\nPhú Lộc;1.020,5\nAn Hòa;25,25\nCộng xã A;1.045,75\nTân Lập;4,5\n"
        "Bình An;6\nCộng xã B;10,5\nTổng cộng toàn huyện;1.056,25\n");
    EXPECT_EQ(rows_said(answer, "total_row"), (std::vector<std::int64_t>{3, 6, 7}));
    EXPECT_EQ(column(answer, 1).at("max").to_number<double>(), 1020.5);
}

// Goal: no real row is taken for a total. Method: places and persons whose names begin so, with
// numbers that sum up nothing, or a sum by chance.
TEST(TotalRows, NamesThatBeginLikeTotalsAreData) {
    for (const char* file :
         {"Thôn,Số hộ,Ghi chú\nPhú Lộc,20,\nCộng Hòa,25,\nAn Hòa,7,\n",
          "Tên,Tuổi,Ghi chú\nAn,20,\nTổng,35,\nBình,41,\nCộng,18,\n",
          "Tên,Điện thoại,Ghi chú\nAn,0912345678,\nTổng,0987654321,\n",
          "Tên,Tuổi,Ghi chú\nAn,20,\nBình,41,\nTổng,35,\n",
          "Đơn vị,Số người\nCông ty An Bình,20\nTổng công ty Điện,25\nCông an xã,45\n",
          "Nhóm,Số người\nCộng đồng A,20\nCộng đồng B,25\nCộng tác viên,45\n",
          "Thôn,Số hộ\nPhú Lộc,20\nAn Hòa,25\nCộng Hòa,45\nTân Lập,7\n"}) {
        const json::object answer = checked(file);
        EXPECT_THAT(codes(answer), Not(Contains("total_row"))) << file;
        EXPECT_EQ(column(answer, 1).at("nulls").as_int64(), 0) << file;
        EXPECT_EQ(column(answer, 0).at("distinct"), answer.at("rows")) << file;
    }
}

// Goal: what may be a subtotal is said, and stays. Method: its number is no sum.
TEST(TotalRows, WhatMayBeASubtotalIsSaid) {
    const json::object answer =
        checked("STT,Thôn,Số người\n1,Phú Lộc,20\n2,An Hòa,25\n,Cộng xã A,46\n3,Tân Lập,4\n");
    EXPECT_THAT(codes(answer), Not(Contains("total_row")));
    EXPECT_EQ(rows_said(answer, "likely_total"), std::vector<std::int64_t>{3});
    EXPECT_EQ(column(answer, 1).at("distinct").as_int64(), 4);
}

// Goal: a total in the middle of the file is said. Method: no empty cell; numbers that add up, one
// such row and two.
TEST(TotalRows, ATotalInTheMiddleIsSaid) {
    const json::object one = checked("Xã,Số hộ\nA,10\nB,20\nC,7\nTổng cộng,37\nD,5\n");
    EXPECT_EQ(rows_said(one, "total_row"), std::vector<std::int64_t>{4});
    EXPECT_EQ(column(one, 1).at("max").as_int64(), 20);
    const json::object two =
        checked("Xã,Số hộ\nA,10\nB,20\nTổng cộng,30\nC,5\nD,6\nTổng cộng,11\nE,8\n");
    EXPECT_EQ(rows_said(two, "likely_total"), (std::vector<std::int64_t>{3, 6}));
    EXPECT_THAT(codes(two), Not(Contains("total_row")));
}

// Goal: what was not read is said. Method: column numbers under the names.
TEST(TotalRows, ColumnNumbersAreSaid) {
    const json::object answer =
        checked("Báo cáo\n\nXã,Hộ,Khẩu\n(1),(2),(3)\nAn Phú,10,31\nTân Lập,12,40\n");
    EXPECT_EQ(answer.at("rows").as_int64(), 2);
    const json::object said = finding(answer, "column_numbers");
    ASSERT_FALSE(said.empty());
    EXPECT_NE(said.at("sentence").at("en").as_string().find("Line 4"), std::string::npos);
    EXPECT_THAT(codes(checked("loai,so_tuyen,so_cau\nA,1,2\n")), Not(Contains("column_numbers")));
}

class TotalRowsTest : public LoadTest {};

// Goal: under a contract a subtotal is left out by --fix, and a name is not. Method: a key that
// subtotals lack.
TEST_F(TotalRowsTest, ALoadLeavesOutSubtotalsByFix) {
    apply(
        "  - name: t\n    properties:\n"
        "      - {name: stt, logicalType: integer}\n"
        "      - {name: thon, logicalType: string}\n"
        "      - {name: n, logicalType: integer}\n");
    LoadRequest request;
    request.dataset = "t.t";
    request.bytes =
        "stt,thon,n\n1,Phú Lộc,20\n2,An Hòa,25\n,Cộng xã A,45\n3,Tân Lập,4\n,Cộng Hòa,6\n"
        ",Cộng xã B,10\n";
    request.mend = true;
    const auto receipt = intake::load(*m_store, LoadOptions{}, request);
    ASSERT_TRUE(receipt) << receipt.error().detail.en;
    EXPECT_EQ(current("t.t"),
              (Lines{"-|Cộng Hòa|6", "1|Phú Lộc|20", "2|An Hòa|25", "3|Tân Lập|4"}));
}

// Goal: a number in merged cells is not multiplied unsaid. Method: one over four rows, beside a
// merged text, a merged number of rows and a merged year.
TEST(TotalRows, NumbersOfMergedCellsAreSaid) {
    scan::TestWorkbook book;
    book.sheets = {
        {"S",
         "<sheetData>"
         "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>STT</t></is></c>"
         "<c r=\"B1\" t=\"inlineStr\"><is><t>Xã</t></is></c>"
         "<c r=\"C1\" t=\"inlineStr\"><is><t>Thôn</t></is></c>"
         "<c r=\"D1\" t=\"inlineStr\"><is><t>Số hộ</t></is></c>"
         "<c r=\"E1\" t=\"inlineStr\"><is><t>Năm</t></is></c></row>"
         "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"inlineStr\"><is><t>An</t></is></c>"
         "<c r=\"C2\" t=\"inlineStr\"><is><t>x</t></is></c><c r=\"D2\"><v>300</v></c>"
         "<c r=\"E2\"><v>2025</v></c></row>"
         "<row r=\"3\"><c r=\"C3\" t=\"inlineStr\"><is><t>y</t></is></c></row>"
         "<row r=\"4\"><c r=\"C4\" t=\"inlineStr\"><is><t>z</t></is></c></row>"
         "<row r=\"5\"><c r=\"C5\" t=\"inlineStr\"><is><t>u</t></is></c></row>"
         "</sheetData><mergeCells><mergeCell ref=\"A2:A5\"/><mergeCell ref=\"B2:B5\"/>"
         "<mergeCell ref=\"D2:D5\"/><mergeCell ref=\"E2:E5\"/></mergeCells>"}};
    const json::object answer = checked(book.bytes());
    const json::object said = finding(answer, "merged_numbers");
    ASSERT_FALSE(said.empty()) << to_text(answer);
    EXPECT_EQ(said.at("rows").at("count").as_int64(), 3);
    EXPECT_EQ(rows_said(answer, "merged_numbers"), (std::vector<std::int64_t>{2, 3, 4}));
    const std::string_view sentence = said.at("sentence").at("en").as_string();
    EXPECT_NE(sentence.find("(D2:D5)"), std::string_view::npos) << sentence;
    EXPECT_EQ(column(answer, 3).at("nulls").as_int64(), 0) << "each row has it";
}

}  // namespace
}  // namespace nguon::intake
