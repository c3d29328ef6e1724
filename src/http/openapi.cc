// OpenAPI 3.1 from the route table.
#include <algorithm>
#include <cctype>

#include "http/internal/path_tree.h"
#include "http/router.h"

namespace nguon::http {
namespace {

constexpr std::string_view kProblem = "application/problem+json";

json::object ref(std::string_view to) {
    return {{"$ref", to}};
}

// "{rest...}" is "{rest}": OpenAPI has no parameter of several segments.
std::string openapi_path(std::string path) {
    if (const std::size_t dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
    return path;
}

// GET /api/v1/datasets/{dataset} -> get_api_v1_datasets_dataset
std::string operation_id(const Route& route) {
    std::string id = to_lower_ascii(name_of(route.method));
    for (const char c : route.path) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            id += c;
        } else if (id.back() != '_') {
            id += '_';
        }
    }
    while (id.back() == '_')
        id.pop_back();
    return id;
}

json::array security_of(Access access) {
    switch (access) {
        case Access::kAdministrator: return {json::object{{"bearer", json::array{}}}};
        case Access::kOpenData: return {json::object{}, json::object{{"bearer", json::array{}}}};
        case Access::kAnyone:
        case Access::kInternal: break;
    }
    return {};
}

json::array listeners_of(Access access) {
    if (access == Access::kAnyone || access == Access::kOpenData) return {"public", "internal"};
    return {"internal"};
}

json::array parameters_of(const Route& route) {
    json::array list;
    const auto add = [&](std::string_view name, std::string_view in, std::string_view summary) {
        json::object row{{"name", name}, {"in", in}, {"required", in == "path"}};
        if (!summary.empty()) row["description"] = summary;
        row["schema"] = json::object{{"type", "string"}};
        list.push_back(std::move(row));
    };
    for (const std::string& name : names_in(route.path))
        add(name, "path", {});
    for (const Parameter& parameter : route.parameters)
        add(parameter.name, parameter.in, parameter.summary);
    return list;
}

json::object operation(const Route& route) {
    json::object row{{"operationId", operation_id(route)},
                     {"summary", route.summary},
                     {"security", security_of(route.access)},
                     {"x-listeners", listeners_of(route.access)}};
    if (json::array parameters = parameters_of(route); !parameters.empty()) {
        row["parameters"] = std::move(parameters);
    }
    if (!route.body.empty()) {
        row["requestBody"] = json::object{{"required", true},
                                          {"content", json::object{{route.body, json::object{}}}}};
    }
    json::object success{{"description", "OK"}};
    if (!route.answer.empty()) {
        json::object content;
        for (const std::string& type : split(route.answer, ','))
            content[trim(type)] = json::object();
        json::object& first = content.begin()->value().as_object();
        if (Result<json::value> schema = parse_json(route.schema); schema)
            first["schema"] = *std::move(schema);
        success["content"] = std::move(content);
    }
    row["responses"] = json::object{{"2XX", std::move(success)},
                                    {"default", ref("#/components/responses/Problem")}};
    return row;
}

json::object problem_schema() {
    const json::object text{{"type", "string"}};
    const json::object number{{"type", "integer"}};
    const json::object place{{"type", "object"},
                             {"properties", json::object{{"file", text},
                                                         {"line", number},
                                                         {"column", number},
                                                         {"path", text},
                                                         {"problem", text},
                                                         {"fix", text}}}};
    const json::array codes{"invalid", "not_found",   "conflict", "denied",  "too_large",
                            "refused", "unavailable", "corrupt",  "internal"};
    return {{"type", "object"},
            {"required", json::array{"type", "title", "status", "detail", "code"}},
            {"properties",
             json::object{{"type", text},
                          {"title", text},
                          {"status", number},
                          {"detail", text},
                          {"instance", text},
                          {"code", json::object{{"type", "string"}, {"enum", codes}}},
                          {"fix", text},
                          {"errors", json::object{{"type", "array"}, {"items", place}}}}}};
}

json::object components() {
    json::object problem{
        {"description", "RFC 9457 problem"},
        {"content",
         json::object{{kProblem, json::object{{"schema", ref("#/components/schemas/Problem")}}}}}};
    return {{"securitySchemes",
             json::object{{"bearer", json::object{{"type", "http"}, {"scheme", "bearer"}}}}},
            {"schemas", json::object{{"Problem", problem_schema()}}},
            {"responses", json::object{{"Problem", std::move(problem)}}}};
}

}  // namespace

json::value Router::openapi(std::string_view server_url) const {
    json::object paths;
    for (const Route& route : routes()) {
        json::value& item = paths[openapi_path(route.path)];
        if (!item.is_object()) item = json::object();
        item.as_object()[to_lower_ascii(name_of(route.method))] = operation(route);
    }
    json::object document{
        {"openapi", "3.1.0"},
        {"info", json::object{{"title", "Nguồn"},
                              {"version", "1"},
                              {"description", "The HTTP interface of a node of Nguồn."}}}};
    if (!server_url.empty()) {
        document["servers"] = json::array{json::object{{"url", server_url}}};
    }
    document["paths"] = std::move(paths);
    document["components"] = components();
    return document;
}

}  // namespace nguon::http
