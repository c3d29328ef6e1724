// How the dates and times of one column are written: the form that most cells have, and the others.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "intake/histogram.h"
#include "intake/odd_cells.h"
#include "scan/moment_format.h"
#include "scan/value.h"

namespace nguon::intake {

class MomentGuess {
public:
    // `typed`: the input has dates of its own, in ISO 8601 whatever others look like.
    explicit MomentGuess(bool typed);
    // Cells that are not empty, in order.
    void see(std::string_view text, std::int64_t row);

    // A form that a contract can say.
    struct Best {
        scan::Moment kind{};
        std::string pattern;  // of a contract; empty: ISO 8601
        std::int64_t fits = 0;
        OddCells misfits = {};
        // Of those, the ones that are written as that form has it and are no day of the calendar.
        std::int64_t impossible = 0;
        // Dates of that form that are also days with the month first; empty when some date decides.
        OddCells two_ways = {};
        const DayHistogram* days = nullptr;  // of dates
    };
    std::optional<Best> best() const;

    // The forms that there are, each with the cells that none before it has, the commonest first.
    struct Style {
        std::string pattern;  // as people write it: "dd/MM/yyyy HH:mm", "d/M/yy"
        bool short_year = false;
        OddCells cells = {};
    };
    std::vector<Style> styles() const;

private:
    // Every form that one cell has, as bits of the list of date forms and that of clock forms.
    struct Forms {
        std::uint32_t date = 0;            // a date alone
        std::uint32_t day = 0, clock = 0;  // a date and a time …
        bool clock_first = false;          // … which stands before it, …
        bool is_both_ways = false;         // … or wherever a contract has it
        bool iso_moment = false, iso_time = false;
        bool operator==(const Forms&) const = default;
    };
    struct Candidate;
    static const std::vector<Candidate>& candidates();  // in the order of preference
    static bool has(const Forms& forms, const Candidate& candidate);

    using Days = std::array<std::int32_t, 16>;  // by form of dates

    Forms forms_of(std::string_view text);
    std::uint32_t dates_of(std::string_view text, Days& days) const;
    void note_days(std::uint32_t dates, const Days& days);
    void forget_absent();

    bool m_typed, m_given_up = false;
    std::int64_t m_seen = 0;
    std::uint32_t m_sought, m_spare = 0;  // forms of dates that are tried; where none of them fits
    std::vector<std::pair<Forms, OddCells>> m_cells;   // few: by the forms that cells have
    std::map<std::size_t, DayHistogram> m_days;        // by group of forms
    std::map<std::string, std::int64_t> m_impossible;  // "31/02/2026", by the shape "n/n/yyyy"
};

}  // namespace nguon::intake
