#include "base/log.h"

#include <unistd.h>

#include <mutex>

#include "base/json.h"
#include "base/time.h"

namespace nguon {
namespace {

std::string_view name_of_level(Level level) {
    switch (level) {
        case Level::kDebug: return "debug";
        case Level::kInfo: return "info";
        case Level::kWarning: return "warning";
        case Level::kError: return "error";
    }
    return "info";
}

class StderrLog final : public Log {
public:
    StderrLog(Clock& clock, Level lowest) : m_clock(clock), m_lowest(lowest) {}

    void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
        if (level < m_lowest) return;
        json::object line;
        line["at"] = format_time(m_clock.now());
        line["level"] = name_of_level(level);
        line["event"] = event;
        for (const Field& field : fields) {
            line[field.first] =
                std::visit([](const auto& v) { return json::value(v); }, field.second);
        }
        const std::string text = to_text(line) + "\n";
        // One write: lines of several threads and processes do not mix.
        [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    }

private:
    Clock& m_clock;
    Level m_lowest;
};

class NoLog final : public Log {
public:
    void write(Level, std::string_view, std::initializer_list<Field>) override {}
};

}  // namespace

std::unique_ptr<Log> make_stderr_log(Clock& clock, Level lowest) {
    return std::make_unique<StderrLog>(clock, lowest);
}

Log& no_log() {
    static NoLog log;
    return log;
}

}  // namespace nguon
