// Rows kept aside in a file under tmp/, however many there are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"

namespace nguon::intake {

// Bits of the rules that a row breaks, scan::kBitsPerMask to a word.
using Masks = std::vector<std::int64_t>;

// Threads: add() concurrently; reading after the last add().
// Errors: as of Disk; unavailable when it is full. What was added before stays.
class RowSpool {
public:
    RowSpool(Disk& disk, std::filesystem::path file, std::size_t masks)
        : m_disk(disk), m_path(std::move(file)), m_masks(masks) {}
    ~RowSpool();
    Result<void> add(std::int64_t row, const Masks& masks, std::string_view record);
    std::int64_t size() const { return m_size; }

    struct Entry {
        std::int64_t row = 0;
        Masks masks;
        std::string record;
    };
    // Reads from the start, in the order of add().
    class Reader {
    public:
        explicit Reader(RowSpool& spool) : m_spool(spool) {}
        // False at the end. Errors: as of Disk; corrupt when the file is shorter than it was.
        Result<bool> next(Entry& entry);

    private:
        Result<bool> fill(std::size_t bytes);
        void take(void* to, std::size_t bytes);

        RowSpool& m_spool;
        std::string m_bytes;  // of the file, then of the memory behind it
        std::size_t m_at = 0;
        std::uint64_t m_read = 0;  // of both
    };

private:
    friend class Reader;
    Result<void> spill();

    Disk& m_disk;
    std::filesystem::path m_path;
    std::size_t m_masks;
    std::mutex m_mutex;
    std::unique_ptr<File> m_file;
    std::uint64_t m_spilled = 0;  // bytes in the file
    std::string m_buffer;         // not yet in the file
    std::int64_t m_size = 0;
};

}  // namespace nguon::intake
