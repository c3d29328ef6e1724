// Where backups stand: named pieces of bytes. The seam to object storage: whatever can put, get,
// list and remove can hold backups. What is in it is sealed already; it needs no trust.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"

namespace nguon::backup {

// Names are relative paths of letters, digits, '-', '_', '.' and '/'.
// Threads: one at a time.
class Repository {
public:
    virtual ~Repository() = default;
    // Whole or not at all, over what was there. Durable after flush(). Errors: unavailable.
    virtual Result<void> put(std::string_view name, std::string_view bytes) = 0;
    // After success all that was put survives power loss.
    virtual Result<void> flush() = 0;
    // Errors: not_found, unavailable.
    virtual Result<std::string> get(std::string_view name) = 0;
    virtual bool has(std::string_view name) = 0;
    virtual Result<void> remove(std::string_view name) = 0;
    // The names of what stands directly below `folder`, without it.
    virtual Result<std::vector<std::string>> list(std::string_view folder) = 0;
    // Takes away what was being put when a process was cut off.
    virtual Result<void> clear_unfinished(std::string_view folder) = 0;
    // Whether nothing at all is there.
    virtual Result<bool> empty() = 0;
};

enum class Use { kRead, kWrite };

// A folder. For writing it is made when it is absent, and locked: one process at a time writes.
// Errors: not_found (reading what is not there), conflict (another process writes), unavailable.
Result<std::unique_ptr<Repository>> open_folder(Disk& disk, const std::filesystem::path& folder,
                                                Use use);

}  // namespace nguon::backup
