#include "store/internal/receipt.h"

#include <algorithm>

#include "base/ascii.h"
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

// The signed text is kept byte for byte inside the receipt, so that nobody has to print it again to
// check.
Result<std::string> signed_receipt(const json::object& members, const crypto::Signer& signer) {
    std::string text = to_text(members);
    TRY_ASSIGN(const std::string jws, signer.sign_jws(text, "nguon-receipt"));
    text.pop_back();  // the closing brace
    text += kJwsMember;
    text += jws;
    text += "\"}";
    return text;
}

bool is_in_word(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || is_digit(c) || is_letter(c);
}

// `word` in `text`, not inside another word.
bool has_word(std::string_view text, std::string_view word) {
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_in_word(text[at - 1])) &&
            (end == text.size() || !is_in_word(text[end])))
            return true;
    }
    return false;
}

class Redactor {
public:
    explicit Redactor(const std::vector<std::string>& words) : m_words(words) {}

    bool says(const json::value& value) const {
        if (value.is_string()) return has_any(value.get_string());
        if (value.is_number()) return has_any(to_text(value));
        if (value.is_array()) {
            return std::ranges::any_of(value.get_array(),
                                       [&](const json::value& one) { return says(one); });
        }
        return value.is_object() && std::ranges::any_of(value.get_object(), [&](const auto& one) {
                   return says(one.value());
               });
    }

    // Examples that speak of the row go, wherever they stand; true: one did. Counts and words of
    // the contract stay, though they may look like a value.
    bool redact(json::value& value) const {
        bool changed = false;
        if (json::array* array = value.if_array()) {
            for (json::value& one : *array)
                changed = redact(one) || changed;
        }
        json::object* object = value.if_object();
        if (object == nullptr) return changed;
        for (auto& member : *object) {
            json::array* examples =
                member.key() == "examples" ? member.value().if_array() : nullptr;
            if (examples == nullptr) {
                changed = redact(member.value()) || changed;
                continue;
            }
            json::array kept;
            for (const json::value& one : *examples) {
                if (!says(one)) kept.push_back(one);
            }
            changed = changed || kept.size() != examples->size();
            *examples = std::move(kept);
        }
        return changed;
    }

private:
    bool has_any(std::string_view text) const {
        return std::ranges::any_of(m_words,
                                   [&](const std::string& word) { return has_word(text, word); });
    }
    const std::vector<std::string>& m_words;
};

}  // namespace

Result<std::string> make_receipt(const BatchDraft& draft, Seq first, Seq last, Micros at,
                                 const crypto::Signer& signer) {
    return signed_receipt(json_of(draft, first, last, at), signer);
}

Result<std::optional<std::string>> redact_receipt(std::string_view receipt,
                                                  const std::vector<std::string>& words,
                                                  std::string_view erasure,
                                                  const crypto::Signer& signer) {
    TRY_ASSIGN(const SplitReceipt split, split_receipt(receipt));
    TRY_ASSIGN(json::value value, parse_json(split.payload));
    const Redactor redactor(words);
    json::object& members = value.as_object();
    bool changed = members.erase("row_sha256") > 0;
    if (const json::value* profile = members.if_contains("profile");
        profile != nullptr && redactor.says(*profile)) {
        members.erase("profile");
        changed = true;
    }
    if (json::value* key = members.if_contains("idempotency_key");
        key != nullptr && redactor.says(*key)) {
        *key = nullptr;
        changed = true;
    }
    for (const std::string_view name : {"results", "faults"}) {
        if (json::value* member = members.if_contains(name); member != nullptr)
            changed = redactor.redact(*member) || changed;
    }
    if (!changed) return std::nullopt;
    members["redacted"] = erasure;
    TRY_ASSIGN(std::string text, signed_receipt(members, signer));
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
