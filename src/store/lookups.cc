#include "store/lookups.h"

#include <fmt/format.h>

#include <mutex>
#include <thread>

#include "store/key.h"

namespace nguon::store {
namespace {

constexpr std::chrono::milliseconds kPoll{10};
constexpr int kAttempts = 4;

}  // namespace

Lookups::Lookups(const HistorySource& source, Options options)
    : m_source(source), m_options(std::move(options)) {}

std::shared_ptr<Lookup> Lookups::lookup_of(std::string_view dataset) {
    {
        const std::shared_lock lock(m_mutex);
        if (const auto found = m_lookups.find(dataset); found != m_lookups.end())
            return found->second;
    }
    const std::unique_lock lock(m_mutex);
    std::shared_ptr<Lookup>& entry = m_lookups[std::string(dataset)];
    if (!entry) entry = std::make_shared<Lookup>(std::string(dataset), m_options.lookup);
    return entry;
}

Result<Seq> Lookups::wait_for(std::string_view dataset, Seq min_seq,
                              Lookup::Deadline deadline) const {
    for (;;) {
        TRY_ASSIGN(const Head head, m_source.head(dataset));
        if (head.seq >= min_seq) return head.seq;
        if (std::chrono::steady_clock::now() + kPoll > deadline) {
            return fail(
                Code::kUnavailable,
                {fmt::format("«{}» mới tới thay đổi thứ {}, chưa tới {}.", dataset, head.seq,
                             min_seq),
                 fmt::format("\"{}\" is at change {}, not yet at {}.", dataset, head.seq, min_seq)},
                {"Thử lại sau vài giây.", "Try again in a few seconds."});
        }
        std::this_thread::sleep_for(kPoll);
    }
}

Result<std::optional<Found>> Lookups::get(const DatasetInfo& dataset, std::string_view key,
                                          Seq min_seq) {
    TRY_ASSIGN(const std::string canonical, canonical_key(dataset.contract, key));
    const Lookup::Deadline deadline = std::chrono::steady_clock::now() + m_options.wait;
    TRY_ASSIGN(const Seq need, wait_for(dataset.contract.name, min_seq, deadline));
    const std::shared_ptr<Lookup> lookup = lookup_of(dataset.contract.name);
    lookup->last_use.store(m_uses.fetch_add(1, std::memory_order_relaxed),
                           std::memory_order_relaxed);
    // It may be closed or prove damaged between the two steps: then once more.
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (lookup->cursor(dataset.contract.version) < need) {
            if (!lookup->is_open()) make_room();
            TRY(lookup->catch_up(m_source, dataset, need, deadline));
        }
        Result<std::optional<Found>> found = lookup->get(canonical);
        if (found) return found;
        if (found.error().code != Code::kUnavailable) {
            lookup->distrust();
        } else if (lookup->is_open()) {
            return found;
        }
    }
    return fail(Code::kUnavailable,
                {fmt::format("Bản tra cứu của «{}» không mở được.", dataset.contract.name),
                 fmt::format("The lookup of \"{}\" cannot be opened.", dataset.contract.name)},
                {"Thử lại sau vài giây.", "Try again in a few seconds."});
}

Result<Rebuilt> Lookups::rebuild(const DatasetInfo& dataset) {
    TRY(require_key(dataset.contract));
    const std::shared_ptr<Lookup> lookup = lookup_of(dataset.contract.name);
    if (!lookup->is_open()) make_room();
    lookup->last_use.store(m_uses.fetch_add(1), std::memory_order_relaxed);
    return lookup->rebuild(m_source, dataset, std::chrono::steady_clock::now() + m_options.wait);
}

bool Lookups::is_open(std::string_view dataset) {
    return lookup_of(dataset)->is_open();
}

Result<void> Lookups::prepare(const DatasetInfo& dataset) {
    TRY(require_key(dataset.contract));
    TRY_ASSIGN(const Head head, m_source.head(dataset.contract.name));
    const std::shared_ptr<Lookup> lookup = lookup_of(dataset.contract.name);
    if (!lookup->is_open()) make_room();
    lookup->last_use.store(m_uses.fetch_add(1), std::memory_order_relaxed);
    return lookup->catch_up(m_source, dataset, head.seq,
                            std::chrono::steady_clock::now() + std::chrono::minutes(10));
}

void Lookups::make_room() {
    const std::shared_lock lock(m_mutex);
    for (;;) {
        Lookup* oldest = nullptr;
        std::size_t open = 0;
        for (const auto& [name, lookup] : m_lookups) {
            if (!lookup->is_open()) continue;
            ++open;
            if (oldest == nullptr || lookup->last_use < oldest->last_use) oldest = lookup.get();
        }
        if (open < m_options.most_open || oldest == nullptr || !oldest->close()) return;
    }
}

void Lookups::close_idle() {
    const std::uint64_t before = m_idle_mark.exchange(m_uses.load());
    const std::shared_lock lock(m_mutex);
    for (const auto& [name, lookup] : m_lookups) {
        if (lookup->is_open() && lookup->last_use < before) lookup->close();
    }
}

std::size_t Lookups::open_count() const {
    const std::shared_lock lock(m_mutex);
    std::size_t open = 0;
    for (const auto& [name, lookup] : m_lookups)
        open += lookup->is_open() ? 1 : 0;
    return open;
}

}  // namespace nguon::store
