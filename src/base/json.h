// Boost.JSON, with numbers printed as people and other programs write them.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace nguon {

namespace json = boost::json;

// Compact RFC 8259 text; doubles in the shortest form that reads back the same (1.5, not 1.5E0).
std::string to_text(const json::value& value);

// `text` in quotes, escaping only what RFC 8259 section 7 asks for; bytes that are no UTF-8 become
// U+FFFD.
void append_json_string(std::string& out, std::string_view text);

// Errors: invalid, with the position; also when nested deeper than 64.
Result<json::value> parse_json(std::string_view text);

}  // namespace nguon
