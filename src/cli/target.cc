#include "cli/target.h"

#include <signal.h>

#include <cerrno>

#include "base/disk.h"
#include "base/settings.h"
#include "cli/requests.h"

namespace nguon::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto kProbe = std::chrono::seconds(10);
// Before an answer without events: a query may take an hour (limit_seconds).
constexpr auto kLongestSilence = std::chrono::minutes(65);

bool runs(std::int64_t pid) {
    return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

// The process id may have been given to another process meanwhile, and its port to another node.
bool is_node_of(http::Target& target, const fs::path& data) {
    const Result<std::string> yaml = real_disk().read_all(data / "nguon.yaml");
    if (!yaml) return false;
    const Result<NodeConfig> config = read_node_config(*yaml, "nguon.yaml");
    if (!config) return false;
    http::Request request = get_request("/api/v1/node");
    const Result<http::Response> answer = target.send(request);
    if (!answer || answer->status != 200) return false;
    const Result<json::value> node = parse_json(answer->body);
    return node && text_at(*node, "node") == config->node;
}

}  // namespace

std::optional<Serving> serving(const fs::path& data) {
    const Result<std::string> text = real_disk().read_all(data / "node.json");
    if (!text) return std::nullopt;
    const Result<json::value> line = parse_json(*text);
    if (!line || !runs(integer_at(*line, "pid"))) return std::nullopt;
    if (const std::string folder = text_at(*line, "data"); !folder.empty()) {
        std::error_code failure;
        if (!fs::equivalent(folder, data, failure)) return std::nullopt;
    }
    const Result<std::string> token = real_disk().read_all(data / "admin.token");
    const std::string address = text_at(*line, "internal");
    if (!token || address.empty()) return std::nullopt;
    return Serving{address, std::string(trim(*token)), integer_at(*line, "pid")};
}

std::unique_ptr<http::Target> served_target(const fs::path& data) {
    const std::optional<Serving> node = serving(data);
    if (!node) return nullptr;
    http::ClientOptions options;
    options.address = node->address;
    options.token = node->token;
    options.spool_folder = data / "tmp";
    // A node answers this at once; a stopped process takes connections and says nothing.
    options.read_timeout = kProbe;
    const Result<std::unique_ptr<http::Target>> probe = http::connect(options);
    if (!probe || !is_node_of(**probe, data)) return nullptr;
    options.read_timeout = kLongestSilence;
    Result<std::unique_ptr<http::Target>> target = http::connect(std::move(options));
    return target ? std::move(*target) : nullptr;
}

}  // namespace nguon::cli
