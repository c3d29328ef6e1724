// The names of a file's columns against a contract: what is missing, not known, there twice, or of
// another dataset altogether.
#pragma once

#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "contract/contract.h"
#include "intake/recipe.h"
#include "scan/records.h"
#include "store/store.h"

namespace nguon::intake {

struct NamesVerdict {
    json::array wrong;     // RESULTs for which the file is refused
    json::array warnings;  // and those for which it is not
    std::vector<Proposal> proposals;
    std::vector<std::string> missing;  // columns, not required and not of the key, that it lacks
    bool is_another_file = false;      // `wrong` says so, in one RESULT
};

struct NamesQuestion {
    const contract::Dataset& dataset;
    const std::vector<Step>& recipe;
    const store::Store* lists = nullptr;  // where a dataset is looked for that the file rather is
    contract::Mode mode{};                // says what becomes of columns that the file lacks
};
// `options`: of `input`. A JSON input is opened once more and read until each column was met: to
// its end where one never is. Errors: as of the input.
Result<NamesVerdict> judge_names(const scan::RecordInput& input, const scan::InputOptions& options,
                                 const NamesQuestion& question);

// What a person who sees the file may not expect of how it was read. Known after the last record.
json::array warnings_of(const scan::Contents& contents);

}  // namespace nguon::intake
