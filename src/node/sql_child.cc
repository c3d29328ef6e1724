#include "node/sql_child.h"

#include "query/query.h"

namespace nguon::node {

int sql_child_main() {
    return query::child_main();
}

}  // namespace nguon::node
