// JSON whose members, records and lists are where nobody looks first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "scan/test_files.h"

namespace nguon::scan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The same records as lines, as a list and in a document.
std::vector<std::string> forms_of(const std::vector<std::string>& records) {
    std::string lines, list;
    for (const std::string& record : records) {
        lines += record + "\n";
        list += (list.empty() ? "" : ",\n") + record;
    }
    return {lines, "[" + list + "]", "{\"data\":[" + list + "]}"};
}

std::vector<std::string> spare(const ReadInput& read) {
    std::vector<std::string> paths;
    for (const SpareMember& member : read.contents.members) {
        if (!member.nothing) paths.push_back(member.path);
    }
    return paths;
}

std::string error_of(const std::string& text, const std::string& name = {}) {
    InputOptions options;
    options.name = name;
    const auto read = read_bytes(text, options);
    return read ? "" : read.error().detail.en;
}

// Goal: a member is a column however late it is met first. Method: 3,000 records, the last of which
// has what no other has, in an object and beside it; null and {} stand before the object.
TEST(JsonMembers, AreSoughtInTheWholeFile) {
    std::vector<std::string> records;
    for (int i = 0; i < 3'000; ++i)
        records.push_back(fmt::format(R"({{"id":{},"o":{}}})", i, i % 2 == 0 ? "null" : "{}"));
    records.emplace_back(R"({"id":3000,"o":{"x":1},"l\u00e2u":2,"none":null})");
    for (const std::string& text : forms_of(records)) {
        const auto read = read_bytes(text);
        ASSERT_TRUE(read) << read.error().detail.en;
        EXPECT_THAT(read->names, ElementsAre("id", "o.x", "lâu", "none"));
        ASSERT_EQ(read->rows.size(), 3'001U);
        EXPECT_THAT(read->rows[3'000], ElementsAre("3000", "1", "2", ""));
        EXPECT_THAT(spare(*read), IsEmpty());
    }
}

// Goal: with a contract a member of no column is told, and what one takes is not. Method: a late
// member, one inside a column that takes its object, one that is always null; in a file whose first
// record is damaged.
TEST(JsonMembers, OfNoColumnAreTold) {
    InputOptions options;
    options.columns = {"id", "o"};
    std::vector<std::string> records{R"({"id":0,"o":{"x":1},"bad":})"};
    for (int i = 1; i < 500; ++i)
        records.push_back(fmt::format(R"({{"id":{},"o":{{"x":1}},"n":null,"p":{{"q":2}}}})", i));
    records.emplace_back(R"({"id":500,"late":[1]})");
    for (const std::string& text : forms_of(records)) {
        const auto read = read_bytes(text, options);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->rows.size(), 501U);
        EXPECT_THAT(spare(*read), ElementsAre("p.q", "late"));
    }
}

// Goal: objects that are keyed by what should be a value do not fill the memory. Method: 5,000
// members, each met once.
TEST(JsonMembers, AreManyOnlyToABound) {
    std::string text;
    for (int i = 0; i < 5'000; ++i)
        text += fmt::format("{{\"id\":{0},\"k{0}\":1}}\n", i);
    const auto read = read_bytes(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->names.size(), 4'096U);
    EXPECT_TRUE(read->contents.more_members || !read->contents.members.empty());
    EXPECT_EQ(read->rows.size(), 5'000U);
}

// Goal: one limit for a record, wherever it stands. Method: a first one of 100 KB, a feature too.
TEST(JsonMembers, TheFirstRecordMayBeLong) {
    const std::string note(100'000, 'x');
    for (const std::string& text :
         forms_of({R"({"id":1,"note":")" + note + R"("})", R"({"id":2,"more":3})"})) {
        const auto read = read_bytes(text);
        ASSERT_TRUE(read) << read.error().detail.en;
        EXPECT_THAT(read->names, ElementsAre("id", "note", "more"));
        EXPECT_EQ(read->rows.at(0).at(1).size(), note.size());
    }
    InputOptions options;
    options.columns = {"ten", "geometry"};
    const std::string feature = R"({"type":"Feature","properties":{"note":")" + note +
                                R"(","ten":"A"},"geometry":{"type":"Point","coordinates":[1,2]}})";
    for (const std::string& text : {feature + "\n" + feature + "\n", "[" + feature + "]"}) {
        const auto read = read_bytes(text, options);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->rows.at(0).at(0), "A");
        EXPECT_THAT(read_bytes(text)->names, ElementsAre("note", "ten", "geometry"));
    }
}

// Goal: no row is made of what has none. Method: empty lists at the top, of features, and deeper,
// with a contract and without one; a single object whose list is empty is still its contract's.
TEST(JsonMembers, AnEmptyListHasNoRows) {
    for (const char* text : {"[]", " [ ]\n", R"({"type":"FeatureCollection","features":[]})",
                             R"({"features":[]})", R"({"total":0,"data":{"items":[]}})"}) {
        for (const bool wanted : {false, true}) {
            InputOptions options;
            if (wanted) options.columns = {"id", "name", "type"};
            const auto read = read_bytes(text, options);
            ASSERT_TRUE(read) << text << read.error().detail.en;
            EXPECT_THAT(read->rows, IsEmpty()) << text;
            EXPECT_TRUE(read->contents.no_records) << text;
        }
    }
    EXPECT_EQ(read_bytes(R"({"total":0,"data":{"items":[]}})")->contents.member, "data.items");
    InputOptions options;
    options.columns = {"id", "tags", "name", "phone"};
    EXPECT_EQ(read_bytes(R"({"id":1,"tags":[]})", options)->rows.size(), 1U);
    EXPECT_EQ(read_bytes(R"({"a":[{"id":1}],"b":[]})")->contents.lists.size(), 1U);
}

// Goal: values without names are no table, and no CSV. Method: whole documents; what is CSV stays
// it, whatever brackets it begins with.
TEST(JsonMembers, ValuesAloneMakeNoTable) {
    std::string many = "[0";
    for (int i = 1; i < 30'000; ++i)
        many += fmt::format(",{}", i);
    for (const std::string& text : {std::string("[1,2,3]"), std::string("[true, null]"),
                                    std::string("[\"a\"]"), std::string("[[1],[2]]"), many + "]"})
        EXPECT_THAT(error_of(text), HasSubstr("values without names")) << text.substr(0, 20);
    for (const char* text : {"\"x\"", "5", "true\n", "null", "1\n2\n"}) {
        EXPECT_THAT(error_of(text, "a.json"), HasSubstr("values without names")) << text;
        EXPECT_EQ(error_of(text, "a.csv"), "") << text;
    }
    EXPECT_EQ(read_bytes("\"x\"\n\"y\"\n")->rows.size(), 1U) << "CSV of one column";
    EXPECT_EQ(read_bytes("[INFO],a\n[WARN],b\n")->format, Format::kCsv);
    InputOptions named;
    named.name = "a.json";
    EXPECT_EQ(read_bytes("id,name\n1,A\n", named)->format, Format::kCsv);
}

// Goal: a document that cannot be read says where. Method: a text without its end, on one line and
// on several, a file that was cut, a bracket that is not its pair.
TEST(JsonMembers, DamageHasItsPlace) {
    const char* quote = "has no closing quote";
    EXPECT_THAT(error_of("[{\"a\":\"x},{\"a\":\"y\"}]"),
                testing::AllOf(HasSubstr(quote), HasSubstr("line 1 at byte 7")));
    EXPECT_THAT(error_of("[\n {\"a\": \"x\"},\n {\"a\": \"y},\n {\"a\": \"z\"}\n]"),
                testing::AllOf(HasSubstr(quote), HasSubstr("line 3 at byte 8")));
    EXPECT_THAT(error_of("{\"d\":[\n{\"a\":\"x\"},\n{\"a\":\"y"), HasSubstr("line 3 at byte 6"));
    EXPECT_THAT(error_of("[\n{\"a\":1},\n{\"a\":2"), HasSubstr("bracket in line 3 is not closed"));
    EXPECT_THAT(error_of("[\n{\"a\":1},\n{\"a\":2]}\n]"), HasSubstr("line 3 does not fit"));
}

// Goal: of two values for one column none is chosen in silence. Method: a member twice, inside of
// an object too, two members whose names are one column's; a feature's own id is not its property.
TEST(JsonMembers, TwoValuesForOneColumnAreDamage) {
    InputOptions options;
    options.columns = {"ma", "o.x", "id"};
    const std::string text =
        "{\"ma\":1,\"ma\":2}\n{\"ma\":1,\"o\":{\"x\":1,\"x\":2}}\n{\"Mã\":1,\"ma\":null}\n"
        "{\"ma\":1,\"y\":1,\"y\":2}\n";
    const auto read = read_bytes(text, options);
    ASSERT_TRUE(read);
    EXPECT_THAT(read->flags, ElementsAre(kNotAnObject, kNotAnObject, kNotAnObject, 0U));
    EXPECT_THAT(read_bytes(text)->flags, ElementsAre(kNotAnObject, kNotAnObject, 0U, kNotAnObject));
    options.bytes = text;
    const auto input = RecordInput::open(options);
    const auto why = (*input)->why_damaged("{\"ma\":1,\"ma\":2}");
    ASSERT_TRUE(why);
    EXPECT_EQ(why->en, "\"ma\" has two values in one record; keep one");
    EXPECT_FALSE((*input)->why_damaged("{\"ma\":}"));
}

}  // namespace
}  // namespace nguon::scan
