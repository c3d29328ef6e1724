// Collects everything that is wrong with one contract, with the place where it stands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/nearest.h"
#include "base/result.h"

namespace nguon::contract::internal {

// A place in the text as the YAML reader counts: line from 1, column in bytes from 1. 0 = unknown.
struct Mark {
    int line = 0;
    int column = 0;
};

// Keeps the first kMostProblems and counts the others, so that a hostile file cannot fill memory.
class Problems {
public:
    static constexpr std::size_t kMostProblems = 50;

    // Both must outlive this object; `text` turns byte columns into columns a person counts.
    Problems(std::string_view file, std::string_view text) : m_file(file), m_text(text) {}

    void add(Mark at, std::string_view path, Text problem, Text fix);
    // Characters, not bytes: the column an editor shows. At most kBlock bytes are counted for each.
    int column_in_characters(Mark at) const;
    bool empty() const { return m_found == 0; }
    // No more are kept: what only makes a message better need not be worked out.
    bool full() const { return m_kept.size() >= kMostProblems; }
    // All of them in the order of the file, as one error of code invalid.
    Error to_error() const;

private:
    static constexpr std::size_t kBlock = 1024;
    void index() const;
    std::size_t characters_before(std::size_t byte) const;

    std::string_view m_file, m_text;
    // Made at the first question: a hostile file asks for 250,000 places in one line of 4 MiB.
    mutable std::vector<std::size_t> m_lines;   // where each line begins
    mutable std::vector<std::size_t> m_blocks;  // characters before each block of kBlock bytes
    std::vector<Problem> m_kept;
    std::size_t m_found = 0;
};

// `text` between backticks for a message: at most 60 characters, control characters as '?'.
std::string shown(std::string_view text);
// "`a`, `b`, `c`"
std::string shown_list(const std::vector<std::string>& names);

}  // namespace nguon::contract::internal
