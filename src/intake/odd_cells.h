// Cells of one kind in a column: how many, the first rows, the first one as it stands.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nguon::intake {

struct OddCells {
    static constexpr std::size_t kMostRows = 3;
    std::int64_t count = 0;
    std::vector<std::int64_t> rows;  // the first ones
    std::string example;             // the first one, as it stands

    // Rows come in order.
    void note(std::string_view text, std::int64_t row) {
        if (count++ == 0) example = text;
        if (rows.size() < kMostRows) rows.push_back(row);
    }
    void add(const OddCells& others) {
        if (others.count == 0) return;
        if (count == 0 || others.rows.front() < rows.front()) example = others.example;
        count += others.count;
        rows.insert(rows.end(), others.rows.begin(), others.rows.end());
        std::ranges::sort(rows);
        if (rows.size() > kMostRows) rows.resize(kMostRows);
    }
};

// Whether a column is still of a type, or of a form of dates, that some of its cells do not fit.
// One wrong cell must not make text of a thousand dates, and a few numbers among words must not
// make a column of words one of numbers: from twenty cells on one in twenty may be wrong.
constexpr bool fits_most(std::int64_t fits, std::int64_t misfits) {
    constexpr std::int64_t kFewest = 20, kOneIn = 20;
    return fits > 0 &&
           (misfits == 0 || (fits + misfits >= kFewest && misfits * kOneIn <= fits + misfits));
}

// Whether to seek no further: so many cells do not fit that nobody expects the others to. The first
// thousand may all be wrong, so that a file sorted by its faults is understood.
constexpr bool is_given_up(std::int64_t fits, std::int64_t misfits) {
    constexpr std::int64_t kPatience = 1'000, kOneIn = 10;
    return misfits > kPatience && misfits * kOneIn > fits + misfits;
}

}  // namespace nguon::intake
