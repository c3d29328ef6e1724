// The second phase in the child: the SELECT over the views, its answer in frames.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "query/internal/frames.h"
#include "query/query.h"
#include "sql/duckdb.h"

namespace nguon::query {

using Send = std::function<void(Kind kind, std::string_view payload)>;

struct Job {
    std::string sql;
    Format format = Format::kJson;
    std::int64_t rows = 0;
    std::uint64_t output_bytes = 0;
    int threads = 1;
};

// Makes the views, shuts DuckDB's own doors, runs the checked SQL, sends columns, rows and end.
Result<void> run_job(sql::Duck& duck, const Job& job, const std::vector<Table>& tables,
                     const Send& send);

}  // namespace nguon::query
