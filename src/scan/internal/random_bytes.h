// An input that is read at any place: a file, or bytes in memory. Archives need it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/disk.h"
#include "scan/records.h"

namespace nguon::scan {

// Threads: const members run concurrently.
class RandomBytes {
public:
    // The file or the bytes of `options`; the bytes are moved out of it. Errors: as Disk has them.
    static Result<std::shared_ptr<const RandomBytes>> open(InputOptions& options);
    explicit RandomBytes(std::string bytes) : m_bytes(std::move(bytes)), m_size(m_bytes.size()) {}
    RandomBytes(std::unique_ptr<File> file, std::uint64_t size)
        : m_file(std::move(file)), m_size(size) {}

    // Fewer bytes only at the end.
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) const;
    std::uint64_t size() const { return m_size; }
    // Of all bytes, in hexadecimal.
    Result<std::string> sha256() const;

private:
    std::unique_ptr<File> m_file;
    std::string m_bytes;
    std::uint64_t m_size = 0;
};

}  // namespace nguon::scan
