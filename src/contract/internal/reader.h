// Reads one YAML map field by field, so that what is wrong is said with its path and its place, and
// what nobody asked for is a problem too.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"
#include "contract/internal/problems.h"
#include "contract/internal/yaml.h"

namespace nguon::contract::internal {

// A value and where it is: "schema[0].properties[2].logicalType".
struct Place {
    const Node* node = nullptr;
    std::string path;
    Mark at() const { return node->at; }
};

// What one parse carries along.
struct Context {
    Problems& problems;
    Contract& contract;
    int api = 320;  // 300, 301, 302, 310 or 320
    std::set<std::string> noted;

    void problem(const Place& place, Text what, Text fix) {
        problems.add(place.at(), place.path, std::move(what), std::move(fix));
    }
    InFile in_file(const Place& place) const {
        return {place.at().line, problems.column_in_characters(place.at()), place.path};
    }
    // nearest(), as long as somebody will read it.
    std::string guess(std::string_view name, const std::vector<std::string>& candidates) const;
    // "kept, and not acted on yet"; each path once.
    void note(const std::string& path);
};

class MapReader {
public:
    // A place that is not a map is a problem; every field is then absent.
    MapReader(Context& context, const Place& place);

    bool is_map() const { return m_is_map; }
    const Place& place() const { return m_place; }

    bool has(std::string_view key) const { return find(key) != nullptr; }
    // The value of a known key; a key with nothing after the colon is a problem and absent.
    std::optional<Place> value(std::string_view key);
    // As value(), but an empty value is one too.
    std::optional<Place> raw(std::string_view key);
    // As value(), and its absence is a problem; `example` shows what to write.
    std::optional<Place> required(std::string_view key, std::string_view example);

    std::optional<std::string> text(std::string_view key);  // trimmed, not empty
    std::string required_text(std::string_view key, std::string_view example);
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::int64_t> whole(std::string_view key, std::int64_t low, std::int64_t high);
    std::vector<Place> list(std::string_view key);  // empty when absent; not a list: a problem

    // Known keys that describe: checked by shape_of(key), kept in the text of the contract, and
    // noted when present.
    void keep(std::initializer_list<std::string_view> keys);
    // Known keys that need neither reading nor a note.
    void skip(std::initializer_list<std::string_view> keys);
    // The key came with a later version of the standard than the contract names.
    void since(int api, std::initializer_list<std::string_view> keys);
    // A known key that the platform cannot honour.
    void refuse(std::string_view key, Text what, Text fix);

    // Reports unknown keys and missing required ones. Call once, when every field was asked for.
    void finish();

    Place child(const Node& node, std::string_view key) const;

private:
    struct Missing {
        std::string key, example;
    };
    const Node::Entry* find(std::string_view key) const;
    const Node::Entry* know(std::string_view key);

    Context& m_context;
    Place m_place;
    bool m_is_map;
    std::vector<std::string> m_known;
    std::vector<Missing> m_missing;
};

// The texts of single values; a map or list is a problem and nothing.
std::optional<std::string> scalar(Context& context, const Place& place);
std::optional<bool> boolean_value(Context& context, const Place& place);
std::vector<Place> list_value(Context& context, const Place& place);
// Of what was checked already: the text of a single value below a map, empty when there is none.
std::string text_in(const Node& map, std::string_view key);
const Node* node_in(const Node& map, std::string_view key);  // null when absent
std::vector<std::string> texts_in(const Node& map, std::string_view key);
std::string name_of_version(int api);  // 310 -> "v3.1.0"
// Vietnamese from the standard's field, English from ours; a missing one takes the other's words.
Text both(std::optional<std::string> vi, std::optional<std::string> en);

}  // namespace nguon::contract::internal
