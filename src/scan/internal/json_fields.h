// Which member of a JSON object is which column: by its path, "address.city" for nested ones.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "scan/records.h"

namespace nguon::scan {

enum class Geo { kNo, kFeatures };  // GeoJSON (RFC 7946): properties are columns, and `geometry`

class JsonFields {
public:
    // The wanted columns of `options`; without any, the paths that the records of `head` have.
    JsonFields(const InputOptions& options, Geo geo, std::string_view head);

    const std::vector<std::string>& names() const { return m_names; }
    // Fills `fields` (one for each name) from an object; texts go to `arena`.
    class Reader;

private:
    std::ptrdiff_t column_of(const std::string& path) const;  // -1: none

    Geo m_geo;
    std::vector<std::string> m_names;
    std::unordered_map<std::string, std::ptrdiff_t> m_by_name;  // names and titles
};

// Remembers paths: one for each thread.
class JsonFields::Reader {
public:
    explicit Reader(const JsonFields& fields) : m_fields(fields) {}
    void read(const json::object& record, std::span<std::string_view> fields,
              std::deque<std::string>& arena);

private:
    void read_members(const json::object& object, std::size_t depth);
    void put(std::ptrdiff_t column, const json::value& value);
    std::ptrdiff_t column_of(const std::string& path);

    const JsonFields& m_fields;
    std::unordered_map<std::string, std::ptrdiff_t> m_known;
    std::string m_path;
    std::span<std::string_view> m_to;
    std::deque<std::string>* m_arena = nullptr;
};

// Whether an object is a GeoJSON feature.
bool is_feature(const json::value& value);

}  // namespace nguon::scan
