// The inside of text cells: JSON of nested columns, geometries, and named formats that no pattern
// tells.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "contract/contract.h"
#include "scan/cell_check.h"

namespace nguon::quality {

// Null when the contract says nothing of the inside of the column's cells.
std::shared_ptr<const scan::CellCheck> cell_check_of(const contract::Column& column);

// Why cell_check_of(column) refuses `text`, with the JSON path of what is wrong; empty when it does
// not. Made anew at each call: for messages.
Text fault_of_cell(const contract::Column& column, std::string_view text);

}  // namespace nguon::quality
