// The parts of an Office Open XML workbook beside its sheets: relations, shared strings, styles.
// Source: ECMA-376 parts 1 and 2.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scan/internal/number_format.h"
#include "scan/internal/workbook.h"
#include "scan/internal/xml.h"

namespace nguon::scan {

// _x000D_ stands for a character that XML cannot hold.
void append_unescaped(std::string_view text, std::string& out);

// Texts by number. Past kStringsInMemory bytes they lie in a temporary file.
// Threads: one at a time.
class SharedStrings {
public:
    static constexpr std::size_t kStringsInMemory = 192 << 20;
    static constexpr std::size_t kMostStrings = 32 << 20;

    explicit SharedStrings(const InputOptions& options)
        : m_disk(options.disk), m_folder(options.temporary_folder) {}
    ~SharedStrings();
    SharedStrings(const SharedStrings&) = delete;
    SharedStrings& operator=(const SharedStrings&) = delete;

    Result<void> read(ByteStream& part);
    std::size_t size() const { return m_ends.size(); }
    Result<void> append(std::size_t number, std::string& to) const;  // number < size()

private:
    class Handler;
    Result<void> add(std::string_view text);
    Result<void> spill();

    Disk* m_disk;
    std::filesystem::path m_folder, m_path;
    std::unique_ptr<File> m_file;  // the first m_spilled bytes
    std::uint64_t m_spilled = 0;
    std::string m_text;  // the bytes after them
    std::vector<std::uint64_t> m_ends;
};

struct Styles {
    std::vector<NumberFormat> formats;  // by the number of a cell's style
};
Result<Styles> read_styles(ByteStream& part);

struct WorkbookPart {
    std::vector<Sheet> sheets;
    std::vector<std::string> relations;  // of the sheets, same order: r:id
    DateSystem dates = DateSystem::k1900;
};
Result<WorkbookPart> read_workbook(ByteStream& part);

struct Relation {
    std::string id, type, target;
    bool external = false;
};
Result<std::vector<Relation>> read_relations(ByteStream& part);
// "xl/workbook.xml", "worksheets/sheet1.xml" -> "xl/worksheets/sheet1.xml"
std::string resolve_target(std::string_view from, std::string_view target);

}  // namespace nguon::scan
