// The promise of the commit: what was acknowledged is there after power loss, and what was not is
// there whole or not at all. The disk loses power at each of its operations in turn.
#include <gtest/gtest.h>

#include <set>

#include "store/test_node.h"

namespace nguon::store {
namespace {

using testing::contract_yaml;
using testing::parsed;
using testing::test_key;
using testing::TestNode;

constexpr std::string_view kSegmentFolder = "/node/segments";

struct Life {
    std::set<std::string> acknowledged;
    std::int64_t rows = 0;  // acknowledged
};

// A short life of a node. Stops at the first failure when `stop`; every acknowledgement is noted.
Life live(TestNode& node, bool stop) {
    Life run;
    if (!node.store && !node.open()) return run;
    if (!node.store->apply({parsed(contract_yaml("thing", "1.0.0"))}) && stop) return run;
    for (const auto& [inserted, rejected] :
         {std::pair{3, 1}, std::pair{0, 0}, std::pair{2, 0}, std::pair{4, 2}}) {
        const Result<Receipt> receipt = node.commit(inserted, rejected);
        if (receipt) {
            run.acknowledged.insert(receipt->batch);
            run.rows += inserted;
        } else if (stop) {
            return run;
        }
    }
    return run;
}

// After a restart: everything acknowledged is there; what else is there is whole and verifies; no
// garbage.
void expect_kept(TestNode& node, const Life& run, const std::string& where) {
    SCOPED_TRACE(where);
    const Result<void> opened = node.open();
    ASSERT_TRUE(opened.has_value()) << opened.error().detail.en;
    if (!node.store->dataset("test.thing")) {
        EXPECT_TRUE(run.acknowledged.empty());
        return;
    }
    std::set<std::string> present;
    std::set<std::string> segments;
    const std::vector<BatchInfo> batches = node.store->batches("test.thing").value();
    for (const BatchInfo& batch : batches)
        present.insert(batch.id);
    for (const std::string& id : run.acknowledged)
        EXPECT_TRUE(present.contains(id)) << id << " was lost";
    EXPECT_LE(present.size(), run.acknowledged.size() + 1) << "more than the one under way";
    const Result<Verification> verification = node.verify();
    ASSERT_TRUE(verification.has_value());
    for (const Finding& finding : verification->findings) {
        ADD_FAILURE() << finding.file << " " << finding.problem << " " << finding.detail.en;
    }
    const std::vector<SegmentInfo> known = node.store->segments("test.thing", 1000).value();
    for (const SegmentInfo& segment : known)
        segments.insert(segment.sha256 + ".parquet");
    const std::vector<std::string> files = node.simulated.list(kSegmentFolder).value();
    EXPECT_EQ(std::set<std::string>(files.begin(), files.end()), segments);
    EXPECT_TRUE(node.simulated.list("/node/tmp").value().empty());
    // And it goes on.
    const Result<Receipt> next = node.commit(1);
    ASSERT_TRUE(next.has_value()) << next.error().detail.en;
}

std::uint64_t operations_of_a_life() {
    TestNode node;
    const std::uint64_t before = node.simulated.operations();
    EXPECT_EQ(live(node, true).acknowledged.size(), 4U);
    return node.simulated.operations() - before;
}

// Goal: power loss at any moment loses nothing acknowledged. Method: at every operation of a node's
// life; what was not synced is gone, or (by a seed) partly kept and torn.
TEST(Crash, PowerLossAtEveryOperation) {
    const std::uint64_t operations = operations_of_a_life();
    ASSERT_GT(operations, 50U);
    for (std::uint64_t n = 1; n <= operations; ++n) {
        for (const std::optional<std::uint64_t> seed :
             {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(n)}) {
            TestNode node;
            node.simulated.lose_power_at(n);
            const Life run = live(node, true);
            ASSERT_TRUE(node.simulated.power_lost());
            node.store.reset();
            node.simulated.crash(seed);
            expect_kept(node, run, fmt::format("operation {}, seed {}", n, seed.value_or(0)));
        }
    }
}

// Goal: a restart that is itself cut short harms nothing. Method: power loss at every operation of
// the start after a life that left garbage.
TEST(Crash, PowerLossDuringTheStart) {
    for (std::uint64_t n = 1; n < 60; ++n) {
        TestNode node;
        node.simulated.lose_power_at(operations_of_a_life() - 6);
        const Life run = live(node, true);
        node.store.reset();
        node.simulated.crash(n);
        node.simulated.put("/node/tmp/left", "over");
        node.simulated.lose_power_at(n);
        (void)node.open();
        const bool lost = node.simulated.power_lost();
        node.store.reset();
        node.simulated.crash(n + 500);
        expect_kept(node, run, fmt::format("operation {} of the start", n));
        if (!lost) return;
    }
    FAIL() << "the start never came to its end";
}

// Goal: one failing operation (disk full, device error) is answered with unavailable, and then
// nothing changed: neither now, nor after a later power loss brings back unsynced writes. The node
// goes on. Method: each operation fails in turn; a sync that fails has lost its writes.
TEST(Crash, AFailingOperationChangesNothing) {
    const std::uint64_t operations = operations_of_a_life();
    for (std::uint64_t n = 1; n <= operations; ++n) {
        SCOPED_TRACE(fmt::format("operation {}", n));
        TestNode node;
        node.simulated.fail_at(n);
        const Life run = live(node, false);
        if (!node.store) continue;  // the start failed, and said so
        if (!node.store->dataset("test.thing")) continue;
        const std::vector<BatchInfo> batches = node.store->batches("test.thing").value();
        EXPECT_EQ(batches.size(), run.acknowledged.size());
        EXPECT_GE(run.acknowledged.size(), 3U);
        EXPECT_EQ(node.store->head("test.thing").value().rows, run.rows);
        node.store.reset();
        node.simulated.crash(n);
        ASSERT_TRUE(node.open().has_value());
        std::set<std::string> present;
        const std::vector<BatchInfo> after = node.store->batches("test.thing").value();
        for (const BatchInfo& batch : after)
            present.insert(batch.id);
        EXPECT_EQ(present, run.acknowledged);
        EXPECT_TRUE(node.verify().value().ok);
    }
}

// Goal: a COMMIT whose outcome is unknown is not called a failure that changed nothing, and the
// same key finds out what became of it. Method: the disk dies for good at each operation of a
// commit.
TEST(Crash, AnUnknownOutcomeIsSaidAndFoundOut) {
    int unknown = 0, present = 0;
    for (std::uint64_t n = 1; n < 60; ++n) {
        TestNode node;
        node.must_open();
        BatchDraft draft = node.draft(1);
        draft.idempotency_key = "k";
        node.simulated.lose_power_at(n);
        const Result<Receipt> receipt = node.store->commit(draft);
        if (receipt) break;
        ASSERT_EQ(receipt.error().code, Code::kUnavailable);
        const bool is_unknown = receipt.error().detail.en.find("restart") != std::string::npos;
        node.store.reset();
        node.simulated.crash(n * 7);
        ASSERT_TRUE(node.open().has_value());
        const auto earlier = node.store->repeated("test.thing", "k", draft.body_sha256).value();
        EXPECT_TRUE(!earlier || is_unknown) << n;
        unknown += is_unknown ? 1 : 0;
        present += earlier ? 1 : 0;
    }
    EXPECT_GT(unknown, 0);
    EXPECT_GT(present, 0);
}

// Goal: a full disk needs no restart. Method: one operation of a commit fails, and the next works.
TEST(Crash, TheNodeGoesOnAfterAFailure) {
    for (std::uint64_t n = 1; n < 60; ++n) {
        TestNode node;
        node.must_open();
        const BatchDraft draft = node.draft(1);
        node.simulated.fail_at(n);
        const Result<Receipt> receipt = node.store->commit(draft);
        if (receipt) return;
        EXPECT_EQ(receipt.error().code, Code::kUnavailable);
        const Result<Receipt> next = node.commit(2);
        ASSERT_TRUE(next.has_value()) << next.error().detail.en;
        EXPECT_EQ(node.store->head("test.thing").value().seq, 2);
        EXPECT_TRUE(node.verify().value().ok);
    }
    FAIL() << "a commit has no end";
}

// Goal: the same across the checkpoints that a long life brings. Method: enough batches for
// several; power is lost, or one operation fails, at points spread over it.
TEST(Crash, ALongLifeWithCheckpoints) {
    constexpr int kBatches = 220;
    constexpr std::uint64_t kPoints = 12;
    std::uint64_t operations = 0;
    for (std::uint64_t point = 0; point <= 2 * kPoints; ++point) {
        TestNode node;
        node.must_open();
        const std::uint64_t before = node.simulated.operations();
        const bool fails = point % 2 == 1;
        if (point > 0 && fails) node.simulated.fail_at(operations * point / (2 * kPoints + 1));
        if (point > 0 && !fails)
            node.simulated.lose_power_at(operations * point / (2 * kPoints + 1));
        std::set<std::string> acknowledged;
        for (int i = 0; i < kBatches && !node.simulated.power_lost(); ++i) {
            if (const Result<Receipt> receipt = node.commit(1)) acknowledged.insert(receipt->batch);
        }
        if (point == 0) {
            operations = node.simulated.operations() - before;
            ASSERT_GT(node.simulated.size_of("/node/control.db").value(), 200'000U)
                << "no checkpoint";
        }
        node.store.reset();
        node.simulated.crash(point);
        SCOPED_TRACE(fmt::format("point {}", point));
        ASSERT_TRUE(node.open().has_value());
        std::size_t kept = 0;
        const std::vector<BatchInfo> batches = node.store->batches("test.thing").value();
        for (const BatchInfo& batch : batches)
            kept += acknowledged.contains(batch.id) ? 1 : 0;
        EXPECT_EQ(kept, acknowledged.size());
        EXPECT_LE(batches.size(), kept + (fails ? 0 : 1));
        EXPECT_TRUE(node.verify().value().ok);
    }
}

// Goal: start-up drops what nothing refers to, and nothing else.
TEST(Start, DropsGarbage) {
    TestNode node;
    node.must_open();
    ASSERT_TRUE(node.commit(1, 1).has_value());
    const std::string hash(64, 'a');
    for (const std::string& path :
         {std::string("/node/tmp/x"), "/node/segments/" + hash + ".parquet",
          "/node/quarantine/" + hash + ".parquet", std::string("/node/chain/test.thing/2.jws")}) {
        node.simulated.put(path, "garbage");
    }
    node.simulated.put("/node/segments/notes.txt", "of a person");
    ASSERT_TRUE(node.open().has_value());
    EXPECT_TRUE(node.simulated.list("/node/tmp").value().empty());
    EXPECT_EQ(node.simulated.list("/node/segments").value().size(), 2U);
    EXPECT_EQ(node.simulated.list("/node/quarantine").value().size(), 1U);
    EXPECT_EQ(node.simulated.list("/node/chain/test.thing").value().size(), 1U);
    EXPECT_TRUE(node.verify().value().ok);
}

// Goal: a missing or cut segment makes its dataset corrupt and leaves the others alone.
TEST(Start, AMissingOrCutSegmentMarksItsDataset) {
    for (const bool cut : {false, true}) {
        TestNode node;
        node.must_open();
        ASSERT_TRUE(node.store->apply({parsed(contract_yaml("other", "1.0.0"))}).has_value());
        ASSERT_TRUE(node.commit(2).has_value());
        ASSERT_TRUE(node.store->commit(node.draft(3, 0, "test.other")).has_value());
        const std::filesystem::path path =
            node.store->segments("test.thing", 9).value().front().path;
        node.store.reset();
        if (cut) {
            node.simulated.put(path, "short");
        } else {
            ASSERT_TRUE(node.simulated.remove(path).has_value());
        }
        ASSERT_TRUE(node.open().has_value());
        EXPECT_TRUE(node.store->dataset("test.thing").value()->corrupt);
        EXPECT_EQ(node.store->segments("test.thing", 9).error().code, Code::kCorrupt);
        EXPECT_EQ(node.commit(1).error().code, Code::kCorrupt);
        EXPECT_FALSE(node.store->dataset("test.other").value()->corrupt);
        EXPECT_EQ(node.store->segments("test.other", 9).value().size(), 1U);
        EXPECT_TRUE(node.store->commit(node.draft(1, 0, "test.other")).has_value());
        EXPECT_FALSE(node.verify().value().ok);
    }
}

}  // namespace
}  // namespace nguon::store
