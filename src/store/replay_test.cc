// A node's run, replayed: what the store leaves on a disk is decided by clock and seed alone.
#include <gtest/gtest.h>

#include <map>

#include "crypto/replayed_random.h"
#include "store/test_node.h"

namespace nguon::store {
namespace {

using testing::TestNode;

using Files = std::map<std::string, std::string>;

// Every file of a node that made a dataset, took three batches, was stopped, and took one more.
Files files_of_run(unsigned seed) {
    TestNode node(nullptr, TestNode::kFolder, seed);
    (void)testing::test_key();  // made once for all runs: not of this one's randomness
    const crypto::ReplayedRandom replayed(node.random);
    node.must_open();
    const auto take = [&node](std::int64_t inserted, std::int64_t rejected) {
        node.clock.at += 1'500'000;
        BatchDraft draft = node.draft(inserted, rejected);
        draft.id = make_id(node.clock, node.random);
        const Result<Receipt> receipt = node.store->commit(draft);
        ASSERT_TRUE(receipt.has_value()) << receipt.error().detail.en;
    };
    take(5, 0);
    take(40, 3);
    take(0, 2);
    EXPECT_TRUE(node.open().has_value());
    take(7, 0);
    Files files;
    for (const std::filesystem::path folder : {"/node", "/node/chain/test.thing", "/node/segments",
                                               "/node/quarantine", "/node/committed"}) {
        const std::vector<std::string> names = node.disk().list(folder).value();
        for (const std::string& name : names)
            files[(folder / name).string()] = node.disk().read_all(folder / name).value();
    }
    return files;
}

std::string salts_of(const Files& files) {
    return files.at("/node/control.db-wal")
        .substr(16, 8);  // sqlite.org/fileformat2.html, section 4.1
}

// Goal: a simulated run can be replayed byte for byte. Method: every file of two runs with one
// seed, and of a run with another.
TEST(Replay, ASeedGivesTheSameBytes) {
    const Files first = files_of_run(7), again = files_of_run(7), other = files_of_run(8);
    ASSERT_GT(first.size(), 8U);
    for (const auto& [name, bytes] : first)
        EXPECT_TRUE(again.contains(name) && again.at(name) == bytes) << name;
    EXPECT_EQ(first.size(), again.size());
    EXPECT_NE(salts_of(other), salts_of(first));
    EXPECT_NE(other.at("/node/control.db"), first.at("/node/control.db"));
}

}  // namespace
}  // namespace nguon::store
