// Rows written alone: acknowledged at once, sealed later, and the same history to everybody.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "store/key.h"
#include "store/lookups.h"
#include "store/read.h"
#include "store/rows.h"
#include "store/test_node.h"

namespace nguon::store {
namespace {

using testing::contract_yaml;
using testing::parsed;
using testing::test_key;
using testing::TestNode;
using testing::write_of;

Result<std::vector<Receipt>> commit_one(TestNode& node, const BatchDraft& draft) {
    return node.store->commit_rows(std::span(&draft, 1));
}

// A node on the real disk, since DuckDB reads its files.
class HotRowsTest : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "nguon-hot-XXXXXX").string();
        m_folder = ::mkdtemp(pattern.data());
        m_node = std::make_unique<TestNode>(&real_disk(), m_folder);
        m_node->must_open();
    }
    void TearDown() override {
        m_node.reset();
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }
    std::string history_text() {
        const StoreHistory source(*m_node->store);
        const auto info = m_node->store->dataset("test.thing").value();
        HistoryQuery query;
        query.limit = 1000;
        const Result<HistoryPage> page = history(source, *info, query, {});
        EXPECT_TRUE(page.has_value()) << page.error().detail.en;
        return page ? page->to_json() : "";
    }
    std::string rows_text() {
        const StoreHistory source(*m_node->store);
        const auto info = m_node->store->dataset("test.thing").value();
        const Result<RowsAnswer> answer = rows(source, *info, {}, {});
        EXPECT_TRUE(answer.has_value()) << answer.error().detail.en;
        return answer ? answer->json : "";
    }
    std::filesystem::path m_folder;
    std::unique_ptr<TestNode> m_node;
};

// Goal: history, rows and times say the same before and after sealing. Method: inserts, updates and
// a delete written alone; every view is read, sealed, and read again, also by a node opened anew.
TEST_F(HotRowsTest, SealingChangesNothingThatAReaderSees) {
    TestNode& node = *m_node;
    ASSERT_TRUE(commit_one(node, write_of(node, Op::kInsert, "a", "một")).has_value());
    ASSERT_TRUE(commit_one(node, write_of(node, Op::kInsert, "b", "hai \"2\"")).has_value());
    ASSERT_TRUE(commit_one(node, write_of(node, Op::kUpdate, "a", "đổi")).has_value());
    ASSERT_TRUE(commit_one(node, write_of(node, Op::kDelete, "b", "")).has_value());
    EXPECT_EQ(node.store->head("test.thing")->seq, 4);
    EXPECT_EQ(node.store->head("test.thing")->rows, 1);
    EXPECT_EQ(node.store->unsealed().at(0).writes, 4);
    const std::string history_before = history_text(), rows_before = rows_text();
    EXPECT_NE(rows_before.find("đổi"), std::string::npos);
    EXPECT_TRUE(node.verify()->ok);
    const Micros third = node.store->batches("test.thing")->at(1).at;
    EXPECT_EQ(*node.store->resolve("test.thing", {third, std::nullopt}), 3);

    ASSERT_TRUE(node.open().has_value());  // as after a kill: nothing was sealed
    EXPECT_EQ(history_text(), history_before);
    ASSERT_TRUE(node.store->seal("test.thing").has_value());
    EXPECT_TRUE(node.store->unsealed().empty());
    EXPECT_EQ(history_text(), history_before);
    EXPECT_EQ(rows_text(), rows_before);
    EXPECT_EQ(*node.store->resolve("test.thing", {third, std::nullopt}), 3);
    EXPECT_EQ(node.store->manifests("test.thing")->size(), 1U);
    const Result<Verification> verified = node.verify();
    for (const Finding& finding : verified->findings)
        ADD_FAILURE() << finding.file << " " << finding.detail.en;
    ASSERT_TRUE(node.open().has_value());
    EXPECT_EQ(history_text(), history_before);
    ASSERT_TRUE(node.store->seal("test.thing").has_value());  // nothing to do
    EXPECT_EQ(node.store->manifests("test.thing")->size(), 1U);
}

// Goal: a lookup follows rows written alone, sealed in between or not. Method: random writes; after
// each, every key against a map; some are sealed, some lookups opened anew.
TEST_F(HotRowsTest, ALookupFollows) {
    TestNode& node = *m_node;
    const StoreHistory source(*node.store);
    const auto info = node.store->dataset("test.thing").value();
    Lookups::Options options;
    options.lookup.disk = &real_disk();
    options.lookup.clock = &system_clock();
    options.lookup.random = &system_random();
    options.lookup.folder = m_folder / "views";
    auto lookups = std::make_unique<Lookups>(source, options);
    std::map<std::string, std::string> expected;
    std::mt19937 random(3);
    for (int i = 0; i < 120; ++i) {
        const std::string key(1, static_cast<char>('a' + random() % 8));
        const bool there = expected.contains(key);
        const Op op = !there ? Op::kInsert : random() % 3 == 0 ? Op::kDelete : Op::kUpdate;
        const std::string name = fmt::format("n{}", i);
        ASSERT_TRUE(commit_one(node, write_of(node, op, key, name)).has_value());
        if (op == Op::kDelete) {
            expected.erase(key);
        } else {
            expected[key] = name;
        }
        const bool seals = random() % 10 == 0;
        ASSERT_TRUE(!seals || node.store->seal("test.thing").has_value());
        if (random() % 25 == 0) lookups = std::make_unique<Lookups>(source, options);
        for (char c = 'a'; c < 'i'; ++c) {
            const std::string one(1, c);
            const auto found = lookups->get(*info, one);
            ASSERT_TRUE(found.has_value()) << found.error().detail.en;
            ASSERT_EQ(found->has_value(), expected.contains(one)) << i << one;
            if (!*found) continue;
            EXPECT_NE((*found)->row_json.find('"' + expected[one] + '"'), std::string::npos);
        }
    }
    EXPECT_TRUE(node.verify()->ok);
}

// Goal: a batch comes after the rows written alone, and a new contract, too.
TEST_F(HotRowsTest, ABatchAndAContractSealFirst) {
    TestNode& node = *m_node;
    ASSERT_TRUE(commit_one(node, write_of(node, Op::kInsert, "a", "x")).has_value());
    EXPECT_EQ(node.commit(1).error().code, Code::kConflict);  // without the lock
    {
        const auto lock = node.store->lock("test.thing");
        ASSERT_TRUE(lock.has_value());
        EXPECT_TRUE(node.store->unsealed().empty());
        ASSERT_TRUE(node.commit(2).has_value());
    }
    ASSERT_TRUE(commit_one(node, write_of(node, Op::kInsert, "b", "x")).has_value());
    ASSERT_TRUE(
        node.store->apply({parsed(contract_yaml("thing", "1.1.0", {"name", "more"}))}).has_value());
    EXPECT_TRUE(node.store->unsealed().empty());
    EXPECT_EQ(node.store->manifests("test.thing")->size(), 3U);
    EXPECT_TRUE(node.verify()->ok);
}

// Goal: whoever changes a row that waits, or takes one away, is found out.
TEST_F(HotRowsTest, VerifyFindsAChangedRow) {
    TestNode& node = *m_node;
    for (const std::string_view code : {"a", "b", "c"})
        ASSERT_TRUE(commit_one(node, write_of(node, Op::kInsert, code, "x")).has_value());
    for (const std::string_view forgery :
         {"update hot set row_values = '[\"b\",\"y\"]' where seq = 2",
          "delete from hot where seq = 3", "update batch set alone = 0 where last_seq = 1",
          "update batch set sealed = 1 where last_seq = 1"}) {
        SCOPED_TRACE(forgery);
        const std::filesystem::path copy = m_folder.string() + "-copy";
        std::filesystem::remove_all(copy);
        std::filesystem::copy(m_folder, copy, std::filesystem::copy_options::recursive);
        {
            const Host host{real_disk(), system_clock(), system_random()};
            auto control = sql::Sqlite::open(host, copy / "control.db", {});
            ASSERT_TRUE((*control)->execute(forgery).has_value());
        }
        TestNode other(&real_disk(), copy);
        ASSERT_TRUE(other.open(true).has_value());
        EXPECT_FALSE(other.verify()->ok);
        other.store.reset();
        std::filesystem::remove_all(copy);
    }
    EXPECT_TRUE(node.verify()->ok);
}

// Goal: one draft that counts wrong, or another dataset's, changes nothing.
TEST_F(HotRowsTest, AWrongDraftChangesNothing) {
    TestNode& node = *m_node;
    std::vector<BatchDraft> drafts{write_of(node, Op::kInsert, "a", "x"),
                                   write_of(node, Op::kInsert, "b", "x")};
    drafts[1].changes.updated = 1;
    EXPECT_EQ(node.store->commit_rows(drafts).error().code, Code::kInternal);
    drafts[1].changes.updated = 0;
    drafts[1].expected_head = 7;
    EXPECT_EQ(node.store->commit_rows(drafts).error().code, Code::kInternal);
    drafts[0].expected_head = 7;
    EXPECT_EQ(node.store->commit_rows(drafts).error().code, Code::kConflict);
    EXPECT_EQ(node.store->head("test.thing")->seq, 0);
    EXPECT_TRUE(node.store->batches("test.thing")->empty());
}

// A short life with rows written alone and sealed, on a disk that fails.
struct Life {
    std::set<std::string> acknowledged;
};

Life live(TestNode& node, bool stop) {
    Life life;
    node.write_opaque_segments();
    if (!node.open()) return life;
    if (!node.store->apply({parsed(contract_yaml("thing", "1.0.0"))}) && stop) return life;
    for (int round = 0; round < 3; ++round) {
        std::vector<BatchDraft> drafts;
        for (int i = 0; i <= round; ++i)
            drafts.push_back(write_of(node, Op::kInsert, fmt::format("{}-{}", round, i), "x"));
        if (const auto receipts = node.store->commit_rows(drafts)) {
            for (const Receipt& receipt : *receipts)
                life.acknowledged.insert(receipt.batch);
        } else if (stop) {
            return life;
        }
        if (round > 0 && !node.store->seal("test.thing") && stop) return life;
    }
    const auto lock = node.store->lock("test.thing");
    if (!lock && stop) return life;
    if (const auto receipt = node.commit(2)) life.acknowledged.insert(receipt->batch);
    return life;
}

void expect_kept(TestNode& node, const Life& life) {
    const Result<void> opened = node.open();
    ASSERT_TRUE(opened.has_value()) << opened.error().detail.en;
    if (!node.store->dataset("test.thing")) {
        EXPECT_TRUE(life.acknowledged.empty());
        return;
    }
    std::set<std::string> present;
    const std::vector<BatchInfo> batches = node.store->batches("test.thing").value();
    for (const BatchInfo& batch : batches)
        present.insert(batch.id);
    for (const std::string& id : life.acknowledged)
        EXPECT_TRUE(present.contains(id)) << id << " was lost";
    const Result<Verification> verified = node.verify();
    ASSERT_TRUE(verified.has_value());
    for (const Finding& finding : verified->findings)
        ADD_FAILURE() << finding.file << " " << finding.problem << " " << finding.detail.en;
    EXPECT_TRUE(node.disk().list(node.folder / "tmp")->empty());
    const auto sealed = node.store->seal("test.thing");
    ASSERT_TRUE(sealed.has_value()) << sealed.error().detail.en;
    EXPECT_TRUE(node.verify()->ok);
    EXPECT_EQ(node.disk().list(node.folder / "segments")->size(),
              node.store->segments("test.thing", 1000)->size());
}

std::uint64_t operations_of_a_life() {
    TestNode node;
    const std::uint64_t before = node.simulated.operations();
    EXPECT_EQ(live(node, true).acknowledged.size(), 7U);
    return node.simulated.operations() - before;
}

// Goal: power loss at any moment loses no row that was acknowledged and leaves no half.
TEST(HotRowsCrash, PowerLossAtEveryOperation) {
    const std::uint64_t operations = operations_of_a_life();
    ASSERT_GT(operations, 50U);
    for (std::uint64_t n = 1; n <= operations; ++n) {
        for (const std::optional<std::uint64_t> seed :
             {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(n)}) {
            SCOPED_TRACE(fmt::format("operation {}, seed {}", n, seed.value_or(0)));
            TestNode node;
            node.simulated.lose_power_at(n);
            const Life life = live(node, true);
            node.store.reset();
            node.simulated.crash(seed);
            expect_kept(node, life);
        }
    }
}

// Goal: one failing operation changes nothing, and the node goes on.
TEST(HotRowsCrash, AFailingOperationChangesNothing) {
    const std::uint64_t operations = operations_of_a_life();
    for (std::uint64_t n = 1; n <= operations; ++n) {
        SCOPED_TRACE(fmt::format("operation {}", n));
        TestNode node;
        node.simulated.fail_at(n);
        const Life life = live(node, false);
        if (!node.store || !node.store->dataset("test.thing")) continue;
        EXPECT_EQ(node.store->batches("test.thing")->size(), life.acknowledged.size());
        node.store.reset();
        node.simulated.crash(n);
        expect_kept(node, life);
        EXPECT_EQ(node.store->batches("test.thing")->size(), life.acknowledged.size());
    }
}

}  // namespace
}  // namespace nguon::store
