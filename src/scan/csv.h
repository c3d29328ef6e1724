// The dialect of a delimited file, and how one record of it is taken apart.
// Source: RFC 4180, and what offices really send: a quote opens only at a field's start; inside a
// quoted field a quote is doubled or closes it; damage ends at the next plausible record.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nguon::scan {

struct Dialect {
    char delimiter = ',';
    char quote = '"';
    bool byte_order_mark = false;
    std::vector<std::string> header;  // names as in the file, unquoted
    double confidence = 1.0;          // 0 to 1: how sure the delimiter is
};

// From the first bytes of a file (64 KiB is enough). Errors: invalid for an empty file or one
// without a header row.
Result<Dialect> detect_dialect(std::string_view head);

enum RecordFlag : unsigned {
    kBrokenQuote = 1,  // an unclosed quote, or text after a closing one
    kFieldCount = 2,   // more or fewer fields than the header
    kNotUtf8 = 4,
    kNulByte = 8,
    kKeySeenBefore = 16,  // its key stood earlier in the file (RowSource)
    kNotAnObject = 32,    // a line of JSON lines that is no JSON object
    kLeftOut = 64,        // by a CellMender: neither read, accepted nor rejected
};
inline constexpr unsigned kDamaged =
    kBrokenQuote | kFieldCount | kNotUtf8 | kNulByte | kNotAnObject;

// A quoted field longer than this, or over more lines, is an unclosed quote.
inline constexpr std::size_t kLongestQuoted = 1 << 20;
inline constexpr int kMostQuotedLines = 256;

// Takes records apart. `fields` keeps views into the text, or into `arena` where quotes were
// doubled.
class RecordSplitter {
public:
    RecordSplitter(const Dialect& dialect, std::size_t expected_fields)
        : m_delimiter(dialect.delimiter), m_quote(dialect.quote), m_expected(expected_fields) {}

    struct Record {
        const char* next = nullptr;  // after the record's line end; null: more bytes are needed
        std::string_view text;       // without the line end
        unsigned flags = 0;
    };
    // `begin` is the start of a record, begin < end. Appends the fields.
    Record split(const char* begin, const char* end, bool at_end_of_input,
                 std::vector<std::string_view>& fields, std::deque<std::string>& arena) const;
    // The end of the last whole record in the text; `begin` when there is none.
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
};

}  // namespace nguon::scan
