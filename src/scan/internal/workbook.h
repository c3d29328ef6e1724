// Workbooks of any format as sheets of rows of texts, streamed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "scan/internal/random_bytes.h"
#include "scan/internal/zip.h"
#include "scan/records.h"

namespace nguon::scan {

// Excel's own limits; a file beyond them is no spreadsheet.
inline constexpr std::uint32_t kMostSheetColumns = 16'384;
inline constexpr std::uint32_t kMostSheetRows = 1'048'576;
// A cell's text: Excel has 32,767 characters, of up to four bytes.
inline constexpr std::size_t kLongestCell = 160 << 10;
// XML that is parsed at once: its cells are in memory, each may name a text of that length.
inline constexpr std::size_t kSheetChunk = 16 << 10;
inline constexpr std::size_t kMostSheets = 1'000;

struct SheetCell {
    std::uint32_t column = 0;  // from 0
    std::string text;          // never empty
    bool number = false;       // a number, shown as one: not a text that looks like it
};
struct SheetRow {
    std::uint32_t number = 0;  // from 0
    bool hidden = false;
    std::vector<SheetCell> cells;  // by column
};

// Cells joined into one. Their value is the first one's.
struct Merge {
    std::uint32_t first_row = 0, last_row = 0, first_column = 0, last_column = 0;
};

// What is known of a sheet once all of it was looked at.
struct SheetSurvey {
    std::int64_t rows = 0;  // that hold something
    std::int64_t hidden_rows = 0, hidden_columns = 0;
    std::vector<std::int64_t> first_hidden = {};  // rows of the sheet, from 1
    void hide(std::int64_t row, std::int64_t count = 1) {
        hidden_rows += count;
        for (; count > 0 && row > 0 && first_hidden.size() < 3; --count)
            first_hidden.push_back(row++);
    }
    std::vector<Merge> merges;  // over several rows only, by first row
};

struct Sheet {
    std::string name;
    bool hidden = false;
};

// The rows of one sheet in order; those that hold nothing may be left out.
class SheetRows {
public:
    virtual ~SheetRows() = default;
    // False at the end. Errors: invalid when the sheet is damaged.
    virtual Result<bool> next(SheetRow& row) = 0;
    virtual std::uint64_t consumed() const = 0;  // bytes of the file, for progress; any thread
};

// Threads: one at a time.
class Workbook {
public:
    virtual ~Workbook() = default;
    virtual Format format() const = 0;
    virtual const std::vector<Sheet>& sheets() const = 0;  // in their order, at least one
    virtual Result<std::unique_ptr<SheetRows>> rows(std::size_t sheet) = 0;
    virtual Result<SheetSurvey> survey(std::size_t sheet) = 0;
};

// `archive` holds an Office Open XML workbook. Errors: invalid when it is damaged.
Result<std::unique_ptr<Workbook>> open_xlsx(ZipArchive archive, const InputOptions& options);
// An OpenDocument spreadsheet.
Result<std::unique_ptr<Workbook>> open_ods(ZipArchive archive);
// BIFF, Excel before 2007. Small enough to be read whole.
Result<std::unique_ptr<Workbook>> open_xls(const std::shared_ptr<const RandomBytes>& bytes,
                                           const InputOptions& options);

// "AB12" -> 27, 11; false when it is no cell reference. A row of 0 digits is kMostSheetRows.
bool parse_reference(std::string_view text, std::uint32_t& column, std::uint32_t& row);

}  // namespace nguon::scan
