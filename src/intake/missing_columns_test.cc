// Columns that a file lacks altogether: kept by an update, asked about by a snapshot.
#include "intake/internal/load_fixture.h"

namespace nguon::intake {
namespace {

constexpr std::string_view kPlace =
    "  - name: place\n    properties:\n"
    "      - {name: code, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
    "      - {name: name, logicalType: string}\n"
    "      - {name: population, logicalType: integer}\n"
    "      - {name: area, logicalType: integer}\n"
    "    quality:\n      - {type: custom, engine: nguon, name: dense, implementation: "
    "'population >= area'}\n";

class MissingColumnsTest : public LoadTest {
protected:
    void SetUp() override {
        LoadTest::SetUp();
        apply(kPlace);
        load("t.place", "code,name,population,area\n1,A,100,5\n2,B,200,6\n3,C,,\n");
    }
    static const json::value* missing(const json::value& receipt, std::string_view column) {
        for (const json::value& result : receipt.at("results").as_array()) {
            if (result.at("rule") == "missing_column" && result.at("column").as_string() == column)
                return &result;
        }
        return nullptr;
    }
    json::value snapshot(std::string bytes, std::vector<std::string> confirmed) {
        LoadRequest request;
        request.dataset = "t.place";
        request.bytes = std::move(bytes);
        request.mode = contract::Mode::kSnapshot;
        request.confirm_missing = std::move(confirmed);
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
};

// Goal: an update touches only columns that the file has. Method: one column gone, in CSV, JSON
// lines and a JSON document; a changed, an unchanged and a new row.
TEST_F(MissingColumnsTest, AnUpdateKeepsWhatTheFileLacks) {
    for (const char* file :
         {"code,name,area\n1,A,5\n2,X,6\n4,D,7\n",
          "{\"code\":\"1\",\"name\":\"A\",\"area\":5}\n{\"code\":\"2\",\"name\":\"X\",\"area\":6}\n"
          "{\"code\":\"4\",\"name\":\"D\",\"area\":7}\n",
          R"([{"code":"1","name":"A","area":5},{"code":"2","name":"X","area":6},
              {"code":"4","name":"D","area":7}])"}) {
        SCOPED_TRACE(file);
        TearDown();
        SetUp();
        const json::value receipt = load("t.place", file);
        EXPECT_EQ(at(receipt, "changes", "updated"), 1);
        EXPECT_EQ(at(receipt, "changes", "unchanged"), 1);
        EXPECT_EQ(at(receipt, "changes", "inserted"), 1);
        EXPECT_EQ(current("t.place"), (Lines{"1|A|100|5", "2|X|200|6", "3|C|-|-", "4|D|-|7"}));
        const json::value* told = missing(receipt, "population");
        ASSERT_NE(told, nullptr);
        EXPECT_EQ(told->at("kept"), true);
        EXPECT_EQ(told->at("severity"), "warning");
        EXPECT_EQ(missing(receipt, "area"), nullptr);
    }
}

// Goal: in JSON a value left out of some records is empty there; a null is a value of the file.
TEST_F(MissingColumnsTest, InJsonAMemberLeftOutOfSomeRecordsIsEmpty) {
    const json::value some = load("t.place",
                                  "{\"code\":\"1\",\"name\":\"A\",\"area\":5,\"population\":7}\n"
                                  "{\"code\":\"2\",\"name\":\"B\",\"area\":6}\n");
    EXPECT_EQ(missing(some, "population"), nullptr);
    EXPECT_EQ(current("t.place"), (Lines{"1|A|7|5", "2|B|-|6", "3|C|-|-"}));
    load("t.place", "{\"code\":\"1\",\"name\":\"A\",\"area\":5,\"population\":null}\n");
    EXPECT_EQ(current("t.place"), (Lines{"1|A|-|5", "2|B|-|6", "3|C|-|-"}));
}

// Goal: a rule across columns sees the row that will stand. Method: a new area above the population
// that the file does not name; twins of one key among the rows.
TEST_F(MissingColumnsTest, RulesSeeTheRowAsItWillStand) {
    const json::value receipt = load("t.place", "code,name,area\n1,A,101\n2,B,199\n");
    EXPECT_EQ(set_aside(receipt), (Lines{"1 dense"}));
    EXPECT_EQ(current("t.place"), (Lines{"1|A|100|5", "2|B|200|199", "3|C|-|-"}));
    EXPECT_EQ(set_aside(load("t.place", "code,name,area\n1,A,999\n1,Z,50\n1,Z,50\n")),
              (Lines{"1 dense", "3 key:code"}));
    EXPECT_EQ(current("t.place"), (Lines{"1|Z|100|50", "2|B|200|199", "3|C|-|-"}));
}

// Goal: a snapshot empties no column in silence. Method: refused, another column confirmed, the
// right one; then nothing is left to lose.
TEST_F(MissingColumnsTest, ASnapshotAsksBeforeItEmptiesAColumn) {
    const std::string file = "code,name,area\n1,A,5\n2,B,6\n3,C,\n";
    const json::value refused = snapshot(file, {});
    EXPECT_EQ(refused.at("status"), "refused");
    EXPECT_EQ(refused.at("snapshot").at("confirm_missing"), "population");
    EXPECT_EQ(refused.at("snapshot").at("emptied").at(0).at("rows"), 2);
    EXPECT_EQ(snapshot(file, {"area"}).at("status"), "refused");
    EXPECT_EQ(current("t.place"), (Lines{"1|A|100|5", "2|B|200|6", "3|C|-|-"}));
    const json::value accepted = snapshot(file, {"population"});
    EXPECT_EQ(accepted.at("status"), "accepted");
    EXPECT_EQ(missing(accepted, "population")->at("kept"), false);
    EXPECT_EQ(current("t.place"), (Lines{"1|A|-|5", "2|B|-|6", "3|C|-|-"}));
    EXPECT_EQ(snapshot(file, {}).at("status"), "accepted");
    EXPECT_EQ(snapshot(file, {"population"}).at("status"), "refused") << "nothing is emptied";
}

// Goal: PUT gives the whole row (RFC 9110, section 9.3.4): what is left out is empty.
TEST_F(MissingColumnsTest, ARowThatIsPutIsWhole) {
    ASSERT_TRUE(put("t.place", "1", R"({"name":"A"})"));
    EXPECT_EQ(current("t.place"), (Lines{"1|A|-|-", "2|B|200|6", "3|C|-|-"}));
}

// Goal: a file with none of the columns makes no empty rows, whatever the contract requires.
TEST_F(MissingColumnsTest, AFileOfOtherColumnsIsRefused) {
    apply(
        "  - name: open\n    customProperties: [{property: mode, value: append}]\n    properties:\n"
        "      - {name: place, logicalType: string}\n      - {name: n, logicalType: integer}\n");
    const json::value receipt = load("t.open", "Foo,Bar\n1,2\n3,4\n", contract::Mode::kAppend);
    EXPECT_EQ(receipt.at("status"), "refused");
    EXPECT_EQ(receipt.at("results").at(0).at("code"), "wrong_file");
    EXPECT_EQ(m_store->head("t.open")->rows, 0);
    EXPECT_EQ(load("t.open", "Foo,n\n1,2\n", contract::Mode::kAppend).at("status"), "accepted");
}

}  // namespace
}  // namespace nguon::intake
