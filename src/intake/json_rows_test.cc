// JSON as `check` and `load` see it: members that are met late, lists without rows, values given
// twice, nested members as text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "intake/check.h"
#include "intake/internal/load_fixture.h"
#include "intake/profile.h"

namespace nguon::intake {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class JsonRowsTest : public LoadTest {
protected:
    json::object checked(const std::string& bytes) {
        const std::filesystem::path scratch = m_folder / "scratch";
        std::filesystem::create_directories(scratch);
        CheckRequest request;
        request.file_name = "f.json";
        request.bytes = bytes;
        request.scratch = scratch;
        auto answer = check(request, {real_disk(), system_clock(), system_random()});
        EXPECT_TRUE(answer) << answer.error().detail.en;
        return answer ? std::move(*answer) : json::object();
    }
    // "rule column" of what is said.
    static Lines said(const json::value& answer) {
        Lines lines;
        for (const json::value& result : answer.at("results").as_array()) {
            if (result.at("failed").to_number<std::int64_t>() == 0) continue;
            const json::value& column = result.at("column");
            lines.push_back(std::string(result.at("rule").as_string()) +
                            (column.is_string() ? " " + std::string(column.as_string()) : ""));
        }
        return lines;
    }
    std::string rows_of(const std::string& bytes) {
        scan::InputOptions options;
        options.bytes = bytes;
        const std::filesystem::path to = m_folder / "rows.csv";
        EXPECT_TRUE(write_rows(options, real_disk(), to));
        std::ostringstream text;
        text << std::ifstream(to).rdbuf();
        return text.str();
    }
};

constexpr std::string_view kTwo =
    "  - name: t\n    properties:\n"
    "      - {name: id, logicalType: integer, primaryKey: true, required: true}\n"
    "      - {name: ten, logicalType: string}\n";

std::string late_members() {
    std::string text;
    for (int i = 0; i < 300; ++i)
        text += fmt::format("{{\"id\":{}}}\n", i);
    return text + "{\"id\":300,\"ten\":\"An\",\"o\":{\"x\":true},\"_row\":1,\"n\":null}\n";
}

// Goal: nothing of a file is lost in silence. Method: members that only the last record has.
TEST_F(JsonRowsTest, LateMembersAreColumnsOrAreSaid) {
    const json::object plain = checked(late_members());
    Lines names;
    for (const json::value& column : plain.at("columns").as_array())
        names.emplace_back(column.at("name").as_string());
    EXPECT_THAT(names, ElementsAre("id", "ten", "o.x", "_row", "n"));
    apply(kTwo);
    const json::value receipt = load("t.t", late_members());
    EXPECT_EQ(at(receipt, "rows", "accepted"), 301);
    EXPECT_THAT(current("t.t"), Contains("300|An"));
    EXPECT_THAT(said(receipt), ElementsAre("unknown_column o.x"));
}

// Goal: a list without objects is no row, and that is said. Method: an empty collection and a list.
TEST_F(JsonRowsTest, NoRowsAreSaid) {
    apply(kTwo);
    for (const char* text : {R"({"type":"FeatureCollection","features":[]})", "[]"}) {
        const json::object plain = checked(text);
        EXPECT_EQ(plain.at("rows").to_number<int>(), 0);
        EXPECT_FALSE(plain.contains("contract"));
        EXPECT_THAT(said(plain), Contains("no_rows"));
        const json::value receipt = load("t.t", text);
        EXPECT_EQ(at(receipt, "rows", "read"), 0);
        EXPECT_THAT(said(receipt), Contains("no_rows"));
    }
    EXPECT_THAT(said(load("t.t", "{\"id\":1}\n")), Not(Contains("no_rows")));
}

// Goal: a member given twice costs its record, with the reason, as one inside of a column does.
TEST_F(JsonRowsTest, AMemberGivenTwiceSetsItsRecordAside) {
    apply(kTwo);
    const json::value receipt =
        load("t.t", "{\"id\":1,\"ten\":\"A\",\"ten\":\"B\"}\n{\"id\":2,\"ten\":\"C\"}\n");
    EXPECT_THAT(current("t.t"), ElementsAre("2|C"));
    EXPECT_THAT(set_aside(receipt), ElementsAre("1 record:json"));
    const auto batch = m_store->batch(receipt.at("batch").as_string());
    const auto rows = quarantine_rows(*m_store, *batch, Language::kEnglish, {});
    EXPECT_EQ(rows->at("rows").at(0).at("reason").as_string(),
              "\"ten\" has two values in one record; keep one");
}

// Goal: the table as read loads under the draft of its file. Method: lists, lists of objects, text
// with quotes in them, numbers of many digits, as CSV.
TEST_F(JsonRowsTest, RowsOfNestedMembersLoadUnderTheirDraft) {
    const std::string text =
        R"([{"id":"a","tags":["x","y \"z\""],"o":{"p":[{"q":1.50}]},"e":[]},)"
        R"({"id":"b","tags":[],"o":{"p":[{"q":12345678901234567.89}]},"e":[]},)"
        R"({"id":"c","tags":null,"o":{"p":null},"e":[{"k":null}]}])";
    const json::object plain = checked(text);
    const auto contract =
        contract::parse(std::string(plain.at("contract").as_string()), "draft.yaml");
    ASSERT_TRUE(contract) << to_text(plain);
    ASSERT_TRUE(m_store->apply({*contract}));
    const std::string name = contract->datasets[0].name;
    const json::value direct = load(name, text);
    EXPECT_EQ(at(direct, "rows", "accepted"), 3) << to_text(direct);
    const json::value receipt = load(name, rows_of(text));
    EXPECT_EQ(at(receipt, "rows", "accepted"), 3) << rows_of(text) << to_text(receipt);
    EXPECT_EQ(at(receipt, "changes", "inserted") + at(receipt, "changes", "updated"), 0)
        << rows_of(text);
}

}  // namespace
}  // namespace nguon::intake
