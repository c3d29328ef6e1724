// Identities of columns, in control.db.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "contract/contract.h"
#include "sql/sqlite.h"

namespace nguon::store {

// Columns under a new name keep their ids; what they were called is kept, for older segments.
// Before allot_fields() of the same version.
Result<void> rename_fields(sql::Sqlite& control, std::int64_t dataset,
                           const contract::Dataset& before, const contract::Dataset& after);

// A column keeps its id from version to version. One that is gone is retired; if its name comes
// back, it is another column with another id.
Result<void> allot_fields(sql::Sqlite& control, std::int64_t dataset,
                          const contract::Dataset& after);

}  // namespace nguon::store
