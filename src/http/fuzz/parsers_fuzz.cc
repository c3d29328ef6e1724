// What outsiders can send to the parsers of this module's own. The first byte picks one.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/internal/event_stream.h"
#include "http/internal/packing.h"
#include "http/internal/path_tree.h"
#include "http/internal/range.h"
#include "http/internal/uri.h"

namespace {

using namespace nguon::http;

void check(bool holds) {
    if (!holds) std::abort();
}

void on_query(std::string_view text) {
    const auto query = parse_query(text);
    if (!query) return;
    std::string path;
    Query again;
    check(parse_target(make_target("/", *query), path, again).has_value() && again == *query);
}

void on_target(std::string_view text) {
    std::string path;
    Query query;
    if (!parse_target(text, path, query)) return;
    check(path.starts_with('/') && path.find("/../") == std::string::npos);
}

void on_range(std::string_view text) {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1000}, ~std::uint64_t{0}}) {
        const auto range = parse_range(text, size);
        check(!range || (range->length <= size && range->first <= size - range->length));
    }
}

void on_path(std::string_view text) {
    static const PathTree tree = [] {
        PathTree made;
        for (const char* path :
             {"/", "/a/{b}", "/a/b", "/a/{b}/{c}/d", "/a/b/{rest...}", "/{x}/{y}/{z}"}) {
            made.add(path);
        }
        return made;
    }();
    Captures captures;
    const int leaf = tree.match(text, captures);
    check(leaf < 6 && captures.count <= Captures::kMost);
}

void on_events(std::string_view text) {
    const auto sink = [](std::string_view, std::string_view data) {
        (void)read_progress(data);
        (void)read_result(data);
    };
    EventReader whole;
    whole.feed(text, sink);
    EventReader pieces;
    for (const char& c : text)
        pieces.feed({&c, 1}, sink);
}

// Accept-Encoding; and a target against a host, apart by a line break.
void on_headers(std::string_view text) {
    (void)packing_for(text);
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return;
    const std::string_view host = text.substr(end + 1);
    (void)same_authority(text.substr(0, end), host);
    if (host.find_first_of("/?#") == std::string_view::npos)
        check(same_authority("http://" + std::string(host) + "/", host));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    switch (data[0] % 6) {
        case 0: on_query(text); break;
        case 1: on_target(text); break;
        case 2: on_range(text); break;
        case 3: on_path(text); break;
        case 4: on_headers(text); break;
        default: on_events(text); break;
    }
    return 0;
}
