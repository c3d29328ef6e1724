// Structured log lines (JSON, one per line) on standard error or a file. Never a personal value:
// callers pass ids, counts, route templates and durations only.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace nguon {

class Clock;

enum class Level { kDebug, kInfo, kWarning, kError };

// Threads: write() may be called concurrently.
class Log {
public:
    using Value = std::variant<std::string, std::int64_t, double, bool>;
    using Field = std::pair<std::string_view, Value>;
    virtual ~Log() = default;
    virtual void write(Level level, std::string_view event,
                       std::initializer_list<Field> fields) = 0;
};

std::unique_ptr<Log> make_stderr_log(Clock& clock, Level lowest);
Log& no_log();

}  // namespace nguon
