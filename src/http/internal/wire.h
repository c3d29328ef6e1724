// HTTP/1.1 messages from bytes. Beast's parser lives behind this line and nowhere else; what it
// lets through and a strict reader must not (RFC 9112 section 11.2, smuggling) is refused here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "http/message.h"

namespace nguon::http {

// What is wrong with a message, and the status that says so.
struct Fault {
    int status = 400;
    Text detail;
};

struct RequestHead {
    Method method = Method::kGet;
    std::string target;
    Headers headers;
    int version = 11;  // 10 or 11
    bool keep_alive = true;
    bool expects_continue = false;
    bool has_body = false;
    std::optional<std::uint64_t> content_length;
};

// Refused: Content-Length twice or beside Transfer-Encoding, any Transfer-Encoding but "chunked"
// once and in HTTP/1.1, folded lines, not exactly one Host (HTTP/1.1), over 100 fields, a head over
// the limit. Fields of a chunked trailer are read and dropped.
class RequestParser {
public:
    explicit RequestParser(std::size_t max_header_bytes);
    ~RequestParser();
    // For the next message on the connection.
    void reset();
    // Takes bytes from the front, appends body bytes to `body`, and says how many it took. Stops
    // after the head so that the caller can look at it; 0 means that more must be read first.
    std::size_t feed(std::string_view bytes, std::string& body);
    bool head_done() const;
    bool done() const;
    const std::optional<Fault>& fault() const;
    RequestHead& head();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

// Chunks of the body as they come.
class ResponseParser {
public:
    // After HEAD no body follows, whatever the head says.
    explicit ResponseParser(Method asked);
    ~ResponseParser();
    // As above. Interim answers (1xx) are skipped.
    std::size_t feed(std::string_view bytes, std::string& body);
    void feed_end();  // the connection was closed
    bool head_done() const;
    bool done() const;
    bool failed() const;
    bool keep_alive() const;
    int status() const;
    Headers& headers();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace nguon::http
