// From a handler's Response to what goes out: conditions, ranges, compression, and the head as
// text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.h"

namespace nguon::http {

// Part of a Response that is sent: `length` bytes from `first` of its body or file.
struct Outgoing {
    Response response;
    std::uint64_t first = 0;
    std::uint64_t length = 0;
};

enum class Compress { kYes, kNo };

// If-None-Match (304), Range and If-Range (206, 416), gzip for text over 1 KiB. May take
// milliseconds for a large body with Compress::kYes.
Outgoing prepare(const Request& request, Response&& response, Compress compress);

struct HeadFacts {
    std::string_view id;
    std::string_view date;
    int version = 11;
    bool keep_alive = true;
    bool chunked = false;  // an answer whose length is not known
};

// Status line and fields with the empty line, appended. Fields of the handler that would break the
// framing (Content-Length, Connection, Date, …; CR, LF or NUL in a value) are dropped.
void write_head(const Outgoing& out, const HeadFacts& facts, std::string& to);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::int64_t seconds);

}  // namespace nguon::http
