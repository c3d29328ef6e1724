// How good each dataset is and was: the ledger of its batches, kept in memory and caught up when
// the head moved. Everything is derived from history and can be thrown away.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "quality/freshness.h"
#include "quality/ledger.h"
#include "store/store.h"

namespace nguon::node {

// A dataset as it stood at one moment.
struct Standing {
    Micros at = 0;
    quality::Ledger ledger;
    std::string version;  // of the contract in force; empty: none was yet
    std::shared_ptr<const quality::Promises> promises;
    std::vector<quality::Kept> kept;  // of them
    quality::Scores scores;
    std::string last_batch;  // the newest that judged rows; empty: none
};

struct SeriesPoint {
    Micros at = 0;
    std::string batch;  // empty: a day on which a promise was broken
    quality::Scores scores;
};
struct Series {
    std::vector<SeriesPoint> points;  // oldest first
    bool has_older = false;
};

// Threads: every member may be called concurrently.
class Courses {
public:
    Courses(const store::Store& store, Clock& clock) : m_store(store), m_clock(clock) {}

    // Now, from what is in memory: nothing is read while no batch came since the last call. Errors:
    // not_found, corrupt.
    struct Now {
        quality::Scores scores;
        Micros last_batch_at = 0;  // 0: none yet
        Micros overdue = 0;        // of the promise that is broken longest
    };
    Result<Now> now(std::string_view dataset);
    // From nothing but what had happened by then, with the clock at `at`; not later than now.
    Result<Standing> as_of(std::string_view dataset, Micros at);
    // The moment that an AT means; seq:N is the acceptance of that change.
    Result<Micros> moment(std::string_view dataset, const store::AsOf& as_of);
    // The newest `most` points before `before`: one for each batch, and one for each day in
    // Viet Nam at whose start a promise was broken.
    Result<Series> series(std::string_view dataset, Micros upto, Micros before, std::size_t most);

private:
    struct Course {
        std::mutex mutex;
        std::vector<quality::BatchFacts> facts;  // in the order of acceptance
        quality::Ledger ledger;                  // of all of them
        std::string last_judged;                 // batch
        std::int64_t manifests = 0;              // of the head that was seen
        std::string version;                     // of the contract that `versions` ends with
        std::vector<store::ContractVersion> versions;
        std::map<std::string, std::shared_ptr<const quality::Promises>, std::less<>> promises;
    };
    // Locked and caught up.
    struct Held {
        std::shared_ptr<Course> course;
        std::unique_lock<std::mutex> lock;
    };
    Result<Held> hold(std::string_view dataset);
    Result<void> catch_up(std::string_view dataset, Course& course);
    // Of the contract in force at `at`; null before the first.
    Result<std::shared_ptr<const quality::Promises>> promises_at(std::string_view dataset,
                                                                 Course& course, Micros at,
                                                                 std::string* version = nullptr);
    const store::Store& m_store;
    Clock& m_clock;
    std::mutex m_mutex;  // of the map
    std::map<std::string, std::shared_ptr<Course>, std::less<>> m_courses;
};

// What costs points, worst first: {"dimension","score","lost","causes":[…],"rest"} as
// docs/reference/json.md has it. `dimension`: "overall" or a name of one. Errors: invalid for
// another word.
Result<json::object> why(const store::Store& store, const Standing& standing,
                         std::string_view dimension, std::size_t most);

// Promises of freshness as RESULTs, and as {"property","column",…}.
json::array freshness_results(const Standing& standing);
json::array freshness_json(const Standing& standing);

}  // namespace nguon::node
