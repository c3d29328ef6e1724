// Path templates as a tree of segments. "/a/{name}/b" and "/files/{rest...}".
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::http {

// The raw segments that a match took for `{name}` and `{rest...}`, in order.
struct Captures {
    static constexpr std::size_t kMost = 16;
    std::array<std::string_view, kMost> raw;
    std::size_t count = 0;
};

// Leaves are numbered from 0 in the order of add(). Threads: match() runs concurrently.
class PathTree {
public:
    // The leaf of this shape; names do not count, so "/a/{x}" and "/a/{y}" are one leaf.
    std::size_t add(std::string_view path_template);
    // The best leaf, or -1. Segments are compared decoded; `{name}` takes one segment that is not
    // empty;
    // `{rest...}` takes all that remains, at least one segment, which may be empty. A static
    // segment wins over `{name}`, and that over `{rest...}`, from left to right.
    int match(std::string_view path, Captures& captures) const;

private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> statics;
        std::unique_ptr<Node> parameter;
        int leaf = -1;       // a path may end here
        int rest_leaf = -1;  // a path may go on here in any way
    };
    static int walk(const Node& node, std::string_view left, Captures& captures);
    Node m_root;
    int m_leaves = 0;
};

// "/a/{x}/{rest...}" -> x, rest
std::vector<std::string> names_in(std::string_view path_template);

}  // namespace nguon::http
