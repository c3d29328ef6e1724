// The request target (RFC 9112 section 3.2) apart into path and query.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace nguon::http {

using Query = std::vector<std::pair<std::string, std::string>>;

// "a=1&b=x+y%2C" decoded, in order; '+' is a space. Errors: invalid for a bad escape, for bytes
// that are not UTF-8, and for NUL.
Result<Query> parse_query(std::string_view text);

// Takes origin-form ("/path?query") and absolute-form ("http://host/path"). `path` stays encoded.
// Errors: invalid for anything else, for a fragment, and for segments "." and "..", which every
// client resolves before it sends.
Result<void> parse_target(std::string_view target, std::string& path, Query& query);

// Whether an absolute-form target names the host that the Host field names; true for origin-form.
bool same_authority(std::string_view target, std::string_view host);

// Percent-decoded text that is UTF-8 without NUL, or an error that names no value.
Result<std::string> decode_text(std::string_view encoded);

// Path and query as a client sends them; the path is encoded already.
std::string make_target(std::string_view path, const Query& query);

}  // namespace nguon::http
