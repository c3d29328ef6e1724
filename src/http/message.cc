#include "http/message.h"

#include <algorithm>
#include <system_error>

#include "http/internal/ascii.h"

namespace nguon::http {

std::string_view name_of(Method method) {
    switch (method) {
        case Method::kGet: return "GET";
        case Method::kHead: return "HEAD";
        case Method::kPost: return "POST";
        case Method::kPut: return "PUT";
        case Method::kPatch: return "PATCH";
        case Method::kDelete: return "DELETE";
        case Method::kOptions: return "OPTIONS";
        case Method::kTrace: return "TRACE";
    }
    return "GET";
}

std::string_view name_of(Listener listener) {
    return listener == Listener::kPublic ? "public" : "internal";
}

std::string_view reason_of(int status) {
    struct Row {
        int status;
        std::string_view reason;
    };
    static constexpr Row kRows[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    for (const Row& row : kRows) {
        if (row.status == status) return row.reason;
    }
    return {};
}

void Headers::set(std::string_view name, std::string_view value) {
    for (auto& [key, held] : m_all) {
        if (same_name(key, name)) {
            held.assign(value);
            return;
        }
    }
    m_all.emplace_back(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
    for (auto& [key, held] : m_all) {
        if (same_name(key, name)) {
            held.append(", ").append(value);
            return;
        }
    }
    m_all.emplace_back(name, value);
}

std::string_view Headers::get(std::string_view name) const {
    for (const auto& [key, value] : m_all) {
        if (same_name(key, name)) return value;
    }
    return {};
}

bool Headers::has(std::string_view name) const {
    return std::ranges::any_of(m_all, [&](const auto& row) { return same_name(row.first, name); });
}

void Headers::remove(std::string_view name) {
    std::erase_if(m_all, [&](const auto& row) { return same_name(row.first, name); });
}

BodyFile::~BodyFile() {
    if (!m_owned) return;
    std::error_code ignored;  // what cannot be removed now goes when the folder is emptied at start
    std::filesystem::remove(m_path, ignored);
}

std::string_view Request::parameter(std::string_view name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string_view{} : std::string_view(found->second);
}

std::optional<std::string> Request::query_value(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return std::nullopt;
}

Response Response::json(int status, const json::value& value) {
    Response answer;
    answer.status = status;
    answer.headers.set("Content-Type", "application/json");
    answer.body = to_text(value);
    return answer;
}

}  // namespace nguon::http
