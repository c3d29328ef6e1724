// What a view needs of the store, so that views can be tested without one.
#pragma once

#include <string_view>
#include <vector>

#include "store/store.h"

namespace nguon::store {

// Threads: every member may be called concurrently.
struct HistorySource {
    virtual ~HistorySource() = default;
    virtual Result<Head> head(std::string_view dataset) const = 0;
    // Segments with first <= upto, oldest first.
    virtual Result<std::vector<SegmentInfo>> segments(std::string_view dataset, Seq upto) const = 0;
};

class StoreHistory final : public HistorySource {
public:
    explicit StoreHistory(const Store& store) : m_store(store) {}
    Result<Head> head(std::string_view dataset) const override { return m_store.head(dataset); }
    Result<std::vector<SegmentInfo>> segments(std::string_view dataset, Seq upto) const override {
        return m_store.segments(dataset, upto);
    }

private:
    const Store& m_store;
};

}  // namespace nguon::store
