// Rows written one by one over HTTP, by many clients at once: writes of one dataset that wait for
// each other are judged together and made true by one commit. What is not plain (a row that breaks
// a rule or gives cause to say something, a contract whose rules ask for more than the row) goes
// the way of a batch of one, as put_row() and delete_rows() have it: the answer is the same, later.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "intake/load.h"
#include "store/lookups.h"
#include "store/store.h"

namespace nguon::intake {

class RowJudge;

inline constexpr store::Seq kAnyRow = 0;
// The path of a problem in an error that says: the row was not as the terms ask.
inline constexpr std::string_view kPrecondition = "If-Match";

// What the caller of a write asks beside the row itself (RFC 9110, section 13).
struct WriteTerms {
    std::string idempotency_key;
    // The row must be there, and its last change be one of these; kAnyRow: whichever. Nothing: no
    // condition.
    std::optional<std::vector<store::Seq>> if_match;
    bool if_absent = false;  // no row may have the key
};

// Threads: every member may be called concurrently; each call waits for its commit.
class RowWriter {
public:
    // All outlive it.
    RowWriter(store::Store& store, store::Lookups& lookups, const LoadOptions& options);
    ~RowWriter();

    // Errors: as put_line(), put_row() and delete_rows(); conflict when the row is not as the terms
    // ask.
    Result<store::Receipt> put(std::string_view dataset, std::string_view key,
                               std::string_view object, const WriteTerms& terms);
    Result<store::Receipt> remove(std::string_view dataset, std::string_view key,
                                  const WriteTerms& terms);

    // Seals datasets of which `most` writes wait, or one since `before`. For a timer. Errors: the
    // last one; the others are sealed all the same.
    Result<void> seal(std::int64_t most, Micros before);

private:
    struct Write;
    struct Lane;  // of one dataset
    Result<store::Receipt> run(Write& write);
    std::shared_ptr<Lane> lane_of(std::string_view dataset);
    void serve(Lane& lane, const std::vector<Write*>& group);
    // Errors: of all that have no answer yet.
    Result<void> write_together(Lane& lane, std::vector<Write*> group);
    Result<bool> make_ready(Lane& lane, const std::shared_ptr<const store::DatasetInfo>& info,
                            const store::Head& head);
    Result<void> judge(RowJudge& judge, const std::vector<Write*>& group);
    Result<void> decide(Write& write, const RowJudge& judge, store::Seq& head,
                        std::map<std::string, std::optional<store::Found>>& changed);
    Result<store::Receipt> write_alone(const Write& write);

    store::Store& m_store;
    store::Lookups& m_lookups;
    const LoadOptions& m_options;
    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<Lane>, std::less<>> m_lanes;
    std::uint64_t m_uses = 0;
};

}  // namespace nguon::intake
