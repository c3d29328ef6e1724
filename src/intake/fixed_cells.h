// What cells held before a batch's fixes changed them.
#pragma once

#include <filesystem>

#include "base/json.h"
#include "base/result.h"
#include "intake/quarantine.h"
#include "store/store.h"

namespace nguon::intake {

// {"batch","dataset","entries","rows":[{"row","column","original","value","fix"}],"next"}, in order
// of rows. `fix`: the kinds of the steps, parted by commas. A row that was left out has no column:
// its whole text is the original, and there is no value. Empty where nothing was fixed.
Result<json::object> fixed_cells(store::Store& store, const store::BatchInfo& batch,
                                 QuarantinePage page);
// All of them as CSV to `to`. Errors: not_found where nothing was fixed; unavailable.
Result<void> export_fixed_cells(store::Store& store, const store::BatchInfo& batch,
                                const std::filesystem::path& to);

}  // namespace nguon::intake
