#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nguon::http {

// gzip at a level that favours speed; nothing when it does not get smaller.
std::optional<std::string> gzip(std::string_view bytes);

}  // namespace nguon::http
