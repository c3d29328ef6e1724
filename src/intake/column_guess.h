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
#include "intake/moment_guess.h"
#include "intake/odd_cells.h"
#include "intake/personal.h"
#include "intake/value_shape.h"

namespace nguon::intake {

// What can be odd about single cells.
enum class Oddity {
    kSpaces,         // white space at the ends, or Excel's apostrophe
    kNothing,        // words for no value: "NULL", "-", "không có"
    kDigitsLost,     // 3.02E+11
    kRounded,        // sixteen digits and more, of which the sixteenth and all after it are 0
    kCitizenZeros,   // a citizen number without the zeros at its front
    kPhoneZero,      // a telephone number without its zero
    kGarbled,        // read once in the wrong encoding: "Nguyá»…n"
    kDecomposed,     // letters and marks apart (not in normal form C)
    kAmbiguousDate,  // dd/MM or MM/dd: both are days
    kThousands,      // 1.234: a thousand, or one and a bit
    kCodes,          // "A12", "MG": a code, where the others are whole numbers
    kMisfit,         // not of the column's type: a load sets the row aside
};
inline constexpr std::size_t kOddities = 12;

class ColumnGuess {
public:
    // `typed`: the input has dates of its own, in ISO 8601 whatever others look like.
    explicit ColumnGuess(int year, bool typed = false);
    // `row` counts data records from 1.
    void see(std::string_view text, std::int64_t row);

    contract::LogicalType type() const;
    // Of dates "dd/MM/yyyy", of moments "HH:mm dd/MM/yyyy" or nothing (ISO 8601), of geometries
    // "wkt", "geojson"; of numbers written for people ',' or '.'.
    std::string format() const;
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
    // 1, 2, 3, … in the order of the rows: where they stand, not which they are.
    bool are_ordinals() const { return m_values > 0 && m_ordinals; }
    // Every value is one word with a digit, of letters, digits and "-_/.": "HS-2026/01".
    bool are_identifiers() const { return m_values > 0 && m_identifiers; }
    // Of the cells that are of the type. Null unless it is number or integer, or date.
    const Histogram* numbers() const;
    const DayHistogram* days() const;
    const Shapes& shapes() const { return m_shapes; }
    // Every value with its count while there are few, in order of appearance; else empty.
    const std::vector<std::pair<std::string, std::int64_t>>& few_values() const;
    const std::vector<std::string>& examples() const { return m_examples; }
    // The first cells that are not empty, and how many there are.
    const OddCells& filled() const { return m_filled; }
    const PersonalVotes& personal() const { return m_personal; }
    const CodeVotes& codes() const { return m_codes; }
    OddCells odd(Oddity kind) const;

    // What stands behind numbers ("%", "đ", "USD"), each with its cells, the commonest first.
    struct Unit {
        std::string name;
        OddCells cells = {};
    };
    std::vector<Unit> units() const;
    // Numbers of several units, or of a share in percent and without: such a column stays text.
    bool has_mixed_units() const;
    bool are_mostly_numbers() const;  // four in five, whatever their units
    // Of those, the cells that do not bear the commonest one.
    OddCells other_units() const;

    // A type that most cells have, where too few do for the column to be of it.
    struct Near {
        contract::LogicalType type{};
        std::string format;
        OddCells misfits = {};
    };
    std::optional<Near> nearly() const;

    // The forms of dates and moments that the cells have, the commonest first.
    std::vector<MomentGuess::Style> date_styles() const { return m_moments.styles(); }

private:
    // One way to take the cells.
    struct Reading {
        std::int64_t fits = 0;
        OddCells misfits = {};
        bool given_up = false;
        void see(bool is_one, std::string_view text, std::int64_t row);
    };
    struct Written {  // numbers with one decimal separator
        char decimal = 0;
        Reading reading = {};
        Histogram numbers = {};
    };
    // What the column is taken for.
    struct Choice {
        contract::LogicalType type = contract::LogicalType::kString;
        std::int64_t fits = 0;
        const OddCells* misfits = nullptr;
        char decimal = 0;
        std::string format = {};
        const Histogram* numbers = nullptr;
        bool lost_digits = false, is_moment = false;
        std::int64_t impossible = 0;  // misfits that are dates of no day
    };
    // `digits`: how many of the text's bytes are.
    void see_types(std::string_view text, std::int64_t row, std::int64_t digits);
    void see_numbers(std::string_view text, std::int64_t row, std::int64_t digits);
    bool see_written(std::string_view text, std::int64_t row, bool is_exact);
    void see_unit(std::string_view text, std::int64_t row);
    bool may_be_thousands() const;
    static bool is_of_most(const Choice& choice, std::int64_t values);
    void see_geometry(std::string_view text, std::int64_t row);
    void see_oddities(std::string_view text, std::int64_t row, std::int64_t digits);
    void note(Oddity kind, std::string_view text, std::int64_t row);
    void keep(std::string_view text);
    std::vector<Choice> choices(const std::optional<MomentGuess::Best>& moments) const;
    // Lasts no longer than `moments`.
    Choice choice(const std::optional<MomentGuess::Best>& moments) const;
    Choice choice() const;
    const OddCells& seen(Oddity kind) const { return m_odd[static_cast<std::size_t>(kind)]; }

    std::int64_t m_values = 0, m_nulls = 0, m_shortest = INT64_MAX, m_longest = 0;
    Reading m_integer, m_number, m_boolean, m_wkt, m_geojson;
    Reading m_whole_or_lost;          // digits, or such digits that a spreadsheet cut short
    std::int64_t m_short_truths = 0;  // 0 and 1, which are booleans too
    std::int64_t m_long = 0;          // whole numbers of more digits than a spreadsheet keeps
    bool m_digits = true;             // every value is ASCII digits
    bool m_ordinals = true, m_identifiers = true;
    bool m_zeros = false;             // a value begins with a zero: they are codes
    bool m_inexact = false;           // a number has more digits than a double keeps
    bool m_separators = false;        // a number was written for people
    std::int64_t m_other_points = 0;  // 12.5: no thousand
    bool m_typed;
    std::vector<Unit> m_units;  // of numbers, few; without a name: those without one
    Histogram m_plain;
    std::array<Written, 2> m_written;
    MomentGuess m_moments;
    Shapes m_shapes;
    int m_year;
    PersonalVotes m_personal;
    CodeVotes m_codes;
    std::array<OddCells, kOddities> m_odd;
    std::vector<std::pair<std::string, std::int64_t>> m_few;
    bool m_is_few = true;
    std::vector<std::string> m_examples;
    OddCells m_filled;
};

}  // namespace nguon::intake
