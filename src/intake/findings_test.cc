// Every finding says where, shows an example, and speaks both languages.
#include <gtest/gtest.h>

#include <set>

#include "intake/findings.h"
#include "intake/internal/check_fixture.h"
#include "intake/internal/load_fixture.h"
#include "scan/test_files.h"

namespace nguon::intake {
namespace {

std::string sheet(const std::string& rows, const std::string& columns = "") {
    scan::TestWorkbook book;
    book.sheets = {{"S", columns + "<sheetData>" + rows + "</sheetData>"}};
    return book.bytes();
}

std::string cell(std::string_view at, std::string_view text) {
    return fmt::format("<c r=\"{}\" t=\"inlineStr\"><is><t>{}</t></is></c>", at, text);
}

std::string number(std::string_view at, std::string_view text) {
    return fmt::format("<c r=\"{}\"><v>{}</v></c>", at, text);
}

std::string many(std::string head, int from, int to, std::string_view row) {
    for (int i = from; i < to; ++i)
        head += fmt::format(fmt::runtime(row), i);
    return head;
}

enum class Shown { kRows, kLines };  // of data; of the file, which have no example
struct Sample {
    std::string_view code, fix;  // fix: the kind, or nothing
    std::string file;
    Shown shown = Shown::kRows;
};

std::vector<Sample> samples() {
    const std::string plain = "ma,ten\n1,a\n2,b\n3,c\n";
    return {
        {"spaces", "trim", "ma,ten\n1, a\n2,b\n3,c\n"},
        {"words_for_nothing", "empty", "ma,ten\n1,-\n2,b\n3,c\n"},
        {"garbled_text", "encoding", "ma,ten\n1,Nguyá»…n\n2,An\n"},
        {"decomposed", "", "ma,ten\n1,e\u0302\n2,b\n"},
        {"not_of_type", "", many("ma,ngay\n", 10, 28, "a,{0}/01/2026\na,{0}/02/2026\n") + "9,x\n"},
        {"digits_lost", "", "ma_ho,ten\n3.02E+11,a\n3.03E+11,b\n"},
        {"ambiguous_dates", "", "ma,ngay\na,01/02/2026\nb,03/04/2026\n"},
        {"ambiguous_numbers", "", "ma,so\na,1.234\nb,2.345\n"},
        {"mixed_dates", "", many("ma,ngay\n", 10, 29, "a,{0}/01/2026\na,2026-01-{0}\n")},
        {"two_digit_years", "", many("ma,ngay\n", 10, 29, "a,{0}/1/26\n")},
        {"codes_among_numbers", "", many("ma,v\n", 10, 60, "a,{0}\n") + "a,A12\n"},
        {"total_row", "drop_total", "ten,so,ghi\na,1,x\nb,2,y\nTổng cộng,3,\n"},
        {"duplicate_rows", "", "ma,ten\n1,a\n2,b\n1,a\n"},
        {"likely_duplicates", "",
         "id,Họ và tên,Ngày sinh\n1,Nguyễn An,31/12/1990\n2,Nguyễn An,31/12/1990\n"},
        {"personal_data", "", many("stt,Họ và tên\n", 1, 30, "{0},Nguyễn Văn An\n")},
        {"former_codes", "", "xa,ma_xa\na,00001\nb,00004\nc,00006\nd,00007\ne,00008\n"},
        {"zeros_lost", "", "ten,ma_tinh\na,1\nb,4\nc,8\nd,11\ne,12\nf,14\ng,15\n"},
        {"old_encoding", "", "ma,ten\n1,Nguy\xd4n V\xa8n An\n2,Tr\xc7n Th\xde B\xd7nh\n"},
        {"unnamed_columns", "", "ma,,ten\n1,x,a\n2,y,b\n"},
        {"repeated_names", "", "ma,ten,ten\n1,x,a\n2,y,b\n"},
        {"reserved_names", "", "ma,_ghi\n1,x\n2,y\n"},
        {"garbled_names", "", "ma,TÃªn xÃ£\n1,x\n2,y\n"},
        {"title_rows", "", "DANH SÁCH\n\n" + plain, Shown::kLines},
        {"other_tables", "", "a,b\n1,2\n3,4\n\n\nx,y,z\n1,2,3\n4,5,6\n", Shown::kLines},
        {"column_numbers", "", "xa,ho,khau\n(1),(2),(3)\na,1,2\nb,3,4\n", Shown::kLines},
        {"footer_lines", "", plain + "\nNgười lập biểu\n", Shown::kLines},
        {"hidden_cells", "",
         sheet("<row r=\"1\">" + cell("A1", "ma") + cell("B1", "ten") + "</row><row r=\"2\">" +
               cell("A2", "1") + cell("B2", "a") + "</row><row r=\"3\" hidden=\"1\">" +
               cell("A3", "2") + cell("B3", "b") + "</row>"),
         Shown::kLines},
        {"record:quote", "", "ma,ten\n1,\"a\n2,b\n3,c\n"},
    };
}

// Goal: a person finds what is said. Method: a file for each code, looked at without a contract.
TEST(Findings, EachHasItsPlaceAnExampleAndTwoSentences) {
    for (const Sample& sample : samples()) {
        const json::object said = finding(checked(sample.file), sample.code);
        ASSERT_FALSE(said.empty()) << sample.code;
        for (const char* language : {"vi", "en"})
            EXPECT_FALSE(said.at("sentence").at(language).as_string().empty()) << sample.code;
        const json::array& rows = said.at("rows").at("first").as_array();
        if (sample.shown == Shown::kLines) {
            ASSERT_TRUE(said.contains("lines")) << sample.code;
            EXPECT_FALSE(said.at("lines").at("first").as_array().empty()) << sample.code;
        } else {
            EXPECT_FALSE(rows.empty()) << sample.code;
            // Who is meant by equal names is not said by showing one.
            EXPECT_TRUE(!said.at("examples").as_array().empty() ||
                        sample.code == "likely_duplicates")
                << sample.code;
        }
        const json::value& fix = said.at("fix");
        EXPECT_EQ(fix.is_null() ? "" : std::string_view(fix.at("kind").as_string()), sample.fix)
            << sample.code;
    }
}

// Goal: examples give away nothing. Method: a column of names.
TEST(Findings, ExamplesOfPersonalDataAreMasked) {
    const json::object said =
        finding(checked(many("stt,Họ và tên\n", 1, 30, "{0},Nguyễn Văn An\n")), "personal_data");
    ASSERT_FALSE(said.empty());
    EXPECT_EQ(json::serialize(said).find("Ng"), std::string::npos);
    EXPECT_EQ(said.at("rows").at("first").at(0).as_int64(), 1);
}

class FindingsTest : public LoadTest {};

// Goal: a load says where, too. Method: what it says beside the rules, under a contract.
TEST_F(FindingsTest, OfALoadHaveRows) {
    apply(
        "  - name: r\n    customProperties: [{property: access, value: open}]\n    properties:\n"
        "      - {name: ma, logicalType: string}\n      - {name: ten, logicalType: string}\n");
    const json::value receipt =
        load("t.r", many("ma,ten\n", 1, 30, "{0},Nguyễn Văn An\n") + "1,Nguyễn Văn An\n");
    std::set<std::string> seen;
    for (const json::value& result : receipt.at("results").as_array()) {
        if (result.at("failed").to_number<std::int64_t>() == 0) continue;
        seen.emplace(result.at("code").as_string());
        EXPECT_FALSE(result.at("rows").at("first").as_array().empty()) << result;
        EXPECT_FALSE(result.at("examples").as_array().empty()) << result;
    }
    EXPECT_EQ(seen, (std::set<std::string>{"duplicate_rows", "personal_data"}));
}

// Goal: a sheet's long numbers are suspected under a contract, too. Method: a number and a text.
TEST_F(FindingsTest, LongNumbersOfASheetLostDigits) {
    apply(
        "  - name: card\n    properties:\n"
        "      - {name: so_the, logicalType: string, logicalTypeOptions: {pattern: "
        "'[0-9]{16}'}}\n");
    const json::value receipt =
        load("t.card", sheet("<row r=\"1\">" + cell("A1", "so_the") + "</row><row r=\"2\">" +
                             number("A2", "9704123412341230") + "</row><row r=\"3\">" +
                             cell("A3", "9704123412341240") + "</row>"));
    json::object said;
    for (const json::value& result : receipt.at("results").as_array()) {
        if (result.as_object().contains("code") && result.at("code").as_string() == "digits_lost")
            said = result.as_object();
    }
    ASSERT_FALSE(said.empty());
    EXPECT_EQ(said.at("rows").at("count").to_number<std::int64_t>(), 1)
        << "a text keeps its digits";
    EXPECT_EQ(said.at("rows").at("first").at(0).as_int64(), 1);
}

// Goal: an anomaly of a column names it as the file does.
TEST(Findings, AnAnomalyNamesItsColumn) {
    json::object result = refusal("anomaly:null_share:ten",
                                  {"Thường để trống 0%; tệp này 50%", "Usually 0% empty; 50% here"},
                                  "ten", contract::Dimension::kComplete);
    scan::Plan plan;
    plan.columns.push_back({"ten", {sql::Kind::kText}, {}, false, {"Họ tên"}});
    describe(result, Headers(plan, {"Họ tên"}));
    EXPECT_EQ(result.at("sentence").at("en").as_string(),
              "\"Họ tên\": usually 0% empty; 50% here.");
}

}  // namespace
}  // namespace nguon::intake
