// The first records of a file under its contract: what no rule sees, because nothing of it fails.
#pragma once

#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "contract/contract.h"
#include "intake/recipe.h"
#include "scan/records.h"

namespace nguon::intake {

struct Look {
    json::array results;  // old encoding, titles, garbled text, personal data that is not declared
    std::vector<Proposal> proposals;
};

// `recipe`: what it mends already is not said again.
Result<Look> look_at(const scan::InputOptions& options, const contract::Dataset& dataset,
                     const std::vector<Step>& recipe, Micros now);

}  // namespace nguon::intake
