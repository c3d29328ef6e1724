#include "http/router.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace nguon::http {
namespace {

Route route(Method method, std::string path, Access access = Access::kAnyone) {
    Route row{method, path, access, "Test."};
    row.handler = [path](Request& request) -> Result<Response> {
        Response answer;
        answer.body = path;
        for (const auto& [name, value] : request.parameters)
            answer.body += " " + name + "=" + value;
        for (const auto& [name, value] : request.raw_parameters)
            answer.body += " " + value;
        return answer;
    };
    return row;
}

Request ask(Method method, std::string path) {
    Request request;
    request.method = method;
    request.path = std::move(path);
    request.listener = Listener::kInternal;
    request.caller = Caller::kAdministrator;
    return request;
}

class RouterTest : public testing::Test {
protected:
    RouterTest() {
        for (const char* path : {"/", "/d/{d}", "/d/all", "/d/{d}/rows/{key}", "/d/all/rows/x",
                                 "/files/{rest...}", "/files/one"}) {
            m_router.add(route(Method::kGet, path));
        }
        m_router.add(route(Method::kPut, "/d/{name}/rows/{k}"));
    }
    std::string get(std::string path) {
        Request request = ask(Method::kGet, std::move(path));
        const Response answer = m_router.dispatch(request);
        return answer.status == 200 ? answer.body : std::to_string(answer.status);
    }
    Router m_router;
};

TEST_F(RouterTest, StaticSegmentsWinAndTheRestComesLast) {
    EXPECT_EQ(get("/"), "/");
    EXPECT_EQ(get("/d/all"), "/d/all");
    EXPECT_EQ(get("/d/a"), "/d/{d} d=a a");
    EXPECT_EQ(get("/d/all/rows/x"), "/d/all/rows/x");
    EXPECT_EQ(get("/d/all/rows/y"), "/d/{d}/rows/{key} d=all key=y all y");  // after going back
    EXPECT_EQ(get("/files/one"), "/files/one");
    EXPECT_EQ(get("/files/one/two"), "/files/{rest...} rest=one/two one/two");
    EXPECT_EQ(get("/files/"), "/files/{rest...} rest= ");
}

TEST_F(RouterTest, UnknownPathsAre404) {
    for (const char* path :
         {"/d", "/d/", "/d/a/rows", "/d/a/rows/", "/d//rows/x", "/files", "//", ""}) {
        EXPECT_EQ(get(path), "404") << path;
    }
}

// Goal: a key keeps its encoded commas for the handler and is decoded for people.
TEST_F(RouterTest, ParametersAreDecodedAndKeptRaw) {
    EXPECT_EQ(get("/d/a/rows/x%2Cy,z%2fw"), "/d/{d}/rows/{key} d=a key=x,y,z/w a x%2Cy,z%2fw");
    EXPECT_EQ(get("/d/%61ll"), "/d/all");
    for (const char* path : {"/d/%", "/d/%2", "/d/%zz", "/d/%00", "/d/%ff", "/d/%c3%28"}) {
        EXPECT_EQ(get(path), "400") << path;
    }
}

TEST_F(RouterTest, AnotherMethodIs405AndNamesThoseThatThereAre) {
    Request request = ask(Method::kDelete, "/d/a/rows/x");
    const Response answer = m_router.dispatch(request);
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.headers.get("Allow"), "GET, HEAD, PUT, OPTIONS");
    Request options = ask(Method::kOptions, "/d/a/rows/x");
    EXPECT_EQ(m_router.dispatch(options).status, 204);
    Request put = ask(Method::kPut, "/d/a/rows/x");
    EXPECT_EQ(m_router.dispatch(put).body, "/d/{name}/rows/{k} k=x name=a x a");
}

TEST_F(RouterTest, HeadIsGetWithoutTheBody) {
    Request request = ask(Method::kHead, "/d/a");
    const Response answer = m_router.dispatch(request);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.empty());
}

TEST_F(RouterTest, TemplatesHideKeys) {
    EXPECT_EQ(m_router.template_of(Method::kGet, "/d/a/rows/079201000001"), "/d/{d}/rows/{key}");
    EXPECT_EQ(m_router.template_of(Method::kPut, "/d/a/rows/1"), "/d/{name}/rows/{k}");
    EXPECT_EQ(m_router.template_of(Method::kGet, "/no"), "");
}

TEST_F(RouterTest, AddingARouteTwiceIsAProgrammersError) {
    EXPECT_DEATH(m_router.add(route(Method::kGet, "/d/{other}")), "route added twice: GET");
}

TEST_F(RouterTest, AHandlerThatThrowsIsAnInternalErrorThatTellsNothing) {
    Route row = route(Method::kGet, "/throws");
    row.handler = [](Request&) -> Result<Response> { throw std::runtime_error("Nguyễn Văn A"); };
    m_router.add(row);
    Request request = ask(Method::kGet, "/throws");
    const Response answer = m_router.dispatch(request);
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("Nguy"), std::string::npos);
    EXPECT_NE(answer.body.find("\"code\":\"internal\""), std::string::npos);
}

TEST_F(RouterTest, AFailureOfTheHandlerIsAProblem) {
    Route row = route(Method::kGet, "/fails");
    row.handler = [](Request&) -> Result<Response> {
        return fail(Code::kConflict, {"Trùng", "Taken"}, {"Đổi", "Change"});
    };
    m_router.add(row);
    Request request = ask(Method::kGet, "/fails");
    const Response answer = m_router.dispatch(request);
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.headers.get("Content-Type"), "application/problem+json");
}

// Goal: no route is reachable that should not be. Method: every access with every kind of caller.
TEST(RouterAccess, Matrix) {
    Router router;
    router.add(route(Method::kGet, "/anyone", Access::kAnyone));
    router.add(route(Method::kGet, "/open", Access::kOpenData));
    router.add(route(Method::kGet, "/internal", Access::kInternal));
    router.add(route(Method::kGet, "/admin", Access::kAdministrator));
    struct Row {
        const char* path;
        int on_public, no_token, bad_token, good_token;
    };
    for (const Row& row : {Row{"/anyone", 200, 200, 200, 200}, Row{"/open", 200, 401, 401, 200},
                           Row{"/internal", 403, 200, 200, 200}, Row{"/admin", 403, 401, 401, 200},
                           Row{"/nothing", 404, 401, 401, 404}}) {
        const auto status = [&](Listener listener, bool token, Caller caller) {
            Request request = ask(Method::kGet, row.path);
            request.listener = listener;
            request.token_given = token;
            request.caller = caller;
            const Response answer = router.dispatch(request);
            EXPECT_EQ(answer.headers.has("WWW-Authenticate"), answer.status == 401) << row.path;
            return answer.status;
        };
        EXPECT_EQ(status(Listener::kPublic, false, Caller::kPublic), row.on_public) << row.path;
        EXPECT_EQ(status(Listener::kPublic, true, Caller::kPublic), row.on_public) << row.path;
        EXPECT_EQ(status(Listener::kInternal, false, Caller::kPublic), row.no_token) << row.path;
        EXPECT_EQ(status(Listener::kInternal, true, Caller::kPublic), row.bad_token) << row.path;
        EXPECT_EQ(status(Listener::kInternal, true, Caller::kAdministrator), row.good_token)
            << row.path;
    }
}

TEST(RouterAccess, OtherMethodsAreHiddenWithoutAToken) {
    Router router;
    router.add(route(Method::kGet, "/admin", Access::kAdministrator));
    Request request = ask(Method::kPost, "/admin");
    request.caller = Caller::kPublic;
    EXPECT_EQ(router.dispatch(request).status, 401);
}

}  // namespace
}  // namespace nguon::http
