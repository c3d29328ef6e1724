// Each kind of fix, by itself: offered for a file that needs it, applied with `mend`, and nothing
// else.
#include "intake/internal/load_fixture.h"

namespace nguon::intake {
namespace {

struct Case {
    std::string kind;     // as the receipt names the step
    std::string columns;  // of the contract, besides the key
    std::string file;
    Lines stands;             // once mended
    std::string accept = {};  // where it is not safe
    std::string name = {};    // of the test; the kind when empty
};

constexpr std::string_view kKey =
    "  - name: e\n    properties:\n      - {name: id, logicalType: string, primaryKey: true, "
    "required: true}\n";
constexpr std::string_view kLists =
    "  - name: ward\n    properties:\n      - {name: code, logicalType: string, primaryKey: true, "
    "required: true}\n"
    "  - name: ward_change\n    properties:\n      - {name: former_ward_code, logicalType: "
    "string}\n"
    "      - name: ward_code\n        logicalType: string\n        relationships: [{type: "
    "foreignKey, to: ward.code}]\n";

std::vector<Case> cases() {
    const std::string ward =
        "      - name: ward\n        logicalType: string\n        relationships: [{type: "
        "foreignKey, "
        "to: ward.code}]\n";
    const std::string sex =
        "      - name: v\n        logicalType: string\n        enum: [{value: M, label: Nam}, "
        "{value: F, label: Nữ}]\n";
    return {
        {"rename:amount",
         "      - {name: amount, logicalType: integer}\n",
         "id,so tien amount\na,5\n",
         {"a|5"},
         "rename:amount"},
        // A header that was once read in the wrong encoding, like its cells.
        {"rename:ten_xa",
         "      - {name: ten_xa, logicalType: string}\n",
         "id,TÃªn xÃ£\na,5\n",
         {"a|5"}},
        {"drop_total",
         "      - {name: v, logicalType: string}\n",
         "id,v\na,5\n,Tổng cộng\nb,7\n",
         {"a|5", "b|7"}},
        {"drop_duplicates",
         "      - {name: v, logicalType: integer}\n",
         "id,v\na,5\na,5\n",
         {"a|5"}},
        {"trim:v", "      - {name: v, logicalType: boolean}\n", "id,v\na,\u00A0true\n", {"a|true"}},
        {"empty:v", "      - {name: v, logicalType: integer}\n", "id,v\na,không có\n", {"a|-"}},
        {"date:v",
         "      - {name: v, logicalType: date}\n",
         "id,v\na,31/12/1990\n",
         {"a|1990-12-31"}},
        {"date:v",
         "      - {name: v, logicalType: timestamp, logicalTypeOptions: {timezone: false, "
         "defaultTimezone: Asia/Ho_Chi_Minh}}\n",
         "id,v\na,31/12/1990 14:30\nb,7:05:09 05/06/1991\n",
         {"a|1990-12-31 07:30:00+00", "b|1991-06-05 00:05:09+00"},
         "",
         "date_of_moments"},
        {"number:v",
         "      - {name: v, logicalType: number}\n",
         "id,v\na,\"1.234,5\"\n",
         {"a|1234.5"}},
        {"label:v", sex, "id,v\na,nữ\n", {"a|F"}},
        {"pad:ward", ward, "id,ward\na,1\n", {"a|001"}},
        {"successor:ward", ward, "id,ward\na,900\n", {"a|002"}},
        {"encoding:v",
         "      - {name: v, logicalType: string}\n",
         "id,v\na,Nguyá»…n VÄƒn An\n",
         {"a|Nguyễn Văn An"}},
    };
}

class FixesTest : public LoadTest, public testing::WithParamInterface<Case> {
protected:
    void apply_case() {
        apply(std::string(kLists) + std::string(kKey) + GetParam().columns);
        load("t.ward", "code\n001\n002\n003\n");
        // 901 became two: nobody can say which.
        load("t.ward_change", "former_ward_code,ward_code\n900,002\n901,001\n901,003\n");
    }
    json::value send(bool mend, const std::string& file) {
        LoadRequest request;
        request.dataset = "t.e";
        request.bytes = file;
        request.mend = mend;
        if (!GetParam().accept.empty()) request.accept = {GetParam().accept};
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    static Lines steps_of(const json::value& receipt) {
        Lines steps;
        for (const json::value& step : receipt.at("mended").at("steps").as_array())
            steps.emplace_back(step.at("code").as_string());
        return steps;
    }
};

TEST_P(FixesTest, MendsWhatItIsFor) {
    apply_case();
    const json::value as_it_is = send(false, GetParam().file);
    EXPECT_NE(to_text(as_it_is).find('"' + GetParam().kind + '"'), std::string::npos)
        << "offered: " << to_text(as_it_is.at("results"));
    EXPECT_TRUE(at(as_it_is, "rows", "accepted") < at(as_it_is, "rows", "read") ||
                current("t.e") != GetParam().stands)
        << "not mended unless it is asked for";
    const json::value mended = send(true, GetParam().file);
    EXPECT_EQ(steps_of(mended), (Lines{GetParam().kind}));
    EXPECT_EQ(at(mended, "rows", "rejected"), 0);
    EXPECT_EQ(current("t.e"), GetParam().stands);
}

INSTANTIATE_TEST_SUITE_P(Each, FixesTest, testing::ValuesIn(cases()), [](const auto& given) {
    std::string name = given.param.name.empty() ? given.param.kind : given.param.name;
    std::ranges::replace(name, ':', '_');
    return name;
});

// Goal: after files of either order no order is taken from the recipe. Method: one file that proves
// days first, one that proves months first, then a file that proves nothing, and one that does.
TEST_F(LoadTest, OrdersOfDatesThatContradictAreAsked) {
    apply(std::string(kKey) + "      - {name: born, logicalType: date}\n");
    const auto mend = [&](std::string file, std::vector<std::string> accept = {}) {
        LoadRequest request;
        request.dataset = "t.e";
        request.bytes = std::move(file);
        request.mend = true;
        request.accept = std::move(accept);
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    };
    mend("id,born\na,31/12/1990\n");
    EXPECT_EQ(at(mend("id,born\nb,05/06/1991\n"), "rows", "accepted"), 1) << "one order so far";
    mend("id,born\nc,12/31/1990\n");
    const json::value asked = mend("id,born\nd,05/06/1991\n");
    EXPECT_EQ(at(asked, "rows", "accepted"), 0) << to_text(asked.at("mended"));
    EXPECT_NE(to_text(asked.at("results")).find("date:born=MM/dd/yyyy"), std::string::npos);
    EXPECT_EQ(at(mend("id,born\nd,05/06/1991\n", {"date:born"}), "rows", "accepted"), 1);
    EXPECT_EQ(at(mend("id,born\ne,30/06/1991\nf,05/06/1991\n"), "rows", "accepted"), 2);
    EXPECT_EQ(current("t.e"), (Lines{"a|1990-12-31", "b|1991-06-05", "c|1990-12-31", "d|1991-06-05",
                                     "e|1991-06-30", "f|1991-06-05"}));
}

// Goal: a code that became several is left to a person. Method: one such beside one that has one
// successor; a code that stands is not replaced.
using SuccessorTest = LoadTest;
TEST_F(SuccessorTest, OnlyOneSuccessorReplacesACode) {
    apply(std::string(kLists) + std::string(kKey) + cases()[10].columns);
    load("t.ward", "code\n001\n002\n003\n");
    load("t.ward_change", "former_ward_code,ward_code\n900,002\n901,001\n901,003\n003,001\n");
    LoadRequest request;
    request.dataset = "t.e";
    request.bytes = "id,ward\na,900\nb,901\nc,003\n";
    request.mend = true;
    const auto receipt = intake::load(*m_store, LoadOptions{}, request);
    ASSERT_TRUE(receipt) << receipt.error().detail.en;
    EXPECT_EQ(set_aside(*parse_json(receipt->json_text)), (Lines{"2 reference:ward"}));
    EXPECT_EQ(current("t.e"), (Lines{"a|002", "c|003"}));
}

// Goal: no fix is applied that a value of the file speaks against, be it the recipe's or a new one.
// Method: days first mended the last file; this one has months first. Then a file with both, in
// which nobody can tell.
TEST_F(SuccessorTest, AFixThatTheFileSpeaksAgainstIsNotApplied) {
    apply(std::string(kKey) + "      - {name: v, logicalType: date}\n");
    const auto mend = [&](std::string file) {
        LoadRequest request;
        request.dataset = "t.e";
        request.bytes = std::move(file);
        request.mend = true;
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    };
    mend("id,v\na,31/12/1990\n");
    mend("id,v\nb,01/02/2020\nc,12/31/2019\n");
    EXPECT_EQ(current("t.e"), (Lines{"a|1990-12-31", "b|2020-01-02", "c|2019-12-31"}));
    const json::value both = mend("id,v\nd,01/02/2020\ne,12/31/2019\nf,31/12/2019\n");
    EXPECT_EQ(at(both, "rows", "rejected"), 3) << to_text(both.at("mended"));
}

// Goal: a single row that is put keeps every digit. Method: past what a double holds, nested too.
TEST_F(LoadTest, NumbersOfAPutRowKeepTheirDigits) {
    apply(
        "  - name: n\n    properties:\n      - {name: id, logicalType: integer, primaryKey: true}\n"
        "      - {name: v, logicalType: number, physicalType: 'DECIMAL(20,2)'}\n"
        "      - {name: u, logicalType: integer, logicalTypeOptions: {format: u64}}\n"
        "      - {name: o, logicalType: object}\n");
    const std::string row =
        R"({"v":12345678901234567.89,"u":18446744073709551615,"o":{"x":9007199254740993.10}})";
    const auto receipt = put("t.n", "9007199254740993", row);
    ASSERT_TRUE(receipt) << receipt.error().detail.en;
    const Lines stands{
        R"(9007199254740993|12345678901234567.89|18446744073709551615|{"x":9007199254740993.10})"};
    EXPECT_EQ(current("t.n"), stands);
    EXPECT_EQ(at(load("t.n", R"([{"id":9007199254740993,)" + row.substr(1) + "]"), "changes",
                 "unchanged"),
              1);
    EXPECT_EQ(current("t.n"), stands);
    const auto twice = put("t.n", "1", R"({"v":1,"v":2})");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, Code::kInvalid);
}

}  // namespace
}  // namespace nguon::intake
