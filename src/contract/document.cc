// A contract's YAML as JSON.
#include "base/json.h"
#include "contract/internal/parser.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

json::value to_json(const Node& node) {
    switch (node.kind) {
        case Node::Kind::kNull: return nullptr;
        case Node::Kind::kList: {
            json::array list;
            for (const Node* item : node.items)
                list.push_back(to_json(*item));
            return list;
        }
        case Node::Kind::kMap: {
            json::object map;
            for (const Node::Entry& entry : node.entries)
                map[entry.key] = to_json(*entry.value);
            return map;
        }
        case Node::Kind::kScalar: break;
    }
    if (node.plain) {
        if (node.text == "true") return true;
        if (node.text == "false") return false;
        if (const auto whole = to_whole(node.text)) return *whole;
        if (const auto number = to_double(node.text)) return *number;
    }
    return json::value(node.text);
}

}  // namespace

std::string json_of(const Node& node) {
    return to_text(to_json(node));
}

std::size_t bytes_of(const Node& node, std::size_t most) {
    std::size_t bytes = node.text.size() + 4;
    for (const Node* item : node.items) {
        if (bytes > most) return bytes;
        bytes += bytes_of(*item, most - bytes);
    }
    for (const Node::Entry& entry : node.entries) {
        if (bytes > most) return bytes;
        bytes += entry.key.size() + 4;
        if (bytes <= most) bytes += bytes_of(*entry.value, most - bytes);
    }
    return bytes;
}

}  // namespace nguon::contract::internal
