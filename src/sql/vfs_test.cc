// SQLite over a disk that loses power, tears writes and forgets.
#include "sql/vfs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <utility>

#include "base/simulated_disk.h"
#include "base/simulated_time.h"
#include "sql/sqlite.h"

namespace nguon::sql {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFile = "/d/test.db";

// A disk whose sync says yes and does nothing: what a careless VFS, or a lying device, would be.
class NoSyncDisk final : public Disk {
public:
    explicit NoSyncDisk(Disk& below) : m_below(below) {}
    Result<std::unique_ptr<File>> open(const fs::path& path, OpenMode mode) override {
        TRY_ASSIGN(std::unique_ptr<File> file, m_below.open(path, mode));
        return std::make_unique<NoSyncFile>(std::move(file));
    }
    Result<void> rename(const fs::path& from, const fs::path& to) override {
        return m_below.rename(from, to);
    }
    Result<void> remove(const fs::path& path) override { return m_below.remove(path); }
    Result<void> make_folders(const fs::path& path) override { return m_below.make_folders(path); }
    Result<void> make_private_folder(const fs::path& path) override {
        return m_below.make_private_folder(path);
    }
    Result<void> remove_folder(const fs::path& path) override {
        return m_below.remove_folder(path);
    }
    Result<std::unique_ptr<DiskLock>> lock(const fs::path& path, LockMode mode) override {
        return m_below.lock(path, mode);
    }
    Result<void> sync_folder(const fs::path& path) override { return m_below.sync_folder(path); }
    bool exists(const fs::path& path) override { return m_below.exists(path); }
    Result<std::vector<std::string>> list(const fs::path& path) override {
        return m_below.list(path);
    }
    Result<std::uint64_t> size_of(const fs::path& path) override { return m_below.size_of(path); }

private:
    class NoSyncFile final : public File {
    public:
        explicit NoSyncFile(std::unique_ptr<File> below) : m_below(std::move(below)) {}
        Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) override {
            return m_below->read_at(offset, buffer);
        }
        Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
            return m_below->write_at(offset, bytes);
        }
        Result<void> truncate(std::uint64_t size) override { return m_below->truncate(size); }
        Result<std::uint64_t> size() override { return m_below->size(); }
        Result<void> sync() override { return {}; }

    private:
        std::unique_ptr<File> m_below;
    };
    Disk& m_below;
};

Host on(Disk& disk) {
    return {disk, system_clock(), system_random()};
}

std::unique_ptr<Sqlite> open(Disk& disk, Sqlite::Options options = {}) {
    Result<std::unique_ptr<Sqlite>> opened = Sqlite::open(on(disk), kFile, options);
    if (!opened) throw std::runtime_error(opened.error().detail.en);
    return *std::move(opened);
}

std::int64_t number(Sqlite& database, std::string_view query) {
    Result<Statement> statement = database.prepare(query);
    if (!statement) return -1;
    const Result<bool> row = statement->step();
    return row && *row ? statement->integer(0) : -1;
}

void must(const Result<void>& result) {
    ASSERT_TRUE(result.has_value()) << result.error().detail.en;
}

SimulatedDisk& prepared(SimulatedDisk& disk) {
    must(disk.make_folders("/d"));
    return disk;
}

// A committed transaction on `disk`, then power loss on `below`; the rows that are there
// afterwards.
std::int64_t rows_after_power_loss(Disk& disk, SimulatedDisk& below) {
    {
        const std::unique_ptr<Sqlite> database = open(disk);
        must(database->execute("create table t(a); insert into t values (1)"));
        below.crash();
    }
    const std::unique_ptr<Sqlite> database = open(below);
    return number(*database, "select count(*) from t");
}

// Goal: a committed transaction survives power loss, because COMMIT syncs through this seam.
// Method: the same with a disk that ignores sync: then it is lost. So the first half can fail.
TEST(Vfs, ACommitSurvivesPowerLossAndOnlyBecauseOfSync) {
    SimulatedDisk honest;
    EXPECT_EQ(rows_after_power_loss(prepared(honest), honest), 1);
    SimulatedDisk below;
    NoSyncDisk lying(prepared(below));
    EXPECT_EQ(rows_after_power_loss(lying, below), -1) << "not even the table";
}

TEST(Vfs, AnUncommittedTransactionIsGoneAfterPowerLoss) {
    SimulatedDisk disk;
    prepared(disk);
    {
        const std::unique_ptr<Sqlite> database = open(disk);
        must(database->execute("create table t(a)"));
        must(database->execute("begin immediate; insert into t values (1)"));
        disk.crash(5);
    }
    EXPECT_EQ(number(*open(disk), "select count(*) from t"), 0);
}

// Goal: power loss at any operation leaves the committed transactions, whole, and a sound file.
// Method: every operation of a run with checkpoints; what was unsynced is gone, or kept and torn by
// a seed.
TEST(Vfs, PowerLossAtEveryOperation) {
    for (std::uint64_t n = 1;; ++n) {
        SimulatedDisk disk;
        prepared(disk);
        disk.lose_power_at(n);
        std::int64_t committed = 0;
        bool lost = false;
        {
            Result<std::unique_ptr<Sqlite>> database = Sqlite::open(on(disk), kFile, {});
            if (database && (*database)->execute("create table if not exists t(a, b)")) {
                for (int i = 0; i < 6; ++i) {
                    const Result<void> done = (*database)->transaction([&]() -> Result<void> {
                        TRY((*database)->execute("insert into t values (1, randomblob(3000))"));
                        return (*database)->execute("insert into t values (2, randomblob(3000))");
                    });
                    if (!done) break;
                    committed += 2;
                    if (i % 2 == 1) (void)(*database)->execute("pragma wal_checkpoint(truncate)");
                }
            }
            lost = disk.power_lost();
        }
        disk.crash(n % 2 == 0 ? std::optional<std::uint64_t>(n) : std::nullopt);
        const std::unique_ptr<Sqlite> database = open(disk);
        must(database->execute("create table if not exists t(a, b)"));
        const std::int64_t rows = number(*database, "select count(*) from t");
        EXPECT_GE(rows, committed) << "operation " << n;
        EXPECT_LE(rows, committed + 2) << "operation " << n;
        EXPECT_EQ(rows % 2, 0) << "operation " << n;
        Statement check = database->prepare("pragma integrity_check").value();
        ASSERT_TRUE(check.step().value());
        EXPECT_EQ(check.text(0), "ok") << "operation " << n;
        if (!lost) {
            EXPECT_GT(n, 30U);
            return;
        }
    }
}

// Goal: a reader keeps its snapshot while the writer commits.
TEST(Vfs, AReaderSeesItsSnapshotWhileTheWriterWrites) {
    SimulatedDisk disk;
    prepared(disk);
    const std::unique_ptr<Sqlite> writer = open(disk);
    must(writer->execute("create table t(a); insert into t values (1)"));
    Sqlite::Options read_only;
    read_only.read_only = true;
    const std::unique_ptr<Sqlite> reader = open(disk, read_only);
    must(reader->execute("begin"));
    EXPECT_EQ(number(*reader, "select count(*) from t"), 1);
    must(writer->execute("insert into t values (2)"));
    EXPECT_EQ(number(*writer, "select count(*) from t"), 2);
    EXPECT_EQ(number(*reader, "select count(*) from t"), 1);
    must(reader->execute("commit"));
    EXPECT_EQ(number(*reader, "select count(*) from t"), 2);
    EXPECT_FALSE(reader->execute("insert into t values (3)").has_value());
}

// Goal: a reader's snapshot is safe from the checkpointer: its pages stay in the log.
TEST(Vfs, ACheckpointWaitsForReaders) {
    SimulatedDisk disk;
    prepared(disk);
    const std::unique_ptr<Sqlite> writer = open(disk);
    must(writer->execute("create table t(a); insert into t values (1)"));
    const std::unique_ptr<Sqlite> reader = open(disk);
    must(reader->execute("begin"));
    EXPECT_EQ(number(*reader, "select sum(a) from t"), 1);
    must(writer->execute("update t set a = 5"));
    EXPECT_EQ(number(*writer, "pragma wal_checkpoint(passive)"), 0);
    must(writer->execute("update t set a = 6"));
    EXPECT_EQ(number(*reader, "select sum(a) from t"), 1);
    must(reader->execute("commit"));
    EXPECT_EQ(number(*writer, "pragma wal_checkpoint(truncate)"), 0);
    EXPECT_EQ(disk.size_of("/d/test.db-wal").value(), 0U);
    EXPECT_EQ(number(*reader, "select sum(a) from t"), 6);
}

// Goal: the last connection leaves one file behind; a crash leaves the log, and opening recovers
// it.
TEST(Vfs, ReopensAfterCloseAndAfterCrash) {
    SimulatedDisk disk;
    prepared(disk);
    open(disk)->execute("create table t(a); insert into t values (1)").value();
    EXPECT_FALSE(disk.exists("/d/test.db-wal"));
    {
        const std::unique_ptr<Sqlite> database = open(disk);
        must(database->execute("insert into t values (2)"));
        disk.crash();
    }
    EXPECT_TRUE(disk.exists("/d/test.db-wal"));
    EXPECT_EQ(number(*open(disk), "select count(*) from t"), 2);
}

// What a run leaves on its disk: of the log two generations, with the time and random numbers that
// SQL asked for.
std::pair<std::string, std::string> files_of_run(unsigned seed) {
    SimulatedDisk disk;
    prepared(disk);
    ManualClock clock;
    SeededRandom random(seed);
    const auto database = Sqlite::open({disk, clock, random}, kFile, {}).value();
    must(database->execute("create table t(a, b, c)"));
    must(database->execute("insert into t values (1, julianday('now'), randomblob(30))"));
    EXPECT_EQ(number(*database, "select b = julianday('2027-01-15 08:00:00') from t"), 1);
    must(database->execute("pragma wal_checkpoint(restart)"));
    must(database->execute("insert into t values (2, datetime('now'), random())"));
    return {disk.read_all(kFile).value(), disk.read_all("/d/test.db-wal").value()};
}

// Goal: a run can be replayed byte for byte. Method: the same seed twice, with another database
// open meanwhile, and one seed more.
TEST(Vfs, ASeedGivesTheSameBytes) {
    SimulatedDisk other;
    const std::unique_ptr<Sqlite> real = open(prepared(other));
    const auto first = files_of_run(7);
    must(real->execute("create table u as select randomblob(300)"));
    EXPECT_EQ(files_of_run(7), first);
    const auto salts = [](const std::string& log) { return log.substr(16, 8); };
    const auto another = files_of_run(8);
    EXPECT_NE(salts(another.second), salts(first.second));
    EXPECT_NE(another.first, first.first);
}

// Goal: a log's salts are random where a node runs. Method: two databases of the system's
// randomness.
TEST(Vfs, TheSystemGivesOtherSalts) {
    const auto salts = [] {
        SimulatedDisk disk;
        const std::unique_ptr<Sqlite> database = open(prepared(disk));
        must(database->execute("create table t(a)"));
        return disk.read_all("/d/test.db-wal").value().substr(16, 8);
    };
    EXPECT_NE(salts(), salts());
}

// Goal: two writers do not run into each other. Method: threads with a connection each, on a real
// disk.
TEST(Vfs, WritersWaitForEachOther) {
    std::string pattern = (fs::temp_directory_path() / "nguon-vfs-XXXXXX").string();
    const fs::path folder = ::mkdtemp(pattern.data());
    {
        const auto first = Sqlite::open(on(real_disk()), folder / "t.db", {}).value();
        must(first->execute("create table t(a)"));
        std::atomic<int> failures = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i) {
            threads.emplace_back([&] {
                const auto own = Sqlite::open(on(real_disk()), folder / "t.db", {});
                for (int k = 0; k < 20; ++k) {
                    const bool done =
                        own && (*own)
                                   ->transaction(
                                       [&] { return (*own)->execute("insert into t values (1)"); })
                                   .has_value();
                    if (!done) ++failures;
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        EXPECT_EQ(failures, 0);
        EXPECT_EQ(number(*first, "select count(*) from t"), 60);
        EXPECT_FALSE(fs::exists(folder / "t.db-shm")) << "the index stays in memory";
    }
    std::error_code ignored;
    fs::remove_all(folder, ignored);
}

TEST(Sqlite, ErrorsHaveTheRightCode) {
    SimulatedDisk disk;
    prepared(disk);
    {
        const std::unique_ptr<Sqlite> database = open(disk);
        must(database->execute("create table t(a unique, b references t(a))"));
        must(database->execute("insert into t values ('x', null)"));
        EXPECT_EQ(database->execute("insert into t values ('x', null)").error().code,
                  Code::kConflict);
        EXPECT_EQ(database->execute("insert into t values ('y', 'z')").error().code,
                  Code::kConflict);
        EXPECT_EQ(database->execute("no sql").error().code, Code::kInternal);
        disk.fail_at(1);
        EXPECT_EQ(database->execute("insert into t values ('w', null)").error().code,
                  Code::kUnavailable);
        must(database->execute("insert into t values ('w', null)"));
    }
    disk.put(kFile, std::string(8192, 'x'));
    EXPECT_EQ(Sqlite::open(on(disk), kFile, {}).error().code, Code::kCorrupt);
    EXPECT_EQ(Sqlite::open(on(disk), "/absent/test.db", {}).error().code, Code::kUnavailable);
}

TEST(Sqlite, BindsAndReadsValues) {
    SimulatedDisk disk;
    prepared(disk);
    const std::unique_ptr<Sqlite> database = open(disk);
    Statement statement =
        database->prepare("select ?1, ?2, ?3, ?4, typeof(?2), typeof(?3)").value();
    const std::string bytes("a\0b", 3);
    statement.bind(1, std::int64_t{-5}).bind(2, "").bind_blob(3, bytes).bind_null(4);
    ASSERT_TRUE(statement.step().value());
    EXPECT_EQ(statement.integer(0), -5);
    EXPECT_EQ(statement.text(1), "");
    EXPECT_FALSE(statement.is_null(1));
    EXPECT_EQ(statement.text(2), bytes);
    EXPECT_TRUE(statement.is_null(3));
    EXPECT_EQ(statement.text(4), "text");
    EXPECT_EQ(statement.text(5), "blob");
    statement.reset();
    statement.bind(9, "no such position");
    EXPECT_FALSE(statement.step().has_value());
}

TEST(Sqlite, ATransactionThatFailsLeavesNothing) {
    SimulatedDisk disk;
    prepared(disk);
    const std::unique_ptr<Sqlite> database = open(disk);
    must(database->execute("create table t(a)"));
    const Result<void> done = database->transaction([&]() -> Result<void> {
        TRY(database->execute("insert into t values (1)"));
        return fail(Code::kRefused, Text::same("no"));
    });
    EXPECT_EQ(done.error().code, Code::kRefused);
    EXPECT_EQ(number(*database, "select count(*) from t"), 0);
}

}  // namespace
}  // namespace nguon::sql
