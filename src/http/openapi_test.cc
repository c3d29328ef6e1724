#include <gtest/gtest.h>

#include <set>

#include "http/router.h"

namespace nguon::http {
namespace {

Router table() {
    Router router;
    const auto add = [&](Method method, std::string path, Access access) {
        router.add({method,
                    std::move(path),
                    access,
                    "What it does.",
                    [](Request&) -> Result<Response> { return Response{}; },
                    {{"limit", "Rows at most."}},
                    method == Method::kPost ? "text/csv" : "",
                    "application/json"});
    };
    add(Method::kGet, "/api/v1/datasets/{dataset}/rows/{key}", Access::kOpenData);
    add(Method::kPut, "/api/v1/datasets/{dataset}/rows/{key}", Access::kAdministrator);
    add(Method::kPost, "/api/v1/datasets/{dataset}/batches", Access::kAdministrator);
    add(Method::kGet, "/files/{rest...}", Access::kAnyone);
    add(Method::kGet, "/metrics", Access::kInternal);
    return router;
}

// Goal: the document cannot leave a route out. Method: every row of the table is looked up in it.
TEST(OpenApi, HasEveryRouteWithSummarySecurityAndDeclaredParameters) {
    const Router router = table();
    const json::object document = router.openapi("http://127.0.0.1:8080").as_object();
    EXPECT_EQ(document.at("openapi"), "3.1.0");
    EXPECT_TRUE(document.at("info").as_object().contains("version"));
    const json::object& paths = document.at("paths").as_object();
    std::set<std::string> ids;
    for (const Route& route : router.routes()) {
        std::string path = route.path;
        if (const auto dots = path.find("..."); dots != std::string::npos) path.erase(dots, 3);
        ASSERT_TRUE(paths.contains(path)) << path;
        const json::object& item = paths.at(path).as_object();
        const std::string method = to_lower_ascii(name_of(route.method));
        ASSERT_TRUE(item.contains(method)) << path;
        const json::object& operation = item.at(method).as_object();
        EXPECT_FALSE(operation.at("summary").as_string().empty());
        EXPECT_TRUE(operation.at("security").is_array());
        EXPECT_TRUE(operation.at("responses").as_object().contains("2XX"));
        EXPECT_TRUE(ids.insert(std::string(operation.at("operationId").as_string())).second);
        // Each `{name}` of a path needs a parameter with `required: true`.
        std::size_t braces = 0;
        for (const char c : path)
            braces += c == '{' ? 1 : 0;
        for (const json::value& parameter : operation.at("parameters").as_array()) {
            const bool in_path = parameter.as_object().at("in") == "path";
            EXPECT_EQ(parameter.as_object().at("required").as_bool(), in_path);
            if (!in_path) continue;
            --braces;
            const std::string name(parameter.as_object().at("name").as_string());
            EXPECT_NE(path.find("{" + name + "}"), std::string::npos);
        }
        EXPECT_EQ(braces, 0u) << path;
    }
}

TEST(OpenApi, SaysWhereATokenIsNeeded) {
    const json::value document = table().openapi("");
    const auto security = [&](std::string_view path, std::string_view method) {
        return document.at("paths").at(path).at(method).at("security").as_array();
    };
    EXPECT_EQ(security("/api/v1/datasets/{dataset}/rows/{key}", "get").size(), 2u);  // {} or bearer
    EXPECT_EQ(security("/api/v1/datasets/{dataset}/rows/{key}", "put").size(), 1u);
    EXPECT_TRUE(security("/files/{rest}", "get").empty());
    EXPECT_TRUE(document.at("components").at("securitySchemes").as_object().contains("bearer"));
    EXPECT_FALSE(document.as_object().contains("servers"));
}

TEST(OpenApi, NamesTheBodyThatIsTaken) {
    const json::value document = table().openapi("");
    const json::value& body =
        document.at("paths").at("/api/v1/datasets/{dataset}/batches").at("post").at("requestBody");
    EXPECT_TRUE(body.at("content").as_object().contains("text/csv"));
}

TEST(OpenApi, NamesHeadersAndTheShapeOfTheAnswer) {
    Router router;
    router.add({Method::kGet,
                "/part",
                Access::kAnyone,
                "A part.",
                [](Request&) -> Result<Response> { return Response{}; },
                {{"Range", "which part", "header"}},
                {},
                "application/json",
                Runs::kOnPool,
                0,
                R"({"type":"object"})"});
    const json::value document = router.openapi("");
    const json::value& part = document.at("paths").at("/part").at("get");
    EXPECT_EQ(part.at("parameters").at(0).at("in"), "header");
    EXPECT_EQ(
        part.at("responses").at("2XX").at("content").at("application/json").at("schema").at("type"),
        "object");
}

TEST(OpenApi, AnAnswerOfSeveralMediaTypesHasThemAllAndTheSchemaOfTheFirst) {
    Router router;
    router.add({Method::kGet,
                "/rows",
                Access::kAnyone,
                "Rows.",
                [](Request&) -> Result<Response> { return Response{}; },
                {},
                {},
                "application/json, text/csv",
                Runs::kOnPool,
                0,
                R"({"type":"object"})"});
    const json::value document = router.openapi("/");
    const json::object& content = document.at("paths")
                                      .at("/rows")
                                      .at("get")
                                      .at("responses")
                                      .at("2XX")
                                      .at("content")
                                      .as_object();
    EXPECT_EQ(content.size(), 2u);
    EXPECT_EQ(content.at("application/json").at("schema").at("type"), "object");
    EXPECT_TRUE(content.at("text/csv").as_object().empty());
}

}  // namespace
}  // namespace nguon::http
