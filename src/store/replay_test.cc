// A node's run, replayed: what the store leaves on a disk is decided by clock and seed alone.
#include <gtest/gtest.h>

#include <map>

#include "crypto/replayed_random.h"
#include "store/internal/node_fixture.h"

namespace nguon::store {
namespace {

using testing::TestNode;

using Files = std::map<std::string, std::string>;

// Every file of a node that made a dataset, took three batches, was stopped, and took one more.
Files files_of_run(unsigned seed) {
    TestNode node;
    node.random = testing::SeededRandom(seed);
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
    for (const char* folder : {"", "chain/test.thing", "segments", "quarantine", "committed"}) {
        const std::filesystem::path path = node.folder / folder;
        for (const std::string& name : node.disk().list(path).value())
            files[folder + ("/" + name)] = node.disk().read_all(path / name).value();
    }
    return files;
}

std::string salts_of(const Files& files) {
    return files.at("/control.db-wal").substr(16, 8);  // sqlite.org/fileformat2.html, section 4.1
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
    EXPECT_NE(other.at("/control.db"), first.at("/control.db"));
}

}  // namespace
}  // namespace nguon::store
