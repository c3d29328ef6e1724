// Single rows by key: what PUT and DELETE of a row do. A batch like every other, through the same
// commit.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "intake/load.h"
#include "store/store.h"

namespace nguon::intake {

// A PUT as a load reads it: one line of JSON, with every member of the key.
struct PutLine {
    std::string key;   // canonical KEY
    std::string line;  // ends with a line end
};
// `object` is a JSON object; members of the key may be left out. Dates may be ISO 8601, as a row
// that was read has them, or as the contract writes them. Errors: invalid when it names another
// key, has a member that is no column or a NUL, or is none.
Result<PutLine> put_line(const contract::Dataset& dataset, std::string_view key,
                         std::string_view object);

// Deletes the rows of these KEYs, all or none; of a dataset without a key the rows that these
// changes inserted: "seq:12". Errors: not_found when one is not there, invalid,
// conflict.
Result<store::Receipt> delete_rows(store::Store& store, const LoadOptions& options,
                                   std::string_view dataset, const std::vector<std::string>& keys,
                                   std::string_view idempotency_key,
                                   const Precondition& precondition = {});

// Writes one row, given by put_line(). A row that breaks a rule gives the receipt of a refused
// batch.
Result<store::Receipt> put_row(store::Store& store, const LoadOptions& options,
                               std::string_view dataset, std::string_view line,
                               std::string_view idempotency_key,
                               const Precondition& precondition = {});

}  // namespace nguon::intake
