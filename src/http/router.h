// The one route table: method, path, required access and summary of every endpoint. Handlers are
// found through it over HTTP and in-process alike, and OpenAPI 3.1 is made from it, so it cannot
// drift.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/log.h"
#include "http/message.h"

namespace nguon::http {

using Handler = std::function<Result<Response>(Request&)>;

// There is no default: a route says who may call it.
enum class Access {
    kAnyone,         // both listeners, no token
    kOpenData,       // public listener too; the handler checks that the dataset is open
    kInternal,       // internal listener, no token (metrics)
    kAdministrator,  // internal listener with the token
};

// kInline handlers run on the I/O thread: only for answers that are in memory, in well under 0.1
// ms. kLong handlers may take minutes or wait for a lock: they have threads of their own, so that
// no reader waits behind them. kWaits handlers sleep until another thread has done the work of
// many of them: there are many such threads.
enum class Runs { kOnPool, kInline, kLong, kWaits };

struct Parameter {
    std::string name;
    std::string summary;
    std::string in = "query";  // or "header"
};

inline constexpr std::uint64_t kMostNoBody = 64 << 10;  // where a body is not asked for
inline constexpr std::uint64_t kMostJsonBody = 8 << 20;

struct Route {
    Method method = Method::kGet;
    std::string
        path;  // "/api/v1/datasets/{dataset}/rows/{key}"; "{rest...}" takes several segments
    Access access;
    std::string summary;
    Handler handler = {};
    std::vector<Parameter> parameters = {};  // of the query and the head
    std::string body = {};                   // media type that it takes, or empty
    std::string answer =
        "application/json";        // media types, apart by ", "; `schema` is of the first
    Runs runs = Runs::kOnPool;     // of one that streams: kWaits
    std::uint64_t most_body = 0;   // bytes; 0: by what `body` says, see most_body_of()
    std::string_view schema = {};  // JSON Schema of the answer, as text that lives as long as we do
};

// The bytes that a request may carry: those of the route; 64 KiB where no body is asked for, 8 MiB
// of JSON, else `server`. Never more than `server`.
std::uint64_t most_body_of(const Route& route, std::uint64_t server);

// What a request leads to: a route that may be called, or the answer that refuses it. After 404 and
// 405 route is null; after 401 and 403 it is the route that was refused.
struct Routed {
    const Route* route = nullptr;
    std::optional<Response> refusal;
};

// Threads: dispatch runs concurrently once every route was added.
class Router {
public:
    void add(Route route);  // an assertion fails for the same method and path twice
    // Finds the route, checks access, calls the handler, and turns an Error into problem+json. 404
    // for an unknown path, 405 with Allow for another method. HEAD is GET without the body.
    Response dispatch(Request& request) const;
    // The two halves of dispatch(), for a server that answers a refusal before it reads the body.
    // find() fills the request's parameters; pointers to routes last as long as the router.
    // Static segments win over `{name}`, and that over `{rest...}`; the methods of the winner
    // count.
    Routed find(Request& request) const;
    // Calls the handler; exceptions become `internal` (logged by request id, never by text).
    Response call(const Route& route, Request& request, Log& log = no_log()) const;
    const std::vector<Route>& routes() const;
    json::value openapi(std::string_view server_url) const;
    // The template a path matches, for logs and metrics: personal keys never appear there.
    std::string_view template_of(Method method, std::string_view path) const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;

public:
    Router();
};

}  // namespace nguon::http
