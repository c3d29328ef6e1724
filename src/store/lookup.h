// The current rows of one dataset by key: one SQLite file `<folder>/<dataset>.lookup.db`, a view of
// the history. It can be thrown away at any time; a file that is damaged, of another format, of
// other columns or of another history is thrown away and built again.
//
// A build is a key-sorted bulk load into `<dataset>.lookup.tmp`, synced, then renamed: after a
// crash the file is whole or absent. Later changes come by cursor, in one transaction with the
// cursor.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "base/host.h"
#include "sql/sqlite.h"
#include "store/history_source.h"

namespace nguon::store {

struct Found {
    Seq seq = 0;           // of the row's last change
    std::string row_json;  // the contract's columns
};

struct Rebuilt {
    std::int64_t rows = 0;
    double seconds = 0;
};

// Threads: every member may be called concurrently; get() never waits for a change in progress,
// save for the moment in which a new file takes the old one's place.
class Lookup {
public:
    struct Options {
        Disk* disk = nullptr;
        Clock* clock = nullptr;
        Random* random = nullptr;
        std::filesystem::path folder;
        std::string memory_limit = "1GB";  // of a build; spills into the folder beyond
        int threads = 2;
        Host host() const { return {*disk, *clock, *random}; }
    };
    using Deadline = std::chrono::steady_clock::time_point;

    // Touches no file.
    Lookup(std::string dataset, Options options);
    ~Lookup();

    // The sequence number that get() answers for; -1 while closed, or with another version's
    // columns.
    Seq cursor(std::string_view contract_version) const;

    // Opens or builds the file, then applies what came since. Nothing when cursor() >= need
    // already. Errors: unavailable when another thread is at it past the deadline; as HistorySource
    // and Duck.
    Result<void> catch_up(const HistorySource& source, const DatasetInfo& dataset, Seq need,
                          Deadline deadline);
    Result<Rebuilt> rebuild(const HistorySource& source, const DatasetInfo& dataset,
                            Deadline deadline);

    // `key` is a canonical KEY. Nothing when no row has it. Errors: unavailable when closed;
    // corrupt.
    Result<std::optional<Found>> get(std::string_view key) const;

    // Lets go of files and memory. False when a change is in progress: then it stays open.
    bool close();
    // Closes it, and the next catch_up() builds it again.
    void distrust();
    bool is_open() const { return m_cursor.load(std::memory_order_relaxed) >= 0; }

    std::atomic<std::uint64_t> last_use = 0;  // for who decides what is closed

private:
    static constexpr std::size_t kReaders = 4;
    struct Reader {
        std::mutex mutex;
        std::unique_ptr<sql::Sqlite> database;
        std::optional<sql::Statement> statement;
    };

    std::filesystem::path file() const;
    Result<void> wait_for_turn(std::unique_lock<std::timed_mutex>& turn, Deadline deadline) const;
    // The cursor of the file when it can be brought up to `head`; nothing when it must be built.
    Result<bool> follow(const HistorySource& source, const DatasetInfo& dataset, Seq reached);
    Result<std::optional<Seq>> usable_cursor(const DatasetInfo& dataset,
                                             const Store::History& history);
    Result<std::int64_t> build_and_swap(const DatasetInfo& dataset, const Store::History& history);
    Result<std::optional<Found>> read(Reader& reader, std::string_view key) const;
    void publish(const DatasetInfo& dataset, Seq cursor);
    // Readers come to wait for m_build: m_open alone lets them pass a waiting writer for ever.
    void turn_away();
    void let_go();

    const std::string m_dataset;
    const Options m_options;
    std::timed_mutex m_build;          // one builder at a time
    mutable std::shared_mutex m_open;  // exclusive: files open, close, change places
    std::atomic<Seq> m_cursor = -1;
    std::string m_version;                  // of the columns in the file; under m_open
    std::unique_ptr<sql::Sqlite> m_writer;  // under m_build and m_open
    bool m_distrusted = false;              // under m_build
    mutable std::array<Reader, kReaders> m_readers;
};

}  // namespace nguon::store
