#include "store/internal/receipt.h"

#include "base/json.h"

namespace nguon::store {
namespace {

constexpr std::string_view kJwsMember = ",\"jws\":\"";

json::value seq_or_null(Seq seq) {
    return seq == 0 ? json::value(nullptr) : json::value(seq);
}

json::value or_null(const json::object& member) {
    return member.empty() ? json::value(nullptr) : json::value(member);
}

json::object json_of(const BatchDraft& draft, Seq first, Seq last, Micros at) {
    const RowCounts& rows = draft.rows;
    const ChangeCounts& changes = draft.changes;
    json::object receipt{
        {"batch", draft.id},
        {"dataset", draft.dataset},
        {"contract_version", draft.contract_version},
        {"mode", contract::name_of(draft.mode)},
        {"status", draft.status == BatchStatus::kAccepted ? "accepted" : "refused"},
        {"rows", {{"read", rows.read}, {"accepted", rows.accepted}, {"rejected", rows.rejected}}},
        {"changes",
         {{"inserted", changes.inserted},
          {"updated", changes.updated},
          {"deleted", changes.deleted},
          {"unchanged", changes.unchanged}}},
        {"seq", {{"first", seq_or_null(first)}, {"last", seq_or_null(last)}}},
        {"sha256", draft.body_sha256},
        {"at", format_time(at)},
        {"corrects", draft.corrects.empty() ? json::value(nullptr) : json::value(draft.corrects)},
        {"idempotency_key",
         draft.idempotency_key.empty() ? json::value(nullptr) : json::value(draft.idempotency_key)},
        {"mended", or_null(draft.mended)},
        {"corrected", or_null(draft.corrected)},
        {"snapshot", or_null(draft.snapshot)},
        {"repeats", or_null(draft.repeats)},
        {"results", draft.results},
        {"scores", draft.scores}};
    for (const auto& member : draft.kept)
        receipt.insert(member);  // never another value for one that is there
    return receipt;
}

}  // namespace

// The signed text is kept byte for byte inside the receipt, so that nobody has to print it again to
// check.
Result<std::string> make_receipt(const BatchDraft& draft, Seq first, Seq last, Micros at,
                                 const crypto::Signer& signer) {
    std::string text = to_text(json_of(draft, first, last, at));
    TRY_ASSIGN(const std::string jws, signer.sign_jws(text, "nguon-receipt"));
    text.pop_back();  // the closing brace
    text += kJwsMember;
    text += jws;
    text += "\"}";
    return text;
}

Result<SplitReceipt> split_receipt(std::string_view receipt) {
    const std::size_t member = receipt.rfind(kJwsMember);
    if (member == std::string_view::npos || !receipt.ends_with("\"}")) {
        return fail(Code::kCorrupt,
                    {"Biên nhận không có chữ ký.", "The receipt has no signature."});
    }
    SplitReceipt split;
    split.payload = std::string(receipt.substr(0, member)) + "}";
    receipt.remove_prefix(member + kJwsMember.size());
    receipt.remove_suffix(2);
    split.jws = receipt;
    return split;
}

}  // namespace nguon::store
