#include "store/history_source.h"

namespace nguon::store {

Result<Store::History> HistorySource::history(std::string_view dataset) const {
    Store::History history;
    TRY_ASSIGN(history.head, head(dataset));
    TRY_ASSIGN(history.segments, segments(dataset, history.head.seq));
    return history;
}

Result<std::vector<SegmentInfo>> HistorySource::current_files(std::string_view dataset,
                                                              Seq upto) const {
    return segments(dataset, upto);
}

Result<Store::History> HistorySource::tail(std::string_view dataset, Seq) const {
    Store::History tail;
    TRY_ASSIGN(tail.head, head(dataset));
    return tail;
}

Result<std::vector<ChangeSource>> HistorySource::sources(std::string_view dataset, Seq first,
                                                         Seq last) const {
    TRY_ASSIGN(const std::vector<SegmentInfo> all, segments(dataset, last));
    std::vector<ChangeSource> sources;
    for (const SegmentInfo& segment : all) {
        if (segment.last >= first)
            sources.push_back({segment.first, segment.last, segment.batch, segment.at});
    }
    return sources;
}

}  // namespace nguon::store
