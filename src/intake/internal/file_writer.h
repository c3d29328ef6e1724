// A file of a load written from its start to its end, through the seam to files.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/disk.h"

namespace nguon::intake {

// Errors: as of Disk, naming the file and what to do; unavailable when the disk is full.
// Threads: one at a time. Nothing is synced: these files do not outlive the request.
class FileWriter {
public:
    static Result<FileWriter> create(Disk& disk, const std::filesystem::path& file);
    Result<void> add(std::string_view bytes);
    // Writes what is still in memory; to be called before the file is read.
    Result<void> flush();

private:
    explicit FileWriter(std::unique_ptr<File> file) : m_file(std::move(file)) {}
    std::unique_ptr<File> m_file;
    std::uint64_t m_written = 0;
    std::string m_buffer;
};

// One field of a record of CSV (RFC 4180), quoted where it must be, appended to `out`.
void append_csv_field(std::string& out, std::string_view value);

}  // namespace nguon::intake
