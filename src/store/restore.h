// A data directory put together again from control.db and sealed files.
#pragma once

#include <filesystem>

#include "base/host.h"
#include "base/result.h"
#include "base/time.h"

namespace nguon::store {

// chain/ and committed/ as control.db has them. Nobody else has the folder open. Durable.
Result<void> write_chain(const Host& host, const std::filesystem::path& folder);

// Takes control.db back to what was true at `at`: later batches, contracts and datasets are gone,
// and rows written alone that were sealed later wait for their segment again. Before write_chain().
// The signed chain then is a prefix of the one that was. Errors: conflict when something was
// erased since, corrupt, unavailable.
Result<void> rewind(const Host& host, const std::filesystem::path& folder, Micros at);

}  // namespace nguon::store
