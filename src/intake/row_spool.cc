#include "intake/row_spool.h"

#include <algorithm>
#include <cstring>

namespace nguon::intake {
namespace {

constexpr std::size_t kSpillBytes = 8 << 20;
constexpr std::size_t kReadBytes = 1 << 20;

void append_integer(std::string& out, std::int64_t value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

RowSpool::~RowSpool() {
    if (m_file == nullptr) return;
    m_file.reset();
    (void)m_disk.remove(m_path);
}

Result<void> RowSpool::add(std::int64_t row, const Masks& masks, std::string_view record) {
    const std::lock_guard lock(m_mutex);
    append_integer(m_buffer, row);
    for (const std::int64_t mask : masks)
        append_integer(m_buffer, mask);
    append_integer(m_buffer, static_cast<std::int64_t>(record.size()));
    m_buffer += record;
    ++m_size;
    if (m_buffer.size() > kSpillBytes) return spill();
    return {};
}

Result<void> RowSpool::spill() {
    if (m_file == nullptr) {
        TRY_ASSIGN(m_file, m_disk.open(m_path, OpenMode::kCreate));
    }
    TRY(m_file->write_at(m_spilled, m_buffer));
    m_spilled += m_buffer.size();
    m_buffer.clear();
    return {};
}

// At least `bytes` more in m_bytes after m_at; false when there are none at all.
Result<bool> RowSpool::Reader::fill(std::size_t bytes) {
    while (m_bytes.size() - m_at < bytes) {
        m_bytes.erase(0, m_at);
        m_at = 0;
        const std::size_t kept = m_bytes.size();
        if (m_read < m_spool.m_spilled) {
            const std::uint64_t left = m_spool.m_spilled - m_read;
            m_bytes.resize(kept + std::min<std::uint64_t>(left, kReadBytes));
            TRY_ASSIGN(const std::size_t got,
                       m_spool.m_file->read_at(m_read, std::span(m_bytes).subspan(kept)));
            m_bytes.resize(kept + got);
            m_read += got;
            if (got > 0) continue;
        } else if (const std::uint64_t at = m_read - m_spool.m_spilled;
                   at < m_spool.m_buffer.size()) {
            m_bytes += std::string_view(m_spool.m_buffer).substr(at, kReadBytes);
            m_read += m_bytes.size() - kept;
            continue;
        } else if (kept == 0) {
            return false;
        }
        return fail(Code::kCorrupt,
                    {"Tệp tạm giữ các dòng để riêng bị cắt ngắn trong lúc nạp.",
                     "The temporary file of the rows set aside was cut while it was in use."},
                    {"Kiểm tra đĩa và thư mục tmp/ của nút, rồi nạp lại.",
                     "Check the disk and the node's folder tmp/, then load again."});
    }
    return true;
}

void RowSpool::Reader::take(void* to, std::size_t bytes) {
    std::memcpy(to, m_bytes.data() + m_at, bytes);
    m_at += bytes;
}

Result<bool> RowSpool::Reader::next(Entry& entry) {
    const std::size_t masks = m_spool.m_masks;
    TRY_ASSIGN(const bool more, fill(sizeof(std::int64_t) * (2 + masks)));
    if (!more) return false;
    std::int64_t length = 0;
    entry.masks.resize(masks);
    take(&entry.row, sizeof entry.row);
    for (std::int64_t& mask : entry.masks)
        take(&mask, sizeof mask);
    take(&length, sizeof length);
    const auto size = static_cast<std::size_t>(length);
    if (size > 0) TRY(fill(size));
    entry.record.assign(m_bytes, m_at, size);
    m_at += size;
    return true;
}

}  // namespace nguon::intake
