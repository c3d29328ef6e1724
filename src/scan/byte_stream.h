// The bytes of an input, decompressed, with the hash of what was sent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/disk.h"
#include "base/result.h"

namespace nguon::scan {

enum class Compression {
    kNone,
    kGzip,
    kZstd,
    kZip
};  // RFC 1952, RFC 8878; told by their first bytes

// Threads: one at a time, but consumed() from anywhere.
class ByteStream {
public:
    // Errors: not_found; invalid when it cannot be opened, or is no file.
    static Result<std::unique_ptr<ByteStream>> open(Disk& disk, const std::filesystem::path& path);
    static Result<std::unique_ptr<ByteStream>> from_bytes(std::string bytes);
    virtual ~ByteStream() = default;
    // Fills as much of the buffer as there is; fewer bytes only at the end. Errors: invalid when
    // the compressed data is damaged or cut, unavailable when it cannot be read.
    virtual Result<std::size_t> read(std::span<char> buffer) = 0;
    virtual Compression compression() const = 0;
    virtual std::uint64_t consumed() const = 0;  // bytes as sent, for progress
    virtual std::uint64_t size() const = 0;
    // After the end was read: SHA-256 of the bytes as sent.
    virtual std::string sha256() = 0;
};

}  // namespace nguon::scan
