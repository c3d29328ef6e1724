// Rows set aside that nobody will mend, closed by a person: a batch without rows, whose receipt
// names them (`corrected.mended`) and says who and why (`corrected.closed`).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace nguon::intake {

struct CloseRequest {
    std::string batch;
    // First and last number, as the batch numbers its rows; empty: every row that is open.
    std::vector<std::pair<std::int64_t, std::int64_t>> rows;
    std::string reason;  // must be there
    std::string by;      // may be empty
};

// "2,5-9". Errors: invalid.
Result<std::vector<std::pair<std::int64_t, std::int64_t>>> row_numbers_from(std::string_view text);

// Errors: not_found for a batch, or a row, that is not there or not open; conflict where the batch
// was refused as a whole; invalid without a reason. Then nothing changed.
Result<store::Receipt> close_aside(store::Store& store, const CloseRequest& request);

}  // namespace nguon::intake
