#include "sql/engine_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/duckdb.h"

namespace nguon::sql {
namespace {

using testing::HasSubstr;
using testing::Not;

// Goal: a Vietnamese reader is told in Vietnamese first. Method: messages as DuckDB writes them.
TEST(EngineWords, OurSentenceFirstTheEnginesAsTheDetail) {
    const Text bound = engine_words("Binder Error: Referenced column \"nope\" not found",
                                    {"SQL không chạy được: ", "The SQL does not run: "});
    EXPECT_TRUE(bound.vi.starts_with("SQL không chạy được: tên bảng, cột hay hàm không có"))
        << bound.vi;
    EXPECT_THAT(bound.vi, HasSubstr("Chi tiết (tiếng Anh): Referenced column \"nope\" not found"));
    EXPECT_THAT(bound.en, Not(HasSubstr("Binder Error")));
    EXPECT_THAT(engine_words("Odd Error: x").vi, HasSubstr("Chi tiết (tiếng Anh): Odd Error: x"));
    const Text syntax = syntax_words("unterminated quoted string at or near \"'abc\"");
    EXPECT_THAT(syntax.vi, HasSubstr("một dấu nháy đơn mở ra mà không đóng"));
    EXPECT_THAT(syntax_words("syntax error at or near \"fro\"").vi, HasSubstr("ở gần «fro»"));
}

// Goal: a clerk is told in words of ours that memory was short, and what to do. Method: a sort of
// more than fits, with nowhere to spill.
TEST(EngineWords, MemoryThatIsShortIsSaidInOurWords) {
    DuckOptions options;
    options.memory_limit = "16MB";
    options.threads = 1;
    const auto duck = Duck::open(options);
    ASSERT_TRUE(duck);
    const auto failed = (*duck)->execute(
        "CREATE TEMP TABLE t AS SELECT hash(i) AS h, i::VARCHAR || repeat('x', 90) AS s FROM "
        "range(2000000) r(i) ORDER BY h");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Code::kUnavailable);
    EXPECT_EQ(failed.error().detail.vi, kOutOfMemory.vi);
    EXPECT_EQ(failed.error().detail.en, kOutOfMemory.en);
    EXPECT_THAT(failed.error().fix.en, HasSubstr("load.memory_mb"));
}

}  // namespace
}  // namespace nguon::sql
