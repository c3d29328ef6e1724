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
inline constexpr std::size_t kLongestMember = 200;  // bytes of a member's name in a nested value

// A contract's JSON with every alias written out.
inline constexpr std::size_t kMostExpanded = 16UL * 1024 * 1024;

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

// Of the top: everything that describes the contract.
void parse_description(Context& context, MapReader& top);
std::vector<Definition> read_definitions(const Node& owner);
std::vector<Synonym> read_synonyms(const Node& owner);
// Compact JSON; aliases are written out.
std::string json_of(const Node& node);
// Bytes of its texts with aliases written out; counting stops above `most`.
std::size_t bytes_of(const Node& node, std::size_t most);

std::vector<Draft> parse_schema(Context& context, const Place& list);
void parse_property(Context& context, const Place& place, Draft& draft);
// minLength, format, …; column.type is known and may be made exact by a wide integer format.
void parse_type_options(Context& context, MapReader& property, Column& column);
void parse_enumeration(Context& context, const Place& list, Column& column, bool is_typed);
// Whose rules: a dataset's (no column), a column's, or those of a part of a nested column.
struct RuleOwner {
    std::string column;  // "", "ward", "address.ward"
    bool is_part = false;
};
void parse_quality(Context& context, const Place& list, Draft& draft, const RuleOwner& owner);
// A rule of the library: sets rule.metric unless it makes no sense.
void parse_library(Context& context, MapReader& quality, const Draft& draft, Rule& rule);
// The bound of a query; false, and a problem, when there is none that makes sense.
bool parse_sql_bound(Context& context, MapReader& quality, SqlRule& rule);
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
