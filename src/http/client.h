// A small blocking HTTP/1.1 client for commands that go through a running node.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/message.h"

namespace nguon::http {

struct ClientOptions {
    std::string address;  // "127.0.0.1:8081"
    std::string token;
    std::filesystem::path spool_folder;  // answers over 1 MiB go to a file there
    std::chrono::seconds connect_timeout{5};
    std::chrono::seconds read_timeout{600};  // of silence before an answer
    // Of silence in a stream of events, which has a sign of life each 10 s, and of a node that does
    // not take what is sent.
    std::chrono::seconds event_timeout{60};
};

// Anything that answers a Request: a node over HTTP, or the route table in-process.
class Target {
public:
    virtual ~Target() = default;
    // Errors: unavailable when nobody answers. An answer with a problem is a Response, not an
    // Error.
    virtual Result<Response> send(Request& request) = 0;
};

// With request.progress set on a POST, asks for text/event-stream and reports events as they come.
// request.cancelled is asked while waiting; true closes the connection (unavailable).
// Threads: one at a time per Target.
Result<std::unique_ptr<Target>> connect(ClientOptions options);
std::unique_ptr<Target> in_process(const class Router& router);

}  // namespace nguon::http
