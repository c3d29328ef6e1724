// Comparing secrets.
#pragma once

#include <cstddef>
#include <string_view>

namespace nguon {

// The time taken depends on the lengths only, so a token cannot be guessed byte by byte. An empty
// secret is nobody's.
constexpr bool same_secret(std::string_view given, std::string_view held) {
    if (held.empty()) return false;
    unsigned difference = given.size() == held.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i) {
        difference |= static_cast<unsigned char>(given[i]) ^
                      static_cast<unsigned>(static_cast<unsigned char>(held[i % held.size()]));
    }
    return difference == 0;
}

}  // namespace nguon
