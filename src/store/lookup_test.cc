#include <gtest/gtest.h>

#include <fstream>
#include <latch>
#include <thread>

#include "store/internal/testing.h"
#include "store/lookups.h"

namespace nguon::store {
namespace {

using testing::Keyed;
using testing::must;
using testing::World;

Lookups::Options options_in(const std::filesystem::path& folder) {
    Lookups::Options options;
    options.lookup.disk = &real_disk();
    options.lookup.clock = &system_clock();
    options.lookup.random = &system_random();
    options.lookup.folder = folder;
    options.lookup.memory_limit = "300MB";
    return options;
}

std::filesystem::path file_in(const World& world) {
    return world.folder.path() / "views" / (world.info.contract.name + ".lookup.db");
}

// Every key that ever was, and some that never were.
void expect_rows(Lookups& lookups, World& world) {
    const auto rows = world.rows_at(static_cast<Seq>(world.changes.size()));
    std::vector<std::string> keys;
    for (const testing::Change& change : world.changes)
        keys.push_back(change.key);
    for (int i = 0; i < 20; ++i)
        keys.push_back(world.some_key());
    for (const std::string& key : keys) {
        const std::optional<Found> found = must(lookups.get(world.info, key));
        const auto row = rows.find(key);
        ASSERT_EQ(found.has_value(), row != rows.end()) << key;
        if (!found) continue;
        EXPECT_EQ(found->seq, row->second.seq) << key;
        EXPECT_EQ(found->row_json, world.row_text(row->second.row)) << key;
    }
}

// Goal: every key gives the row of a plain map, however the history grows. Method: random batches,
// new columns, closing and opening between them.
TEST(Lookup, AgreesWithAMapOverRandomHistories) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        SCOPED_TRACE(seed);
        World world(seed, Keyed::kYes);
        auto lookups = std::make_unique<Lookups>(world, options_in(world.folder.path() / "views"));
        expect_rows(*lookups, world);
        for (int batch = 0; batch < 6; ++batch) {
            if (batch == 4) world.add_column("extra", contract::LogicalType::kString);
            world.add_batch(world.pick(60), batch == 0 ? 0 : 0.6);
            if (world.chance(0.3)) {
                lookups =
                    std::make_unique<Lookups>(world, options_in(world.folder.path() / "views"));
            }
            expect_rows(*lookups, world);
        }
    }
}

TEST(Lookup, AKeyMayBeWrittenInAnotherWay) {
    World world(1, Keyed::kYes);
    world.add_batch(30, 0);
    Lookups lookups(world, options_in(world.folder.path() / "views"));
    const testing::Change& change = world.changes[0];
    const std::string number = change.row[1].text;
    const std::string padded = number.starts_with('-') ? "-00" + number.substr(1) : "00" + number;
    const std::string other = padded + change.key.substr(change.key.find(','));
    EXPECT_EQ(must(lookups.get(world.info, other))->seq, change.seq);
    EXPECT_EQ(lookups.get(world.info, "x,y").error().code, Code::kInvalid);
}

// Goal: a file that cannot be trusted is built again, not served and not an error.
TEST(Lookup, DamagedForeignOrNewerFilesAreThrownAway) {
    World world(2, Keyed::kYes);
    world.add_batch(50, 0);
    world.add_batch(50, 0.5);
    const auto views = world.folder.path() / "views";
    const auto fresh = [&] { return std::make_unique<Lookups>(world, options_in(views)); };
    expect_rows(*fresh(), world);

    const auto overwrite = [&](std::streamoff at, const std::string& bytes) {
        std::fstream file(file_in(world), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(at);
        file << bytes;
    };
    overwrite(0, "this is no database");
    expect_rows(*fresh(), world);
    overwrite(4096, std::string(4096, '\xee'));  // a page within
    expect_rows(*fresh(), world);
    std::filesystem::resize_file(file_in(world), 5000);
    expect_rows(*fresh(), world);
    {
        auto database = must(
            sql::Sqlite::open({real_disk(), system_clock(), system_random()}, file_in(world), {}));
        must(database->execute("UPDATE meta SET format = 0; DELETE FROM rows"));
    }
    expect_rows(*fresh(), world);
    // A restored node whose history is shorter, then another that went on differently.
    World shorter(2, Keyed::kYes);
    shorter.add_batch(50, 0);
    std::filesystem::create_directories(shorter.folder.path() / "views");
    std::filesystem::copy_file(file_in(world), file_in(shorter));
    Lookups restored(shorter, options_in(shorter.folder.path() / "views"));
    expect_rows(restored, shorter);
    World other(3, Keyed::kYes);
    while (other.changes.size() < world.changes.size())
        other.add_batch(1, 0.5);
    other.infos.back().sha256 = "another";
    std::filesystem::create_directories(other.folder.path() / "views");
    std::filesystem::copy_file(file_in(world), file_in(other));
    Lookups diverged(other, options_in(other.folder.path() / "views"));
    expect_rows(diverged, other);
}

// Goal: what an interrupted build left behind harms nothing.
TEST(Lookup, LeftoversOfABuildAreIgnored) {
    World world(4, Keyed::kYes);
    world.add_batch(40, 0);
    const auto views = world.folder.path() / "views";
    std::filesystem::create_directories(views / "test.thing.lookup.spill");
    for (const char* name : {"test.thing.lookup.tmp", "test.thing.lookup.tmp-wal",
                             "test.thing.lookup.tmp-journal", "test.thing.lookup.db-wal"}) {
        std::ofstream(views / name) << std::string(10'000, 'x');
    }
    Lookups lookups(world, options_in(views));
    expect_rows(lookups, world);
    EXPECT_FALSE(std::filesystem::exists(views / "test.thing.lookup.tmp"));
    EXPECT_FALSE(std::filesystem::exists(views / "test.thing.lookup.spill"));
}

TEST(Lookup, RebuildCountsTheRows) {
    World world(5, Keyed::kYes);
    world.add_batch(50, 0);
    world.add_batch(50, 0.7);
    Lookups lookups(world, options_in(world.folder.path() / "views"));
    EXPECT_EQ(must(lookups.rebuild(world.info)).rows, must(world.head("")).rows);
    expect_rows(lookups, world);
    World keyless(5, Keyed::kNo);
    EXPECT_EQ(lookups.rebuild(keyless.info).error().code, Code::kInvalid);
}

// Several datasets behind one source.
struct Country : HistorySource {
    std::map<std::string, std::unique_ptr<World>, std::less<>> worlds;
    explicit Country(int count) {
        for (int i = 0; i < count; ++i) {
            auto world = std::make_unique<World>(static_cast<unsigned>(i + 1), Keyed::kYes);
            world->info.contract.name = fmt::format("test.thing{}", i);
            world->add_batch(20, 0);
            worlds[world->info.contract.name] = std::move(world);
        }
    }
    Result<Head> head(std::string_view name) const override {
        return worlds.find(name)->second->head(name);
    }
    Result<std::vector<SegmentInfo>> segments(std::string_view name, Seq upto) const override {
        return worlds.find(name)->second->segments(name, upto);
    }
};

TEST(Lookup, FewAreOpenAtOnceAndIdleOnesAreClosed) {
    Country country(5);
    testing::TemporaryFolder folder;
    Lookups::Options options = options_in(folder.path());
    options.most_open = 2;
    Lookups lookups(country, options);
    for (int round = 0; round < 2; ++round) {
        for (const auto& [name, world] : country.worlds) {
            expect_rows(lookups, *world);
            EXPECT_LE(lookups.open_count(), 2U);
        }
    }
    lookups.close_idle();
    EXPECT_EQ(lookups.open_count(), 2U);
    lookups.close_idle();
    EXPECT_EQ(lookups.open_count(), 0U);
    expect_rows(lookups, *country.worlds.begin()->second);
}

// A source whose segments wait until they are let go.
struct SlowSource : HistorySource {
    explicit SlowSource(World& given) : world(given) {}
    Result<Head> head(std::string_view name) const override { return world.head(name); }
    Result<std::vector<SegmentInfo>> segments(std::string_view name, Seq upto) const override {
        if (!asked.exchange(true)) {
            entered.count_down();
            release.wait();
        }
        return world.segments(name, upto);
    }
    World& world;
    mutable std::atomic<bool> asked = false;
    mutable std::latch entered{1}, release{1};
};

// Goal: one builds, the others wait a stated time and are told to try again.
TEST(Lookup, WhoWaitsTooLongForABuildIsToldToTryAgain) {
    World world(6, Keyed::kYes);
    world.add_batch(20, 0);
    SlowSource source(world);
    Lookups::Options options = options_in(world.folder.path() / "views");
    options.wait = std::chrono::milliseconds(20);
    Lookups lookups(source, options);
    const std::string key = world.changes[0].key;
    std::jthread builder([&] { EXPECT_TRUE(lookups.get(world.info, key).has_value()); });
    source.entered.wait();
    const auto refused = lookups.get(world.info, key);
    source.release.count_down();
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Code::kUnavailable);
    EXPECT_FALSE(refused.error().fix.en.empty());
    builder.join();
    EXPECT_EQ(lookups.get(world.info, key, 21).error().code, Code::kUnavailable);
}

// Goal: many readers beside growth, rebuilds and closing see rows of the moment or later. Method:
// threads ask for rows known to be there; the answer's seq never goes back. For the thread
// sanitizer, too.
TEST(Lookup, ReadersBesideChangesNeverGoBack) {
    World world(7, Keyed::kYes);
    world.add_batch(60, 0);
    Lookups lookups(world, options_in(world.folder.path() / "views"));
    std::vector<std::string> keys;
    for (const testing::Change& change : world.changes)
        keys.push_back(change.key);
    const DatasetInfo info = world.info;
    std::atomic<bool> stop = false;
    std::atomic<int> failures = 0, reads = 0;
    {
        std::vector<std::jthread> readers;
        for (std::size_t t = 0; t < 6; ++t) {
            readers.emplace_back([&, t] {
                std::map<std::string, Seq> last;
                for (std::size_t i = t; !stop; ++i) {
                    const std::string& key = keys[i % keys.size()];
                    const auto found = lookups.get(info, key);
                    if (!found) {
                        ++failures;
                        continue;
                    }
                    const Seq seq = *found ? (*found)->seq : last[key];
                    if (seq < last[key]) ++failures;
                    last[key] = seq;
                    ++reads;
                }
            });
        }
        for (int batch = 0; batch < 8; ++batch) {
            world.add_batch(20, 0.8);
            if (batch % 3 == 0) must(lookups.rebuild(info));
            if (batch % 3 == 1) lookups.close_idle();
            must(lookups.get(info, keys[0]));
        }
        stop = true;
    }
    EXPECT_EQ(failures, 0);
    EXPECT_GT(reads, 0);
    expect_rows(lookups, world);
}

}  // namespace
}  // namespace nguon::store
