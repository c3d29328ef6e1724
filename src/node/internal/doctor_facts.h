// What `nguon doctor` reads from the machine, apart from what it thinks of it: judges are pure
// functions of facts, so that a test can be any machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/settings.h"
#include "node/doctor.h"

namespace nguon::node::doctor {

struct ClockFacts {
    bool went_back = false;     // the monotonic clock, between two readings
    double jump_ms = 0;         // how far wall time left monotonic time while we looked
    bool synchronised = false;  // the kernel's word (adjtimex)
    std::string zone;           // TZ, or empty
    bool zone_known = true;     // glibc takes UTC in silence for a zone that it does not have
    int offset_minutes = 0;     // of local time from UTC
};
struct SpaceFacts {
    std::string path;
    std::uint64_t free = 0, total = 0;                // bytes
    std::uint64_t free_inodes = 0, total_inodes = 0;  // 0 of 0: the file system has no such limit
    bool read_only = false;
    std::string kind;                    // "nfs", "tmpfs"; empty: an ordinary one
    std::vector<std::string> elsewhere;  // folders inside that lie on another file system
};
struct SyncFacts {
    std::vector<double> milliseconds;  // of each write made durable, sorted
    std::string error;                 // why there are none
};
struct SecretFacts {
    std::string path;
    bool present = false, readable = false, folder = false;
    unsigned mode = 0;  // permission bits
    bool owned = true;  // by the user that runs this
};
struct PortFacts {
    std::string listener, address;
    bool held_by_node = false;
    int error = 0;         // errno of the attempt to bind; 0: free
    bool invalid = false;  // no address
};
struct LimitFacts {
    std::uint64_t descriptors = 0;                          // that this process may open
    std::optional<std::uint64_t> address_space, file_size;  // where they are limited
    std::uint64_t memory = 0;  // bytes that a node may use: the machine's or its cgroup's
    bool in_group = false;     // the latter
};
struct VersionFacts {
    std::string sqlite, duckdb, openssl, icu, kernel;
    int sqlite_number = 0;
    bool landlock = false, seccomp = false;
};

Finding judge_steadiness(const ClockFacts& facts);
Finding judge_synchronisation(const ClockFacts& facts);
Finding judge_zone(const ClockFacts& facts);
std::vector<Finding> judge_space(const SpaceFacts& facts);
Finding judge_temporary(const SpaceFacts& facts);
Finding judge_sync(const SyncFacts& facts);
Finding judge_config(const Result<NodeConfig>& config, const std::string& file);
std::vector<Finding> judge_secrets(const std::vector<SecretFacts>& secrets);
Finding judge_port(const PortFacts& facts);
Finding judge_descriptors(const LimitFacts& facts, const NodeConfig& config);
Finding judge_memory(const LimitFacts& facts, const NodeConfig& config);
Finding judge_file_size(const LimitFacts& facts);
std::vector<Finding> judge_versions(const VersionFacts& facts);
// `charset`: of the locale that the variables name; empty: there is no such locale.
Finding judge_locale(const std::string& locale, const std::string& charset);

ClockFacts look_at_clock(const std::string& zone, double measured_jump_ms, bool went_back);
SpaceFacts look_at_space(const std::filesystem::path& folder);
// Writes 4 KiB and syncs, again and again, for at most a second.
SyncFacts measure_sync(Disk& disk, const std::filesystem::path& folder, Random& random);
std::vector<SecretFacts> look_at_secrets(const std::filesystem::path& folder);
PortFacts look_at_port(const std::string& listener, const std::string& address);
// Of the process `pid`, such as the node that serves the folder; 0, or one of another user: of this
// one.
LimitFacts look_at_limits(std::int64_t pid);
VersionFacts look_at_versions();
std::string charset_of(const std::string& locale);

}  // namespace nguon::node::doctor
