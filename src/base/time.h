// Time and randomness are passed in, so that a test or a simulator can replay a run.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace nguon {

// Microseconds since 1970-01-01T00:00:00Z.
using Micros = std::int64_t;

// Threads: every member may be called concurrently.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Micros now() = 0;
};

// Threads: every member may be called concurrently.
class Random {
public:
    virtual ~Random() = default;
    virtual void fill(std::span<unsigned char> bytes) = 0;
};

Clock& system_clock();
Random& system_random();  // the kernel's generator

// RFC 3339 UTC with microseconds when they are not zero: "2026-11-22T14:05:00.123456Z".
std::string format_time(Micros at);
// Takes any RFC 3339 time with zone, "Z" or offset. Errors: invalid.
Result<Micros> parse_time(std::string_view text);

// Sortable id: 48-bit milliseconds and 80 random bits as 26 Crockford base32 characters (ULID).
std::string make_id(Clock& clock, Random& random);

}  // namespace nguon
