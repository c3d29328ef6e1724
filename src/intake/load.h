// One file or request body into one dataset: scan, judge, set aside, compare with what is there,
// commit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "quality/sql_rules.h"
#include "scan/records.h"
#include "store/store.h"

namespace nguon::intake {

// A query of the contract over the rows that will stand once the batch has entered.
struct SqlQuestion {
    std::string sql;
    std::string dataset;   // what `view_sql` stands for; other datasets are as they stand
    std::string view_sql;  // trusted
    std::vector<std::filesystem::path> files;  // absolute or below the store: all that it opens
    std::filesystem::path folder;              // of the staged one among them; empty: none
    std::function<bool()> cancelled;
};
// Runs it in a sandbox. Errors: invalid (fails on the data), unavailable (limits).
using AskSql = std::function<Result<quality::SqlValue>(const SqlQuestion&)>;

struct LoadOptions {
    std::string memory_limit = "1GB";  // of the load's own DuckDB instance
    int threads = 2;
    AskSql ask_sql = {};                  // empty: SQL rules are named as not run
    const store::Store* lists = nullptr;  // where references lead; null: the store itself
};

// step: "read", "check", "compare", "seal"; total 0 = unknown.
using ProgressReport =
    std::function<void(std::string_view step, std::uint64_t done, std::uint64_t total)>;

// Asked under the dataset's lock, before anything is read: an error ends the load, and nothing is
// kept.
using Precondition = std::function<Result<void>()>;

struct LoadRequest {
    std::string dataset;
    std::string file_name;               // what the sender calls it; may be empty
    std::filesystem::path file;          // or …
    std::string bytes;                   // … the bytes themselves
    std::optional<contract::Mode> mode;  // the contract's when absent
    std::optional<scan::Format> format;
    std::optional<scan::Encoding> encoding;
    std::string sheet, entry;  // of a workbook, of a zip: as scan::InputOptions has them
    std::string idempotency_key;
    bool once_by_content = false;  // no key given: the hash of the body is the key
    bool all_or_none = false;      // one row set aside refuses the batch
    std::string corrects;          // the batch whose quarantine this mends
    // Mends what can be mended: by the recipe kept with the dataset, by every safe proposal, and by
    // the proposals named in `accept` ("date:born"). What was applied is the new recipe.
    bool mend = false;
    // So many rows a snapshot deletes, as its refusal counted them. Another number refuses it.
    std::optional<std::int64_t> confirm_deletes;
    Precondition precondition;
    // The columns with values that a snapshot lacks and empties, as its refusal named them: all of
    // them, in any order. Others refuse it.
    std::vector<std::string> confirm_missing;
    // Of a mending file: rows that the batch set aside and that are not in it are closed, for this
    // reason. Empty: they stay open.
    std::string close_missing;
    bool again = false;  // append: the same bytes came before, and are meant
    // The batch in whose place this file comes: its rows, and those of its corrections, that still
    // stand as they entered and are not in this file go in the same commit. Not for snapshots.
    std::string replaces;
    std::vector<std::string> accept;
    ProgressReport progress;
    std::function<bool()> cancelled;
};

// A refused batch is a receipt too (status refused). Errors: invalid (also for a file that is empty
// or no table, and for what was asked of it), not_found, conflict, unavailable: then nothing
// changed. Threads: loads of one dataset wait for each other, of several run side by side.
Result<store::Receipt> load(store::Store& store, const LoadOptions& options,
                            const LoadRequest& request);

}  // namespace nguon::intake
