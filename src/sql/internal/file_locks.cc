#include "sql/internal/file_locks.h"

#include <sqlite3.h>

#include <atomic>

namespace nguon::sql {
namespace {

std::uint16_t mask_of(int first, int count) {
    return static_cast<std::uint16_t>(((1U << count) - 1U) << first);
}

}  // namespace

int FileLocks::lock(Holder& holder, int level) {
    const std::lock_guard guard(m_mutex);
    if (holder.level >= level) return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) {
        if (m_pending && m_reserved != &holder) return SQLITE_BUSY;
        ++m_shared;
        holder.level = SQLITE_LOCK_SHARED;
        return SQLITE_OK;
    }
    if (m_reserved != nullptr && m_reserved != &holder) return SQLITE_BUSY;
    m_reserved = &holder;
    if (level == SQLITE_LOCK_RESERVED) {
        holder.level = SQLITE_LOCK_RESERVED;
        return SQLITE_OK;
    }
    m_pending = true;
    if (m_shared > 1) {
        holder.level = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
    }
    holder.level = SQLITE_LOCK_EXCLUSIVE;
    return SQLITE_OK;
}

void FileLocks::unlock(Holder& holder, int level) {
    const std::lock_guard guard(m_mutex);
    if (holder.level <= level) return;
    if (m_reserved == &holder) {
        m_reserved = nullptr;
        m_pending = false;
    }
    if (level == SQLITE_LOCK_NONE && holder.level >= SQLITE_LOCK_SHARED) --m_shared;
    holder.level = level;
}

bool FileLocks::is_reserved() const {
    const std::lock_guard guard(m_mutex);
    return m_reserved != nullptr;
}

void* FileLocks::map(Holder& holder, int page, int page_bytes, bool extend) {
    const std::lock_guard guard(m_mutex);
    if (!holder.mapped) {
        holder.mapped = true;
        ++m_mapped;
    }
    const auto index = static_cast<std::size_t>(page);
    if (index >= m_pages.size() && !extend) return nullptr;
    while (m_pages.size() <= index) {
        m_pages.push_back(std::make_unique<char[]>(static_cast<std::size_t>(page_bytes)));
    }
    return m_pages[index].get();
}

void FileLocks::unmap(Holder& holder) {
    const std::lock_guard guard(m_mutex);
    if (!holder.mapped) return;
    holder.mapped = false;
    // The last one takes the index along: the next open recovers it from the log.
    if (--m_mapped == 0) m_pages.clear();
}

int FileLocks::lock_slots(Holder& holder, int first, int count, bool exclusive) {
    const std::lock_guard guard(m_mutex);
    for (int slot = first; slot < first + count; ++slot) {
        const bool taken = m_slot_exclusive[slot] != nullptr && m_slot_exclusive[slot] != &holder;
        const int own = (holder.shared_slots >> slot) & 1;
        if (taken || (exclusive && m_slot_shared[slot] > own)) return SQLITE_BUSY;
    }
    const std::uint16_t mask = mask_of(first, count);
    for (int slot = first; slot < first + count; ++slot) {
        if (exclusive) {
            m_slot_exclusive[slot] = &holder;
        } else if (((holder.shared_slots >> slot) & 1) == 0) {
            ++m_slot_shared[slot];
        }
    }
    std::uint16_t& held = exclusive ? holder.exclusive_slots : holder.shared_slots;
    held = static_cast<std::uint16_t>(held | mask);
    return SQLITE_OK;
}

void FileLocks::unlock_slots(Holder& holder, int first, int count) {
    const std::lock_guard guard(m_mutex);
    for (int slot = first; slot < first + count; ++slot) {
        if (((holder.shared_slots >> slot) & 1) != 0) --m_slot_shared[slot];
        if (m_slot_exclusive[slot] == &holder) m_slot_exclusive[slot] = nullptr;
    }
    const std::uint16_t mask = mask_of(first, count);
    holder.shared_slots = static_cast<std::uint16_t>(holder.shared_slots & ~mask);
    holder.exclusive_slots = static_cast<std::uint16_t>(holder.exclusive_slots & ~mask);
}

}  // namespace nguon::sql
