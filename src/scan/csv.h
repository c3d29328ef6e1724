// One record of a delimited file taken apart.
// Source: RFC 4180, and what offices really send: a quote opens only at a field's start; inside a
// quoted field a quote is doubled or closes it; damage ends at the next plausible record.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "scan/dialect.h"

namespace nguon::scan {

enum RecordFlag : unsigned {
    kBrokenQuote = 1,  // an unclosed quote, or text after a closing one
    kFieldCount = 2,   // more or fewer fields than the header
    kNotUtf8 = 4,      // or bytes that are no character of the file's encoding
    kNulByte = 8,
    kKeySeenBefore = 16,  // its key stood earlier in the file (RowSource)
    kNotAnObject = 32,    // a JSON record that is no object, or has two values for one column
    kLeftOut = 64,        // by a CellMender: neither read, accepted nor rejected
    kCellError = 128,     // a cell of a spreadsheet holds an error: #REF!, #N/A (Table)
};
inline constexpr unsigned kDamaged =
    kBrokenQuote | kFieldCount | kNotUtf8 | kNulByte | kNotAnObject | kCellError;

// A quoted field longer than this, or over more lines, is an unclosed quote.
inline constexpr std::size_t kLongestQuoted = 1 << 20;
inline constexpr int kMostQuotedLines = 256;
// Where quotes are sure there is nothing to guess.
inline constexpr std::size_t kLongestSure = 64 << 20;

struct SplitRecord {
    const char* next = nullptr;  // after the record's line end; null: more bytes are needed
    std::string_view text;       // without the line end
    unsigned flags = 0;
};

// A field that is this and nothing else, where backslashes escape: no value.
inline constexpr std::string_view kNullMark = "\\N";

// Both splitters: `begin` is the start of a record, begin < end; split() appends the fields, as
// views into the text, or into `arena` where quotes were doubled or escaped. A dialect of 0 columns
// takes any number of fields (GeneralSplitter only). last_record_end() is the end of the last whole
// record in the text; `begin` when there is none. Threads: const members run concurrently.

// The usual dialect, fast: one character between fields, doubled quotes, lines end in LF or CR LF.
class RecordSplitter {
public:
    explicit RecordSplitter(const Dialect& dialect)
        : m_delimiter(dialect.delimiter[0]),
          m_quote(dialect.quote),
          m_expected(dialect.columns),
          m_trailing(dialect.trailing_delimiter),
          m_longest(dialect.sure_quotes ? kLongestSure : kLongestQuoted),
          m_most_lines(dialect.sure_quotes ? static_cast<int>(kLongestSure) : kMostQuotedLines) {}
    static bool reads(const Dialect& dialect);

    SplitRecord split(const char* begin, const char* end, bool at_end_of_input,
                      std::vector<std::string_view>& fields, std::deque<std::string>& arena) const;
    const char* last_record_end(const char* begin, const char* end, bool at_end_of_input) const;

private:
    struct Quoted {
        const char* after = nullptr;    // after the closing quote; null: more bytes are needed
        const char* newline = nullptr;  // the first line end inside, if any
        bool doubled = false;
        bool broken = false;
    };
    Quoted close_quote(const char* open, const char* end, bool at_end_of_input) const;
    bool starts_field(const char* quote, const char* record) const {
        return quote == record || quote[-1] == m_delimiter;
    }

    char m_delimiter;
    char m_quote;
    std::size_t m_expected;
    bool m_trailing;
    std::size_t m_longest;
    int m_most_lines;
};

// Every other dialect: delimiters of several characters, escapes, no quotes, lone CR.
class GeneralSplitter {
public:
    explicit GeneralSplitter(const Dialect& dialect) : m_dialect(dialect) {}

    SplitRecord split(const char* begin, const char* end, bool at_end_of_input,
                      std::vector<std::string_view>& fields, std::deque<std::string>& arena) const;
    const char* last_record_end(const char* begin, const char* end, bool at_end_of_input) const;

private:
    struct Field {
        std::string_view text;
        const char* after = nullptr;  // at the delimiter, the line end or the end; null: needs more
        const char* newline = nullptr;  // the first line end inside, if any
        bool broken = false;
    };
    Field quoted_field(const char* open, const char* end, bool at_end_of_input,
                       std::deque<std::string>& arena) const;
    enum class LineEnds { kEndRecords, kMayBeEscaped };
    struct Reading {
        bool at_end_of_input = false;
        LineEnds escapes = LineEnds::kEndRecords;
    };
    SplitRecord split_as(const char* begin, const char* end, const Reading& reading,
                         std::vector<std::string_view>& fields,
                         std::deque<std::string>& arena) const;
    Field plain_field(const char* begin, const char* end, bool at_end_of_input, LineEnds escapes,
                      std::deque<std::string>& arena) const;
    const char* find_line_end(const char* from, const char* end) const;
    bool is_line_end(const char* at, const char* end) const;
    bool is_delimiter(const char* at, const char* end) const;

    Dialect m_dialect;
};

}  // namespace nguon::scan
