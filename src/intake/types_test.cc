// What `check` makes of columns in which some cells are not like the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/internal/check_fixture.h"
#include "intake/internal/load_fixture.h"

namespace nguon::intake {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// A column `v` beside a column of names: `good` values, then the `bad` ones.
std::string column_of(std::int64_t good, const std::function<std::string(std::int64_t)>& value,
                      const std::vector<std::string>& bad) {
    std::string file = "name;v\n";
    for (std::int64_t i = 0; i < good; ++i)
        file += fmt::format("n;{}\n", value(i));
    for (const std::string& one : bad)
        file += fmt::format("n;{}\n", one);
    return file;
}

std::string day(std::int64_t i) {
    return fmt::format("{:02}/{:02}/{}", 1 + i % 28, 1 + i % 12, 1990 + i % 30);
}

std::string type_of(const std::string& file) {
    return std::string(column(checked(file), 1).at("type").as_string());
}

// Goal: one wrong cell neither changes the type of a thousand nor goes unsaid. Method: a column of
// each type, with cells that offices write there.
TEST(Types, OneBadCellIsSaidAndTheTypeStays) {
    struct Case {
        const char* type;
        std::function<std::string(std::int64_t)> value;
        std::vector<std::string> bad;
    };
    const auto whole = [](std::int64_t i) { return fmt::format("{}", 10 + i); };
    for (const Case& one :
         {Case{"date", day, {"31/02/2026"}}, Case{"date", day, {"không rõ"}},
          Case{"integer", whole, {"x"}}, Case{"integer", whole, {"-"}},
          Case{"integer", whole, {"n/a", "#N/A", "không có"}},
          Case{"integer", whole, {"05/06/2026"}},
          Case{"number", [](std::int64_t i) { return fmt::format("{}.5", i); }, {"A12"}},
          Case{"number", [](std::int64_t i) { return fmt::format("{}.234,5", 1 + i); }, {"x"}},
          Case{"boolean", [](std::int64_t i) { return i % 2 == 0 ? "true" : "false"; }, {"có"}},
          Case{"time", [](std::int64_t i) { return fmt::format("10:{:02}:00", i % 60); }, {"x"}}}) {
        const json::object answer = checked(column_of(997, one.value, one.bad));
        EXPECT_EQ(column(answer, 1).at("type").as_string(), one.type) << one.bad[0];
        EXPECT_EQ(answer.at("rejected").to_number<std::size_t>(), one.bad.size()) << one.bad[0];
        const json::object said = finding(answer, "not_of_type");
        ASSERT_FALSE(said.empty()) << one.bad[0];
        EXPECT_EQ(said.at("rows").at("first").at(0).as_int64(), 998);
        EXPECT_EQ(said.at("rows").at("count").to_number<std::size_t>(), one.bad.size());
        EXPECT_EQ(said.at("column").as_string(), "v");
    }
}

// Goal: neither a few numbers among words nor codes become numbers. Method: fewer than twenty
// cells, more than one wrong cell in twenty, codes among whole numbers, zeros at the front.
TEST(Types, TextAndCodesStayText) {
    const auto whole = [](std::int64_t i) { return fmt::format("{}", 10 + i); };
    EXPECT_EQ(type_of(column_of(18, whole, {"x"})), "string");
    EXPECT_EQ(type_of(column_of(19, whole, {"x"})), "integer");
    EXPECT_EQ(type_of(column_of(37, whole, {"x", "y"})), "string");
    EXPECT_EQ(type_of(column_of(99, whole, {"007"})), "string");
    for (const char* code : {"A12", "12A", "MG", "12/3B", "n12"}) {
        const json::object answer = checked(column_of(99, whole, {code}));
        EXPECT_EQ(column(answer, 1).at("type").as_string(), "string") << code;
        EXPECT_EQ(answer.at("rejected").as_int64(), 0) << code;
        EXPECT_THAT(codes(answer), Contains("codes_among_numbers")) << code;
    }
    EXPECT_THAT(codes(checked(column_of(0, whole, {"A1", "A2", "12"}))),
                Not(Contains("codes_among_numbers")));
}

// Goal: a file sorted by its faults is understood; what is hopeless is given up. Method: the wrong
// cells first.
TEST(Types, WrongCellsMayComeFirst) {
    std::string file = "name;v\n";
    for (int i = 0; i < 900; ++i)
        file += "n;x\n";
    for (int i = 0; i < 30'000; ++i)
        file += fmt::format("n;{}\n", i);
    EXPECT_EQ(type_of(file), "integer");
    EXPECT_EQ(type_of(column_of(30'000, [](std::int64_t) { return "chữ"; }, {"1", "2"})), "string");
}

// Goal: moments as officers write them are moments, and load. Method: each form, and one bad cell.
TEST(Types, DatesWithATimeAreMoments) {
    struct Case {
        const char *format, *good;
    };
    for (const Case& one :
         {Case{"dd/MM/yyyy HH:mm", "31/12/2025 14:30"},
          Case{"HH:mm dd/MM/yyyy", "14:30 31/12/2025"},
          Case{"dd/MM/yyyy HH:mm:ss", "31/12/2025 14:30:05"},
          Case{"HH:mm:ss dd/MM/yyyy", "14:30:05 31/12/2025"},
          Case{"d/M/yyyy H:mm", "5/12/2025 4:30"}, Case{"yyyy-MM-dd HH:mm", "2025-12-31 14:30"}}) {
        const json::object answer =
            checked(column_of(40, [&](std::int64_t) { return one.good; }, {"31/02/2025 14:30"}));
        EXPECT_EQ(column(answer, 1).at("type").as_string(), "timestamp") << one.good;
        EXPECT_EQ(column(answer, 1).at("format").as_string(), one.format) << one.good;
        EXPECT_EQ(answer.at("rejected").as_int64(), 1) << one.good;
        EXPECT_THAT(std::string(answer.at("contract").as_string()),
                    HasSubstr("defaultTimezone: Asia/Ho_Chi_Minh"));
    }
}

// Goal: dates in several styles are said, with both and where they are. Method: most in one, half
// in each, two-digit years, months first among days first.
TEST(Types, DatesOfSeveralStylesAreSaid) {
    const json::object few =
        checked(column_of(97, day, {"2026-01-31", "2026-02-01", "2026-02-02"}));
    EXPECT_EQ(column(few, 1).at("type").as_string(), "date");
    EXPECT_EQ(few.at("rejected").as_int64(), 3);
    const json::object said = finding(few, "mixed_dates");
    ASSERT_FALSE(said.empty());
    const std::string sentence(said.at("sentence").at("en").as_string());
    EXPECT_THAT(sentence, HasSubstr("dd/MM/yyyy (97 cells, from row 1)"));
    EXPECT_THAT(sentence, HasSubstr("yyyy-MM-dd (3 cells, from row 98)"));
    EXPECT_EQ(said.at("rows").at("first").at(0).as_int64(), 98);
    const json::object half = checked("a;b\n13/02/2026;1\n2026-02-13;2\n14/02/2026;3\n");
    EXPECT_EQ(column(half, 0).at("type").as_string(), "string");
    EXPECT_EQ(half.at("rejected").as_int64(), 0);
    EXPECT_FALSE(finding(half, "mixed_dates").empty());
    const json::object months = checked(column_of(97, day, {"02/28/2026"}));
    EXPECT_FALSE(finding(months, "mixed_dates").empty());
    const json::object brief = checked("a;b\n1/2/26;1\n13/2/26;2\n14/12/99;3\n");
    EXPECT_EQ(column(brief, 0).at("type").as_string(), "string");
    EXPECT_FALSE(finding(brief, "two_digit_years").empty());
    EXPECT_TRUE(finding(brief, "mixed_dates").empty());
    EXPECT_TRUE(finding(checked(column_of(97, day, {})), "mixed_dates").empty());
    EXPECT_TRUE(finding(checked("a;b\n1.2;1\nchữ;2\n1/2;3\n"), "two_digit_years").empty());
}

// Goal: geometries are told, drafted and judged. Method: points as WKT and GeoJSON, one broken.
TEST(Types, GeometriesAreTold) {
    const auto wkt = [](std::int64_t i) { return fmt::format("POINT (105.{} 21.0)", i); };
    const json::object points = checked(column_of(30, wkt, {"POINT (105.8)"}));
    EXPECT_EQ(column(points, 1).at("format").as_string(), "wkt");
    EXPECT_EQ(points.at("rejected").as_int64(), 1);
    EXPECT_THAT(std::string(points.at("contract").as_string()), HasSubstr("format: wkt"));
    const auto geo = [](std::int64_t i) {
        return fmt::format("{{\"type\":\"Point\",\"coordinates\":[105.{},21]}}", i);
    };
    std::string file = "n\tv\n";
    for (int i = 0; i < 5; ++i)
        file += fmt::format("{}\t\"{}\"\n", i, [&] {
            std::string text = geo(i);
            for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2)
                text.insert(at, 1, '"');
            return text;
        }());
    const json::object shapes = checked(file);
    EXPECT_EQ(column(shapes, 1).at("type").as_string(), "object") << to_text(shapes);
    EXPECT_EQ(column(shapes, 1).at("format").as_string(), "geojson");
    EXPECT_EQ(shapes.at("rejected").as_int64(), 0);
    EXPECT_EQ(type_of(column_of(3, [](std::int64_t) { return "{\"a\":1}"; }, {})), "string");
}

// Goal: digits past the fifteenth that a spreadsheet made zeros are seen. Method: numbers of 16 and
// 18 digits, all so, one not, and one number alone in text.
TEST(Types, RoundedNumbersAreSuspected) {
    const auto rounded = [](std::int64_t i) { return fmt::format("9704{:011}0", 12'345 + i * 37); };
    const auto said = [](const json::object& answer) {
        const json::object found = finding(answer, "digits_lost");
        return found.empty() ? std::int64_t{0} : found.at("failed").as_int64();
    };
    EXPECT_EQ(said(checked(column_of(5, rounded, {}))), 5);
    EXPECT_EQ(said(checked(column_of(5, rounded, {"9704000000000011"}))), 0);
    EXPECT_EQ(said(checked(column_of(1, rounded, {"12"}))), 0) << "one may end so by chance";
}

constexpr std::string_view kProvinces[] = {"001", "079", "048", "038", "031"};

// As a spreadsheet left a citizen number.
std::string citizen(std::int64_t i) {
    const std::string number = fmt::format("{}{}{:02}{:06}", kProvinces[i % 5], i % 2, 50 + i % 49,
                                           100'000 + i * 7919 % 900'000);
    return number.substr(number.find_first_not_of('0'));
}
std::string phone(std::int64_t i) {
    constexpr std::string_view kHeads[] = {"912", "386", "705", "833", "559"};
    return fmt::format("{}{:06}", kHeads[i % 5], 100'000 + i * 7919 % 900'000);
}

// Goal: identifiers of persons whose zeros a spreadsheet took are seen, masked, text in the draft,
// and mended by an answer. Method: 200 of each, with and without a name that says so.
class ZerosTest : public LoadTest {};

TEST_F(ZerosTest, CitizenAndPhoneNumbersThatLostZerosAreSeen) {
    std::string file = "CCCD,Điện thoại,x,y\n";
    for (int i = 0; i < 200; ++i)
        file += fmt::format("{},{},{},{}\n", citizen(i), phone(i), citizen(i), phone(i));
    const json::object answer = checked(file);
    for (std::size_t c = 0; c < 4; ++c) {
        EXPECT_EQ(column(answer, c).at("type").as_string(), "string") << c;
        EXPECT_EQ(column(answer, c).at("personal").as_string(),
                  c % 2 == 0 ? "citizen_id" : "phone");
    }
    EXPECT_EQ(to_text(answer).find(citizen(0)), std::string::npos) << "masked";
    EXPECT_EQ(to_text(answer).find(phone(0)), std::string::npos);
    EXPECT_EQ(std::ranges::count(codes(answer), "zeros_lost"), 4);
    const json::object said = finding(answer, "zeros_lost");
    EXPECT_FALSE(said.at("fix").at("safe").as_bool());
    EXPECT_THAT(std::string(said.at("fix").at("code").as_string()), HasSubstr("pad:"));
    const std::string code(said.at("fix").at("code").as_string());
    EXPECT_EQ(answer.at("rejected").as_int64(), 0);
    const auto contract =
        contract::parse(std::string(answer.at("contract").as_string()), "draft.yaml");
    ASSERT_TRUE(contract);
    ASSERT_TRUE(m_store->apply({*contract}));
    LoadRequest request;
    request.dataset = contract->datasets[0].name;
    request.bytes = file;
    request.mend = true;
    request.accept = {code};
    const auto receipt = intake::load(*m_store, LoadOptions{}, request);
    ASSERT_TRUE(receipt) << receipt.error().detail.en;
    const json::value told = *parse_json(receipt->json_text);
    EXPECT_EQ(told.at("mended").at("cells").as_int64(), 200);
    EXPECT_THAT(current(request.dataset), Contains(testing::StartsWith("001050")));
}

// Goal: plain numbers are no persons. Method: numbers of one run, amounts, nine digits of one
// prefix.
TEST_F(ZerosTest, NumbersAreNoPersons) {
    const auto personal = [](const std::function<std::string(std::int64_t)>& value) {
        const json::object answer = checked(column_of(200, value, {}));
        return !column(answer, 1).at("personal").is_null();
    };
    EXPECT_FALSE(personal([](std::int64_t i) { return fmt::format("{}", 10'012'345'678 + i); }));
    EXPECT_FALSE(personal([](std::int64_t i) { return fmt::format("{}", 340'000'000 + i * 7); }));
    EXPECT_FALSE(
        personal([](std::int64_t i) { return fmt::format("{}", 100'000'000 + i * 4'400'021); }));
}

// Goal: what check counts as rejected is what a load of the draft sets aside. Method: many files of
// random columns of each kind, with cells of other kinds in some of them.
class MisfitTest : public LoadTest {};

TEST_F(MisfitTest, TheDraftRejectsWhatCheckCounts) {
    std::uint64_t state = 20261128;
    const auto roll = [&state](std::size_t sides) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::size_t>((state >> 33) % sides);
    };
    const std::vector<std::vector<std::string>> kinds = {
        {"31/12/1990", "05/06/1991"},
        {"2026-01-05", "1999-12-31"},
        {"12/31/1990", "01/02/1991"},
        {"31/12/2025 14:30", "01/02/2025 4:30"},
        {"14:30 31/12/2025"},
        {"2026-01-02 10:00:00"},
        {"1", "2", "17"},
        {"1.5", "2", "-3.25"},
        {"1.234,5", "12,5", "7"},
        {"1,234.5", "2,000"},
        {"true", "false"},
        {"3.02E+11", "301234567890", "301234567891"},
        {"POINT (1 2)", "POINT EMPTY"},
        {"Nguyễn Văn An", "Trần Thị Bình"},
        {"001090000001", "01090000002"},
        {"912345678", "386123456", "0912345678"},
        {"1234567890123450"},
        {"00:30:00"},
        {"1/2/26", "13/2/26"},
        {"A12", "7"}};
    const std::vector<std::string> bad = {
        "x",        "-",  "n/a", "31/02/2026", "1",
        "true",     "0",  "1e5", "2026-01-01", "A12",
        "007",      " 5", "đ5",  "12kg",       "12345678901234567890",
        "3.02E+11", "1.5"};
    for (int file = 0; file < 120; ++file) {
        const std::size_t width = 2 + roll(4), rows = 15 + roll(120);
        std::string text;
        std::vector<std::size_t> kind_of, faults;
        for (std::size_t c = 0; c < width; ++c) {
            text += fmt::format("{}c{}", c == 0 ? "" : "|", c);
            kind_of.push_back(roll(kinds.size()));
            faults.push_back(roll(3) == 0 ? 0 : 15 + roll(60));
        }
        text += '\n';
        for (std::size_t row = 0; row < rows; ++row) {
            for (std::size_t c = 0; c < width; ++c) {
                const bool is_bad = faults[c] > 0 && roll(faults[c]) == 0;
                const auto& values = is_bad ? bad : kinds[kind_of[c]];
                text += (c == 0 ? "" : "|") + values[roll(values.size())];
            }
            text += '\n';
        }
        const json::object answer = checked(text);
        std::string yaml(answer.at("contract").as_string());
        constexpr std::string_view kName = "\nname: f\n";
        ASSERT_NE(yaml.find(kName), std::string::npos) << yaml;
        yaml.replace(yaml.find(kName), kName.size(), fmt::format("\nname: t{}\n", file));
        const auto contract = contract::parse(yaml, "draft.yaml");
        ASSERT_TRUE(contract) << yaml;
        ASSERT_TRUE(m_store->apply({*contract}));
        const json::value receipt = load(contract->datasets[0].name, text, contract::Mode::kAppend);
        ASSERT_TRUE(receipt.is_object());
        EXPECT_EQ(at(receipt, "rows", "rejected"), answer.at("rejected").as_int64())
            << text << yaml << to_text(receipt);
        // And each column's count is that of its rule.
        for (const json::value& result : receipt.at("results").as_array()) {
            const std::string rule(result.at("rule").as_string());
            if (!rule.starts_with("type:") || result.at("failed").as_int64() == 0) continue;
            const std::string name = rule.substr(5);
            std::int64_t counted = 0;
            for (const json::value& one : answer.at("results").as_array()) {
                const auto code = one.at("code").as_string();
                if (one.at("column") == json::value(name) && code == "not_of_type")
                    counted += one.at("failed").as_int64();
            }
            EXPECT_EQ(result.at("failed").as_int64(), counted) << name << "\n" << text << yaml;
        }
        if (HasFailure()) return;
    }
}

// Goal: a small file's wrong date is told as one of a long file is. Method: a day that no calendar
// has among a few dates; its row would be set aside by a load under the first contract.
TEST(Types, ADayOfNoCalendarMakesNoTextOfFewDates) {
    const json::object answer = checked("a;Ngày sinh\nx;15/01/2026\ny;31/02/2026\nz;20/03/2026\n");
    EXPECT_EQ(column(answer, 1).at("type").as_string(), "date");
    const json::object said = finding(answer, "not_of_type");
    ASSERT_FALSE(said.empty()) << to_text(answer);
    EXPECT_EQ(said.at("rows").at("first").at(0).as_int64(), 2);
    EXPECT_EQ(answer.at("rejected").as_int64(), 1);
    // In the other order they are dates, too, and no more of these than of those.
    EXPECT_EQ(column(checked("a;d\nx;32/01/2026\ny;31/02/2026\nz;20/03/2026\n"), 1)
                  .at("type")
                  .as_string(),
              "string");
}

// Goal: a small column that is nearly of a type stays text, and that is said with the rows. Method:
// words among dates, points among commas, and columns where it would be noise.
TEST(Types, AFewCellsThatAreNearlyOfATypeAreSaid) {
    const json::object dates =
        checked("a;d\nx;15/01/2026\ny;hôm qua\nz;20/03/2026\nu;21/03/2026\n");
    EXPECT_EQ(column(dates, 1).at("type").as_string(), "string");
    EXPECT_EQ(finding(dates, "nearly_of_type").at("rows").at("first").at(0).as_int64(), 2);
    const json::object numbers = checked("a;n\nx;1,5\ny;0.5\nz;2,25\nu;3,5\n");
    EXPECT_EQ(column(numbers, 1).at("type").as_string(), "string");
    EXPECT_EQ(finding(numbers, "nearly_of_type").at("rows").at("first").at(0).as_int64(), 2);
    for (const char* file : {"a;n\nx;1\ny;2A\nz;3\nu;4\n", "a;n\nx;1\ny;hai\nz;ba\n",
                             "a;d\nx;15/01/2026\ny;2026-01-16\nz;17/01/2026\nu;18/01/2026\n"})
        EXPECT_TRUE(finding(checked(file), "nearly_of_type").empty()) << file;
}

// Goal: 0.125 is no hundred and twenty-five, whatever the separator. Method: without a contract.
TEST(Types, AGroupThatBeginsWithZeroIsNoThousand) {
    const json::object answer = checked("a;n\nx;1.234,5\ny;0.125\nz;12,5\nu;7,5\n");
    EXPECT_EQ(finding(answer, "nearly_of_type").at("rows").at("first").at(0).as_int64(), 2);
}

// Goal: other tables of a file are said where no contract chooses one, too. Method: two tables.
TEST(Types, OtherTablesAreSaid) {
    const json::object answer = checked("a,b\n1,2\n3,4\n\n\nx,y,z\n1,2,3\n4,5,6\n");
    const json::object said = finding(answer, "other_tables");
    ASSERT_FALSE(said.empty());
    EXPECT_THAT(std::string(said.at("sentence").at("en").as_string()),
                HasSubstr("line 6 (3 columns, 2 rows)"));
}

}  // namespace
}  // namespace nguon::intake
