// Several tables in one file: where the one that is read ends, and what follows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scan/csv.h"
#include "scan/records.h"

namespace nguon::scan {

// Line feeds in a text; counting them is a part of finding tables.
std::size_t count_line_feeds(std::string_view text);

struct TableEnd {
    std::size_t at = 0;   // bytes of the text that belong to the table
    bool ends = false;    // another table follows
    bool unsure = false;  // the text ends too soon after an empty row to tell
};
// A table ends at an empty row that names follow which are not its own, with values under them: of
// another number of columns, or typed where the names are not; values of words only in another
// number of columns, under a title or below a table that fills all of its own.
// `whole`: no text follows.
TableEnd find_table_end(std::string_view text, bool whole, const Dialect& dialect);

// Counts the tables in what follows. Text comes in pieces.
class TableCounter {
public:
    // `line`: of the first byte, from 1.
    TableCounter(const Dialect& dialect, std::int64_t line);
    void feed(std::string_view text);
    // Those that have a header of two columns and a row; at most kMost of them.
    std::vector<Part> finish();
    static constexpr std::size_t kMost = 100;

private:
    void see_line(std::string_view line);
    void end_table();

    Dialect m_dialect;
    std::string m_held;
    std::int64_t m_line;
    Part m_current;
    std::vector<Part> m_tables;
};

}  // namespace nguon::scan
