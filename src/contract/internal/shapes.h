// The groups of fields that describe: each has a table of what may stand in it, so that a misspelt
// key or a list where a text belongs is a problem there too, and nothing is ignored in silence.
// Source: the JSON Schemas of the Open Data Contract Standard 3.0.2, 3.1.0 and 3.2.0.
#pragma once

#include <string_view>

#include "contract/internal/reader.h"

namespace nguon::contract::internal {

enum class Shape {
    kText,      // a single value
    kDay,       // yyyy-MM-dd
    kMoment,    // RFC 3339
    kFlag,      // true, false
    kNumber,    // without quotes
    kWhole,     // a whole number
    kPort,      // a whole number; from 3.2 on also a text
    kSingle,    // a single value or null
    kAny,       // anything
    kTexts,     // a list of single values
    kAnyList,   // a list of anything
    kSemantic,  // column, measure, dimension
    kId,        // [A-Za-z0-9_-]+
    // Groups; the plural is a list of them.
    kDefinitions,
    kCustoms,
    kRoles,
    kMembers,
    kTeam,  // a group, or until 4.0 a list of members
    kSupports,
    kPrice,
    kSynonyms,
    kStatements,
    kConstraints,
    kContext,  // a text or a group
    kDescription,
    kServers,
    kSlas
};

// Adds a problem for everything below `place` that is not of the shape.
void check_shape(Context& context, const Place& place, Shape shape);
// The one shape that a key has wherever it stands; kAny for a key that is not here.
Shape shape_of(std::string_view key);
// The fields of one server; its type decides.
void check_server(Context& context, const Place& place);

}  // namespace nguon::contract::internal
