// Where sealed files live. The seam to object storage: whoever writes a file does so under tmp/ and
// hands it over; from seal() on it is durable, immutable and named by its content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"

namespace nguon::store {

enum class BlobKind { kSegment, kQuarantine };

struct Blob {
    std::string sha256;
    std::uint64_t bytes = 0;
};

// Threads: every member may be called concurrently.
class BlobStore {
public:
    virtual ~BlobStore() = default;
    // Takes the file `draft`, on the same file system. After success its bytes and its name survive
    // power loss. Errors: unavailable; a failed sync is never retried, the draft is given up.
    virtual Result<Blob> seal(const std::filesystem::path& draft, BlobKind kind) = 0;
    virtual std::filesystem::path path_of(std::string_view sha256, BlobKind kind) const = 0;
    virtual Result<void> remove(std::string_view sha256, BlobKind kind) = 0;
    // The hashes of all that is there.
    virtual Result<std::vector<std::string>> list(BlobKind kind) = 0;
    virtual Result<std::uint64_t> size_of(std::string_view sha256, BlobKind kind) = 0;
};

// segments/<sha256>.parquet and quarantine/<sha256>.parquet in `folder`. The folders must be there.
std::unique_ptr<BlobStore> make_local_blob_store(Disk& disk, const std::filesystem::path& folder);

// Both end in .parquet and stand in a folder of their kind: "segments", "quarantine".
std::string_view folder_of(BlobKind kind);

}  // namespace nguon::store
