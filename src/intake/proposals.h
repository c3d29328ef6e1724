// What would mend the rows that a load set aside: steps tried on those rows, kept where fewer fail.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "contract/contract.h"
#include "intake/mender.h"
#include "intake/recipe.h"
#include "quality/rules.h"
#include "scan/table.h"
#include "sql/duckdb.h"

namespace nguon::intake {

// The rows set aside (the first of them, when there are very many), and how to judge them again.
struct SetAside {
    const contract::Dataset& dataset;
    const quality::RuleSet& rules;
    const std::vector<Step>& recipe;  // what was applied to them already
    sql::Duck& duck;
    std::string joins;  // of the references, after `_s`
    Micros clock = 0;   // what rules see as now
    // They as a table, their cells mended by these steps. The sample's values as they stood.
    std::function<Result<std::shared_ptr<scan::Table>>(std::shared_ptr<scan::CellMender>)> table;
    std::vector<std::vector<std::string>> values;  // by row, then by column of the dataset
    std::vector<std::size_t> failing;              // columns of which a rule failed, in order
    std::function<Result<Successors>(const Step&)> successors;
    std::function<Result<std::optional<std::string>>(const contract::Column&)> successor_table;
};

// Steps that mend something, those of one column in the order in which they run. Digits that are
// gone (3.02E+11) are never guessed.
Result<std::vector<Proposal>> propose(const SetAside& aside);

// Whether a value of the column can be read as a date in the other order only.
bool speaks_against(const Step& step, const std::vector<std::string>& values);

// For names in a file that a contract does not know, the columns that they could be.
std::vector<Proposal> propose_names(const contract::Dataset& dataset, const scan::Plan& plan,
                                    const std::vector<std::string>& unknown,
                                    const std::vector<std::string>& missing);

}  // namespace nguon::intake
