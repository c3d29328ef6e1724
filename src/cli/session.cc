#include "cli/session.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "base/spoken.h"
#include "base/time.h"
#include "cli/progress.h"

namespace nguon::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 256u << 10;

// Reads the descriptor to its end into a new file that only we can read.
Result<void> spool(int from, const fs::path& to) {
    const int file = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return fail(Code::kUnavailable, both(words::kCannotWrite, to.string()),
                    both(words::kCheckSpace));
    std::string chunk(kChunk, '\0');
    bool sound = true;
    while (sound) {
        const ssize_t count = ::read(from, chunk.data(), chunk.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            sound = count == 0;
            break;
        }
        for (ssize_t done = 0; sound && done < count;) {
            const ssize_t written =
                ::write(file, chunk.data() + done, static_cast<std::size_t>(count - done));
            sound = written > 0;
            done += written;
        }
    }
    const bool closed = ::close(file) == 0;
    if (sound && closed) return {};
    return fail(Code::kUnavailable, both(words::kCannotWrite, to.string()),
                both(words::kCheckSpace));
}

template <class Sink>
Result<void> read_pieces(const fs::path& path, const Sink& sink) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fail(Code::kNotFound, both(words::kNoFile, path.string()), both(words::kCheckPath));
    std::string chunk(kChunk, '\0');
    while (file) {
        file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        sink(std::string_view(chunk.data(), static_cast<std::size_t>(file.gcount())));
    }
    return {};
}

}  // namespace

Session::Session(Environment& environment, Arguments arguments)
    : m_environment(environment),
      m_arguments(std::move(arguments)),
      m_style(style_of(environment)) {}
Session::~Session() = default;

fs::path Session::data() const {
    if (!m_arguments.data.empty()) return m_arguments.data;
    if (std::string folder = m_environment.variable("NGUON_DATA"); !folder.empty()) return folder;
    return "nguon-data";
}

Result<void> Session::open(Purpose purpose) {
    if (m_opened) return {};
    TRY_ASSIGN(m_opened, m_environment.open(data(), purpose));
    return {};
}

Result<http::Response> Session::send(http::Request& request) {
    TRY(open());
    request.language = language();
    request.headers.set(spoken::kHeader, spoken::kMarked);
    Result<http::Response> answer = [&] {
        ProgressLine line(m_environment, m_style);
        if (line.shows() && request.progress) request.progress = line.sink();
        Result<http::Response> sent = m_opened->target->send(request);
        if (request.progress) request.progress = [](const http::Progress&) {};  // the line goes
        return sent;
    }();
    if (answer && answer->status >= 400) return std::unexpected(http::error_of(*answer));
    return answer;
}

Result<JsonAnswer> Session::send_for_json(http::Request& request) {
    TRY_ASSIGN(const http::Response answer, send(request));
    std::string text = answer.body;
    if (answer.file) {
        TRY_ASSIGN(text, read_file(answer.file->path()));
    }
    Result<json::value> value = parse_json(text);
    if (!value || !value->is_object()) {
        return fail(Code::kInternal, both(words::kStrangeAnswer), both(words::kSameVersion));
    }
    return JsonAnswer{answer.status, std::move(*value), std::string(trim(text))};
}

Result<http::Body> Session::body_of(const std::string& file) {
    http::Body body;
    if (file == "-") {
        TRY(open());
        const std::string name = "stdin-" + make_id(system_clock(), system_random());
        const fs::path path = m_opened->spool_folder / name;
        body.file = std::make_shared<http::BodyFile>(path, true);
        TRY(spool(m_environment.in, path));
        return body;
    }
    std::error_code failure;
    const fs::file_status status = fs::status(file, failure);
    if (status.type() == fs::file_type::not_found) {
        return fail(Code::kNotFound, both(words::kNoFile, file), both(words::kCheckPath));
    }
    if (fs::is_directory(status)) {
        return fail(Code::kInvalid, both(words::kNotAFile, file), both(words::kGiveFile));
    }
    if (!fs::is_regular_file(status)) {  // a pipe has no length that could be sent before it
        const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0)
            return fail(Code::kNotFound, both(words::kNoFile, file), both(words::kCheckPath));
        TRY(open());
        const fs::path path =
            m_opened->spool_folder / ("pipe-" + make_id(system_clock(), system_random()));
        body.file = std::make_shared<http::BodyFile>(path, true);
        const Result<void> copied = spool(descriptor, path);
        ::close(descriptor);
        TRY(copied);
        return body;
    }
    body.file = std::make_shared<http::BodyFile>(file, false);
    return body;
}

void Session::print(std::string_view text) {
    m_printed = m_environment.out(text) && m_printed;
}

void Session::print_line(std::string_view text) {
    print(std::string(text) + "\n");
}

void Session::print_json(const json::value& value) {
    print_line(to_text(value));
}

void Session::print_bytes(const http::Response& answer) {
    if (!answer.file) return print(answer.body);
    if (!read_pieces(answer.file->path(), [this](std::string_view piece) { print(piece); }))
        m_printed = false;
}

void Session::note(std::string_view text) {
    (void)m_environment.err(std::string(text) + "\n");
}

Result<void> may_write(const fs::path& to) {
    std::error_code failure;
    const fs::path folder = to.has_parent_path() ? to.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, failure)) {
        return fail(Code::kInvalid, both(words::kNoFolder, to.string(), folder.string()),
                    both(words::kMakeFolder));
    }
    if (fs::is_directory(to, failure)) {
        return fail(Code::kInvalid, both(words::kNotAFile, to.string()), both(words::kOtherName));
    }
    if (::access(folder.c_str(), W_OK) != 0 && errno == EACCES) {
        return fail(Code::kInvalid, both(words::kFolderClosed, to.string(), folder.string()),
                    both(words::kOtherFolder));
    }
    return {};
}

Result<void> write_file(const fs::path& to, const http::Response& answer) {
    fs::path beside = to;
    beside += ".part";
    const auto cannot = [&] {
        std::error_code ignored;
        fs::remove(beside, ignored);
        return fail(Code::kUnavailable, both(words::kCannotWrite, to.string()),
                    both(words::kCheckSpace));
    };
    TRY(may_write(to));
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    if (!file) return cannot();
    if (answer.file) {
        TRY(read_pieces(answer.file->path(), [&](std::string_view piece) {
            file.write(piece.data(), static_cast<std::streamsize>(piece.size()));
        }));
    } else {
        file.write(answer.body.data(), static_cast<std::streamsize>(answer.body.size()));
    }
    file.close();
    std::error_code failure;
    if (file) fs::rename(beside, to, failure);
    if (!file || failure) return cannot();
    return {};
}

Result<std::string> read_file(const fs::path& path) {
    std::error_code failure;
    if (fs::is_directory(path, failure)) {
        return fail(Code::kInvalid, both(words::kNotAFile, path.string()), both(words::kCheckPath));
    }
    std::string text;
    TRY(read_pieces(path, [&](std::string_view piece) { text += piece; }));
    return text;
}

}  // namespace nguon::cli
