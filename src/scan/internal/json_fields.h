// Which member of a JSON object is which column: by its path, "address.city" for nested ones.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "scan/records.h"

namespace nguon::scan {

enum class Geo { kNo, kFeatures };  // GeoJSON (RFC 7946): properties are columns, and `geometry`

// Different members of one input that are remembered.
inline constexpr std::size_t kMostMembers = 4096;

class JsonFields {
public:
    JsonFields(const InputOptions& options, Geo geo);  // the wanted columns of `options`

    const std::vector<std::string>& names() const { return m_names; }
    // How many of the columns objects with these paths fill.
    std::size_t count_columns(const std::vector<std::string>& paths) const;
    class Reader;

private:
    std::ptrdiff_t column_of(const std::string& path) const;  // -1: none
    std::ptrdiff_t geometry_column() const;

    Geo m_geo;
    std::vector<std::string> m_names;
    std::unordered_map<std::string, std::ptrdiff_t> m_by_name;  // names and titles
};

// Remembers paths: one for each thread.
class JsonFields::Reader {
public:
    explicit Reader(const JsonFields& fields);
    ~Reader();
    // Fills `fields` (one for each name), which are empty, from one object; texts stand in `record`
    // or go to `arena`. False: it is no JSON object, or has two values for one column, and the
    // fields mean nothing.
    // `numbers`, if any, as Block::numbers.
    bool read(std::string_view record, std::span<std::string_view> fields,
              std::deque<std::string>& arena, std::span<unsigned char> numbers = {});
    // Of the last record: the column that has two values; empty: none.
    std::string_view given_twice() const;
    // Of all records that could be read, in the order in which they were met.
    std::vector<SpareMember> spare() const;
    bool has_more() const;  // members than could be remembered
    // Of each name, whether any record read so far had it as a member, null or not.
    std::vector<char> met() const;

private:
    class Events;
    struct Parser;
    std::unique_ptr<Parser> m_parser;
};

// Whether an object is a GeoJSON feature.
bool is_feature(const json::value& value);

}  // namespace nguon::scan
