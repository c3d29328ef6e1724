// Rows that a batch keeps in a file beside the history: pages of them, for an answer.
#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "intake/quarantine.h"
#include "sql/duckdb.h"
#include "store/store.h"

namespace nguon::intake {

// A small instance, for one such question.
Result<std::unique_ptr<sql::Duck>> open_small_duck();

// {"batch","dataset","entries","next","rows"}; `select` may be empty: no rows.
Result<json::object> page_of(const store::BatchInfo& batch, sql::Duck& duck,
                             const std::string& select, QuarantinePage page);

}  // namespace nguon::intake
