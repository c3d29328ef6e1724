// One JSON text as a bounded tree: numbers keep their digits as written, strings are decoded and in
// normal form C.
// Source: RFC 8259.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nguon::quality {

// Limits on one cell. Rationale: a province's boundary in GeoJSON has some 30,000 values.
inline constexpr std::size_t kMostJsonValues = 500'000;
inline constexpr std::size_t kDeepestJson = 64;

struct Json {
    enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };
    Kind kind = Kind::kNull;
    std::string text;                // of a string; of a number, as written; "true", "false"
    std::vector<std::string> names;  // of an object: beside items; no two are equal
    std::vector<Json> items;         // of arrays and objects

    const Json* member(std::string_view name) const;
};

// Nothing when it is no JSON text, nested too deeply, too large, or has a member twice; `fault`
// says which.
std::optional<Json> read_json(std::string_view text, Text& fault);

// Compact; what reads back the same. Strings escape only what RFC 8259 asks for.
void append_json(std::string& out, const Json& value);

}  // namespace nguon::quality
