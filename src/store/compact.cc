// Bases made in the background, so that readers need not put together a long history.
#include "store/internal/impl.h"
#include "store/store.h"

namespace nguon::store {

namespace {

// Past so many files, or changes of so large a share of the rows, a base pays (measured in
// docs/concepts/history.md). Few changes are put together in no time, whatever their share.
constexpr std::size_t kMostSegments = 32;
constexpr std::int64_t kShare = 10;
constexpr std::int64_t kFewChanges = 10'000;

bool is_worthwhile(const std::vector<SegmentInfo>& later, std::int64_t rows) {
    if (later.size() > kMostSegments) return true;
    std::int64_t changes = 0;
    bool only_inserts = true;
    for (const SegmentInfo& segment : later) {
        if (segment.is_base) continue;
        changes += segment.last - segment.first + 1;
        only_inserts = only_inserts && segment.changes.updated == 0 && segment.changes.deleted == 0;
    }
    return !only_inserts && changes > kFewChanges && changes * kShare > rows;
}

}  // namespace

Result<std::vector<SegmentInfo>> Store::current_files(std::string_view name, Seq upto) const {
    TRY_ASSIGN(std::vector<SegmentInfo> all, segments(name, upto));
    if (!m_impl->bases || all.empty()) return all;
    TRY_ASSIGN(const auto info, dataset(name));
    const auto base = m_impl->bases->nearest(*info, all, upto);
    return base ? behind(*base, std::move(all)) : std::move(all);
}

Result<std::optional<std::int64_t>> Store::compact(std::string_view name, Compaction when,
                                                   std::size_t kept) {
    TRY(m_impl->check_writable());
    const std::lock_guard alone(m_impl->compacting);
    // An erasure takes bases away while nobody reads what it erases.
    const std::shared_lock files(m_impl->files_mutex);
    TRY_ASSIGN(const auto info, dataset(name));
    TRY_ASSIGN(const History all, history(name));
    if (all.segments.empty()) return std::nullopt;
    const Seq last = all.segments.back().last;
    const auto base = m_impl->bases->nearest(*info, all.segments, last);
    const bool always = when == Compaction::kAlways;
    if (base && base->seq == last && !always) return std::nullopt;
    const std::vector<SegmentInfo> later = base ? behind(*base, all.segments) : all.segments;
    if (!always && !is_worthwhile(later, all.head.rows)) return std::nullopt;
    TRY(m_impl->bases->make(*info, all.segments, kept, new_temporary(".parquet"),
                            always ? Bases::Anew::kYes : Bases::Anew::kNo));
    return all.head.rows;
}

}  // namespace nguon::store
