// What a file without a contract looks like: the types its columns could have, what is empty, what
// repeats.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "base/time.h"
#include "contract/contract.h"
#include "quality/score.h"
#include "scan/records.h"

namespace nguon::intake {

struct ColumnProfile {
    std::string header;  // as in the file
    std::string name;    // in snake case, unique
    contract::LogicalType type = contract::LogicalType::kString;
    std::string date_format;  // of dates
    std::int64_t nulls = 0, distinct = 0;
    std::size_t longest = 0;  // characters
    bool likely_key = false;
    std::string
        personal;  // "citizen_id", "phone", "email", "name", "address", "birth_date" or empty
};

struct Profile {
    std::string format, encoding;
    std::optional<scan::Dialect> dialect;  // of CSV and sheets
    scan::Contents contents;
    std::int64_t rows = 0, unreadable = 0;
    std::vector<quality::RuleResult> damage;  // one for each kind that there is
    std::vector<ColumnProfile> columns;
};

// `random` seeds the search for repeated values.
Result<Profile> profile(const scan::InputOptions& input, Random& random);

// A first contract: loading the same file under it rejects no row but the unreadable ones.
std::string draft_contract(const Profile& profile, std::string_view file_name);

// The table as read: header first, values untouched, as UTF-8 CSV. Damaged records stand there in
// their best reading; of several tables in one file this is the first. Errors: unavailable when the
// disk is full.
Result<void> write_rows(const scan::InputOptions& input, Disk& disk,
                        const std::filesystem::path& to);

}  // namespace nguon::intake
