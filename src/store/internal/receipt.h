// The signed statement of what the node accepted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/keys.h"
#include "store/store.h"

namespace nguon::store {

// The RECEIPT of docs/reference/json.md. first and last are 0 when nothing changed.
Result<std::string> make_receipt(const BatchDraft& draft, Seq first, Seq last, Micros at,
                                 const crypto::Signer& signer);

// A receipt without what it says of an erased row, signed again: examples, the profile and the
// idempotency key go where one of `words` stands in them, and so does `row_sha256`, from which a
// value might be guessed. Nothing when it says nothing of the row.
Result<std::optional<std::string>> redact_receipt(std::string_view receipt,
                                                  const std::vector<std::string>& words,
                                                  std::string_view erasure,
                                                  const crypto::Signer& signer);

// The part of a receipt that its jws must have as payload: the text without its last member, "jws".
// Errors: corrupt when the text has no such member.
struct SplitReceipt {
    std::string payload, jws;
};
Result<SplitReceipt> split_receipt(std::string_view receipt);

}  // namespace nguon::store
