// Which columns of a newer version are those of the older one under another name.
#pragma once

#include <string>
#include <vector>

#include "contract/contract.h"

namespace nguon::contract {

struct Renamed {
    std::string before, after;
};

// A column that went and one that came are one when the contract gives both the same `id`; without
// ids, when they stand at the same place with the same type, part in the key and title (or none),
// and as many columns stand in both versions. Their values stay: to say that one is another column,
// give them ids or titles of their own.
std::vector<Renamed> renames(const Dataset& before, const Dataset& after);

}  // namespace nguon::contract
