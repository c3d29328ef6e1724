// A file as its recipe mends it, written as plain CSV.
#pragma once

#include <filesystem>
#include <memory>
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
    std::shared_ptr<scan::CellMender> mender;   // null: nothing is changed in cells
    const std::vector<std::int64_t>& left_out;  // places, as scan::Table::place_of
};

// The columns of the file in their order, those that the recipe renames under their new names;
// cells mended and in normal form C; rows left out are not there; damaged records in their best
// reading.
Result<void> write_mended(const scan::InputOptions& options, Disk& disk, const MendedFile& mended,
                          const std::filesystem::path& to);

}  // namespace nguon::intake
