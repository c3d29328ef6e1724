// What a load says of a file beside its rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/check.h"
#include "intake/internal/load_fixture.h"
#include "intake/total_rows.h"

namespace nguon::intake {
namespace {

using testing::Contains;
using testing::Not;

class FirstLookTest : public LoadTest {
protected:
    json::value load_with(std::string bytes, const std::function<void(LoadRequest&)>& change) {
        LoadRequest request;
        request.dataset = "t.t";
        request.bytes = std::move(bytes);
        change(request);
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    // Codes of warnings, with their columns: "spaces:name".
    static Lines said(const json::value& receipt) {
        Lines codes;
        for (const json::value& result : receipt.at("results").as_array()) {
            if (result.at("failed").to_number<std::int64_t>() > 0)
                codes.emplace_back(result.at("rule").as_string());
        }
        return codes;
    }
    static const json::object& result(const json::value& receipt, std::string_view rule) {
        static const json::object s_none;
        for (const json::value& one : receipt.at("results").as_array()) {
            if (one.at("rule").as_string() == rule) return one.as_object();
        }
        ADD_FAILURE() << rule << " in " << to_text(receipt);
        return s_none;
    }
    static std::string counts(const json::value& receipt) {
        return fmt::format("{} {} {}", at(receipt, "rows", "read"), at(receipt, "rows", "accepted"),
                           at(receipt, "rows", "rejected"));
    }
};

constexpr std::string_view kLoose =
    "  - name: t\n    properties:\n"
    "      - {name: ten, logicalType: string}\n"
    "      - {name: so_ho, logicalType: integer}\n"
    "      - {name: note, logicalType: string}\n";

// Goal: a row of totals that breaks no rule is said, wherever the file ends, and left out by --fix,
// by its name and by the recipe. Method: a file of 3,000 rows under a contract that lets anything
// pass.
TEST_F(FirstLookTest, ATotalThatBreaksNoRuleIsSaidAndLeftOut) {
    apply(kLoose);
    std::string file = "ten,so_ho,note\n";
    for (int i = 0; i < 3'000; ++i)
        file += fmt::format("Thôn {},{},\n", i, i % 7);
    file += "Tổng cộng,8998,\n";
    const json::value plain = load("t.t", file);
    EXPECT_EQ(counts(plain), "3001 3001 0") << "said, not changed";
    const json::object& total = result(plain, "total_row");
    EXPECT_EQ(total.at("severity").as_string(), "warning");
    EXPECT_EQ(total.at("rows").at("first").at(0).as_int64(), 3'001);
    EXPECT_EQ(total.at("fix").at("code").as_string(), "drop_total");
    const json::value fixed = load_with(file, [](LoadRequest& r) { r.mend = r.again = true; });
    EXPECT_EQ(counts(fixed), "3000 3000 0");
    EXPECT_EQ(fixed.at("mended").at("left_out").as_int64(), 1);
    EXPECT_THAT(said(fixed), Not(Contains("total_row")));
    // The recipe is kept: the next file is mended by it.
    const json::value next =
        load_with("ten,so_ho,note\nThôn x,1,\nCộng,1,\n", [](LoadRequest& r) { r.mend = true; });
    EXPECT_EQ(counts(next), "1 1 0");
}

// Goal: "Total" that is a value of the table is no row of totals. Method: a long table of a survey,
// a key that has the word as its part, a list that has it.
TEST_F(FirstLookTest, ATotalThatIsAValueStays) {
    apply(std::string(kLoose) +
          "  - name: key\n    properties:\n"
          "      - {name: sex, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
          "      - {name: year, logicalType: integer, primaryKey: true, primaryKeyPosition: 2}\n"
          "      - {name: n, logicalType: integer}\n"
          "  - name: list\n    properties:\n"
          "      - {name: sex, logicalType: string, enum: [{value: Nam}, {value: Tổng}]}\n"
          "      - {name: n, logicalType: integer}\n");
    const json::value survey = load_with(
        "ten,so_ho,note\nNam,1,2024\nNữ,2,2024\nTổng số,3,2024\nNam,1,2025\nNữ,3,2025\n"
        "Tổng số,4,2025\n",
        [](LoadRequest& r) { r.mend = true; });
    EXPECT_EQ(counts(survey), "6 6 0") << to_text(survey);
    EXPECT_THAT(said(survey), Not(Contains("total_row")));
    // Also where one of them breaks a rule: only a person says that the others are no data.
    const json::value broken =
        load_with("ten,so_ho,note\nNam,1,2024\nTổng số,x,2024\nNam,1,2025\nTổng số,4,2025\n",
                  [](LoadRequest& r) { r.mend = true; });
    EXPECT_EQ(counts(broken), "4 3 1") << to_text(broken);
    const json::value only = load("t.t", "ten,so_ho,note\nTổng cộng,3,\n");
    EXPECT_THAT(said(only), Not(Contains("total_row"))) << "it sums up nothing";
    EXPECT_THAT(said(load("t.key", "sex,year,n\nNam,2024,1\nTotal,2024,\n")),
                Not(Contains("total_row")));
    EXPECT_THAT(said(load("t.list", "sex,n\nNam,1\nTổng,\n")), Not(Contains("total_row")));
}

// Goal: an identifier that lost digits is set aside in any row, text that may be meant is only
// said. Method: such a cell past the first thousand records, in a key, in a column whose pattern
// lets it pass, in one that is personal, and in a note.
TEST_F(FirstLookTest, LostDigitsOfIdentifiersAreSetAside) {
    apply(
        "  - name: t\n    properties:\n"
        "      - {name: k, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
        "      - {name: thing, logicalType: string, unique: true, logicalTypeOptions: {pattern: "
        "'.{1,20}'}}\n"
        "      - {name: person, logicalType: string, classification: restricted}\n"
        "      - {name: so_the, logicalType: string}\n"
        "      - {name: note, logicalType: string}\n");
    std::string file = "k,thing,person,so_the,note\n";
    for (int i = 1; i <= 1'500; ++i)
        file += fmt::format("{0},t{0},p{0},s{0},n\n", 301'000'000'000 + i);
    file +=
        "4.57E+11,a,a,a,a\nb,4.57E+11,b,b,b\nc,c,4.57e+11,c,c\nd,d,d,'4E+11,d\ne,e,e,e,4.57E+11\n"
        "f,3.02E11,C++,1+1,+84\n";
    const json::value receipt = load("t.t", file);
    EXPECT_EQ(counts(receipt), "1506 1502 4") << to_text(receipt);
    EXPECT_EQ(set_aside(receipt),
              (Lines{"1501 type:k", "1502 type:thing", "1503 type:person", "1504 type:so_the"}));
    for (const char* rule : {"digits_lost:k", "digits_lost:thing", "digits_lost:person",
                             "digits_lost:so_the", "digits_lost:note"})
        EXPECT_THAT(said(receipt), Contains(rule));
    EXPECT_EQ(result(receipt, "digits_lost:note").at("rows").at("first").at(0).as_int64(), 1'505);
    EXPECT_EQ(to_text(receipt).find("4.57"), std::string::npos) << "no value is quoted";
}

// Goal: what can be read two ways is said under a contract where the file speaks against it.
// Method: dates of which none decides, then one that does, then the file's other order; numbers
// with three digits behind the point.
TEST_F(FirstLookTest, WhatCanBeReadTwoWaysIsSaid) {
    apply(
        "  - name: t\n    properties:\n"
        "      - {name: day, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}\n"
        "      - {name: many, logicalType: number}\n");
    const json::value open = load("t.t", "day,many\n01/02/2026,1.234\n03/04/2026,5.678\n");
    EXPECT_THAT(said(open), Not(Contains("ambiguous_dates:day"))) << "the contract decides";
    EXPECT_THAT(said(open), Contains("ambiguous_numbers:many"));
    EXPECT_EQ(counts(open), "2 2 0");
    const json::value swapped =
        load_with("day,many\n01/02/2026,1\n03/04/2026,2\n", [](LoadRequest& r) {
            r.mend = r.again = true;
            r.accept = {"date:day=MM/dd/yyyy"};
        });
    EXPECT_THAT(said(swapped), Not(Contains("ambiguous_dates:day")));
    EXPECT_THAT(current("t.t"), Contains("2026-01-02|1.0"));
    const json::value closed =
        load("t.t", "day,many\n01/02/2026,1.234\n13/04/2026,5.6\n05/05/2026,7\n");
    EXPECT_THAT(said(closed), Not(Contains("ambiguous_dates:day")));
    EXPECT_THAT(said(closed), Not(Contains("ambiguous_numbers:many")));
    std::string slip = "day,many\n01/02/2026,12.5\n";
    for (int i = 1; i <= 40; ++i)
        slip += fmt::format("01/02/2026,{}.{}00\n", 12 * i, 1 + i % 9);
    EXPECT_THAT(said(load("t.t", slip)), Contains("ambiguous_numbers:many"));
    const json::value other = load("t.t", "day,many\n01/02/2026,1\n02/28/2026,2\n");
    const json::object& against = result(other, "ambiguous_dates:day");
    EXPECT_THAT(std::string(against.at("sentence").at("en").as_string()),
                testing::HasSubstr("row 2 can only be read with the month first"));
    EXPECT_TRUE(against.at("fix").is_null()) << "the rule of the type has it already";
    EXPECT_EQ(result(other, "type:day").at("fix").at("code").as_string(), "date:day");
    EXPECT_EQ(counts(other), "2 1 1");
    const json::value summed = load_with("day,many\n01/02/2026,1.234\nTổng cộng,5.678\n",
                                         [](LoadRequest& r) { r.mend = true; });
    EXPECT_EQ(result(summed, "ambiguous_numbers:many").at("failed").as_int64(), 1)
        << "the total that is left out is not counted";
    const json::value same = load("t.t", "day,many\n05/05/2026,1\n");
    EXPECT_THAT(said(same), Not(Contains("ambiguous_dates:day")));
}

// Goal: --fix changes no value that is right, neither by what it finds nor by last month's recipe.
// Method: files in which one value can be read only as the contract says.
TEST_F(FirstLookTest, AFixThatAValueSpeaksAgainstIsAsked) {
    apply(
        "  - name: t\n    properties:\n"
        "      - {name: day, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}\n"
        "      - {name: many, logicalType: number}\n");
    const auto mend = [](LoadRequest& r) { r.mend = true; };
    EXPECT_EQ(counts(load_with("day,many\n25/03/2024,1\n03/25/2024,2\n05/06/2024,3\n", mend)),
              "3 2 1");
    EXPECT_THAT(current("t.t"), Contains("2024-06-05|3.0"));
    EXPECT_EQ(counts(load_with("day,many\n02/28/2024,4\n03/04/2024,5\n", mend)), "2 2 0");
    EXPECT_THAT(current("t.t"), Contains("2024-03-04|5.0")) << "all of it is months first";
    EXPECT_EQ(counts(load_with("day,many\n25/03/2024,6\n03/04/2024,7\n", mend)), "2 2 0");
    EXPECT_THAT(current("t.t"), Contains("2024-04-03|7.0")) << "the recipe is of another file";
    EXPECT_EQ(counts(load_with("day,many\n,\"1.234,5\"\n,2.50\n,3.125\n", mend)), "3 2 1");
    EXPECT_THAT(current("t.t"), Contains("-|3.125"));
}

// Goal: text is looked at all over the file, and said with a fix that a person chooses. Method: an
// odd cell of each kind in the last of three thousand records, each one of a run that a sample
// meets.
TEST_F(FirstLookTest, TextIsLookedAtAllOverTheFile) {
    apply(
        "  - name: t\n    customProperties: [{property: access, value: open}]\n    properties:\n"
        "      - {name: a, logicalType: string}\n      - {name: b, logicalType: string}\n"
        "      - {name: c, logicalType: string}\n      - {name: d, logicalType: string}\n");
    std::string file = "a,b,c,d\n";
    for (int i = 0; i < 3'000; ++i)
        file += "x,x,x,x\n";
    for (int i = 0; i < 100; ++i)
        file += "Nguyá»…n, y ,N/A,e\u0301\n";
    const json::value receipt = load("t.t", file);
    for (const char* rule : {"garbled_text:a", "spaces:b", "words_for_nothing:c", "decomposed:d"})
        EXPECT_THAT(said(receipt), Contains(rule));
    EXPECT_EQ(result(receipt, "garbled_text:a").at("rows").at("count").as_int64(), 100);
    EXPECT_FALSE(result(receipt, "spaces:b").at("fix").at("safe").as_bool());
    const json::value mended = load_with(file, [](LoadRequest& r) {
        r.mend = r.again = true;
        r.accept = {"trim:b", "empty:c"};
    });
    EXPECT_THAT(said(mended), Not(Contains("garbled_text:a")));
    EXPECT_THAT(said(mended), Not(Contains("spaces:b")));
    EXPECT_EQ(mended.at("mended").at("cells").as_int64(), 300);
}

// Goal: personal data that begins late in an open dataset is seen. Method: empty cells for the
// first 2,000 records, numbers of citizens in the others.
TEST_F(FirstLookTest, PersonalDataThatBeginsLateIsSeen) {
    apply(
        "  - name: t\n    customProperties: [{property: access, value: open}]\n    properties:\n"
        "      - {name: a, logicalType: integer}\n      - {name: b, logicalType: string}\n");
    std::string file = "a,b\n";
    for (int i = 0; i < 4'000; ++i)
        file += i < 2'000 ? "1,\n" : fmt::format("1,0010900{:05}\n", i);
    EXPECT_THAT(said(load("t.t", file)), Contains("personal_data:b"));
}

// Goal: names that the file does not have, or has twice, are said. Method: such a header.
TEST_F(FirstLookTest, ColumnsWithoutANameAreSaid) {
    apply(kLoose);
    const json::value receipt =
        load("t.t", "ten,so_ho,,x,x,_uuid,_row\na,1,2,3,4,5,1\nb,2,3,4,5,6,2\n");
    EXPECT_THAT(said(receipt), Contains("unnamed_columns"));
    EXPECT_THAT(said(receipt), Contains("repeated_names"));
    EXPECT_EQ(result(receipt, "reserved_names").at("failed").as_int64(), 1) << "_uuid, not _row";
}

// Goal: rows that stand twice are said where no key says it. Method: two such rows, under a
// contract without a key and under one with.
TEST_F(FirstLookTest, EqualRowsAreSaidWhereThereIsNoKey) {
    apply(std::string(kLoose) +
          "  - name: k\n    properties:\n"
          "      - {name: ten, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
          "      - {name: so_ho, logicalType: integer}\n");
    const std::string file = "ten,so_ho\na,1\nb,2\na,1\n";
    const json::value receipt = load("t.t", file);
    EXPECT_EQ(result(receipt, "duplicate_rows").at("rows").at("first").at(0).as_int64(), 3);
    EXPECT_THAT(said(load("t.k", file)), Not(Contains("duplicate_rows")));
}

TEST_F(FirstLookTest, CodesThatLostZerosAreSaidWhereNothingElseWould) {
    apply(
        "  - name: t\n    properties:\n"
        "      - {name: ma_xa, logicalType: string}\n      - {name: n, logicalType: integer}\n");
    const json::value receipt = load("t.t", "ma_xa,n\n4,1\n8,2\n25,3\n103,4\n");
    EXPECT_THAT(said(receipt), Contains("zeros_lost:ma_xa")) << to_text(receipt);
}

}  // namespace
}  // namespace nguon::intake
