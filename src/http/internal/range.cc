#include "http/internal/range.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "http/internal/ascii.h"

namespace nguon::http {
namespace {

// Digits only; a number past 64 bits counts as the largest.
std::optional<std::uint64_t> number_in(std::string_view text) {
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    return result.ec == std::errc{} ? value : ~std::uint64_t{0};
}

}  // namespace

std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size) {
    const std::size_t equals = header.find('=');
    if (equals == std::string_view::npos || !same_name(trim(header.substr(0, equals)), "bytes")) {
        return std::nullopt;
    }
    const std::string_view spec = trim(header.substr(equals + 1));
    const std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const std::string_view left = spec.substr(0, dash);
    const std::string_view right = spec.substr(dash + 1);
    if (left.empty()) {  // the last N bytes
        const auto suffix = number_in(right);
        if (!suffix) return std::nullopt;
        const std::uint64_t length = std::min(*suffix, size);
        return ByteRange{size - length, length};
    }
    const auto first = number_in(left);
    const auto last = right.empty() ? ~std::uint64_t{0} : number_in(right);
    if (!first || !last || *last < *first) return std::nullopt;
    if (*first >= size) return ByteRange{0, 0};
    return ByteRange{*first, std::min(*last, size - 1) - *first + 1};
}

}  // namespace nguon::http
