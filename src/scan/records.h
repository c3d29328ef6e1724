// An input of any format as blocks of records: each record is some text fields, its own text, its
// flags.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "scan/byte_stream.h"
#include "scan/csv.h"

namespace nguon::scan {

enum class Format { kCsv, kJsonLines, kJson, kGeoJson, kParquet, kXlsx, kXls, kOds };
std::string_view name_of(Format format);  // "csv", "jsonl", "json", "geojson", "parquet", "xlsx", …
inline bool is_sheet(Format format) {
    return format == Format::kXlsx || format == Format::kXls || format == Format::kOds;
}
inline bool is_json(Format format) {
    return format == Format::kJsonLines || format == Format::kJson || format == Format::kGeoJson;
}
// Dates come as dates and are handed on in ISO 8601, whatever a contract writes them like; times
// without a zone.
inline bool is_typed(Format format) {
    return is_sheet(format) || format == Format::kParquet;
}
// Errors: invalid, naming the formats there are.
Result<Format> format_from_name(std::string_view name);

struct Block {
    std::uint64_t number = 0;  // from 0, in file order
    std::string bytes;
    bool last = false;
    std::size_t width = 0;                 // fields per record
    std::vector<std::string_view> fields;  // records × width; empty = null
    // Of each field: 1 where the input has it as a number, which no separator can make ambiguous;
    // empty: of none.
    std::vector<unsigned char> numbers;
    std::vector<std::string_view> texts;  // of each record, as it stood in the file
    std::vector<unsigned char> flags;     // RecordFlag
    std::deque<std::string> arena;
    std::size_t size() const { return flags.size(); }
    bool is_number(std::size_t field) const {
        return field < numbers.size() && numbers[field] != 0;
    }
};

// What to read, and the columns a contract expects.
struct InputOptions {
    std::string name;                  // what the sender calls it, for sentences; may be empty
    std::filesystem::path file;        // or …
    std::string bytes;                 // … the bytes themselves
    std::optional<Format> format;      // told by the first bytes when absent
    std::optional<Encoding> encoding;  // of text; told by the first bytes when absent
    std::vector<std::string> columns;  // wanted, by name
    // Of each of `columns`: other names that a file may have for it.
    std::vector<std::vector<std::string>> titles;
    std::string sheet;  // of a workbook: its name, or its number from 1; chosen when empty
    // Of a zip, likewise. Of a JSON document: the list to read, as Contents::member has it.
    std::string entry;
    bool survey = false;                     // counts the rows of what is not read, too
    std::filesystem::path temporary_folder;  // what must be a file, and is none, is put there
    Disk* disk = &real_disk();
};

// What was asked for is wrong rather than the file: `parameter` stands in errors[0].path.
std::unexpected<Error> wrong_parameter(std::string_view parameter, Text detail, Text fix);
bool is_wrong_parameter(const Error& error);

// One of several sheets, files or tables that an input holds.
struct Part {
    std::string name;                    // of a sheet or a file
    std::int64_t rows = -1;              // that hold something; -1: not counted
    std::int64_t columns = 0, line = 0;  // of a table: its width, and where it begins
    std::int64_t bytes = 0;              // of a file
    // Of a sheet with the columns of the chosen one, where nobody said which to read: its rows
    // below the header.
    std::int64_t unread = 0;
    bool hidden = false, chosen = false;
};
// A member of JSON objects that no column takes, by its path ("address.city").
struct SpareMember {
    std::string path;
    bool nothing = true;  // it was null or {} wherever it stood
};

// Notes below a table, in lines of the file from 1 (of a sheet: its rows); empty ones between them
// are not counted.
struct Footer {
    std::int64_t lines = 0, first = 0, last = 0;
};

// Numbers that merged cells gave to more than one row of a sheet: as an amount of them all, each of
// them has it now. Numbers of rows and years are none of these.
struct MergedNumbers {
    std::int64_t count = 0;           // rows that have a number of the row above so
    std::vector<std::int64_t> rows;   // the first ones, as data records from 1
    std::vector<std::string> places;  // the first ones: "C2:C5"
    std::int64_t cells = 0;           // such merged cells
};

// What stands in an input beside the records that are read.
struct Contents {
    std::vector<Part> sheets;   // of a workbook
    std::vector<Part> entries;  // of a zip
    std::vector<Part> tables;   // more than one in a file or a sheet; the last ones may be left out
    std::vector<Part> lists;    // of objects, in a JSON document
    // Of JSON: the member that holds the records; "." where the document is one, beside its lists.
    std::string member;
    // Of JSON, known after the end: in the order in which they stand, and whether there are more.
    std::vector<SpareMember> members;
    bool more_members = false;
    bool no_records = false;                           // of JSON, known after the end
    std::int64_t hidden_rows = 0, hidden_columns = 0;  // of the sheet; they are read
    std::vector<std::int64_t> first_hidden;            // of these rows, by their numbers
    std::int64_t column_numbers = 0;  // the line of (1), (2), (3) under the names; 0: none
    Footer footer;                    // of the table; known after the end
    // Of a sheet, known after the end; may be null.
    std::shared_ptr<const MergedNumbers> merged_numbers;
    std::int64_t merged = 0;  // cells joined over several rows; each row has their value
};

// Threads: next() one at a time; split() concurrently on different blocks.
class RecordInput {
public:
    // Errors: invalid when the input cannot be read as records at all; of a wrong sheet, entry or
    // format, and of a file that is empty or no table, a wrong_parameter().
    static Result<std::unique_ptr<RecordInput>> open(InputOptions options);
    virtual ~RecordInput() = default;

    virtual Format format() const = 0;
    // CSV only; footer_lines is known after the end.
    virtual const Dialect* dialect() const { return nullptr; }
    // `tables` is known after the end.
    virtual Contents contents() const { return {}; }
    virtual Encoding encoding() const { return dialect() ? dialect()->encoding : Encoding::kUtf8; }
    virtual Compression compression() const { return Compression::kNone; }
    // Names in the input, in order and unique. JSON lines: the wanted ones.
    virtual const std::vector<std::string>& names() const = 0;
    // Of those, the ones that no record split so far had, null or not: in JSON only.
    virtual std::vector<std::string> names_not_met() const { return {}; }
    // Fills block.bytes with whole records; false at the end.
    virtual Result<bool> next(Block& block) = 0;
    // Takes block.bytes apart.
    virtual void split(Block& block) const = 0;
    // The fields of a damaged record as far as they can be told; empty where the format has none.
    // For showing a file, never for loading it.
    virtual std::vector<std::string> best_reading(std::string_view) const { return {}; }
    // What is wrong with a damaged record, where more can be said than its flag does.
    virtual std::optional<Text> why_damaged(std::string_view) const { return std::nullopt; }
    virtual std::uint64_t consumed() const = 0;
    virtual std::uint64_t size() const = 0;
    virtual std::string sha256() = 0;  // after the end
};

}  // namespace nguon::scan
