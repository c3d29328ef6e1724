#include "intake/internal/file_writer.h"

namespace nguon::intake {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

}  // namespace

Result<FileWriter> FileWriter::create(Disk& disk, const std::filesystem::path& file) {
    TRY_ASSIGN(std::unique_ptr<File> opened, disk.open(file, OpenMode::kCreate));
    TRY(opened->truncate(0));
    return FileWriter(std::move(opened));
}

Result<void> FileWriter::add(std::string_view bytes) {
    m_buffer += bytes;
    return m_buffer.size() >= kBufferBytes ? flush() : Result<void>();
}

Result<void> FileWriter::flush() {
    if (m_buffer.empty()) return {};
    TRY(m_file->write_at(m_written, m_buffer));
    m_written += m_buffer.size();
    m_buffer.clear();
    return {};
}

void append_csv_field(std::string& out, std::string_view value) {
    // A single quote at the start could be taken for the file's way of quoting.
    if (value.find_first_of(",\"\r\n") == std::string_view::npos && !value.starts_with('\'')) {
        out += value;
        return;
    }
    out += '"';
    for (const char c : value) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

}  // namespace nguon::intake
