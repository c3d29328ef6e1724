// References that held when their rows came in and hold no longer: a row deleted elsewhere leaves
// orphans behind.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "store/read.h"
#include "store/store.h"

namespace nguon::node {

// Threads: may be called concurrently.
class Orphans {
public:
    Orphans(const store::Store& store, store::ReadOptions options)
        : m_store(store), m_options(std::move(options)) {}

    // A RESULT "orphans:COLUMN" of severity warning for each reference of the dataset, as of a
    // moment; counted once for the same heads. `failed` counts rows. Errors: not_found,
    // unavailable, corrupt.
    Result<json::array> results(const store::DatasetInfo& dataset, Micros at);

private:
    static constexpr std::size_t kMostKept = 1000;  // answers

    const store::Store& m_store;
    store::ReadOptions m_options;
    std::mutex m_mutex;
    // By reference and the heads of both sides: rows that refer to something, and in vain.
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> m_known;
};

}  // namespace nguon::node
