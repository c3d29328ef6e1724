#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/spoken.h"
#include "crypto/sha256.h"
#include "scan/test_files.h"

namespace nguon::scan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Archive, TheOneTableInsideIsRead) {
    const std::string bytes = make_zip({{"__MACOSX/._a.csv", "x"},
                                        {"README.txt", "Đọc trước"},
                                        {"2026/dữ liệu.csv", "id,name\n1,An\n2,Bình\n"}});
    const auto read = read_bytes(bytes);
    ASSERT_TRUE(read) << read.error().detail.en;
    EXPECT_EQ(read->format, Format::kCsv);
    EXPECT_EQ(read->rows.size(), 2U);
    EXPECT_EQ(read->sha256, crypto::sha256_hex(bytes));
    ASSERT_EQ(read->contents.entries.size(), 1U);
    EXPECT_EQ(read->contents.entries[0].name, "2026/dữ liệu.csv");
}

// Goal: of several files one is named or fits. Method: two tables; nothing told, a name, a
// contract.
TEST(Archive, OfSeveralFilesOneIsNamed) {
    const std::string bytes = make_zip(
        {{"a/ho.csv", "so_ho,dia_chi\n1,Huế\n"}, {"b/nguoi.json", R"([{"ma":7},{"ma":8}])"}});
    const auto untold = read_bytes(bytes);
    ASSERT_FALSE(untold);
    EXPECT_EQ(untold.error().code, Code::kInvalid);
    EXPECT_THAT(untold.error().detail.en, HasSubstr("a/ho.csv, b/nguoi.json"));
    EXPECT_THAT(untold.error().fix.en, HasSubstr(spoken::parameter("entry", "NAME")));
    for (const std::string entry : {"b/nguoi.json", "nguoi.json", "2"}) {
        InputOptions options;
        options.entry = entry;
        const auto read = read_bytes(bytes, options);
        ASSERT_TRUE(read) << entry;
        EXPECT_EQ(read->rows.size(), 2U) << entry;
    }
    InputOptions wanted;
    wanted.columns = {"so_ho", "dia_chi"};
    EXPECT_THAT(read_bytes(bytes, wanted)->rows[0], ElementsAre("1", "Huế"));
}

TEST(Archive, AWorkbookInsideIsRead) {
    TestWorkbook book;
    book.sheets = {{"S", sheet_of({{"id", "name"}, {"1", "An"}})}};
    const std::string bytes = make_zip({{"s.xlsx", book.bytes()}});
    const auto read = read_bytes(bytes);
    ASSERT_TRUE(read) << read.error().detail.en;
    EXPECT_EQ(read->format, Format::kXlsx);
    EXPECT_THAT(read->rows[0], ElementsAre("1", "An"));
    EXPECT_EQ(read->sha256, crypto::sha256_hex(bytes));
}

// Goal: a workbook that was cut short is called a workbook. Method: workbooks and a zip without
// their ends.
TEST(Archive, AWorkbookCutShortIsCalledOne) {
    TestWorkbook book;
    book.sheets = {{"S", sheet_of({{"id", "name"}, {"1", "An"}})}};
    const std::string whole = book.bytes();
    for (const std::size_t lost : {10U, 40U, 200U}) {
        const auto cut = read_bytes(whole.substr(0, whole.size() - lost));
        ASSERT_FALSE(cut);
        EXPECT_THAT(cut.error().detail.en, HasSubstr("The workbook (Excel, LibreOffice) is dama"));
        EXPECT_FALSE(is_wrong_parameter(cut.error())) << "the file is damaged, nothing else";
    }
    InputOptions named;
    named.name = "Báo cáo.XLSX";
    EXPECT_THAT(read_bytes(whole.substr(0, 20), named).error().detail.vi, HasSubstr("bảng tính"));
    const std::string zip = make_zip({{"a.csv", "id\n1\n"}});
    EXPECT_THAT(read_bytes(zip.substr(0, zip.size() - 10)).error().detail.en,
                HasSubstr("The zip data"));
}

// Goal: nobody thinks that a flag counted which did not. Method: a sheet of a zip of tables, an
// entry of a workbook, forms that the file does not have.
TEST(Archive, WhatTheFileDoesNotHaveIsRefused) {
    TestWorkbook book;
    book.sheets = {{"S", sheet_of({{"id", "name"}, {"1", "An"}})}};
    const std::string workbook = book.bytes(), zip = make_zip({{"a.csv", "id\n1\n"}});
    const auto wrong = [](const std::string& bytes, const InputOptions& options) {
        const auto read = read_bytes(bytes, options);
        return read || !is_wrong_parameter(read.error()) ? "" : read.error().errors[0].path;
    };
    InputOptions sheet, entry, csv, xlsx, ods;
    sheet.sheet = "1";
    entry.entry = "1";
    csv.format = Format::kCsv;
    xlsx.format = Format::kXlsx;
    ods.format = Format::kOds;
    EXPECT_EQ(wrong(zip, sheet), "sheet");
    EXPECT_EQ(wrong("id\n1\n", sheet), "sheet");
    EXPECT_EQ(wrong(workbook, sheet), "");
    EXPECT_EQ(wrong(workbook, entry), "entry");
    EXPECT_EQ(wrong("id\n1\n", entry), "entry");
    EXPECT_EQ(wrong(zip, entry), "");
    EXPECT_EQ(wrong(workbook, csv), "format");
    EXPECT_EQ(wrong(workbook, ods), "format");
    EXPECT_EQ(wrong(workbook, xlsx), "");
    EXPECT_EQ(wrong(zip, csv), "");
    EXPECT_EQ(wrong(zip, xlsx), "format");
    EXPECT_EQ(wrong(make_zip({{"s.xlsx", workbook}}), xlsx), "");
}

// Goal: an entry that grows out of all proportion is refused while it streams. Method: 100 MB of
// one row.
TEST(Archive, BombsAreRefused) {
    std::string text = "a,b\n";
    text.reserve(100 << 20);
    while (text.size() < (100 << 20))
        text += "1,2\n1,2\n1,2\n1,2\n1,2\n1,2\n1,2\n1,2\n";
    const auto read = read_bytes(make_zip({{"a.csv", text}}));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Code::kInvalid);
    EXPECT_THAT(read.error().detail.en, HasSubstr("bomb"));
}

TEST(Archive, OtherOfficeFilesAreNamed) {
    const auto detail = [](const ZipFiles& files) {
        const auto read = read_bytes(make_zip(files));
        return read ? std::string("read") : read.error().detail.en;
    };
    EXPECT_THAT(detail({{"word/document.xml", "<a/>"}}), HasSubstr("Word document"));
    EXPECT_THAT(detail({{"xl/workbook.bin", "x"}}), HasSubstr(".xlsb"));
    EXPECT_THAT(detail({{"Index/Document.iwa", "x"}}), HasSubstr("Numbers"));
    EXPECT_THAT(detail({{"a.shp", "x"}, {"a.dbf", "x"}}), HasSubstr("shapefile"));
    EXPECT_THAT(detail({{"mimetype", "application/vnd.oasis.opendocument.text"}}),
                HasSubstr("OpenDocument"));
}

TEST(Archive, DamageIsInvalid) {
    std::string bytes = make_zip({{"a.csv", "id,name\n1,An\n"}});
    bytes[45] ^= 0x55;  // within the packed bytes
    const auto flipped = read_bytes(bytes);
    ASSERT_FALSE(flipped);
    EXPECT_EQ(flipped.error().code, Code::kInvalid);
    EXPECT_EQ(read_bytes(bytes.substr(0, 30)).error().code, Code::kInvalid);
}

TEST(Archive, OtherFilesAreNamed) {
    const auto detail = [](std::string bytes) {
        const auto read = read_bytes(std::move(bytes));
        return read ? std::string("read") : read.error().detail.en;
    };
    EXPECT_THAT(detail("%PDF-1.7 ..."), HasSubstr("PDF"));
    EXPECT_THAT(detail("<html><table><tr><td>1</td></tr></table></html>"), HasSubstr("HTML"));
    EXPECT_THAT(detail("<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>"),
                HasSubstr("2003"));
    EXPECT_THAT(detail(std::string("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") + std::string(600, '\0')),
                HasSubstr("damaged"));
}

}  // namespace
}  // namespace nguon::scan
