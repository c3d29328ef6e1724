// What an erasure reads and writes inside of files. Apart from the store, for which files are
// opaque, so that a test can have others.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace nguon::store {

// A shorter text stands in too many places to be looked for: "Nam", "1".
inline constexpr std::size_t kShortestSign = 4;

class Eraser {
public:
    virtual ~Eraser() = default;

    struct Found {
        std::set<Seq> changes;
        bool stands = false;             // one of the rows is there now
        std::vector<std::string> words;  // texts of their values that are long enough to be told
    };
    // Everything that history says of the rows with these keys. Errors: invalid (a key).
    virtual Result<Found> find(const DatasetInfo& dataset, const std::vector<SegmentInfo>& segments,
                               const std::vector<std::string>& keys) = 0;

    struct Counted {
        ChangeCounts changes;  // that are left
        std::int64_t erased = 0;
    };
    // `from` without these changes, of which the first has the number `first`; not synced.
    virtual Result<Counted> rewrite_segment(const std::filesystem::path& from, Seq first,
                                            const std::set<Seq>& changes,
                                            const std::filesystem::path& to) = 0;
    // What may stand in a text, all of its parts, each as a word of its own.
    using Sign = std::vector<std::string>;
    // A file of rows set aside, or of originals, without the rows that have one of these signs. How
    // many rows were taken out; 0: nothing was written.
    virtual Result<std::int64_t> rewrite_aside(const std::filesystem::path& from,
                                               const std::vector<Sign>& signs,
                                               const std::filesystem::path& to) = 0;
};

Eraser& duckdb_eraser();

}  // namespace nguon::store
