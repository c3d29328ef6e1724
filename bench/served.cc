#include "served.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "base/disk.h"
#include "base/text.h"
#include "node/node.h"

namespace nguon::bench {
namespace {

Result<void> make_node(const std::filesystem::path& folder) {
    std::filesystem::remove_all(folder);
    const node::Seams seams = node::real_seams();
    TRY(node::init({folder, "VN/GOV/BCA", "", ""}, seams));
    TRY_ASSIGN(const auto node, node::Node::open(folder, seams));
    const std::string contract =
        "apiVersion: v3.1.0\nkind: DataContract\nid: b\nname: b\nversion: 1.0.0\nstatus: "
        "active\nschema:\n  - name: person\n    properties:\n"
        "      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1, "
        "required: true, logicalTypeOptions: {pattern: '^[0-9]{12}$'}}\n"
        "      - {name: full_name, logicalType: string, required: true}\n"
        "      - {name: born, logicalType: date}\n"
        "      - {name: ward, logicalType: string, logicalTypeOptions: {maxLength: 5}}\n";
    http::Request request;
    request.method = http::Method::kPost;
    request.path = "/api/v1/contracts";
    request.caller = http::Caller::kAdministrator;
    request.listener = http::Listener::kInternal;
    request.body = {
        to_text(json::object{
            {"contracts", json::array{json::object{{"file", "b.yaml"}, {"text", contract}}}}}),
        nullptr};
    const http::Response response = node->router().dispatch(request);
    if (response.status >= 300) return fail(Code::kInternal, Text::same(response.body));
    return {};
}

}  // namespace

Result<std::unique_ptr<Served>> Served::start(const Options& options,
                                              const std::filesystem::path& folder) {
    TRY(make_node(folder));
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return fail(Code::kInternal, Text::same("pipe"));
    std::unique_ptr<Served> served(new Served);
    served->m_pid = ::fork();
    if (served->m_pid == 0) {
        ::dup2(pipe[1], STDOUT_FILENO);
        ::close(pipe[0]);
        ::execl(options.program.c_str(), "nguon", "serve", "--data", folder.c_str(), "--public",
                "127.0.0.1:0", "--internal", "127.0.0.1:0", nullptr);
        ::_exit(127);
    }
    ::close(pipe[1]);
    std::string line(4096, '\0');
    const ssize_t got = ::read(pipe[0], line.data(), line.size());
    ::close(pipe[0]);
    line.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    TRY_ASSIGN(const json::value ready, parse_json(line));
    served->m_address = ready.at("internal").as_string();
    TRY_ASSIGN(const std::string token, real_disk().read_all(folder / "admin.token"));
    served->m_token = trim(token);
    return served;
}

Served::~Served() {
    ::kill(m_pid, SIGTERM);
    int status = 0;
    ::waitpid(m_pid, &status, 0);
}

std::string Served::put(std::uint64_t id) const {
    constexpr std::string_view kBody =
        R"({"full_name":"Nguyễn Văn Bình","born":"1990-03-02","ward":"00001"})";
    return fmt::format(
        "PUT /api/v1/datasets/b.person/rows/{:012} HTTP/1.1\r\nHost: "
        "{}\r\nAuthorization: Bearer {}\r\nContent-Type: "
        "application/json\r\nContent-Length: {}\r\n\r\n{}",
        id, m_address, m_token, kBody.size(), kBody);
}

std::string Served::follow(std::int64_t from) const {
    return fmt::format(
        "GET /api/v1/datasets/b.person/history?from={}&wait=30&limit=1000 "
        "HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
        from, m_address, m_token);
}

}  // namespace nguon::bench
