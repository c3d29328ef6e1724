// The process is killed at every fail point of the store, on a real disk.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "base/fail_point.h"
#include "store/test_node.h"

namespace nguon::store {
namespace {

using testing::contract_yaml;
using testing::parsed;
using testing::TestNode;
using testing::write_of;

// What a node does in its life; it calls `acknowledge` for each write that was answered. False: it
// could not go on.
using Life = std::function<bool(TestNode& node, const std::function<void()>& acknowledge)>;

bool two_batches(TestNode& node, const std::function<void()>& acknowledge) {
    for (const auto& [inserted, rejected] : {std::pair{3, 1}, std::pair{2, 0}}) {
        if (!node.commit(inserted, rejected)) return false;
        acknowledge();
    }
    return true;
}

// Rows written alone, by one and by two, sealed in between, and a batch behind them.
bool rows_alone(TestNode& node, const std::function<void()>& acknowledge) {
    for (int round = 0; round < 4; ++round) {
        std::vector<BatchDraft> drafts;
        for (int i = 0; i <= round % 2; ++i)
            drafts.push_back(write_of(node, Op::kInsert, fmt::format("{}-{}", round, i), "x"));
        if (!node.store->commit_rows(drafts)) return false;
        acknowledge();
        if (round % 2 == 1 && !node.store->seal("test.thing")) return false;
    }
    const auto lock = node.store->lock("test.thing");
    if (!lock || !node.commit(1)) return false;
    acknowledge();
    return true;
}

// Answers of the child, one byte per acknowledged write.
int run_and_die(const std::filesystem::path& folder, std::string_view fail_point,
                const Life& life) {
    int pipe[2];
    if (::pipe(pipe) != 0) return -1;
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        if (!arm_fail_point(fail_point)) ::_exit(3);
        TestNode node(&real_disk(), folder);
        if (!node.open() || !node.store->apply({parsed(contract_yaml("thing", "1.0.0"))}))
            ::_exit(4);
        const auto acknowledge = [&] {
            [[maybe_unused]] const ssize_t put = ::write(pipe[1], "!", 1);
        };
        ::_exit(life(node, acknowledge) ? 0 : 5);
    }
    ::close(pipe[1]);
    int acknowledged = 0;
    char byte = 0;
    while (::read(pipe[0], &byte, 1) == 1)
        ++acknowledged;
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_TRUE(WEXITSTATUS(status) == 137 || WEXITSTATUS(status) == 0) << WEXITSTATUS(status);
    return acknowledged;
}

// Goal: nothing acknowledged is missing after a kill, nothing is doubled, no garbage stays. Method:
// every fail point, at its first to fourth pass.
TEST(Kill, AtEveryFailPoint) {
    int kills = 0;
    for (const std::string_view point : kFailPoints) {
        for (int pass = 1; pass <= 4; ++pass) {
            const std::string setting = fmt::format("{}:{}", point, pass);
            SCOPED_TRACE(setting);
            std::string pattern =
                (std::filesystem::temp_directory_path() / "nguon-kill-XXXXXX").string();
            const std::filesystem::path folder = ::mkdtemp(pattern.data());
            const int acknowledged = run_and_die(folder, setting, two_batches);
            kills += acknowledged < 2 ? 1 : 0;
            TestNode node(&real_disk(), folder);
            ASSERT_TRUE(node.open().has_value());
            if (node.store->dataset("test.thing")) {
                const std::size_t batches = node.store->batches("test.thing").value().size();
                EXPECT_GE(batches, static_cast<std::size_t>(acknowledged));
                EXPECT_LE(batches, static_cast<std::size_t>(acknowledged) + 1);
                const Head head = node.store->head("test.thing").value();
                EXPECT_EQ(head.seq, batches == 0 ? 0 : batches == 1 ? 3 : 5);
                EXPECT_EQ(real_disk().list(folder / "segments").value().size(), batches);
            } else {
                EXPECT_EQ(acknowledged, 0);
            }
            EXPECT_TRUE(node.verify().value().ok);
            EXPECT_TRUE(real_disk().list(folder / "tmp").value().empty());
            node.store.reset();
            std::error_code ignored;
            std::filesystem::remove_all(folder, ignored);
        }
    }
    EXPECT_GE(kills, 20);
}

// Goal: the same of rows written alone: acknowledged ones are there, once and in order; of the
// write under way all rows or none. Method: every fail point, at several passes.
TEST(Kill, RowsWrittenAlone) {
    constexpr int kRows[] = {0, 1, 3, 4, 6, 7};  // after so many acknowledged writes
    int kills = 0;
    for (const std::string_view point : kFailPoints) {
        for (int pass = 1; pass <= 4; ++pass) {
            const std::string setting = fmt::format("{}:{}", point, pass);
            SCOPED_TRACE(setting);
            std::string pattern =
                (std::filesystem::temp_directory_path() / "nguon-kill-XXXXXX").string();
            const std::filesystem::path folder = ::mkdtemp(pattern.data());
            const auto acknowledged =
                static_cast<std::size_t>(run_and_die(folder, setting, rows_alone));
            kills += acknowledged < 5 ? 1 : 0;
            TestNode node(&real_disk(), folder);
            ASSERT_TRUE(node.open().has_value());
            if (node.store->dataset("test.thing")) {
                const Seq seq = node.store->head("test.thing").value().seq;
                EXPECT_TRUE(seq == kRows[acknowledged] ||
                            (acknowledged < 5 && seq == kRows[acknowledged + 1]))
                    << seq;
                Seq next = 1;
                const std::vector<ChangeSource> sources =
                    node.store->sources("test.thing", 1, seq).value();
                for (const ChangeSource& source : sources) {
                    EXPECT_EQ(source.first, next);
                    next = source.last + 1;
                }
                EXPECT_EQ(next, seq + 1);
                const auto verified = node.verify();
                for (const Finding& finding : verified->findings)
                    ADD_FAILURE() << finding.file << " " << finding.detail.en;
                EXPECT_TRUE(node.store->seal("test.thing").has_value());
            } else {
                EXPECT_EQ(acknowledged, 0U);
            }
            EXPECT_TRUE(node.verify().value().ok);
            EXPECT_TRUE(real_disk().list(folder / "tmp").value().empty());
            node.store.reset();
            std::error_code ignored;
            std::filesystem::remove_all(folder, ignored);
        }
    }
    EXPECT_GE(kills, 30);
}

}  // namespace
}  // namespace nguon::store
