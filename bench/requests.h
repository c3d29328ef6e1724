// Requests over connections that are kept open, from one thread: enough to keep a server busy.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace nguon::bench {

struct Driving {
    std::string address;  // host:port
    int connections = 64;
    double seconds = 3;
    int status = 200;                           // that every answer must have
    std::function<std::string()> next_request;  // whole, head and body
};

// Answers per second. Errors: unavailable, internal when an answer had another status.
Result<double> drive(const Driving& driving);

}  // namespace nguon::bench
