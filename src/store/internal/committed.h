// committed/<dataset>: how far each chain had come when its last batch was true. Written after the
// COMMIT, so it tells a control.db that is one batch old from a commit that a crash cut short: both
// leave one manifest past the head, and only the first leaves a number past it. Never synced and
// not signed: without it, or with a torn one, less is noticed and nothing is lost.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/disk.h"

namespace nguon::store {

inline constexpr std::string_view kCommittedFolder = "committed";

// A failure is no error of the batch, which is true already.
void note_committed(Disk& disk, const std::filesystem::path& folder, std::string_view dataset,
                    std::int64_t manifests);

// The number of manifests of each dataset. Read it before control.db: a node may be at work.
std::map<std::string, std::int64_t, std::less<>> read_committed(
    Disk& disk, const std::filesystem::path& folder);

}  // namespace nguon::store
