// The ways in which a record as such can be wrong, before anything is said of its values.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "scan/records.h"

namespace nguon::quality {

// One kind of damage. A record has one: the first in the order of damages() whose flag it carries.
struct Damage {
    std::string_view rule;  // "record:quote"
    unsigned flag = 0;      // scan::RecordFlag
    unsigned before = 0;    // flags of the kinds that come first
    Text reason;            // of any record that has it
};

std::span<const Damage> damages();
// Null when the flags tell of no damage.
const Damage* damage_of(unsigned flags);

// What is wrong with this record, as exactly as can be told: "2 fields, the header has 3".
Text reason_of(const Damage& damage, const scan::RecordInput& input, std::string_view record);

}  // namespace nguon::quality
