// What the two halves of compare() share: columns and the dataset itself, and rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"

namespace nguon::contract::internal {

enum class Effect { kCompatible, kBreaking };
inline Effect breaking_if(bool breaks) {
    return breaks ? Effect::kBreaking : Effect::kCompatible;
}

struct Report {
    std::vector<Difference> differences;
    InFile at = {};  // of what is compared now, in the newer file

    void add(Effect effect, std::string path, Text what, Audience audience = Audience::kBoth);
    // An empty side: something came, or went.
    void change(Effect effect, const std::string& path, std::string_view before,
                std::string_view after, Audience audience = Audience::kBoth);
    void text(const std::string& path, const Text& before, const Text& after);
};

void compare_rules(Report& report, const Dataset& before, const Dataset& after);

}  // namespace nguon::contract::internal
