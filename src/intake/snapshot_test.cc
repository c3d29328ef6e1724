// The mode snapshot: the file is the whole truth.
#include <map>
#include <random>

#include "intake/internal/load_fixture.h"
#include "intake/load.h"

namespace nguon::intake {
namespace {

constexpr std::string_view kThing =
    "  - name: thing\n    customProperties: [{property: mode, value: snapshot}]\n    properties:\n"
    "      - {name: a, logicalType: integer, primaryKey: true, primaryKeyPosition: 1}\n"
    "      - {name: b, logicalType: string, primaryKey: true, primaryKeyPosition: 2, "
    "logicalTypeOptions: {pattern: '^[a-z]$'}}\n"
    "      - {name: v, logicalType: integer}\n"
    "      - {name: d, logicalType: date}\n";

class SnapshotTest : public LoadTest {
protected:
    // The changes of a receipt as "inserted updated deleted unchanged".
    static std::string changes(const json::value& receipt) {
        return fmt::format("{} {} {} {}", at(receipt, "changes", "inserted"),
                           at(receipt, "changes", "updated"), at(receipt, "changes", "deleted"),
                           at(receipt, "changes", "unchanged"));
    }
    json::value load_confirmed(std::string dataset, std::string bytes, std::int64_t deletes,
                               std::string key = "") {
        LoadRequest request;
        request.dataset = std::move(dataset);
        request.bytes = std::move(bytes);
        request.confirm_deletes = deletes;
        request.idempotency_key = std::move(key);
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    bool has_result(const json::value& receipt, std::string_view rule) {
        for (const json::value& result : receipt.at("results").as_array()) {
            if (std::string_view(result.at("rule").as_string()) == rule) return true;
        }
        return false;
    }
};

// Goal: the node computes what came, changed and went, nulls included; it is one segment, in the
// order inserts and updates have their whole row and deletes their key.
TEST_F(SnapshotTest, TheFileIsTheWholeTruth) {
    apply(kThing);
    EXPECT_EQ(changes(load("t.thing", "a,b,v,d\n1,x,1,\n2,x,,2020-01-01\n3,x,3,\n4,x,4,\n")),
              "4 0 0 0");
    const json::value second = load("t.thing", "a,b,v,d\n1,x,1,\n2,x,,\n3,x,,\n9,x,9,2021-01-01\n");
    EXPECT_EQ(second.at("mode"), "snapshot");
    EXPECT_EQ(changes(second), "1 2 1 1");
    EXPECT_EQ(at(second, "snapshot", "missing"), 1);
    EXPECT_EQ(current("t.thing"), (Lines{"1|x|1|-", "2|x|-|-", "3|x|-|-", "9|x|9|2021-01-01"}));
    EXPECT_EQ(m_store->head("t.thing")->rows, 4);
    EXPECT_EQ(m_store->segments("t.thing", 100)->size(), 2u);
    EXPECT_TRUE(m_store->verify({}, m_key->public_key(), {})->ok);
    const json::value third = load("t.thing", "a,b,v,d\n1,x,1,\n2,x,,\n3,x,,\n9,x,9,2021-01-01\n");
    EXPECT_EQ(changes(third), "0 0 0 4");
    EXPECT_TRUE(third.at("seq").at("first").is_null());
    EXPECT_EQ(third.at("repeats").at("batch"), second.at("batch"));
}

// Goal: an officer's typo deletes nobody. Method: a row set aside for its value, a row whose key is
// at fault, a damaged record, a repeated key.
TEST_F(SnapshotTest, ARowSetAsideKeepsTheOneThatStands) {
    apply(kThing);
    load("t.thing", "a,b,v,d\n1,x,1,\n2,x,2,\n3,x,3,\n4,x,4,\n");
    const json::value value = load("t.thing", "a,b,v,d\n1,x,1,\n2,x,no,\n3,x,3,\n");
    EXPECT_EQ(changes(value), "0 0 1 2") << "2 is set aside and stays, 4 goes";
    EXPECT_EQ(at(value, "snapshot", "kept_aside"), 1);
    EXPECT_TRUE(has_result(value, "snapshot:kept"));
    EXPECT_EQ(current("t.thing"), (Lines{"1|x|1|-", "2|x|2|-", "3|x|3|-"}));
    for (const char* unclear : {"2,?,2,\n",      // the key breaks a rule
                                "two,x,2,\n",    // and its type
                                "2,x\n",         // the record is damaged
                                "1,x,7,\n",      // another row has this key already
                                "1,x,no,\n"}) {  // the same, set aside for more
        const json::value receipt =
            load("t.thing", std::string("a,b,v,d\n1,x,1,\n") + unclear + "9,x,9,\n");
        EXPECT_EQ(at(receipt, "changes", "deleted"), 0) << unclear;
        EXPECT_EQ(at(receipt, "snapshot", "kept_unclear"), 2) << unclear;
        EXPECT_TRUE(has_result(receipt, "snapshot:held_back"));
        EXPECT_EQ(current("t.thing"), (Lines{"1|x|1|-", "2|x|2|-", "3|x|3|-", "9|x|9|-"}));
        const json::value clean = load("t.thing", "a,b,v,d\n1,x,1,\n2,x,2,\n3,x,3,\n");
        EXPECT_EQ(changes(clean), "0 0 1 3");
    }
    const json::value equal = load("t.thing", "a,b,v,d\n1,x,1,\n1,x,1,\n2,x,2,\n");
    EXPECT_EQ(changes(equal), "0 0 1 2") << "a row that came twice hides nobody";
}

// Goal: a file that would delete much is refused with its count, and only that count confirms it.
TEST_F(SnapshotTest, MuchDeletingIsConfirmedByItsCount) {
    apply(kThing);
    std::string all = "a,b,v,d\n", half = all;
    for (int i = 0; i < 40; ++i) {
        all += fmt::format("{},x,{},\n", i, i);
        if (i % 2 == 0) half += fmt::format("{},x,{},\n", i, i);
    }
    load("t.thing", all);
    const json::value refused = load("t.thing", half);
    EXPECT_EQ(refused.at("status"), "refused");
    EXPECT_EQ(changes(refused), "0 0 0 0");
    EXPECT_EQ(at(refused, "snapshot", "confirm"), 20);
    EXPECT_EQ(at(refused, "snapshot", "allowed"), 4);
    ASSERT_TRUE(has_result(refused, "snapshot:deletes"));
    for (const json::value& result : refused.at("results").as_array()) {
        EXPECT_EQ(result.as_object().contains("refuses"), result.at("rule") == "snapshot:deletes");
    }
    EXPECT_EQ(m_store->head("t.thing")->rows, 40);
    EXPECT_EQ(load_confirmed("t.thing", half, 19).at("status"), "refused") << "of another file";
    EXPECT_EQ(load_confirmed("t.thing", all, 20).at("status"), "refused") << "deletes none";
    const json::value empty = load("t.thing", "a,b,v,d\n");
    EXPECT_EQ(empty.at("status"), "refused");
    EXPECT_EQ(at(empty, "snapshot", "confirm"), 40);
    EXPECT_EQ(changes(load_confirmed("t.thing", half, 20)), "0 0 20 20");
    EXPECT_EQ(changes(load_confirmed("t.thing", "a,b,v,d\n", 20)), "0 0 20 0");
    EXPECT_TRUE(current("t.thing").empty());
    EXPECT_TRUE(m_store->verify({}, m_key->public_key(), {})->ok);
}

// Goal: the refusal under an idempotency key can be confirmed under it.
TEST_F(SnapshotTest, AConfirmationMayHaveTheKeyOfTheRefusal) {
    apply(kThing);
    load("t.thing", "a,b,v,d\n1,x,1,\n2,x,2,\n");
    LoadRequest request;
    request.dataset = "t.thing";
    request.bytes = "a,b,v,d\n";
    request.idempotency_key = "k";
    EXPECT_EQ(intake::load(*m_store, {}, request)->status, store::BatchStatus::kRefused);
    EXPECT_TRUE(intake::load(*m_store, {}, request)->repeated);
    EXPECT_EQ(changes(load_confirmed("t.thing", request.bytes, 2, "k")), "0 0 2 0");
    request.confirm_deletes = 2;
    EXPECT_TRUE(intake::load(*m_store, {}, request)->repeated);
}

// Goal: a pack's file that was refused once is not refused for ever. Method: the same file by its
// content, before and after a person confirmed it.
TEST_F(SnapshotTest, ARefusalIsNotKeptByContent) {
    apply(kThing);
    LoadRequest request;
    request.dataset = "t.thing";
    request.bytes = "a,b,v,d\n1,x,1,\n2,x,2,\n";
    request.once_by_content = true;
    EXPECT_EQ(intake::load(*m_store, {}, request)->status, store::BatchStatus::kAccepted);
    EXPECT_TRUE(intake::load(*m_store, {}, request)->repeated);
    request.bytes = "a,b,v,d\n3,x,3,\n";
    for (int i = 0; i < 2; ++i) {
        const auto refused = intake::load(*m_store, {}, request);
        EXPECT_EQ(refused->status, store::BatchStatus::kRefused);
        EXPECT_FALSE(refused->repeated);
    }
    load_confirmed("t.thing", request.bytes, 2);
    EXPECT_EQ(intake::load(*m_store, {}, request)->status, store::BatchStatus::kAccepted);
}

// Goal: the contract says how much may go.
TEST_F(SnapshotTest, TheShareIsTheContracts) {
    apply(
        "  - name: none\n    customProperties: [{property: mode, value: snapshot}, {property: "
        "snapshotMaxDeleteShare, value: 0}]\n    properties:\n      - {name: a, logicalType: "
        "integer, primaryKey: true}\n"
        "  - name: any\n    customProperties: [{property: mode, value: snapshot}, {property: "
        "snapshotMaxDeleteShare, value: 1}]\n    properties:\n      - {name: a, logicalType: "
        "integer, primaryKey: true}\n");
    for (const char* name : {"t.none", "t.any"})
        load(name, "a\n1\n2\n3\n4\n");
    EXPECT_EQ(load("t.none", "a\n1\n2\n3\n").at("status"), "refused");
    EXPECT_EQ(changes(load("t.any", "a\n1\n")), "0 0 3 1");
    EXPECT_EQ(load("t.any", "a\n").at("status"), "refused") << "never all of them";
}

// Goal: unique columns and references to itself hold in what stands afterwards.
TEST_F(SnapshotTest, RulesHoldBesideTheRowsThatStay) {
    apply(
        "  - name: u\n    customProperties: [{property: mode, value: snapshot}]\n    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true}\n"
        "      - {name: mail, logicalType: string, unique: true}\n"
        "      - {name: n, logicalType: integer}\n"
        "      - name: parent\n        logicalType: string\n        relationships: [{type: "
        "foreignKey, to: u.id}]\n");
    load("t.u", "id,mail,n,parent\na,m1,1,\nb,m2,2,a\nc,m3,3,\n");
    EXPECT_EQ(changes(load("t.u", "id,mail,n,parent\na,m3,1,\nb,m2,2,a\n")), "0 1 1 1")
        << "the value of a row that goes is free";
    EXPECT_EQ(set_aside(load("t.u", "id,mail,n,parent\na,m3,x,\nb,m3,2,a\n")),
              (Lines{"1 type:n", "2 unique:mail"}))
        << "a stays, with its value";
    EXPECT_EQ(set_aside(load("t.u", "id,mail,n,parent\nb,m2,2,zz\na,m3,1,\n")),
              (Lines{"1 reference:parent"}));
    EXPECT_EQ(set_aside(load("t.u", "id,mail,n,parent\nb,m2,2,a\nc,m4,4,\n")),
              (Lines{"1 reference:parent"}))
        << "a goes";
}

// Goal: rows sent again are a part: nothing is deleted. Method: one row resubmitted.
TEST_F(SnapshotTest, ResubmittedRowsDeleteNothing) {
    apply(kThing);
    load("t.thing", "a,b,v,d\n1,x,1,\n2,x,2,\n");
    const json::value wrong = load("t.thing", "a,b,v,d\n1,x,1,\n2,x,no,\n");
    LoadRequest request;
    request.dataset = "t.thing";
    request.bytes = "a,b,v,d\n2,x,5,\n";
    request.corrects = wrong.at("batch").as_string();
    const auto mended = intake::load(*m_store, {}, request);
    ASSERT_TRUE(mended) << mended.error().detail.en;
    const json::value receipt = *parse_json(mended->json_text);
    EXPECT_EQ(changes(receipt), "0 1 0 0");
    EXPECT_EQ(receipt.at("mode"), "upsert");
    EXPECT_EQ(current("t.thing"), (Lines{"1|x|1|-", "2|x|5|-"}));
    request.mode = contract::Mode::kSnapshot;
    EXPECT_EQ(intake::load(*m_store, {}, request).error().code, Code::kInvalid);
}

TEST_F(SnapshotTest, WithoutAKeyThereIsNoSnapshot) {
    apply("  - name: e\n    properties:\n      - {name: v, logicalType: string}\n");
    LoadRequest request;
    request.dataset = "t.e";
    request.bytes = "v\nx\n";
    request.mode = contract::Mode::kSnapshot;
    EXPECT_EQ(intake::load(*m_store, {}, request).error().code, Code::kInvalid);
    request.mode = contract::Mode::kAppend;
    request.confirm_deletes = 1;
    EXPECT_EQ(intake::load(*m_store, {}, request).error().code, Code::kInvalid);
}

// Goal: events are not doubled by mistake. Method: one file twice, then as meant, then under a key.
TEST_F(SnapshotTest, EventsSentTwiceMustBeMeant) {
    apply("  - name: e\n    properties:\n      - {name: v, logicalType: string}\n");
    const json::value first = load("t.e", "v\nx\ny\n");
    EXPECT_TRUE(first.at("repeats").is_null());
    const json::value second = load("t.e", "v\nx\ny\n");
    EXPECT_EQ(second.at("status"), "refused");
    EXPECT_EQ(second.at("repeats").at("batch"), first.at("batch"));
    EXPECT_EQ(second.at("repeats").at("at"), first.at("at"));
    EXPECT_EQ(current("t.e").size(), 2u);
    LoadRequest request;
    request.dataset = "t.e";
    request.bytes = "v\nx\ny\n";
    request.again = true;
    EXPECT_EQ(intake::load(*m_store, {}, request)->status, store::BatchStatus::kAccepted);
    request.again = false;
    request.idempotency_key = "monday";
    EXPECT_EQ(intake::load(*m_store, {}, request)->status, store::BatchStatus::kAccepted);
    EXPECT_EQ(current("t.e").size(), 6u);
}

// Goal: an upsert of the same file says when it came, and that it changed nothing.
TEST_F(SnapshotTest, AnUpsertOfTheSameFileIsToldApart) {
    apply(kPerson);
    const std::string file = "id,name,born,age,sex\n001,A,,1,m\n";
    const json::value first = load("t.person", file);
    const json::value second = load("t.person", file);
    EXPECT_EQ(second.at("status"), "accepted");
    EXPECT_EQ(second.at("repeats").at("batch"), first.at("batch"));
    EXPECT_EQ(changes(second), "0 0 0 1");
    load("t.person", "id,name,born,age,sex\n001,B,,1,m\n");
    const json::value third = load("t.person", file);
    EXPECT_EQ(third.at("repeats").at("batch"), second.at("batch"));
    EXPECT_EQ(changes(third), "0 1 0 0");
    EXPECT_TRUE(load("t.person", file, contract::Mode::kSnapshot).at("repeats").is_null());
}

// A file of random rows with faults, and what it does to a map.
struct RandomFile {
    std::string text = "a,b,v,d\n";
    std::map<std::pair<int, char>, int> enters, aside;
    std::int64_t unclear = 0, rejected = 0;

    RandomFile(std::mt19937_64& random, int rows, int keys) {
        std::set<std::pair<int, char>> told;
        for (int i = 0; i < rows; ++i) {
            const std::pair<int, char> key{static_cast<int>(random() % static_cast<unsigned>(keys)),
                                           random() % 4 == 0 ? 'y' : 'x'};
            const int v = static_cast<int>(random() % 3);
            const auto fault = random() % 400;
            if (fault == 0 && rows < 300) {
                text += fmt::format("{},?,{},\n", key.first, v);
                ++unclear;
                ++rejected;
            } else if (!told.insert(key).second) {
                continue;  // one row a key: repeats are tested by themselves
            } else if (fault < 20) {
                text += fmt::format("{},{},?,\n", key.first, key.second);
                aside.emplace(key, v);
                ++rejected;
            } else {
                text += fmt::format("{},{},{},\n", key.first, key.second, v);
                enters.emplace(key, v);
            }
        }
    }
};

// Goal: any order of snapshots and upserts, with faults, confirmed or not, leaves the rows that a
// map has; also as of every earlier moment. Method: a random walk.
TEST_F(SnapshotTest, AgreesWithAModel) {
    apply(kThing);
    std::mt19937_64 random(5);
    std::map<std::pair<int, char>, int> model;
    std::map<store::Seq, std::int64_t> rows_at;  // by head
    const auto lines_of = [](const auto& rows) {
        Lines lines;
        for (const auto& [key, v] : rows)
            lines.push_back(fmt::format("{}|{}|{}|-", key.first, key.second, v));
        std::ranges::sort(lines);
        return lines;
    };
    int refused = 0, deleted = 0, held = 0;
    for (int batch = 0; batch < 40; ++batch) {
        const RandomFile file(random,
                              batch % 8 == 7 ? 20'000 : 40 + static_cast<int>(random() % 200),
                              batch % 8 == 7 ? 5'000 : 100);
        const bool snapshot = random() % 4 != 0;
        const bool confirms = random() % 3 != 0;
        auto after = file.enters;
        std::int64_t deletes = 0;
        for (const auto& [key, v] : model) {
            if (file.enters.contains(key)) continue;
            if (!snapshot || file.unclear > 0 || file.aside.contains(key)) {
                after.emplace(key, v);
            } else {
                ++deletes;
            }
        }
        const auto rows = static_cast<std::int64_t>(model.size());
        const bool too_many =
            deletes > 0 && (deletes > rows / (rows < 20 ? 2 : 10) || deletes == rows);
        const json::value receipt =
            snapshot && confirms
                ? load_confirmed("t.thing", file.text, deletes)
                : load("t.thing", file.text,
                       snapshot ? contract::Mode::kSnapshot : contract::Mode::kUpsert);
        ASSERT_EQ(at(receipt, "rows", "read"),
                  static_cast<std::int64_t>(file.enters.size()) + file.rejected);
        const bool expected = snapshot && !confirms && too_many;
        ASSERT_EQ(receipt.at("status") == "refused", expected) << batch;
        if (expected) {
            ++refused;
            ASSERT_EQ(at(receipt, "snapshot", "confirm"), deletes);
        } else {
            ASSERT_EQ(at(receipt, "changes", "deleted"), deletes);
            ASSERT_EQ(at(receipt, "rows", "rejected"), file.rejected);
            deleted += static_cast<int>(deletes);
            held += snapshot && file.unclear > 0 ? 1 : 0;
            model = after;
        }
        ASSERT_TRUE(current("t.thing") == lines_of(model)) << batch;
        ASSERT_EQ(m_store->head("t.thing")->rows, static_cast<std::int64_t>(model.size()));
        rows_at[m_store->head("t.thing")->seq] = static_cast<std::int64_t>(model.size());
    }
    EXPECT_TRUE(refused > 2 && deleted > 100 && held > 2) << refused << deleted << held;
    const auto info = m_store->dataset("t.thing");
    const auto segments = m_store->segments("t.thing", 1'000'000'000);
    const auto duck = sql::Duck::open({});
    for (const auto& [seq, rows] : rows_at) {
        const std::string view =
            store::current_view(**info, *segments, seq, store::WithSeq::kNo).sql;
        EXPECT_EQ(*(*duck)->query_integer("SELECT count(*) FROM (" + view + ")"), rows);
    }
    EXPECT_TRUE(m_store->verify({}, m_key->public_key(), {})->ok);
}

}  // namespace
}  // namespace nguon::intake
