// The lookups of all datasets of a node: opened on use, at most so many at once, each brought up to
// the head of its history before it answers.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "store/lookup.h"

namespace nguon::store {

// Threads: every member may be called concurrently.
class Lookups {
public:
    struct Options {
        Lookup::Options lookup;
        std::size_t most_open = 64;
        std::chrono::milliseconds wait = std::chrono::seconds(5);
    };
    // `source` must outlive it.
    Lookups(const HistorySource& source, Options options);

    // The row that has this KEY after every change that was in the history at the call, and after
    // `min_seq`. The first call on a dataset builds its file (10 M rows: 20 s); others wait for it
    // as long as `wait`. Errors: invalid (the key), unavailable (try again), as HistorySource.
    Result<std::optional<Found>> get(const DatasetInfo& dataset, std::string_view key,
                                     Seq min_seq = 0);

    Result<Rebuilt> rebuild(const DatasetInfo& dataset);
    // Whether get() answers without building the file.
    bool is_open(std::string_view dataset);
    // Builds or opens the file, whatever time it takes.
    Result<void> prepare(const DatasetInfo& dataset);

    // Closes what nobody asked since the last call. For a timer.
    void close_idle();
    std::size_t open_count() const;

private:
    std::shared_ptr<Lookup> lookup_of(std::string_view dataset);
    Result<Seq> wait_for(std::string_view dataset, Seq min_seq, Lookup::Deadline deadline) const;
    void make_room();

    const HistorySource& m_source;
    const Options m_options;
    mutable std::shared_mutex m_mutex;
    std::map<std::string, std::shared_ptr<Lookup>, std::less<>> m_lookups;
    std::atomic<std::uint64_t> m_uses = 1;
    std::atomic<std::uint64_t> m_idle_mark = 0;
};

}  // namespace nguon::store
