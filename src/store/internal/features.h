// Rows as a GeoJSON FeatureCollection (RFC 7946), written to a file while they are read.
#pragma once

#include <string>

#include "sql/duckdb.h"
#include "store/rows.h"

namespace nguon::store {

// `from_sql`: what stands behind FROM, with order and limit; it has `_seq`. The answer: how many
// features. Errors: as of query.shape.append, naming the row by its change; unavailable when the
// disk is full.
Result<std::int64_t> write_features(sql::Duck& duck, const contract::Dataset& dataset,
                                    const RowsQuery& query, const std::string& from_sql);

}  // namespace nguon::store
