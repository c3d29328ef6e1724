#include "node/internal/courses.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <limits>

#include "quality/promises.h"

namespace nguon::node {
namespace {

constexpr std::int64_t kBatchesAtOnce = 500;  // their receipts are in memory together
constexpr Micros kDay = Micros{24} * 3600 * 1'000'000;
constexpr Micros kVietnam = Micros{7} * 3600 * 1'000'000;  // UTC+7, without daylight saving

Micros start_of_next_day(Micros at) {
    return ((at + kVietnam) / kDay + 1) * kDay - kVietnam;
}

std::vector<quality::Kept> judged(const quality::Promises* promises, const quality::Ledger& ledger,
                                  Micros at) {
    if (promises == nullptr || promises->all.empty()) return {};
    return quality::judge(*promises, {ledger.last_at(), &ledger.newest()}, at);
}

}  // namespace

Result<void> Courses::catch_up(std::string_view dataset, Course& course) {
    TRY_ASSIGN(const store::Head head, m_store.head(dataset));
    TRY_ASSIGN(const auto info, m_store.dataset(dataset));
    if (course.version != info->contract.version || course.versions.empty()) {
        TRY_ASSIGN(course.versions, m_store.contract_versions(dataset));
        course.version = info->contract.version;
    }
    if (head.manifests == course.manifests) return {};
    for (;;) {
        const Micros after = course.facts.empty() ? 0 : course.facts.back().at;
        TRY_ASSIGN(const auto batches, m_store.accepted_after(dataset, after, kBatchesAtOnce));
        for (const store::BatchInfo& batch : batches) {
            TRY_ASSIGN(const json::value receipt, parse_json(batch.receipt_json));
            TRY_ASSIGN(quality::BatchFacts facts, quality::facts_of(receipt));
            course.ledger.add(facts);
            if (facts.judged) course.last_judged = facts.id;
            course.facts.push_back(std::move(facts));
        }
        if (static_cast<std::int64_t>(batches.size()) < kBatchesAtOnce) break;
    }
    course.manifests = head.manifests;
    return {};
}

Result<Courses::Held> Courses::hold(std::string_view dataset) {
    std::shared_ptr<Course> course;
    {
        const std::lock_guard lock(m_mutex);
        auto& place = m_courses[std::string(dataset)];
        if (!place) place = std::make_shared<Course>();
        course = place;
    }
    std::unique_lock lock(course->mutex);
    TRY(catch_up(dataset, *course));
    return Held{std::move(course), std::move(lock)};
}

Result<std::shared_ptr<const quality::Promises>> Courses::promises_at(std::string_view dataset,
                                                                      Course& course, Micros at,
                                                                      std::string* version) {
    const store::ContractVersion* in_force = nullptr;
    for (const store::ContractVersion& one : course.versions) {
        if (one.applied_at <= at) in_force = &one;
    }
    if (in_force == nullptr) return nullptr;
    if (version != nullptr) *version = in_force->version;
    const auto known = course.promises.find(in_force->version);
    if (known != course.promises.end()) return known->second;
    TRY_ASSIGN(const std::string text, m_store.contract_text(dataset, in_force->version));
    quality::Promises promises;
    // Most contracts promise nothing, and reading one costs a millisecond or more.
    if (text.find("slaProperties") != std::string::npos) {
        TRY_ASSIGN(const contract::Contract contract, contract::parse(text, "contract.yaml"));
        for (const contract::Dataset& one : contract.datasets) {
            if (one.name == dataset) promises = quality::promises_of(contract, one);
        }
    }
    promises.from = std::max(promises.from, course.versions.front().applied_at);
    auto shared = std::make_shared<const quality::Promises>(std::move(promises));
    course.promises[in_force->version] = shared;
    return shared;
}

Result<Courses::Now> Courses::now(std::string_view dataset) {
    TRY_ASSIGN(const Held held, hold(dataset));
    Course& course = *held.course;
    // A batch's time may be a little ahead of the clock: the last one is always told of.
    const Micros at = std::max(m_clock.now(), course.ledger.last_at());
    TRY_ASSIGN(const auto promises, promises_at(dataset, course, at));
    const std::vector<quality::Kept> kept = judged(promises.get(), course.ledger, at);
    Now now{course.ledger.scores(quality::freshness(kept)), course.ledger.last_at(), 0};
    for (const quality::Kept& one : kept)
        now.overdue = std::max(now.overdue, one.overdue);
    return now;
}

Result<Standing> Courses::as_of(std::string_view dataset, Micros at) {
    TRY_ASSIGN(const Held held, hold(dataset));
    Course& course = *held.course;
    Standing standing;
    standing.at = at;
    TRY_ASSIGN(standing.promises, promises_at(dataset, course, at, &standing.version));
    if (course.ledger.last_at() <= at) {
        standing.ledger = course.ledger;
        standing.last_batch = course.last_judged;
    } else {
        for (const quality::BatchFacts& facts : course.facts) {
            if (facts.at > at) break;
            standing.ledger.add(facts);
            if (facts.judged) standing.last_batch = facts.id;
        }
    }
    standing.kept = judged(standing.promises.get(), standing.ledger, at);
    standing.scores = standing.ledger.scores(quality::freshness(standing.kept));
    return standing;
}

Result<Micros> Courses::moment(std::string_view dataset, const store::AsOf& as_of) {
    const Micros now = m_clock.now();
    TRY_ASSIGN(const Held held, hold(dataset));
    const std::vector<quality::BatchFacts>& facts = held.course->facts;
    const Micros latest = std::max(now, facts.empty() ? 0 : facts.back().at);
    if (as_of.at) return std::min(*as_of.at, latest);
    if (!as_of.seq) return latest;
    TRY(m_store.resolve(dataset, as_of));  // a number that does not exist yet
    Micros at = 0;
    for (const quality::BatchFacts& one : facts) {
        if (one.last_seq == 0) continue;
        at = one.at;
        if (one.last_seq >= *as_of.seq) break;
    }
    return at;
}

Result<Series> Courses::series(std::string_view dataset, Micros upto, Micros before,
                               std::size_t most) {
    TRY_ASSIGN(const Held held, hold(dataset));
    Course& course = *held.course;
    quality::Ledger ledger;
    std::deque<SeriesPoint> points;
    Series series;
    const auto add = [&](SeriesPoint point) {
        points.push_back(std::move(point));
        if (points.size() <= most) return;
        points.pop_front();
        series.has_older = true;
    };
    const Micros end = std::min(upto, before - 1);
    // Days are told from the first contract on, so that what was promised and never came shows.
    Micros since = course.versions.empty() ? end : course.versions.front().applied_at;
    for (std::size_t i = 0; i <= course.facts.size(); ++i) {
        const bool is_last = i == course.facts.size() || course.facts[i].at > end;
        const Micros until = is_last ? end : course.facts[i].at - 1;
        for (Micros day = start_of_next_day(since); day <= until; day += kDay) {
            TRY_ASSIGN(const auto promises, promises_at(dataset, course, day));
            const auto kept = judged(promises.get(), ledger, day);
            const std::optional<double> live = quality::freshness(kept);
            if (live && *live < 100) add({day, "", ledger.scores(live)});
        }
        if (is_last) break;
        const quality::BatchFacts& facts = course.facts[i];
        ledger.add(facts);
        TRY_ASSIGN(const auto promises, promises_at(dataset, course, facts.at));
        const auto kept = judged(promises.get(), ledger, facts.at);
        add({facts.at, facts.id, ledger.scores(quality::freshness(kept))});
        since = facts.at;
    }
    series.points.assign(points.begin(), points.end());
    return series;
}

}  // namespace nguon::node
