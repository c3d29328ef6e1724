// What a hostile or slow client sends, as bytes on a real socket.
#include <chrono>

#include "http/internal/test_server.h"

namespace nguon::http {
namespace {

class ServerLimitsTest : public ServerTest {
protected:
    // The status of the answer, and whether the connection was closed after it.
    std::string ask(std::string_view bytes) {
        RawClient client(m_public);
        client.send(bytes);
        const std::string answer = client.read_to_end();
        return answer.size() < 12 ? answer : answer.substr(9, 3);
    }
};

// Goal: two readers can never disagree about where a request ends. Method: each trick known from
// request smuggling, with a second request behind it that must not be answered.
TEST_F(ServerLimitsTest, AmbiguousRequestsAreRefusedAndTheConnectionIsClosed) {
    start();
    const std::string next = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
    const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\n";
    for (const std::string& head : {
             post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
             post + "Content-Length: 0\r\nContent-Length: 4\r\n\r\n",
             post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
             post + "Content-Length: 4, 4\r\n\r\nabcd",
             post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
             post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
             post + "Transfer-Encoding:\x0b"
                    "chunked\r\n\r\n0\r\n\r\n",
             post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
             post + "X: y\r\n Content-Length: 4\r\n\r\nabcd",
             post + "Transfer-Encoding: chunked\r\n\r\n4x\r\nabcd\r\n0\r\n\r\n",
             std::string("GET /hello HTTP/1.1\r\n\r\n"),
             std::string("GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
             std::string("GET /hello HTTP/1.1\r\nHost: a\r\nFoo\r\n\r\n"),
             std::string("GET /hello/../hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
             std::string("GET hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
             std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n",
         }) {
        RawClient client(m_public);
        client.send(head + next);
        const std::string answer = client.read_to_end();
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << head << answer;
        EXPECT_EQ(answer.find("hello", answer.find("\r\n\r\n")), std::string::npos) << head;
        EXPECT_NE(answer.find("application/problem+json"), std::string::npos);
    }
    EXPECT_NE(m_server->metrics().find("reason=\"bad_message\"} 15"), std::string::npos);
}

TEST_F(ServerLimitsTest, AHeadOverTheLimitIs431) {
    m_options.max_header_bytes = 4096;
    start();
    const std::string start_line = "GET /hello HTTP/1.1\r\nHost: h\r\n";
    EXPECT_EQ(ask(start_line + "Connection: close\r\nX: " + std::string(3000, 'a') + "\r\n\r\n"),
              "200");
    EXPECT_EQ(ask(start_line + "X: " + std::string(9000, 'a') + "\r\n\r\n"), "431");
    EXPECT_EQ(ask("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n"), "431");
    std::string many = start_line;
    for (int i = 0; i < 90; ++i)
        many += "X: " + std::string(60, 'a') + "\r\n";
    EXPECT_EQ(ask(many + "\r\n"), "431");
    EXPECT_EQ(ask(std::string(100'000, 'a')), "431");
}

TEST_F(ServerLimitsTest, ABodyOverTheLimitIs413) {
    m_options.max_body_bytes = 1000;
    start();
    const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n";
    EXPECT_EQ(ask(post + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'a')), "200");
    EXPECT_EQ(ask(post + "Content-Length: 1001\r\n\r\n"), "413");  // without waiting for the body
    EXPECT_EQ(
        ask(post + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'a') + "\r\n"),
        "413");
}

// Goal: each route has a limit of its own, told before the body is read. Method: heads alone, and
// chunks that never end.
TEST_F(ServerLimitsTest, EachRouteHasItsOwnLimitOfABody) {
    m_router.add({Method::kPost,
                  "/json",
                  Access::kAnyone,
                  "test",
                  [](Request&) { return text("ok"); },
                  {},
                  "application/json"});
    m_router.add(
        {Method::kPost, "/bare", Access::kAnyone, "test", [](Request&) { return text("ok"); }});
    m_router.add({Method::kPost,
                  "/few",
                  Access::kAnyone,
                  "test",
                  [](Request&) { return text("ok"); },
                  {},
                  "application/json",
                  "text/plain",
                  Runs::kOnPool,
                  10});
    start();
    const auto head = [](const std::string& path, std::uint64_t length) {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " +
               std::to_string(length) + "\r\n\r\n";
    };
    EXPECT_EQ(ask(head("/json", kMostJsonBody + 1)), "413");
    EXPECT_EQ(ask(head("/bare", kMostNoBody + 1)), "413");
    EXPECT_EQ(ask(head("/few", 11)), "413");
    EXPECT_EQ(ask(head("/few", 10) + std::string(10, 'a')), "200");
    EXPECT_EQ(ask(head("/bare", 5) + "hello"), "200");
    EXPECT_EQ(ask("GET /hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n30d40\r\n" +
                  std::string(100'000, 'a')),
              "413");
}

// Goal: a client that is refused while it still sends gets to read why. Method: 20 MB to a path
// that is not there; without lingering the kernel would reset the connection.
TEST_F(ServerLimitsTest, ARefusalReachesAClientThatIsStillSending) {
    start();
    RawClient client(m_public);
    client.send("POST /no HTTP/1.1\r\nHost: h\r\nContent-Length: 20000000\r\n\r\n");
    const std::string part(1'000'000, 'x');
    for (int i = 0; i < 20; ++i) {
        if (!client.send(part)) break;
    }
    EXPECT_TRUE(client.answer().starts_with("HTTP/1.1 404"));
}

TEST_F(ServerLimitsTest, ALineBetweenChunksHasALimit) {
    start();
    EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;x=" +
                  std::string(100'000, 'a')),
              "400");
}

TEST_F(ServerLimitsTest, SlowClientsAreToldAndDropped) {
    m_options.header_timeout = std::chrono::seconds(1);
    m_options.idle_timeout = std::chrono::seconds(1);
    start();
    RawClient silent(m_public), head(m_public), body(m_public), idle(m_public);
    head.send("GET /hel");
    body.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
    idle.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(silent.read_to_end(), "");
    EXPECT_TRUE(head.read_to_end().starts_with("HTTP/1.1 408"));
    EXPECT_TRUE(body.read_to_end().starts_with("HTTP/1.1 408"));
    EXPECT_EQ(idle.read_to_end(), "");
    EXPECT_NE(m_server->metrics().find("reason=\"timeout\"} 2"), std::string::npos);
}

// Goal: a client that never reads holds no memory for ever. Method: an answer larger than what
// sockets buffer, and nobody who takes it.
TEST_F(ServerLimitsTest, AClientThatDoesNotReadIsDropped) {
    add(Method::kGet, "/large", [](Request&) { return text(std::string(50'000'000, 'x')); });
    m_options.idle_timeout = std::chrono::seconds(1);
    start();
    RawClient client(m_public);
    client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    const auto closed = [&] {
        return m_server->metrics().find("connections{listener=\"public\"} 0") != std::string::npos;
    };
    client.read_bytes(1);
    while (!closed() && std::chrono::steady_clock::now() < limit)
        std::this_thread::yield();
    EXPECT_LT(client.read_to_end().size(), 50'000'000u);
    EXPECT_NE(m_log.text().find("route=/large status=200"),
              std::string::npos);  // cut off, but logged
}

}  // namespace
}  // namespace nguon::http
