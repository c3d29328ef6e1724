// What is wrong with one row in particular, for people: as a rule's reason says it, or closer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"
#include "quality/rules.h"
#include "scan/table.h"

namespace nguon::intake {

// The value of the rule's column in a record; the record itself when the record is damaged.
std::string value_of(const quality::RowRule& rule, const contract::Dataset& dataset,
                     const std::vector<std::string>& fields, std::string_view record);

// "2 fields, the header has 3", "Too many decimals: at most 2". `value` as of value_of().
Text reason_of(const quality::RowRule& rule, const contract::Dataset& dataset,
               const scan::Table& table, std::string_view value);

}  // namespace nguon::intake
