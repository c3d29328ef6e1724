// What the two halves of compare() share: columns and the dataset itself, and rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"

namespace nguon::contract::internal {

// What a difference does, and so to whom: what lets less through breaks files of senders, what lets
// more through shows readers what they have not met before; the others are noticed by both.
enum class Effect { kCompatible, kWider, kNarrower, kBreaking, kReadersBreak };
inline Effect breaking_if(bool breaks) {
    return breaks ? Effect::kBreaking : Effect::kCompatible;
}
inline Effect narrower_if(bool narrower) {
    return narrower ? Effect::kNarrower : Effect::kWider;
}

struct Report {
    std::vector<Difference> differences;
    InFile at = {};  // of what is compared now, in the newer file

    void add(Effect effect, std::string path, Text what);
    // An empty side: something came, or went.
    void change(Effect effect, const std::string& path, std::string_view before,
                std::string_view after);
    void text(const std::string& path, const Text& before, const Text& after);
};

void compare_rules(Report& report, const Dataset& before, const Dataset& after);

}  // namespace nguon::contract::internal
