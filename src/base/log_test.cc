#include "base/log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/json.h"
#include "base/time.h"

namespace nguon {
namespace {

class FileLogTest : public testing::Test {
protected:
    FileLogTest() {
        std::string name = (std::filesystem::temp_directory_path() / "log-XXXXXX").string();
        m_folder = ::mkdtemp(name.data());
        m_path = m_folder / "nguon.log";
    }
    ~FileLogTest() override { std::filesystem::remove_all(m_folder); }
    // How many lines, each of which must be one JSON object.
    static int lines_of(const std::filesystem::path& path) {
        std::ifstream file(path);
        int count = 0;
        for (std::string line; std::getline(file, line); ++count)
            EXPECT_TRUE(parse_json(line).has_value()) << line;
        return count;
    }
    std::filesystem::path m_folder, m_path;
};

TEST_F(FileLogTest, AppendsLinesThatOthersMayNotRead) {
    std::ofstream(m_path) << "{\"old\":1}\n";
    ::chmod(m_path.c_str(), 0640);
    auto log = make_file_log(m_path, system_clock(), Level::kInfo).value();
    log->write(Level::kInfo, "a", {{"n", std::int64_t{1}}});
    log->write(Level::kDebug, "quiet", {});
    EXPECT_EQ(lines_of(m_path), 2);
    std::filesystem::remove(m_path);
    ASSERT_TRUE(log->reopen());
    struct stat status{};
    ASSERT_EQ(::stat(m_path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0007u, 0u);
}

// Goal: rotation loses and cuts no line. Method: four threads write while the file is moved away
// and reopened fifty times; all lines together are as many as were written.
TEST_F(FileLogTest, RotationUnderLoadLosesNoLine) {
    auto log = make_file_log(m_path, system_clock(), Level::kInfo).value();
    constexpr int kThreads = 4, kEach = 5'000, kTimes = 50;
    std::vector<std::thread> writers;
    for (int t = 0; t < kThreads; ++t) {
        writers.emplace_back([&log] {
            for (int i = 0; i < kEach; ++i)
                log->write(Level::kInfo, "http.request", {{"n", std::int64_t{i}}});
        });
    }
    for (int i = 0; i < kTimes; ++i) {
        std::filesystem::rename(m_path, m_folder / ("old-" + std::to_string(i)));
        ASSERT_TRUE(log->reopen());
    }
    for (std::thread& writer : writers)
        writer.join();
    int lines = 0;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder))
        lines += lines_of(entry.path());
    EXPECT_EQ(lines, kThreads * kEach);
}

TEST_F(FileLogTest, AFileThatCannotBeOpenedIsToldAndTheOldOneGoesOn) {
    auto log = make_file_log(m_path, system_clock(), Level::kInfo).value();
    std::filesystem::rename(m_path, m_folder / "old");
    std::filesystem::create_directory(m_path);
    const auto reopened = log->reopen();
    ASSERT_FALSE(reopened);
    EXPECT_EQ(reopened.error().code, Code::kUnavailable);
    EXPECT_NE(reopened.error().detail.en.find(m_path.string()), std::string::npos);
    log->write(Level::kInfo, "a", {});
    EXPECT_EQ(lines_of(m_folder / "old"), 1);
    EXPECT_FALSE(make_file_log(m_folder / "no" / "such", system_clock(), Level::kInfo));
}

}  // namespace
}  // namespace nguon
