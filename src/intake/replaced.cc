#include "intake/internal/replaced.h"

#include "base/json.h"
#include "intake/mended_rows.h"

namespace nguon::intake {

std::string replaced_by(const store::BatchInfo& batch) {
    if (batch.receipt_json.find("\"replaces\":{") == std::string::npos) return {};
    const Result<json::value> receipt = parse_json(batch.receipt_json);
    const json::value* replaces = receipt ? receipt->get_object().if_contains("replaces") : nullptr;
    if (replaces == nullptr || !replaces->is_object()) return {};
    return std::string(replaces->at("batch").as_string());
}

std::string batch_with_rows(const std::vector<store::BatchInfo>& batches,
                            const store::BatchInfo& batch) {
    if (!batch.corrects.empty()) return batch.corrects;
    if (batch.first != 0 || !replaced_by(batch).empty()) return batch.id;
    // Newest first: the last of these bytes that changed something is the first that came.
    std::string first = batch.id;
    for (const store::BatchInfo& other : batches) {
        if (other.sha256 == batch.sha256 && other.first != 0 && other.corrects.empty() &&
            other.status == store::BatchStatus::kAccepted)
            first = other.id;
    }
    return first;
}

std::set<std::string> whole_line_of(const std::vector<store::BatchInfo>& batches,
                                    const std::string& id) {
    std::set<std::string> line = line_of(batches, id);
    // What was replaced is older, so one look from the newest on finds all.
    for (const store::BatchInfo& batch : batches) {
        const std::string before = line.contains(batch.id) ? replaced_by(batch) : std::string();
        if (!before.empty()) line.merge(line_of(batches, before));
    }
    return line;
}

}  // namespace nguon::intake
