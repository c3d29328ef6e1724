// What one column of a file could be, after the values seen: its type as an officer means it, how
// its values are spread, what looks personal, which codes they are, and what is odd about them. One
// pass, bounded memory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/contract.h"
#include "intake/histogram.h"
#include "intake/known_codes.h"
#include "intake/personal.h"
#include "intake/value_shape.h"
#include "scan/value.h"

namespace nguon::intake {

// What can be odd about single cells.
enum class Oddity {
    kSpaces,         // white space at the ends, or Excel's apostrophe
    kNothing,        // words for no value: "NULL", "-", "không có"
    kDigitsLost,     // 3.02E+11
    kGarbled,        // read once in the wrong encoding: "Nguyá»…n"
    kDecomposed,     // letters and marks apart (not in normal form C)
    kAmbiguousDate,  // dd/MM or MM/dd: both are days
    kThousands,      // 1.234: a thousand, or one and a bit
};
inline constexpr std::size_t kOddities = 7;

struct OddCells {
    static constexpr std::size_t kMostRows = 3;
    std::int64_t count = 0;
    std::vector<std::int64_t> rows;  // the first ones
    std::string example;             // the first one, as it stands
};

class ColumnGuess {
public:
    // `typed`: the input has dates of its own, in ISO 8601 whatever others look like.
    explicit ColumnGuess(int year, bool typed = false);
    // `row` counts data records from 1.
    void see(std::string_view text, std::int64_t row);

    contract::LogicalType type() const;
    // Of dates "dd/MM/yyyy"; of numbers written for people ',' or '.'.
    std::string date_format() const;
    char decimal() const;
    // Identifiers of which a spreadsheet left "3.02E+11": what was there is gone.
    bool has_lost_digits() const;
    // The share of values that are of the type; 0.5 where a date could be read two ways.
    double confidence() const;

    std::int64_t values() const { return m_values; }
    std::int64_t nulls() const { return m_nulls; }
    std::int64_t shortest() const { return m_values == 0 ? 0 : m_shortest; }
    std::int64_t longest() const { return m_longest; }
    // Every value is digits, and the first of some is zero.
    bool are_digits() const { return m_values > 0 && m_digits && m_zeros; }
    // Null unless the type is number or integer, or date.
    const Histogram* numbers() const;
    const DayHistogram* days() const;
    const Shapes& shapes() const { return m_shapes; }
    // Every value with its count while there are few, in order of appearance; else empty.
    const std::vector<std::pair<std::string, std::int64_t>>& few_values() const;
    const std::vector<std::string>& examples() const { return m_examples; }
    const PersonalVotes& personal() const { return m_personal; }
    const CodeVotes& codes() const { return m_codes; }
    OddCells odd(Oddity kind) const;

private:
    // Of the same text, formats with the same order of year, month and day read the same day.
    static constexpr std::size_t kDateOrders = 3;
    struct Dates {
        std::string_view pattern;
        scan::DateFormat format;
        std::size_t order = 0;
    };
    struct Written {  // numbers with one decimal separator
        char decimal = 0;
        bool possible = true;
        Histogram numbers;
    };
    // `digits`: how many of the text's bytes are.
    void see_types(std::string_view text, std::int64_t row, std::int64_t digits);
    void see_numbers(std::string_view text, std::int64_t digits);
    void note(Oddity kind, std::string_view text, std::int64_t row);
    void keep(std::string_view text);

    bool m_typed;
    scan::DateFormat m_iso;
    std::int64_t m_values = 0, m_nulls = 0, m_shortest = INT64_MAX, m_longest = 0;
    bool m_integer = true, m_number = true, m_boolean = true, m_timestamp = true, m_time = true;
    bool m_digits = true;         // every value is ASCII digits
    bool m_whole_or_lost = true;  // … or such digits that a spreadsheet cut short
    bool m_zeros = false;         // a value begins with a zero: they are codes
    bool m_separators = false;    // a number was written for people
    bool m_only_thousands = true;
    Histogram m_plain;
    std::array<Written, 2> m_written;
    std::vector<Dates> m_dates;
    std::array<DayHistogram, kDateOrders> m_days;  // by order
    Shapes m_shapes;
    PersonalVotes m_personal;
    CodeVotes m_codes;
    std::array<OddCells, kOddities> m_odd;
    std::vector<std::pair<std::string, std::int64_t>> m_few;
    bool m_is_few = true;
    std::vector<std::string> m_examples;
};

}  // namespace nguon::intake
