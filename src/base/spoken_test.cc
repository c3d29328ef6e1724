#include "base/spoken.h"

#include <gtest/gtest.h>

namespace nguon {
namespace {

// Goal: HTTP says its own names, another edge its own. Method: a sentence with three marks.
TEST(Spoken, EachEdgeNamesTheMarks) {
    const std::string text = "Ask with " + spoken::parameter("as_of") + " or " +
                             spoken::parameter("limit", "5") + ": " +
                             spoken::route("GET /api/v1/datasets") + ".";
    EXPECT_EQ(spoken::as_http(text), "Ask with as_of or limit=5: GET /api/v1/datasets.");
    EXPECT_EQ(
        spoken::say(text, [](std::string_view mark) { return "<" + std::string(mark) + ">"; }),
        "Ask with <as_of> or <limit=5>: <GET /api/v1/datasets>.");
    EXPECT_EQ(spoken::as_http("no mark"), "no mark");
    EXPECT_EQ(spoken::as_http("an \x0E that never ends"), "an \x0E that never ends");
    EXPECT_EQ(spoken::as_http("a \x0F before a \x0E"), "a \x0F before a \x0E");
}

}  // namespace
}  // namespace nguon
