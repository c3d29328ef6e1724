// The walls around the child. Linux only; every step is irreversible for the process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.h"

namespace nguon::query {

enum class Allow {
    kReading,
    kWritingGivenFile
};  // the second: for COPY into a descriptor that came with exec

// No new privileges, no core dump, no tracing by others, dies with the parent; limits on memory,
// CPU time, descriptors and file size. Before anything untrusted is read.
Result<void> set_limits(std::uint64_t memory_bytes, std::uint64_t cpu_seconds,
                        std::uint64_t file_bytes);

// Whether this build has a sanitizer, which maps terabytes: the limit on memory is then not set.
bool is_sanitized();

// Landlock: from now on only files beneath `paths` (files or folders) can be opened, and only to be
// read. Each call narrows further. The process must have one thread: Landlock binds the caller and
// its children. A kernel without Landlock: nothing happens (sandbox_status() says so). Errors:
// not_found for a path that does not exist, internal.
Result<void> restrict_files(const std::vector<std::filesystem::path>& paths);

// seccomp: an allow list of system calls; every other one fails with EPERM.
Result<void> restrict_calls(Allow allow);

}  // namespace nguon::query
