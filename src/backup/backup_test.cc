#include "backup/backup.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "backup/internal/pieces.h"
#include "backup/keys.h"
#include "base/json.h"
#include "store/test_node.h"

namespace nguon::backup {
namespace {

using store::testing::TestNode;
using store::testing::write_of;

constexpr std::string_view kTo = "/backups";
constexpr std::string_view kRestored = "/restored";

// A node on a simulated disk, and backups of it beside it.
class World {
public:
    World() {
        node.must_open();
        Disk& disk = node.disk();
        node.simulated.put("/node/public.pem", store::testing::test_key().public_key().pem());
        node.simulated.put("/node/admin.token", "token\n");
        node.simulated.put("/node/keys/node.pem", store::testing::test_key().pem());
        key = node_key({disk, node.clock, node.random}, TestNode::kFolder).value();
    }
    Host host() { return {node.disk(), node.clock, node.random}; }
    Result<Made> make() {
        TRY_ASSIGN(const auto repository, open_folder(node.disk(), kTo, Use::kWrite));
        const Host on = host();
        const Source source{on, *node.store, TestNode::kFolder, "VN/GOV/TEST", "node1"};
        return backup::make(source, *repository, *key, {});
    }
    Result<Restored> restore(const Wanted& wanted = {}, std::filesystem::path to = kRestored) {
        TRY_ASSIGN(const auto repository, open_folder(node.disk(), kTo, Use::kRead));
        return backup::restore(host(), *repository, *key, to, wanted, {});
    }
    Result<Verified> verify() {
        TRY_ASSIGN(const auto repository, open_folder(node.disk(), kTo, Use::kRead));
        return backup::verify(*repository, *key, {});
    }
    // What a node on the restored folder has.
    store::Head head_of_restored(std::filesystem::path where = kRestored) {
        TestNode other(&node.disk(), where);
        const Result<void> opened = other.open(true);
        EXPECT_TRUE(opened.has_value()) << opened.error().detail.en;
        return opened ? other.store->head("test.thing").value() : store::Head();
    }

    TestNode node;
    std::optional<crypto::SecretKey> key;
};

std::vector<std::string> objects_of(World& world) {
    const auto repository = open_folder(world.node.disk(), kTo, Use::kRead).value();
    const auto names = objects(*repository).value();
    return {names.begin(), names.end()};
}

TEST(Backup, IsRestoredAsItWas) {
    World world;
    ASSERT_TRUE(world.node.commit(3, 1));
    ASSERT_TRUE(world.node.commit(2));
    const Result<Made> made = world.make();
    ASSERT_TRUE(made) << made.error().detail.en;
    ASSERT_TRUE(world.node.commit(5));  // later
    const Result<Restored> restored = world.restore();
    ASSERT_TRUE(restored) << restored.error().detail.en;
    EXPECT_EQ(restored->backup, made->id);
    EXPECT_TRUE(restored->verification.ok);
    EXPECT_EQ(world.head_of_restored().seq, 5);
    for (const std::string_view file : {"keys/node.pem", "admin.token", "keys/backup.key"}) {
        const std::filesystem::path path = std::filesystem::path(kRestored) / file;
        EXPECT_TRUE(world.node.simulated.is_private(path)) << file;
        EXPECT_EQ(
            world.node.disk().read_all(path).value(),
            world.node.disk().read_all(TestNode::kFolder / std::filesystem::path(file)).value());
    }
    // A node that writes: the chain goes on from where it was.
    TestNode other(&world.node.disk(), std::filesystem::path(kRestored));
    other.made = 100;  // its batches have other ids
    ASSERT_TRUE(other.open());
    ASSERT_TRUE(other.commit(1)) << "goes on";
    EXPECT_TRUE(other.verify()->ok);
}

TEST(Backup, CopiesOnlyWhatIsNew) {
    World world;
    ASSERT_TRUE(world.node.commit(3));
    const Made first = world.make().value();
    ASSERT_TRUE(world.node.commit(2));
    const Made second = world.make().value();
    EXPECT_EQ(second.copied, 2) << "the segment and control.db";
    EXPECT_EQ(second.copied + second.reused, first.copied + first.reused + 1);
    const Made third = world.make().value();
    EXPECT_EQ(third.copied, 0);
    EXPECT_EQ(world.verify()->backups, 3);
    EXPECT_TRUE(world.verify()->faults.empty());
    // Every one of them can be restored.
    EXPECT_TRUE(world.restore({first.id, {}}));
    EXPECT_EQ(world.head_of_restored().seq, 3);
}

TEST(Backup, TellsNothingWithoutItsKey) {
    World world;
    ASSERT_TRUE(world.node.commit(3));
    ASSERT_TRUE(world.make());
    const auto repository = open_folder(world.node.disk(), kTo, Use::kRead).value();
    for (const std::string& name : objects_of(world)) {
        const std::string bytes = repository->get(name).value();
        EXPECT_EQ(bytes.find("segment of"), bytes.npos);
        EXPECT_EQ(bytes.find("SQLite"), bytes.npos);
    }
    world.key = crypto::SecretKey::generate(world.node.random);
    EXPECT_EQ(world.restore().error().code, Code::kDenied);
    EXPECT_EQ(world.verify().error().code, Code::kDenied);
    EXPECT_EQ(world.make().error().code, Code::kDenied);
    EXPECT_EQ(key_id_of(*repository).value().size(), 16U);
}

// Goal: damage is named and never restored. Method: a bit of each object in turn, and each missing.
TEST(Backup, NamesEveryDamage) {
    World world;
    ASSERT_TRUE(world.node.commit(3, 1));
    const Made made = world.make().value();
    for (const std::string& name : objects_of(world)) {
        const std::filesystem::path path = std::filesystem::path(kTo) / name;
        const std::string good = world.node.disk().read_all(path).value();
        ASSERT_TRUE(world.node.simulated.flip_bit(path, good.size() * 4));
        const Verified verified = world.verify().value();
        ASSERT_EQ(verified.faults.size(), 1U) << name;
        EXPECT_EQ(verified.faults[0].backup, made.id);
        const Result<Restored> restored = world.restore();
        ASSERT_FALSE(restored) << name;
        EXPECT_EQ(restored.error().code, Code::kCorrupt);
        EXPECT_FALSE(world.node.disk().exists("/restored/nguon.yaml"));
        ASSERT_TRUE(world.node.disk().remove(path));
        EXPECT_EQ(world.verify()->faults.size(), 1U) << name;
        EXPECT_EQ(world.restore().error().code, Code::kCorrupt);
        world.node.simulated.put(path, good);
    }
    EXPECT_TRUE(world.restore()) << "over what those attempts left";
    const std::filesystem::path list = std::filesystem::path(kTo) / list_name(made.id);
    ASSERT_TRUE(world.node.simulated.flip_bit(list, 333));
    EXPECT_EQ(world.verify()->faults.size(), 1U);
}

TEST(Backup, DoesNotSaveADamagedNode) {
    World world;
    ASSERT_TRUE(world.node.commit(3));
    const auto segments = world.node.store->segments("test.thing", 100).value();
    ASSERT_TRUE(world.node.simulated.flip_bit(segments[0].path, 9));
    const Result<Made> made = world.make();
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Code::kCorrupt);
    EXPECT_NE(made.error().detail.en.find(segments[0].sha256), std::string::npos);
    EXPECT_EQ(world.restore().error().code, Code::kNotFound) << "nothing is listed";
}

TEST(Backup, LeavesOtherFoldersAlone) {
    World world;
    world.node.simulated.put("/backups/notes.txt", "mine");
    EXPECT_EQ(world.make().error().code, Code::kConflict);
    EXPECT_EQ(world.restore().error().code, Code::kNotFound);
    EXPECT_EQ(world.restore({}, TestNode::kFolder).error().code, Code::kNotFound);
}

TEST(Backup, RestoresOnlyIntoNothing) {
    World world;
    ASSERT_TRUE(world.node.commit(3));
    ASSERT_TRUE(world.make());
    EXPECT_EQ(world.restore({}, TestNode::kFolder).error().code, Code::kConflict);
    EXPECT_EQ(world.head_of_restored(TestNode::kFolder).seq, 3);
    ASSERT_TRUE(world.restore());
    EXPECT_EQ(world.restore().error().code, Code::kConflict);
}

TEST(Backup, PruneKeepsWhatIsNeeded) {
    World world;
    std::vector<std::string> ids;
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(world.node.commit(2));
        ids.push_back(world.make()->id);
        world.node.clock.at += 1'000'000'000;
    }
    const auto prune_to = [&](std::int64_t keep, std::optional<Micros> since) {
        const auto repository = open_folder(world.node.disk(), kTo, Use::kWrite).value();
        return prune(*repository, *world.key, keep, since).value();
    };
    const std::size_t before = objects_of(world).size();
    EXPECT_EQ(prune_to(1, world.node.clock.now() - 3'500'000'000).kept, 3);
    const Pruned pruned = prune_to(2, {});
    EXPECT_EQ(pruned.removed, 1);
    EXPECT_EQ(pruned.kept, 2);
    EXPECT_LT(objects_of(world).size(), before);
    EXPECT_TRUE(world.verify()->faults.empty());
    EXPECT_TRUE(world.restore({ids[2], {}}));
    EXPECT_EQ(world.head_of_restored().seq, 6);
    EXPECT_EQ(world.restore(Wanted{ids[0], {}}, "/other").error().code, Code::kNotFound);
    EXPECT_EQ(prune_to(0, {}).kept, 1) << "never the last";
}

TEST(Backup, OneWriterAtATime) {
    World world;
    const auto held = open_folder(world.node.disk(), kTo, Use::kWrite).value();
    EXPECT_EQ(world.make().error().code, Code::kConflict);
}

TEST(Backup, ListsThatReachOutsideAreRefused) {
    const auto with_path = [](std::string_view path) {
        List list;
        list.id = "x";
        list.files.push_back({std::string(path), std::string(64, 'a'), 0, false, {}});
        return parse_list(list_text(list));
    };
    EXPECT_TRUE(with_path("segments/x.parquet"));
    for (const std::string_view path :
         {"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", "a/"})
        EXPECT_FALSE(with_path(path)) << path;
    EXPECT_FALSE(parse_list("{}"));
    EXPECT_FALSE(parse_list("[1]"));
    EXPECT_FALSE(parse_list(R"({"format":2})"));
}

// Goal: power loss at any moment of a backup harms neither the node nor the backups before. Method:
// at every operation of the second backup; afterwards both are as they were or one is more.
TEST(BackupCrash, PowerLossAtEveryOperation) {
    std::uint64_t operations = 0;
    {
        World world;
        ASSERT_TRUE(world.node.commit(3));
        ASSERT_TRUE(world.make());
        ASSERT_TRUE(world.node.commit(2, 1));
        const std::uint64_t before = world.node.simulated.operations();
        ASSERT_TRUE(world.make());
        operations = world.node.simulated.operations() - before;
    }
    ASSERT_GT(operations, 10U);
    for (std::uint64_t n = 1; n <= operations; ++n) {
        World world;
        ASSERT_TRUE(world.node.commit(3));
        ASSERT_TRUE(world.make());
        ASSERT_TRUE(world.node.commit(2, 1));
        world.node.simulated.lose_power_at(n);
        (void)world.make();  // done, when only clearing up was left
        world.node.store.reset();
        world.node.simulated.crash(n);
        ASSERT_TRUE(world.node.open()) << n;
        EXPECT_TRUE(world.node.verify()->ok) << n;
        EXPECT_TRUE(world.verify()->faults.empty()) << n;
        ASSERT_TRUE(world.restore()) << n;
        const store::Seq seq = world.head_of_restored().seq;
        EXPECT_TRUE(seq == 3 || seq == 5) << n;
        EXPECT_TRUE(world.make()) << "and the next one works " << n;
    }
}

// Goal: a restore that is cut short leaves no node, and can be begun again. Method: power loss at
// every operation of it.
TEST(RestoreCrash, PowerLossAtEveryOperation) {
    for (std::uint64_t n = 1;; ++n) {
        ASSERT_LT(n, 2000U);
        World world;
        ASSERT_TRUE(world.node.commit(3, 1));
        ASSERT_TRUE(world.node.commit(2));
        ASSERT_TRUE(world.make());
        world.node.simulated.lose_power_at(n);
        const bool done = world.restore().has_value();
        if (done && !world.node.simulated.power_lost()) return;
        world.node.store.reset();
        world.node.simulated.crash(n);
        if (world.node.disk().exists("/restored/nguon.yaml")) {
            TestNode other(&world.node.disk(), std::filesystem::path(kRestored));
            ASSERT_TRUE(other.open()) << n;
            EXPECT_TRUE(other.verify()->ok) << n;
            EXPECT_EQ(other.store->head("test.thing")->seq, 5) << n;
            continue;
        }
        const Result<Restored> again = world.restore();
        ASSERT_TRUE(again) << n << " " << again.error().detail.en;
        EXPECT_EQ(world.head_of_restored().seq, 5) << n;
    }
}

// Goal: a full or failing disk is said, and nothing is listed that is not whole. Method: each
// operation of a backup fails once.
TEST(BackupCrash, EachOperationFailsOnce) {
    for (std::uint64_t n = 1;; ++n) {
        ASSERT_LT(n, 2000U);
        World world;
        ASSERT_TRUE(world.node.commit(3, 1));
        const std::uint64_t before = world.node.simulated.operations();
        world.node.simulated.fail_at(n);
        const Result<Made> made = world.make();
        const bool reached = world.node.simulated.operations() - before >= n;
        if (!reached) return;
        EXPECT_TRUE(world.verify().has_value() ? world.verify()->faults.empty() : !made) << n;
        EXPECT_TRUE(world.node.commit(1)) << n;
        EXPECT_TRUE(world.make()) << n;
        EXPECT_TRUE(world.restore()) << n;
    }
}

}  // namespace
}  // namespace nguon::backup
