// What `nguon doctor` thinks of machines of many kinds, and what it finds on this one.
#include "node/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "base/simulated_disk.h"
#include "node/internal/doctor_facts.h"

namespace nguon::node {
namespace {

using doctor::SpaceFacts;
using testing::HasSubstr;

constexpr std::uint64_t kGiB = 1ull << 30;

// A finding that is not ok must say what to do, in both languages.
void expect(const Finding& finding, Verdict verdict) {
    EXPECT_EQ(finding.verdict, verdict) << finding.check << ": " << finding.found.en;
    EXPECT_FALSE(finding.found.vi.empty() || finding.found.en.empty()) << finding.check;
    EXPECT_EQ(finding.fix.empty(), verdict == Verdict::kOk) << finding.check;
    EXPECT_EQ(finding.fix.vi.empty(), finding.fix.en.empty()) << finding.check;
}

SpaceFacts roomy() {
    SpaceFacts facts;
    facts.path = "/srv";
    facts.free = 100 * kGiB;
    facts.total = 200 * kGiB;
    facts.free_inodes = facts.total_inodes = 1'000'000;
    return facts;
}

TEST(Doctor, ClocksThatJumpOrRunBackwardsAreTold) {
    doctor::ClockFacts facts;
    facts.synchronised = true;
    expect(judge_steadiness(facts), Verdict::kOk);
    expect(judge_synchronisation(facts), Verdict::kOk);
    facts.jump_ms = -3'600'000;
    expect(judge_steadiness(facts), Verdict::kWarning);
    facts.went_back = true;
    expect(judge_steadiness(facts), Verdict::kWrong);
    facts.synchronised = false;
    expect(judge_synchronisation(facts), Verdict::kWarning);
    facts.offset_minutes = 420;
    EXPECT_THAT(judge_zone(facts).found.en, HasSubstr("UTC+07:00"));
    facts.zone_known = false;
    expect(judge_zone(facts), Verdict::kWarning);
    EXPECT_FALSE(doctor::look_at_clock("Asia/Nowhere", 0, false).zone_known);
    EXPECT_TRUE(doctor::look_at_clock("ICT-7", 0, false).zone_known);
}

TEST(Doctor, AClockBehindTheLastCommitIsTold) {
    constexpr Micros kNow = 1'700'000'000'000'000, kHour = 3'600'000'000;
    expect(examine_last_commit(0, kNow), Verdict::kOk);
    expect(examine_last_commit(kNow - kHour, kNow), Verdict::kOk);
    expect(examine_last_commit(kNow + 1'000'000, kNow), Verdict::kOk);
    expect(examine_last_commit(kNow + kHour, kNow), Verdict::kWarning);
}

TEST(Doctor, SpaceInodesAndPlaceOfTheFolder) {
    for (const Finding& finding : judge_space(roomy()))
        expect(finding, Verdict::kOk);
    SpaceFacts facts = roomy();
    facts.free = kGiB;
    expect(judge_space(facts)[0], Verdict::kWarning);
    facts.free = 10 << 20;
    expect(judge_space(facts)[0], Verdict::kWrong);
    expect(judge_temporary(facts), Verdict::kWarning);
    facts.free_inodes = 5'000;
    expect(judge_space(facts)[1], Verdict::kWarning);
    facts.free_inodes = 5;
    expect(judge_space(facts)[1], Verdict::kWrong);
    facts.total_inodes = 0;  // btrfs
    expect(judge_space(facts)[1], Verdict::kOk);
    facts.kind = "nfs";
    expect(judge_space(facts)[2], Verdict::kWarning);
    facts.elsewhere = {"tmp"};
    expect(judge_space(facts)[2], Verdict::kWrong);
    EXPECT_THAT(judge_space(facts)[2].found.vi, HasSubstr("tmp"));
    facts.read_only = true;
    expect(judge_space(facts)[2], Verdict::kWrong);
}

TEST(Doctor, DurableWritesAreMeasuredWithinASecondAndLeaveNothing) {
    SimulatedDisk disk;
    ASSERT_TRUE(disk.make_folders("/data"));
    const auto start = std::chrono::steady_clock::now();
    const doctor::SyncFacts facts = doctor::measure_sync(disk, "/data", system_random());
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
    EXPECT_FALSE(facts.milliseconds.empty());
    EXPECT_EQ(facts.error, "");
    EXPECT_EQ(disk.list("/data").value().size(), 0u);
    doctor::SyncFacts given;
    expect(judge_sync(given), Verdict::kWrong);
    given.milliseconds.assign(100, 2.0);
    expect(judge_sync(given), Verdict::kOk);
    EXPECT_EQ(judge_sync(given).values.at("p99_ms"), 2.0);
    given.milliseconds.back() = 80;
    expect(judge_sync(given), Verdict::kWarning);
    given.milliseconds.assign(100, 0.002);
    expect(judge_sync(given), Verdict::kWarning);
    EXPECT_THAT(judge_sync(given).found.en, HasSubstr("power cut"));
}

TEST(Doctor, PortsThatAreHeldFreeOrNoAddress) {
    const int holder = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(holder, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    ASSERT_EQ(::listen(holder, 1), 0);
    socklen_t size = sizeof at;
    ::getsockname(holder, reinterpret_cast<sockaddr*>(&at), &size);
    const std::string address = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
    doctor::PortFacts facts = doctor::look_at_port("public", address);
    EXPECT_EQ(facts.error, EADDRINUSE);
    expect(judge_port(facts), Verdict::kWrong);
    EXPECT_THAT(judge_port(facts).found.vi, HasSubstr(address));
    facts.held_by_node = true;
    expect(judge_port(facts), Verdict::kOk);
    ::close(holder);
    expect(judge_port(doctor::look_at_port("internal", address)), Verdict::kOk);
    expect(judge_port(doctor::look_at_port("internal", "[::1]:0")), Verdict::kOk);
    expect(judge_port(doctor::look_at_port("public", "nowhere")), Verdict::kWrong);
    expect(doctor::judge_port({"public", "0.0.0.0:80", false, EACCES}), Verdict::kWrong);
}

TEST(Doctor, LimitsAreHeldAgainstTheSettings) {
    const NodeConfig config;
    doctor::LimitFacts facts{1'048'576, {}, {}, 64 * kGiB};
    expect(judge_descriptors(facts, config), Verdict::kOk);
    expect(judge_memory(facts, config), Verdict::kOk);
    expect(judge_file_size(facts), Verdict::kOk);
    facts.descriptors = 1024;  // what most machines give; 2,048 connections are the default
    facts.memory = kGiB;
    facts.file_size = 1 << 20;
    expect(judge_descriptors(facts, config), Verdict::kWarning);
    expect(judge_memory(facts, config), Verdict::kWarning);
    expect(judge_file_size(facts), Verdict::kWarning);
    facts.descriptors = 64;
    facts.memory = 100 << 20;
    expect(judge_descriptors(facts, config), Verdict::kWrong);
    expect(judge_memory(facts, config), Verdict::kWrong);
    EXPECT_GT(doctor::look_at_limits(0).memory, 0u);
    EXPECT_EQ(doctor::look_at_limits(1'999'999'999).descriptors,
              doctor::look_at_limits(0).descriptors);
}

TEST(Doctor, VersionsSandboxAndLocale) {
    doctor::VersionFacts facts = doctor::look_at_versions();
    for (const std::string& version :
         {facts.sqlite, facts.duckdb, facts.openssl, facts.icu, facts.kernel})
        EXPECT_NE(version, "");
    expect(judge_versions(facts)[0], Verdict::kOk);
    facts.landlock = facts.seccomp = true;
    expect(judge_versions(facts)[1], Verdict::kOk);
    facts.landlock = false;
    expect(judge_versions(facts)[1], Verdict::kWarning);
    facts.seccomp = false;
    expect(judge_versions(facts)[1], Verdict::kWrong);
    facts.sqlite_number = 3'039'000;
    expect(judge_versions(facts)[0], Verdict::kWrong);
    expect(doctor::judge_locale("C.UTF-8", doctor::charset_of("C.UTF-8")), Verdict::kOk);
    expect(doctor::judge_locale("C", doctor::charset_of("C")), Verdict::kWarning);
    expect(doctor::judge_locale("xx_YY.UTF-8", doctor::charset_of("xx_YY.UTF-8")),
           Verdict::kWarning);
    expect(doctor::judge_locale("", ""), Verdict::kOk);
}

class DoctorOfAFolder : public testing::Test {
protected:
    DoctorOfAFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "doctor-XXXXXX").string();
        m_folder = ::mkdtemp(name.data());
        m_folder /= "node";
    }
    ~DoctorOfAFolder() override { std::filesystem::remove_all(m_folder.parent_path()); }
    void make() { ASSERT_TRUE(init({m_folder, "VN/GOV/BCA", "", ""}, real_seams())); }
    Finding look(const std::string& check) {
        const DoctorOptions options{m_folder, "127.0.0.1:0", "127.0.0.1:0",
                                    [](const char*) { return std::string(); }};
        for (Finding& finding : examine(options, real_seams())) {
            if (finding.check == check) return std::move(finding);
        }
        return {"absent", {}, Verdict::kOk, Text::same("absent"), {}};
    }
    std::filesystem::path m_folder;
};

TEST_F(DoctorOfAFolder, WithoutANodeTheMachineIsStillLookedAt) {
    expect(look("config"), Verdict::kWrong);
    EXPECT_THAT(look("config").fix.en, HasSubstr("nguon init"));
    EXPECT_EQ(look("disk.sync").check, "disk.sync");
    EXPECT_FALSE(std::filesystem::exists(m_folder));
}

TEST_F(DoctorOfAFolder, AFreshNodeIsWellAndNothingIsLeftBehind) {
    make();
    for (const char* check : {"config", "keys.keys", "keys.node.pem", "keys.admin.token",
                              "keys.pair", "ports.public", "ports.internal"})
        expect(look(check), Verdict::kOk);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(m_folder))
        EXPECT_FALSE(entry.path().filename().string().starts_with("doctor-")) << entry.path();
}

TEST_F(DoctorOfAFolder, KeysThatOthersMayReadAreAbsentOrOfAnotherPair) {
    make();
    ::chmod((m_folder / "admin.token").c_str(), 0640);
    expect(look("keys.admin.token"), Verdict::kWrong);
    EXPECT_THAT(look("keys.admin.token").fix.en, HasSubstr("chmod 0600"));
    ::chmod((m_folder / "keys").c_str(), 0755);
    expect(look("keys.keys"), Verdict::kWrong);
    std::ofstream(m_folder / "public.pem") << "not a key";
    expect(look("keys.pair"), Verdict::kWrong);
    std::filesystem::remove(m_folder / "keys" / "node.pem");
    expect(look("keys.node.pem"), Verdict::kWrong);
}

TEST_F(DoctorOfAFolder, AWrongSettingIsNamedWithItsPlace) {
    make();
    std::ofstream(m_folder / "nguon.yaml", std::ios::app) << "  query.seconds: 99999\n";
    const Finding finding = look("config");
    expect(finding, Verdict::kWrong);
    EXPECT_THAT(finding.found.en, HasSubstr("settings.query.seconds"));
    EXPECT_EQ(finding.values.at("errors").as_array().size(), 1u);
}

}  // namespace
}  // namespace nguon::node
