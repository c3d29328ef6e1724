#include "contract/renames.h"

#include <algorithm>

namespace nguon::contract {
namespace {

bool has_title(const Column& column) {
    return column.title.vi != column.name || column.title.en != column.name;
}

bool is_alike(const Column& old, const Column& now) {
    if (now.type != old.type || now.key_position != old.key_position) return false;
    if (!old.id.empty() && !now.id.empty()) return false;  // told by ids alone
    if (has_title(old) != has_title(now)) return false;
    return !has_title(old) || (old.title.vi == now.title.vi && old.title.en == now.title.en);
}

}  // namespace

std::vector<Renamed> renames(const Dataset& before, const Dataset& after) {
    std::vector<Renamed> found;
    const bool same_count = before.columns.size() == after.columns.size();
    for (std::size_t i = 0; i < before.columns.size(); ++i) {
        const Column& old = before.columns[i];
        if (after.column(old.name) != nullptr) continue;
        const Column* now = nullptr;
        if (!old.id.empty()) {
            const auto same = std::ranges::find(after.columns, old.id, &Column::id);
            if (same != after.columns.end() && same->type == old.type) now = &*same;
        }
        if (now == nullptr && same_count && is_alike(old, after.columns[i]))
            now = &after.columns[i];
        if (now != nullptr && before.column(now->name) == nullptr)
            found.push_back({old.name, now->name});
    }
    return found;
}

}  // namespace nguon::contract
