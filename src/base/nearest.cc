#include "base/nearest.h"

#include <algorithm>

#include "base/text.h"

namespace nguon {

std::size_t distance(std::string_view from, std::string_view to) {
    const std::string a = to_lower_ascii(from), b = to_lower_ascii(to);
    std::vector<std::size_t> older, old(b.size() + 1), now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        old[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replace = old[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            now[j] = std::min({old[j] + 1, now[j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                now[j] = std::min(now[j], older[j - 2] + 1);
            }
        }
        older = old;
        old = now;
    }
    return old[b.size()];
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
    constexpr std::size_t kLongestName = 40;  // nobody's typing error is longer
    if (name.empty() || name.size() > kLongestName) return {};
    std::string best;
    const std::size_t farthest = std::max<std::size_t>(1, name.size() / 3);
    std::size_t best_distance = farthest + 1;
    for (const std::string& candidate : candidates) {
        std::size_t edits = distance(name, candidate);
        // An unfinished name, `mustBeLess`, is near whatever it begins.
        if (name.size() >= 4 && candidate.starts_with(name)) edits = std::min(edits, farthest);
        if (edits < best_distance) {
            best_distance = edits;
            best = candidate;
        }
    }
    return best;
}

}  // namespace nguon
