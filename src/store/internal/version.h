// Versions of contracts, compared.
#pragma once

#include <array>
#include <string_view>

namespace nguon::store {

// "1.2.3", "v1.2", "1": missing parts are 0. What follows '-' or '+' is not compared.
std::array<int, 3> version_of(std::string_view text);

}  // namespace nguon::store
