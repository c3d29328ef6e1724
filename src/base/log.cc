#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

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

std::string line_of(Clock& clock, Level level, std::string_view event,
                    std::initializer_list<Log::Field> fields) {
    json::object line;
    line["at"] = format_time(clock.now());
    line["level"] = name_of_level(level);
    line["event"] = event;
    for (const Log::Field& field : fields)
        line[field.first] = std::visit([](const auto& v) { return json::value(v); }, field.second);
    return to_text(line) + "\n";
}

// In one write: lines of several threads and processes do not mix.
bool write_line(int descriptor, std::string_view line) {
    return ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

class StderrLog final : public Log {
public:
    StderrLog(Clock& clock, Level lowest) : m_clock(clock), m_lowest(lowest) {}

    void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
        if (level >= m_lowest)
            (void)write_line(STDERR_FILENO, line_of(m_clock, level, event, fields));
    }

private:
    Clock& m_clock;
    Level m_lowest;
};

class FileLog final : public Log {
public:
    FileLog(std::filesystem::path path, int descriptor, Clock& clock, Level lowest)
        : m_path(std::move(path)), m_descriptor(descriptor), m_clock(clock), m_lowest(lowest) {}
    ~FileLog() override { ::close(m_descriptor); }

    static Result<int> open_file(const std::filesystem::path& path) {
        constexpr mode_t kMode = 0640;
        const int descriptor =
            ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kMode);
        if (descriptor >= 0) return descriptor;
        const std::string reason = std::strerror(errno);
        return fail(
            Code::kUnavailable,
            {"Không mở được tệp nhật ký " + path.string() + ": " + reason + ".",
             "The log file " + path.string() + " cannot be opened: " + reason + "."},
            {"Tạo thư mục cho nó với quyền ghi của người dùng chạy nút, hoặc sửa log.file.",
             "Make its folder, writable for the user that runs the node, or mend log.file."});
    }

    void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
        if (level < m_lowest) return;
        const std::string line = line_of(m_clock, level, event, fields);
        if (!write_line(m_descriptor, line)) (void)write_line(STDERR_FILENO, line);
    }

    // dup3 puts the new file under the old number in one step: a write meanwhile goes whole to one
    // of the two.
    Result<void> reopen() override {
        TRY_ASSIGN(const int opened, open_file(m_path));
        const bool moved = ::dup3(opened, m_descriptor, O_CLOEXEC) >= 0;
        ::close(opened);
        if (moved) return {};
        return fail(Code::kUnavailable,
                    {"Không mở lại được tệp nhật ký.", "The log file cannot be reopened."});
    }

private:
    const std::filesystem::path m_path;
    const int m_descriptor;
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

Result<std::unique_ptr<Log>> make_file_log(const std::filesystem::path& path, Clock& clock,
                                           Level lowest) {
    TRY_ASSIGN(const int descriptor, FileLog::open_file(path));
    return std::make_unique<FileLog>(path, descriptor, clock, lowest);
}

Log& no_log() {
    static NoLog log;
    return log;
}

}  // namespace nguon
