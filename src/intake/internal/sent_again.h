// Rows that a batch set aside and that come back in its mending file as they were: a damaged record
// has no columns to judge, and a repeated key repeats nothing in a file without the first one. Both
// stay what they were until somebody mends them.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "scan/table.h"
#include "store/store.h"

namespace nguon::intake {

// Threads: after of(), all members concurrently.
class SentAgain {
public:
    // What `batch` set aside. Errors: as of Duck.
    static Result<std::shared_ptr<SentAgain>> of(store::Store& store,
                                                 const store::BatchInfo& batch);
    // The input with such rows marked: as damaged with the text they had, or as a repeated key.
    static std::unique_ptr<scan::RecordInput> wrap(std::shared_ptr<SentAgain> again,
                                                   std::unique_ptr<scan::RecordInput> input,
                                                   const scan::Plan& plan);

    // Why a damaged record was set aside then; null for one that was not.
    const Text* reason_of(std::string_view record) const;
    // Whether this record of the file is a repeated key that nobody mended.
    bool is_repeat(std::string_view record) const;

private:
    class Input;
    struct Damaged {
        std::string record;
        unsigned flag = 0;
        Text reason;
    };
    void keep_reason(std::string_view record, const Text& reason);  // `reason` must last
    void keep_repeat(std::string_view record);

    std::unordered_map<std::int64_t, Damaged> m_damaged;       // by row
    std::unordered_map<std::int64_t, std::string> m_repeated;  // by row: {"column": text}
    mutable std::mutex m_mutex;
    // Of those that came back, by the hash of the record: a file may have millions.
    std::unordered_map<std::size_t, const Text*> m_reasons;
    std::unordered_set<std::size_t> m_repeats;
};

}  // namespace nguon::intake
