// What a mistyped word was meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nguon {

// How many letters are to be added, taken, replaced or swapped; letters of ASCII in either case.
std::size_t distance(std::string_view from, std::string_view to);
// The candidate that is near enough to be meant; empty: none is.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace nguon
