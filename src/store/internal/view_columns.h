// What tells whether a view was made of the columns that a dataset has now.
#pragma once

#include <fmt/format.h>

#include <string>

#include "contract/column_type.h"
#include "contract/contract.h"

namespace nguon::store {

// Name, type and place in the key, a line for each column.
inline std::string view_columns(const contract::Dataset& dataset) {
    std::string columns;
    for (const contract::Column& column : dataset.columns) {
        columns += fmt::format("{} {} {}\n", column.name, contract::column_type(column).sql(),
                               column.key_position);
    }
    return columns;
}

}  // namespace nguon::store
