// Questions on the history of one dataset, each answered by a short-lived DuckDB instance that
// reads only the segments that matter. Threads: every function may be called concurrently.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/history_source.h"
#include "store/lookup.h"
#include "store/merge.h"

namespace nguon::store {

struct ReadOptions {
    std::string memory_limit = "512MB";
    int threads = 2;
    std::filesystem::path temporary_folder;  // spills of large sorts; empty: none
};

Result<std::unique_ptr<sql::Duck>> open_reader(const ReadOptions& options);

// The row as it stood at `upto`; nothing when it was absent or deleted then. Errors: invalid (the
// key).
Result<std::optional<Found>> get_as_of(const HistorySource& source, const DatasetInfo& dataset,
                                       std::string_view key, Seq upto, const ReadOptions& options);

struct HistoryQuery {
    static constexpr std::int64_t kDefaultLimit = 100, kMostLimit = 10'000;
    std::optional<std::string> key;  // KEY: only the changes of this row
    Seq from = 1;
    std::int64_t limit = kDefaultLimit;
};

struct HistoryChange {
    Seq seq = 0;
    Op op = Op::kInsert;
    Micros at = 0;
    std::string batch;
    std::string key;              // KEY; empty for a dataset without key, and of an erased change
    std::string row_json;         // "null" of a delete and of an erased change
    std::string to_json() const;  // {"seq","op","at","batch","key","row"}
};

struct HistoryPage {
    std::vector<HistoryChange> changes;  // by seq
    std::optional<Seq> next;             // where to go on; nothing at the end
    // {"changes":[{"seq","op","at","batch","key","row"}],"next"}
    std::string to_json() const;
};

// Errors: invalid (the key, from < 1, limit outside 1 to kMostLimit).
Result<HistoryPage> history(const HistorySource& source, const DatasetInfo& dataset,
                            const HistoryQuery& query, const ReadOptions& options);

}  // namespace nguon::store
