// The Range header (RFC 9110 section 14.2), one range of bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nguon::http {

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t length = 0;  // 0: cannot be satisfied (416)
};

// Nothing when the header is to be ignored: not bytes, several ranges, bad syntax.
std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size);

}  // namespace nguon::http
