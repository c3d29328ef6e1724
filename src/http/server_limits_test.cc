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

// Goal: a client that sends just often enough is dropped all the same. Method: bytes one by one,
// which never come as fast as the least rate asks for; and a client that reads so.
TEST_F(ServerLimitsTest, ClientsThatDripAreDropped) {
    add(Method::kGet, "/large", [](Request&) { return text(std::string(50'000'000, 'x')); });
    m_options.header_timeout = std::chrono::seconds(1);
    m_options.idle_timeout = std::chrono::seconds(1);
    m_options.least_bytes_per_second = 100'000'000;  // the slow reader's buffers take much at once
    start();
    RawClient body(m_public), reader(m_public);
    body.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 500000000\r\n\r\n");
    reader.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto start_at = std::chrono::steady_clock::now();
    auto dripping = std::async(std::launch::async, [&] {
        const auto limit = start_at + std::chrono::seconds(20);
        while (body.send("x") && std::chrono::steady_clock::now() < limit)
            reader.read_bytes(1);
    });
    EXPECT_TRUE(body.read_to_end().starts_with("HTTP/1.1 408"));
    EXPECT_LT(std::chrono::steady_clock::now() - start_at, std::chrono::seconds(6));
    dripping.get();
    EXPECT_LT(reader.read_to_end().size(), 50'000'000u);
}

// Goal: one client cannot take the server: past its rate 429 says when to come again, past its
// connections too; others, and the internal listener, go on.
TEST_F(ServerLimitsTest, OneClientHasALimitOfRequestsAndConnections) {
    m_options.client_requests_per_second = 5;
    m_options.client_connections = 2;
    m_options.limit_loopback = true;
    start();
    RawClient client(m_public);
    const std::string get = "GET /inline HTTP/1.1\r\nHost: h\r\n\r\n";
    int taken = 0;
    std::string refused;
    for (int i = 0; i < 30; ++i) {
        const std::string answer = client.ask(get);
        if (answer.starts_with("HTTP/1.1 200")) ++taken;
        if (answer.starts_with("HTTP/1.1 429")) refused = answer;
    }
    EXPECT_GE(taken, 10);
    EXPECT_LT(taken, 30);
    EXPECT_NE(refused.find("Retry-After: 1\r\n"), std::string::npos) << refused;
    EXPECT_NE(refused.find("problem+json"), std::string::npos);
    RawClient second(m_public);
    second.ask(get);
    RawClient third(m_public);
    EXPECT_TRUE(third.answer().starts_with("HTTP/1.1 429"));
    EXPECT_NE(m_server->metrics().find("reason=\"client_connections\"} 1"), std::string::npos);
    EXPECT_EQ(m_server->metrics().find("reason=\"client_rate\"} 0"), std::string::npos);
    for (int i = 0; i < 30; ++i)
        EXPECT_TRUE(RawClient(m_internal).ask(get).starts_with("HTTP/1.1 200"));
    second.close();
    const auto again = [&] { return RawClient(m_public).ask(get).size() > 200; };
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!again() && std::chrono::steady_clock::now() < limit)
        std::this_thread::yield();
    EXPECT_TRUE(again()) << "a connection that ended makes room";
}

TEST_F(ServerLimitsTest, ThisMachineIsNotLimitedUnlessItIsAskedFor) {
    m_options.client_requests_per_second = 1;
    m_options.client_connections = 1;
    start();
    RawClient first(m_public), second(m_public);
    for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(first.ask("GET /inline HTTP/1.1\r\nHost: h\r\n\r\n").ends_with("inline"));
        EXPECT_TRUE(second.ask("GET /inline HTTP/1.1\r\nHost: h\r\n\r\n").ends_with("inline"));
    }
}

// Goal: however many come to the public listener, the operator gets in. Method: all the connections
// that it may have, then one at each listener.
TEST_F(ServerLimitsTest, TheInternalListenerKeepsConnectionsForItself) {
    m_options.max_connections = 32;
    start();
    const std::string get = "GET /inline HTTP/1.1\r\nHost: h\r\n\r\n";
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 30; ++i) {
        clients.push_back(std::make_unique<RawClient>(m_public));
        EXPECT_TRUE(clients.back()->ask(get).ends_with("inline")) << i;
    }
    EXPECT_TRUE(RawClient(m_public).answer().starts_with("HTTP/1.1 503"));
    EXPECT_TRUE(RawClient(m_internal).ask(get).ends_with("inline"));
}

// Goal: the operator's requests find a place in the queue that the public one filled.
TEST_F(ServerLimitsTest, TheInternalListenerKeepsPlacesInTheQueue) {
    std::promise<void> entered, leave;
    auto left = leave.get_future().share();
    std::atomic<int> calls{0};
    add(Method::kGet, "/slow", [&](Request&) {
        if (calls++ == 0) entered.set_value();
        left.wait();
        return text("slow");
    });
    m_options.handler_threads = 1;
    m_options.max_queued = 16;
    start();
    const std::string slow = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 16; ++i) {  // one works, fifteen wait
        clients.push_back(std::make_unique<RawClient>(m_public));
        clients.back()->send(slow);
        if (i == 0) entered.get_future().wait();
    }
    while (m_server->metrics().find("nguon_http_queue_length 15") == std::string::npos)
        std::this_thread::yield();
    EXPECT_TRUE(RawClient(m_public).ask(slow).starts_with("HTTP/1.1 503"));
    RawClient operator_client(m_internal);
    operator_client.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    while (m_server->metrics().find("nguon_http_queue_length 16") == std::string::npos)
        std::this_thread::yield();
    leave.set_value();
    EXPECT_TRUE(operator_client.answer().ends_with("hello"));
}

// Goal: targets, hosts and chunks that two readers could take for two things are refused; what is
// odd but clear is taken.
TEST_F(ServerLimitsTest, HostsTargetsAndChunksThatCouldMeanTwoThings) {
    start();
    const std::string close = "Connection: close\r\n\r\n";
    const std::string chunked =
        "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(ask("GET http://h/hello HTTP/1.1\r\nHost: h\r\n" + close), "200");
    EXPECT_EQ(ask("GET http://H:80/hello HTTP/1.1\r\nHost: h\r\n" + close), "200");
    EXPECT_EQ(ask("GET http://other/hello HTTP/1.1\r\nHost: h\r\n" + close), "400");
    EXPECT_EQ(ask("GET http://h@other/hello HTTP/1.1\r\nHost: h\r\n" + close), "400");
    EXPECT_EQ(ask("GET https://h:8443/hello HTTP/1.1\r\nHost: h\r\n" + close), "400");
    for (const char* host : {"a b", "a/b", "a,b", "a@b", "a?b", "a\\b", "a#b"})
        EXPECT_EQ(ask("GET /hello HTTP/1.1\r\nHost: " + std::string(host) + "\r\n" + close), "400")
            << host;
    EXPECT_EQ(ask("GET /hello HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n" + close), "200");
    EXPECT_EQ(ask(chunked + "3;a=b;c=\"d\"\r\nabc\r\n0\r\n\r\n"), "200");
    EXPECT_EQ(ask(chunked + "3\nabc\r\n0\r\n\r\n"), "400");
    EXPECT_EQ(ask(chunked + "3;a\nX: y\r\nabc\r\n0\r\n\r\n"), "400");
    EXPECT_EQ(ask(chunked + "3;a=\"\n\"\r\nabc\r\n0\r\n\r\n"), "400");
    EXPECT_EQ(ask(chunked + "+3\r\nabc\r\n0\r\n\r\n"), "400");
    EXPECT_EQ(ask(chunked + "0x3\r\nabc\r\n0\r\n\r\n"), "400");
    EXPECT_EQ(ask(chunked + " 3\r\nabc\r\n0\r\n\r\n"), "400");
    EXPECT_EQ(ask(chunked + "3\r\nabc\n0\r\n\r\n"), "400");
    EXPECT_EQ(ask(chunked + "3\r\nabcX\r\n0\r\n\r\n"), "400");
}

// RFC 9110 section 9.3.8: TRACE would send a caller's token back to whoever made him ask.
TEST_F(ServerLimitsTest, TraceIsRefusedAndWhatIsAllowedIsNamed) {
    start();
    RawClient client(m_public);
    const std::string answer = client.ask("TRACE /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 405")) << answer;
    EXPECT_NE(answer.find("Allow: GET, HEAD, OPTIONS\r\n"), std::string::npos) << answer;
    EXPECT_EQ(ask("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n"), "501");
}

// Goal: chunks carry no load that nobody counts. Method: one byte of body and 200 of extensions,
// again and again; a trailer that never ends.
TEST_F(ServerLimitsTest, ExtensionsAndTrailersHaveALimit) {
    start();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string chunks;
    for (int i = 0; i < 2'000; ++i)
        chunks += "1;x=" + std::string(200, 'e') + "\r\na\r\n";
    EXPECT_EQ(ask(head + chunks), "400");
    std::string trailers = "0\r\n";
    for (int i = 0; i < 20'000; ++i)
        trailers += "T: " + std::string(20, 't') + "\r\n";
    EXPECT_EQ(ask(head + trailers), "400");
}

}  // namespace
}  // namespace nguon::http
