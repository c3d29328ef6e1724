// What a view needs of the store, so that views can be tested without one.
#pragma once

#include <string_view>
#include <vector>

#include "store/store.h"

namespace nguon::store {

// Threads: every member may be called concurrently. Members that are not pure are of a history
// without rows written alone.
struct HistorySource {
    virtual ~HistorySource() = default;
    virtual Result<Head> head(std::string_view dataset) const = 0;
    // Segments with first <= upto, oldest first.
    virtual Result<std::vector<SegmentInfo>> segments(std::string_view dataset, Seq upto) const = 0;
    // As the members of Store with these names.
    virtual Result<std::vector<SegmentInfo>> current_files(std::string_view dataset,
                                                           Seq upto) const;
    virtual Result<Store::History> history(std::string_view dataset) const;
    virtual Result<Store::History> tail(std::string_view dataset, Seq after) const;
    virtual Result<std::vector<ChangeSource>> sources(std::string_view dataset, Seq first,
                                                      Seq last) const;
};

class StoreHistory final : public HistorySource {
public:
    explicit StoreHistory(const Store& store) : m_store(store) {}
    Result<Head> head(std::string_view dataset) const override { return m_store.head(dataset); }
    Result<std::vector<SegmentInfo>> segments(std::string_view dataset, Seq upto) const override {
        return m_store.segments(dataset, upto);
    }
    Result<std::vector<SegmentInfo>> current_files(std::string_view dataset,
                                                   Seq upto) const override {
        return m_store.current_files(dataset, upto);
    }
    Result<Store::History> history(std::string_view dataset) const override {
        return m_store.history(dataset);
    }
    Result<Store::History> tail(std::string_view dataset, Seq after) const override {
        return m_store.tail(dataset, after);
    }
    Result<std::vector<ChangeSource>> sources(std::string_view dataset, Seq first,
                                              Seq last) const override {
        return m_store.sources(dataset, first, last);
    }

private:
    const Store& m_store;
};

}  // namespace nguon::store
