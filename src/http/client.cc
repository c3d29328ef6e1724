#include "http/client.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <optional>

#include "base/time.h"
#include "http/internal/address.h"
#include "http/internal/event_stream.h"
#include "http/internal/uri.h"
#include "http/internal/wire.h"
#include "http/router.h"

namespace nguon::http {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kChunk = 256u << 10;
constexpr std::size_t kMostInMemory = 1u << 20;
constexpr auto kSlice = std::chrono::milliseconds(200);  // how often `cancelled` is asked

// Where an answer's body goes: to memory, and past 1 MiB to a file.
class Sink {
public:
    explicit Sink(const std::filesystem::path& folder) : m_folder(folder) {}

    // Takes what is in `bytes` and empties it, unless it is little and may stay there.
    bool take(std::string& bytes) {
        if (!m_file && bytes.size() <= kMostInMemory) return true;
        if (!m_file) {
            std::error_code ignored;
            std::filesystem::create_directories(m_folder, ignored);
            const std::string name = "answer-" + make_id(system_clock(), system_random());
            m_file = std::make_shared<BodyFile>(m_folder / name, true);
            m_out.open(m_file->path(), std::ios::binary | std::ios::trunc);
        }
        m_out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        bytes.clear();
        return m_out.good();
    }

    bool finish(std::string& bytes, Response& answer) {
        if (!m_file) {
            answer.body = std::move(bytes);
            return true;
        }
        const bool ok = take(bytes);
        m_out.close();
        answer.file = m_file;
        return ok && m_out.good();
    }

private:
    const std::filesystem::path& m_folder;
    std::shared_ptr<BodyFile> m_file;
    std::ofstream m_out;
};

class Connection final : public Target {
public:
    explicit Connection(ClientOptions options, HostPort parts)
        : m_options(std::move(options)), m_parts(std::move(parts)) {
        if (m_options.spool_folder.empty()) {
            m_options.spool_folder = std::filesystem::temp_directory_path();
        }
    }

    Result<Response> send(Request& request) override {
        TRY(be_connected());
        auto answer = exchange(request);
        if (!answer) drop();
        return answer;
    }

private:
    std::unexpected<Error> away(std::string_view reason) const {
        const std::string at = m_options.address + " (" + std::string(reason) + ")";
        return fail(
            Code::kUnavailable,
            {"Nút tại " + at + " không trả lời.", "The node at " + at + " does not answer."},
            {"Kiểm tra nút còn chạy rồi thử lại.", "See that the node runs, then try again."});
    }

    void drop() {
        error_code ignored;
        if (m_socket) m_socket->close(ignored);
        m_socket.reset();
    }

    // Runs until `done` or the time is up; asks `cancelled` now and then.
    enum class Waited { kDone, kTimeout, kCancelled };
    Waited wait(const bool& done, std::chrono::seconds limit, const Request* request) {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        while (!done) {
            m_io.restart();
            m_io.run_one_for(kSlice);
            if (done) break;
            const bool cancelled = request != nullptr && request->cancelled && request->cancelled();
            if (!cancelled && std::chrono::steady_clock::now() < deadline) continue;
            error_code ignored;
            if (m_socket) m_socket->close(ignored);
            m_io.restart();
            m_io.run();  // the handler refers to the caller's frame: it must have run
            return cancelled ? Waited::kCancelled : Waited::kTimeout;
        }
        return Waited::kDone;
    }

    Result<void> be_connected() {
        if (m_socket) {
            pollfd watched{m_socket->native_handle(), POLLIN | POLLRDHUP, 0};
            if (::poll(&watched, 1, 0) == 0) return {};
            drop();  // closed by the node meanwhile, or bytes that nobody asked for
        }
        error_code failure;
        tcp::resolver resolver(m_io);
        const auto found =
            resolver.resolve(m_parts.host, m_parts.port, tcp::resolver::numeric_service, failure);
        if (failure) return away(failure.message());
        m_socket.emplace(m_io);
        bool done = false;
        asio::async_connect(*m_socket, found, [&](const error_code& result, const tcp::endpoint&) {
            failure = result;
            done = true;
        });
        if (wait(done, m_options.connect_timeout, nullptr) != Waited::kDone) {
            m_socket.reset();
            return away("timeout");
        }
        if (failure) {
            m_socket.reset();
            return away(failure.message());
        }
        m_socket->set_option(tcp::no_delay(true), failure);
        return {};
    }

    Result<void> write(std::string_view bytes, const Request& request) {
        error_code failure;
        bool done = false;
        asio::async_write(*m_socket, asio::buffer(bytes),
                          [&](const error_code& result, std::size_t) {
                              failure = result;
                              done = true;
                          });
        const Waited waited = wait(done, m_options.event_timeout, &request);
        if (waited == Waited::kCancelled) return cancelled();
        if (waited == Waited::kTimeout) return away("timeout");
        if (failure) return away(failure.message());
        return {};
    }

    // 0 bytes: the connection was closed.
    Result<std::size_t> read(const Request& request) {
        m_buffer.resize(kChunk);
        error_code failure;
        std::size_t count = 0;
        bool done = false;
        m_socket->async_read_some(asio::buffer(m_buffer.data(), m_buffer.size()),
                                  [&](const error_code& result, std::size_t n) {
                                      failure = result;
                                      count = n;
                                      done = true;
                                  });
        const Waited waited =
            wait(done, wants_events(request) ? m_options.event_timeout : m_options.read_timeout,
                 &request);
        if (waited == Waited::kCancelled) return cancelled();
        if (waited == Waited::kTimeout) return away("timeout");
        if (failure == asio::error::eof) return std::size_t{0};
        if (failure) return away(failure.message());
        return count;
    }

    static std::unexpected<Error> cancelled() {
        return fail(Code::kUnavailable, {"Đã hủy.", "Cancelled."});
    }

    static bool wants_events(const Request& request) {
        return request.progress && request.method == Method::kPost;
    }

    std::string head_of(const Request& request, std::uint64_t length) const {
        std::string head(name_of(request.method));
        head += " " + make_target(request.path, request.query) + " HTTP/1.1\r\n";
        Headers headers = request.headers;
        headers.set("Host", m_options.address);
        if (!m_options.token.empty()) headers.set("Authorization", "Bearer " + m_options.token);
        if (!request.id.empty()) headers.set("X-Request-Id", request.id);
        if (wants_events(request)) headers.set("Accept", "text/event-stream");
        if (!headers.has("Accept-Language")) {
            headers.set("Accept-Language", request.language == Language::kVietnamese ? "vi" : "en");
        }
        const bool takes_body = request.method == Method::kPost || request.method == Method::kPut ||
                                request.method == Method::kPatch;
        headers.remove("Transfer-Encoding");
        headers.remove("Content-Length");
        if (length > 0 || takes_body) headers.set("Content-Length", std::to_string(length));
        for (const auto& [name, value] : headers.all()) {
            if (value.find_first_of("\r\n") != std::string::npos) continue;
            head.append(name).append(": ").append(value).append("\r\n");
        }
        return head += "\r\n";
    }

    // A node that refuses a long body answers before it has read it: then the rest is not sent.
    bool answered() {
        pollfd watched{m_socket->native_handle(), POLLIN, 0};
        return ::poll(&watched, 1, 0) > 0;
    }

    // False: the node stopped reading; what it has to say is read next.
    Result<bool> send_file(const Request& request, std::uint64_t length) {
        std::ifstream file(request.body.file->path(), std::ios::binary);
        std::string chunk(kChunk, '\0');
        while (length > 0) {
            if (answered()) return false;
            const auto wanted =
                static_cast<std::streamsize>(std::min<std::uint64_t>(kChunk, length));
            if (!file.read(chunk.data(), wanted)) {
                return fail(Code::kInvalid,
                            {"Tệp thay đổi trong lúc gửi.", "The file changed while it was sent."},
                            {"Gửi lại khi tệp đã xong.", "Send it again when it is complete."});
            }
            const auto count = static_cast<std::size_t>(wanted);
            if (auto written = write({chunk.data(), count}, request); !written) {
                if (m_socket && m_socket->is_open() && answered()) return false;
                return std::unexpected(std::move(written).error());
            }
            length -= count;
        }
        return true;
    }

    Result<Response> exchange(const Request& request) {
        std::uint64_t length = request.body.bytes.size();
        if (request.body.file) {
            std::error_code failure;
            length = std::filesystem::file_size(request.body.file->path(), failure);
            if (failure) {
                const std::string path = request.body.file->path().string();
                return fail(Code::kNotFound,
                            {"Không đọc được " + path + ".", "Cannot read " + path + "."});
            }
        }
        std::string head = head_of(request, length);
        if (!request.body.file) head += request.body.bytes;
        TRY(write(head, request));
        bool complete = true;
        if (request.body.file) {
            TRY_ASSIGN(complete, send_file(request, length));
        }
        auto answer = receive(request);
        if (!complete) drop();
        return answer;
    }

    Result<Response> receive(const Request& request) {
        ResponseParser parser(request.method);
        Sink sink(m_options.spool_folder);
        EventReader events;
        std::optional<Response> result;
        bool streams = false;
        std::string body;
        while (!parser.done()) {
            TRY_ASSIGN(const std::size_t count, read(request));
            if (count == 0) parser.feed_end();
            m_pending.append(m_buffer.data(), count);
            while (const std::size_t taken = parser.feed(m_pending, body))
                m_pending.erase(0, taken);
            if (parser.failed()) return away("bad answer");
            if (!parser.head_done()) continue;
            streams = wants_events(request) &&
                      parser.headers().get("Content-Type").starts_with("text/event-stream");
            if (!streams) {
                if (!sink.take(body)) return no_room();
                continue;
            }
            const bool sound = events.feed(body, [&](std::string_view name, std::string_view data) {
                if (name == "result") result = read_result(data);
                if (name != "progress") return;
                if (const auto progress = read_progress(data)) request.progress(*progress);
            });
            body.clear();
            if (!sound) return away("bad event");
        }
        m_pending.clear();
        const bool keeps = parser.keep_alive();
        Response answer;
        if (streams) {
            if (!result) return away("no result");
            answer = *std::move(result);
        } else {
            answer.status = parser.status();
            answer.headers = std::move(parser.headers());
            if (!sink.finish(body, answer)) return no_room();
        }
        if (!keeps) drop();
        return answer;
    }

    std::unexpected<Error> no_room() const {
        const std::string folder = m_options.spool_folder.string();
        return fail(Code::kUnavailable,
                    {"Không ghi được vào " + folder + ".", "Cannot write in " + folder + "."},
                    {"Kiểm tra chỗ trống trên đĩa.", "Check the free disk space."});
    }

    ClientOptions m_options;
    HostPort m_parts;
    asio::io_context m_io{1};
    std::optional<tcp::socket> m_socket;
    std::string m_buffer;
    std::string m_pending;  // read, not yet parsed
};

class InProcess final : public Target {
public:
    explicit InProcess(const Router& router) : m_router(router) {}
    Result<Response> send(Request& request) override {
        request.caller = Caller::kAdministrator;
        request.listener = Listener::kInternal;
        request.token_given = true;
        if (request.id.empty()) request.id = make_id(system_clock(), system_random());
        return m_router.dispatch(request);
    }

private:
    Router m_router;  // shares its table
};

}  // namespace

Result<std::unique_ptr<Target>> connect(ClientOptions options) {
    TRY_ASSIGN(HostPort parts, split_address(options.address));
    return std::make_unique<Connection>(std::move(options), std::move(parts));
}

std::unique_ptr<Target> in_process(const Router& router) {
    return std::make_unique<InProcess>(router);
}

}  // namespace nguon::http
