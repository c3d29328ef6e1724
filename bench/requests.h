// Requests over connections that are kept open, from one thread: enough to keep a server busy.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace nguon::bench {

// One connection.
class Connection {
public:
    Connection() = default;
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    Result<void> open(const std::string& address);
    int descriptor() const { return m_descriptor; }
    void send(const std::string& request) const;
    // The status of an answer that has come whole; 0: not yet.
    int receive();
    // Sends and waits: the body of the answer. Errors: internal when its status is not 200.
    Result<std::string> ask(const std::string& request);

private:
    int m_descriptor = -1;
    std::string m_buffer, m_body;
};

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
