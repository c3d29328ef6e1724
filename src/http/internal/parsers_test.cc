// The parsers of the module's own: target, query, range, events, and HTTP messages byte by byte.
#include <gtest/gtest.h>
#include <zstd.h>

#include "base/secret.h"
#include "http/internal/address.h"
#include "http/internal/answer.h"
#include "http/internal/ascii.h"
#include "http/internal/event_stream.h"
#include "http/internal/packing.h"
#include "http/internal/range.h"
#include "http/internal/uri.h"
#include "http/internal/wire.h"

namespace nguon::http {
namespace {

TEST(Uri, QueryIsDecodedInOrder) {
    const Query query = parse_query("a=1&b=x+y%2C&a=2&&c&d==e&%C4%91=%E1%BB%87").value();
    const Query expected = {{"a", "1"}, {"b", "x y,"}, {"a", "2"},
                            {"c", ""},  {"d", "=e"},   {"đ", "ệ"}};
    EXPECT_EQ(query, expected);
}

TEST(Uri, BadEscapesAreRefused) {
    for (const char* text : {"a=%", "a=%1", "a=%zz", "%=1", "a=%00", "a=%ff", "a=%c3%28"}) {
        EXPECT_FALSE(parse_query(text).has_value()) << text;
    }
}

TEST(Uri, TargetInOriginAndAbsoluteForm) {
    for (const char* target : {"/a%2Fb?x=1", "http://host:80/a%2Fb?x=1", "HTTPS://h/a%2Fb?x=1"}) {
        std::string path;
        Query query;
        const bool upper = std::string_view(target).starts_with("HTTPS");
        EXPECT_EQ(parse_target(target, path, query).has_value(), !upper) << target;
        EXPECT_EQ(path, upper ? "" : "/a%2Fb");
    }
    std::string path;
    Query query;
    ASSERT_TRUE(parse_target("http://host", path, query).has_value());
    EXPECT_EQ(path, "/");
}

TEST(Uri, TargetsThatCouldMeanTwoThingsAreRefused) {
    for (const char* target : {"*", "a", "", "host:80", "/a#b", "/a b", "/a\\b", "/é", "/..",
                               "/a/../b", "/./a", "/%2e%2E/a", "/.%2e", "/a/."}) {
        std::string path;
        Query query;
        EXPECT_FALSE(parse_target(target, path, query).has_value()) << target;
    }
    std::string path;
    Query query;
    EXPECT_TRUE(parse_target("/.../a..b/.well-known", path, query).has_value());
}

TEST(Uri, MadeTargetsReadBack) {
    const Query query = {{"a b", "1&2"}, {"đ", "=+%"}};
    std::string path;
    Query read;
    ASSERT_TRUE(parse_target(make_target("/x", query), path, read).has_value());
    EXPECT_EQ(read, query);
}

TEST(Range, OneRangeOfBytes) {
    const auto range = [](const char* header, std::uint64_t size) {
        const auto found = parse_range(header, size);
        return found ? std::to_string(found->first) + "+" + std::to_string(found->length)
                     : std::string("none");
    };
    EXPECT_EQ(range("bytes=0-0", 10), "0+1");
    EXPECT_EQ(range("bytes=2-", 10), "2+8");
    EXPECT_EQ(range("bytes=2-99", 10), "2+8");
    EXPECT_EQ(range("bytes=-3", 10), "7+3");
    EXPECT_EQ(range("bytes=-99", 10), "0+10");
    EXPECT_EQ(range("Bytes = 1-2 ", 10), "1+2");
    EXPECT_EQ(range("bytes=10-", 10), "0+0");  // 416
    EXPECT_EQ(range("bytes=-0", 10), "10+0");  // 416
    EXPECT_EQ(range("bytes=0-", 0), "0+0");    // 416
    EXPECT_EQ(range("bytes=99999999999999999999-", 10), "0+0");
    for (const char* bad : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=3-2",
                            "bytes=0-1,3-4", "rows=0-1", "bytes=+1-2", "bytes=1--2"}) {
        EXPECT_EQ(range(bad, 10), "none") << bad;
    }
}

TEST(Events, AreReadBackHoweverTheyAreCut) {
    const std::string stream = std::string(kHeartbeat) + progress_event({"read", 5, 10}) +
                               "event: x\r\ndata: a\r\ndata:b\r\n\r\n" + "event: nothing\n\n" +
                               event_text("text", "one\ntwo\r\nthree");
    for (std::size_t piece : {std::size_t{1}, std::size_t{3}, stream.size()}) {
        EventReader reader;
        std::vector<std::string> seen;
        const auto sink = [&](std::string_view name, std::string_view data) {
            seen.push_back(std::string(name) + "=" + std::string(data));
        };
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            EXPECT_TRUE(reader.feed(std::string_view(stream).substr(at, piece), sink));
        }
        const std::vector<std::string> expected = {
            R"(progress={"step":"read","done":5,"total":10})", "x=a\nb", "text=one\ntwo\nthree"};
        EXPECT_EQ(seen, expected) << piece;
    }
}

TEST(Events, ResultsCarryJsonAndText) {
    const auto there_and_back = [](const Response& response) {
        std::optional<Response> read;
        EventReader reader;
        reader.feed(result_event(Request{}, response),
                    [&](std::string_view, std::string_view data) { read = read_result(data); });
        return *read;
    };
    Response made = Response::json(201, json::object{{"batch", "b"}});
    made.headers.set("ETag", "\"5\"");
    Response read = there_and_back(made);
    EXPECT_EQ(read.status, 201);
    EXPECT_EQ(read.body, R"({"batch":"b"})");
    EXPECT_EQ(read.headers.get("etag"), "\"5\"");
    made.body = "\"text\"";
    EXPECT_EQ(there_and_back(made).body, "\"text\"");
    made.headers.set("Content-Type", "text/csv");
    made.body = "a,b\n1,\"2\"\n";
    EXPECT_EQ(there_and_back(made).body, made.body);
    made.body.clear();
    EXPECT_EQ(there_and_back(made).body, "");
    EXPECT_FALSE(read_result("{}").has_value());
    EXPECT_FALSE(read_result(R"({"status":99})").has_value());
    EXPECT_FALSE(read_progress(R"({"step":1})").has_value());
}

struct Parsed {
    int status = 0;  // 0: done
    std::string body;
    std::size_t taken = 0;
};

Parsed parse(std::string_view bytes, std::size_t piece) {
    RequestParser parser(8192);
    Parsed out;
    std::size_t seen = 0;
    while (!parser.done() && !parser.fault()) {
        const std::size_t taken = parser.feed(bytes.substr(out.taken, seen - out.taken), out.body);
        out.taken += taken;
        if (taken > 0 || parser.fault()) continue;
        if (seen == bytes.size()) return {-1, out.body, out.taken};
        seen = std::min(bytes.size(), seen + piece);
    }
    if (parser.fault()) out.status = parser.fault()->status;
    return out;
}

// Goal: how the bytes are cut never changes what is read. Method: whole, and one byte at a time.
TEST(Wire, RequestsAreReadHoweverTheyAreCut) {
    struct Row {
        const char* name;
        std::string bytes;
        int status;
        std::string body;
    };
    const std::string host = "Host: h\r\n";
    const std::vector<Row> rows = {
        {"plain", "GET / HTTP/1.1\r\n" + host + "\r\n", 0, ""},
        {"length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", 0, "abc"},
        {"chunked",
         "POST / HTTP/1.1\r\n" + host +
             "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: x\r\n\r\n",
         0, "abcde"},
        {"1.0 without host", "GET / HTTP/1.0\r\n\r\n", 0, ""},
        {"no host", "GET / HTTP/1.1\r\n\r\n", 400, ""},
        {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, ""},
        {"same host twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, ""},
        {"both lengths",
         "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
         400, ""},
        {"both lengths, turned",
         "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
         400, ""},
        {"length twice",
         "POST / HTTP/1.1\r\n" + host + "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", 400, ""},
        {"length list", "POST / HTTP/1.1\r\n" + host + "Content-Length: 3, 3\r\n\r\n", 400, ""},
        {"length sign", "POST / HTTP/1.1\r\n" + host + "Content-Length: +3\r\n\r\n", 400, ""},
        {"length negative", "POST / HTTP/1.1\r\n" + host + "Content-Length: -3\r\n\r\n", 400, ""},
        {"length hex", "POST / HTTP/1.1\r\n" + host + "Content-Length: 0x3\r\n\r\n", 400, ""},
        {"length too long",
         "POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n", 400, ""},
        {"encoding identity", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\n\r\n",
         400, ""},
        {"encoding list", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n",
         400, ""},
        {"encoding twice",
         "POST / HTTP/1.1\r\n" + host +
             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
         400, ""},
        {"encoding xchunked", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n",
         400, ""},
        {"encoding in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, ""},
        {"space before colon", "POST / HTTP/1.1\r\n" + host + "Content-Length : 3\r\n\r\n", 400,
         ""},
        {"fold", "GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n", 400, ""},
        {"fold with a tab", "GET / HTTP/1.1\r\n" + host + "X: a\r\n\tb\r\n\r\n", 400, ""},
        {"fold first", "GET / HTTP/1.1\r\n " + host + "\r\n", 400, ""},
        {"bare newline", "GET / HTTP/1.1\r\n" + host + "X: a\nY: b\r\n\r\n", 400, ""},
        {"bare return", "GET / HTTP/1.1\r\n" + host + "X: a\rY: b\r\n\r\n", 400, ""},
        // Found by fuzzing: an empty chunked body, byte by byte, once ended the process.
        {"empty chunked",
         "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, ""},
        // Found by fuzzing: a head that stops within a line once held the I/O thread for ever.
        {"return for an end", "GET / HTTP/1.1\r\n" + host + "\rt: h\r\n\r\n", 400, ""},
        {"nul", "GET / HTTP/1.1\r\n" + host + std::string("X: a\0b\r\n\r\n", 10), 400, ""},
        {"bad chunk", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
         400, ""},
        {"chunk without end",
         "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
         400, "abc"},
        {"chunk too large",
         "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
         400, ""},
        {"method", "BREW / HTTP/1.1\r\n" + host + "\r\n", 501, ""},
        {"connect", "CONNECT a:1 HTTP/1.1\r\n" + host + "\r\n", 501, ""},
        {"expect", "GET / HTTP/1.1\r\n" + host + "Expect: tea\r\n\r\n", 417, ""},
        {"version", "GET / HTTP/2.0\r\n" + host + "\r\n", 505, ""},
        {"many fields",
         "GET / HTTP/1.1\r\n" + host +
             [] {
                 std::string fields;
                 for (int i = 0; i < 200; ++i)
                     fields += "X: 1\r\n";
                 return fields;
             }() +
             "\r\n",
         431, ""},
        {"long head", "GET / HTTP/1.1\r\n" + host + "X: " + std::string(9000, 'a') + "\r\n\r\n",
         431, ""},
        {"long target", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 431,
         ""},
        {"head long in sum",
         "GET / HTTP/1.1\r\n" + host +
             [] {
                 std::string fields;
                 for (int i = 0; i < 90; ++i)
                     fields += "X: " + std::string(100, 'a') + "\r\n";
                 return fields;
             }() +
             "\r\n",
         431, ""},
    };
    for (const Row& row : rows) {
        for (const std::size_t piece : {row.bytes.size(), std::size_t{1}, std::size_t{7}}) {
            const Parsed out = parse(row.bytes, piece);
            EXPECT_EQ(out.status, row.status) << row.name << " in pieces of " << piece;
            EXPECT_EQ(out.body, row.body) << row.name << " in pieces of " << piece;
        }
    }
}

// Goal: nothing smuggled in behind the body becomes a header.
TEST(Wire, TrailersAreNoHeaders) {
    const std::string_view bytes =
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\nAuthorization: Bearer x\r\n\r\nGET";
    RequestParser parser(8192);
    std::string body;
    std::size_t at = 0;
    while (const std::size_t taken = parser.feed(bytes.substr(at), body))
        at += taken;
    ASSERT_TRUE(parser.done());
    EXPECT_FALSE(parser.head().headers.has("Authorization"));
    EXPECT_EQ(bytes.substr(at), "GET");
}

TEST(Wire, ResponsesSkipInterimAnswersAndEndWithTheConnection) {
    const std::string_view bytes =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n\r\nabc";
    ResponseParser parser(Method::kGet);
    std::string body;
    std::size_t at = 0;
    while (const std::size_t taken = parser.feed(bytes.substr(at), body))
        at += taken;
    EXPECT_FALSE(parser.done());
    parser.feed_end();
    EXPECT_TRUE(parser.done());
    EXPECT_FALSE(parser.failed());
    EXPECT_EQ(parser.status(), 200);
    EXPECT_EQ(body, "abc");
}

TEST(Answer, DatesAndSecrets) {
    EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_TRUE(same_secret("abc", "abc"));
    for (const char* wrong : {"", "ab", "abcd", "abd", "abcabc"})
        EXPECT_FALSE(same_secret(wrong, "abc"));
    EXPECT_FALSE(same_secret("", ""));
}

// Goal: a handler's value cannot start a header of its own.
TEST(Answer, HeadersOfAHandlerCannotBreakTheFraming) {
    Outgoing out;
    out.response.headers.set("X-Bad", "a\r\nSet-Cookie: x");
    out.response.headers.set("Content-Length", "7");
    out.response.headers.set("Connection", "upgrade");
    std::string head;
    write_head(out, {"id", "now"}, head);
    EXPECT_EQ(head.find("Set-Cookie"), std::string::npos);
    EXPECT_EQ(head.find("upgrade"), std::string::npos);
    EXPECT_NE(head.find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(Answer, UnchangedIs304AndTextIsPacked) {
    Request request;
    Response plain;
    plain.headers.set("Content-Type", "application/json");
    plain.headers.set("ETag", "\"7\"");
    plain.body.assign(5000, 'a');
    request.headers.set("Accept-Encoding", "br, gzip;q=0.8");
    Outgoing out = prepare(request, Response(plain), Compress::kYes);
    EXPECT_EQ(out.response.headers.get("Content-Encoding"), "gzip");
    EXPECT_EQ(out.response.headers.get("ETag"), "W/\"7\"");
    EXPECT_LT(out.length, 100u);
    request.headers.set("Accept-Encoding", "gzip;q=0");
    out = prepare(request, Response(plain), Compress::kYes);
    EXPECT_EQ(out.length, 5000u);
    EXPECT_EQ(out.response.headers.get("Vary"), "Accept-Encoding");
    request.headers.set("If-None-Match", "\"6\", W/\"7\"");
    out = prepare(request, Response(plain), Compress::kYes);
    EXPECT_EQ(out.response.status, 304);
    EXPECT_EQ(out.length, 0u);
}

TEST(Answer, TextIsPackedAsTheClientLikesBest) {
    const std::vector<std::pair<const char*, Packing>> rows = {
        {"", Packing::kNone},
        {"gzip", Packing::kGzip},
        {"zstd", Packing::kZstd},
        {"gzip, deflate, br, zstd", Packing::kZstd},
        {"GZIP;Q=1.0, zstd;q=0.9", Packing::kGzip},
        {"gzip;q=0.500 , zstd;q=0.501", Packing::kZstd},
        {"*", Packing::kZstd},
        {"*, zstd;q=0", Packing::kGzip},
        {"gzip;q=0, *", Packing::kZstd},
        {"gzip;q=0.000, zstd;q=0", Packing::kNone},
        {"identity, gzip;q=0.5", Packing::kNone},
        {"br", Packing::kNone},
        {";;,,q=1", Packing::kNone},
    };
    for (const auto& [header, packing] : rows)
        EXPECT_EQ(packing_for(header), packing) << header;
    Request request;
    Response plain;
    plain.headers.set("Content-Type", "text/csv");
    plain.body.assign(5000, 'a');
    request.headers.set("Accept-Encoding", "zstd");
    const Outgoing out = prepare(request, Response(plain), Compress::kYes);
    EXPECT_EQ(out.response.headers.get("Content-Encoding"), "zstd");
    std::string back(plain.body.size(), 0);
    EXPECT_EQ(ZSTD_decompress(back.data(), back.size(), out.response.body.data(), out.length),
              plain.body.size());
    EXPECT_EQ(back, plain.body);
    EXPECT_FALSE(zstd("abc").has_value()) << "it would not get smaller";
}

// RFC 9110 section 13: If-Match by strong comparison, before If-None-Match.
TEST(Answer, IfMatchThatDoesNotHoldIs412) {
    const auto status = [](std::string_view tag, std::string_view wanted, Method method) {
        Request request;
        request.method = method;
        request.headers.set("If-Match", wanted);
        Response response;
        response.body = "body";
        if (!tag.empty()) response.headers.set("ETag", tag);
        return prepare(request, std::move(response), Compress::kNo).response.status;
    };
    EXPECT_EQ(status("\"7\"", "\"7\"", Method::kGet), 200);
    EXPECT_EQ(status("\"7\"", "\"6\", \"7\"", Method::kHead), 200);
    EXPECT_EQ(status("\"7\"", "*", Method::kGet), 200);
    EXPECT_EQ(status("\"7\"", "\"6\"", Method::kGet), 412);
    EXPECT_EQ(status("W/\"7\"", "W/\"7\"", Method::kGet), 412);
    EXPECT_EQ(status("", "\"7\"", Method::kGet), 412);
    EXPECT_EQ(status("\"7\"", "\"6\"", Method::kPut), 200)
        << "the handler has judged it before it wrote";
}

TEST(Address, HostAndPort) {
    EXPECT_EQ(split_address("[::1]:80").value().host, "::1");
    EXPECT_EQ(split_address("127.0.0.1:0").value().port, "0");
    for (const char* bad : {"", "a", "a:", ":80", "a:b", "a:99999", "a:-1"}) {
        EXPECT_FALSE(split_address(bad).has_value()) << bad;
    }
}

}  // namespace
}  // namespace nguon::http
