// Every setting of a node, declared in one place: name, prose, default, bounds. A node reads them
// from the member `settings` of nguon.yaml; what is not there has its default.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nguon {

struct Setting {
    std::string_view name;
    Text prose;
    std::int64_t standard = 0, lowest = 0, highest = 0;
};

const std::vector<Setting>& declared_settings();

// A setting that is a text of one line; its default is the empty one.
struct TextSetting {
    std::string_view name;
    Text prose;
};
inline constexpr std::size_t kLongestText = 1024;  // bytes
const std::vector<TextSetting>& declared_texts();

// The file nguon.yaml: who the node is, and its settings.
struct NodeConfig {
    std::string member, node;
    Text name;
    std::map<std::string, std::int64_t, std::less<>> settings;
    std::map<std::string, std::string, std::less<>> texts;

    // The value given, or the default. The name must be declared.
    std::int64_t get(std::string_view setting) const;
    std::string text(std::string_view setting) const;  // the same for a TextSetting
};

// Errors: invalid with file, line and column: unknown settings, values out of bounds, no member.
Result<NodeConfig> read_node_config(std::string_view yaml, std::string_view file);
// With every setting as a comment, so that the file explains itself.
std::string write_node_config(const NodeConfig& config);

// "VN/GOV/BCA": instance, class and member code of an X-Road identifier.
bool is_member_identifier(std::string_view text);

}  // namespace nguon
