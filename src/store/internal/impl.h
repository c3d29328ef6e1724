// What the sources of store/ share.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/simulated_disk.h"
#include "sql/sqlite.h"
#include "store/bases.h"
#include "store/blob_store.h"
#include "store/chain.h"
#include "store/store.h"

namespace nguon::store {

// A dataset in memory. Members below `mutex` belong to the write lock; the others to
// Impl::state_mutex.
struct DatasetState {
    std::int64_t id = 0;
    std::string name, version, contract_sha256;
    Head head;
    std::string head_manifest;  // SHA-256 of the last manifest, or empty
    bool corrupt = false;
    Store::Unsealed unsealed;  // without the name
    std::shared_ptr<const DatasetInfo>
        info;  // parsed at first use: a thousand contracts cost seconds

    std::mutex mutex;
    std::condition_variable freed;
    bool locked = false;
};

struct Store::Impl {
    Options options;
    std::unique_ptr<SimulatedDisk> copy;  // read only: control.db* in memory, so no byte changes
    std::unique_ptr<BlobStore> blobs;

    // One writer, which also checkpoints (SQLite 3.40 wants it so). commit_mutex also orders `at`.
    std::mutex commit_mutex;
    std::unique_ptr<sql::Sqlite> writer;  // null when read only
    Micros last_at = 0;
    int commits_in_flight = 0;     // between seal and answer
    bool outcome_unknown = false;  // a COMMIT failed and is not settled yet

    mutable std::mutex read_mutex;
    std::unique_ptr<sql::Sqlite> reader;                         // null when control.db is damaged
    std::map<std::string, std::int64_t, std::less<>> committed;  // as the folder said at start
    Text damage;                 // of control.db, for verify; empty when it is well
    std::string damage_problem;  // "changed" or "missing"

    // Files that show rows written alone, for readers; by dataset, oldest first.
    struct HotFile {
        SegmentInfo shown;
        std::chrono::steady_clock::time_point made;
    };
    std::mutex hot_making;  // one at a time, without
    std::mutex hot_mutex;   // … which is of the map
    std::map<std::string, std::vector<HotFile>, std::less<>> hot_files;
    std::filesystem::path hot_folder;

    // Shared by who copies sealed files, held alone by who takes them away.
    std::shared_mutex files_mutex;
    std::mutex erase_mutex;  // one erasure at a time

    std::unique_ptr<Bases> bases;  // null when read only
    std::mutex compacting;         // one at a time

    // Who waits for a change of any dataset.
    mutable std::mutex change_mutex;
    mutable std::condition_variable changed;
    void tell_changed() {
        {
            const std::lock_guard lock(change_mutex);
        }
        changed.notify_all();
    }

    mutable std::shared_mutex state_mutex;
    std::map<std::string, std::shared_ptr<DatasetState>, std::less<>> states;

    ~Impl() {
        if (options.read_only) clear_hot_files();
    }
    Disk& disk() const { return *options.disk; }
    Host host() const { return {*options.disk, *options.clock, *options.random}; }
    std::filesystem::path path(const std::filesystem::path& relative) const {
        return options.folder / relative;
    }

    Result<void> start();  // start.cc
    Result<void> load_states();
    Result<void> refuse_unknown_history();
    Result<void> drop_unreferenced();
    Result<void> mark_corrupt();

    // Errors: not_found.
    Result<std::shared_ptr<DatasetState>> find(std::string_view name) const;
    // Errors: denied when read only.
    Result<void> check_writable() const;
    // Makes sure that a COMMIT which failed has not happened and never will. Under commit_mutex.
    // Errors: unavailable.
    Result<void> settle_outcome();
    // Errors: corrupt, with the damage.
    Result<void> check_readable() const;
    Result<std::shared_ptr<const DatasetInfo>> load_info(
        const std::shared_ptr<DatasetState>& state);
    // Keeps what was parsed; null when that text no longer is the one in force.
    Result<std::shared_ptr<const DatasetInfo>> share_info(contract::Dataset& dataset,
                                                          const std::string& text,
                                                          std::string_view sha256);
    // hot.cc
    // The file that shows the rows first … last, if it was made.
    std::optional<SegmentInfo> known_hot_file(std::string_view dataset, Seq first, Seq last);
    // Makes it. Errors: unavailable, corrupt.
    Result<SegmentInfo> make_hot_file(const DatasetInfo& dataset, const std::vector<HotRow>& rows);
    void clear_hot_files();
    void clear_hot_files(std::string_view dataset);
    // erase.cc: what stands in `erasing` is removed, views of those datasets first.
    Result<void> finish_erasures();
    Result<void> make_hot_folder();
    Result<void> seal(const std::shared_ptr<DatasetState>& state);  // under its write lock
    Result<std::optional<Receipt>> find_receipt(std::int64_t dataset, std::string_view key,
                                                std::string_view body_sha256);
};

}  // namespace nguon::store
