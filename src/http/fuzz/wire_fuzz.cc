// HTTP requests: how the bytes are cut may not change what is read. The first byte is the size of a
// piece.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/internal/wire.h"

namespace {

using namespace nguon::http;

struct Seen {
    bool done = false;
    int fault = 0;
    std::string target, body;
    bool operator==(const Seen&) const = default;
};

Seen parse(std::string_view bytes, std::size_t piece) {
    RequestParser parser(4096);
    Seen seen;
    std::string body;
    std::size_t taken_all = 0, given = 0;
    while (!parser.done() && !parser.fault()) {
        const std::size_t taken = parser.feed(bytes.substr(taken_all, given - taken_all), body);
        if (taken > given - taken_all) std::abort();
        taken_all += taken;
        if (taken > 0 || parser.fault()) continue;
        if (given == bytes.size()) break;
        given = given + piece < bytes.size() ? given + piece : bytes.size();
    }
    seen.done = parser.done() && !parser.fault();
    if (!seen.done) return seen;  // a fault may be told sooner or later
    seen.target = parser.head().target;
    seen.body = std::move(body);
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    if (!(parse(text, text.size() + 1) == parse(text, data[0] % 16u + 1u))) std::abort();

    ResponseParser response(Method::kGet);
    std::string body;
    std::size_t at = 0;
    while (const std::size_t taken = response.feed(text.substr(at), body))
        at += taken;
    response.feed_end();
    return 0;
}
