// What HTTP and the command line call by different names, within a sentence: a parameter is `as_of`
// to one and `--as-of` to the other. The sentence carries a mark; the edge that says it puts the
// name in: http::problem its own, the command line that of its table of commands.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace nguon::spoken {

// Marks. `value`: what the parameter should be, as in "send it again with confirm_deletes=5".
std::string parameter(std::string_view name, std::string_view value = {});
// "GET /api/v1/datasets", which is the command `nguon datasets`.
std::string route(std::string_view method_and_path);

// What a mark is called; it is given as HTTP has it: "as_of", "confirm_deletes=5", "GET /…".
using Names = std::function<std::string(std::string_view)>;
// The text with every mark named.
std::string say(std::string_view text, const Names& names);
std::string as_http(std::string_view text);

// A caller that names the marks itself asks for them with this header.
inline constexpr std::string_view kHeader = "Nguon-Names", kMarked = "marked";

}  // namespace nguon::spoken
