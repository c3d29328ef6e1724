// What a file without a contract looks like: the types its columns could have, how values are
// spread, what is empty, odd, personal, a code of the country, or there twice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "contract/contract.h"
#include "intake/column_guess.h"
#include "intake/column_title.h"
#include "intake/total_rows.h"
#include "quality/score.h"
#include "scan/records.h"

namespace nguon::intake {

struct ColumnProfile {
    std::string header;  // as in the file
    std::string name;    // in snake case; unique, also where headers differ in marks only
    Text title;
    ColumnGuess guess;
    // As officers mean it: numbers of persons and codes of places are text, whatever their digits.
    contract::LogicalType type = contract::LogicalType::kString;
    std::int64_t distinct = 0;
    TitleKind title_kind = TitleKind::kOther;
    // Its values tell rows apart, here and in the files to come: all are there, each once, and they
    // are codes or identifiers. A running number, an amount, a date or a name is none.
    bool likely_key = false;
    PersonalVotes::Guess personal = {};
    std::optional<CodeVotes::Guess> code = {};

    // Cells that are not of `type`: a load under the first contract sets their rows aside.
    OddCells misfits() const;
};

// The lines of a text file that are the table, from 1; 0: there is none.
struct TableRange {
    std::int64_t header_line = 0, first_line = 0, last_line = 0;
};

struct Profile {
    std::string format, encoding;
    std::optional<scan::Dialect> dialect;  // of CSV and sheets
    scan::Contents contents;
    TableRange range;  // of CSV
    std::int64_t rows = 0, unreadable = 0;
    std::vector<quality::RuleResult> damage;  // one for each kind that there is
    std::vector<ColumnProfile> columns;
    std::int64_t repeated = 0;  // rows that equal an earlier one
    std::vector<std::int64_t> repeated_rows;
    std::string repeated_example;       // the first of them, as it stands
    std::optional<std::int64_t> alike;  // rows with an earlier one's name and date of birth
    std::vector<std::int64_t> alike_rows;
    bool estimated = false;     // the two counts above
    OddCells changed;           // cells that the encoding spells otherwise than UTF-8
    bool total_values = false;  // rows that begin like totals are data
    TotalRows totals;           // counted in `rows`, left out of everything else
};

struct ProfileSeams {
    Random& random;  // seeds hashes
    Micros now = 0;  // years of birth are not after it
    // To count different values in, of 8 bytes.
    std::size_t hash_slots = std::size_t{1} << 24;
};

// One reading; another one for the columns whose different values do not fit in `hash_slots`.
// Memory is bounded by the number of columns, not of rows.
Result<Profile> profile(const scan::InputOptions& input, const ProfileSeams& seams);

// Whether a load under the first contract may set rows aside that can be read: those with a cell
// that is not of its column's type, those of totals, identifiers that lost digits.
bool has_misfits(const Profile& profile);

// Whether the first contract takes no other values of the column than those of the file.
bool has_closed_list(const ColumnProfile& column);

// A first contract: loading the same file under it rejects no row but the unreadable ones and those
// that has_misfits() tells of.
std::string draft_contract(const Profile& profile, std::string_view file_name);

// Of the answer of `check`: `columns`, `duplicates`, `references`, and what is to be said, as
// RESULTs.
json::array columns_json(const Profile& profile);
json::object duplicates_json(const Profile& profile);
json::array references_json(const Profile& profile);
json::array findings_of(const Profile& profile);

// The table as read: header first, values untouched, as UTF-8 CSV. Damaged records stand there in
// their best reading; of several tables in one file this is the first. Errors: unavailable when the
// disk is full.
Result<void> write_rows(const scan::InputOptions& input, Disk& disk,
                        const std::filesystem::path& to);

}  // namespace nguon::intake
