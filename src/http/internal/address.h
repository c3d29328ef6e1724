#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace nguon::http {

struct HostPort {
    std::string host;
    std::string port;
};

// "127.0.0.1:8080", "[::1]:0", "localhost:80". Errors: invalid.
inline Result<HostPort> split_address(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    HostPort parts;
    if (colon != std::string_view::npos) {
        parts = {std::string(address.substr(0, colon)), std::string(address.substr(colon + 1))};
    }
    if (parts.host.starts_with('[') && parts.host.ends_with(']')) {
        parts.host = parts.host.substr(1, parts.host.size() - 2);
    }
    const bool number = !parts.port.empty() && parts.port.size() <= 5 &&
                        parts.port.find_first_not_of("0123456789") == std::string::npos;
    if (!parts.host.empty() && number && std::stoi(parts.port) <= 65535) return parts;
    const std::string text(address);
    return fail(Code::kInvalid,
                {"Địa chỉ \"" + text + "\" không có dạng máy:cổng.",
                 "The address \"" + text + "\" is not host:port."},
                {"Ví dụ: 127.0.0.1:8080.", "For example: 127.0.0.1:8080."});
}

}  // namespace nguon::http
