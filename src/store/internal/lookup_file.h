// What is in a lookup's file, and the two ways to write it. For lookup.cc only.
//   rows(key, seq, row)                      by KEY
//   meta(format, cursor, sealed, columns, history)   one row
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sql/sqlite.h"
#include "store/lookup.h"

namespace nguon::store {

struct LookupMeta {
    std::int64_t format = 0;
    Seq cursor = 0;
    Seq sealed = 0;       // what segments held when it came there; rows written alone came after
    std::string columns;  // what the rows' JSON and keys depend on
    std::string history;  // names the segments up to `sealed`

    static constexpr std::int64_t kFormat = 2;
    // Nothing when no segment ends at `sealed`: the file is of another history.
    static std::optional<LookupMeta> of(const DatasetInfo& dataset,
                                        const std::vector<SegmentInfo>& segments, Seq sealed,
                                        Seq cursor);
    bool operator==(const LookupMeta&) const = default;
};

Result<LookupMeta> read_lookup_meta(sql::Sqlite& database);

struct LookupSource {
    const DatasetInfo& dataset;
    const Store::History& history;
    Seq sealed() const { return history.segments.empty() ? 0 : history.segments.back().last; }
};

// The changes after `cursor`, in one transaction with the cursor.
Result<void> apply_changes(sql::Sqlite& database, const Lookup::Options& options,
                           const LookupSource& source, Seq cursor);

// Rows written alone that follow the cursor, likewise: the same, without a look at segments.
Result<void> apply_rows(sql::Sqlite& database, const std::vector<HotRow>& rows);

// A new, synced file at `to` from all of history. Gives its rows.
Result<std::int64_t> build_lookup_file(const std::filesystem::path& to,
                                       const Lookup::Options& options, const LookupSource& source);

// Errors save not_found.
Result<void> remove_if_there(Disk& disk, const std::filesystem::path& file);

}  // namespace nguon::store
