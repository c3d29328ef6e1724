// One change of a dataset's history.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace nguon::store {

using Seq = std::int64_t;  // counts the changes of one dataset from 1, without gaps

// kErased: what the change was is gone by order of the law (Store::erase); it keeps its number.
enum class Op : int { kErased = 0, kInsert = 1, kUpdate = 2, kDelete = 3 };
std::string_view name_of(Op op);  // "insert"

// A change of one row that was written alone: kept in control.db until Store::seal() moves it into
// a segment.
struct RowChange {
    Op op = Op::kInsert;
    std::string key;  // canonical KEY
    // A JSON array: for each column of the contract, in its order, the canonical text (key.h) of
    // its value, or null. Of a delete the key's columns and nulls.
    std::string values;
    std::string row_json;  // the contract's columns, as lookups give them; "null" of a delete
};

struct HotRow {
    Seq seq = 0;
    RowChange change;
};

// What made the changes first … last.
struct ChangeSource {
    Seq first = 0, last = 0;
    std::string batch;
    Micros at = 0;
};

}  // namespace nguon::store
