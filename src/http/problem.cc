// Errors as problem+json (RFC 9457) and as the command line's {"error":{…}}, and back.
#include <array>

#include "base/spoken.h"
#include "http/message.h"

namespace nguon::http {
namespace {

using Say = std::function<std::string(const Text&)>;

json::array problems_of(const Error& error, const Say& say) {
    json::array rows;
    for (const Problem& problem : error.errors) {
        rows.push_back(json::object{{"file", problem.file},
                                    {"line", problem.line},
                                    {"column", problem.column},
                                    {"path", problem.path},
                                    {"problem", say(problem.problem)},
                                    {"fix", say(problem.fix)}});
    }
    return rows;
}

// Members that are there already win: an attachment cannot change the code.
void attach(json::object& to, const Error& error) {
    if (error.attachment.empty()) return;
    auto value = parse_json(error.attachment);
    if (!value || !value->is_object()) return;
    for (const auto& member : value->as_object())
        to.emplace(member.key(), member.value());
}

std::string text_at(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

int number_at(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_int64()) return 0;
    return static_cast<int>(value->as_int64());
}

Code code_of_status(int status) {
    for (const Code code : {Code::kInvalid, Code::kNotFound, Code::kConflict, Code::kDenied,
                            Code::kTooLarge, Code::kRefused, Code::kUnavailable}) {
        if (http_status_of(code) == status) return code;
    }
    if (status == 401) return Code::kDenied;
    return status >= 400 && status < 500 ? Code::kInvalid : Code::kInternal;
}

}  // namespace

Response problem(const Error& error, const Request& request) {
    return problem(error, request, http_status_of(error.code));
}

Response problem(const Error& error, const Request& request, int status) {
    const Language language = request.language;
    const bool marked = request.headers.get(spoken::kHeader) == spoken::kMarked;
    const Say say = [&](const Text& text) {
        const std::string& said = text.in(language);
        return marked ? said : spoken::as_http(said);
    };
    const std::string code(name_of(error.code));
    json::object body{{"type", "urn:nguon:problem:" + code},
                      {"title", title_of(error.code).in(language)},
                      {"status", status},
                      {"detail", say(error.detail)},
                      {"instance", "urn:nguon:request:" + request.id},
                      {"code", code},
                      {"fix", say(error.fix)},
                      {"errors", problems_of(error, say)}};
    attach(body, error);
    Response answer = Response::json(status, body);
    answer.headers.set("Content-Type", "application/problem+json");
    answer.headers.set("Content-Language", language == Language::kVietnamese ? "vi" : "en");
    if (status == 503) answer.headers.set("Retry-After", "1");
    return answer;
}

json::object error_object(const Error& error, Language language) {
    const Say say = [language](const Text& text) { return text.in(language); };
    json::object out{{"error", json::object{{"code", name_of(error.code)},
                                            {"title", title_of(error.code).in(language)},
                                            {"detail", error.detail.in(language)},
                                            {"fix", error.fix.in(language)},
                                            {"errors", problems_of(error, say)}}}};
    attach(out, error);
    return out;
}

Error error_of(const Response& answer) {
    Error error;
    error.code = code_of_status(answer.status);
    auto value = parse_json(answer.body);
    if (!value || !value->is_object()) {
        error.detail = Text::same("HTTP " + std::to_string(answer.status));
        return error;
    }
    json::object& object = value->as_object();
    if (const std::string name = text_at(object, "code"); !name.empty()) {
        error.code = code_from_name(name);
    }
    error.detail = Text::same(text_at(object, "detail"));
    error.fix = Text::same(text_at(object, "fix"));
    if (const json::value* rows = object.if_contains("errors"); rows && rows->is_array()) {
        for (const json::value& item : rows->as_array()) {
            if (!item.is_object()) continue;
            const json::object& row = item.as_object();
            error.errors.push_back({text_at(row, "file"), number_at(row, "line"),
                                    number_at(row, "column"), text_at(row, "path"),
                                    Text::same(text_at(row, "problem")),
                                    Text::same(text_at(row, "fix"))});
        }
    }
    static constexpr std::array<std::string_view, 8> kOwn = {
        "type", "title", "status", "detail", "instance", "code", "fix", "errors"};
    for (const std::string_view name : kOwn)
        object.erase(name);
    if (!object.empty()) error.attachment = to_text(object);
    return error;
}

}  // namespace nguon::http
