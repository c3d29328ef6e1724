// The steps of parse(), one source file each. All problems go into the context; a step that finds
// some returns what it could read, so that the steps after it find theirs.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"
#include "contract/internal/reader.h"

namespace nguon::contract::internal {

// Bounds for the steps that look names up one by one. The widest tables in use have some hundreds
// of columns.
inline constexpr std::size_t kMostDatasets = 1000;
inline constexpr std::size_t kMostColumns = 2000;
inline constexpr std::size_t kMostRules = 5000;

// `customProperties` of one element, those of ours by name.
class CustomProperties {
public:
    // `known`: ours that mean something on this element. Ours that belong to another element and
    // near misses are problems; any other name is kept and noted.
    static CustomProperties read(Context& context, MapReader& owner,
                                 std::initializer_list<std::string_view> known);

    std::optional<Place> value(std::string_view name) const;
    std::optional<std::string> text(Context& context, std::string_view name) const;

private:
    std::map<std::string, Place, std::less<>> m_values;
};

// A reference as written; resolved when every schema object of the file is known.
struct PendingReference {
    Place place;
    std::vector<Place> from;  // empty: `column`
    std::string column;
    std::vector<Place> to;
};

// A dataset while it is read, with what the checks across it need.
struct Draft {
    struct Property {
        Place place;
        std::string id;
        bool is_typed = false;  // logicalType was understood; else checks of values are pointless
        std::optional<std::int64_t> key_position;
    };

    Dataset dataset;
    Place place;
    std::string id;
    std::vector<Property> properties;  // beside dataset.columns
    std::vector<PendingReference> references;
};

std::vector<Draft> parse_schema(Context& context, const Place& list);
void parse_property(Context& context, const Place& place, Draft& draft);
// minLength, format, … and the enumeration; column.type is known.
void parse_options(Context& context, const Place& place, Column& column);
void parse_enumeration(Context& context, const Place& list, Column& column, bool is_typed);
void parse_quality(Context& context, const Place& list, Draft& draft, std::string_view column);
// A rule of the library: sets rule.metric unless it makes no sense.
void parse_library(Context& context, MapReader& quality, const Draft& draft, Rule& rule);
// A word outside a closed list is a problem; the fix is the nearest of `words`, or all of them.
void wrong_word(Context& context, const Place& place, const std::string& word,
                const std::vector<std::string>& words);
// Names made unique and made up where absent.
void name_rules(Dataset& dataset);
void parse_relationships(Context& context, const Place& list, Draft& draft,
                         std::string_view column);
void resolve_references(Context& context, std::vector<Draft>& drafts);

// A value of a list such as validValues or enum, checked against the column's type. Text that
// other YAML readers take for something else (01, no) must stand in quotes.
std::optional<std::string> typed_value(Context& context, const Place& place, LogicalType type);

}  // namespace nguon::contract::internal
