#include "intake/load.h"

#include <ctime>
#include <map>
#include <random>

#include "intake/change_rows.h"
#include "intake/internal/load_fixture.h"

namespace nguon::intake {
namespace {

// Goal: one name is one key however its marks are typed. Method: NFC and NFD in one file, then
// again.
TEST_F(LoadTest, OneTextHasOneSpelling) {
    apply(
        "  - name: word\n    properties:\n"
        "      - {name: w, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
        "      - name: kind\n        logicalType: string\n        enum: [{value: h\u1ecdc}]\n");
    const json::value first = load("t.word",
                                   "w,kind\nNguye\u0302\u0303n,ho\u0323c\nNguy\u1ec5n,h\u1ecdc\n"
                                   "\u0110\u1ee9c,h\u1ecdc\n");
    EXPECT_EQ(set_aside(first), (Lines{"2 key:w"}));
    EXPECT_EQ(current("t.word"), (Lines{"Nguy\u1ec5n|h\u1ecdc", "\u0110\u1ee9c|h\u1ecdc"}));
    const json::value again = load("t.word", "w,kind\nNguye\u0302\u0303n,h\u1ecdc\n");
    EXPECT_EQ(at(again, "changes", "unchanged"), 1);
}

// Goal: no value of a row stops a load. Method: expressions that raise an error on it.
TEST_F(LoadTest, ARowThatARuleCannotJudgeIsSetAside) {
    apply(
        "  - name: n\n    properties:\n"
        "      - {name: a, logicalType: string}\n"
        "      - {name: x, logicalType: number, logicalTypeOptions: {multipleOf: 0.5}}\n"
        "      - {name: d, logicalType: date}\n"
        "    quality:\n"
        "      - {type: custom, engine: nguon, name: whole, implementation: 'a::INTEGER > 0'}\n"
        "      - {type: custom, engine: nguon, name: past, implementation: 'd <= current_date'}\n");
    const json::value receipt = load("t.n",
                                     "a,x,d\n1,1.5,2020-01-01\nabc,1,2020-01-01\n2,1e300,\n"
                                     ",,\"\"\n3,1,9999-12-31\n");
    EXPECT_EQ(set_aside(receipt), (Lines{"2 whole", "3 range:x", "5 past"}));
    EXPECT_EQ(at(receipt, "rows", "accepted"), 2);
}

// Goal: every row rule sets aside exactly its own row, with its number. Method: one fault a row.
TEST_F(LoadTest, EachRuleSetsAsideItsRow) {
    apply(kPerson);
    const json::value receipt =
        load("t.person",
             "id,name,born,age,sex\n"
             "001,An,2000-01-01,1,m\n"      // 1 good
             "0x2,An,2000-01-01,1,m\n"      // 2 pattern
             "003,,2000-01-01,1,m\n"        // 3 required
             "004,Nguyễn,2000-01-01,1,m\n"  // 4 length: characters, not bytes
             "005,Bình,2000-02-30,1,m\n"    // 5 type; four characters, six bytes
             "006,An,2000-01-01,151,m\n"    // 6 range
             "007,An,2000-01-01,1,x\n"      // 7 enum
             "008,An,,,m\n"                 // 8 expression
             "001,Bi,2000-01-01,1,f\n"      // 9 key
             "010,An,2000-01-01,1\n"        // 10 record
             ",An,2000-01-01,1,m\n");       // 11 required
    EXPECT_EQ(
        set_aside(receipt),
        (Lines{"2 pattern:id", "3 required:name", "4 length:name", "5 type:born", "6 range:age",
               "7 enum:sex", "8 born_or_age", "9 key:id", "10 record:fields", "11 required:id"}));
    EXPECT_EQ(at(receipt, "rows", "read"), 11);
    EXPECT_EQ(at(receipt, "rows", "accepted"), 1);
    EXPECT_EQ(at(receipt, "changes", "inserted"), 1);
    EXPECT_EQ(current("t.person"), (Lines{"001|An|2000-01-01|1|m"}));
    const json::value& scores = receipt.at("scores");
    EXPECT_EQ(scores.at("overall"), 9);  // floor(100/11 · 10)/10 = 9.0
    EXPECT_EQ(scores.at("complete"), 81.8);
}

// Goal: an upsert tells inserted, updated and unchanged rows apart, and only changes enter history.
TEST_F(LoadTest, UpsertComparesWithWhatStands) {
    apply(kPerson);
    load("t.person",
         "id,name,born,age,sex\n001,A,2000-01-01,1,m\n002,B,2000-01-01,,f\n003,C,,3,m\n");
    const json::value second =
        load("t.person",
             "id,name,born,age,sex\n001,A,2000-01-01,1,m\n002,B,2000-01-01,,m\n004,D,,4,f\n");
    EXPECT_EQ(at(second, "changes", "inserted"), 1);
    EXPECT_EQ(at(second, "changes", "updated"), 1);
    EXPECT_EQ(at(second, "changes", "unchanged"), 1);
    EXPECT_EQ(at(second, "seq", "first"), 4);
    EXPECT_EQ(at(second, "seq", "last"), 5);
    EXPECT_EQ(current("t.person"), (Lines{"001|A|2000-01-01|1|m", "002|B|2000-01-01|-|m",
                                          "003|C|-|3|m", "004|D|-|4|f"}));
    const json::value third = load("t.person", "id,name,born,age,sex\n001,A,2000-01-01,1,m\n");
    EXPECT_TRUE(third.at("seq").at("first").is_null()) << "nothing changed";
    EXPECT_EQ(m_store->head("t.person")->seq, 5);
}

// Goal: of equal keys the first valid row stays. Method: the first row of a key is at fault.
TEST_F(LoadTest, FirstValidRowOfAKeyStays) {
    apply(kPerson);
    const json::value receipt =
        load("t.person", "id,name,born,age,sex\n001,,,1,m\n001,B,,2,m\n001,C,,3,m\n002,D,,4,m\n");
    EXPECT_EQ(set_aside(receipt), (Lines{"1 required:name", "3 key:id"}));
    EXPECT_EQ(current("t.person"), (Lines{"001|B|-|2|m", "002|D|-|4|m"}));
}

// Goal: the pass agrees with a plain model. Method: random files with faults and repeated keys,
// many blocks.
TEST_F(LoadTest, AgreesWithAModel) {
    apply(
        "  - name: item\n    properties:\n      - {name: a, logicalType: integer, primaryKey: "
        "true, primaryKeyPosition: 1}\n"
        "      - {name: b, logicalType: string, primaryKey: true, primaryKeyPosition: 2}\n      - "
        "{name: v, logicalType: integer, required: true}\n");
    std::mt19937_64 random(11);
    std::map<std::pair<int, std::string>, int> model;
    for (int batch = 0; batch < 3; ++batch) {
        std::string text = "a,b,v\n";
        std::set<std::pair<int, std::string>> seen;
        std::int64_t rejected = 0;
        for (int row = 0; row < 120'000; ++row) {
            const int a = static_cast<int>(random() % 30'000);
            const std::string b = random() % 2 == 0 ? "x" : "y,z";
            const int v = static_cast<int>(random() % 100);
            const bool bad = random() % 20 == 0;
            text += fmt::format("{}{},\"{}\",{}\n", random() % 3 == 0 ? "0" : "", a, b,
                                bad ? std::string("?") : fmt::format("{}", v));
            if (bad || !seen.insert({a, b}).second) {
                ++rejected;
            } else {
                model[{a, b}] = v;
            }
        }
        const json::value receipt = load("t.item", text);
        EXPECT_EQ(at(receipt, "rows", "rejected"), rejected);
    }
    Lines expected;
    for (const auto& [key, v] : model)
        expected.push_back(fmt::format("{}|{}|{}", key.first, key.second, v));
    std::ranges::sort(expected);
    EXPECT_TRUE(current("t.item") == expected);
}

TEST_F(LoadTest, ReferencesLookIntoTheOtherDatasetAndIntoItself) {
    apply(
        "  - name: ward\n    properties:\n      - {name: code, logicalType: string, primaryKey: "
        "true, primaryKeyPosition: 1}\n"
        "  - name: unit\n    properties:\n      - {name: id, logicalType: string, primaryKey: "
        "true, primaryKeyPosition: 1}\n"
        "      - name: ward\n        logicalType: string\n        relationships: [{type: "
        "foreignKey, to: ward.code}]\n"
        "      - name: parent\n        logicalType: string\n        relationships: [{type: "
        "foreignKey, to: unit.id}]\n");
    load("t.ward", "code\n01\n02\n");
    const json::value receipt =
        load("t.unit", "id,ward,parent\na,01,\nb,09,\nc,02,d\nd,02,a\ne,,zz\n");
    EXPECT_EQ(set_aside(receipt), (Lines{"2 reference:ward", "5 reference:parent"}));
    EXPECT_EQ(current("t.unit"), (Lines{"a|01|-", "c|02|d", "d|02|a"}));
}

TEST_F(LoadTest, ReferencesMayHaveSeveralColumns) {
    apply(
        "  - name: plot\n    properties:\n      - {name: ward, logicalType: string, primaryKey: "
        "true, primaryKeyPosition: 1}\n"
        "      - {name: number, logicalType: integer, primaryKey: true, primaryKeyPosition: 2}\n"
        "  - name: deed\n    relationships: [{type: foreignKey, from: [deed.ward, deed.plot], to: "
        "[plot.ward, plot.number]}]\n"
        "    properties:\n      - {name: id, logicalType: string, primaryKey: true, "
        "primaryKeyPosition: 1}\n"
        "      - {name: ward, logicalType: string}\n      - {name: plot, logicalType: integer}\n");
    load("t.plot", "ward,number\n01,1\n02,2\n");
    EXPECT_EQ(set_aside(load("t.deed", "id,ward,plot\na,01,1\nb,01,2\nc,02,\nd,02,2\n")),
              (Lines{"2 reference:ward,plot"}));
}

// Goal: single rows go the way of batches. Method: put, replace, break a rule, delete, delete what
// is not there.
TEST_F(LoadTest, SingleRowsArePutAndDeleted) {
    apply(kPerson);
    const auto put = [&](const char* key, const char* row) {
        const auto receipt = LoadTest::put("t.person", key, row);
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    };
    EXPECT_EQ(at(put("001", "{\"name\":\"A\",\"age\":5}"), "changes", "inserted"), 1);
    EXPECT_EQ(at(put("001", "{\"id\":\"001\",\"name\":\"B\",\"age\":5}"), "changes", "updated"), 1);
    EXPECT_EQ(at(put("002", "{\"name\":\"C\",\"age\":500}"), "rows", "rejected"), 1);
    EXPECT_TRUE(put("001", "{\"id\":\"003\",\"name\":\"B\"}").is_null())
        << "another key in the body";
    EXPECT_TRUE(put("001", "[]").is_null());
    EXPECT_EQ(current("t.person"), (Lines{"001|B|-|5|-"}));
    put("004", "{\"name\":\"D\",\"age\":1}");
    EXPECT_EQ(delete_rows(*m_store, {}, "t.person", {"001", "009"}, "").error().code,
              Code::kNotFound);
    EXPECT_EQ(current("t.person").size(), 2u) << "all or none";
    const auto deleted = delete_rows(*m_store, {}, "t.person", {"001"}, "k");
    ASSERT_TRUE(deleted) << deleted.error().detail.en;
    EXPECT_EQ(at(*parse_json(deleted->json_text), "changes", "deleted"), 1);
    EXPECT_TRUE(delete_rows(*m_store, {}, "t.person", {"001"}, "k")->repeated);
    EXPECT_EQ(delete_rows(*m_store, {}, "t.person", {"999"}, "").error().detail.en,
              "No row has this key.");
    EXPECT_EQ(current("t.person"), (Lines{"004|D|-|1|-"}));
    EXPECT_EQ(at(put("001", "{\"name\":\"E\",\"age\":1}"), "changes", "inserted"), 1);
    EXPECT_EQ(m_store->head("t.person")->rows, 2);
}

// Goal: a row is written as it was read. Method: dates in the contract's own format and as ISO
// 8601; members that are no column, and NUL, are refused by name.
TEST_F(LoadTest, ARowIsPutAsItWasRead) {
    apply(
        "  - name: birth\n    properties:\n      - {name: id, logicalType: string, primaryKey: "
        "true, "
        "primaryKeyPosition: 1}\n      - {name: born, logicalType: date, logicalTypeOptions: "
        "{format: dd/MM/yyyy}}\n      - {name: note, logicalType: string}\n");
    const auto put = [&](const std::string& row) { return LoadTest::put("t.birth", "1", row); };
    const auto changes = [&](const std::string& row, const char* what) {
        const auto receipt = put(row);
        if (!receipt) ADD_FAILURE() << receipt.error().detail.en;
        return receipt ? at(*parse_json(receipt->json_text), "changes", what) : -1;
    };
    EXPECT_EQ(changes(R"({"id":"1","born":"03/02/1990","note":null})", "inserted"), 1);
    EXPECT_EQ(changes(R"({"id":"1","born":"1990-02-03","note":null})", "unchanged"), 1);
    EXPECT_EQ(current("t.birth"), (Lines{"1|1990-02-03|-"}));
    const auto refused = put(R"({"id":"1","born":"1990-02-31"})");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, store::BatchStatus::kRefused);
    EXPECT_EQ(at(*parse_json(refused->json_text), "rows", "rejected"), 1);
    const auto unknown = put(R"({"id":"1","nane":"x"})");
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().detail.en.find("no column \"nane\""), std::string::npos);
    EXPECT_NE(unknown.error().fix.en.find("id, born, note"), std::string::npos);
    const auto nul = put(R"({"id":"1","note":"a\u0000b"})");
    ASSERT_FALSE(nul);
    EXPECT_NE(nul.error().detail.en.find("NUL"), std::string::npos);
    EXPECT_EQ(current("t.birth"), (Lines{"1|1990-02-03|-"}));
}

TEST_F(LoadTest, DecimalsOf38DigitsComeBackWhole) {
    apply(
        "  - name: money\n    properties:\n      - {name: id, logicalType: integer, primaryKey: "
        "true, primaryKeyPosition: 1}\n"
        "      - {name: sum, logicalType: number, physicalType: 'DECIMAL(38,2)'}\n");
    load("t.money", "id,sum\n1,12345678901234567890123456.25\n2,-0.5\n3,1.005\n");
    EXPECT_EQ(current("t.money"), (Lines{"1|12345678901234567890123456.25", "2|-0.50"}));
}

TEST_F(LoadTest, UniqueColumnsHoldWithinTheFileAndAgainstWhatStands) {
    apply(
        "  - name: u\n    properties:\n      - {name: id, logicalType: integer, primaryKey: true, "
        "primaryKeyPosition: 1}\n"
        "      - {name: mail, logicalType: string, unique: true}\n");
    EXPECT_EQ(set_aside(load("t.u", "id,mail\n1,a\n2,a\n3,\n4,\n5,b\n")), (Lines{"2 unique:mail"}));
    EXPECT_EQ(set_aside(load("t.u", "id,mail\n1,a\n6,b\n7,c\n")), (Lines{"2 unique:mail"}));
}

TEST_F(LoadTest, AppendKeepsKeysApartAndKeylessRowsRepeat) {
    apply(
        "  - name: k\n    customProperties: [{property: mode, value: append}]\n    properties:\n"
        "      - {name: id, logicalType: integer, primaryKey: true, primaryKeyPosition: 1}\n      "
        "- {name: v, logicalType: string}\n"
        "  - name: e\n    properties:\n      - {name: v, logicalType: string}\n");
    load("t.k", "id,v\n1,a\n2,b\n");
    EXPECT_EQ(set_aside(load("t.k", "id,v\n2,c\n3,d\n")), (Lines{"1 key:id"}));
    load("t.e", "v\nx\nx\n");
    load("t.e", "v\nx\n");
    EXPECT_EQ(current("t.e").size(), 3u);
}

// Goal: a table rule of severity error refuses the whole batch, with a receipt; a warning does not.
TEST_F(LoadTest, TableRulesRefuseOrWarn) {
    apply(
        "  - name: r\n    properties:\n      - name: v\n        logicalType: string\n"
        "        quality: [{type: library, metric: nullValues, mustBeLessThan: 50, unit: "
        "percent}]\n"
        "    quality:\n      - {type: library, metric: rowCount, mustBeBetween: [2, 3]}\n"
        "      - {type: library, metric: duplicateValues, mustBe: 0, severity: warning, arguments: "
        "{properties: [v]}}\n");
    const json::value few = load("t.r", "v\na\n");
    EXPECT_EQ(few.at("status"), "refused");
    EXPECT_EQ(few.at("results").as_array().back().at("description").at("vi"),
              "Số dòng là 1, phải từ 2 đến 3");
    EXPECT_EQ(few.at("results").as_array().back().at("refuses"), true);
    EXPECT_EQ(at(few, "rows", "accepted"), 0);
    EXPECT_EQ(m_store->head("t.r")->seq, 0);
    EXPECT_EQ(load("t.r", "v,w\n,1\n,2\na,3\n").at("status"), "refused") << "two of three are null";
    EXPECT_EQ(load("t.r", "v\na\na\n").at("status"), "accepted") << "a duplicate is a warning here";
    EXPECT_EQ(load("t.r", "v\nb\nc\n").at("status"), "refused")
        << "rowCount is of the dataset: 4 after it";
}

TEST_F(LoadTest, WhatCannotBeReadIsRefusedWithAReceipt) {
    apply(kPerson);
    const json::value missing = load("t.person", "id,sex\n001,m\n");
    EXPECT_EQ(missing.at("status"), "refused");
    EXPECT_EQ(missing.at("results").as_array().size(), 1u);
    const json::value damaged = load("t.person", std::string("\x1F\x8B\x08 damaged gzip"));
    EXPECT_EQ(damaged.at("status"), "refused");
    const json::value& why = damaged.at("results").at(0);
    EXPECT_EQ(why.at("refuses"), true);
    EXPECT_EQ(why.at("advice").at("en"), "Compress the original file again and send it.");
}

TEST_F(LoadTest, SameIdempotencyKeyGivesTheSameReceipt) {
    apply(kPerson);
    LoadRequest request;
    request.dataset = "t.person";
    request.bytes = "id,name,born,age,sex\n001,A,,1,m\n";
    request.idempotency_key = "k";
    const auto first = intake::load(*m_store, {}, request);
    const auto second = intake::load(*m_store, {}, request);
    EXPECT_EQ(first->json_text, second->json_text);
    EXPECT_TRUE(second->repeated);
    request.bytes = "id,name,born,age,sex\n002,A,,1,m\n";
    EXPECT_EQ(intake::load(*m_store, {}, request).error().code, Code::kConflict);
}

TEST_F(LoadTest, JsonLinesAndParquetLoadLikeCsv) {
    apply(kPerson);
    load("t.person",
         "{\"id\":\"001\",\"name\":\"A\",\"age\":1}\n{\"id\":\"002\",\"name\":\"B\",\"born\":"
         "\"2000-01-01\",\"sex\":\"f\"}\nnot json\n");
    EXPECT_EQ(current("t.person"), (Lines{"001|A|-|1|-", "002|B|2000-01-01|-|f"}));
    const std::filesystem::path file = m_folder / "in.parquet";
    const auto duck = sql::Duck::open({});
    ASSERT_TRUE((*duck)->execute(fmt::format(
        "COPY (SELECT * FROM (VALUES ('003', 'C', DATE '2001-02-03', 5, 'm'), ('003', 'D', NULL, "
        "6, 'm'), ('bad', 'E', NULL, 7, 'm')) v(id, name, born, age, sex)) TO {} (FORMAT parquet)",
        sql::quote_literal(file.string()))));
    LoadRequest request;
    request.dataset = "t.person";
    request.file = file;
    const auto receipt = intake::load(*m_store, {}, request);
    ASSERT_TRUE(receipt) << receipt.error().detail.en;
    EXPECT_EQ(set_aside(*parse_json(receipt->json_text)), (Lines{"2 key:id", "3 pattern:id"}));
    EXPECT_EQ(current("t.person").size(), 3u);
}

// Goal: nothing that was sent is lost. Method: bytes that are no text, in a row that is set aside.
TEST_F(LoadTest, OriginalTextOfASetAsideRowIsKept) {
    apply(kPerson);
    const json::value receipt = load("t.person", "id,name,born,age,sex\n00\xFF,A,,1,m\n");
    const auto batch = m_store->batch(receipt.at("batch").as_string());
    const auto rows = quarantine_rows(*m_store, *batch, Language::kVietnamese, {});
    EXPECT_EQ(std::string_view(rows->at("rows").at(0).at("record").as_string()),
              "hex:" + hex("00\xFF,A,,1,m"));
}

// Goal: a wide contract costs what its columns cost, not their square. Method: 1,000 columns with a
// rule each, the processor time of the load.
TEST_F(LoadTest, ThousandColumnsLoadAtOnce) {
    std::string schema = "  - name: wide\n    properties:\n", header, row;
    for (int i = 0; i < 1000; ++i) {
        schema +=
            fmt::format("      - {{name: c{}, logicalType: {}, required: true{}}}\n", i,
                        i % 2 == 0 ? "integer" : "string", i == 0 ? ", primaryKey: true" : "");
        header += fmt::format("{}c{}", i == 0 ? "" : ",", i);
        row += fmt::format("{}{}", i == 0 ? "" : ",", i);
    }
    apply(schema);
    const std::clock_t before = std::clock();
    const json::value receipt = load("t.wide", header + "\n" + row + "\nx" + row.substr(1) + "\n");
    EXPECT_LT(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 2.0);
    EXPECT_EQ(at(receipt, "rows", "accepted"), 1);
    EXPECT_EQ(set_aside(receipt), Lines{"2 type:c0"});
}

// Goal: a row that waited for its key keeps its warnings. Method: the first row with the key breaks
// a rule, so that the second enters.
TEST_F(LoadTest, WarningsOfARowThatWaitedAreCounted) {
    apply(
        "  - name: w\n    properties:\n      - {name: id, logicalType: integer, primaryKey: true}\n"
        "      - {name: n, logicalType: integer, required: true}\n"
        "      - name: note\n        logicalType: string\n        quality:\n"
        "          - {type: library, metric: nullValues, mustBe: 0, severity: warning}\n");
    const json::value receipt = load("t.w", "id,n,note\n1,,a\n1,5,\n");
    EXPECT_EQ(at(receipt, "rows", "accepted"), 1);
    std::int64_t warned = 0;
    for (const json::value& result : receipt.at("results").as_array()) {
        if (result.at("severity") == "warning") warned += result.at("failed").as_int64();
    }
    EXPECT_EQ(warned, 1);
}

}  // namespace
}  // namespace nguon::intake
