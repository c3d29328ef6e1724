// SQLite's files over a Disk, its time and randomness from a Clock and a Random, so that a test can
// take the power away under a database, and a simulator replay what it wrote byte for byte. One
// process owns a data directory: locks and the index of the write-ahead log live in this process's
// memory, not in the file system. Only sql/ includes this.
//
// SQLite keeps one generator of random numbers for the process, which makes the salts of
// write-ahead logs. It is seeded again whenever a Vfs is made or goes, from the Random of the one
// made last.
#pragma once

#include <memory>
#include <string>

#include "base/host.h"

namespace nguon::sql {

// A VFS registered with SQLite while anyone holds it. Connections to one file see each other's
// locks when their Vfs is of the same Disk. Threads: every member may be called concurrently.
class Vfs {
public:
    // The VFS of this host; made when nobody holds one.
    static std::shared_ptr<Vfs> of(const Host& host);
    ~Vfs();
    Vfs(const Vfs&) = delete;
    Vfs& operator=(const Vfs&) = delete;

    const std::string& name() const;  // for sqlite3_open_v2

    struct Impl;  // for vfs.cc
private:
    explicit Vfs(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace nguon::sql
