// A contract's YAML as the same document in JSON, for `contract --json`.
#include <yaml-cpp/yaml.h>

#include <charconv>

#include "cli/contract_files.h"

namespace nguon::cli {
namespace {

// What a plain scalar is in the core schema (YAML 1.2.2 section 10.3.2).
json::value plain(const std::string& text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
        return nullptr;
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    const char* first = text.data() + (text.front() == '+' ? 1 : 0);
    const char* last = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto [end, error] = std::from_chars(first, last, whole);
        error == std::errc() && end == last) {
        return whole;
    }
    const bool number = text.find_first_not_of("+-.0123456789eE") == std::string::npos;
    double real = 0;
    const auto [end, error] = std::from_chars(first, last, real);
    if (number && error == std::errc() && end == last) return real;
    return json::value(text);
}

json::value value_of(const YAML::Node& node) {
    switch (node.Type()) {
        case YAML::NodeType::Scalar:
            return node.Tag() == "!" ? json::value(node.Scalar()) : plain(node.Scalar());
        case YAML::NodeType::Sequence: {
            json::array items;
            for (const YAML::Node& item : node)
                items.push_back(value_of(item));
            return items;
        }
        case YAML::NodeType::Map: {
            json::object members;
            for (const auto& member : node)
                members[member.first.Scalar()] = value_of(member.second);
            return members;
        }
        default: return nullptr;
    }
}

}  // namespace

// The node has read this text as a contract before, within its limits of size, depth and aliases.
Result<json::value> json_of_yaml(std::string_view yaml) {
    try {
        return value_of(YAML::Load(std::string(yaml)));
    } catch (const YAML::Exception& wrong) {
        return fail(Code::kInvalid, Text::same(wrong.what()));
    }
}

}  // namespace nguon::cli
