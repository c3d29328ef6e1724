// The locks of one database file between the connections of this process: SQLite's five levels on
// the file, and the eight slots and shared pages of its write-ahead log index. Source:
// sqlite.org/c3ref/io_methods.html, sqlite.org/walformat.html (section 2.3).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace nguon::sql {

// Results are SQLite's codes: SQLITE_OK or SQLITE_BUSY.
// Threads: every member may be called concurrently.
class FileLocks {
public:
    // What one connection holds.
    struct Holder {
        int level = 0;  // SQLITE_LOCK_NONE … SQLITE_LOCK_EXCLUSIVE
        std::uint16_t shared_slots = 0;
        std::uint16_t exclusive_slots = 0;
        bool mapped = false;
    };

    int lock(Holder& holder, int level);
    void unlock(Holder& holder, int level);
    bool is_reserved() const;

    // The page, or null when it is not there and `extend` is false. Addresses stay valid until
    // every holder has unmapped.
    void* map(Holder& holder, int page, int page_bytes, bool extend);
    void unmap(Holder& holder);
    int lock_slots(Holder& holder, int first, int count, bool exclusive);
    void unlock_slots(Holder& holder, int first, int count);

private:
    static constexpr int kSlots = 8;
    mutable std::mutex m_mutex;
    int m_shared = 0;              // holders at SHARED or above
    Holder* m_reserved = nullptr;  // the one at RESERVED or above
    bool m_pending = false;        // it waits for readers to leave: no new ones
    int m_mapped = 0;
    std::vector<std::unique_ptr<char[]>> m_pages;
    int m_slot_shared[kSlots] = {};
    Holder* m_slot_exclusive[kSlots] = {};
};

}  // namespace nguon::sql
