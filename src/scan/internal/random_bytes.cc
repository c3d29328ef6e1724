#include "scan/internal/random_bytes.h"

#include <algorithm>
#include <cstring>

#include "crypto/sha256.h"

namespace nguon::scan {

Result<std::shared_ptr<const RandomBytes>> RandomBytes::open(InputOptions& options) {
    if (options.file.empty()) return std::make_shared<RandomBytes>(std::move(options.bytes));
    TRY_ASSIGN(auto file, options.disk->open(options.file, OpenMode::kRead));
    TRY_ASSIGN(const std::uint64_t size, file->size());
    return std::make_shared<RandomBytes>(std::move(file), size);
}

Result<std::size_t> RandomBytes::read_at(std::uint64_t offset, std::span<char> buffer) const {
    if (offset >= m_size) return std::size_t{0};
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), m_size - offset));
    if (m_file) return m_file->read_at(offset, buffer.first(wanted));
    std::memcpy(buffer.data(), m_bytes.data() + offset, wanted);
    return wanted;
}

Result<std::string> RandomBytes::sha256() const {
    crypto::Sha256 hash;
    std::string chunk(1 << 20, '\0');
    for (std::uint64_t at = 0; at < m_size;) {
        TRY_ASSIGN(const std::size_t got, read_at(at, chunk));
        if (got == 0) break;
        hash.update(std::string_view(chunk).substr(0, got));
        at += got;
    }
    return hash.finish_hex();
}

}  // namespace nguon::scan
