#include "base/spoken.h"

namespace nguon::spoken {
namespace {

// Shift out and shift in (ECMA-48): no sentence has them, and `printable` shows one that leaks.
constexpr char kOpen = '\x0E', kClose = '\x0F';

std::string mark(std::string_view body) {
    return kOpen + std::string(body) + kClose;
}

}  // namespace

std::string parameter(std::string_view name, std::string_view value) {
    std::string body(name);
    if (!value.empty()) body.append("=").append(value);
    return mark(body);
}

std::string route(std::string_view method_and_path) {
    return mark(method_and_path);
}

std::string say(std::string_view text, const Names& names) {
    std::string said;
    for (;;) {
        const std::size_t open = text.find(kOpen);
        const std::size_t close = text.find(kClose, open);
        if (open == std::string_view::npos || close == std::string_view::npos) break;
        said += text.substr(0, open);
        said += names(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
    }
    return said.append(text);
}

std::string as_http(std::string_view text) {
    return say(text, [](std::string_view mark) { return std::string(mark); });
}

}  // namespace nguon::spoken
