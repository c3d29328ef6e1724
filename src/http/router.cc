#include "http/router.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <typeinfo>

#include "http/internal/path_tree.h"
#include "http/internal/uri.h"

namespace nguon::http {
namespace {

constexpr std::size_t kMethods = 8;
constexpr int kNoRoute = -1;

std::size_t index_of(Method method) {
    return static_cast<std::size_t>(method);
}

Response no_token(const Request& request) {
    Error error{Code::kDenied, {}, {}, {}, {}};
    if (request.token_given) {
        error.detail = {"Mã truy cập (token) không đúng.", "The token is not valid."};
    } else {
        error.detail = {"Yêu cầu này cần mã truy cập (token).", "This request needs a token."};
    }
    error.fix = {"Gửi đầu mục \"Authorization: Bearer <nội dung admin.token>\".",
                 "Send the header \"Authorization: Bearer <content of admin.token>\"."};
    Response answer = problem(error, request, 401);
    answer.headers.set("WWW-Authenticate", request.token_given
                                               ? R"(Bearer realm="nguon", error="invalid_token")"
                                               : R"(Bearer realm="nguon")");
    return answer;
}

Response not_public(const Request& request) {
    return problem(
        {Code::kDenied,
         {"Cổng công khai không có chức năng này.", "The public port does not offer this."},
         {"Dùng cổng nội bộ, với mã truy cập.", "Use the internal port, with the token."},
         {},
         {}},
        request);
}

Response unknown_path(const Request& request) {
    return problem({Code::kNotFound,
                    {"Không có địa chỉ này.", "There is nothing at this address."},
                    {"Xem /api/v1/openapi.json.", "See /api/v1/openapi.json."},
                    {},
                    {}},
                   request);
}

// Nothing when the caller may call it.
std::optional<Response> refusal(Access access, const Request& request) {
    if (access == Access::kAnyone) return std::nullopt;
    if (request.listener == Listener::kPublic) {
        if (access == Access::kOpenData) return std::nullopt;
        return not_public(request);
    }
    if (access == Access::kInternal || request.caller == Caller::kAdministrator)
        return std::nullopt;
    return no_token(request);
}

}  // namespace

struct Router::Impl {
    std::vector<Route> routes;
    std::vector<std::vector<std::string>> names;     // of each route's parameters
    std::vector<std::array<int, kMethods>> by_leaf;  // route of each method
    PathTree tree;

    // HEAD is answered by GET unless it has a route of its own.
    int route_at(int leaf, Method method) const {
        const auto& row = by_leaf[static_cast<std::size_t>(leaf)];
        const int found = row[index_of(method)];
        if (found == kNoRoute && method == Method::kHead) return row[index_of(Method::kGet)];
        return found;
    }
    std::string allowed(int leaf) const;
    Routed other_method(int leaf, const Request& request) const;
};

std::uint64_t most_body_of(const Route& route, std::uint64_t server) {
    if (route.most_body > 0) return std::min(route.most_body, server);
    if (route.body.empty()) return std::min(kMostNoBody, server);
    return route.body == "application/json" ? std::min(kMostJsonBody, server) : server;
}

Router::Router() : m_impl(std::make_shared<Impl>()) {}

void Router::add(Route route) {
    const std::size_t leaf = m_impl->tree.add(route.path);
    if (leaf >= m_impl->by_leaf.size()) {
        m_impl->by_leaf.resize(leaf + 1);
        m_impl->by_leaf[leaf].fill(kNoRoute);
    }
    int& slot = m_impl->by_leaf[leaf][index_of(route.method)];
    if (slot != kNoRoute) {
        const std::string_view method = name_of(route.method);
        std::fprintf(stderr, "route added twice: %.*s %s\n", static_cast<int>(method.size()),
                     method.data(), route.path.c_str());
        std::abort();
    }
    if (!route.handler) std::abort();  // a programmer's error
    slot = static_cast<int>(m_impl->routes.size());
    m_impl->names.push_back(names_in(route.path));
    m_impl->routes.push_back(std::move(route));
}

const std::vector<Route>& Router::routes() const {
    return m_impl->routes;
}

std::string Router::Impl::allowed(int leaf) const {
    std::string methods;
    for (std::size_t i = 0; i < kMethods; ++i) {
        const auto method = static_cast<Method>(i);
        if (route_at(leaf, method) == kNoRoute && method != Method::kOptions) continue;
        if (!methods.empty()) methods += ", ";
        methods += name_of(method);
    }
    return methods;
}

Routed Router::Impl::other_method(int leaf, const Request& request) const {
    Response answer;
    if (request.method == Method::kOptions) {
        answer.status = 204;
    } else {
        answer = problem(
            {Code::kInvalid,
             {"Địa chỉ này không nhận phương thức đó.", "This address does not take that method."},
             {"Dùng một phương thức trong đầu mục Allow.",
              "Use a method that the Allow header names."},
             {},
             {}},
            request, 405);
    }
    answer.headers.set("Allow", allowed(leaf));
    return {nullptr, std::move(answer)};
}

Routed Router::find(Request& request) const {
    Captures captures;
    const int leaf = m_impl->tree.match(request.path, captures);
    // Without a token the internal port does not even tell which paths exist.
    const bool hidden =
        request.listener == Listener::kInternal && request.caller == Caller::kPublic;
    if (leaf < 0) return {nullptr, hidden ? no_token(request) : unknown_path(request)};
    const int at = m_impl->route_at(leaf, request.method);
    if (at == kNoRoute) {
        if (hidden) return {nullptr, no_token(request)};
        return m_impl->other_method(leaf, request);
    }
    const Route& route = m_impl->routes[static_cast<std::size_t>(at)];
    if (auto refused = refusal(route.access, request)) return {&route, std::move(refused)};

    const auto& names = m_impl->names[static_cast<std::size_t>(at)];
    for (std::size_t i = 0; i < captures.count && i < names.size(); ++i) {
        auto decoded = decode_text(captures.raw[i]);
        if (!decoded) return {&route, problem(decoded.error(), request)};
        request.parameters.insert_or_assign(names[i], *std::move(decoded));
        request.raw_parameters.insert_or_assign(names[i], std::string(captures.raw[i]));
    }
    return {&route, std::nullopt};
}

Response Router::call(const Route& route, Request& request, Log& log) const {
    const auto failed = [&](Code code, Text detail, Text fix) {
        return problem({code, std::move(detail), std::move(fix), {}, {}}, request);
    };
    try {
        Result<Response> answer = route.handler(request);
        if (answer) return *std::move(answer);
        return problem(answer.error(), request);
    } catch (const std::bad_alloc&) {
        log.write(Level::kError, "handler.memory",
                  {{"request", request.id}, {"route", route.path}});
        return failed(Code::kUnavailable, {"Máy chủ hết bộ nhớ.", "The server is out of memory."},
                      {"Thử lại sau.", "Try again later."});
    } catch (const std::exception& exception) {
        // what() may hold a value of somebody's row; its type cannot.
        log.write(Level::kError, "handler.exception",
                  {{"request", request.id},
                   {"route", route.path},
                   {"type", std::string(typeid(exception).name())}});
    } catch (...) {
        log.write(Level::kError, "handler.exception",
                  {{"request", request.id}, {"route", route.path}});
    }
    return failed(
        Code::kInternal, {"Lỗi bên trong máy chủ.", "An error inside the server."},
        {"Báo cho người vận hành mã yêu cầu này.", "Tell the operator this request's id."});
}

Response Router::dispatch(Request& request) const {
    Routed routed = find(request);
    Response answer = routed.refusal ? *std::move(routed.refusal) : call(*routed.route, request);
    if (request.method == Method::kHead) {
        answer.body.clear();
        answer.file.reset();
    }
    return answer;
}

std::string_view Router::template_of(Method method, std::string_view path) const {
    Captures captures;
    const int leaf = m_impl->tree.match(path, captures);
    if (leaf < 0) return {};
    const int at = m_impl->route_at(leaf, method);
    return at == kNoRoute ? std::string_view{} : m_impl->routes[static_cast<std::size_t>(at)].path;
}

}  // namespace nguon::http
