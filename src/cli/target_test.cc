#include "cli/target.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "cli/internal/testing.h"

namespace nguon::cli {
namespace {

std::string node_json(std::int64_t pid, const std::string& data) {
    return to_text(json::value{{"event", "ready"},
                               {"public", "127.0.0.1:1"},
                               {"internal", "127.0.0.1:2"},
                               {"pid", pid},
                               {"data", data}});
}

TEST(Target, AServedFolderGivesAddressAndToken) {
    World world;
    world.file("admin.token", "secret\n");
    world.file("node.json", node_json(::getpid(), world.folder.string()));
    const auto node = serving(world.folder);
    ASSERT_TRUE(node);
    EXPECT_EQ(node->address, "127.0.0.1:2");
    EXPECT_EQ(node->token, "secret");
}

TEST(Target, NobodyServesWithoutFileProcessOrSense) {
    World world;
    EXPECT_FALSE(serving(world.folder));
    world.file("admin.token", "secret\n");
    world.file("node.json", "{");
    EXPECT_FALSE(serving(world.folder));
    world.file("node.json", node_json(0, world.folder.string()));
    EXPECT_FALSE(serving(world.folder));
    world.file("node.json", node_json(1 << 30, world.folder.string()));
    EXPECT_FALSE(serving(world.folder));
}

// Goal: a copy of a served folder is judged by itself, not by the node of the original. Method:
// node.json of another folder, whose process runs.
TEST(Target, ACopyOfAServedFolderIsNotServed) {
    World original, copy;
    for (World* world : {&original, &copy}) {
        world->file("admin.token", "secret\n");
        world->file("node.json", node_json(::getpid(), original.folder.string()));
    }
    EXPECT_TRUE(serving(original.folder));
    EXPECT_FALSE(serving(copy.folder));
}

// Goal: a port that another program took is not our node. Method: nobody listens on port 2.
TEST(Target, ANodeThatDoesNotAnswerIsNoTarget) {
    World world;
    world.file("admin.token", "secret\n");
    world.file("nguon.yaml", "member: VN/GOV/BCA\nnode: 01N\n");
    world.file("node.json", node_json(::getpid(), world.folder.string()));
    EXPECT_EQ(served_target(world.folder), nullptr);
}

}  // namespace
}  // namespace nguon::cli
