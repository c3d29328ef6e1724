// Named places where a test may kill the process, one after every durable step. Off, a place costs
// one load and one comparison. On: NGUON_FAIL_POINT=name or name:n ends the process with
// _exit(137), as `kill -9` would, at the n-th time (from 1) the place is passed.
#pragma once

#include <array>
#include <atomic>
#include <string_view>

namespace nguon {

// All of them, in one list, so that a test can kill at each. A name that is not here does not
// compile.
inline constexpr std::array<std::string_view, 23> kFailPoints = {
    "seal.after_sync",         // a segment's or quarantine file's bytes are durable, still in tmp/
    "seal.after_rename",       // it has its final name
    "seal.after_folder_sync",  // and the name is durable
    "commit.after_seal",       // all files of the batch are sealed
    "commit.after_manifest_write",  // the signed manifest's bytes are durable, still in tmp/
    "commit.after_manifest_rename",
    "commit.after_manifest_sync",  // its name is durable; nothing refers to it yet
    "commit.in_transaction",       // all rows are written, COMMIT is not called
    "commit.after_transaction",    // committed, not answered
    "rows.in_transaction",         // rows written alone, COMMIT is not called
    "rows.after_transaction",      // committed, not answered
    "hot.after_segment",           // their segment is sealed, and referenced by nothing
    "hot.in_transaction",
    "hot.after_transaction",
    "erase.after_announcement",  // control.db names the files that are to come
    "erase.after_seal",          // they are there, and referenced by nothing
    "erase.in_transaction",
    "erase.after_transaction",
    "erase.after_removal",  // the old files are gone
    "apply.in_transaction",
    "apply.after_transaction",
    "start.after_cleaning_tmp",
    "start.after_dropping",  // unreferenced files are gone
};

consteval int fail_point_index(std::string_view name) {
    for (std::size_t i = 0; i < kFailPoints.size(); ++i) {
        if (kFailPoints[i] == name) return static_cast<int>(i);
    }
    throw "not in kFailPoints";
}

// "name" or "name:n"; empty disarms. False for an unknown name. At start NGUON_FAIL_POINT is read.
bool arm_fail_point(std::string_view setting);

namespace internal {
extern std::atomic<int> armed_fail_point;  // index, or -1
void pass_armed_fail_point();
inline void pass_fail_point(int index) {
    if (armed_fail_point.load(std::memory_order_relaxed) == index) pass_armed_fail_point();
}
}  // namespace internal

#define FAIL_POINT(name) ::nguon::internal::pass_fail_point(::nguon::fail_point_index(name))

}  // namespace nguon
