// Crowds: a thousand clients that drip, ten thousand that only hold a connection.
#include <sys/resource.h>
#include <sys/wait.h>

#include <fstream>

#include "http/internal/test_server.h"

namespace nguon::http {
namespace {

constexpr std::string_view kGet = "GET /inline HTTP/1.1\r\nHost: h\r\n\r\n";

// Whether this process may open so many files: both ends of each connection are in it.
bool may_open(rlim_t files) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= files) return true;
    limit.rlim_cur = std::min(limit.rlim_max, files);
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= files;
}

double resident_mb() {
    std::ifstream file("/proc/self/statm");
    double total = 0, resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

std::vector<std::unique_ptr<RawClient>> crowd(const std::string& address, int count,
                                              std::string_view bytes) {
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < count; ++i) {
        clients.push_back(std::make_unique<RawClient>(address));
        EXPECT_TRUE(clients.back()->connected()) << i;
        clients.back()->send(bytes);
    }
    return clients;
}

class ServerCrowdTest : public ServerTest {
protected:
    bool open_are(int count) const {
        const std::string line = "connections{listener=\"public\"} " + std::to_string(count) + "\n";
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (std::chrono::steady_clock::now() < limit) {
            if (m_server->metrics().find(line) != std::string::npos) return true;
            std::this_thread::yield();
        }
        return false;
    }
};

// Goal: slow clients cost others nothing and are all gone in time. Method: a thousand that stop
// within the head, a client that asks meanwhile, and their answers.
TEST_F(ServerCrowdTest, AThousandSlowClientsAreDroppedWhileOthersAreAnswered) {
    if (!may_open(2'500)) GTEST_SKIP() << "may open too few files";
    m_options.header_timeout = std::chrono::seconds(3);
    start();
    const auto clients = crowd(m_public, 1'000, "GET /inline HTTP/1.1\r\nHost: ");
    RawClient other(m_public);
    for (int i = 0; i < 100; ++i) {
        const auto before = std::chrono::steady_clock::now();
        ASSERT_TRUE(other.ask(kGet).ends_with("inline"));
        EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(1));
    }
    for (const auto& client : clients)
        EXPECT_TRUE(client->read_to_end().starts_with("HTTP/1.1 408"));
    EXPECT_TRUE(open_are(1));
    EXPECT_TRUE(other.ask(kGet).ends_with("inline"));
}

// A server in a process of its own, as half of the files belong to it; it ends with this object.
class OtherProcess {
public:
    OtherProcess(const ServerOptions& options, const Router& router) {
        int told[2], life[2];
        if (::pipe(told) != 0 || ::pipe(life) != 0) return;
        m_pid = ::fork();
        if (m_pid == 0) {
            ::close(life[1]);
            auto server = Server::start(options, router);
            const std::string line =
                server ? (*server)->address("public") + " " + (*server)->address("internal") : "";
            (void)!::write(told[1], line.data(), line.size());
            ::close(told[1]);
            char end = 0;
            (void)!::read(life[0], &end, 1);  // until the parent is done
            ::_exit(0);
        }
        ::close(told[1]);
        ::close(life[0]);
        m_life = life[1];
        char text[256];
        const ssize_t count = ::read(told[0], text, sizeof text);
        ::close(told[0]);
        const std::string line(text, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        open = line.substr(0, line.find(' '));
        internal = line.substr(line.find(' ') + 1);
    }
    ~OtherProcess() {
        ::close(m_life);
        ::waitpid(m_pid, nullptr, 0);
    }
    std::string open, internal;

private:
    pid_t m_pid = -1;
    int m_life = -1;
};

// Goal: ten thousand connections are held in little memory, the next gets 503 at once, and when
// they go there is room again.
TEST_F(ServerCrowdTest, TenThousandConnectionsAreHeldAndTheNextIsTurnedAway) {
    constexpr int kMany = 10'000;
    if (!may_open(kMany + 500)) GTEST_SKIP() << "may open too few files";
    m_options.max_connections = 10'666;  // a sixteenth is not for the public listener
    add(Method::kGet, "/resident", [](Request&) { return text(std::to_string(resident_mb())); });
    const OtherProcess server(m_options, m_router);
    const auto resident = [&] {
        const std::string answer =
            RawClient(server.internal).ask("GET /resident HTTP/1.1\r\nHost: h\r\n\r\n");
        return std::stod(answer.substr(answer.find("\r\n\r\n") + 4));
    };
    const double before = resident();
    auto clients = crowd(server.open, kMany, "");
    for (int i = 0; i < kMany; i += 997)
        EXPECT_TRUE(clients[static_cast<std::size_t>(i)]->ask(kGet).ends_with("inline")) << i;
    EXPECT_TRUE(clients.back()->ask(kGet).ends_with("inline"));
    EXPECT_TRUE(RawClient(server.open).answer().starts_with("HTTP/1.1 503"));
    EXPECT_TRUE(RawClient(server.internal).ask(kGet).ends_with("inline"));
    EXPECT_LT(resident() - before, 150)
        << "MB for ten thousand";  // sanitizers take three times ours
    clients.clear();
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    bool room = false;
    while (!room && std::chrono::steady_clock::now() < limit)
        room = RawClient(server.open).ask(kGet).ends_with("inline");
    EXPECT_TRUE(room);
}

}  // namespace
}  // namespace nguon::http
