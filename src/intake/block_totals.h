// Which records of a block sum up others: told by their words, and by their numbers where words are
// not enough ("Cộng xã A", but "Cộng Hòa" is a village).
#pragma once

#include <string_view>
#include <vector>

#include "scan/records.h"

namespace nguon::intake {

enum class TotalSign : unsigned char {
    kNone,
    kLikely,  // words or numbers say so, not both: it stays data, and is said
    kWord,    // named like a total, and may be a value: counts only where others tell
    kSure,
};

// One for each record; empty where none is like a total. Numbers are summed within the block: of a
// long file, a group that is cut by its end is likely at most. Damaged records are told by their
// words alone. Time: linear, and only where some record begins with a word for totals.
std::vector<TotalSign> total_signs(const scan::Block& block);

}  // namespace nguon::intake
