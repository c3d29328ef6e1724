// The history of every dataset of one node: contracts, batches, segments, signed chain, receipts.
// Knows files and signatures, no rules. The control database is the only place that says what is
// true; commit() is the only function that makes something true (docs/concepts/commit.md).
//
// Layout of the data directory:
//   control.db                     datasets, contract versions, batches, segments, manifests,
//   receipts tmp/                           emptied at start segments/<sha256>.parquet immutable
//   pieces of history quarantine/<sha256>.parquet    rows set aside by one batch, or the originals
//                                                    of cells that it mended
//   chain/<dataset>/<number>.jws   signed manifests, each with the hash of the one before
//   committed/<dataset>            how far the chain had come: tells an older control.db
//   views/                         everything that can be rebuilt
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "contract/contract.h"
#include "crypto/keys.h"
#include "store/change.h"

namespace nguon::store {

struct DatasetState;  // what the store keeps of a dataset in memory
class Eraser;         // eraser.h

struct RowCounts {
    std::int64_t read = 0, accepted = 0, rejected = 0;  // read = accepted + rejected
};
struct ChangeCounts {
    std::int64_t inserted = 0, updated = 0, deleted = 0, unchanged = 0;
};

// A file that was written under tmp/ and waits to be sealed. The commit moves it.
struct DraftFile {
    std::filesystem::path path;
    std::int64_t rows = 0;
};

enum class BatchStatus { kAccepted, kRefused };

// What a batch wants to make true.
struct BatchDraft {
    std::string id;  // make_id()
    std::string dataset;
    std::string contract_version;
    contract::Mode mode = contract::Mode::kAppend;
    BatchStatus status = BatchStatus::kAccepted;
    std::string idempotency_key;  // empty: none
    std::string body_sha256;      // of the bytes as sent
    RowCounts rows;
    ChangeCounts changes;
    Seq expected_head = 0;             // the head that `changes` was computed against
    std::optional<DraftFile> segment;  // its rows in order become expected_head+1, …
    std::optional<RowChange> row;      // instead, of a row written alone: commit_rows()
    std::optional<DraftFile> quarantine;
    std::optional<DraftFile> originals;  // of cells that a recipe mended
    // What was mended, kept in the receipt; empty: nothing. Its `steps` are the dataset's recipe.
    json::object mended;
    std::string corrects;  // a batch id, or empty
    // Kept in the receipt, null there when empty: the set-aside rows of `corrects` that this batch
    // mends; what a snapshot found missing and did; the earlier batch of the same bytes.
    json::object corrected, snapshot, repeats;
    json::array results;  // RESULT objects of docs/reference/json.md
    json::object scores;  // kept in the receipt as `scores`; may be empty
    json::object kept;    // further members of the receipt, as they are: "faults", "profile", …
};

// An erasure that the law orders: the changes of these rows, and what else speaks of them.
struct Erasure {
    std::string id;  // make_id(), of its batch
    std::string dataset;
    std::vector<std::string> keys;  // KEY
    std::string order;              // which order: number, date, by whom; kept and signed
};

// What the node accepted, signed. to_json() is the RECEIPT of docs/reference/json.md.
struct Receipt {
    std::string batch;
    std::string json_text;  // whole, jws included
    bool repeated = false;  // an earlier receipt, given again for its idempotency key
    BatchStatus status = BatchStatus::kAccepted;
};

struct SegmentInfo {
    std::string sha256;
    std::filesystem::path path;
    Seq first = 0, last = 0;
    ChangeCounts changes;  // of these rows; unchanged is 0
    std::string contract_version;
    std::string batch;
    Micros at = 0;
    bool is_base = false;  // not a segment: the rows as they stood at `last` (bases.h)
};

struct BatchInfo {
    std::string id, dataset, contract_version, mode, sha256, corrects, quarantine_sha256,
        originals_sha256;
    BatchStatus status = BatchStatus::kAccepted;
    RowCounts rows;
    Seq first = 0, last = 0;  // 0, 0 when it changed nothing
    Micros at = 0;
    std::string receipt_json;
};

// A column's identity in segments: allotted at apply, never reused.
struct FieldId {
    std::string column;
    int id = 0;
};

// What a column in force was called before a version of the contract: so it is called in segments
// of older versions.
struct FormerName {
    int id = 0;
    std::string column;  // then
    std::string until;   // the version that renamed it
};

// A dataset as it stands now. Immutable; replaced whole when its contract changes.
struct DatasetInfo {
    contract::Dataset contract;
    std::string contract_text;    // the YAML
    std::vector<FieldId> fields;  // of the current version's columns
    // Columns in force, by name, that had another SQL type in some earlier version.
    std::set<std::string, std::less<>> retyped;
    std::vector<FormerName> former_names;
    bool corrupt = false;  // a segment is missing or different: named by verify
};

struct Head {
    Seq seq = 0;
    std::int64_t rows = 0;  // current rows: inserted - deleted
    Micros at = 0;          // of the last accepted batch; 0 without one
    std::int64_t manifests = 0;
};

struct ContractVersion {
    std::string version;
    Micros applied_at = 0;
};

struct Applied {
    std::string dataset, version;
    contract::Change change{};
    std::vector<contract::Difference> differences;
};

// "changed", "missing", "reordered" or "bad_signature".
struct Finding {
    std::string dataset, file, problem;
    Text detail;
};
struct VerifiedDataset {
    std::string dataset;
    std::int64_t segments = 0, rows = 0;
    std::string head;  // SHA-256 of the last manifest
};
struct Verification {
    bool ok = true;
    std::vector<VerifiedDataset> datasets;
    std::vector<Finding> findings;
};

// Where an as-of question looks: an acceptance time, or a sequence number of one dataset.
struct AsOf {
    std::optional<Micros> at;
    std::optional<Seq> seq;
};
// "seq:42" or an RFC 3339 time. Errors: invalid.
Result<AsOf> parse_as_of(std::string_view text);

enum class HotRows { kSeal, kKeep };

// `rows` as a segment at `file`; not synced.
using WriteSegment = std::function<Result<void>(
    const DatasetInfo& dataset, std::span<const HotRow> rows, const std::filesystem::path& file)>;

// Threads: every member may be called concurrently; commits of one dataset wait for each other.
class Store {
public:
    struct Options {
        std::filesystem::path folder;
        Disk* disk = nullptr;
        Clock* clock = nullptr;
        Random* random = nullptr;
        const crypto::Signer* signer = nullptr;  // null: read only (verify on a copy)
        bool read_only = false;                  // changes no byte of the folder
        // Writes rows as a segment; null: as Parquet. A simulated disk holds no Parquet.
        WriteSegment write_segment = nullptr;
        // Finds and takes out what an erasure erases; null: with DuckDB.
        Eraser* eraser = nullptr;
    };
    // Empties tmp/, drops what is referenced by nothing, marks datasets whose files are missing or
    // of another size as corrupt. Errors: unavailable, corrupt.
    static Result<std::unique_ptr<Store>> open(Options options);
    ~Store();

    // Contracts. All or nothing. Errors: conflict (breaking without a new major version; the same
    // version with another text), invalid (a reference to a dataset or column that exists nowhere).
    Result<std::vector<Applied>> apply(const std::vector<contract::Contract>& contracts);
    std::vector<std::string> dataset_names() const;  // sorted; costs nothing
    // By name. A contract is parsed when it is first asked for: the first call costs milliseconds
    // each.
    std::vector<std::shared_ptr<const DatasetInfo>> datasets() const;
    // Errors: not_found.
    Result<std::shared_ptr<const DatasetInfo>> dataset(std::string_view name) const;
    // A version's YAML; empty version: the current one. Errors: not_found.
    Result<std::string> contract_text(std::string_view name, std::string_view version) const;

    // Every version ever applied, oldest first.
    Result<std::vector<ContractVersion>> contract_versions(std::string_view name) const;

    // One writer per dataset: held from computing changes until after commit. Waits up to 60 s,
    // then unavailable. Rows written alone are sealed first, for a batch comes after them, save
    // when the holder writes more of their kind.
    class WriteLock;
    Result<std::unique_ptr<WriteLock>> lock(std::string_view name, HotRows hot = HotRows::kSeal);

    // The commit point. Errors: conflict when head or contract version moved, or the idempotency
    // key came before with another body; unavailable when a step failed: then nothing changed.
    Result<Receipt> commit(const BatchDraft& draft);
    // Rows written alone, at most one change each, in this order and in one transaction: one sync
    // makes all of them true. They are of one dataset and one contract version; each one's
    // `expected_head` is the head before the first. No idempotency key stands twice. Errors as
    // commit(): then none of them is true. Under the dataset's WriteLock.
    Result<std::vector<Receipt>> commit_rows(std::span<const BatchDraft> drafts);
    // Moves the rows written alone into a segment under a signed manifest; nothing when there are
    // none. Takes the WriteLock. Errors: unavailable, corrupt: then they stay where they are.
    Result<void> seal(std::string_view name);
    Result<void> seal(const WriteLock& held);
    // Datasets with rows written alone, and since when.
    struct Unsealed {
        std::string dataset;
        std::int64_t writes = 0;
        Micros oldest_at = 0;
    };
    std::vector<Unsealed> unsealed() const;
    // Takes what is said of these rows out of history, rows set aside and receipts, for good: in
    // place of each sealed file stands another without it, under a signed manifest that names both.
    // Changes keep their numbers, as Op::kErased. Views are thrown away, rows written alone were
    // sealed by the lock. Waits for backups in progress. Errors: not_found when nothing is said of
    // them, conflict while one of the rows stands (delete it first), unavailable, corrupt.
    Result<Receipt> erase(const WriteLock& held, const Erasure& erasure);
    // The receipt first given for this key, if any. Errors: conflict when the body differs.
    Result<std::optional<Receipt>> repeated(std::string_view dataset,
                                            std::string_view idempotency_key,
                                            std::string_view body_sha256) const;

    // The steps that mended the last mended batch, as intake/recipe.h writes them; empty: none.
    Result<std::string> recipe(std::string_view name) const;
    // The member "profile" of receipts, as JSON: of the newest accepted batches of this mode that
    // have one and correct nothing, newest first, among the last 200 batches.
    Result<std::vector<std::string>> profiles(std::string_view name, contract::Mode mode,
                                              std::int64_t most) const;
    Result<Head> head(std::string_view name) const;
    // The head once it has come to `seq`, or as it is when `longest` is over or `cancelled` says
    // so.
    Result<Head> wait_for(std::string_view name, Seq seq, std::chrono::milliseconds longest,
                          const std::function<bool()>& cancelled) const;
    // The last sequence number accepted at or before `at`; AsOf without members: the head.
    Result<Seq> resolve(std::string_view name, const AsOf& as_of) const;
    // Segments with first <= upto, oldest first. Rows written alone that are not sealed yet stand
    // in the last one, a file below views/ that stays for some minutes; it has no hash.
    Result<std::vector<SegmentInfo>> segments(std::string_view name, Seq upto) const;
    // What current_view() needs for the rows as they stand at `upto`: segments(), or the nearest
    // base and those after it.
    Result<std::vector<SegmentInfo>> current_files(std::string_view name, Seq upto) const;
    // Makes a base of the rows as they stand, when readers have much to put together without: more
    // than 32 segments behind the last base, or changes of more than a tenth of the rows; or in any
    // case. The base's rows; nothing when none was made. Writers go on. Errors: unavailable,
    // corrupt.
    enum class Compaction { kWhenWorthwhile, kAlways };
    Result<std::optional<std::int64_t>> compact(std::string_view name, Compaction when,
                                                std::size_t kept);
    // The folders of all files that segments() and current_files() name, now and soon after.
    std::vector<std::filesystem::path> segment_folders() const;
    // The same history without that file, of one moment: sealed segments, and the rows behind them.
    struct History {
        Head head;
        std::vector<SegmentInfo> segments;
        std::vector<HotRow> rows;
    };
    Result<History> history(std::string_view name) const;
    // Only its rows with seq > `after`: all changes since, or fewer when some are sealed by now.
    Result<History> tail(std::string_view name, Seq after) const;
    // Of the changes first … last, oldest first.
    Result<std::vector<ChangeSource>> sources(std::string_view name, Seq first, Seq last) const;
    // Newest first; of rows written alone, which may be millions, the newest `most_alone`.
    Result<std::vector<BatchInfo>> batches(std::string_view name,
                                           std::int64_t most_alone = INT64_MAX) const;
    // The newest accepted batch of these bytes in this mode, if any.
    Result<std::optional<BatchInfo>> accepted_before(std::string_view name,
                                                     std::string_view body_sha256,
                                                     contract::Mode mode) const;
    // Accepted ones with a later acceptance, oldest first.
    Result<std::vector<BatchInfo>> accepted_after(std::string_view name, Micros at,
                                                  std::int64_t most) const;
    Result<BatchInfo> batch(std::string_view id) const;                       // Errors: not_found
    Result<std::vector<std::string>> manifests(std::string_view name) const;  // JWS, oldest first

    // Every manifest, segment, quarantine file and receipt against hashes and signatures. Empty
    // names: all datasets. `progress` is called with bytes done and bytes in all.
    Result<Verification> verify(
        const std::vector<std::string>& names, const crypto::PublicKey& key,
        const std::function<void(std::uint64_t, std::uint64_t)>& progress) const;

    // Everything that the history consists of, at one moment; its files stay until this goes.
    class Snapshot;
    // Waits for no commit and holds none up. Errors: unavailable, corrupt.
    Result<std::unique_ptr<Snapshot>> snapshot();

    std::filesystem::path new_temporary(std::string_view suffix);  // a fresh name under tmp/
    std::filesystem::path views_folder() const;
    const Options& options() const;

    struct Impl;  // for the sources of store/

private:
    explicit Store(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

// Made and destroyed by one thread.
class Store::Snapshot {
public:
    struct SealedFile {
        std::filesystem::path path;  // below the data directory
        std::string sha256;
        std::uint64_t bytes = 0;
    };
    struct DatasetHead {
        std::string dataset;
        Head head;
    };
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    Micros at = 0;                  // every batch accepted by then is in it, and none later
    Micros erased_at = 0;           // of the last erasure; 0: none
    std::filesystem::path control;  // a copy of control.db under tmp/
    std::vector<SealedFile> files;  // that it refers to
    std::vector<DatasetHead> heads;

    struct Impl;  // for snapshot.cc
    explicit Snapshot(std::unique_ptr<Impl> impl);

private:
    std::unique_ptr<Impl> m_impl;
};

// Held by one thread or coroutine at a time; may be released by another than the one that took it.
class Store::WriteLock {
public:
    explicit WriteLock(std::shared_ptr<DatasetState> state) : m_state(std::move(state)) {}
    ~WriteLock();
    const std::shared_ptr<DatasetState>& state() const { return m_state; }
    WriteLock(const WriteLock&) = delete;
    WriteLock& operator=(const WriteLock&) = delete;

private:
    std::shared_ptr<DatasetState> m_state;
};

}  // namespace nguon::store
