// A file as its recipe mends it, written as plain CSV.
#pragma once

#include <filesystem>
#include <memory>
#include <unordered_set>
#include <vector>

#include "base/disk.h"
#include "contract/contract.h"
#include "intake/recipe.h"
#include "scan/records.h"
#include "scan/table.h"

namespace nguon::intake {

struct MendedFile {
    const contract::Dataset& dataset;
    const std::vector<Step>& recipe;
    std::shared_ptr<scan::CellMender> mender;  // null: nothing is changed in cells
    // Places, as scan::Table::place_of: of rows that are left out, and of rows whose guessed value
    // gave way to a real one, which stand last so that they give way again.
    const std::vector<std::int64_t>& left_out;
    const std::unordered_set<std::int64_t>& yielding;
    // Names of the input that no record has (RecordInput::names_not_met): they are no columns.
    const std::vector<std::string>& absent;
};

// `to`: the columns of the file in their order, those that the recipe renames under their new
// names; cells mended, in normal form C, and written as a CSV under this contract has them; rows
// left out are not there. `damaged` (empty: nowhere): the records that cannot be taken apart, each
// as it stood, below the names of the columns where the format has such a line; only where there
// are any.
Result<void> write_mended(const scan::InputOptions& options, Disk& disk, const MendedFile& mended,
                          const std::filesystem::path& to, const std::filesystem::path& damaged);

}  // namespace nguon::intake
