#include "http/server.h"

#include <fstream>

#include "http/internal/test_server.h"

namespace nguon::http {
namespace {

constexpr std::string_view kGet = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

TEST_F(ServerTest, AnswersWithTheHeadersThatAreAlwaysThere) {
    start();
    RawClient client(m_public);
    const std::string answer = client.ask(kGet);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nhello")) << answer;
    for (const char* part :
         {"Date: ", "Server: nguon", "X-Request-Id: ", "Content-Type: text/plain",
          "X-Content-Type-Options: nosniff", "Cache-Control: no-store"}) {
        EXPECT_NE(answer.find(part), std::string::npos) << part;
    }
}

TEST_F(ServerTest, KeepsTheConnectionAndTakesRequestsInARow) {
    start();
    RawClient client(m_public);
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(client.ask(kGet).ends_with("hello"));
    EXPECT_TRUE(client.ask("GET /inline HTTP/1.1\r\nHost: h\r\n\r\n").ends_with("inline"));
    const std::string last =
        client.ask("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_NE(last.find("Connection: close"), std::string::npos);
    EXPECT_TRUE(client.ended());
}

// Goal: pipelined requests are answered in order and cost no stack. Method: 20,000 at once.
TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
    start();
    RawClient client(m_public);
    constexpr int kMany = 20'000;
    std::string all;
    for (int i = 0; i < kMany; ++i)
        all += "GET /inline HTTP/1.1\r\nHost: h\r\n\r\n";
    auto sending =
        std::async(std::launch::async, [&] { return client.send(all) && client.send(kGet); });
    for (int i = 0; i < kMany; ++i)
        ASSERT_TRUE(client.answer().ends_with("inline")) << i;
    EXPECT_TRUE(client.answer().ends_with("hello"));
    EXPECT_TRUE(sending.get());
}

TEST_F(ServerTest, TakesRequestIdsThatAreSafeAndMakesOthers) {
    start();
    RawClient client(m_public);
    const auto id_for = [&](const std::string& given) {
        const std::string answer =
            client.ask("GET /hello HTTP/1.1\r\nHost: h\r\nX-Request-Id: " + given + "\r\n\r\n");
        const std::size_t at = answer.find("X-Request-Id: ") + 14;
        return answer.substr(at, answer.find("\r\n", at) - at);
    };
    EXPECT_EQ(id_for("abc-1.2_3"), "abc-1.2_3");
    EXPECT_EQ(id_for("a b").size(), 26u);
    EXPECT_EQ(id_for("<script>").size(), 26u);
    EXPECT_EQ(id_for(std::string(65, 'a')).size(), 26u);
    EXPECT_NE(id_for(""), id_for(""));
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
    start();
    RawClient client(m_public);
    client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    client.send(kGet);
    EXPECT_NE(client.read_to("\r\n\r\n").find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_TRUE(client.answer().starts_with("HTTP/1.1 200"));  // the next answer follows at once
}

TEST_F(ServerTest, AnswersHttp10) {
    start();
    RawClient client(m_public);
    EXPECT_TRUE(
        client.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").ends_with("hello"));
    EXPECT_TRUE(client.ask("GET /hello HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 200"));
    EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, ProblemsSpeakTheLanguageAskedFor) {
    start();
    RawClient client(m_public);
    const auto ask = [&](std::string_view header) {
        return client.ask("GET /no HTTP/1.1\r\nHost: h\r\n" + std::string(header) + "\r\n");
    };
    EXPECT_NE(ask("Accept-Language: vi-VN,en;q=0.5\r\n").find("Content-Language: vi"),
              std::string::npos);
    EXPECT_NE(ask("").find("Content-Language: en"), std::string::npos);
    EXPECT_NE(ask("").find("HTTP/1.1 404 Not Found"), std::string::npos);
}

// Goal: the token opens the internal listener and never the public one.
TEST_F(ServerTest, TokenAndListenerDecide) {
    Route row{Method::kGet, "/admin", Access::kAdministrator, "Test."};
    row.handler = [](Request&) -> Result<Response> { return text("secret"); };
    m_router.add(row);
    start();
    const auto status = [](const std::string& address, std::string_view header) {
        RawClient client(address);
        return client.ask("GET /admin HTTP/1.1\r\nHost: h\r\n" + std::string(header) + "\r\n")
            .substr(9, 3);
    };
    const std::string good = std::string("Authorization: bearer ") + kToken + "\r\n";
    EXPECT_EQ(status(m_internal, good), "200");
    EXPECT_EQ(status(m_internal, ""), "401");
    EXPECT_EQ(status(m_internal, "Authorization: Bearer wrong\r\n"), "401");
    EXPECT_EQ(status(m_internal, std::string("Authorization: Basic ") + kToken + "\r\n"), "401");
    EXPECT_EQ(status(m_internal, "Authorization: Bearer \r\n"), "401");
    EXPECT_EQ(status(m_public, good), "403");
    EXPECT_EQ(status(m_public, "Authorization: Bearer \r\n"), "403");
}

TEST_F(ServerTest, SmallBodiesStayInMemoryAndLargeOnesAreSpooledAndRemoved) {
    std::promise<std::pair<std::size_t, std::size_t>> seen;
    add(Method::kPost, "/look", [&](Request& request) {
        const std::size_t file =
            request.body.file ? std::filesystem::file_size(request.body.file->path()) : 0;
        seen.set_value({request.body.bytes.size(), file});
        return text("ok");
    });
    start();
    for (const std::size_t size :
         {std::size_t{1} << 20, (std::size_t{1} << 20) + 1, std::size_t{5'000'000}}) {
        seen = {};
        RawClient client(m_public);
        client.send("POST /look HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) +
                    "\r\nConnection: close\r\n\r\n");
        client.send(std::string(size, 'x'));
        EXPECT_TRUE(client.read_to_end().ends_with("ok"));
        const auto [memory, file] = seen.get_future().get();
        EXPECT_EQ(memory, size > (1u << 20) ? 0 : size);
        EXPECT_EQ(file, size > (1u << 20) ? size : 0);
    }
    m_server->stop();
    EXPECT_EQ(spooled(), 0u);
}

TEST_F(ServerTest, SpoolsChunkedBodiesToo) {
    start();
    RawClient client(m_public);
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    std::string body;
    for (int i = 0; i < 200; ++i) {
        const std::string part(10'000, static_cast<char>('a' + i % 26));
        client.send("2710\r\n" + part + "\r\n");
        body += part;
    }
    const std::string answer = client.ask("0\r\n\r\n");
    EXPECT_EQ(answer.substr(answer.find("\r\n\r\n") + 4), body);
}

TEST_F(ServerTest, ASpooledBodyOfAClientThatGoesAwayIsRemoved) {
    start();
    {
        RawClient client(m_public);
        client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000\r\n\r\n");
        client.send(std::string(4'000'000, 'x'));
    }
    m_server->stop();
    EXPECT_EQ(spooled(), 0u);
}

TEST_F(ServerTest, AsksForTheBodyThatWaitsForIt) {
    start();
    RawClient client(m_public);
    client.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_TRUE(client.ask("abc").ends_with("abc"));
    // A refusal comes instead of 100, and before the body.
    EXPECT_TRUE(client
                    .ask("POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
                         "Expect: 100-continue\r\n\r\n")
                    .starts_with("HTTP/1.1 404"));
}

TEST_F(ServerTest, SendsFilesAndPartsOfThem) {
    const auto path = m_folder / "segment";
    std::string content;
    for (int i = 0; i < 100'000; ++i)
        content += std::to_string(i) + ",";
    std::ofstream(path, std::ios::binary) << content;
    add(Method::kGet, "/file", [&](Request&) {
        Response answer;
        answer.file = std::make_shared<BodyFile>(path, false);
        answer.headers.set("ETag", "\"abc\"");
        answer.ranges = true;
        return answer;
    });
    start();
    RawClient client(m_public);
    const auto ask = [&](std::string_view headers) {
        return client.ask("GET /file HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n");
    };
    const auto body_of = [](const std::string& answer) {
        return answer.substr(answer.find("\r\n\r\n") + 4);
    };
    EXPECT_EQ(body_of(ask("")), content);
    const std::string part = ask("Range: bytes=300000-300009\r\n");
    EXPECT_TRUE(part.starts_with("HTTP/1.1 206"));
    EXPECT_EQ(body_of(part), content.substr(300'000, 10));
    EXPECT_NE(part.find("Content-Range: bytes 300000-300009/" + std::to_string(content.size())),
              std::string::npos);
    EXPECT_EQ(body_of(ask("Range: bytes=-7\r\n")), content.substr(content.size() - 7));
    const std::string past = ask("Range: bytes=99999999-\r\n");
    EXPECT_TRUE(past.starts_with("HTTP/1.1 416")) << past;
    EXPECT_NE(past.find("Content-Range: bytes */" + std::to_string(content.size())),
              std::string::npos);
    EXPECT_EQ(body_of(ask("Range: bytes=0-4\r\nIf-Range: \"abc\"\r\n")).size(), 5u);
    EXPECT_EQ(body_of(ask("Range: bytes=0-4\r\nIf-Range: \"other\"\r\n")).size(), content.size());
    EXPECT_TRUE(ask("If-None-Match: \"abc\"\r\n").starts_with("HTTP/1.1 304"));
    EXPECT_TRUE(std::filesystem::exists(path));
}

// Goal: full means 503 at once, never a queue without end. Method: one thread held, one place
// taken.
TEST_F(ServerTest, AFullPoolIs503WithRetryAfter) {
    std::promise<void> entered, leave;
    auto left = leave.get_future().share();
    std::atomic<int> calls{0};
    add(Method::kGet, "/slow", [&](Request&) {
        if (calls++ == 0) entered.set_value();
        left.wait();
        return text("slow");
    });
    m_options.handler_threads = 1;
    m_options.max_queued = 1;
    start();
    constexpr std::string_view kSlow = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";
    RawClient first(m_public), second(m_public), third(m_public);
    first.send(kSlow);
    entered.get_future().wait();
    second.send(kSlow);
    // The second is queued once the queue says so.
    while (m_server->metrics().find("nguon_http_queue_length 1") == std::string::npos) {
        std::this_thread::yield();
    }
    const std::string answer = third.ask(kSlow);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
    EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
    EXPECT_TRUE(third.ask("GET /inline HTTP/1.1\r\nHost: h\r\n\r\n").ends_with("inline"));
    leave.set_value();
    EXPECT_TRUE(first.answer().ends_with("slow"));
    EXPECT_TRUE(second.answer().ends_with("slow"));
    EXPECT_NE(m_server->metrics().find("rejected_total{reason=\"queue_full\"} 1"),
              std::string::npos);
}

// Goal: reading never waits for a load. Method: every thread for long handlers is busy and their
// queue is full; a short one answers.
TEST_F(ServerTest, ShortHandlersDoNotWaitForLongOnes) {
    std::promise<void> leave;
    auto left = leave.get_future().share();
    add(
        Method::kGet, "/long",
        [&](Request&) {
            left.wait();
            return text("long");
        },
        Runs::kLong);
    m_options.handler_threads = 1;
    m_options.max_queued = 1;
    start();
    constexpr std::string_view kLong = "GET /long HTTP/1.1\r\nHost: h\r\n\r\n";
    RawClient first(m_public), second(m_public), third(m_public), reader(m_public);
    first.send(kLong);
    second.send(kLong);
    while (m_server->metrics().find("nguon_http_queue_length 1") == std::string::npos)
        std::this_thread::yield();
    EXPECT_TRUE(third.ask(kLong).starts_with("HTTP/1.1 503"));
    EXPECT_TRUE(reader.ask(kGet).ends_with("hello"));
    leave.set_value();
    EXPECT_TRUE(first.answer().ends_with("long"));
    EXPECT_TRUE(second.answer().ends_with("long"));
}

TEST_F(ServerTest, ConnectionsPastTheLimitAreTurnedAway) {
    m_options.max_connections = 1;
    start();
    RawClient first(m_public);
    EXPECT_TRUE(first.ask(kGet).ends_with("hello"));
    RawClient second(m_public);
    EXPECT_TRUE(second.answer().starts_with("HTTP/1.1 503"));
    EXPECT_TRUE(first.ask(kGet).ends_with("hello"));
}

// Goal: what was accepted before stop() is answered, and nothing is accepted after.
TEST_F(ServerTest, StopFinishesWhatWasAcceptedAndClosesTheRest) {
    std::promise<void> entered, leave;
    auto left = leave.get_future().share();
    add(Method::kGet, "/slow", [&](Request&) {
        entered.set_value();
        left.wait();
        return text("slow");
    });
    start();
    RawClient idle(m_public), busy(m_public);
    idle.ask(kGet);
    busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    entered.get_future().wait();
    auto stopping = std::async(std::launch::async, [&] { m_server->stop(); });
    EXPECT_TRUE(idle.ended());
    EXPECT_FALSE(RawClient(m_public).connected());
    leave.set_value();
    const std::string answer = busy.answer();
    EXPECT_TRUE(answer.ends_with("slow"));
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    EXPECT_TRUE(busy.ended());
    stopping.get();
    m_server->stop();  // twice is safe
}

TEST_F(ServerTest, StopCancelsWhatIsNotDoneInTime) {
    std::promise<void> entered;
    add(Method::kGet, "/endless", [&](Request& request) {
        entered.set_value();
        while (!request.cancelled())
            std::this_thread::yield();
        return text("late");
    });
    m_options.stop_timeout = std::chrono::seconds(0);
    start();
    RawClient client(m_public);
    client.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n");
    entered.get_future().wait();
    m_server->stop();
    EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ServerTest, CancelledTurnsTrueWhenTheClientGoesAway) {
    std::promise<void> entered, saw;
    add(Method::kGet, "/endless", [&](Request& request) {
        entered.set_value();
        while (!request.cancelled())
            std::this_thread::yield();
        saw.set_value();
        return text("late");
    });
    start();
    RawClient client(m_public);
    client.send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n");
    entered.get_future().wait();
    client.close();
    EXPECT_EQ(saw.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(ServerTest, ABusyPortIsUnavailableAndNamed) {
    start();
    ServerOptions other = m_options;
    other.listeners = {{"public", m_public, ""}};
    const auto second = Server::start(other, m_router);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, Code::kUnavailable);
    EXPECT_NE(second.error().detail.en.find(m_public), std::string::npos);
    other.listeners = {{"other", "127.0.0.1:0", ""}};
    EXPECT_EQ(Server::start(other, m_router).error().code, Code::kInvalid);
}

// Goal: logs and metrics name the template; a key of a person is in neither.
TEST_F(ServerTest, LogsAndMetricsNeverHoldThePath) {
    add(Method::kGet, "/d/{dataset}/rows/{key}", [](Request&) { return text("row"); });
    start();
    RawClient client(m_public);
    client.ask("GET /d/p/rows/079201000001?name=Lan HTTP/1.1\r\nHost: h\r\n\r\n");
    client.ask("GET /unknown/079201000001 HTTP/1.1\r\nHost: h\r\n\r\n");
    client.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");  // the line of the last but one is
                                                           // written by now
    const std::string seen = m_log.text() + m_server->metrics();
    EXPECT_EQ(seen.find("0792"), std::string::npos);
    EXPECT_EQ(seen.find("Lan"), std::string::npos);
    EXPECT_NE(seen.find("listener=public method=GET route=/d/{dataset}/rows/{key} status=200"),
              std::string::npos)
        << seen;
    EXPECT_NE(
        seen.find(
            R"(nguon_http_requests_total{method="GET",route="/d/{dataset}/rows/{key}",status="200"} 1)"),
        std::string::npos);
    EXPECT_NE(seen.find(R"(nguon_http_requests_total{method="",route="",status="404"} 1)"),
              std::string::npos);
    EXPECT_NE(seen.find(R"(nguon_http_connections{listener="public"} 1)"), std::string::npos);
    EXPECT_NE(seen.find("le=\"+Inf\"} 1"), std::string::npos);
}

TEST_F(ServerTest, ServesFromSeveralThreads) {
    m_options.io_threads = 3;
    start();
    std::vector<std::future<bool>> clients;
    for (int i = 0; i < 8; ++i) {
        clients.push_back(std::async(std::launch::async, [&] {
            RawClient client(m_public);
            for (int k = 0; k < 50; ++k) {
                if (!client.ask(kGet).ends_with("hello")) return false;
            }
            return true;
        }));
    }
    for (auto& client : clients)
        EXPECT_TRUE(client.get());
}

}  // namespace
}  // namespace nguon::http
