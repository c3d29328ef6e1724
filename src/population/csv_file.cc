#include "population/csv_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "population/text.h"

namespace nguon::population {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

// Splits RFC 4180 text into records; empty lines are no records.
std::vector<std::vector<std::string>> parse(std::string_view text) {
    std::vector<std::vector<std::string>> records;
    std::vector<std::string> record;
    std::string cell;
    bool quoted = false;
    const auto end_record = [&] {
        if (record.empty() && cell.empty()) return;
        record.push_back(std::move(cell));
        records.push_back(std::move(record));
        cell.clear();
        record.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"') {
                cell += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                cell += '"';
                ++i;
            } else {
                quoted = false;
            }
        } else if (c == '"' && cell.empty()) {
            quoted = true;
        } else if (c == ',') {
            record.push_back(std::move(cell));
            cell.clear();
        } else if (c == '\n') {
            end_record();
        } else if (c != '\r') {
            cell += c;
        }
    }
    end_record();
    return records;
}

}  // namespace

std::expected<CsvTable, Error> CsvTable::open(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return std::unexpected(Error{3, fmt::format("{}: cannot be opened", file.string())});
    }
    std::ostringstream bytes;
    bytes << in.rdbuf();
    std::string text = std::move(bytes).str();
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    CsvTable table;
    table.m_records = parse(text);
    if (table.m_records.empty()) {
        return std::unexpected(Error{2, fmt::format("{}: has no header", file.string())});
    }
    table.m_header = std::move(table.m_records.front());
    table.m_records.erase(table.m_records.begin());
    for (std::size_t i = 0; i < table.m_records.size(); ++i) {
        if (table.m_records[i].size() == table.m_header.size()) continue;
        return std::unexpected(Error{
            2, fmt::format("{}: record {} has {} cells where the header has {}", file.string(),
                           i + 1, table.m_records[i].size(), table.m_header.size())});
    }
    return table;
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
    const auto found = std::ranges::find(m_header, name);
    if (found == m_header.end()) return std::nullopt;
    return static_cast<std::size_t>(found - m_header.begin());
}

std::expected<CsvWriter, Error> CsvWriter::create(const std::filesystem::path& file) {
    CsvWriter writer;
    writer.m_path = file;
    writer.m_file.reset(std::fopen(file.c_str(), "wb"));
    if (!writer.m_file) {
        return std::unexpected(
            Error{5, fmt::format("{}: cannot be written; does its folder exist?", file.string())});
    }
    writer.m_buffer.reserve(kBlock + 4096);
    return writer;
}

void CsvWriter::add(std::string_view cell) {
    if (!m_first) m_buffer += ',';
    m_first = false;
    append_cell(m_buffer, cell);
}

void CsvWriter::end() {
    m_buffer += '\n';
    if (m_buffer.size() >= kBlock) flush();
}

void CsvWriter::flush() {
    const std::size_t done = std::fwrite(m_buffer.data(), 1, m_buffer.size(), m_file.get());
    if (done != m_buffer.size()) m_failed = true;
    m_buffer.clear();
}

std::expected<void, Error> CsvWriter::close() {
    flush();
    if (std::fclose(m_file.release()) != 0) m_failed = true;
    if (m_failed) {
        return std::unexpected(Error{
            5,
            fmt::format("{}: not all of it could be written; is the disk full?", m_path.string())});
    }
    return {};
}

}  // namespace nguon::population
