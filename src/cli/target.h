// Which node answers for a data directory.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "http/client.h"

namespace nguon::cli {

// What DIR/node.json says of the node that serves DIR: nothing when it is of another directory (DIR
// is a copy) or its process is gone.
struct Serving {
    std::string address;  // of the internal listener
    std::string token;
    std::int64_t pid = 0;
};
std::optional<Serving> serving(const std::filesystem::path& data);

// The node that serves `data`, when it answers within 10 s and is the one of nguon.yaml. Null:
// nobody serves, or nobody answers.
std::unique_ptr<http::Target> served_target(const std::filesystem::path& data);

}  // namespace nguon::cli
