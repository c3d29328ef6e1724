#include "http/internal/path_tree.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "base/text.h"

namespace nguon::http {
namespace {

constexpr std::string_view kRest = "...}";

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

}  // namespace

std::size_t PathTree::add(std::string_view path_template) {
    if (!path_template.starts_with('/')) std::abort();
    Node* node = &m_root;
    int* leaf = nullptr;
    std::string_view left = path_template.substr(1);
    for (bool more = true; more;) {
        const std::size_t end = left.find('/');
        const std::string_view segment = left.substr(0, end);
        more = end != std::string_view::npos;
        if (more) left.remove_prefix(end + 1);
        if (is_parameter(segment) && segment.ends_with(kRest)) {
            if (more) std::abort();  // a programmer's error: nothing can follow the rest
            leaf = &node->rest_leaf;
            break;
        }
        auto& next = is_parameter(segment) ? node->parameter : node->statics[std::string(segment)];
        if (!next) next = std::make_unique<Node>();
        node = next.get();
        leaf = &node->leaf;
    }
    if (*leaf < 0) *leaf = m_leaves++;
    return static_cast<std::size_t>(*leaf);
}

int PathTree::match(std::string_view path, Captures& captures) const {
    captures.count = 0;
    if (!path.starts_with('/')) return -1;
    return walk(m_root, path.substr(1), captures);
}

// Each node of the tree is tried at most once per path, so a path cannot make this slow.
int PathTree::walk(const Node& node, std::string_view left, Captures& captures) {
    const std::size_t end = left.find('/');
    const std::string_view segment = left.substr(0, end);
    const bool last = end == std::string_view::npos;
    const std::size_t before = captures.count;
    const auto go = [&](const Node& next) {
        return last ? next.leaf : walk(next, left.substr(end + 1), captures);
    };

    if (!node.statics.empty()) {
        std::optional<std::string> decoded;
        if (segment.find('%') != std::string_view::npos) decoded = percent_decode(segment);
        const auto found = node.statics.find(decoded ? std::string_view(*decoded) : segment);
        if (found != node.statics.end()) {
            if (const int leaf = go(*found->second); leaf >= 0) return leaf;
            captures.count = before;
        }
    }
    if (captures.count == Captures::kMost) return -1;
    if (node.parameter && !segment.empty()) {
        captures.raw[captures.count++] = segment;
        if (const int leaf = go(*node.parameter); leaf >= 0) return leaf;
        captures.count = before;
    }
    if (node.rest_leaf >= 0) captures.raw[captures.count++] = left;
    return node.rest_leaf;
}

std::vector<std::string> names_in(std::string_view path_template) {
    std::vector<std::string> names;
    for (const std::string& segment : split(path_template, '/')) {
        if (!is_parameter(segment)) continue;
        const std::size_t tail = segment.ends_with(kRest) ? kRest.size() : 1;
        names.push_back(segment.substr(1, segment.size() - 1 - tail));
    }
    return names;
}

}  // namespace nguon::http
