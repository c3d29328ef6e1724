#include "http/client.h"

#include <fstream>

#include "http/internal/test_server.h"

namespace nguon::http {
namespace {

class ClientTest : public ServerTest {
protected:
    std::unique_ptr<Target> target(const std::string& address, std::string token = kToken) {
        return connect({address, std::move(token), m_folder / "answers"}).value();
    }
    Request request(Method method, std::string path) {
        Request made;
        made.method = method;
        made.path = std::move(path);
        return made;
    }
    static std::string content(const std::filesystem::path& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
};

TEST_F(ClientTest, SendsTokenQueryIdAndLanguage) {
    Route row{Method::kGet, "/admin/{key}", Access::kAdministrator, "Test."};
    row.handler = [](Request& seen) -> Result<Response> {
        return text(std::string(seen.parameter("key")) + "|" +
                    seen.query_value("a b").value_or("?") + "|" + seen.id +
                    (seen.language == Language::kVietnamese ? "|vi" : "|en"));
    };
    m_router.add(row);
    start();
    auto node = target(m_internal);
    Request asked = request(Method::kGet, "/admin/x%2Cy");
    asked.query = {{"a b", "1&ệ"}};
    asked.id = "my-id";
    asked.language = Language::kVietnamese;
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(node->send(asked).value().body, "x,y|1&ệ|my-id|vi");
    Request again = request(Method::kGet, "/admin/k");
    const Response refused = target(m_internal, "bad")->send(again).value();
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(error_of(refused).code, Code::kDenied);
}

// Goal: large bodies go both ways through files. Method: 5 MB, compared byte by byte.
TEST_F(ClientTest, FileBodiesGoThereAndComeBack) {
    start();
    std::string bytes;
    for (std::int64_t i = 0; bytes.size() < 5'000'000; ++i)
        bytes += std::to_string(i * 7919) + "\n";
    const auto path = m_folder / "upload.csv";
    std::ofstream(path, std::ios::binary) << bytes;
    auto node = target(m_public);
    Request asked = request(Method::kPost, "/echo");
    asked.body.file = std::make_shared<BodyFile>(path, false);
    const Response answer = node->send(asked).value();
    EXPECT_EQ(answer.status, 200);
    ASSERT_TRUE(answer.file);
    EXPECT_EQ(content(answer.file->path()), bytes);
    Request small = request(Method::kPost, "/echo");
    small.body.bytes = "abc";
    EXPECT_EQ(node->send(small).value().body, "abc");  // on the same connection
}

TEST_F(ClientTest, ReadsTheRefusalOfALongBody) {
    m_options.max_body_bytes = 1000;
    start();
    const auto path = m_folder / "upload.csv";
    std::ofstream(path, std::ios::binary) << std::string(30'000'000, 'x');
    auto node = target(m_public);
    Request asked = request(Method::kPost, "/echo");
    asked.body.file = std::make_shared<BodyFile>(path, false);
    EXPECT_EQ(node->send(asked).value().status, 413);
    Request next = request(Method::kGet, "/hello");
    EXPECT_EQ(node->send(next).value().body, "hello");
}

TEST_F(ClientTest, ConnectsAgainWhenTheNodeClosedMeanwhile) {
    add(Method::kGet, "/bye", [](Request&) { return text("bye"); });
    m_options.idle_timeout = std::chrono::seconds(1);
    start();
    auto node = target(m_public);
    Request asked = request(Method::kGet, "/hello");
    EXPECT_EQ(node->send(asked).value().body, "hello");
    while (m_server->metrics().find("connections{listener=\"public\"} 0") == std::string::npos) {
        std::this_thread::yield();
    }
    EXPECT_EQ(node->send(asked).value().body, "hello");
}

TEST_F(ClientTest, NobodyThereIsUnavailable) {
    start();
    auto node = target(m_public);
    m_server->stop();
    Request asked = request(Method::kGet, "/hello");
    EXPECT_EQ(node->send(asked).error().code, Code::kUnavailable);
    EXPECT_EQ(connect({"nonsense", "", {}}).error().code, Code::kInvalid);
}

// Goal: a node that takes the connection and says nothing is given up. Method: a socket that
// listens and never answers, as a stopped process does.
TEST_F(ClientTest, ASilentNodeIsGivenUp) {
    const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&at), size), 0);
    ASSERT_EQ(::listen(silent, 1), 0);
    ASSERT_EQ(::getsockname(silent, reinterpret_cast<sockaddr*>(&at), &size), 0);
    ClientOptions options;
    options.address = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
    options.read_timeout = options.event_timeout = std::chrono::seconds(1);
    auto node = connect(options).value();
    Request asked = request(Method::kGet, "/hello");
    const auto answer = node->send(asked);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kUnavailable);
    Request events = request(Method::kPost, "/hello");
    events.progress = [](const Progress&) {};
    EXPECT_EQ(node->send(events).error().code, Code::kUnavailable);
    ::close(silent);
}

// Goal: progress arrives while the handler still works, then the result with its status and
// headers. Method: the handler goes on only after its first step was seen by the client.
TEST_F(ClientTest, ProgressComesAsEventsThenTheResult) {
    std::promise<void> seen;
    auto saw = seen.get_future().share();
    add(Method::kPost, "/load", [&](Request& asked) {
        asked.progress({"read", 1, 10});
        saw.wait();
        for (std::uint64_t i = 0; i < 100'000; ++i)
            asked.progress({"check", i, 0});
        Response answer = Response::json(201, json::object{{"batch", "b1"}, {"text", "a\nb"}});
        answer.headers.set("Location", "/b/b1");
        return answer;
    });
    start();
    auto node = target(m_public);
    std::vector<std::string> steps;
    for (int round = 0; round < 2; ++round) {
        Request asked = request(Method::kPost, "/load");
        asked.progress = [&](const Progress& progress) {
            if (steps.empty()) {
                EXPECT_EQ(progress.total, 10u);
                seen.set_value();
            }
            steps.push_back(progress.step);
        };
        const Response answer = node->send(asked).value();
        EXPECT_EQ(answer.status, 201);
        EXPECT_EQ(answer.body, R"({"batch":"b1","text":"a\nb"})");
        EXPECT_EQ(answer.headers.get("Location"), "/b/b1");
    }
    EXPECT_EQ(steps.front(), "read");
    EXPECT_GE(steps.size(), 4u);    // both steps in both rounds
    EXPECT_LT(steps.size(), 100u);  // ten a second, not 200,000
}

TEST_F(ClientTest, RefusalsAreNoEventStream) {
    start();
    auto node = target(m_public);
    Request asked = request(Method::kPost, "/no");
    asked.progress = [](const Progress&) {};
    EXPECT_EQ(node->send(asked).value().status, 404);
}

TEST_F(ClientTest, LargeResultsComeThroughTheStreamToo) {
    add(Method::kPost, "/large", [](Request&) {
        json::array rows;
        for (int i = 0; i < 200'000; ++i)
            rows.emplace_back("row " + std::to_string(i));
        return Response::json(200, rows);
    });
    start();
    auto node = target(m_public);
    Request asked = request(Method::kPost, "/large");
    asked.progress = [](const Progress&) {};
    const Response answer = node->send(asked).value();
    EXPECT_GT(answer.body.size(), 2'000'000u);
    EXPECT_TRUE(answer.body.ends_with("\"row 199999\"]"));
}

TEST_F(ClientTest, CancellingTellsTheHandler) {
    std::promise<void> saw;
    add(Method::kPost, "/endless", [&](Request& asked) {
        asked.progress({"read", 0, 0});
        while (!asked.cancelled())
            std::this_thread::yield();
        saw.set_value();
        return text("late");
    });
    start();
    auto node = target(m_public);
    Request asked = request(Method::kPost, "/endless");
    bool cancel = false;
    asked.progress = [&](const Progress&) { cancel = true; };
    asked.cancelled = [&] { return cancel; };
    EXPECT_EQ(node->send(asked).error().code, Code::kUnavailable);
    EXPECT_EQ(saw.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(ClientTest, HeadHasNoBodyAndTheConnectionGoesOn) {
    start();
    auto node = target(m_public);
    Request head = request(Method::kHead, "/hello");
    const Response answer = node->send(head).value();
    EXPECT_EQ(answer.headers.get("Content-Length"), "5");
    EXPECT_EQ(answer.body, "");
    Request get = request(Method::kGet, "/hello");
    EXPECT_EQ(node->send(get).value().body, "hello");
}

TEST_F(ClientTest, InProcessIsTheAdministratorOnTheInternalListener) {
    Route row{Method::kGet, "/admin", Access::kAdministrator, "Test."};
    row.handler = [](Request& seen) -> Result<Response> { return text(seen.id); };
    m_router.add(row);
    Request asked = request(Method::kGet, "/admin");
    const Response answer = in_process(m_router)->send(asked).value();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.size(), 26u);
}

}  // namespace
}  // namespace nguon::http
