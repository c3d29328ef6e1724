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

enum class Format { kCsv, kJsonLines, kParquet };
std::string_view name_of(Format format);  // "csv", "jsonl", "parquet"
// Errors: invalid, naming the formats there are.
Result<Format> format_from_name(std::string_view name);

struct Block {
    std::uint64_t number = 0;  // from 0, in file order
    std::string bytes;
    bool last = false;
    std::size_t width = 0;                 // fields per record
    std::vector<std::string_view> fields;  // records × width; empty = null
    std::vector<std::string_view> texts;   // of each record, as it stood in the file
    std::vector<unsigned char> flags;      // RecordFlag
    std::deque<std::string> arena;
    std::size_t size() const { return flags.size(); }
};

// What to read, and the columns a contract expects.
struct InputOptions {
    std::filesystem::path file;              // or …
    std::string bytes;                       // … the bytes themselves
    std::optional<Format> format;            // told by the first bytes when absent
    std::optional<Encoding> encoding;        // of text; told by the first bytes when absent
    std::vector<std::string> columns;        // wanted, by name
    std::filesystem::path temporary_folder;  // Parquet that is not a file is put there
    Disk* disk = &real_disk();
};

// Threads: next() one at a time; split() concurrently on different blocks.
class RecordInput {
public:
    // Errors: invalid when the input cannot be read as records at all.
    static Result<std::unique_ptr<RecordInput>> open(InputOptions options);
    virtual ~RecordInput() = default;

    virtual Format format() const = 0;
    // CSV only; footer_lines is known after the end.
    virtual const Dialect* dialect() const { return nullptr; }
    virtual Encoding encoding() const { return dialect() ? dialect()->encoding : Encoding::kUtf8; }
    virtual Compression compression() const { return Compression::kNone; }
    // Names in the input, in order and unique. JSON lines: the wanted ones.
    virtual const std::vector<std::string>& names() const = 0;
    // Fills block.bytes with whole records; false at the end.
    virtual Result<bool> next(Block& block) = 0;
    // Takes block.bytes apart.
    virtual void split(Block& block) const = 0;
    // The fields of a damaged record as far as they can be told; empty where the format has none.
    // For showing a file, never for loading it.
    virtual std::vector<std::string> best_reading(std::string_view) const { return {}; }
    virtual std::uint64_t consumed() const = 0;
    virtual std::uint64_t size() const = 0;
    virtual std::string sha256() = 0;  // after the end
};

}  // namespace nguon::scan
