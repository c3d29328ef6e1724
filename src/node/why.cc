// Why a score is what it is: every open fault with the points that it costs, in plain sentences.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "node/internal/courses.h"
#include "quality/score.h"

namespace nguon::node {
namespace {

using contract::Dimension;

// Receipts that are read for one answer: those of the batches that cost most.
constexpr std::size_t kMostReceipts = 100;

struct Cause {
    double points = 0;
    json::object text;
};

// A day in Viet Nam: "22/11/2026", "22 Nov 2026".
Text day_text(Micros at) {
    constexpr Micros kVietnam = Micros{7} * 3600 * 1'000'000;
    static constexpr std::array<std::string_view, 12> kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::string day = format_time(at + kVietnam).substr(0, 10);
    const std::size_t month = static_cast<std::size_t>((day[5] - '0') * 10 + (day[6] - '0')) - 1;
    return {fmt::format("{}/{}/{}", day.substr(8, 2), day.substr(5, 2), day.substr(0, 4)),
            fmt::format("{} {} {}", day.substr(8, 2), kMonths[std::min<std::size_t>(month, 11)],
                        day.substr(0, 4))};
}

std::string text_at(const json::value& object, std::string_view name) {
    const json::value* value = object.is_object() ? object.get_object().if_contains(name) : nullptr;
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

json::object said(const Text& text) {
    return {{"vi", text.vi}, {"en", text.en}};
}

double rounded(double points) {
    return std::round(points * 1e4) / 1e4;
}

// A row rule's result; table rules and what was only noted cost no points.
bool counts(const json::value& result, std::string_view dimension) {
    const json::value* examples =
        result.is_object() ? result.get_object().if_contains("examples") : nullptr;
    if (examples == nullptr || !examples->is_array() || examples->get_array().empty()) return false;
    return dimension == "overall" || text_at(result, "dimension") == dimension;
}

std::int64_t failed_in(const json::value& result) {
    const json::value* failed = result.get_object().if_contains("failed");
    return failed != nullptr && failed->is_int64() ? failed->get_int64() : 0;
}

enum class Kind { kAside, kEntered };

Text sentence(const json::value& result, std::int64_t rows, Kind kind, Micros at) {
    const json::value* description = result.get_object().if_contains("description");
    Text reason = Text::same(text_at(result, "rule"));
    if (description != nullptr && description->is_object())
        reason = {text_at(*description, "vi"), text_at(*description, "en")};
    if (const std::string column = text_at(result, "column"); !column.empty())
        reason = {column + ": " + reason.vi, column + ": " + reason.en};
    const Text day = day_text(at);
    const std::string vi = with_separators(rows, Language::kVietnamese);
    const std::string en = with_separators(rows, Language::kEnglish);
    const std::string_view noun = rows == 1 ? "row" : "rows";
    if (kind == Kind::kAside) {
        return {fmt::format("{} dòng của lô ngày {} còn để riêng. {}", vi, day.vi, reason.vi),
                fmt::format("{} {} of the batch of {} still set aside. {}", en, noun, day.en,
                            reason.en)};
    }
    return {
        fmt::format("{} dòng của lô ngày {} có cảnh báo. {}", vi, day.vi, reason.vi),
        fmt::format("{} {} of the batch of {} with a warning. {}", en, noun, day.en, reason.en)};
}

// The faults of one kind of one batch, shared among the rules that found them.
void add_rules(const store::BatchInfo& batch, const json::array& results,
               std::string_view dimension, Kind kind, double points, double part,
               std::vector<Cause>& causes) {
    const std::string_view severity = kind == Kind::kAside ? "error" : "warning";
    double all = 0;
    for (const json::value& result : results) {
        if (counts(result, dimension) && text_at(result, "severity") == severity)
            all += static_cast<double>(failed_in(result));
    }
    for (const json::value& result : results) {
        if (all <= 0) break;
        if (!counts(result, dimension) || text_at(result, "severity") != severity) continue;
        const auto failed = static_cast<double>(failed_in(result));
        if (failed <= 0) continue;
        const std::int64_t rows = std::max<std::int64_t>(1, std::llround(failed * part));
        Cause cause;
        cause.points = points * failed / all;
        cause.text = {{"kind", "rule"},
                      {"points", rounded(cause.points)},
                      {"rule", text_at(result, "rule")},
                      {"column", result.get_object().at("column")},
                      {"batch", batch.id},
                      {"at", format_time(batch.at)},
                      {"rows", rows},
                      {"sentence", said(sentence(result, rows, kind, batch.at))}};
        causes.push_back(std::move(cause));
    }
    if (all > 0) return;
    const std::int64_t rows = std::max<std::int64_t>(1, batch.rows.rejected);
    const Text day = day_text(batch.at);
    causes.push_back(
        {points,
         {{"kind", "batch"},
          {"points", rounded(points)},
          {"rule", nullptr},
          {"column", nullptr},
          {"batch", batch.id},
          {"at", format_time(batch.at)},
          {"rows", rows},
          {"sentence", said({fmt::format("Lô ngày {} còn dòng chưa đạt.", day.vi),
                             fmt::format("The batch of {} still has rows at fault.", day.en)})}}});
}

Cause freshness_cause(const quality::Kept& kept, double points) {
    const quality::Promise& promise = *kept.promise;
    const Text since = day_text(promise.by_day ? kept.since - 1 : kept.since);  // that day itself
    const Text overdue = quality::duration_text(kept.overdue);
    const bool by_column = !promise.column.empty();
    const Text what = by_column
                          ? Text{fmt::format("giá trị mới nhất của {} là ngày", promise.column),
                                 fmt::format("the newest {} is of", promise.column)}
                          : Text{"lần cuối là ngày", "the last batch came on"};
    return {points,
            {{"kind", "freshness"},
             {"points", rounded(points)},
             {"rule", "freshness:" + promise.property},
             {"column", by_column ? json::value(promise.column) : json::value(nullptr)},
             {"batch", nullptr},
             {"at", format_time(kept.since)},
             {"rows", nullptr},
             {"sentence",
              said({fmt::format("Hứa không cũ quá {}; {} {}, đã trễ {}.", promise.allowed_text.vi,
                                what.vi, since.vi, overdue.vi),
                    fmt::format("Promised to be at most {} old; {} {}: {} late.",
                                promise.allowed_text.en, what.en, since.en, overdue.en)})}}};
}

const quality::Kept* worst(const std::vector<quality::Kept>& kept) {
    const quality::Kept* worst = nullptr;
    for (const quality::Kept& one : kept) {
        if (one.overdue > 0 && (worst == nullptr || one.score < worst->score)) worst = &one;
    }
    return worst;
}

double faults_in(const quality::Faults& faults, std::string_view dimension) {
    if (dimension == "overall") return faults.any;
    for (const Dimension one :
         {Dimension::kAccurate, Dimension::kComplete, Dimension::kClean, Dimension::kLive}) {
        if (contract::name_of(one) == dimension) return faults.by[static_cast<std::size_t>(one)];
    }
    return 0;
}

std::optional<std::optional<double>> score_of(const quality::Scores& scores,
                                              std::string_view dimension) {
    if (dimension == "overall") return scores.overall;
    if (dimension == "accurate") return scores.accurate;
    if (dimension == "complete") return scores.complete;
    if (dimension == "clean") return scores.clean;
    if (dimension == "live") return scores.live;
    return std::nullopt;
}

}  // namespace

Result<json::object> why(const store::Store& store, const Standing& standing,
                         std::string_view dimension, std::size_t most) {
    const std::optional<std::optional<double>> score = score_of(standing.scores, dimension);
    if (!score) {
        return fail(Code::kInvalid,
                    {fmt::format("Không có chiều «{}».", dimension),
                     fmt::format("There is no dimension \"{}\".", dimension)},
                    {"Hỏi overall, accurate, complete, clean hoặc live.",
                     "Ask for overall, accurate, complete, clean or live."});
    }
    const double rows = standing.ledger.rows();
    std::vector<Cause> causes;
    if (const quality::Kept* late = worst(standing.kept);
        late != nullptr && (dimension == "live" || dimension == "overall")) {
        const double part = dimension == "live" ? 1 : quality::kFreshnessShare;
        causes.push_back(freshness_cause(*late, (100 - late->score) * part));
    }
    std::vector<quality::OpenFaults> open = standing.ledger.open();
    const auto cost = [&](const quality::OpenFaults& one) {
        return faults_in(one.aside, dimension) + faults_in(one.entered, dimension);
    };
    std::erase_if(open, [&](const quality::OpenFaults& one) { return cost(one) <= 0; });
    std::ranges::stable_sort(open, std::ranges::greater(), cost);
    double rest = 0;
    for (std::size_t i = 0; i < open.size() && rows > 0; ++i) {
        if (i >= kMostReceipts) {
            rest += 100 * cost(open[i]) / rows;
            continue;
        }
        TRY_ASSIGN(const store::BatchInfo batch, store.batch(open[i].batch));
        TRY_ASSIGN(const json::value receipt, parse_json(batch.receipt_json));
        const json::value* results = receipt.as_object().if_contains("results");
        static const json::array kNone;
        const json::array& list =
            results != nullptr && results->is_array() ? results->get_array() : kNone;
        const double aside = 100 * faults_in(open[i].aside, dimension) / rows;
        const double entered = 100 * faults_in(open[i].entered, dimension) / rows;
        const double left = batch.rows.rejected > 0
                                ? open[i].rows_aside / static_cast<double>(batch.rows.rejected)
                                : 0;
        if (aside > 0) add_rules(batch, list, dimension, Kind::kAside, aside, left, causes);
        if (entered > 0) add_rules(batch, list, dimension, Kind::kEntered, entered, 1, causes);
    }
    std::ranges::stable_sort(causes, std::ranges::greater(), &Cause::points);
    double lost = rest;
    json::array told;
    for (Cause& cause : causes) {
        lost += cause.points;
        if (told.size() < most) {
            told.push_back(std::move(cause.text));
        } else {
            rest += cause.points;
        }
    }
    return json::object{{"dimension", dimension},
                        {"score", *score ? json::value(**score) : json::value(nullptr)},
                        {"lost", rounded(lost)},
                        {"causes", std::move(told)},
                        {"rest", rounded(rest)}};
}

json::array freshness_results(const Standing& standing) {
    json::array results;
    for (const quality::Kept& kept : standing.kept) {
        quality::RuleResult result;
        result.rule = "freshness:" + kept.promise->property;
        result.column = kept.promise->column;
        result.dimension = Dimension::kLive;
        result.severity = contract::Severity::kWarning;
        result.description = {fmt::format("Không cũ quá {}", kept.promise->allowed_text.vi),
                              fmt::format("At most {} old", kept.promise->allowed_text.en)};
        result.checked = 1;
        result.failed = kept.overdue > 0 ? 1 : 0;
        results.push_back(quality::to_json(result));
    }
    return results;
}

json::array freshness_json(const Standing& standing) {
    constexpr Micros kSecond = 1'000'000;
    json::array list;
    for (const quality::Kept& kept : standing.kept) {
        const quality::Promise& promise = *kept.promise;
        list.push_back(json::object{
            {"property", promise.property},
            {"column", promise.column.empty() ? json::value(nullptr) : json::value(promise.column)},
            {"allowed_seconds", promise.allowed / kSecond},
            {"since", format_time(kept.since)},
            {"overdue_seconds", kept.overdue / kSecond},
            {"score", kept.score}});
    }
    return list;
}

}  // namespace nguon::node
