// `serve` as a service manager runs it: in a process of its own, with sockets and a place to notify
// that came from outside. Stands in for systemd.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "base/json.h"
#include "http/client.h"
#include "node/node.h"
#include "node/service_manager.h"

namespace nguon::node {
namespace {

namespace fs = std::filesystem;

int listening_socket(std::string& address) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(descriptor, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(descriptor, 16), 0);
    socklen_t size = sizeof at;
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&at), &size);
    address = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
    return descriptor;
}

class ServeTest : public testing::Test {
protected:
    ServeTest() {
        std::string name = (fs::temp_directory_path() / "serve-XXXXXX").string();
        m_folder = ::mkdtemp(name.data());
        m_data = m_folder / "data";
        EXPECT_TRUE(init({m_data, "VN/GOV/BCA", "", ""}, real_seams()));
        m_notify = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        const std::string path = (m_folder / "notify").string();
        path.copy(at.sun_path, sizeof at.sun_path - 1);
        EXPECT_EQ(::bind(m_notify, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
        const timeval limit{30, 0};
        ::setsockopt(m_notify, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    ~ServeTest() override {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            ::waitpid(m_pid, nullptr, 0);
        }
        ::close(m_notify);
        fs::remove_all(m_folder);
    }

    void set(const std::string& setting) {
        std::ofstream(m_data / "nguon.yaml", std::ios::app) << "  " << setting << "\n";
    }

    // Serves in a child whose descriptors from 3 on are `sockets`. `names`: LISTEN_FDNAMES.
    void serve_in_child(const std::vector<int>& sockets, const char* names) {
        std::fflush(nullptr);
        m_pid = ::fork();
        if (m_pid != 0) return;
        std::vector<int> high;
        for (const int socket : sockets)
            high.push_back(::fcntl(socket, F_DUPFD, 100));
        for (std::size_t i = 0; i < high.size(); ++i)
            ::dup2(high[i], 3 + static_cast<int>(i));
        ::setenv("NOTIFY_SOCKET", (m_folder / "notify").c_str(), 1);
        if (!sockets.empty()) {
            ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
            ::setenv("LISTEN_FDS", std::to_string(sockets.size()).c_str(), 1);
            if (names != nullptr) ::setenv("LISTEN_FDNAMES", names, 1);
        }
        const auto ready = [](const std::string&) {};
        const Result<void> served =
            serve({m_data, "127.0.0.1:0", "127.0.0.1:0"}, real_seams(), ready);
        const bool kept =
            std::getenv("NOTIFY_SOCKET") != nullptr || std::getenv("LISTEN_FDS") != nullptr;
        ::_exit(!served ? exit_code_of(served.error().code) : kept ? 99 : 0);
    }
    std::string notified() const {
        char text[4096];
        const ssize_t count = ::recv(m_notify, text, sizeof text, 0);
        return count < 0 ? "" : std::string(text, static_cast<std::size_t>(count));
    }
    int stop(int signal = SIGTERM) {
        ::kill(m_pid, signal);
        return end();
    }
    int end() {
        int status = 0;
        ::waitpid(m_pid, &status, 0);
        m_pid = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    }
    std::string address_of(std::string_view listener) const {
        std::ifstream file(m_data / "node.json");
        const std::string text((std::istreambuf_iterator<char>(file)), {});
        return std::string(parse_json(text).value().at(listener).as_string());
    }
    static int status_of(const std::string& address, const std::string& path) {
        http::ClientOptions options;
        options.address = address;
        auto target = http::connect(options);
        if (!target) return 0;
        http::Request request;
        request.path = path;
        const auto answer = (*target)->send(request);
        return answer ? answer->status : 0;
    }

    fs::path m_folder, m_data;
    int m_notify = -1;
    pid_t m_pid = -1;
};

// Goal: a node serves on the sockets that it is given, and says when. Method: the names are turned
// round, so the order alone would be wrong; a client connects before the node runs.
TEST_F(ServeTest, TakesSocketsByNameAndNotifies) {
    std::string internal, open;
    const int first = listening_socket(internal), second = listening_socket(open);
    serve_in_child({first, second}, "internal:public");
    ::close(first);
    ::close(second);
    const std::string ready = notified();
    EXPECT_TRUE(ready.starts_with("READY=1\n")) << ready;
    EXPECT_EQ(address_of("public"), open);
    EXPECT_EQ(address_of("internal"), internal);
    EXPECT_EQ(status_of(open, "/metrics"), 403);
    EXPECT_EQ(status_of(internal, "/metrics"), 200);
    EXPECT_EQ(stop(), 0);
    EXPECT_EQ(notified(), "STOPPING=1");
}

TEST_F(ServeTest, WithoutNamesTheOrderCounts) {
    std::string open, internal;
    const int first = listening_socket(open), second = listening_socket(internal);
    serve_in_child({first, second}, nullptr);
    EXPECT_NE(notified(), "");
    EXPECT_EQ(address_of("public"), open);
    EXPECT_EQ(address_of("internal"), internal);
    ::close(first);
    ::close(second);
    EXPECT_EQ(stop(SIGINT), 0);
}

TEST_F(ServeTest, SocketsThatNobodyKnowsOrThatDoNotListenAreRefused) {
    std::string address;
    const int good = listening_socket(address);
    serve_in_child({good}, "federation");
    EXPECT_EQ(end(), 2);
    serve_in_child({good, good}, "public:public");
    EXPECT_EQ(end(), 2);
    const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    serve_in_child({silent}, "public");
    EXPECT_EQ(end(), 2);
    ::close(silent);
    ::close(good);
}

TEST_F(ServeTest, VariablesOfAnotherProcessAreNotForUs) {
    ::setenv("LISTEN_PID", "1", 1);
    ::setenv("LISTEN_FDS", "2", 1);
    const auto manager = ServiceManager::from_environment();
    ASSERT_TRUE(manager);
    EXPECT_EQ(manager->listener("public"), -1);
    EXPECT_EQ(std::getenv("LISTEN_FDS"), nullptr);
    manager->notify("READY=1");  // to nobody
}

// Goal: rotation by signal loses no line of the access log. Method: requests in a row while the
// file is moved away and SIGHUP sent, ten times; every request has its line in one of the files.
TEST_F(ServeTest, AHangupReopensTheLogAndLosesNoLine) {
    set("log.file: log/access.log");
    serve_in_child({}, nullptr);
    EXPECT_TRUE(notified().starts_with("READY=1\n"));
    const std::string address = address_of("public");
    std::atomic<int> asked{0};
    std::atomic<bool> enough{false};
    std::thread client([&] {
        while (!enough && asked < 100'000)
            asked += status_of(address, "/health/live") == 200 ? 1 : 0;
    });
    constexpr int kTimes = 10;
    for (int i = 0; i < kTimes; ++i) {
        const int before = asked;
        while (asked < before + 5)
            std::this_thread::yield();
        fs::rename(m_data / "log/access.log", m_data / ("log/old-" + std::to_string(i)));
        ::kill(m_pid, i % 2 == 0 ? SIGHUP : SIGUSR1);
        EXPECT_TRUE(notified().starts_with("RELOADING=1\nMONOTONIC_USEC="));
        EXPECT_EQ(notified(), "READY=1");
        EXPECT_TRUE(fs::exists(m_data / "log/access.log"));
    }
    enough = true;
    client.join();
    EXPECT_EQ(stop(), 0);
    int requests = 0, reopened = 0;
    for (const auto& entry : fs::directory_iterator(m_data / "log")) {
        std::ifstream file(entry.path());
        for (std::string line; std::getline(file, line);) {
            const auto parsed = parse_json(line);
            ASSERT_TRUE(parsed) << line;
            requests += parsed->at("event") == "http.request" ? 1 : 0;
            reopened += parsed->at("event") == "log.reopened" ? 1 : 0;
        }
    }
    EXPECT_EQ(requests, asked);
    EXPECT_EQ(reopened, kTimes);
}

TEST_F(ServeTest, ALogThatCannotBeWrittenStopsTheStart) {
    set("log.file: /proc/nguon.log");
    serve_in_child({}, nullptr);
    EXPECT_EQ(end(), exit_code_of(Code::kUnavailable));
}

}  // namespace
}  // namespace nguon::node
