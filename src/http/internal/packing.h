// Bodies in fewer bytes, at levels that favour speed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nguon::http {

// Nothing when it does not get smaller.
std::optional<std::string> gzip(std::string_view bytes);
std::optional<std::string> zstd(std::string_view bytes);

enum class Packing { kNone, kGzip, kZstd };
// What Accept-Encoding likes best of them (RFC 9110 section 12.5.3); zstd among equals.
Packing packing_for(std::string_view accept_encoding);

}  // namespace nguon::http
