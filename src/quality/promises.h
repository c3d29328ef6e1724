// What a contract's slaProperties promise of freshness.
#pragma once

#include "contract/contract.h"
#include "quality/freshness.h"

namespace nguon::quality {

// Those that apply to this dataset: frequency of its batches; freshness and latency of the date or
// timestamp column that `element` names, else of its batches. A word that is not understood makes
// no promise: check_promises() says so when the contract is applied.
Promises promises_of(const contract::Contract& contract, const contract::Dataset& dataset);

// Errors: invalid, naming each promise of freshness whose value or unit cannot be understood, and
// each element that is not there.
Result<void> check_promises(const contract::Contract& contract);

}  // namespace nguon::quality
