// How good a dataset is, how it came there, and why.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "node/internal/courses.h"
#include "node/internal/orphans.h"
#include "node/internal/schemas.h"
#include "node/internal/state.h"

namespace nguon::node {
namespace {

constexpr std::int64_t kCausesShown = 20, kMostCauses = 1000;
constexpr std::int64_t kPointsShown = 200, kMostPoints = 10'000;

// The results of the newest batch that judged rows, as its receipt has them.
Result<json::array> results_of(State& state, const Standing& standing) {
    if (standing.last_batch.empty()) return json::array();
    TRY_ASSIGN(const store::BatchInfo batch, state.store->batch(standing.last_batch));
    TRY_ASSIGN(const json::value receipt, parse_json(batch.receipt_json));
    const json::value* results = receipt.as_object().if_contains("results");
    return results != nullptr && results->is_array() ? results->get_array() : json::array();
}

Result<json::object> series_json(State& state, const http::Request& request,
                                 std::string_view dataset, Micros upto) {
    TRY_ASSIGN(const std::int64_t limit,
               integer_parameter(request, "limit", kPointsShown, 1, kMostPoints));
    Micros before = std::numeric_limits<Micros>::max();
    if (const auto cursor = request.query_value("cursor")) {
        TRY_ASSIGN(before, parse_time(*cursor));
    }
    TRY_ASSIGN(const Series series,
               state.courses->series(dataset, upto, before, static_cast<std::size_t>(limit)));
    json::array points;
    for (const SeriesPoint& point : series.points) {
        json::object one = quality::to_json(point.scores);
        one["at"] = format_time(point.at);
        one["batch"] = point.batch.empty() ? json::value(nullptr) : json::value(point.batch);
        points.push_back(std::move(one));
    }
    const bool older = series.has_older && !series.points.empty();
    return json::object{
        {"series", std::move(points)},
        {"next", older ? json::value(format_time(series.points.front().at)) : nullptr}};
}

Result<http::Response> quality(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, readable_dataset(state, request));
    const std::string& name = dataset->contract.name;
    store::AsOf as_of;
    if (const auto given = request.query_value("as_of")) {
        TRY_ASSIGN(as_of, store::parse_as_of(*given));
    }
    TRY_ASSIGN(const Micros at, state.courses->moment(name, as_of));
    TRY_ASSIGN(const Standing standing, state.courses->as_of(name, at));
    TRY_ASSIGN(json::array results, results_of(state, standing));
    for (json::value& result : freshness_results(standing))
        results.push_back(std::move(result));
    TRY_ASSIGN(json::array orphans, state.orphans->results(*dataset, at));
    for (json::value& result : orphans)
        results.push_back(std::move(result));
    const Micros last = standing.ledger.last_at();
    json::object answer{
        {"dataset", name},
        {"at", format_time(at)},
        {"last", last == 0 ? json::value(nullptr) : json::value(format_time(last))},
        {"scores", quality::to_json(standing.scores)},
        {"rows",
         {{"standing", standing.ledger.standing()},
          {"set_aside", std::llround(standing.ledger.rows()) - standing.ledger.standing()}}},
        {"freshness", freshness_json(standing)}};
    TRY_ASSIGN(json::object series, series_json(state, request, name, at));
    for (auto& member : series)
        answer[member.key()] = std::move(member.value());
    answer["results"] = std::move(results);
    if (const auto dimension = request.query_value("why")) {
        TRY_ASSIGN(const std::int64_t most,
                   integer_parameter(request, "causes", kCausesShown, 1, kMostCauses));
        TRY_ASSIGN(answer["why"],
                   why(*state.store, standing, *dimension, static_cast<std::size_t>(most)));
    }
    return http::Response::json(200, std::move(answer));
}

}  // namespace

void add_quality_routes(http::Router& router, State& state) {
    router.add({http::Method::kGet,
                "/api/v1/datasets/{dataset}/quality",
                http::Access::kOpenData,
                "Scores, their course, the last results, and why",
                [&state](http::Request& request) { return quality(state, request); },
                {{"as_of", "a time, or seq:N: as it was then, from what was known then"},
                 {"why", "overall, accurate, complete, clean or live: what costs points"},
                 {"causes", "at most so many of them"},
                 {"limit", "at most so many points of the series, the newest"},
                 {"cursor", "the `next` of the page before: older points"}},
                {},
                "application/json",
                http::Runs::kOnPool,
                0,
                schemas::kQuality});
}

}  // namespace nguon::node
