// The program's other life: the child that runs one person's SQL (query/query.h).
#pragma once

namespace nguon::node {

// Called by main() before anything else for `nguon sql-child`. Returns the exit code.
int sql_child_main();

}  // namespace nguon::node
