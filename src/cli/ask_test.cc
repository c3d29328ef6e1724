// What a person is asked before a file is loaded with --fix, and what becomes of each answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/internal/testing.h"

namespace nguon::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kLooked =
    R"({"rejected":2,"results":[{"rule":"type:born","failed":2,"fixes":[)"
    R"({"code":"trim:name","safe":true,"description":{"vi":"cắt","en":"trim"}},)"
    R"({"code":"date:born","safe":false,"cells":2,"description":{"vi":"ngày trước","en":"day first"},"example":{"before":"05/06","after":"06-05"}},)"
    R"({"code":"date:born=MM/dd/yyyy","safe":false,"cells":2,"description":{"vi":"tháng trước","en":"month first"},"example":{"before":"05/06","after":"05-06"}}]}]})";
constexpr std::string_view kReceipt =
    R"({"batch":"01","dataset":"a.b","status":"accepted","rows":{"read":2,"accepted":2,"rejected":0},"results":[]})";

struct Terminal : World {
    Terminal() { in_is_terminal = err_is_terminal = true; }
    int load(std::vector<std::string> words) {
        const std::string path = file("f.csv", "x");
        words.insert(words.begin(), {"load", "a.b", path});
        return run(words);
    }
};

// Goal: each doubtful fix is one question, and the answer is what the load is told. Method: no to
// the first reading, yes to the second.
TEST(Ask, TheAnswersAreWhatTheLoadAccepts) {
    Terminal world;
    world.answer(kLooked);
    world.answer(kLooked);
    world.answer(kReceipt, 201);
    world.lines = {"n", "y"};
    EXPECT_EQ(world.load({"--fix"}), 0);
    ASSERT_EQ(world.asked.size(), 3U);
    EXPECT_EQ(world.asked[0].query_value("dataset"), "a.b");
    EXPECT_EQ(world.asked[1].query_value("accept"), "date:born=MM/dd/yyyy");
    EXPECT_EQ(world.asked[2].query_value("accept"), "date:born=MM/dd/yyyy");
    EXPECT_THAT(world.err, HasSubstr("day first"));
    EXPECT_THAT(world.err, HasSubstr("05/06 → 06-05"));
    EXPECT_THAT(world.err, Not(HasSubstr("trim")));
}

TEST(Ask, NoIsTheDefaultAndYesEndsTheOtherReading) {
    Terminal world;
    world.answer(kLooked);
    world.answer(kReceipt, 201);
    world.lines = {"", ""};
    EXPECT_EQ(world.load({"--fix"}), 0);
    EXPECT_EQ(world.asked.back().query_value("accept"), "");
    world.answer(kLooked);
    world.answer(kLooked);
    world.answer(kReceipt, 201);
    world.lines = {"c"};
    EXPECT_EQ(world.load({"--fix"}), 0);
    EXPECT_EQ(world.asked.back().query_value("accept"), "date:born");
    EXPECT_THAT(world.err, Not(HasSubstr("month first")));
}

TEST(Ask, QuitLoadsNothing) {
    Terminal world;
    world.answer(kLooked);
    world.lines = {"q"};
    EXPECT_EQ(world.load({"--fix"}), 0);
    EXPECT_EQ(world.asked.size(), 1U);
    EXPECT_THAT(world.out, HasSubstr("nothing was loaded"));
}

// Goal: where nobody can answer nothing is asked. Method: no terminal, --json, no --fix.
TEST(Ask, NobodyThereIsNotAsked) {
    for (const bool is_terminal : {false, true}) {
        World world;
        world.in_is_terminal = is_terminal;
        world.err_is_terminal = is_terminal;
        world.answer(kReceipt, 201);
        std::vector<std::string> words = {"load", "a.b", world.file("f.csv", "x"), "--fix"};
        if (is_terminal) words.emplace_back("--json");
        EXPECT_EQ(world.run(words), 0);
        EXPECT_EQ(world.asked.size(), 1U);
    }
    Terminal world;
    world.answer(kReceipt, 201);
    EXPECT_EQ(world.load({}), 0);
    EXPECT_EQ(world.asked.size(), 1U);
}

}  // namespace
}  // namespace nguon::cli
