// One row by its key over HTTP, 64 connections kept open, against an empty handler of the same
// server.
#include <fmt/format.h>

#include <random>

#include "base/log.h"
#include "base/time.h"
#include "bench.h"
#include "http/server.h"
#include "node/node.h"
#include "requests.h"

namespace nguon::bench {
namespace {

constexpr std::int64_t kRows = 1'000'000;
constexpr double kAim = 0.5;

struct Fixture {
    std::unique_ptr<node::Node> node;
    std::vector<std::string> paths;
    double build_seconds = 0;
};

Result<http::Response> call(const http::Router& router, http::Method method, std::string path,
                            http::Body body) {
    http::Request request;
    request.method = method;
    const std::size_t question = path.find('?');
    request.path = path.substr(0, question);
    request.caller = http::Caller::kAdministrator;
    request.listener = http::Listener::kInternal;
    request.body = std::move(body);
    http::Response response = router.dispatch(request);
    if (response.status >= 300)
        return fail(Code::kInternal, Text::same(path + ": " + response.body.substr(0, 500)));
    return response;
}

Result<Fixture> make_fixture(const Options& options, std::int64_t rows) {
    const std::filesystem::path folder = options.folder / "lookup-node";
    std::filesystem::remove_all(folder);
    const node::Seams seams = node::real_seams();
    TRY(node::init({folder, "VN/GOV/BCA", "", ""}, seams));
    Fixture fixture;
    TRY_ASSIGN(fixture.node, node::Node::open(folder, seams));
    const http::Router& router = fixture.node->router();
    const std::string contract =
        "apiVersion: v3.1.0\nkind: DataContract\nid: b\nname: b\nversion: 1.0.0\nstatus: "
        "active\nschema:\n  - name: person\n"
        "    properties:\n      - {name: id, logicalType: string, primaryKey: true, "
        "primaryKeyPosition: 1}\n"
        "      - {name: full_name, logicalType: string}\n      - {name: born, logicalType: date}\n"
        "      - {name: ward, logicalType: string}\n";
    TRY(call(router, http::Method::kPost, "/api/v1/contracts",
             {to_text(json::object{{"contracts", json::array{json::object{{"file", "b.yaml"},
                                                                          {"text", contract}}}}}),
              nullptr}));
    const std::filesystem::path file = options.folder / "lookup.csv";
    if (std::FILE* out = std::fopen(file.c_str(), "w")) {
        fmt::print(out, "id,full_name,born,ward\n");
        for (std::int64_t i = 0; i < rows; ++i)
            fmt::print(out, "{:012},Nguyễn Văn Bình {},1990-01-{:02},{:05}\n", i * 7, i, i % 28 + 1,
                       i % 99999);
        std::fclose(out);
    }
    TRY(call(router, http::Method::kPost, "/api/v1/datasets/b.person/batches",
             {{}, std::make_shared<http::BodyFile>(file, true)}));
    std::mt19937_64 random(142);
    for (int i = 0; i < 100'000; ++i) {
        fixture.paths.push_back(fmt::format(
            "/api/v1/datasets/b.person/rows/{:012}",
            static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(rows)) * 7));
    }
    const double start = seconds_now();
    TRY(call(router, http::Method::kPost, "/api/v1/datasets/b.person/views/lookup/rebuild", {}));
    fixture.build_seconds = seconds_now() - start;
    return fixture;
}

// The paths in turn.
Result<double> ask(const http::Server& server, const std::vector<std::string>& paths) {
    Driving driving;
    driving.address = server.address("internal");
    std::size_t next = 0;
    driving.next_request = [&] {
        return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer token\r\n\r\n",
                           paths[next++ % paths.size()], driving.address);
    };
    return drive(driving);
}

}  // namespace

Result<Figure> bench_lookup(const Options& options) {
    Figure figure;
    figure.name = "lookup";
    figure.unit = "requests/s";
    figure.rows = options.rows > 0 ? options.rows : kRows;
    figure.runs = options.runs;
    TRY_ASSIGN(const Fixture fixture, make_fixture(options, figure.rows));
    http::Router empty;
    empty.add({http::Method::kGet, "/{rest...}", http::Access::kAdministrator, "nothing",
               [](http::Request&) -> Result<http::Response> {
                   http::Response response;
                   response.body = "{}";
                   return response;
               }});
    const auto serve = [&](const http::Router& router) {
        http::ServerOptions server;
        server.listeners = {{"internal", "127.0.0.1:0", "token"}};
        server.spool_folder = options.folder;
        server.handler_threads = 2;
        server.clock = &system_clock();
        server.random = &system_random();
        server.log = &no_log();
        return http::Server::start(server, router);
    };
    TRY_ASSIGN(const auto full_server, serve(fixture.node->router()));
    TRY_ASSIGN(const auto empty_server, serve(empty));
    std::vector<double> mine, theirs;
    for (int run = 0; run < options.runs; ++run) {
        TRY_ASSIGN(const double base, ask(*empty_server, fixture.paths));
        TRY_ASSIGN(const double full, ask(*full_server, fixture.paths));
        theirs.push_back(base);
        mine.push_back(full);
        fmt::print(stderr, "run {}: {:.0f}/s, empty handler {:.0f}/s\n", run + 1, full, base);
    }
    full_server->stop();
    empty_server->stop();
    figure.value = median(mine);
    figure.baseline = median(theirs);
    figure.ratio = figure.value / figure.baseline;
    figure.aim = kAim;
    figure.met = figure.ratio >= kAim;
    figure.detail = {{"connections", Driving().connections},
                     {"view_build_seconds", fixture.build_seconds}};
    std::error_code ignored;
    std::filesystem::remove_all(options.folder / "lookup-node", ignored);
    return figure;
}

}  // namespace nguon::bench
