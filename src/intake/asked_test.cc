// What a load is asked, and how it names the columns of the file it is given.
#include <map>

#include "intake/internal/load_fixture.h"

namespace nguon::intake {
namespace {

class AskedTest : public LoadTest {};

// Goal: what was asked for wrongly makes no batch. Method: flags that the file does not answer, a
// file that is empty, one that is no table, a fix that nobody offered.
TEST_F(AskedTest, WhatIsAskedForWronglyMakesNoBatch) {
    apply(kPerson);
    const auto fails = [&](const std::function<void(LoadRequest&)>& change) {
        LoadRequest request;
        request.dataset = "t.person";
        request.file_name = "f.csv";
        request.bytes = "id,name,born,age,sex\n001,A,,1,m\n";
        change(request);
        const auto receipt = intake::load(*m_store, {}, request);
        if (receipt || receipt.error().code != Code::kInvalid || receipt.error().errors.size() != 1)
            return std::string("a batch");
        return receipt.error().errors[0].path + ": " + receipt.error().detail.en;
    };
    EXPECT_EQ(fails([](LoadRequest& r) { r.sheet = "2"; }),
              "sheet: f.csv is csv and has no sheets.");
    EXPECT_EQ(fails([](LoadRequest& r) { r.entry = "a.csv"; }),
              "entry: f.csv is neither a zip with files inside nor a JSON document.");
    EXPECT_EQ(fails([](LoadRequest& r) { r.format = scan::Format::kXlsx; }),
              "format: f.csv is no xlsx file.");
    EXPECT_EQ(fails([](LoadRequest& r) { r.bytes = ""; }), "file: The file f.csv is empty.");
    EXPECT_EQ(fails([](LoadRequest& r) {
                  r.bytes = "";
                  r.file_name = "-";
              }),
              "file: No data was sent.");
    EXPECT_EQ(fails([](LoadRequest& r) { r.bytes = " \n\n"; }), "file: The file has no rows.");
    EXPECT_EQ(fails([](LoadRequest& r) { r.bytes = "%PDF-1.7 …"; }),
              "file: f.csv is a PDF, which cannot be read as a table.");
    EXPECT_EQ(fails([](LoadRequest& r) {
                  r.mend = true;
                  r.accept = {"foo:bar"};
              }),
              "accept: No fix \"foo:bar\" is offered for this file.");
    EXPECT_EQ(fails([](LoadRequest& r) {
                  r.mend = true;
                  r.bytes += "002, B ,,NULL,m\n003,C,,2,m\n004,D,02/01/2020,,f\n";
                  r.accept = {"date:borm"};
              }).substr(0, 7),
              "accept:");
    EXPECT_TRUE(m_store->batches("t.person")->empty());
    EXPECT_EQ(m_store->head("t.person")->seq, 0);
}

// Goal: a sentence names a column as the file has it. Method: titles in the contract, of which the
// file has one, in another case, and a name of the contract.
TEST_F(AskedTest, AColumnIsNamedAsInTheFile) {
    apply(
        "  - name: h\n    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
        "      - {name: sex, businessName: 'Giới tính', logicalType: string, enum: [{value: m}]}\n"
        "      - {name: age, businessName: 'Tuổi', logicalType: integer}\n"
        "      - {name: code, businessName: 'Mã', logicalType: string, required: true}\n");
    const json::value receipt = load("t.h", "id,Giới tính,AGE,code\n1,x,2,c\n2,m,many,c\n");
    std::map<std::string, std::string> said;
    for (const json::value& result : receipt.at("results").as_array()) {
        if (result.at("failed").as_int64() == 0) continue;
        const json::value* header = result.as_object().if_contains("header");
        said[std::string(result.at("column").as_string())] =
            (header == nullptr ? "-" : std::string(header->as_string())) + " " +
            std::string(result.at("sentence").at("vi").as_string());
    }
    EXPECT_EQ(said["sex"], "Giới tính Cột «Giới tính»: 1 dòng có giá trị ngoài danh sách.");
    EXPECT_TRUE(said["age"].starts_with("AGE Cột «AGE»: 1 dòng")) << said["age"];
    const json::value missing = load("t.h", "id,Giới tính,age\n1,m,2\n");
    EXPECT_EQ(missing.at("results").at(0).at("sentence").at("vi"),
              "Thiếu cột bắt buộc «code». Tệp có: id, Giới tính, age.");
}

}  // namespace
}  // namespace nguon::intake
