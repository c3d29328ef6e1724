// Rows erased for good, by order of the law: deleted where they stand, then taken out of history.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intake/load.h"
#include "store/store.h"

namespace nguon::intake {

// The receipt of the erasure; `order` says which order: number, date, by whom. Errors: invalid (a
// key; no order), as Store::erase.
Result<store::Receipt> erase_rows(store::Store& store, const LoadOptions& options,
                                  std::string_view dataset, const std::vector<std::string>& keys,
                                  std::string_view order);

}  // namespace nguon::intake
