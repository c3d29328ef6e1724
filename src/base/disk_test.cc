#include "base/disk.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "base/simulated_disk.h"

namespace nguon {
namespace {

namespace fs = std::filesystem;

class RealFolder {
public:
    RealFolder() {
        std::string pattern = (fs::temp_directory_path() / "nguon-disk-XXXXXX").string();
        m_path = ::mkdtemp(pattern.data());
    }
    ~RealFolder() {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    RealFolder(const RealFolder&) = delete;
    RealFolder& operator=(const RealFolder&) = delete;
    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

void write(Disk& disk, const fs::path& path, std::string_view bytes) {
    const auto file = disk.open(path, OpenMode::kCreate);
    ASSERT_TRUE(file.has_value()) << file.error().detail.en;
    ASSERT_TRUE((*file)->write_at(0, bytes).has_value());
}

// Goal: tests on the simulated disk say something about real ones. Method: the same calls on both.
void expect_behaviour(Disk& disk, const fs::path& folder) {
    ASSERT_TRUE(disk.make_folders(folder / "a/b").has_value());
    ASSERT_TRUE(disk.make_folders(folder / "a/b").has_value());
    const fs::path file = folder / "a/b/file";
    EXPECT_EQ(disk.open(file, OpenMode::kRead).error().code, Code::kNotFound);
    EXPECT_EQ(disk.open(file, OpenMode::kReadWrite).error().code, Code::kNotFound);
    EXPECT_EQ(disk.open(folder / "absent/file", OpenMode::kCreate).error().code, Code::kNotFound);
    EXPECT_EQ(disk.open(folder / "a", OpenMode::kRead).error().code, Code::kConflict);
    EXPECT_EQ(disk.size_of(file).error().code, Code::kNotFound);
    EXPECT_EQ(disk.remove(file).error().code, Code::kNotFound);
    EXPECT_EQ(disk.rename(file, folder / "other").error().code, Code::kNotFound);
    EXPECT_TRUE(disk.list(folder / "absent").value().empty());
    {
        const auto opened = disk.open(file, OpenMode::kCreateNew);
        ASSERT_TRUE(opened.has_value());
        File& handle = **opened;
        EXPECT_TRUE(handle.write_at(5, "world").has_value());
        EXPECT_TRUE(handle.write_at(0, "hello").has_value());
        EXPECT_EQ(handle.size().value(), 10U);
        std::string buffer(20, '?');
        EXPECT_EQ(handle.read_at(2, buffer).value(), 8U);
        EXPECT_EQ(buffer.substr(0, 8), "lloworld");
        EXPECT_EQ(handle.read_at(50, buffer).value(), 0U);
        EXPECT_TRUE(handle.truncate(3).has_value());
        EXPECT_TRUE(handle.sync().has_value());
    }
    EXPECT_EQ(disk.open(file, OpenMode::kCreateNew).error().code, Code::kConflict);
    EXPECT_EQ(disk.read_all(file).value(), "hel");
    EXPECT_EQ(disk.read_all(file, 2).error().code, Code::kTooLarge);
    EXPECT_TRUE(disk.write_durably(file, "new").has_value());
    EXPECT_EQ(disk.read_all(file).value(), "new");
    EXPECT_EQ(disk.size_of(file).value(), 3U);
    EXPECT_EQ(disk.list(folder / "a/b").value(), std::vector<std::string>{"file"});
    EXPECT_TRUE(disk.list(folder / "a").value().empty()) << "folders are not files";
    EXPECT_TRUE(disk.rename(file, folder / "moved").has_value());
    EXPECT_FALSE(disk.exists(file));
    EXPECT_TRUE(disk.exists(folder / "moved"));
    EXPECT_TRUE(disk.sync_folder(folder).has_value());
    EXPECT_TRUE(disk.remove(folder / "moved").has_value());
    write(disk, folder / "a/b/c", "x");
    write(disk, folder / "ab", "x");
    EXPECT_TRUE(disk.remove_folder(folder / "a").has_value());
    EXPECT_TRUE(disk.remove_folder(folder / "a").has_value()) << "it is gone already";
    EXPECT_FALSE(disk.exists(folder / "a"));
    EXPECT_FALSE(disk.exists(folder / "a/b/c"));
    EXPECT_TRUE(disk.exists(folder / "ab"));
}

void expect_locks(Disk& disk, const fs::path& file) {
    const auto code = [&](LockMode mode) { return disk.lock(file, mode).error().code; };
    EXPECT_EQ(code(LockMode::kShared), Code::kNotFound);
    {
        const auto own = disk.lock(file, LockMode::kExclusive);
        ASSERT_TRUE(own.has_value()) << own.error().detail.en;
        EXPECT_EQ(code(LockMode::kExclusive), Code::kConflict);
        EXPECT_EQ(code(LockMode::kShared), Code::kConflict);
    }
    const auto one = disk.lock(file, LockMode::kShared);
    auto other = disk.lock(file, LockMode::kShared);
    ASSERT_TRUE(one.has_value() && other.has_value());
    *other = nullptr;
    EXPECT_EQ(code(LockMode::kExclusive), Code::kConflict) << "one still shares it";
}

TEST(Disk, RealOne) {
    const RealFolder folder;
    expect_behaviour(real_disk(), folder.path());
    expect_locks(real_disk(), folder.path() / "lock");
}

// Goal: what is private is so from its first moment. Method: the modes, under an umask that forbids
// nothing.
TEST(Disk, PrivateFilesAndFoldersAreTheirOwnersAlone) {
    const RealFolder folder;
    const mode_t mask = ::umask(0);
    const auto file = real_disk().open(folder.path() / "f", OpenMode::kCreatePrivate);
    fs::create_directory(folder.path() / "open");
    EXPECT_TRUE(real_disk().make_private_folder(folder.path() / "open").has_value());
    EXPECT_TRUE(real_disk().make_private_folder(folder.path() / "a/closed").has_value());
    ::umask(mask);
    ASSERT_TRUE(file.has_value());
    const auto mode = [&](const char* name) {
        return static_cast<unsigned>(fs::status(folder.path() / name).permissions());
    };
    EXPECT_EQ(mode("f"), 0600U);
    EXPECT_EQ(mode("open"), 0700U);
    EXPECT_EQ(mode("a/closed"), 0700U);
    EXPECT_EQ(mode("a"), 0750U);
    EXPECT_EQ(real_disk().open(folder.path() / "f", OpenMode::kCreatePrivate).error().code,
              Code::kConflict);
}

TEST(Disk, SimulatedOne) {
    SimulatedDisk disk;
    ASSERT_TRUE(disk.make_folders("/f").has_value());
    expect_behaviour(disk, "/f");
    expect_locks(disk, "/f/lock");
    ASSERT_TRUE(disk.open("/f/secret", OpenMode::kCreatePrivate).has_value());
    EXPECT_EQ(disk.open("/f/secret", OpenMode::kCreatePrivate).error().code, Code::kConflict);
    ASSERT_TRUE(disk.make_private_folder("/f/closed").has_value());
    EXPECT_TRUE(disk.is_private("/f/secret"));
    EXPECT_TRUE(disk.is_private("/f/closed"));
    EXPECT_FALSE(disk.is_private("/f"));
}

// Goal: a machine that starts again is held by nobody. Method: crash() with a lock held.
TEST(SimulatedDisk, ACrashLetsGoOfLocks) {
    SimulatedDisk disk;
    ASSERT_TRUE(disk.make_folders("/f").has_value());
    const auto before = disk.lock("/f/lock", LockMode::kExclusive);
    ASSERT_TRUE(before.has_value());
    disk.crash();
    const auto after = disk.lock("/f/lock", LockMode::kExclusive);
    EXPECT_TRUE(after.has_value());
}

// Goal: a full disk is `unavailable` with something to do. Method: a file size limit of this
// process.
TEST(Disk, PastALimitIsUnavailableWithAFix) {
    const RealFolder folder;
    rlimit old{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = old;
    small.rlim_cur = 4096;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto file = real_disk().open(folder.path() / "f", OpenMode::kCreate).value();
    const Result<void> written = file->write_at(0, std::string(10000, 'x'));
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().code, Code::kUnavailable);
    EXPECT_FALSE(written.error().fix.vi.empty());
    EXPECT_FALSE(written.error().fix.en.empty());
}

TEST(SimulatedDisk, ACrashDropsWhatWasNotSynced) {
    SimulatedDisk disk;
    disk.put("/f", "old");
    write(disk, "/f", "new");
    EXPECT_EQ(disk.read_all("/f").value(), "new");
    disk.crash();
    EXPECT_EQ(disk.read_all("/f").value(), "old");

    const auto file = disk.open("/f", OpenMode::kReadWrite).value();
    ASSERT_TRUE(file->write_at(0, "new").has_value());
    ASSERT_TRUE(file->sync().has_value());
    disk.crash();
    EXPECT_EQ(disk.read_all("/f").value(), "new");
    EXPECT_EQ(file->size().error().code, Code::kUnavailable) << "files open before are dead";
}

// Goal: names need their folder's sync. Method: creation, rename and removal, each with and
// without.
TEST(SimulatedDisk, ACrashDropsNamesWhoseFolderWasNotSynced) {
    for (const bool synced : {false, true}) {
        SimulatedDisk disk;
        disk.put("/d/moved", "m");
        disk.put("/d/removed", "r");
        {
            const auto file = disk.open("/d/created", OpenMode::kCreate).value();
            ASSERT_TRUE(file->write_at(0, "c").has_value());
            ASSERT_TRUE(file->sync().has_value());
        }
        ASSERT_TRUE(disk.rename("/d/moved", "/d/there").has_value());
        ASSERT_TRUE(disk.remove("/d/removed").has_value());
        if (synced) {
            ASSERT_TRUE(disk.sync_folder("/d").has_value());
        }
        disk.crash();
        EXPECT_EQ(disk.exists("/d/created"), synced);
        EXPECT_EQ(disk.exists("/d/there"), synced);
        EXPECT_EQ(disk.exists("/d/moved"), !synced);
        EXPECT_EQ(disk.exists("/d/removed"), !synced);
    }
}

// Goal: a real cache keeps some of what was not synced, torn at sectors. Method: many seeds; the
// same seed does the same.
TEST(SimulatedDisk, ASeedKeepsAndTearsAtSectors) {
    std::set<std::size_t> lengths;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        std::size_t first = 0;
        for (int round = 0; round < 2; ++round) {
            SimulatedDisk disk;
            disk.put("/f", "");
            write(disk, "/f", std::string(2000, 'x'));
            disk.crash(seed);
            const std::string after = disk.read_all("/f").value();
            EXPECT_TRUE(after.size() % 512 == 0 || after.size() == 2000) << after.size();
            if (round == 0) first = after.size();
            EXPECT_EQ(after.size(), first);
        }
        lengths.insert(first);
    }
    EXPECT_TRUE(lengths.contains(0));
    EXPECT_TRUE(lengths.contains(2000));
    EXPECT_GE(lengths.size(), 4U);
}

TEST(SimulatedDisk, FailsTheOperationAskedFor) {
    SimulatedDisk disk;
    disk.put("/f", "");
    const auto file = disk.open("/f", OpenMode::kReadWrite).value();
    const std::uint64_t before = disk.operations();
    disk.fail_at(2);
    EXPECT_TRUE(file->write_at(0, "a").has_value());
    EXPECT_EQ(file->write_at(0, "b").error().code, Code::kUnavailable);
    EXPECT_TRUE(file->write_at(1, "c").has_value());
    EXPECT_EQ(disk.operations(), before + 3);
    EXPECT_EQ(disk.read_all("/f").value(), "ac");
}

// Goal: the simulation is as treacherous as Linux: the sync after a failed one says yes and saves
// nothing.
TEST(SimulatedDisk, AFailedSyncLosesItsWritesForGood) {
    SimulatedDisk disk;
    disk.put("/f", "old");
    const auto file = disk.open("/f", OpenMode::kReadWrite).value();
    ASSERT_TRUE(file->write_at(0, "new").has_value());
    disk.fail_at(1);
    EXPECT_FALSE(file->sync().has_value());
    EXPECT_TRUE(file->sync().has_value());
    EXPECT_EQ(disk.read_all("/f").value(), "new");
    disk.crash();
    EXPECT_EQ(disk.read_all("/f").value(), "old");
}

TEST(SimulatedDisk, NothingWorksWithoutPower) {
    SimulatedDisk disk;
    disk.put("/f", "old");
    const auto file = disk.open("/f", OpenMode::kReadWrite).value();
    disk.lose_power_at(1);
    EXPECT_FALSE(file->write_at(0, "new").has_value());
    EXPECT_FALSE(file->sync().has_value());
    EXPECT_FALSE(disk.open("/f", OpenMode::kRead).has_value());
    disk.crash();
    EXPECT_EQ(disk.read_all("/f").value(), "old");
}

}  // namespace
}  // namespace nguon
