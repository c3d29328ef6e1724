#include "intake/hash_set.h"

namespace nguon::intake {

void HashSet::grow() {
    std::vector<std::uint64_t> old(slots_wanted(), 0);
    old.swap(m_slots);
    m_size = 0;
    for (const std::uint64_t hash : old) {
        if (hash != 0) place(hash);
    }
}

}  // namespace nguon::intake
