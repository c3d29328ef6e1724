// A node on a machine that is simulated: made, opened, held, crashed.
#include <gtest/gtest.h>

#include "base/simulated_disk.h"
#include "base/simulated_time.h"
#include "crypto/replayed_random.h"
#include "node/node.h"

namespace nguon::node {
namespace {

struct Machine {
    explicit Machine(unsigned seed = 7) : random(seed) {}
    Seams seams() { return {&disk, &clock, &random, &no_log()}; }
    Result<Identity> make() {
        const crypto::ReplayedRandom replayed(random);
        return init({"/node", "VN/GOV/BCA", "Nút thử", ""}, seams());
    }
    std::string text(const char* file) { return disk.read_all(file).value_or("absent"); }

    SimulatedDisk disk;
    ManualClock clock;
    SeededRandom random;
};

// Goal: secrets are their owner's alone, and all that init wrote survives power loss.
TEST(Init, KeepsSecretsPrivateAndDurable) {
    Machine machine;
    ASSERT_TRUE(machine.make().has_value());
    machine.disk.crash();
    for (const char* secret : {"/node/keys", "/node/keys/node.pem", "/node/admin.token"})
        EXPECT_TRUE(machine.disk.is_private(secret)) << secret;
    EXPECT_FALSE(machine.disk.is_private("/node/public.pem"));
    EXPECT_TRUE(Node::open("/node", machine.seams()).has_value());
    EXPECT_EQ(machine.make().error().code, Code::kConflict) << "a node is there";
}

// Goal: a run can be replayed. Method: the same seed twice, and another.
TEST(Init, ASeedGivesTheSameNode) {
    Machine first(1), again(1), other(2);
    for (Machine* machine : {&first, &again, &other})
        ASSERT_TRUE(machine->make().has_value());
    for (const char* file : {"/node/nguon.yaml", "/node/keys/node.pem", "/node/admin.token"}) {
        EXPECT_EQ(first.text(file), again.text(file)) << file;
        EXPECT_NE(first.text(file), other.text(file)) << file;
    }
}

// Goal: one process owns a folder, on a simulated disk as on a real one; a crash frees it.
TEST(Node, HoldsItsFolder) {
    Machine machine;
    ASSERT_TRUE(machine.make().has_value());
    EXPECT_FALSE(Node::holder(machine.disk, "/node").has_value());
    auto node = Node::open("/node", machine.seams());
    ASSERT_TRUE(node.has_value()) << node.error().detail.en;
    EXPECT_EQ(Node::open("/node", machine.seams()).error().code, Code::kUnavailable);
    EXPECT_EQ(Node::open("/node", machine.seams(), OpenFor::kReading).error().code,
              Code::kUnavailable);
    EXPECT_GT(Node::holder(machine.disk, "/node").value_or(0), 0);
    *node = nullptr;
    EXPECT_EQ(machine.text("/node/lock"), "") << "the id goes with the lock";
    const auto reading = Node::open("/node", machine.seams(), OpenFor::kReading);
    const auto beside = Node::open("/node", machine.seams(), OpenFor::kReading);
    EXPECT_TRUE(reading.has_value() && beside.has_value());
    EXPECT_EQ(Node::open("/node", machine.seams()).error().code, Code::kUnavailable);
    machine.disk.crash();
    EXPECT_TRUE(Node::open("/node", machine.seams()).has_value());
}

}  // namespace
}  // namespace nguon::node
