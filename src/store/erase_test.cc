// Erasure over files that are opaque to the store: whatever happens, the erasure is wholly there or
// wholly absent, nothing else is lost, and once it was acknowledged no file has what was erased.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail_point.h"
#include "sql/sqlite.h"
#include "store/test_eraser.h"
#include "store/test_node.h"

namespace nguon::store {
namespace {

using testing::contract_yaml;
using testing::FakeEraser;
using testing::kSecret;
using testing::parsed;
using testing::TestNode;

// A node with three batches, ready for the erasure.
struct World {
    explicit World(Disk* disk = nullptr, std::filesystem::path folder = TestNode::kFolder)
        : node(disk, std::move(folder)), eraser(node.disk()) {
        node.eraser = &eraser;
    }
    bool live() {
        if (!node.store && !node.open()) return false;
        if (!node.store->apply({parsed(contract_yaml("thing", "1.0.0"))})) return false;
        BatchDraft first = node.draft(3);
        first.idempotency_key = "Ngoại lệ";
        first.kept["profile"] = json::object{{"max", "Ngoại lệ"}};
        if (!node.store->commit(first)) return false;
        return node.commit(2, 1).has_value() && node.commit(1).has_value();
    }
    Result<Receipt> erase() {
        TRY_ASSIGN(const auto lock, node.store->lock("test.thing"));
        return node.store->erase(*lock, {"erasure1", "test.thing", {"12345"}, "Quyết định 1"});
    }
    TestNode node;
    FakeEraser eraser;
};

bool is_erased(TestNode& node) {
    const auto segments = node.store->segments("test.thing", 100).value();
    return segments[0].changes.inserted == 2;
}

// Everything is there, whole and verified; nothing else is.
void expect_sound(World& world, bool acknowledged) {
    TestNode& node = world.node;
    const Result<void> opened = node.open();
    ASSERT_TRUE(opened.has_value()) << opened.error().detail.en;
    const Verification verified = node.verify().value();
    for (const Finding& finding : verified.findings)
        ADD_FAILURE() << finding.file << " " << finding.problem << " " << finding.detail.en;
    const bool erased = is_erased(node);
    EXPECT_TRUE(erased || !acknowledged) << "an acknowledged erasure is not there";
    EXPECT_EQ(node.store->head("test.thing")->seq, 6);
    EXPECT_EQ(node.store->head("test.thing")->rows, 6);
    EXPECT_EQ(node.store->batches("test.thing")->size(), erased ? 4U : 3U);
    EXPECT_EQ(node.disk().list(node.folder / "segments")->size(), 3U);
    EXPECT_EQ(node.disk().list(node.folder / "quarantine")->size(), 1U);
    EXPECT_TRUE(node.disk().list(node.folder / "tmp")->empty());
    if (!erased) return;
    const std::vector<std::string> names = node.disk().list(node.folder / "segments").value();
    for (const std::string& name : names) {
        const std::string bytes = node.disk().read_all(node.folder / "segments" / name).value();
        EXPECT_EQ(bytes.find(kSecret), bytes.npos);
    }
    for (const std::string_view file : {"control.db", "control.db-wal"}) {
        if (!node.disk().exists(node.folder / file)) continue;
        EXPECT_EQ(node.disk().read_all(node.folder / file)->find("Ngoại lệ"), std::string::npos)
            << file;
    }
}

TEST(Erase, ReplacesFilesAndReceipts) {
    World world;
    ASSERT_TRUE(world.live());
    const auto before = world.node.store->batches("test.thing").value();
    const Result<Receipt> receipt = world.erase();
    ASSERT_TRUE(receipt) << receipt.error().detail.en;
    const json::value said = parse_json(receipt->json_text).value();
    EXPECT_EQ(said.at("erasure").at("order"), "Quyết định 1");
    EXPECT_EQ(said.at("erasure").at("changes"), 1);
    EXPECT_EQ(said.at("erasure").at("set_aside"), 1);
    const auto after = world.node.store->batches("test.thing").value();
    EXPECT_NE(after.back().receipt_json, before.back().receipt_json);
    EXPECT_EQ(after.back().receipt_json.find("Ngoại lệ"), std::string::npos);
    world.node.store.reset();
    expect_sound(world, true);
    const auto repeated = world.node.store->repeated("test.thing", "Ngoại lệ", after.back().sha256);
    EXPECT_FALSE(repeated->has_value()) << "a key that named somebody";
    EXPECT_TRUE(world.node.commit(1));
    EXPECT_TRUE(world.node.verify()->ok);
}

TEST(Erase, WhatIsNotThereCannotBeErased) {
    World world;
    ASSERT_TRUE(world.live());
    ASSERT_TRUE(world.erase());
    const auto lock = world.node.store->lock("test.thing").value();
    const auto again =
        world.node.store->erase(*lock, {"erasure2", "test.thing", {"12345"}, "Quyết định 2"});
    EXPECT_EQ(again.error().code, Code::kNotFound);
}

// Goal: only a signed redaction lets another file stand for one that was signed. Method: control.db
// is made to name another file, rightly hashed.
TEST(Erase, NobodyElseCanReplaceAFile) {
    World world;
    ASSERT_TRUE(world.live());
    ASSERT_TRUE(world.erase());
    world.node.store.reset();
    const std::string other = "other bytes";
    const std::string sha256 = crypto::sha256_hex(other);
    world.node.simulated.put("/node/segments/" + sha256 + ".parquet", other);
    {
        const Host host{world.node.disk(), world.node.clock, world.node.random};
        const auto control = sql::Sqlite::open(host, "/node/control.db", {}).value();
        ASSERT_TRUE(control->execute(
            fmt::format("update segment set sha256 = '{}', bytes = {} where first_seq = 1", sha256,
                        other.size())));
    }
    ASSERT_TRUE(world.node.open());
    EXPECT_FALSE(world.node.verify()->ok);
}

TEST(EraseCrash, PowerLossAtEveryOperation) {
    for (std::uint64_t n = 1;; ++n) {
        ASSERT_LT(n, 500U);
        for (const std::optional<std::uint64_t> seed :
             {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(n)}) {
            World world;
            ASSERT_TRUE(world.live());
            world.node.simulated.put("/node/views/test.thing.lookup.db", "Ngoại lệ");
            world.node.simulated.lose_power_at(n);
            const bool acknowledged = world.erase().has_value();
            if (!world.node.simulated.power_lost()) return;
            world.node.store.reset();
            world.node.simulated.crash(seed);
            SCOPED_TRACE(fmt::format("operation {}, seed {}", n, seed.value_or(0)));
            expect_sound(world, acknowledged);
            if (is_erased(world.node)) {
                EXPECT_FALSE(world.node.disk().exists("/node/views/test.thing.lookup.db"));
            } else {
                EXPECT_TRUE(world.erase()) << "it can be ordered again";
                EXPECT_TRUE(world.node.verify()->ok);
            }
        }
    }
}

TEST(EraseCrash, AFailingOperationIsSaid) {
    for (std::uint64_t n = 1;; ++n) {
        ASSERT_LT(n, 500U);
        World world;
        ASSERT_TRUE(world.live());
        const std::uint64_t before = world.node.simulated.operations();
        world.node.simulated.fail_at(n);
        const Result<Receipt> receipt = world.erase();
        if (world.node.simulated.operations() - before < n) return;
        SCOPED_TRACE(fmt::format("operation {}", n));
        EXPECT_TRUE(world.node.commit(0)) << "the node goes on";
        world.node.store.reset();
        ASSERT_TRUE(world.node.open());
        EXPECT_TRUE(world.node.verify()->ok);
        if (!is_erased(world.node)) {
            EXPECT_FALSE(receipt);
            EXPECT_TRUE(world.erase());
        }
        EXPECT_TRUE(is_erased(world.node));
        EXPECT_TRUE(world.node.verify()->ok);
        EXPECT_EQ(world.node.disk().list("/node/segments")->size(), 3U);
    }
}

TEST(EraseKill, AtEveryFailPoint) {
    int kills = 0;
    for (const std::string_view point : kFailPoints) {
        const bool is_passed = point.starts_with("erase.") || point.starts_with("seal.") ||
                               point.starts_with("commit.after_manifest");
        if (!is_passed) continue;
        for (int pass = 1; pass <= 3; ++pass) {
            const std::string setting = fmt::format("{}:{}", point, pass);
            SCOPED_TRACE(setting);
            std::string pattern =
                (std::filesystem::temp_directory_path() / "nguon-erase-XXXXXX").string();
            const std::filesystem::path folder = ::mkdtemp(pattern.data());
            {
                World world(&real_disk(), folder);
                ASSERT_TRUE(world.live());
            }
            const pid_t child = ::fork();
            if (child == 0) {
                World world(&real_disk(), folder);
                if (!world.node.open() || !arm_fail_point(setting)) ::_exit(4);
                ::_exit(world.erase() ? 0 : 5);
            }
            int status = 0;
            ::waitpid(child, &status, 0);
            ASSERT_TRUE(WIFEXITED(status));
            ASSERT_TRUE(WEXITSTATUS(status) == 137 || WEXITSTATUS(status) == 0)
                << WEXITSTATUS(status);
            kills += WEXITSTATUS(status) == 137 ? 1 : 0;
            World world(&real_disk(), folder);
            expect_sound(world, WEXITSTATUS(status) == 0);
            world.node.store.reset();
            std::error_code ignored;
            std::filesystem::remove_all(folder, ignored);
        }
    }
    EXPECT_GE(kills, 10);
}

}  // namespace
}  // namespace nguon::store
