// What mends a file before it is judged: steps that a person accepted for a dataset, kept with it
// and offered at the next load. A step is also the `fix` of a RESULT (docs/reference/json.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "contract/contract.h"
#include "intake/headers.h"
#include "scan/table.h"
#include "store/store.h"

namespace nguon::intake {

enum class FixKind {
    kRename,          // a column of the file is one of the contract under another name
    kDropTotal,       // a row that sums up the others is left out
    kDropDuplicates,  // a row equal to an earlier one in every column is left out
    kTrim,            // spaces at the ends and Excel's apostrophe go
    kEmpty,           // "NULL", "-", "không có" mean that there is no value
    kDate,            // written in another order, or as Excel's number of days
    kNumber,          // 1.234,5
    kLabel,           // the label of a list's value, or the value in other letters
    kPad,             // zeros that were lost
    kSuccessor,       // a code that was replaced by exactly one other
    kEncoding,        // text that was once read in the wrong encoding
};
std::string_view name_of(FixKind kind);  // "rename", "drop_total", …

struct Step {
    FixKind kind{};
    std::string column;  // of the dataset; empty for rows
    // rename: the file's name; date: its form; number: the decimal separator; pad: the numbers that
    // there must be with the zeros ("citizen_id", "phone"), or nothing
    std::string from;
    std::size_t length = 0;  // pad
    std::string dataset;     // successor: the table of former and present codes

    // What a person names it by: "date:born", "drop_total".
    std::string code() const;
    bool operator==(const Step&) const = default;
};

json::object to_json(const Step& step);
// Errors: invalid.
Result<Step> step_from_json(const json::value& value);
Result<std::vector<Step>> steps_from_json(std::string_view text);
std::string to_json_text(const std::vector<Step>& steps);

// One sentence that a clerk understands: what the step does.
Text sentence_of(const Step& step, const Headers& headers);

// The names of the file that the recipe knows, as titles of the columns that they are.
void add_renames(const std::vector<Step>& recipe, scan::Plan& plan);

// A step that would mend rows of a file, as check and load propose it.
struct Proposal {
    Step step;
    bool safe = false;          // applied by --fix without a question
    std::int64_t cells = 0;     // that it mends, of those looked at
    std::string before, after;  // an example, masked
    // Another reading of the same cells (months first): only its own code accepts it.
    bool alternative = false;
    std::string code() const;  // the step's; of an alternative "date:born=MM/dd/yyyy"
};
// The `fix` of a RESULT.
json::object to_json(const Proposal& proposal, const Headers& headers);

// Adds to the recipe the proposals that are safe or whose code stands in `accept`. Whether any was.
// Errors: invalid, naming what was offered, for a code of `accept` that is neither of a step
// offered nor of one kept.
Result<void> check_accepted(const std::vector<std::string>& accept,
                            const std::vector<std::string>& offered,
                            const std::vector<Step>& recipe);
bool join(std::vector<Step>& recipe, const std::vector<Proposal>& proposals,
          const std::vector<std::string>& accept);

// The recipe kept with a dataset. Left out are steps for columns that are gone since, and the order
// of day and month in a column for which files were mended in either: the next file must show its
// own, or a person says it.
Result<std::vector<Step>> kept_recipe(const store::Store& store, const contract::Dataset& dataset);

// A RESULT that says how the last file was mended.
json::object recipe_offer(const std::vector<Step>& steps, const Headers& headers, std::int64_t read,
                          std::int64_t rejected);

}  // namespace nguon::intake
