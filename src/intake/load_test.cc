#include "intake/load.h"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <map>
#include <random>

#include "base/simulated_disk.h"
#include "crypto/keys.h"
#include "intake/change_rows.h"
#include "intake/check.h"
#include "intake/profile.h"
#include "intake/quarantine.h"
#include "sql/duckdb.h"
#include "store/merge.h"

namespace nguon::intake {
namespace {

constexpr std::string_view kHead =
    "apiVersion: v3.2.0\nkind: DataContract\nid: t\nname: t\ndomain: t\nversion: 1.0.0\nstatus: "
    "active\nschema:\n";

class LoadTest : public testing::Test {
protected:
    void SetUp() override {
        m_folder = std::filesystem::temp_directory_path() /
                   fmt::format("intake-{}-{}", ::getpid(), ++s_count);
        std::filesystem::create_directories(m_folder);
        m_key = std::make_unique<crypto::PrivateKey>(*crypto::PrivateKey::generate());
        store::Store::Options options;
        options.folder = m_folder;
        options.disk = &real_disk();
        options.clock = &system_clock();
        options.random = &system_random();
        options.signer = m_key.get();
        m_store = std::move(*store::Store::open(options));
    }
    void TearDown() override {
        m_store.reset();
        std::filesystem::remove_all(m_folder);
    }
    void apply(std::string_view schemas) {
        const auto contract = contract::parse(std::string(kHead) + std::string(schemas), "t.yaml");
        ASSERT_TRUE(contract) << (contract.error().errors.empty()
                                      ? contract.error().detail.en
                                      : contract.error().errors[0].problem.en);
        const auto applied = m_store->apply({*contract});
        ASSERT_TRUE(applied) << applied.error().detail.en;
    }
    json::value load(std::string dataset, std::string bytes,
                     std::optional<contract::Mode> mode = {}) {
        LoadRequest request;
        request.dataset = std::move(dataset);
        request.bytes = std::move(bytes);
        request.mode = mode;
        const auto receipt = intake::load(*m_store, LoadOptions{}, request);
        EXPECT_TRUE(receipt) << receipt.error().detail.en;
        return receipt ? *parse_json(receipt->json_text) : json::value(nullptr);
    }
    // "row rule" of every quarantine entry, in order.
    std::vector<std::string> set_aside(const json::value& receipt) {
        const auto batch = m_store->batch(receipt.at("batch").as_string());
        const auto rows = quarantine_rows(*m_store, *batch, Language::kEnglish, {});
        std::vector<std::string> entries;
        for (const json::value& row : rows->at("rows").as_array()) {
            entries.push_back(fmt::format("{} {}", row.at("row").as_int64(),
                                          std::string_view(row.at("rule").as_string())));
        }
        return entries;
    }
    // The current rows as "a|b|…", sorted.
    std::vector<std::string> current(const std::string& dataset) {
        const auto info = m_store->dataset(dataset);
        const auto head = m_store->head(dataset);
        const auto segments = m_store->segments(dataset, head->seq);
        const auto duck = sql::Duck::open({});
        auto rows = (*duck)->query(
            "SELECT COLUMNS(*)::VARCHAR FROM (" +
            store::current_view(**info, *segments, head->seq, store::WithSeq::kNo).sql + ")");
        EXPECT_TRUE(rows) << rows.error().detail.en;
        std::vector<std::string> lines;
        while (const std::size_t count = *rows->next()) {
            for (std::size_t i = 0; i < count; ++i) {
                std::string line;
                for (std::size_t c = 0; c < rows->column_count(); ++c) {
                    line +=
                        (c == 0 ? "" : "|") +
                        (rows->is_null(c, i) ? std::string("-") : std::string(rows->text(c, i)));
                }
                lines.push_back(line);
            }
        }
        std::ranges::sort(lines);
        return lines;
    }
    static std::int64_t at(const json::value& receipt, std::string_view group,
                           std::string_view name) {
        return receipt.at(group).at(name).to_number<std::int64_t>();
    }

    static inline int s_count = 0;
    std::filesystem::path m_folder;
    std::unique_ptr<crypto::PrivateKey> m_key;
    std::unique_ptr<store::Store> m_store;
};

using Lines = std::vector<std::string>;

constexpr std::string_view kPerson =
    "  - name: person\n    properties:\n"
    "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1, "
    "logicalTypeOptions: {pattern: '^[0-9]{3}$'}}\n"
    "      - {name: name, logicalType: string, required: true, logicalTypeOptions: {maxLength: "
    "5}}\n"
    "      - {name: born, logicalType: date}\n"
    "      - {name: age, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 150}}\n"
    "      - name: sex\n        logicalType: string\n        enum: [{value: m}, {value: f}]\n"
    "    quality:\n      - {type: custom, engine: nguon, name: born_or_age, implementation: 'born "
    "IS NOT NULL OR age IS NOT NULL'}\n";

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
        const auto receipt = put_row(*m_store, {}, "t.person", key, row, "");
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
    const auto put = [&](const std::string& row) {
        return put_row(*m_store, {}, "t.birth", "1", row, "");
    };
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
    EXPECT_EQ(at(few, "rows", "accepted"), 0);
    EXPECT_EQ(m_store->head("t.r")->seq, 0);
    EXPECT_EQ(load("t.r", "v,w\n,1\n,2\na,3\n").at("status"), "refused") << "two of three are null";
    EXPECT_EQ(load("t.r", "v\na\na\n").at("status"), "accepted") << "a duplicate is a warning here";
    EXPECT_EQ(load("t.r", "v\nb\nc\n").at("status"), "refused")
        << "rowCount is of the dataset: 4 after it";
}

TEST_F(LoadTest, WhatCannotBeReadIsRefusedWithAReceipt) {
    apply(kPerson);
    EXPECT_EQ(load("t.person", "").at("status"), "refused");
    const json::value missing = load("t.person", "id,sex\n001,m\n");
    EXPECT_EQ(missing.at("status"), "refused");
    EXPECT_EQ(missing.at("results").as_array().size(), 1u);
    EXPECT_EQ(load("t.person", std::string("\x1F\x8B\x08 damaged gzip")).at("status"), "refused");
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

// Goal: a first contract alters no value. Method: numbers with more digits than a double keeps.
TEST_F(LoadTest, DraftContractKeepsLongNumbersWhole) {
    scan::InputOptions input;
    input.bytes = "stk,n,r\n12345678901234567890,9007199254740993,1.5\n12345678901234567891,1,2\n";
    const auto profiled = profile(input, system_random());
    ASSERT_TRUE(profiled);
    EXPECT_EQ(profiled->columns[0].type, contract::LogicalType::kString);
    EXPECT_EQ(profiled->columns[1].type, contract::LogicalType::kInteger);
    EXPECT_EQ(profiled->columns[2].type, contract::LogicalType::kNumber);
}

// Goal: a first contract loads the file it was made from. Method: a file with what offices have in
// it.
TEST_F(LoadTest, DraftContractLoadsItsFile) {
    const std::string text =
        "Mã số;Họ và tên;Ngày sinh;Điện thoại;Số con\n0012;Nguyễn Văn "
        "A;31/01/1990;0912345678;2\n0013;Trần Thị B;28/02/1991;;0\n0014;Lê "
        "C;01/12/1985;0987654321;\n";
    scan::InputOptions input;
    input.bytes = text;
    const auto profiled = profile(input, system_random());
    ASSERT_TRUE(profiled);
    EXPECT_EQ(profiled->columns[0].type, contract::LogicalType::kString) << "leading zeros stay";
    EXPECT_EQ(profiled->columns[2].date_format, "dd/MM/yyyy");
    EXPECT_EQ(profiled->columns[3].personal, "phone");
    EXPECT_TRUE(profiled->columns[0].likely_key);
    const auto contract = contract::parse(draft_contract(*profiled, "Danh sách.csv"), "draft.yaml");
    ASSERT_TRUE(contract) << contract.error().errors[0].problem.en;
    ASSERT_TRUE(m_store->apply({*contract}));
    const json::value receipt = load(contract->datasets[0].name, text);
    EXPECT_EQ(at(receipt, "rows", "accepted"), 3);
    EXPECT_EQ(at(receipt, "rows", "rejected"), 0);
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

// Goal: what was set aside can be mended where it stands and sent back. Method: quotes, commas, a
// tab between fields, two faults in one row, damage; the file as a whole is what is compared.
TEST_F(LoadTest, TheMendingFileIsTakenBack) {
    apply(kPerson);
    const json::value first = load("t.person",
                                   "sex\tborn\tid\tname\tage\n"
                                   "m\t2000-01-01\t001\tAn\t1\n"
                                   "x\t2000-02-30\t002\t\"B, \"\"b\"\"\"\t2\n"
                                   "m\t\t003\t'C'\n"
                                   "m\t\t004\tD\xFF\t4\n"
                                   "f\t\t001\tE\t5\n");
    const auto batch = m_store->batch(first.at("batch").as_string());
    const std::filesystem::path file = m_folder / "tmp" / "rows.csv";
    const auto exported =
        export_quarantine(*m_store, *batch, Language::kEnglish, QuarantineFormat::kCsv, file);
    ASSERT_TRUE(exported) << exported.error().detail.en;
    const std::string head = "id,name,born,age,sex,_row,_rule,_reason,_record\n";
    const std::string text = *real_disk().read_all(file);
    EXPECT_EQ(text,
              head +
                  "002,\"B, \"\"b\"\"\",2000-02-30,2,x,2,enum:sex; length:name; type:born,"
                  "sex: Not in the list of allowed values; name: Length outside 0 to 5 characters; "
                  "born: Not a date (yyyy-MM-dd),\n"
                  ",,,,,3,record:fields,\"4 fields, the header has 5\",m\t\t003\t'C'\n"
                  ",,,,,4,record:encoding,Bytes that are not UTF-8: save the file as CSV UTF-8,"
                  "hex:" +
                  hex("m\t\t004\tD\xFF\t4") +
                  "\n"
                  "001,E,,5,f,5,key:id,\"id: The same key as an earlier row of the file, or as a "
                  "row already there\",\n");
    LoadRequest request;
    request.dataset = "t.person";
    request.corrects = batch->id;
    request.bytes = head + "002,\"B, b\",2000-02-29,2,m,2,length:name; type:born,some reason,\n" +
                    "003,'C',,3,m,3,record:fields,,m\t\t003\t'C'\n";
    const auto second = intake::load(*m_store, {}, request);
    ASSERT_TRUE(second) << second.error().detail.en;
    const json::value receipt = *parse_json(second->json_text);
    EXPECT_EQ(std::string_view(receipt.at("corrects").as_string()), batch->id);
    EXPECT_EQ(at(receipt, "rows", "accepted"), 2);
    for (const json::value& result : receipt.at("results").as_array())
        EXPECT_EQ(result.at("failed"), 0) << to_text(result);
    EXPECT_EQ(current("t.person"),
              (Lines{"001|An|2000-01-01|1|m", "002|B, b|2000-02-29|2|m", "003|'C'|-|3|m"}));
}

// Goal: a name that begins with `_` is never a column. Method: contract columns with the same name
// behind it, and a file that has both.
TEST_F(LoadTest, ReservedColumnsAreLeftOut) {
    apply(
        "  - name: n\n    properties:\n      - {name: row, logicalType: string}\n"
        "      - {name: rule, logicalType: string}\n");
    const json::value receipt = load("t.n", "_row,row,_rule\n1,a,b\n");
    EXPECT_EQ(at(receipt, "rows", "accepted"), 1);
    EXPECT_EQ(current("t.n"), (Lines{"a|-"}));
}

// Goal: each kind of damage is counted by itself and said with its place. Method: one of each, and
// one record that has two.
TEST_F(LoadTest, DamageIsNamedByItsKind) {
    apply(kPerson);
    const std::string bytes = std::string("id,name,born,age,sex\n001,A\n002,\"B,,1,m\n003,") +
                              '\0' + ",,1,m\n004,\xFF,,1,m\n005,\xFF" + '\0' +
                              ",,1,m\n006,A,,1,m\n007,A,,1,m,m\n";
    const json::value receipt = load("t.person", bytes);
    EXPECT_EQ(set_aside(receipt), (Lines{"1 record:fields", "2 record:quote", "3 record:nul",
                                         "4 record:encoding", "5 record:nul", "7 record:fields"}));
    CheckRequest request;
    request.file_name = "f.csv";
    request.bytes = bytes;
    request.scratch = m_folder / "tmp";
    const auto answer = check(request, {real_disk(), system_clock(), system_random()});
    ASSERT_TRUE(answer) << answer.error().detail.en;
    EXPECT_EQ(answer->at("rejected"), 6);
    EXPECT_EQ(answer->at("encoding"), "unknown");
    std::map<std::string, std::string>
        found;  // by rule: failed, rows and what is said of the first
    for (const json::array* results :
         {&answer->at("results").as_array(), &receipt.at("results").as_array()}) {
        for (const json::value& result : *results) {
            if (result.at("failed") == 0) continue;
            std::string text =
                to_text(result.at("failed")) + " of " + to_text(result.at("checked"));
            for (const json::value& example : result.at("examples").as_array())
                text += " " + to_text(example.at("row"));
            const json::value& first = result.at("examples").at(0);
            if (const json::value* reason = first.get_object().if_contains("reason"))
                text += " " + std::string(reason->at("en").as_string());
            const auto [at, fresh] = found.emplace(result.at("rule").as_string(), text);
            EXPECT_EQ(at->second, text) << "load and check say the same";
        }
    }
    EXPECT_EQ(found, (std::map<std::string, std::string>{
                         {"record:fields", "2 of 7 1 7 2 fields, the header has 5"},
                         {"record:quote", "1 of 7 2"},
                         {"record:nul", "2 of 7 3 5"},
                         {"record:encoding", "1 of 7 4"}}));
}

// Goal: a number that does not fit says why. Method: decimals, digits, and what is no number.
TEST_F(LoadTest, DecimalsSayWhatDoesNotFit) {
    apply(
        "  - name: d\n    properties:\n      - {name: v, logicalType: number, physicalType: "
        "'DECIMAL(5,2)'}\n      - {name: w, logicalType: number, physicalType: 'DECIMAL(5,0)'}\n");
    const json::value receipt =
        load("t.d",
             "v,w\n1.234,1\n1.2300,1.0\n1000,1\nx,1\n1.2.3,1\n0001.5,00123456\n1,1.5\n-1.001,1\n");
    const auto batch = m_store->batch(receipt.at("batch").as_string());
    const auto rows = quarantine_rows(*m_store, *batch, Language::kEnglish, {});
    Lines reasons;
    for (const json::value& row : rows->at("rows").as_array())
        reasons.push_back(to_text(row.at("row")) + " " + std::string(row.at("reason").as_string()));
    const std::string other = "Not a number with at most 3 digits before the point and 2 after";
    EXPECT_EQ(reasons, (Lines{"1 Too many decimals: at most 2",
                              "3 Too many digits before the point: at most 3", "4 " + other,
                              "5 " + other, "6 Too many digits before the point: at most 5",
                              "7 No decimals are allowed here", "8 Too many decimals: at most 2"}));
}

// Goal: a full disk is said, not written around. Method: the first write of the output fails.
TEST(WriteRows, AFullDiskIsUnavailable) {
    scan::InputOptions input;
    input.bytes = "a,b\n1,\"'x'\"\n";
    SimulatedDisk disk;
    ASSERT_TRUE(disk.make_folders("/out"));
    ASSERT_TRUE(write_rows(input, disk, "/out/good.csv"));
    EXPECT_EQ(*disk.read_all("/out/good.csv"), "a,b\n1,\"'x'\"\n");
    disk.fail_at(3);  // 1: made, 2: emptied
    const auto written = write_rows(input, disk, "/out/rows.csv");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Code::kUnavailable);
    EXPECT_FALSE(written.error().fix.empty());
}

}  // namespace
}  // namespace nguon::intake
