// How a delimited file is written, and which part of it is the table.
// Source: RFC 4180; that the right dialect is the one under which rows agree and cells look like
// values is the idea of van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting
// row and type patterns" (2019). The measure here is our own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scan/encoding.h"

namespace nguon::scan {

enum class LineEnd {
    kLf,
    kCrLf,
    kCr,  // then LF and CR LF end lines too
};
std::string_view name_of(LineEnd line_end);  // "lf", "crlf", "cr"

struct Dialect {
    std::string delimiter = ",";  // one character or several, UTF-8
    char quote = '"';             // 0: none
    char escape = 0;              // 0: a quote inside quotes is doubled
    LineEnd line_end = LineEnd::kLf;
    Encoding encoding = Encoding::kUtf8;
    bool byte_order_mark = false;
    bool sure_quotes = false;  // a program wrote them: a quoted field may be as long as it likes
    // Rows end with a delimiter that no column follows.
    bool trailing_delimiter = false;
    bool has_header = true;
    std::vector<std::string> header;  // as in the file, unquoted; empty without a header
    bool separator_line = false;      // the file's first line is Excel's "sep=;"
    std::size_t columns = 0;          // fields of a whole record
    std::size_t usual_columns = 0;  // fields of most rows: more or fewer when the header is damaged
    std::size_t filled_columns = 0;  // of those, as many as are usually not empty
    // Lines before the header; of the header (2: column numbers follow it); after the last record.
    std::size_t preamble_lines = 0, header_lines = 1, footer_lines = 0;
    bool column_numbers = false;  // the header's last line: (1), (2), (3)
    std::size_t body = 0;         // bytes of UTF-8 text before the first record, with the mark
    double confidence = 1.0;      // 0 to 1: how sure delimiter and quote are
};

// The names of the columns, unique: an empty one is column_3, a repeated one name_2.
std::vector<std::string> column_names(const Dialect& dialect);

// From the first bytes of a file as UTF-8 (64 KiB is enough). `whole`: there are no more. `wanted`:
// names of columns that are expected; a row that has most of them is the header. Errors: invalid
// for a file without any row. Work is bounded by the head, whatever is in it.
Result<Dialect> detect_dialect(std::string_view head, bool whole = true,
                               std::span<const std::string> wanted = {});

}  // namespace nguon::scan
