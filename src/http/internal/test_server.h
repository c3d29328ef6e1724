// For tests: a server on free ports with a few routes, and a client that sends raw bytes.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "http/client.h"
#include "http/server.h"

namespace nguon::http {

inline constexpr const char* kToken = "a-token-for-tests";

// Sends bytes as they are. Every wait ends after ten seconds.
class RawClient {
public:
    explicit RawClient(const std::string& address) {
        const std::size_t colon = address.rfind(':');
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
        inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
        m_socket = ::socket(AF_INET, SOCK_STREAM, 0);
        const timeval limit{10, 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        m_connected = ::connect(m_socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }
    ~RawClient() { close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool connected() const { return m_connected; }
    void close() {
        if (m_socket >= 0) ::close(m_socket);
        m_socket = -1;
    }
    bool send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t count = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    // Up to and with `mark`; all that came when the connection ended before it.
    std::string read_to(std::string_view mark) {
        std::size_t at = m_held.find(mark);
        while (at == std::string::npos && more())
            at = m_held.find(mark);
        return take(at == std::string::npos ? m_held.size() : at + mark.size());
    }
    std::string read_bytes(std::size_t count) {
        while (m_held.size() < count && more()) {
        }
        return take(std::min(count, m_held.size()));
    }
    std::string read_to_end() {
        while (more()) {
        }
        return take(m_held.size());
    }
    // Head and body by Content-Length.
    std::string answer() {
        std::string text = read_to("\r\n\r\n");
        const std::size_t at = text.find("Content-Length: ");
        if (at == std::string::npos) return text;
        return text + read_bytes(std::stoul(text.substr(at + 16)));
    }
    std::string ask(std::string_view bytes) {
        send(bytes);
        return answer();
    }
    // True when the peer closed and nothing is left to read.
    bool ended() { return m_held.empty() && !more() && m_end; }

private:
    bool more() {
        char bytes[65536];
        const ssize_t count = ::recv(m_socket, bytes, sizeof bytes, 0);
        m_end = count == 0;
        if (count > 0) m_held.append(bytes, static_cast<std::size_t>(count));
        return count > 0;
    }
    std::string take(std::size_t count) {
        std::string text = m_held.substr(0, count);
        m_held.erase(0, count);
        return text;
    }
    int m_socket = -1;
    bool m_connected = false;
    bool m_end = false;
    std::string m_held;
};

// Collects the names and fields of log lines.
class CollectingLog final : public Log {
public:
    void write(Level, std::string_view event, std::initializer_list<Field> fields) override {
        std::string line(event);
        for (const auto& [name, value] : fields) {
            line.append(" ").append(name).append("=");
            if (const auto* text = std::get_if<std::string>(&value)) line += *text;
            if (const auto* number = std::get_if<std::int64_t>(&value))
                line += std::to_string(*number);
        }
        const std::lock_guard lock(m_mutex);
        m_lines.push_back(std::move(line));
    }
    std::string text() {
        const std::lock_guard lock(m_mutex);
        std::string all;
        for (const std::string& line : m_lines)
            all += line + "\n";
        return all;
    }

private:
    std::mutex m_mutex;
    std::vector<std::string> m_lines;
};

class ServerTest : public testing::Test {
protected:
    ServerTest() {
        std::string name = (std::filesystem::temp_directory_path() / "http-test-XXXXXX").string();
        m_folder = ::mkdtemp(name.data());
        m_options.listeners = {{"public", "127.0.0.1:0", ""}, {"internal", "127.0.0.1:0", kToken}};
        m_options.spool_folder = m_folder / "spool";
        m_options.log = &m_log;
        add(Method::kGet, "/hello", [](Request&) { return text("hello"); });
        add(Method::kGet, "/inline", [](Request&) { return text("inline"); }, Runs::kInline);
        add(Method::kPost, "/echo", [](Request& request) {
            Response answer = text(request.body.bytes);
            answer.file = request.body.file;
            return answer;
        });
    }
    ~ServerTest() override {
        m_server.reset();
        std::filesystem::remove_all(m_folder);
    }

    static Response text(std::string_view body) {
        Response answer;
        answer.headers.set("Content-Type", "text/plain");
        answer.body = body;
        return answer;
    }
    template <class F>
    void add(Method method, const std::string& path, F handler, Runs runs = Runs::kOnPool) {
        Route route{method, path, Access::kAnyone, "A route of the test."};
        route.handler = [handler](Request& request) -> Result<Response> {
            return handler(request);
        };
        route.runs = runs;
        if (method == Method::kPost) route.body = "application/octet-stream";
        m_router.add(std::move(route));
    }
    void start() {
        auto server = Server::start(m_options, m_router);
        ASSERT_TRUE(server.has_value()) << server.error().detail.en;
        m_server = *std::move(server);
        m_public = m_server->address("public");
        m_internal = m_server->address("internal");
    }
    std::size_t spooled() const {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& entry :
             std::filesystem::directory_iterator(m_options.spool_folder)) {
            ++count;
        }
        return count;
    }

    std::filesystem::path m_folder;
    CollectingLog m_log;
    ServerOptions m_options;
    Router m_router;
    std::unique_ptr<Server> m_server;
    std::string m_public, m_internal;
};

}  // namespace nguon::http
