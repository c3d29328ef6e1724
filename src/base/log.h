// Structured log lines (JSON, one per line) on standard error or a file. Never a personal value:
// callers pass ids, counts, route templates and durations only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.h"

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
    // For rotation: goes on in a new file under the same name. No line is lost or cut meanwhile.
    // Errors: unavailable; lines go on where they went.
    virtual Result<void> reopen() { return {}; }
};

std::unique_ptr<Log> make_stderr_log(Clock& clock, Level lowest);
// Appends to `path`, made with mode 0640 where it is absent. A line that cannot be written there (a
// full disk) goes to standard error. Errors: unavailable.
Result<std::unique_ptr<Log>> make_file_log(const std::filesystem::path& path, Clock& clock,
                                           Level lowest);
Log& no_log();

}  // namespace nguon
