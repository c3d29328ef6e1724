// What `check` says of files: recognisers, spread, the answer, and that its contract loads the
// file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/check.h"
#include "intake/internal/check_fixture.h"
#include "intake/internal/load_fixture.h"
#include "intake/office_words.h"
#include "intake/profile.h"

namespace nguon::intake {
namespace {

// Goal: numbers of persons are told by their structure, not by their length. Method: real ones and
// ones with one thing wrong.
TEST(Personal, StructuresAreChecked) {
    EXPECT_TRUE(is_citizen_id("001090000001", 2026));
    EXPECT_FALSE(is_citizen_id("003090000001", 2026)) << "no province was ever 03";
    EXPECT_FALSE(is_citizen_id("001490000001", 2026)) << "nobody of the 22nd century";
    EXPECT_FALSE(is_citizen_id("001327000001", 2026)) << "born next year";
    EXPECT_FALSE(is_citizen_id("101090000001", 2026));
    // Viettel, FPT, Vietcombank; then one digit changed.
    for (const char* code : {"0100109106", "0101248141", "0100112437", "0100112437-001"})
        EXPECT_TRUE(is_tax_code(code)) << code;
    EXPECT_FALSE(is_tax_code("0100109107"));
    EXPECT_TRUE(is_phone("0912 345 678"));
    EXPECT_TRUE(is_phone("+84 912345678"));
    EXPECT_FALSE(is_phone("0112345678"));
    for (const char* plate : {"29A-123.45", "51F12345", "29-B1 123.45", "30AA-123.45"})
        EXPECT_TRUE(is_licence_plate(plate)) << plate;
    EXPECT_FALSE(is_licence_plate("09A-123.45"));
    EXPECT_TRUE(is_person_name("Nguyễn Văn An"));
    EXPECT_TRUE(is_person_name("TRAN THI B"));
    EXPECT_FALSE(is_person_name("Trạm Y tế"));
    EXPECT_TRUE(is_health_insurance("DN4010123456789"));
    EXPECT_FALSE(is_health_insurance("DN9010123456789"));
}

// Goal: counts of bins are exact and their edges round, whatever the order. Method: numbers of very
// different size, then days of two centuries.
TEST(Histogram, CountsAreExactInAtMostTenBins) {
    Histogram numbers;
    for (int i = 0; i < 1000; ++i)
        numbers.add(i % 2 == 0 ? i : -0.25);
    numbers.add(1e9);
    const std::vector<Bin> bins = numbers.bins(1e-6);
    ASSERT_LE(bins.size(), kMostBins);
    std::int64_t sum = 0;
    for (const Bin& bin : bins)
        sum += bin.count;
    EXPECT_EQ(sum, 1001);
    EXPECT_EQ(numbers.low(), -0.25);
    EXPECT_EQ(numbers.high(), 1e9);
    DayHistogram days;
    for (int day = -40'000; day < 40'000; day += 7)
        days.add(day);
    sum = 0;
    ASSERT_LE(days.bins().size(), kMostBins);
    for (const DayHistogram::Span& span : days.bins())
        sum += span.count;
    EXPECT_EQ(sum, days.count());
}

TEST(Shape, LettersAndDigitsAreGone) {
    const auto shape = [](std::string_view value) {
        std::string out;
        append_shape(out, value);
        return out;
    };
    EXPECT_EQ(shape("29A-123.45"), "9{2}A-9{3}.9{2}");
    EXPECT_EQ(shape("Nguyễn Văn Đức"), "Aa Aa Aa");
    EXPECT_EQ(shape("VN-001"), "A{2}-9{3}");
}

TEST(OfficeWords, HeadersHaveTitlesInBothLanguages) {
    EXPECT_EQ(title_for("Họ và tên").en, "Full name");
    EXPECT_EQ(title_for("birth_date").vi, "Ngày sinh");
    EXPECT_EQ(title_for("Mã hồ sơ").en, "File code");
    EXPECT_EQ(title_for("Tổng số học sinh").en, "Total pupils");
    EXPECT_EQ(title_for("Số hộ nghèo").en, "Poor households");
    EXPECT_EQ(title_for("so_ho_ngheo").vi, "Số hộ nghèo");
    EXPECT_EQ(title_for("Số hồ sơ").en, "File number");
    // Vietnamese without its marks is no English.
    EXPECT_EQ(title_for("Chỉ số gì đó").en, "Chỉ số gì đó");
    EXPECT_EQ(title_for("blood_type").vi, "Blood type");
}

// Goal: an officer's file is understood. Method: one with a title, a total, a repeated row, dates
// and numbers as they are written here, codes of wards that are no more.
TEST(Check, AnOfficeFileIsUnderstood) {
    const json::object answer = checked(
        "DANH SÁCH HỘ;;;;;;\nMã hộ;Họ và tên;Ngày sinh;Số CCCD;Mã xã;Diện tích;Giới tính\n"
        "00012;Nguyễn Văn An;31/12/1990;001090000001;00001;1.234,5;Nam\n"
        "00013;Trần Thị Bình;05/06/1991;001191000002;00001;12,5;Nữ\n"
        "00014;Lê Văn Cúc;05/07/1992;001092000003;00006;2.000,25;Nam\n"
        "00015;Phạm Văn Dần;15/06/1985;001085000004;00007;7;Nam\n"
        "00015;Phạm Văn Dần;15/06/1985;001085000004;00007;7;Nam\n"
        "Tổng cộng;;;;;3.254,25;\n");
    EXPECT_EQ(answer.at("range").at("header_line").as_int64(), 2);
    EXPECT_EQ(answer.at("range").at("last_line").as_int64(), 8);
    EXPECT_EQ(column(answer, 1).at("personal").as_string(), "name");
    EXPECT_EQ(column(answer, 2).at("type").as_string(), "date");
    EXPECT_EQ(column(answer, 2).at("format").as_string(), "dd/MM/yyyy");
    EXPECT_EQ(column(answer, 3).at("type").as_string(), "string");
    EXPECT_EQ(column(answer, 3).at("personal").as_string(), "citizen_id");
    EXPECT_EQ(column(answer, 5).at("type").as_string(), "number");
    EXPECT_EQ(column(answer, 5).at("decimal").as_string(), ",");
    EXPECT_EQ(column(answer, 5).at("max").to_number<double>(), 2000.25) << "not the total";
    EXPECT_EQ(answer.at("references").at(0).at("kind").as_string(), "former_ward");
    EXPECT_EQ(answer.at("duplicates").at("rows").as_int64(), 1);
    const std::vector<std::string> said = codes(answer);
    for (const char* code :
         {"title_rows", "total_row", "duplicate_rows", "personal_data", "former_codes"})
        EXPECT_THAT(said, testing::Contains(code));
    // No value of a person stands in the answer.
    const std::string text = to_text(answer);
    for (const char* value : {"001090000001", "Nguyễn Văn An", "1990-12-31"})
        EXPECT_EQ(text.find(value), std::string::npos) << value;
}

// Goal: a row of totals is counted and said, and nothing else is made of it. Method: a table of
// villages whose total would make text of the numbers, and end the key.
TEST(Check, ATotalIsLeftOutOfTypesAndFigures) {
    const json::object answer = checked(
        "STT,Tên thôn,Số hộ,Ngày lập\n1,Thôn A,10,01/02/2026\n2,Thôn B,20,13/02/2026\n"
        "3,Thôn C,35,15/02/2026\nTổng cộng,,65,\n");
    EXPECT_EQ(answer.at("rows").as_int64(), 4);
    EXPECT_EQ(answer.at("range").at("last_line").as_int64(), 5);
    EXPECT_EQ(answer.at("rejected").as_int64(), 1) << "it does not fit the contract";
    EXPECT_EQ(column(answer, 0).at("type").as_string(), "integer");
    EXPECT_EQ(column(answer, 0).at("distinct").as_int64(), 3);
    EXPECT_EQ(column(answer, 1).at("nulls").as_int64(), 0);
    EXPECT_EQ(column(answer, 2).at("max").as_int64(), 35);
    EXPECT_EQ(column(answer, 2).at("distinct").as_int64(), 3);
    EXPECT_THAT(codes(answer), testing::Contains("total_row"));
    // Where it fits, nothing would be set aside; where the word is a value, it is one.
    EXPECT_EQ(checked("a,b\nx,1\ny,\nTổng cộng,1\n").at("rejected").as_int64(), 0);
    const json::object survey =
        checked("sex,n\nMale,1\nFemale,2\nTotal,3\nMale,4\nFemale,5\nTotal,9\n");
    EXPECT_EQ(column(survey, 1).at("max").as_int64(), 9);
    EXPECT_THAT(codes(survey), testing::Not(testing::Contains("total_row")));
}

// Goal: a list of values that may grow sets nothing aside next month. Method: few rows, and many in
// which each value comes often; one value that came once.
TEST(Check, OnlyASureListOfValuesIsWritten) {
    const auto file = [](int rows, std::string_view last) {
        std::string text = "ma,loai\n";
        for (int i = 0; i < rows; ++i)
            text += fmt::format("X{},{}\n", i, i % 2 == 0 ? "Nghèo" : "Cận nghèo");
        return text + fmt::format("Y,{}\n", last);
    };
    const auto draft = [](const json::object& answer) {
        return std::string(answer.at("contract").as_string());
    };
    const json::object few = checked(file(40, "Nghèo"));
    EXPECT_EQ(draft(few).find("\n        enum:"), std::string::npos);
    EXPECT_NE(draft(few).find("\n        # enum:\n        #   - value: \"Cận nghèo\""),
              std::string::npos);
    EXPECT_TRUE(finding(few, "value_lists").empty());
    const json::object rare = checked(file(400, "Khác"));
    EXPECT_EQ(draft(rare).find("\n        enum:"), std::string::npos);
    const json::object many = checked(file(400, "Nghèo"));
    EXPECT_NE(draft(many).find("\n        enum:\n          - value: \"Cận nghèo\""),
              std::string::npos)
        << draft(many);
    EXPECT_EQ(finding(many, "value_lists").at("rows").at("count").as_int64(), 1);
}

// Goal: a file without names of columns is said to be one.
TEST(Check, AFileWithoutAHeaderIsSaid) {
    const json::object answer = checked("A1;Nguyễn Văn An;12\nA2;Lê Thị Bình;13\nA3;Vũ Cúc;14\n");
    EXPECT_EQ(answer.at("rows").as_int64(), 3);
    EXPECT_THAT(codes(answer), testing::Contains("no_header"));
    EXPECT_THAT(codes(checked("a,b\n1,2\n")), testing::Not(testing::Contains("no_header")));
}

// Goal: what `apply` would refuse, `check` does not call good. Method: more columns than a contract
// may have.
TEST(Check, AFileThatNoContractCanSayIsRefused) {
    std::string names, row;
    for (int i = 0; i < 2'001; ++i) {
        names += fmt::format("{}c{}", i == 0 ? "" : ",", i);
        row += fmt::format("{}{}", i == 0 ? "" : ",", i);
    }
    const json::object answer = checked(names + "\n" + row + "\n");
    EXPECT_TRUE(answer.at("refused").as_bool());
    EXPECT_FALSE(answer.contains("contract"));
    EXPECT_EQ(finding(answer, "no_contract").at("severity").as_string(), "error");
}

// Goal: identifiers that lost digits do not pass under the first contract, and are counted. Method:
// a column of nothing but digits and one such cell, and one of words.
TEST(Check, LostDigitsAreCountedAsMisfits) {
    const json::object answer =
        checked("x,y\n301234567890,a\n3.02E+11,b\n301234567891,c\n301234567892,3.02E+11\n");
    EXPECT_EQ(answer.at("rejected").as_int64(), 1);
    EXPECT_NE(answer.at("contract").as_string().find("pattern: \"^[0-9]+$\""),
              boost::json::string::npos);
}

// Goal: a first contract says what its columns mean. Method: columns of persons and places.
TEST(Check, TheFirstContractSaysWhatColumnsMean) {
    const json::object answer = checked(
        "Họ và tên,Ngày sinh,Thư điện tử,Điện thoại,Mã tỉnh,Số hộ nghèo,Chỉ số lạ\n"
        "Nguyễn Văn An,31/12/1990,an@x.vn,0912345678,01,1,1\n"
        "Trần Thị Bình,05/06/1991,binh@x.vn,0912345679,79,2,2\n"
        "Lê Văn Cúc,05/07/1992,cuc@x.vn,0912345670,48,3,3\n");
    const std::string yaml(answer.at("contract").as_string());
    const auto contract = contract::parse(yaml, "f.yaml");
    ASSERT_TRUE(contract) << yaml;
    const auto term = [&](std::size_t c) {
        const auto& definitions = contract->datasets[0].columns[c].definitions;
        return definitions.empty() ? std::string() : definitions[0].url;
    };
    EXPECT_EQ(term(0), "https://schema.org/name");
    EXPECT_EQ(term(1), "https://schema.org/birthDate");
    EXPECT_EQ(term(2), "https://schema.org/email");
    EXPECT_EQ(term(3), "https://schema.org/telephone");
    EXPECT_EQ(term(4), "https://schema.org/addressRegion");
    EXPECT_EQ(term(5), "");
    EXPECT_EQ(contract->datasets[0].columns[4].semantic_type, "dimension");
    EXPECT_NE(yaml.find("\"Poor households\""), std::string::npos) << yaml;
    EXPECT_EQ(yaml.find("Chi so la"), std::string::npos) << "no English where none is known";
}

// Goal: one cell does not make decimals of a column of thousands, unsaid. Method: forty numbers
// with three digits after the point and one with one digit; then as many of each.
TEST(Check, OneDecimalAmongThousandsDecidesNothing) {
    std::string most = "Tên,Số tiền\nx,12.5\n", half = "Tên,Số tiền\n";
    for (int i = 1; i <= 40; ++i) {
        most += fmt::format("x,{}.{}00\n", 12 * i, 1 + i % 9);
        half += fmt::format("x,{}.{}00\nx,{}.5\n", 12 * i, 1 + i % 9, i);
    }
    const json::object answer = checked(most);
    EXPECT_THAT(codes(answer), testing::Contains("ambiguous_numbers"));
    EXPECT_NEAR(column(answer, 1).at("confidence").to_number<double>(), 0.5, 0.01);
    EXPECT_THAT(codes(checked(half)), testing::Not(testing::Contains("ambiguous_numbers")));
}

// Goal: what is odd is said, with its code. Method: one odd cell of each kind.
TEST(Check, OddCellsAreFindings) {
    const json::object answer = checked(
        "code,text,day,many\n3.02E+11,Nguyá»…n,05/06/2026,1.234\n301234567890, a,07/08/2026,5.678\n"
        "301234567891,N/A,01/02/2026,2.345\n");
    const std::vector<std::string> said = codes(answer);
    for (const char* code : {"digits_lost", "garbled_text", "spaces", "words_for_nothing",
                             "ambiguous_dates", "ambiguous_numbers"})
        EXPECT_THAT(said, testing::Contains(code)) << to_text(answer);
    EXPECT_NEAR(column(answer, 2).at("confidence").to_number<double>(), 0.5, 0.01);
}

// Goal: names stay apart where they are cut. Method: headers that share 58 or 63 letters, twice
// two.
TEST(Check, LongNamesThatAreCutStayUnique) {
    const std::string shared(58, 'b');
    const json::object answer =
        checked(fmt::format("{0}aaaaa1,{0}aaaaa2,{0}ccccc1,{0}ccccc2\n1,2,3,4\n5,6,7,8\n", shared));
    std::set<std::string> names;
    for (const json::value& one : answer.at("columns").as_array())
        names.emplace(one.at("column").as_string());
    EXPECT_EQ(names.size(), 4U) << to_text(answer);
}

// Goal: findings name the columns of the file. Method: a header that has a title in the program.
TEST(Check, FindingsNameTheHeader) {
    const json::object answer = checked("so_luong_nv,ghi_chu\n1, a\n2,b\n3,c\n");
    std::string said;
    for (const json::value& result : answer.at("results").as_array()) {
        if (result.at("code") == "spaces") said = result.at("sentence").at("vi").as_string();
    }
    EXPECT_TRUE(said.starts_with("Cột «ghi_chu»:")) << said;
}

// Goal: a fix that nobody offered is not passed over. Method: under a contract, a code that is.
TEST(Check, AnUnknownFixIsNamed) {
    std::string yaml(kHead);
    yaml.append("  - name: f\n    properties:\n      - {name: a, logicalType: date}\n");
    const auto contract = contract::parse(yaml, "t.yaml");
    ASSERT_TRUE(contract);
    const auto folder = std::filesystem::temp_directory_path() /
                        fmt::format("check-{}", make_id(system_clock(), system_random()));
    std::filesystem::create_directories(folder);
    CheckRequest request;
    request.file_name = "f.csv";
    request.bytes = "a\n1/2/2020\n3/2/2020\n";
    request.scratch = folder;
    request.contract = contract->datasets[0];
    request.mend = true;
    request.accept = {"date:a"};
    const Host host{real_disk(), system_clock(), system_random()};
    EXPECT_TRUE(check(request, host));
    request.accept = {"date:b"};
    const auto unknown = check(request, host);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, Code::kInvalid);
    EXPECT_THAT(unknown.error().fix.en, testing::HasSubstr("date:a"));
    std::filesystem::remove_all(folder);
}

// Goal: of a file that a load would refuse no row is said to be rejected, for none was judged.
// Method: a contract with a column that the file has not.
TEST(Check, AFileRefusedAsAWholeRejectsNoRow) {
    std::string yaml(kHead);
    yaml.append(
        "  - name: f\n    properties:\n      - {name: a, logicalType: integer}\n"
        "      - {name: other, logicalType: integer, required: true}\n");
    const auto contract = contract::parse(yaml, "t.yaml");
    ASSERT_TRUE(contract);
    const auto folder = std::filesystem::temp_directory_path() /
                        fmt::format("check-{}", make_id(system_clock(), system_random()));
    std::filesystem::create_directories(folder);
    CheckRequest request;
    request.file_name = "f.csv";
    request.bytes = "a,b\n1,2\n3,4\n";
    request.scratch = folder;
    request.contract = contract->datasets[0];
    const auto answer = check(request, {real_disk(), system_clock(), system_random()});
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->at("refused").as_bool());
    EXPECT_EQ(answer->at("rejected").as_int64(), 0);
    EXPECT_EQ(answer->at("rows").as_int64(), 2);
    std::filesystem::remove_all(folder);
}

// Goal: the first contract loads its file without a rejected row. Method: files of random cells of
// every kind that offices write, under random headers, loaded under the contract that check wrote.
class DraftTest : public LoadTest {};

TEST_F(DraftTest, TheFirstContractLoadsTheFile) {
    std::uint64_t state = 20261128;
    const auto roll = [&state](std::size_t sides) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::size_t>((state >> 33) % sides);
    };
    const std::vector<std::string> headers = {"Họ và tên", "ho_va_ten",
                                              "Ngày sinh", "Mã",
                                              "ma",        "id",
                                              "Số CCCD",   "x",
                                              "Mã xã",     "_row",
                                              "Tổng",      "Giá trị (đồng)",
                                              "a b",       "A B",
                                              "STT",       "Ghi chú \"khác\"",
                                              "năm",       "",
                                              "ma_2",      "on",
                                              "null",      "filename",
                                              "rowid",     "source_filename",
                                              "Row ID",    "current_date"};
    const std::vector<std::vector<std::string>> kinds = {
        {"Nam", "Nữ"},
        {"001", "002", "003", "010"},
        {"1.234,5", "12,5", "7", "-3,25"},
        {"1,234.5", "2,000", "17"},
        {"31/12/1990", "05/06/1991"},
        {"5/6/1991", "15/6/1992"},
        {"12/31/1990", "01/02/1991"},
        {"2026-01-05", "1999-12-31"},
        {"true", "false"},
        {"1", "0", "22"},
        {"3.02E+11", "123456789012"},
        {"Nguyễn Văn An", "Trần Thị Bình", "Tổng cộng"},
        {"", "N/A", " x ", "'012"},
        {"\"a\"\"b\"", "\"c,d\"", "\"e\nf\""},
        {"00:30:00", "23:59:59"},
        {"2026-01-01T00:00:00Z", "2026-01-02 10:00:00"},
        {"e\u0301", "\u00e9", "\\", "a\u2028b"},
        {"00001", "00006", "00007"},
        {"1234567890123456789", "99999999999999999999"},
        {"0.1", "-0", "1e5", "00.5"}};
    constexpr int kFiles = 150;
    for (int file = 0; file < kFiles; ++file) {
        std::vector<std::string> pool = headers;
        const std::size_t width = 2 + roll(5), rows = 3 + roll(40);
        std::string text;
        std::vector<std::size_t> kind_of;
        for (std::size_t c = 0; c < width; ++c) {
            const std::size_t at = roll(pool.size());
            std::string header = pool[at];
            pool.erase(pool.begin() + static_cast<std::ptrdiff_t>(at));
            if (header.find('"') != std::string::npos) header = "\"Ghi chú \"\"khác\"\"\"";
            text += (c == 0 ? "" : ",") + header;
            kind_of.push_back(roll(kinds.size()));
        }
        text += '\n';
        for (std::size_t row = 0; row < rows; ++row) {
            for (std::size_t c = 0; c < width; ++c) {
                const std::vector<std::string>& values = kinds[kind_of[c]];
                std::string cell = values[roll(values.size())];
                if (cell.find(',') != std::string::npos && cell[0] != '"') cell = '"' + cell + '"';
                text += (c == 0 ? "" : ",") + cell;
            }
            text += '\n';
        }
        if (roll(3) == 0) {  // a row of totals, which fits or not
            text += "Tổng cộng";
            for (std::size_t c = 1; c < width; ++c)
                text += roll(2) == 0 ? "," : ",12";
            text += '\n';
        }
        const json::object answer = checked(text);
        // Each draft is a contract of its own name.
        std::string yaml(answer.at("contract").as_string());
        constexpr std::string_view kName = "\nname: f\n";
        ASSERT_NE(yaml.find(kName), std::string::npos) << yaml;
        yaml.replace(yaml.find(kName), kName.size(), fmt::format("\nname: t{}\n", file));
        const auto contract = contract::parse(yaml, "draft.yaml");
        ASSERT_TRUE(contract) << text << yaml << "\n"
                              << (contract.error().errors.empty()
                                      ? contract.error().detail.en
                                      : contract.error().errors[0].problem.en);
        ASSERT_TRUE(m_store->apply({*contract}));
        const json::value receipt = load(contract->datasets[0].name, text, contract::Mode::kAppend);
        ASSERT_TRUE(receipt.is_object());
        EXPECT_EQ(at(receipt, "rows", "rejected"), answer.at("rejected").as_int64())
            << text << "\n"
            << answer.at("contract").as_string() << to_text(receipt);
        EXPECT_EQ(at(receipt, "rows", "read"), answer.at("rows").as_int64()) << text;
        EXPECT_EQ(receipt.at("status").as_string(), "accepted") << text << to_text(receipt);
        if (HasFailure()) return;
    }
}

// Goal: a name is not shown where a sentence shows what a garbled one is.
TEST(Check, GarbledNamesStayHidden) {
    std::string file = "Họ và tên,Số CCCD\n";
    for (int i = 0; i < 30; ++i)
        file += fmt::format("VÅ© Äá»©c Em,0010990000{:02}\n", i);
    const json::object answer = checked(file);
    EXPECT_THAT(to_text(answer), ::testing::Not(::testing::HasSubstr("Vũ Đức Em")));
}

}  // namespace
}  // namespace nguon::intake
