// Tables for a terminal, and how wide text stands there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/style.h"

namespace nguon::cli {

// Columns that UTF-8 text takes: combining marks take none, wide characters two.
int width_of(std::string_view text);

// What a terminal may be given of a text from elsewhere: control characters (escape sequences, line
// breaks) and marks that turn the direction of writing become visible, bytes that are no UTF-8
// become U+FFFD.
std::string printable(std::string_view text);

// A word of a command line that can be copied into a shell: quoted where it must be.
std::string shell_word(std::string_view word);

// At most `width` columns, with … when something was left out. Marks stay with their letters.
std::string cut(std::string_view text, int width, const Style& style);

enum class Align { kLeft, kRight };

class Table {
public:
    struct Column {
        std::string title;
        Align align = Align::kLeft;
    };
    struct Cell {
        std::string text;      // of any origin; made printable
        bool missing = false;  // drawn as –
    };

    explicit Table(std::vector<Column> columns) : m_columns(std::move(columns)) {}
    void add(std::vector<Cell> row);
    // Heads, a line, rows; each line ends with '\n'. Cells are cut only where the style has a
    // width.
    std::string render(const Style& style, int indent = 0) const;
    // Rows below each other, a line for each cell: for tables that are too wide to be read.
    std::string render_records(const Style& style) const;
    // Whether each column keeps so much of what it has that it can be read.
    bool is_readable(const Style& style) const;
    std::size_t rows() const { return m_rows.size(); }

private:
    std::vector<int> widths(const Style& style, int indent) const;
    std::vector<Column> m_columns;
    std::vector<std::vector<Cell>> m_rows;
};

}  // namespace nguon::cli
