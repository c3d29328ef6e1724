// What a contract says of the inside of a text cell: JSON of a nested column, a geometry. The
// contract's side makes these; the scan asks them for every cell.
#pragma once

#include <string>
#include <string_view>

namespace nguon::scan {

// Threads: read() runs concurrently.
class CellCheck {
public:
    virtual ~CellCheck() = default;
    // False: `text` (UTF-8 in normal form C, not empty) is no such value. Else `kept` is what the
    // dataset keeps: `text` itself, or its canonical form in `buffer`.
    virtual bool read(std::string_view text, std::string& buffer, std::string_view& kept) const = 0;
};

}  // namespace nguon::scan
