// Which databases this program runs on, for reports.
#pragma once

#include <string>

namespace nguon::sql {

std::string sqlite_version();  // "3.40.1"
int sqlite_version_number();   // 3040001
std::string duckdb_version();  // "v1.5.6"

}  // namespace nguon::sql
