#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "scan/internal/test_files.h"

namespace nguon::scan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Json, AListOfObjectsHoweverItIsPrinted) {
    for (const std::string text :
         {R"([{"id":1,"name":"A\nn"},{"id":2,"name":"B]\"{"}])",
          "\xEF\xBB\xBF[\n  {\n    \"id\" : 1,\n    \"name\" : \"A\\nn\"\n  },\r\n  "
          "{\"id\":2,\n\"name\":\"B]\\\"{\"}\n]\n",
          "{\"id\":1,\"name\":\"A\\nn\"}\n{\"id\":2,\"name\":\"B]\\\"{\"}\n",
          "{\n\"id\":1,\"name\":\"A\\nn\"\n}\n{\n\"id\":2,\"name\":\"B]\\\"{\"\n}\n"}) {
        const auto read = read_bytes(text);
        ASSERT_TRUE(read) << text << read.error().detail.en;
        EXPECT_THAT(read->names, ElementsAre("id", "name")) << text;
        EXPECT_THAT(read->rows, ElementsAre(ElementsAre("1", "A\nn"), ElementsAre("2", "B]\"{")))
            << text;
    }
}

// Goal: the list that is meant is found. Method: a document with two lists, the longer one deeper.
TEST(Json, TheLongestListNearTheTopIsRead) {
    const auto read = read_bytes(
        R"({"meta":{"notes":[{"x":1}]},"data":{"total":3,"items":[{"id":1},{"id":2},{"id":3}]}})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->format, Format::kJson);
    EXPECT_EQ(read->contents.member, "data.items");
    EXPECT_EQ(read->rows.size(), 3U);
}

TEST(Json, NestedMembersReachTheirColumns) {
    const std::string text =
        R"([{"ten":"An","diaChi":{"tinh":"Huế","toaDo":{"x":1.5}},"tags":["a","b"],"Ngày sinh":"x"}])";
    EXPECT_THAT(read_bytes(text)->names,
                ElementsAre("ten", "diaChi.tinh", "diaChi.toaDo.x", "tags", "Ngày sinh"));
    InputOptions options;
    options.columns = {"ten", "dia_chi_tinh", "dia_chi", "x", "tags", "born"};
    options.titles = {{}, {"diaChi.tinh"}, {"diaChi"}, {"diaChi.toaDo.x"}, {}, {"Ngày sinh"}};
    const auto read = read_bytes(text, options);
    ASSERT_TRUE(read);
    EXPECT_THAT(read->rows[0], ElementsAre("An", "Huế", R"({"tinh":"Huế","toaDo":{"x":1.5}})",
                                           "1.5", R"(["a","b"])", "x"));
}

TEST(Json, FeaturesHavePropertiesAndGeometry) {
    const std::string text = R"({"type":"FeatureCollection","features":[
        {"type":"Feature","id":9,"properties":{"ten":"Cầu"},"geometry":{"type":"Point","coordinates":[107.5,16.4]}},
        {"type":"Feature","properties":{"ten":"Đò"},"geometry":null}]})";
    const auto read = read_bytes(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->format, Format::kGeoJson);
    EXPECT_THAT(read->names, ElementsAre("id", "ten", "geometry"));
    EXPECT_THAT(
        read->rows,
        ElementsAre(ElementsAre("9", "Cầu", R"({"type":"Point","coordinates":[107.5,16.4]})"),
                    ElementsAre("", "Đò", "")));
    InputOptions options;
    options.columns = {"ten", "geom"};
    EXPECT_THAT(read_bytes(text, options)->rows[0][1], HasSubstr("Point"));
}

// Goal: records come whole however the bytes are cut. Method: 5 MB, blocks and records do not meet.
TEST(Json, ALongListIsCutIntoItsRecords) {
    std::string text = "{\"results\" : [";
    for (int i = 0; i < 60'000; ++i)
        text += fmt::format("{}{{\n \"id\": {}, \"text\": \"{}\"\n}}", i > 0 ? ",\n" : "", i,
                            std::string(static_cast<std::size_t>(i % 97), 'x'));
    const auto read = read_bytes(text + "]}");
    ASSERT_TRUE(read);
    ASSERT_EQ(read->rows.size(), 60'000U);
    EXPECT_EQ(read->rows[59'999][0], "59999");
    const auto cut = read_bytes(text);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, Code::kInvalid);
}

TEST(Json, DamageStaysInItsRecord) {
    const auto read = read_bytes(R"([{"id":1},{"id":oops},17,{"id":4}])");
    ASSERT_TRUE(read);
    EXPECT_THAT(read->flags, ElementsAre(0U, static_cast<unsigned>(kNotAnObject),
                                         static_cast<unsigned>(kNotAnObject), 0U));
    EXPECT_FALSE(read_bytes("[[1,2],[3,4]]"));
    EXPECT_FALSE(read_bytes("[]"));
    EXPECT_FALSE(read_bytes("[{\"id\":1}}"));
}

TEST(Json, OneObjectIsOneRecordUnderItsContract) {
    InputOptions options;
    options.columns = {"id", "tags"};
    const auto read = read_bytes(R"({"id":1,"tags":[{"a":1},{"a":2}]})", options);
    ASSERT_TRUE(read);
    EXPECT_THAT(read->rows, ElementsAre(ElementsAre("1", R"([{"a":1},{"a":2}])")));
}

}  // namespace
}  // namespace nguon::scan
