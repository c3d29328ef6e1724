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
