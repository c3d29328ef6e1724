#pragma once

#include <cstdio>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::population {

// What went wrong, in words for the person at the terminal, and the exit code for it.
struct Error {
    int exit_code = 2;
    std::string message;
};

// A small CSV file held in memory, its columns addressed by the names in its header.
class CsvTable {
public:
    // Errors: exit code 3 when the file is not there, 2 when it is not a CSV table.
    static std::expected<CsvTable, Error> open(const std::filesystem::path& file);

    std::size_t size() const { return m_records.size(); }
    std::optional<std::size_t> column(std::string_view name) const;
    const std::vector<std::string>& record(std::size_t index) const { return m_records[index]; }
    const std::vector<std::string>& header() const { return m_header; }

private:
    std::vector<std::string> m_header;
    std::vector<std::vector<std::string>> m_records;
};

// Writes CSV records in blocks of one MiB. Write errors are kept and reported by close().
class CsvWriter {
public:
    static std::expected<CsvWriter, Error> create(const std::filesystem::path& file);

    template <class Cells>
    void write(const Cells& cells) {
        begin();
        for (const auto& cell : cells)
            add(cell);
        end();
    }

    // Errors: exit code 5 when the disk did not take every byte.
    std::expected<void, Error> close();

private:
    void begin() { m_first = true; }
    void add(std::string_view cell);
    void end();
    void flush();

    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path m_path;
    std::unique_ptr<std::FILE, Closer> m_file;
    std::string m_buffer;
    bool m_first = true;
    bool m_failed = false;
};

}  // namespace nguon::population
