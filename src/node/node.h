// One node: the modules put together over a data directory, and the one route table.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/disk.h"
#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "http/router.h"

namespace nguon::node {

struct State;

struct Seams {
    Disk* disk = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
    Log* log = nullptr;
};
Seams real_seams();  // real disk, clock and randomness, no log

struct InitOptions {
    std::filesystem::path folder;
    std::string member;  // "VN/GOV/BCA"
    std::string name_vi, name_en;
};
struct Identity {
    std::string member, node, key_id;
    Text name;
};
// Makes nguon.yaml, keys/ (0700), public.pem, admin.token (0600). Errors: conflict when a node is
// there already (nothing is changed), invalid for a member that is no X-Road identifier.
Result<Identity> init(const InitOptions& options, const Seams& seams);

enum class OpenFor {
    kCommands,
    kReading
};  // kReading: no keys needed, no byte of the folder changes

// Threads: the route table may be used concurrently.
class Node {
public:
    // Takes the folder's lock. Errors: not_found without `init`, unavailable when another command
    // holds the folder (conflict when a node serves it), corrupt.
    // The error of a folder that is held names the process.
    static Result<std::unique_ptr<Node>> open(const std::filesystem::path& folder,
                                              const Seams& seams,
                                              OpenFor purpose = OpenFor::kCommands);
    // Whether another process holds the folder now; its id when it is known, else 0.
    static std::optional<std::int64_t> holder(Disk& disk, const std::filesystem::path& folder);
    ~Node();
    const http::Router& router() const;
    const Identity& identity() const;
    std::filesystem::path spool_folder() const;
    std::string admin_token() const;
    State& state();  // for serve()

private:
    struct Impl;
    explicit Node(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

// The routes that need no data directory: POST /api/v1/check and /api/v1/contracts/import.
std::unique_ptr<http::Router> stateless_routes(const Seams& seams);

struct ServeOptions {
    std::filesystem::path folder;
    std::string public_address = "127.0.0.1:8080";
    std::string internal_address = "127.0.0.1:8081";
};
// Serves until SIGTERM or SIGINT. `ready` gets the line {"event":"ready",…} once both listeners
// answer.
Result<void> serve(const ServeOptions& options, const Seams& seams,
                   const std::function<void(const std::string& ready)>& ready);

}  // namespace nguon::node
