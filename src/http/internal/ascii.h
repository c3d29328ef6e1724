// ASCII comparisons without locale, as header names and tokens need them.
#pragma once

#include <cstddef>
#include <string_view>

namespace nguon::http {

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

constexpr bool same_name(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

// The time taken depends on the lengths only, so a token cannot be guessed byte by byte.
constexpr bool same_secret(std::string_view given, std::string_view held) {
    if (held.empty()) return false;
    unsigned difference = given.size() == held.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i) {
        difference |= static_cast<unsigned char>(given[i]) ^
                      static_cast<unsigned>(static_cast<unsigned char>(held[i % held.size()]));
    }
    return difference == 0;
}

}  // namespace nguon::http
