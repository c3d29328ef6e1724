// Single rows by key: what PUT and DELETE of a row do. A batch like every other, through the same
// commit.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "intake/load.h"
#include "store/store.h"

namespace nguon::intake {

// Deletes the rows of these KEYs, all or none. Errors: not_found when one is not there, invalid,
// conflict.
Result<store::Receipt> delete_rows(store::Store& store, const LoadOptions& options,
                                   std::string_view dataset, const std::vector<std::string>& keys,
                                   std::string_view idempotency_key);

// Writes one row, given as a JSON object; members of the key may be left out. Dates may be ISO
// 8601, as a row that was read has them, or as the contract writes them. A row that breaks a rule
// gives the receipt of a refused batch. Errors: invalid when the object names another key, has a
// member that is no column or a NUL, or is none.
Result<store::Receipt> put_row(store::Store& store, const LoadOptions& options,
                               std::string_view dataset, std::string_view key,
                               std::string_view object, std::string_view idempotency_key);

}  // namespace nguon::intake
