// Everything that is durable at once, killed at any fail point: batches, rows written alone,
// sealing, erasure, backups. NGUON_KILLS: how often (200); `./run deep kills` has ten times that.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>

#include "backup/backup.h"
#include "backup/keys.h"
#include "base/fail_point.h"
#include "store/test_eraser.h"
#include "store/test_node.h"

namespace nguon::backup {
namespace {

namespace fs = std::filesystem;

using store::Op;
using store::testing::contract_yaml;
using store::testing::parsed;
using store::testing::TestNode;
using store::testing::write_of;

// What was acknowledged, one letter each, in the order in which it happened: 'b'atch (two rows),
// row written 'a'lone, 'e'rasure, back'u'p; 's'eal changes nothing that can be seen.
constexpr std::string_view kPlan = "baasuabasbueaabsuba";

struct World {
    explicit World(const fs::path& folder)
        : node(&real_disk(), folder / "node"), eraser(real_disk()), backups(folder / "backups") {
        node.eraser = &eraser;
        node.write_opaque_segments();
    }
    Host host() { return {node.disk(), node.clock, node.random}; }
    Result<void> open() {
        TRY(node.disk().make_folders(node.folder / "keys"));
        const std::string pem = store::testing::test_key().public_key().pem();
        for (const auto& [name, text] : {std::pair<fs::path, std::string>{"nguon.yaml", "x"},
                                         {"public.pem", pem},
                                         {"admin.token", "t"}}) {
            if (!node.disk().exists(node.folder / name)) node.write_file(node.folder / name, text);
        }
        TRY(node.open());
        TRY_ASSIGN(key, node_key(host(), node.folder));
        return {};
    }
    Result<void> step(char what, std::size_t number) {
        node.made = static_cast<int>(number - 1) * 10;  // ids that no earlier life had
        switch (what) {
            case 'b': {
                TRY_ASSIGN(const auto lock, node.store->lock("test.thing"));
                TRY(node.commit(2, 1));
                return {};
            }
            case 'a': {
                const std::string code = fmt::format("row{}", number);
                TRY(node.store->commit_rows({{write_of(node, Op::kInsert, code, "x")}}));
                return {};
            }
            case 's': return node.store->seal("test.thing");
            case 'e': {
                TRY_ASSIGN(const auto lock, node.store->lock("test.thing"));
                TRY(node.store->erase(*lock, {"erasure1", "test.thing", {"12345"}, "Lệnh 1"}));
                return {};
            }
            default: {
                TRY_ASSIGN(const auto repository, open_folder(node.disk(), backups, Use::kWrite));
                const Host on = host();
                const Source source{on, *node.store, node.folder, "VN/GOV/T", "n"};
                TRY(make(source, *repository, *key, {}));
                return {};
            }
        }
    }
    TestNode node;
    store::testing::FakeEraser eraser;
    fs::path backups;
    std::optional<crypto::SecretKey> key;
};

// Lives from step `from` on in a process that a fail point ends. How many steps were acknowledged.
std::size_t live(const fs::path& folder, const std::string& setting, std::size_t from) {
    int pipe[2];
    if (::pipe(pipe) != 0) return from;
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        World world(folder);
        if (!world.open()) ::_exit(4);
        if (!world.node.store->apply({parsed(contract_yaml("thing", "1.0.0"))})) ::_exit(4);
        if (!arm_fail_point(setting)) ::_exit(3);
        for (std::size_t i = from; i < kPlan.size(); ++i) {
            if (const Result<void> done = world.step(kPlan[i], i + 1); !done) {
                fmt::print(stderr, "step {}: {}\n", i + 1, done.error().detail.en);
                ::_exit(5);
            }
            [[maybe_unused]] const ssize_t put = ::write(pipe[1], "!", 1);
        }
        ::_exit(0);
    }
    ::close(pipe[1]);
    char byte = 0;
    while (::read(pipe[0], &byte, 1) == 1)
        ++from;
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && (WEXITSTATUS(status) == 137 || WEXITSTATUS(status) == 0))
        << WEXITSTATUS(status);
    return from;
}

struct Seen {
    std::int64_t rows = 0, batches = 0, erasures = 0;
};
Seen seen_after(std::size_t steps) {
    Seen seen;
    for (const char what : kPlan.substr(0, steps)) {
        seen.rows += what == 'b' ? 2 : what == 'a' ? 1 : 0;
        seen.batches += what == 'b' || what == 'a' || what == 'e' ? 1 : 0;
        seen.erasures += what == 'e' ? 1 : 0;
    }
    return seen;
}

// What stands is what was acknowledged, or that and the step under way, whole. True: the latter.
bool expect_sound(World& world, std::size_t acknowledged) {
    const Result<void> opened = world.open();
    EXPECT_TRUE(opened.has_value()) << opened.error().detail.en;
    if (!opened) return false;
    const store::Verification verified = world.node.verify().value();
    for (const store::Finding& finding : verified.findings)
        ADD_FAILURE() << finding.file << " " << finding.problem << " " << finding.detail.en;
    const store::Head head = world.node.store->head("test.thing").value();
    const auto batches = static_cast<std::int64_t>(world.node.store->batches("test.thing")->size());
    const Seen now = seen_after(acknowledged);
    const Seen next = seen_after(std::min(acknowledged + 1, kPlan.size()));
    const bool is_now = head.rows == now.rows && batches == now.batches;
    const bool is_next = head.rows == next.rows && batches == next.batches;
    EXPECT_TRUE(is_now || is_next)
        << head.rows << " rows, " << batches << " batches after " << acknowledged;
    EXPECT_TRUE(world.node.disk().list(world.node.folder / "tmp")->empty());
    if (world.node.disk().exists(world.backups / "nguon-backup.json")) {
        const auto repository = open_folder(world.node.disk(), world.backups, Use::kRead).value();
        const Result<Verified> backups = verify(*repository, *world.key, {});
        EXPECT_TRUE(backups && backups->faults.empty());
    }
    return is_next && !is_now;
}

TEST(KillOfEverything, LosesNothingAndDoublesNothing) {
    const char* given = std::getenv("NGUON_KILLS");  // NOLINT(concurrency-mt-unsafe): one thread
    const int wanted = given != nullptr ? std::atoi(given) : 200;
    (void)store::testing::test_key();  // one for all processes
    std::mt19937 random(20260001);
    int kills = 0;
    for (int life = 0; kills < wanted && life < 20 * wanted; ++life) {
        std::string pattern = (fs::temp_directory_path() / "nguon-kills-XXXXXX").string();
        const fs::path folder = ::mkdtemp(pattern.data());
        std::size_t done = 0;
        for (int round = 0; done < kPlan.size() && kills < wanted; ++round) {
            const std::string setting =
                fmt::format("{}:{}", kFailPoints[random() % kFailPoints.size()], 1 + random() % 4);
            SCOPED_TRACE(fmt::format("life {}, step {}, {}", life, done, setting));
            const std::size_t reached = live(folder, setting, done);
            kills += reached < kPlan.size() ? 1 : 0;
            World world(folder);
            const bool one_more = expect_sound(world, reached);
            done = reached + (one_more ? 1 : 0);
            if (::testing::Test::HasFailure()) break;
        }
        std::error_code ignored;
        fs::remove_all(folder, ignored);
        if (::testing::Test::HasFailure()) return;
    }
    EXPECT_GE(kills, wanted);
}

}  // namespace
}  // namespace nguon::backup
