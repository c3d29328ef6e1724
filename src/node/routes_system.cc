// Health, metrics, who the node is, and the description of its own interface.
#include <fmt/format.h>
#include <sys/statvfs.h>

#include "node/internal/state.h"
#include "query/query.h"

namespace nguon::node {
namespace {

// Below this much free space writes are expected to fail soon.
constexpr std::uint64_t kLowSpace = 64ull << 20;

Result<http::Response> health(State& state, http::Request&) {
    json::array checks;
    bool ok = true;
    const auto check = [&](std::string_view name, bool passed, std::string detail) {
        ok = ok && passed;
        checks.push_back({{"name", name}, {"ok", passed}, {"detail", detail}});
    };
    struct statvfs space{};
    const bool known = ::statvfs(state.folder.c_str(), &space) == 0;
    const std::uint64_t free =
        known ? static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize : 0;
    check("disk", free > kLowSpace, fmt::format("{} MB free", free >> 20));
    const bool writable = (space.f_flag & ST_RDONLY) == 0;
    check("writable", writable, writable ? "read-write" : "mounted read-only");
    std::size_t corrupt = 0;
    const auto datasets = state.store->datasets();
    for (const auto& dataset : datasets)
        corrupt += dataset->corrupt ? 1 : 0;
    check("history", corrupt == 0,
          fmt::format("{} datasets, {} damaged", datasets.size(), corrupt));
    const query::SandboxStatus sandbox = query::sandbox_status();
    check("sql_sandbox", sandbox.seccomp,
          fmt::format("landlock {}, seccomp {}", sandbox.landlock ? "on" : "missing",
                      sandbox.seccomp ? "on" : "missing"));
    const bool stopping = state.stopping;
    const std::string_view status = stopping ? "stopping" : ok ? "ready" : "degraded";
    return http::Response::json(ok && !stopping ? 200 : 503,
                                {{"status", status}, {"checks", std::move(checks)}});
}

void add_quality(State& state, const std::string& dataset, std::string& scores,
                 std::string& staleness) {
    const Result<Courses::Now> now = state.courses->now(dataset);
    if (!now) return;
    const json::object values = quality::to_json(now->scores);
    for (const auto& score : values) {
        if (!score.value().is_number()) continue;
        scores +=
            fmt::format("nguon_dataset_score{{dataset=\"{}\",dimension=\"{}\"}} {}\n", dataset,
                        std::string_view(score.key()), score.value().to_number<double>());
    }
    if (now->scores.live) {
        staleness += fmt::format("nguon_dataset_overdue_seconds{{dataset=\"{}\"}} {}\n", dataset,
                                 now->overdue / 1'000'000);
    }
}

Result<http::Response> metrics(State& state, http::Request&) {
    std::string text;
    if (const http::Server* server = state.server) text = server->metrics();
    text += process_metrics(state.folder);
    text +=
        "# HELP nguon_dataset_rows Current rows of a dataset.\n# TYPE nguon_dataset_rows gauge\n";
    std::string sequence =
        "# HELP nguon_dataset_seq Changes of a dataset.\n# TYPE nguon_dataset_seq counter\n";
    std::string scores =
        "# HELP nguon_dataset_score Score of a dataset now, 0 to 100.\n# TYPE nguon_dataset_score "
        "gauge\n";
    std::string staleness =
        "# HELP nguon_dataset_overdue_seconds How long a promise of freshness is broken; 0: kept.\n"
        "# TYPE nguon_dataset_overdue_seconds gauge\n";
    for (const auto& dataset : state.store->datasets()) {
        const Result<store::Head> head = state.store->head(dataset->contract.name);
        if (!head) continue;
        text += fmt::format("nguon_dataset_rows{{dataset=\"{}\"}} {}\n", dataset->contract.name,
                            head->rows);
        sequence += fmt::format("nguon_dataset_seq{{dataset=\"{}\"}} {}\n", dataset->contract.name,
                                head->seq);
        add_quality(state, dataset->contract.name, scores, staleness);
    }
    http::Response response;
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = text + sequence + scores + staleness;
    return response;
}

Result<http::Response> node(State& state, http::Request&) {
    TRY_ASSIGN(const json::value jwk, parse_json(state.public_key->jwk_json()));
    return http::Response::json(
        200, {{"member", state.identity.member},
              {"node", state.identity.node},
              {"name", {{"vi", state.identity.name.vi}, {"en", state.identity.name.en}}},
              {"key_id", state.identity.key_id},
              {"jwk", jwk}});
}

}  // namespace

void add_system_routes(http::Router& router, State& state) {
    using http::Access;
    using http::Method;
    router.add({Method::kGet, "/health", Access::kAnyone, "Whether reads and writes work",
                [&state](http::Request& request) { return health(state, request); }});
    router.add({Method::kGet,
                "/health/live",
                Access::kAnyone,
                "200 while the process answers",
                [](http::Request&) -> Result<http::Response> {
                    return http::Response::json(200, {{"status", "live"}});
                },
                {},
                {},
                "application/json",
                http::Runs::kInline});
    router.add({Method::kGet,
                "/metrics",
                Access::kInternal,
                "Prometheus metrics",
                [&state](http::Request& request) { return metrics(state, request); },
                {},
                {},
                "text/plain"});
    router.add({Method::kGet,
                "/api/v1/node",
                Access::kOpenData,
                "The node's member and public key",
                [&state](http::Request& request) { return node(state, request); },
                {},
                {},
                "application/json",
                http::Runs::kInline});
    router.add({Method::kGet, "/api/v1/openapi.json", Access::kOpenData,
                "This interface as OpenAPI 3.1",
                [&router](http::Request&) -> Result<http::Response> {
                    return http::Response::json(200, router.openapi("/"));
                }});
}

}  // namespace nguon::node
