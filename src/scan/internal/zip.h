// Zip archives, by minizip: the directory, and entries as streams.
// Source: APPNOTE.TXT 6.3 (PKWARE). Names are UTF-8 when the entry says so or when they are valid
// UTF-8, else code page 437.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scan/byte_stream.h"
#include "scan/internal/random_bytes.h"

namespace nguon::scan {

// A directory with more entries is refused.
inline constexpr std::size_t kMostZipEntries = 20'000;
// An entry that grows by more than this, once it has passed kFreeBytes, is a bomb (deflate itself
// reaches 1,032; tables of one repeated row 150).
inline constexpr std::uint64_t kMostZipRatio = 400;
inline constexpr std::uint64_t kFreeBytes = 64 << 20;

struct ZipEntry {
    std::string name;  // UTF-8, parted by '/'
    std::uint64_t size = 0, packed = 0;
    bool encrypted = false;
    std::uint64_t place = 0, number = 0;  // of its record in the directory
};

// Threads: const members run concurrently.
class ZipArchive {
public:
    // Errors: invalid for a damaged directory or one with too many entries.
    static Result<ZipArchive> open(std::shared_ptr<const RandomBytes> bytes);

    const std::vector<ZipEntry>& entries() const { return m_entries; }
    // By name, in any case, with or without a leading '/'; nullptr when there is none.
    const ZipEntry* find(std::string_view name) const;
    // Decompressed. read() fails with invalid on damage, a password and bombs. consumed() and
    // sha256() are those of the archive.
    Result<std::unique_ptr<ByteStream>> stream(const ZipEntry& entry) const;
    // All of a small entry. Errors: invalid when it is larger than `most`.
    Result<std::string> read(const ZipEntry& entry, std::size_t most) const;
    const std::shared_ptr<const RandomBytes>& bytes() const { return m_bytes; }

private:
    std::shared_ptr<const RandomBytes> m_bytes;
    std::vector<ZipEntry> m_entries;
};

}  // namespace nguon::scan
