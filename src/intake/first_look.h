// A file looked at while a load reads it: what no rule sees, because nothing of it fails.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/json.h"
#include "contract/contract.h"
#include "intake/block_totals.h"
#include "intake/findings.h"
#include "intake/headers.h"
#include "intake/known_codes.h"
#include "intake/personal.h"
#include "intake/recipe.h"
#include "scan/records.h"
#include "scan/table.h"

namespace nguon::intake {

struct Look {
    json::array results;  // RESULTs of severity warning
    std::vector<Proposal> proposals;
};

// Stands before a mender and sees cells as they are in the file. In every record: rows of totals,
// digits that are gone, units of numbers, dates and numbers that can be read two ways. In the first
// thousand records and in some ten thousand more, spread over the whole input: spaces, words for
// nothing, garbled text, letters and marks apart, personal data. Threads: as a CellMender.
class FirstLook final : public scan::CellMender {
public:
    struct Options {
        const contract::Dataset& dataset;
        const std::vector<Step>& recipe;  // what it mends already is not said again
        int year = 0;                     // the present one
        const scan::RecordInput& input;
        const Headers& headers;
        std::shared_ptr<scan::CellMender> then;  // may be null
        // Of hashes; random, so that a sender cannot make rows that seem equal.
        std::uint64_t seed = 0;
        bool single_row = false;  // of which no other tells how it is meant
    };
    explicit FirstLook(const Options& options);

    void mend(scan::Block& block, std::span<const std::ptrdiff_t> field_of) override;
    // After the last block:
    Look look(const scan::Table& table) const;
    // Whether the step reads dates or numbers of its column otherwise than a value in the file can
    // be read: 03/25 as a month's day, beside 25/03.
    bool contradicts(const Step& step) const;
    // Words for totals are values of the table, too: what leaves such rows out is never certain.
    bool has_total_values(const scan::Table& table) const;

private:
    // Cells of one kind: how many, the first ones by place, the first one as it stands.
    struct Cells {
        std::int64_t count = 0;
        std::vector<std::int64_t> places;
        std::string example;
        void note(std::int64_t place, std::string_view text);
        void add(const Cells& others);
    };
    // Of numbers: those without a unit, and those with each of kUnits.
    static constexpr std::array<std::string_view, 4> kUnits{"", "%", "đ", "USD"};
    using Units = std::array<Cells, kUnits.size()>;
    struct Watched {
        explicit Watched(int year) : personal(year) {}
        bool is_text = false;
        // Sought in every record; dates and numbers until a value decides.
        bool seeks_digits = false, seeks_dates = false, seeks_numbers = false;
        bool seeks_units = false;
        char first = 0;  // of the date's format: 'd' or 'M'
        bool seeks_rounded = false;
        Cells digits, rounded, ambiguous;
        Cells against;  // dates that can only be read in the order that the contract does not say
        std::int64_t decided = 0;  // values that can be read one way only
        bool is_settled() const;
        Units units;
        // Of the sample:
        Cells spaces, nothing, garbled, decomposed, zeros;
        Cells filled;
        PersonalVotes personal;
        CodeVotes codes;
        std::unordered_set<std::string> few;  // different values, up to kFew
    };
    // Of one block, before it is added to what others found.
    struct Found {
        std::vector<Cells> digits, rounded, ambiguous, against;
        std::vector<std::int64_t> decided;
        std::vector<char> is_settled;  // no more values are needed
        std::vector<Units> units;
        Cells sure, words, likely;  // rows of totals
        std::int64_t last_other = -1;
    };

    void see_all(const scan::Block& block, std::span<const std::ptrdiff_t> field_of,
                 std::span<const TotalSign> totals, Found& found);
    void see_twins(const scan::Block& block);
    void see_sample(const scan::Block& block, std::span<const std::ptrdiff_t> field_of,
                    std::span<const TotalSign> totals);
    void see_cell(Watched& watched, std::string_view text, std::int64_t place);
    void add(const scan::Block& block, const Found& found);
    bool has_step(FixKind kind, const std::string& column) const;
    // What is said at the end.
    void say_twins(const scan::Table& table, Look& look) const;
    void say_totals(const scan::Table& table, Look& look) const;
    void say_column(const scan::Table& table, std::size_t column, Look& look) const;
    void say_digits(const scan::Table& table, std::size_t column, Look& look) const;
    void say_texts(const scan::Table& table, std::size_t column, Look& look) const;
    void say_units(const scan::Table& table, std::size_t column, Look& look) const;
    void say_dates(const scan::Table& table, std::size_t column, Look& look) const;
    void say_zeros(const scan::Table& table, std::size_t column, Look& look) const;
    void say_meaning(const scan::Table& table, std::size_t column, Look& look) const;
    void say(const scan::Table& table, const std::string& code, std::size_t column,
             const Cells& cells, Text sentence, const Proposal* proposal, Look& look) const;
    Proposal proposal_of(FixKind kind, std::size_t column, bool safe, const Cells& cells,
                         std::string_view after) const;
    static std::vector<std::int64_t> rows_of(const scan::Table& table, const Cells& cells);
    Text of_sample() const;  // what is added to a count of the sample; empty when it is all

    const contract::Dataset& m_dataset;
    const std::vector<Step>& m_recipe;
    const scan::RecordInput& m_input;
    const Headers& m_headers;
    std::shared_ptr<scan::CellMender> m_then;
    const bool m_single_row;
    int m_year;
    const std::uint64_t m_seed;
    bool m_seeks_totals = true, m_seeks_twins = false;
    mutable std::mutex m_lock;  // of what follows
    std::vector<Watched> m_columns;
    Cells m_sure_totals, m_total_words, m_likely_totals, m_twins, m_changed;
    std::unordered_map<std::uint64_t, std::int64_t> m_seen;  // the first place of each row's hash
    std::int64_t m_last_other = -1;  // place of the last row that is no total
    std::int64_t m_rows = 0, m_sampled = 0;
};

}  // namespace nguon::intake
