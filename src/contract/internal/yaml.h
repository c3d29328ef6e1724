// A YAML document as a bounded tree with places. yaml-cpp stays in yaml.cc; nothing of it is built
// here, its events are taken one by one, so that a limit stops a hostile file before it costs
// memory.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/internal/problems.h"

namespace nguon::contract::internal {

// Limits on outside input. Rationale: a contract of 1,000 columns with texts in two languages is
// 0.6 MiB, 40,000 nodes and 9 levels deep.
inline constexpr std::size_t kMostBytes = 4UL * 1024 * 1024;
inline constexpr std::size_t kMostNodes = 250'000;  // every use of an alias counts whole
inline constexpr std::size_t kDeepest = 64;

struct Node {
    enum class Kind { kNull, kScalar, kList, kMap };
    struct Entry {
        std::string key;
        Mark at;  // of the key
        const Node* value = nullptr;
    };

    Kind kind = Kind::kNull;
    bool plain = false;  // a scalar written without quotes
    Mark at;
    std::string text;  // of a scalar, as written: 1.0 stays "1.0", 01 stays "01"
    std::vector<const Node*> items;
    std::vector<Entry> entries;  // keys are unique
    std::size_t size = 1;        // nodes below and this one, aliases counted at each use
    std::size_t height = 0;      // levels below
};

// Owns its nodes. An alias points to the node it names, so the tree may share branches; it has no
// cycle.
class Document {
public:
    // One document of UTF-8 text. Nothing when it cannot be read at all. Problems that leave a tree
    // (a key given twice) are added too, so that the rest is still looked at.
    static std::optional<Document> read(std::string_view text, Problems& problems);

    const Node& root() const { return *m_root; }

private:
    std::vector<std::unique_ptr<Node>> m_nodes;
    const Node* m_root = nullptr;
};

}  // namespace nguon::contract::internal
