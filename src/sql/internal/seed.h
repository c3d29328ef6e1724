// SQLite has one generator of random numbers for the process, and seeds it from the process's
// default VFS: it makes the salts of write-ahead logs. Here it gets our randomness.
#pragma once

#include "base/time.h"

namespace nguon::sql {

// From now on the generator is seeded from `random`, which lives until stop_seeding_sqlite(); the
// one given last counts. Each call makes SQLite seed it anew. Threads: may run concurrently.
void seed_sqlite(Random& random);
void stop_seeding_sqlite(Random& random);

}  // namespace nguon::sql
