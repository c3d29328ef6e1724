#include "sql/versions.h"

#include <duckdb.h>
#include <sqlite3.h>

namespace nguon::sql {

std::string sqlite_version() {
    return sqlite3_libversion();
}

int sqlite_version_number() {
    return sqlite3_libversion_number();
}

std::string duckdb_version() {
    const char* version = duckdb_library_version();
    return version == nullptr ? std::string() : std::string(version);
}

}  // namespace nguon::sql
