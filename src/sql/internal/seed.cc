#include "sql/internal/seed.h"

#include <sqlite3.h>

#include <algorithm>
#include <mutex>
#include <vector>

namespace nguon::sql {
namespace {

// SQLite's generator belongs to the process, so this does, too.
struct Source {
    std::mutex mutex;
    std::vector<Random*> given;
};

Source& source() {
    static Source all;
    return all;
}

int fill(sqlite3_vfs*, int count, char* out) {
    Source& all = source();
    const std::lock_guard guard(all.mutex);
    Random& random = all.given.empty() ? system_random() : *all.given.back();
    random.fill({reinterpret_cast<unsigned char*>(out), static_cast<std::size_t>(count)});
    return count;
}

int open_nothing(sqlite3_vfs*, const char*, sqlite3_file*, int, int*) {
    return SQLITE_CANTOPEN;
}

// Never unregistered: another thread may be about to call it. It opens no file, so that a database
// whose VFS was not named is an error.
void register_default() {
    static sqlite3_vfs vfs = [] {
        sqlite3_vfs made{};
        made.iVersion = 1;
        made.szOsFile = sizeof(sqlite3_file);
        made.mxPathname = 4096;
        made.zName = "nguon-default";
        made.xOpen = open_nothing;
        made.xRandomness = fill;
        return made;
    }();
    static const int registered = sqlite3_vfs_register(&vfs, 1);
    (void)registered;
}

// Not under our mutex: SQLite holds its own when it calls fill().
void forget_the_seed() {
    sqlite3_randomness(0, nullptr);
}

}  // namespace

void seed_sqlite(Random& random) {
    register_default();
    {
        const std::lock_guard guard(source().mutex);
        source().given.push_back(&random);
    }
    forget_the_seed();
}

void stop_seeding_sqlite(Random& random) {
    {
        const std::lock_guard guard(source().mutex);
        std::vector<Random*>& given = source().given;
        const auto last = std::find(given.rbegin(), given.rend(), &random);
        if (last != given.rend()) given.erase(std::prev(last.base()));
    }
    forget_the_seed();
}

}  // namespace nguon::sql
