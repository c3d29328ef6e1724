// The control database: the only place that says what is true.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/host.h"
#include "base/result.h"
#include "sql/sqlite.h"
#include "store/store.h"

namespace nguon::store {

inline constexpr std::string_view kControlFile = "control.db";

// Opens it and brings its schema up to date. Errors: unavailable, corrupt; invalid when a newer
// program made it.
Result<std::unique_ptr<sql::Sqlite>> open_control(const Host& host,
                                                  const std::filesystem::path& folder);
// A second connection for readers, to a database that open_control has prepared.
Result<std::unique_ptr<sql::Sqlite>> open_control_reader(const Host& host,
                                                         const std::filesystem::path& folder);

// What columns were called in earlier versions, oldest first.
Result<std::vector<FormerName>> former_names(sql::Sqlite& control, std::int64_t dataset);

// Moves everything committed from the log into the database, syncs it, and empties the log: what is
// true then no longer depends on what a failed sync did to the log. No reader may be active.
// Errors: unavailable.
Result<void> settle_log(sql::Sqlite& control);
// The same; false while a reader holds the log.
Result<bool> empty_log(sql::Sqlite& control);

}  // namespace nguon::store
