#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "scan/test_files.h"

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
          "{\"id\":1,\"name\":\"A\\nn\"}{\"id\":2,\"name\":\"B]\\\"{\"}",
          "{\"id\":1,\"name\":\"A\\nn\"} {\"id\":2,\"name\":\"B]\\\"{\"}\n",
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
    EXPECT_FALSE(read_bytes("[{\"id\":1}}"));
}

TEST(Json, OneObjectIsOneRecordUnderItsContract) {
    InputOptions options;
    options.columns = {"id", "tags"};
    const auto read = read_bytes(R"({"id":1,"tags":[{"a":1},{"a":2}]})", options);
    ASSERT_TRUE(read);
    EXPECT_THAT(read->rows, ElementsAre(ElementsAre("1", R"([{"a":1},{"a":2}])")));
}

// Goal: numbers keep what a double would round. Method: past 2^53, exact decimals, exponents, and
// the same inside of objects and lists that are columns.
TEST(Json, NumbersKeepTheirDigits) {
    const auto read =
        read_bytes(R"([{"a":12345678901234567.89,"b":9007199254740993,"c":18446744073709551615,)"
                   R"("d":-0.10,"e":2.0,"f":1.5e3,"g":-12.5E-4,"h":1e400,"i":1E+2,"j":0e5,)"
                   R"("k":[12345678901234567.89,{"x":1.10}]}])");
    ASSERT_TRUE(read);
    EXPECT_THAT(read->rows[0],
                ElementsAre("12345678901234567.89", "9007199254740993", "18446744073709551615",
                            "-0.10", "2", "1500", "-0.00125", "1e400", "100", "0",
                            R"([12345678901234567.89,{"x":1.10}])"));
}

// Goal: what is read of a record does not depend on how it is written. Method: escapes in names and
// texts, spaces, objects that are a column and are looked into, of features too.
TEST(Json, MembersAreReadByTheirEvents) {
    InputOptions options;
    options.columns = {"tên", "o", "o.p", "o.p.q", "l", "no"};
    const auto read = read_bytes(
        "{\"t\\u00ean\" : \"\\\"A\\u0042\\n\", \"o\": { \"p\" : {\"q\": [ 1 , "
        "{\"z\":null} ] }, \"r\":\"\\u00e9\"} "
        ",\"l\":[true,false,[],{}],\"no\":null}\n{\"tên\":\"\"}\n{\"tên\":\"C\"} "
        "x\n{\"tên\":[{\"tên\":1}]}\n",
        options);
    ASSERT_TRUE(read) << read.error().detail.en;
    EXPECT_THAT(read->rows[0], ElementsAre("\"AB\n", R"({"p":{"q":[1,{"z":null}]},"r":"é"})",
                                           R"({"q":[1,{"z":null}]})", R"([1,{"z":null}])",
                                           "[true,false,[],{}]", ""));
    EXPECT_THAT(read->flags, ElementsAre(0U, 0U, static_cast<unsigned>(kNotAnObject), 0U));
    EXPECT_THAT(read->rows[3], ElementsAre(R"([{"tên":1}])", "", "", "", "", ""));
    options.columns = {"id", "a.b", "geometry"};
    const auto features = read_bytes(
        R"({"type":"Feature","id":7,"properties":{"id":8,"a":{"b":1.50}},"geometry":{"type":"Point","coordinates":[105.80,21.0]}})",
        options);
    ASSERT_TRUE(features);
    EXPECT_THAT(features->rows[0],
                ElementsAre("8", "1.50", R"({"type":"Point","coordinates":[105.80,21.0]})"));
}

// Goal: a document is the same table with a contract and without one. Method: a CKAN package, whose
// own members have the names of its lists' members, too; the contract drawn from each list.
TEST(Json, TheListOfADocumentIsTheOneTheContractMeans) {
    const std::string package = R"({"name":"p","title":"P","url":"u","id":"1",
        "licenses":[{"name":"a","title":"A","url":"x"},{"name":"b","title":"B","url":"y"}],
        "resources":[{"id":"r","name":"R","format":"CSV"}],"tags":["x"]})";
    const auto plain = read_bytes(package);
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->contents.member, "licenses");
    EXPECT_THAT(plain->names, ElementsAre("name", "title", "url"));
    ASSERT_EQ(plain->contents.lists.size(), 2U);
    EXPECT_TRUE(plain->contents.lists[0].chosen);
    EXPECT_EQ(plain->contents.lists[1].name, "resources");
    EXPECT_EQ(plain->contents.lists[1].rows, 1);
    InputOptions options;
    options.columns = plain->names;
    EXPECT_EQ(read_bytes(package, options)->contents.member, "licenses");
    EXPECT_THAT(read_bytes(package, options)->rows,
                ElementsAre(ElementsAre("a", "A", "x"), ElementsAre("b", "B", "y")));
    options.columns = {"id", "name", "format"};
    EXPECT_THAT(read_bytes(package, options)->rows, ElementsAre(ElementsAre("r", "R", "CSV")));
    options.columns = {"id", "name", "title", "url"};
    const auto itself = read_bytes(package, options);
    EXPECT_EQ(itself->contents.member, ".");
    EXPECT_THAT(itself->rows, ElementsAre(ElementsAre("1", "p", "P", "u")));
    options.columns.clear();
    options.entry = "resources";
    EXPECT_THAT(read_bytes(package, options)->names, ElementsAre("id", "name", "format"));
    options.entry = "2";
    EXPECT_EQ(read_bytes(package, options)->contents.member, "resources");
    options.entry = ".";
    EXPECT_EQ(read_bytes(package, options)->rows.size(), 1U);
    options.entry = "licences";
    const auto missing = read_bytes(package, options);
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().detail.en, HasSubstr("licenses, resources"));
}

// Goal: the records of a document are found however late they begin. Method: more than is looked at
// first stands before the list; then a document that is one long record.
TEST(Json, ALateListHasItsNames) {
    const std::string filler = "{\"note\":\"" + std::string(200'000, 'x') + "\",";
    const auto late =
        read_bytes(filler + R"("rows":[{"id":1,"o":{"x":2}},{"id":3,"o":{},"l":[]}]})");
    ASSERT_TRUE(late) << late.error().detail.en;
    EXPECT_THAT(late->names, ElementsAre("id", "o.x", "l"));
    EXPECT_THAT(late->rows, ElementsAre(ElementsAre("1", "2", ""), ElementsAre("3", "", "[]")));
    const auto features = read_bytes(
        filler + R"("type":"FeatureCollection","features":[{"type":"Feature","id":7,"properties":)"
                 R"({"ten":"Cầu"},"geometry":null}]})");
    ASSERT_TRUE(features);
    EXPECT_THAT(features->names, ElementsAre("id", "ten", "geometry"));
    const auto alone = read_bytes(filler + R"("o":{"x":1.50},"l":[1,2]})");
    ASSERT_TRUE(alone) << alone.error().detail.en;
    EXPECT_THAT(alone->names, ElementsAre("note", "o.x", "l"));
    EXPECT_THAT(alone->rows[0][2], "[1,2]");
}

}  // namespace
}  // namespace nguon::scan
