// Bases: the rows of a dataset as they stood at one sequence number, sorted by key, in one file
// `views/base/<dataset>.<seq>.<mark>.parquet`. Current rows are then a base and what came after it,
// however long the history is. A view: it can be thrown away at any time.
//
// The mark is a hash of the columns and of the history up to there, so a base of another contract
// version, or of a history that was erased from or restored, is never taken.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "store/store.h"

namespace nguon::store {

// Threads: every member may be called concurrently.
class Bases {
public:
    struct Base {
        Seq seq = 0;
        std::string mark;
        std::filesystem::path path;
    };
    // Of `folder`, which is made when a base is.
    Bases(Disk& disk, std::filesystem::path folder) : m_disk(disk), m_folder(std::move(folder)) {}

    const std::filesystem::path& folder() const { return m_folder; }
    // The newest with seq <= upto that fits. `segments`: all up to `upto`, oldest first.
    std::optional<Base> nearest(const DatasetInfo& dataset,
                                const std::vector<SegmentInfo>& segments, Seq upto);
    enum class Anew { kNo, kYes };  // kYes: from history alone, of no earlier base
    // Makes one at the end of the last of `segments`, of which there is at least one, and takes
    // away all but the newest `kept`. Durable. Errors: unavailable, corrupt.
    Result<Base> make(const DatasetInfo& dataset, const std::vector<SegmentInfo>& segments,
                      std::size_t kept, const std::filesystem::path& scratch,
                      Anew anew = Anew::kNo);
    void forget(std::string_view dataset);  // their files were removed

private:
    void load();  // under m_mutex

    Disk& m_disk;
    std::filesystem::path m_folder;
    std::mutex m_mutex;
    bool m_loaded = false;
    std::map<std::string, std::vector<Base>, std::less<>> m_bases;  // by seq
};

// `segments` with the base in place of those that it has.
std::vector<SegmentInfo> behind(const Bases::Base& base, std::vector<SegmentInfo> segments);

}  // namespace nguon::store
