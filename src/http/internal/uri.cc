#include "http/internal/uri.h"

#include <algorithm>

#include "base/text.h"
#include "http/internal/ascii.h"

namespace nguon::http {
namespace {

std::unexpected<Error> bad_target(std::string_view vi, std::string_view en) {
    return fail(Code::kInvalid, {std::string(vi), std::string(en)},
                {"Mã hóa lại địa chỉ theo RFC 3986.", "Encode the address as RFC 3986 says."});
}

bool is_dots(std::string_view segment) {
    if (segment.size() > 6) return false;
    std::string plain;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        if (segment.substr(i, 2) == "%2" && i + 2 < segment.size() &&
            lower(segment[i + 2]) == 'e') {
            plain += '.';
            i += 2;
        } else {
            plain += segment[i];
        }
    }
    return plain == "." || plain == "..";
}

bool has_dots(std::string_view path) {
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        if (is_dots(path.substr(at, end - at))) return true;
        at = end + 1;
    }
    return false;
}

// "http://host:1/path" -> "/path"
std::string_view without_authority(std::string_view target) {
    const std::size_t colon = target.find("://");
    if (colon == std::string_view::npos) return target;
    const std::string_view scheme = target.substr(0, colon);
    if (!same_name(scheme, "http") && !same_name(scheme, "https")) return target;
    const std::size_t start = target.find_first_of("/?", colon + 3);
    if (start == std::string_view::npos || target[start] == '?') return "/";
    return target.substr(start);
}

std::string_view without_standard_port(std::string_view authority, std::string_view port) {
    if (authority.ends_with(port)) authority.remove_suffix(port.size());
    return authority;
}

}  // namespace

bool same_authority(std::string_view target, std::string_view host) {
    const std::size_t colon = target.find("://");
    if (target.starts_with('/') || colon == std::string_view::npos) return true;
    const std::string_view port = same_name(target.substr(0, colon), "https") ? ":443" : ":80";
    target.remove_prefix(colon + 3);
    const std::string_view authority = target.substr(0, target.find_first_of("/?#"));
    return same_name(without_standard_port(authority, port), without_standard_port(host, port));
}

Result<std::string> decode_text(std::string_view encoded) {
    auto text = encoded.find('%') == std::string_view::npos ? std::optional<std::string>(encoded)
                                                            : percent_decode(encoded);
    if (!text)
        return bad_target("Có dấu % sai trong địa chỉ.", "A bad percent-escape in the address.");
    if (text->find('\0') != std::string::npos || !is_utf8(*text)) {
        return bad_target("Địa chỉ không phải là UTF-8.", "The address is not UTF-8.");
    }
    return *std::move(text);
}

Result<Query> parse_query(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        std::string spaced(pair);
        std::ranges::replace(spaced, '+', ' ');
        const std::string_view whole = spaced;
        const std::size_t equals = std::min(whole.find('='), whole.size());
        TRY_ASSIGN(std::string name, decode_text(whole.substr(0, equals)));
        TRY_ASSIGN(std::string value,
                   decode_text(whole.substr(std::min(equals + 1, whole.size()))));
        query.emplace_back(std::move(name), std::move(value));
    }
    return query;
}

Result<void> parse_target(std::string_view target, std::string& path, Query& query) {
    if (target.starts_with("http")) target = without_authority(target);
    if (!target.starts_with('/')) {
        return bad_target("Địa chỉ phải bắt đầu bằng /.", "The address must start with a slash.");
    }
    for (const char c : target) {
        if (c <= ' ' || c == 0x7f || c == '#' || c == '\\') {  // bytes past ASCII are negative
            return bad_target("Địa chỉ có ký tự chưa mã hóa.",
                              "A character in the address is not encoded.");
        }
    }
    const std::size_t mark = target.find('?');
    const std::string_view plain = target.substr(0, mark);
    if (plain.find('.') != std::string_view::npos || plain.find('%') != std::string_view::npos) {
        if (has_dots(plain)) {
            return bad_target("Địa chỉ có đoạn \".\" hoặc \"..\".",
                              "The address has a segment \".\" or \"..\".");
        }
    }
    path.assign(plain);
    if (mark == std::string_view::npos) return {};
    TRY_ASSIGN(query, parse_query(target.substr(mark + 1)));
    return {};
}

std::string make_target(std::string_view path, const Query& query) {
    std::string target(path.empty() ? "/" : path);
    char separator = '?';
    for (const auto& [name, value] : query) {
        target += separator;
        target += percent_encode(name);
        target += '=';
        target += percent_encode(value);
        separator = '&';
    }
    return target;
}

}  // namespace nguon::http
