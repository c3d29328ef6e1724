#include "contract/internal/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <unordered_map>

#include "base/normal_form.h"

namespace nguon::contract::internal {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

// yaml-cpp counts from 0, and gives -1 for an unknown place.
Mark mark_of(const YAML::Mark& at) {
    return {at.line + 1, at.column + 1};
}

// Thrown out of a handler to end the parse at a limit; caught in read() below.
struct Stop {
    Mark at;
    Text problem, fix;
};

Stop too_many(Mark at) {
    const std::string most = std::to_string(kMostNodes);
    return {at,
            {"hợp đồng có quá " + most + " phần tử, kể cả qua bí danh YAML",
             "the contract has more than " + most + " elements, aliases counted"},
            {"chia thành nhiều hợp đồng, bỏ bí danh",
             "split it into several contracts, drop the aliases"}};
}

class Builder : public YAML::EventHandler {
public:
    Builder(std::vector<std::unique_ptr<Node>>& nodes, Problems& problems)
        : m_nodes(nodes), m_problems(problems) {}

    const Node* root() const { return m_root; }
    Mark document_start() const { return m_document_start; }

    void OnDocumentStart(const YAML::Mark& at) override { m_document_start = mark_of(at); }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& at, YAML::anchor_t anchor) override {
        attach(make(Node::Kind::kNull, mark_of(at), anchor));
    }

    void OnAlias(const YAML::Mark& at, YAML::anchor_t anchor) override {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end() || is_open(found->second)) {
            throw Stop{mark_of(at),
                       {"bí danh YAML (*) trỏ vào chính đoạn chứa nó",
                        "a YAML alias (*) names the part that holds it"},
                       {"viết thẳng nội dung ra", "write the content out"}};
        }
        const Node* node = found->second;
        count(node->size, mark_of(at));
        if (m_open.size() + node->height > kDeepest) too_deep(mark_of(at));
        attach(node, mark_of(at));
    }

    void OnScalar(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        Node* node = make(Node::Kind::kScalar, mark_of(at), anchor);
        check_text(value, mark_of(at));
        std::string nfc;  // as the cells that are held against it
        node->text = to_nfc(value, nfc);
        node->plain = tag == "?" || tag.empty();
        check_tag(tag, mark_of(at));
        attach(node);
    }

    void OnSequenceStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(Node::Kind::kList, mark_of(at), tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(Node::Kind::kMap, mark_of(at), tag, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        Node* node;
        std::map<std::string, Mark> keys;  // of a map: where each was first given
        bool has_key = false;              // of a map: the next event is the value of `key`
        bool drop_value = false;           // the key was given before
        std::string key;
        Mark key_at;
    };

    Node* make(Node::Kind kind, Mark at, YAML::anchor_t anchor) {
        count(1, at);
        m_nodes.push_back(std::make_unique<Node>());
        Node* node = m_nodes.back().get();
        node->kind = kind;
        node->at = at;
        if (anchor != YAML::NullAnchor) m_anchors[anchor] = node;
        return node;
    }

    void count(std::size_t nodes, Mark at) {
        m_count += nodes;
        if (m_count > kMostNodes) throw too_many(at);
    }

    [[noreturn]] static void too_deep(Mark at) {
        const std::string most = std::to_string(kDeepest);
        throw Stop{at,
                   {"lồng nhau quá " + most + " tầng", "nested deeper than " + most + " levels"},
                   {"hợp đồng chỉ cần chừng 10 tầng", "a contract needs about 10 levels"}};
    }

    void open(Node::Kind kind, Mark at, const std::string& tag, YAML::anchor_t anchor) {
        if (m_open.size() >= kDeepest) too_deep(at);
        check_tag(tag, at);
        Open frame;
        frame.node = make(kind, at, anchor);
        m_open.push_back(std::move(frame));
    }

    void close() {
        const Node* node = m_open.back().node;
        m_open.pop_back();
        attach(node);
    }

    bool is_open(const Node* node) const {
        for (const Open& frame : m_open) {
            if (frame.node == node) return true;
        }
        return false;
    }

    void attach(const Node* node) { attach(node, node->at); }

    void attach(const Node* node, Mark at) {
        if (m_open.empty()) {
            m_root = node;
            return;
        }
        Open& parent = m_open.back();
        parent.node->size += node->size;
        parent.node->height = std::max(parent.node->height, node->height + 1);
        if (parent.node->kind == Node::Kind::kList) {
            parent.node->items.push_back(node);
        } else if (!parent.has_key) {
            take_key(parent, *node, at);
        } else {
            if (!parent.drop_value)
                parent.node->entries.push_back({parent.key, parent.key_at, node});
            parent.has_key = false;
        }
    }

    void take_key(Open& parent, const Node& node, Mark at) {
        parent.has_key = true;
        parent.drop_value = true;
        parent.key_at = at;
        if (node.kind != Node::Kind::kScalar) {
            m_problems.add(at, "", {"tên trường không phải là chữ", "a key is not a text"},
                           {"viết `tên: giá trị`", "write `key: value`"});
            return;
        }
        parent.key = node.text;
        const auto [first, is_new] = parent.keys.emplace(node.text, at);
        parent.drop_value = !is_new;
        if (is_new) return;
        const std::string key = shown(node.text);
        const int line = first->second.line;
        m_problems.add(at, node.text,
                       {fmt::format("trường {} có hai lần, lần đầu ở dòng {}", key, line),
                        fmt::format("the key {} is given twice, first on line {}", key, line)},
                       {"giữ lại một", "keep one of them"});
    }

    // The file's bytes are looked at before: only an escape such as "\0" or "\ud800" makes these.
    static void check_text(const std::string& value, Mark at) {
        const bool has_zero = value.find('\0') != std::string::npos;
        if (!has_zero && is_utf8(value)) return;
        const Text problem =
            has_zero ? Text{"giá trị có ký tự số 0", "the value holds a zero character"}
                     : Text{"giá trị không phải chữ Unicode", "the value is not Unicode text"};
        throw Stop{at,
                   problem,
                   {"bỏ mã thoát `\\` gây ra nó, hoặc viết trong nháy đơn '…'",
                    "remove the `\\` escape that makes it, or write it in single quotes '…'"}};
    }

    void check_tag(const std::string& tag, Mark at) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        if (tag.starts_with(kTagPrefix)) {
            const std::string_view name = std::string_view(tag).substr(kTagPrefix.size());
            for (const std::string_view known :
                 {"str", "int", "float", "bool", "null", "map", "seq"}) {
                if (name == known) return;
            }
        }
        m_problems.add(at, "",
                       {fmt::format("thẻ YAML {} không được dùng", shown(tag)),
                        fmt::format("the YAML tag {} is not supported", shown(tag))},
                       {"bỏ thẻ đi", "remove the tag"});
    }

    std::vector<std::unique_ptr<Node>>& m_nodes;
    Problems& m_problems;
    std::unordered_map<YAML::anchor_t, const Node*> m_anchors;
    std::vector<Open> m_open;
    std::size_t m_count = 0;
    const Node* m_root = nullptr;
    Mark m_document_start;
};

Text fix_of_syntax(std::string_view message) {
    if (message.find("tab") != std::string_view::npos) {
        return {"thụt dòng bằng dấu cách, không dùng phím tab",
                "indent with spaces, not with tabs"};
    }
    return {"xem lại thụt dòng, dấu hai chấm, dấu nháy và ngoặc quanh chỗ này",
            "look at the indentation, colons, quotes and brackets around this place"};
}

// yaml-cpp holds every token of an outermost [ ] or { } until it closes, 280 bytes each (measured:
// 528 MB for 4 MiB of "a,"), so these are bounded before it sees them. A text has fewer commas.
void check_tokens(std::string_view text) {
    const auto marks = std::count_if(text.begin(), text.end(), [](char c) {
        return c == ',' || c == '[' || c == '{' || c == '&' || c == '!';
    });
    if (static_cast<std::size_t>(marks) > kMostNodes) throw too_many({1, 1});
}

bool parse_events(std::string_view text, Builder& builder, Problems& problems) {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder) || builder.root() == nullptr ||
        builder.root()->kind == Node::Kind::kNull) {
        problems.add({1, 1}, "", {"tệp không có nội dung", "the file has no content"},
                     {"bắt đầu bằng `apiVersion: v3.1.0` và `kind: DataContract`",
                      "begin with `apiVersion: v3.1.0` and `kind: DataContract`"});
        return false;
    }
    if (!parser) return true;
    // Whatever stands after the first document, right or wrong, is one too many.
    std::vector<std::unique_ptr<Node>> others;
    Problems unread("", "");
    Builder second(others, unread);
    bool more = true;
    Mark at{0, 0};
    try {
        more = parser.HandleNextDocument(second);
        at = second.document_start();
    } catch (const YAML::Exception& wrong) {
        at = mark_of(wrong.mark);
    } catch (const Stop& stop) {
        at = stop.at;
    }
    if (!more) return true;
    problems.add(at, "",
                 {"tệp có nhiều tài liệu YAML", "the file holds more than one YAML document"},
                 {"mỗi hợp đồng một tệp, bỏ dấu `---` ở giữa",
                  "one contract per file, without `---` in the middle"});
    return false;
}

}  // namespace

std::optional<Document> Document::read(std::string_view text, Problems& problems) {
    Document document;
    Builder builder(document.m_nodes, problems);
    try {
        check_tokens(text);
        if (!parse_events(text, builder, problems)) return std::nullopt;
    } catch (const Stop& stop) {
        problems.add(stop.at, "", stop.problem, stop.fix);
        return std::nullopt;
    } catch (const YAML::Exception& wrong) {
        problems.add(mark_of(wrong.mark), "",
                     {"YAML sai cú pháp: " + wrong.msg, "wrong YAML syntax: " + wrong.msg},
                     fix_of_syntax(wrong.msg));
        return std::nullopt;
    }
    document.m_root = builder.root();
    return document;
}

}  // namespace nguon::contract::internal
