// Parts of the questions that a pass asks.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "quality/rules.h"

namespace nguon::intake {

std::string parquet(const std::filesystem::path& file);
// The values referred to, as _k0, _k1, …
std::string target_columns(const quality::ReferenceSet& reference);
// A SELECT of them, each once, from the rows of `view_sql`.
std::string referred_values(const quality::ReferenceSet& reference, std::string_view view_sql);
// `_s`, the rows judged, against `to`, which has those columns.
std::string same_values(const quality::ReferenceSet& reference, std::string_view to);

}  // namespace nguon::intake
