// Rows written one by one, many at once: the outcome of some order of them, and nothing lost.
#include "intake/row_writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "intake/internal/load_fixture.h"

namespace nguon::intake {
namespace {

using RowWriterTest = LoadTest;

constexpr std::string_view kCounter =
    "  - name: counter\n    properties:\n"
    "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
    "      - {name: n, logicalType: integer, logicalTypeOptions: {minimum: 0}}\n"
    "      - {name: at, logicalType: timestamp}\n      - {name: share, logicalType: number}\n"
    "      - {name: price, logicalType: number, physicalType: 'DECIMAL(20,2)'}\n"
    "      - {name: more, logicalType: object}\n      - {name: yes, logicalType: boolean}\n";

void in_threads(int count, const std::function<void(int)>& body) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&body, i] { body(i); });
}

// Goal: a row that waits is the row that is sealed. Method: every type; rows, history and lookup
// before and after, and the same row by a load changes nothing.
TEST_F(RowWriterTest, EveryTypeSurvivesSealing) {
    apply(kCounter);
    const std::string row =
        R"({"id":"a,b","n":7,"at":"2026-11-28T01:02:03.000004Z","share":0.1,"price":12345678901234567.89,"more":{"x":[1.10,"ă\"\n"]},"yes":true})";
    const auto first = put("t.counter", "a%2Cb", row);
    ASSERT_TRUE(first);
    EXPECT_EQ(parse_json(first->json_text)->at("results").as_array().size(), 0U)
        << first->json_text;
    ASSERT_TRUE(put("t.counter", "empty", R"({"n":null})"));
    const Lines before = current("t.counter");
    EXPECT_EQ(m_store->unsealed().at(0).writes, 2);
    ASSERT_TRUE(m_writer->seal(1, 0));
    EXPECT_TRUE(m_store->unsealed().empty());
    EXPECT_EQ(current("t.counter"), before);
    EXPECT_EQ(at(load("t.counter", row + "\n"), "changes", "unchanged"), 1);
    const auto again = put("t.counter", "a%2Cb", row);
    EXPECT_EQ(at(*parse_json(again->json_text), "changes", "unchanged"), 1);
    EXPECT_TRUE(m_store->verify({}, m_key->public_key(), {})->ok);
}

// Goal: concurrent edits with If-Match lose none. Method: threads read a counter and its number of
// change, add one, and write if it is still the same; every success counts.
TEST_F(RowWriterTest, IfMatchLosesNoUpdate) {
    apply(kCounter);
    ASSERT_TRUE(put("t.counter", "x", R"({"n":0})"));
    const auto info = *m_store->dataset("t.counter");
    std::atomic<int> written = 0, refused = 0;
    in_threads(6, [&](int) {
        for (int i = 0; i < 15; ++i) {
            const std::optional<store::Found> found = m_lookups->get(*info, "x").value();
            ASSERT_TRUE(found);
            const std::int64_t n = parse_json(found->row_json)->at("n").as_int64();
            WriteTerms terms;
            terms.if_match = {found->seq};
            const auto receipt = put("t.counter", "x", fmt::format("{{\"n\":{}}}", n + 1), terms);
            if (receipt) {
                ++written;
            } else {
                EXPECT_EQ(receipt.error().code, Code::kConflict);
                ++refused;
            }
        }
    });
    EXPECT_EQ(written + refused, 90);
    EXPECT_GT(written, 0);
    const std::optional<store::Found> found = m_lookups->get(*info, "x").value();
    ASSERT_TRUE(found);
    EXPECT_EQ(parse_json(found->row_json)->at("n").as_int64(), written.load());
}

// Goal: what many clients write at once is there, once, and nothing else; rows that break a rule
// are set aside one by one. Method: threads put, replace and delete keys of their own, some rows
// wrong, while another seals and another loads; then everything against what was answered.
TEST_F(RowWriterTest, ManyAtOnce) {
    apply(kCounter);
    constexpr int kThreads = 8, kWrites = 15;
    std::vector<std::map<std::string, std::int64_t>> stands(kThreads);
    std::atomic<int> accepted = 0, rejected = 0, changes = 0;
    std::atomic<bool> stop = false;
    writer();
    std::jthread house([&] {
        for (int i = 0; !stop; ++i) {
            ASSERT_TRUE(m_writer->seal(1, 0));
            load("t.counter", fmt::format("id,n,at,share,price,more,yes\nload-{0},{0},,,,,\n", i));
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
        }
    });
    in_threads(kThreads, [&](int thread) {
        std::mt19937 random(static_cast<unsigned>(thread));
        for (int i = 0; i < kWrites; ++i) {
            const std::string key = fmt::format("{}-{}", thread, random() % 6);
            const bool remove = random() % 5 == 0;
            const bool wrong = !remove && random() % 12 == 0;
            const bool was_there = stands[static_cast<std::size_t>(thread)].contains(key);
            const auto receipt =
                remove ? m_writer->remove("t.counter", key, {})
                       : put("t.counter", key, fmt::format("{{\"n\":{}}}", wrong ? -1 : i));
            if (remove && !was_there) {
                ASSERT_FALSE(receipt);
                EXPECT_EQ(receipt.error().code, Code::kNotFound);
                continue;
            }
            ASSERT_TRUE(receipt) << receipt.error().detail.en;
            if (wrong) {
                EXPECT_EQ(receipt->status, store::BatchStatus::kRefused);
                ++rejected;
                continue;
            }
            ++accepted;
            const json::value text = *parse_json(receipt->json_text);
            changes += at(text, "changes", "unchanged") == 0 ? 1 : 0;
            if (remove) {
                stands[static_cast<std::size_t>(thread)].erase(key);
            } else {
                stands[static_cast<std::size_t>(thread)][key] = i;
            }
        }
    });
    stop = true;
    house.join();
    Lines expected, found;
    for (const auto& mine : stands) {
        for (const auto& [key, n] : mine)
            expected.push_back(fmt::format("{}|{}|-|-|-|-|-", key, n));
    }
    std::ranges::sort(expected);
    const Lines rows = current("t.counter");
    for (const std::string& row : rows) {
        if (!row.starts_with("load-")) found.push_back(row);
    }
    EXPECT_EQ(found, expected);
    EXPECT_GT(accepted, 50);
    EXPECT_GT(rejected, 0);
    const store::Head head = m_store->head("t.counter").value();
    EXPECT_GE(head.seq, changes.load());
    EXPECT_LT(m_store->manifests("t.counter")->size(), 200U) << "each write went alone";
    const auto verified = m_store->verify({}, m_key->public_key(), {});
    for (const store::Finding& finding : verified->findings)
        ADD_FAILURE() << finding.file << " " << finding.detail.en;
}

// Goal: one key, one change, however often and how much at once it is sent.
TEST_F(RowWriterTest, AnIdempotencyKeyCountsOnce) {
    apply(kCounter);
    WriteTerms terms;
    terms.idempotency_key = "k";
    std::vector<std::string> texts(8);
    writer();
    in_threads(8, [&](int i) {
        const auto receipt = put("t.counter", "x", R"({"n":1})", terms);
        ASSERT_TRUE(receipt) << receipt.error().detail.en;
        texts[static_cast<std::size_t>(i)] = receipt->json_text;
    });
    for (const std::string& text : texts)
        EXPECT_EQ(text, texts[0]);
    EXPECT_EQ(m_store->head("t.counter")->seq, 1);
    EXPECT_EQ(put("t.counter", "x", R"({"n":2})", terms).error().code, Code::kConflict);
    WriteTerms absent;
    absent.if_absent = true;
    EXPECT_EQ(put("t.counter", "x", R"({"n":3})", absent).error().code, Code::kConflict);
    EXPECT_TRUE(put("t.counter", "y", R"({"n":3})", absent));
    WriteTerms any;
    any.if_match = {kAnyRow};
    EXPECT_EQ(put("t.counter", "z", R"({"n":3})", any).error().code, Code::kConflict);
    EXPECT_EQ(m_writer->remove("t.counter", "z", any).error().code, Code::kConflict);
    EXPECT_TRUE(m_writer->remove("t.counter", "y", any));
}

// Goal: a contract whose rules ask for more than the row goes the way of batches, with the same
// answers, and the terms hold there, too. Method: a unique column.
TEST_F(RowWriterTest, RulesThatAskForMoreAreKept) {
    apply(
        "  - name: u\n    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
        "      - {name: mail, logicalType: string, unique: true}\n");
    EXPECT_TRUE(put("t.u", "1", R"({"mail":"a@b"})"));
    const auto twice = put("t.u", "2", R"({"mail":"a@b"})");
    ASSERT_TRUE(twice);
    EXPECT_EQ(twice->status, store::BatchStatus::kRefused);
    EXPECT_TRUE(m_store->unsealed().empty());
    WriteTerms terms;
    terms.if_match = {store::Seq{5}};
    EXPECT_EQ(put("t.u", "1", R"({"mail":"c@d"})", terms).error().code, Code::kConflict);
    terms.if_match = {store::Seq{1}};
    EXPECT_TRUE(put("t.u", "1", R"({"mail":"c@d"})", terms));
    EXPECT_EQ(current("t.u"), (Lines{"1|c@d"}));
}

// Goal: a reference is judged against the rows that stand, written alone a moment ago or not.
TEST_F(RowWriterTest, ReferencesFollow) {
    apply(
        "  - name: ward\n    properties:\n"
        "      - {name: code, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
        "  - name: deed\n    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}\n"
        "      - {name: ward, logicalType: string, relationships: [{type: foreignKey, to: "
        "t.ward.code}]}\n");
    EXPECT_EQ(put("t.deed", "1", R"({"ward":"w"})")->status, store::BatchStatus::kRefused);
    EXPECT_TRUE(put("t.ward", "w", "{}"));
    EXPECT_EQ(put("t.deed", "1", R"({"ward":"w"})")->status, store::BatchStatus::kAccepted);
    EXPECT_TRUE(m_writer->remove("t.ward", "w", {}));
    EXPECT_EQ(put("t.deed", "2", R"({"ward":"w"})")->status, store::BatchStatus::kRefused);
}

// Goal: a new version of the contract is the one that rows are judged by, at once.
TEST_F(RowWriterTest, ANewContractIsFollowed) {
    apply(kCounter);
    EXPECT_TRUE(put("t.counter", "a", R"({"n":1})"));
    std::string next =
        std::string(kHead) + std::string(kCounter) + "      - {name: extra, logicalType: string}\n";
    next.replace(next.find("1.0.0"), 5, "1.1.0");
    const auto contract = contract::parse(next, "t.yaml");
    ASSERT_TRUE(contract);
    ASSERT_TRUE(m_store->apply({*contract}));
    EXPECT_TRUE(put("t.counter", "b", R"({"n":1,"extra":"x"})"));
    EXPECT_EQ(current("t.counter"), (Lines{"a|1|-|-|-|-|-|-", "b|1|-|-|-|-|-|x"}));
}

}  // namespace
}  // namespace nguon::intake
