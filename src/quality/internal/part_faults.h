// What is said of a value that breaks its contract. All return false, so that a check can end with
// them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "quality/geometry.h"
#include "quality/json_tree.h"

namespace nguon::quality {

bool fail_at(Fault& fault, std::string path, Text what);
bool fail_here(Fault& fault, Text what);
bool wrong_kind(Fault& fault, const Json& value, const Text& wanted);
// Counts within [low, high]; empty is no bound. True when it lies there.
bool check_count(std::int64_t count, const std::optional<std::int64_t>& low,
                 const std::optional<std::int64_t>& high, const Text& what, Fault& fault);

}  // namespace nguon::quality
