// The inside of text cells: JSON of nested columns, geometries, and identifiers of which a
// spreadsheet left the first digits only.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "contract/contract.h"
#include "scan/cell_check.h"

namespace nguon::quality {

// Null when the contract says nothing of the inside of the column's cells.
std::shared_ptr<const scan::CellCheck> cell_check_of(const contract::Column& column);

// Whether "3.02E+11" is no value of the column, which no other rule of it would say: text that is a
// key, unique, personal, or an identifier by its name. In other text it may be meant.
bool refuses_lost_digits(const contract::Column& column);
// What is said of a value that is refused for that.
Text lost_digits_reason();

// Why cell_check_of(column) refuses `text`, with the JSON path of what is wrong; empty when it does
// not. Made anew at each call: for messages.
Text fault_of_cell(const contract::Column& column, std::string_view text);

}  // namespace nguon::quality
