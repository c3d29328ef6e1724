// The newest value of a column that a promise of freshness names, as a moment; not later than
// `now`, which a mistyped year would be. A day has come when it is over in Viet Nam.
#pragma once

#include <string>

#include "base/time.h"
#include "contract/contract.h"

namespace nguon::intake {

// SQL, microseconds since 1970: of all rows, and of each.
std::string newest_sql(const contract::Column& column, Micros now);
std::string newest_of_row_sql(const contract::Column& column, Micros now);

}  // namespace nguon::intake
