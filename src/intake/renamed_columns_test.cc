// A column under a new name keeps its values.
#include "base/text.h"
#include "intake/internal/load_fixture.h"
#include "store/read.h"

namespace nguon::intake {
namespace {

class RenamedColumnsTest : public LoadTest {
protected:
    // As a schema of this version; false when apply refuses it.
    bool apply_version(std::string_view version, std::string_view columns) {
        std::string head(kHead);
        head.replace(head.find("1.0.0"), 5, version);
        const auto contract = contract::parse(
            head + "  - name: e\n    properties:\n" + std::string(columns), "t.yaml");
        EXPECT_TRUE(contract);
        return contract && m_store->apply({*contract}).has_value();
    }
    static std::string columns(std::initializer_list<std::string_view> names) {
        std::string text =
            "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n";
        for (const std::string_view name : names)
            text += fmt::format("      - {{name: {}, logicalType: string}}\n", name);
        return text;
    }
    int field(std::string_view column) {
        for (const store::FieldId& field : (*m_store->dataset("t.e"))->fields) {
            if (field.column == column) return field.id;
        }
        return 0;
    }
};

// Goal: old rows show their values under the new name, with the field id that they had. Method: two
// renames, a name that comes to be another column's; rows of every version, as they stand, as they
// changed, and as they were.
TEST_F(RenamedColumnsTest, ValuesStayUnderTheNewName) {
    ASSERT_TRUE(apply_version("1.0.0", columns({"name", "note"})));
    load("t.e", "id,name,note\n1,A,x\n2,B,y\n");
    const int id = field("name");
    ASSERT_TRUE(apply_version("2.0.0", columns({"title", "note"})));
    EXPECT_EQ(field("title"), id);
    EXPECT_EQ(current("t.e"), (Lines{"1|A|x", "2|B|y"})) << "no row of the new version yet";
    EXPECT_EQ(at(load("t.e", "id,title,note\n1,A,x\n3,C,z\n"), "changes", "unchanged"), 1);
    ASSERT_TRUE(apply_version("3.0.0", columns({"label", "note"})));
    ASSERT_TRUE(apply_version("3.1.0", columns({"label", "note", "name"})));
    EXPECT_EQ(field("label"), id);
    EXPECT_NE(field("name"), id);
    EXPECT_EQ(current("t.e"), (Lines{"1|A|x|-", "2|B|y|-", "3|C|z|-"}));
    load("t.e", "id,label,note,name\n2,B,y,new\n");
    EXPECT_EQ(current("t.e"), (Lines{"1|A|x|-", "2|B|y|new", "3|C|z|-"}));

    const auto info = *m_store->dataset("t.e");
    store::HistoryQuery query;
    query.key = "1";
    const auto changes = store::history(store::StoreHistory(*m_store), *info, query, {});
    ASSERT_TRUE(changes) << changes.error().detail.en;
    EXPECT_EQ(changes->changes.at(0).row_json, R"({"id":"1","label":"A","note":"x","name":null})");
    const auto then = store::get_as_of(store::StoreHistory(*m_store), *info, "2", 2, {});
    ASSERT_TRUE(then && *then);
    EXPECT_EQ((*then)->row_json, R"({"id":"2","label":"B","note":"y","name":null})");
    const auto verified = m_store->verify({}, m_key->public_key(), {});
    ASSERT_TRUE(verified);
    EXPECT_TRUE(verified->ok) << verified->findings.at(0).detail.en;
}

// Goal: a new column is not taken for an old one. Method: titles of their own; ids of their own;
// and the same id at another place.
TEST_F(RenamedColumnsTest, AnotherColumnIsNotARename) {
    const auto one = [](std::string_view name, std::string_view more) {
        return columns({}) +
               fmt::format("      - {{name: {}, logicalType: string{}}}\n", name, more);
    };
    ASSERT_TRUE(apply_version("1.0.0", one("name", ", businessName: Tên")));
    load("t.e", "id,name\n1,A\n");
    ASSERT_TRUE(apply_version("2.0.0", one("note", ", businessName: Ghi chú")));
    EXPECT_EQ(current("t.e"), (Lines{"1|-"}));
    load("t.e", "id,note\n1,B\n");
    ASSERT_TRUE(apply_version("3.0.0", one("memo", ", businessName: Ghi chú, id: m")));
    EXPECT_EQ(current("t.e"), (Lines{"1|B"})) << "the same title";
    ASSERT_TRUE(apply_version("4.0.0", one("text", ", businessName: Ghi chú, id: t")));
    EXPECT_EQ(current("t.e"), (Lines{"1|-"})) << "another id";
}

// Goal: a row stays readable under another type; what that cannot hold is empty. Method: text, then
// whole numbers.
TEST_F(RenamedColumnsTest, AnotherTypeLeavesEveryRowReadable) {
    const auto note = [](std::string_view type) {
        return columns({}) + fmt::format("      - {{name: note, logicalType: {}}}\n", type);
    };
    ASSERT_TRUE(apply_version("1.0.0", note("string")));
    load("t.e", "id,note\n1,x\n2,7\n3,1.5\n");
    ASSERT_TRUE(apply_version("2.0.0", note("integer")));
    EXPECT_EQ(current("t.e"), (Lines{"1|-", "2|7", "3|-"}));
}

// Goal: every change of type leaves the history readable, before a row of the new type and behind
// it. Method: each type to each other one.
TEST_F(RenamedColumnsTest, EveryTypeBecomesEveryOther) {
    struct Type {
        std::string_view yaml, cell, other;
    };
    const std::vector<Type> types{
        {"logicalType: string", "x", "y"},
        {"logicalType: integer", "7", "8"},
        {"logicalType: number", "1.5", "2.5"},
        {"logicalType: number, physicalType: 'DECIMAL(20,2)'", "12.25", "13.50"},
        {"logicalType: boolean", "true", "false"},
        {"logicalType: date", "2026-01-02", "2026-01-03"},
        {"logicalType: timestamp", "2026-01-02T08:30:00Z", "2026-01-03T08:30:00Z"},
        {"logicalType: time", "08:30:00", "09:30:00"},
        {"logicalType: object", R"("{""a"":1}")", R"("{""a"":2}")"}};
    int number = 0;
    for (const Type& from : types) {
        for (const Type& to : types) {
            if (&from == &to) continue;
            SCOPED_TRACE(fmt::format("{} to {}", from.yaml, to.yaml));
            const std::string name = fmt::format("e{}", ++number);
            const auto schema = [&](const Type& type) {
                return fmt::format(
                    "  - name: {}\n    properties:\n      - {{name: id, logicalType: "
                    "string, primaryKey: true, primaryKeyPosition: 1}}\n      - "
                    "{{name: v, {}}}\n",
                    name, type.yaml);
            };
            const std::string dataset = "t." + name;
            const auto apply_as = [&](std::string_view version, const Type& type) {
                std::string head(kHead);
                head.replace(head.find("1.0.0"), 5, version);
                const auto contract = contract::parse(head + schema(type), "t.yaml");
                return contract && m_store->apply({*contract}).has_value();
            };
            ASSERT_TRUE(apply_as("1.0.0", from));
            load(dataset, fmt::format("id,v\n1,{}\n2,\n", from.cell));
            ASSERT_TRUE(apply_as("2.0.0", to));
            EXPECT_EQ(current(dataset).size(), 2U);
            load(dataset, fmt::format("id,v\n2,{}\n3,{}\n", to.cell, to.other));
            EXPECT_EQ(current(dataset).size(), 3U);
            const store::StoreHistory history(*m_store);
            const auto info = m_store->dataset(dataset);
            ASSERT_TRUE(info);
            const auto page = store::history(history, **info, {}, {});
            ASSERT_TRUE(page) << page.error().detail.en;
            EXPECT_EQ(page->changes.size(), 4U);
        }
    }
}

// Goal: a value that the new type cannot hold whole is empty, and not another one.
TEST_F(RenamedColumnsTest, NoValueIsChangedByItsType) {
    const auto of = [](std::string_view type) {
        return columns({}) + fmt::format("      - {{name: v, logicalType: {}}}\n", type);
    };
    ASSERT_TRUE(apply_version("1.0.0", of("timestamp")));
    load("t.e", "id,v\n1,2026-01-02T00:00:00Z\n2,2026-01-02T08:30:00Z\n");
    ASSERT_TRUE(apply_version("2.0.0", of("date")));
    EXPECT_EQ(current("t.e"), (Lines{"1|2026-01-02", "2|-"}));
    ASSERT_TRUE(apply_version("3.0.0", of("number")));
    load("t.e", "id,v\n3,1.5\n4,1\n5,7\n");
    ASSERT_TRUE(apply_version("4.0.0", of("boolean")));
    EXPECT_EQ(current("t.e"), (Lines{"1|-", "2|-", "3|-", "4|-", "5|-"}));
}

// Goal: no column that is not public is open to everybody. Method: an open contract with one, with
// a part of one, then as internal; a word that opens.
TEST_F(RenamedColumnsTest, AnOpenDatasetHasNoClosedColumn) {
    const auto dataset = [](std::string_view access, std::string_view word) {
        return fmt::format(
            "{}    customProperties: [{{property: access, value: {}}}]\n",
            columns({}) +
                "      - name: place\n        logicalType: object\n        properties:\n" +
                fmt::format(
                    "          - {{name: street, logicalType: string, classification: {}}}\n",
                    word),
            access);
    };
    EXPECT_FALSE(apply_version("1.0.0", dataset("open", "restricted")));
    EXPECT_FALSE(apply_version("1.0.0", dataset("open", "whatever")));
    EXPECT_TRUE(apply_version("1.0.0", dataset("internal", "restricted")));
    EXPECT_FALSE(apply_version("1.1.0", dataset("open", "restricted")));
    EXPECT_TRUE(apply_version("1.1.0", dataset("open", "Public")));
}

}  // namespace
}  // namespace nguon::intake
