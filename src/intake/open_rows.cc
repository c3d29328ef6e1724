#include "intake/open_rows.h"

#include <algorithm>
#include <set>

#include "intake/mended_rows.h"
#include "intake/quarantine.h"

namespace nguon::intake {

OpenRows::OpenRows(const std::vector<store::BatchInfo>& batches) {
    for (const store::BatchInfo& batch : batches) {
        m_batches.emplace(batch.id, &batch);
        if (!batch.corrects.empty()) m_corrects[batch.id] = batch.corrects;
    }
    for (const store::BatchInfo& batch : batches)
        count(batch);
}

void OpenRows::count(const store::BatchInfo& batch) {
    if (batch.status != store::BatchStatus::kAccepted) return;
    std::set<std::string> elders;
    const std::int64_t rows = corrected_rows(batch);
    // A batch is older than what corrects it, so this ends.
    for (auto at = m_corrects.find(batch.id); rows > 0 && at != m_corrects.end();
         at = m_corrects.find(at->second)) {
        m_corrected[at->second] += rows;
        elders.insert(at->second);
    }
    const bool says_more = batch.receipt_json.find("\"mended\":[{") != std::string::npos ||
                           batch.receipt_json.find("\"same_file\":{") != std::string::npos;
    const Result<json::value> receipt =
        says_more ? parse_json(batch.receipt_json) : Result<json::value>(nullptr);
    if (!receipt || !receipt->is_object()) return;
    if (const json::array* closed = closed_rows(*receipt)) {
        for (const json::value& of : *closed) {
            std::int64_t named = 0;
            for (const json::value& some : of.at("rows").as_array())
                named +=
                    some.at(1).to_number<std::int64_t>() - some.at(0).to_number<std::int64_t>() + 1;
            const std::string elder(of.at("batch").as_string());
            m_named[elder] += named;
            if (!elders.contains(elder)) m_corrected[elder] += named;
        }
    }
    if (const json::value* same = receipt->get_object().if_contains("same_file")) {
        m_same[batch.id] = {std::string(same->at("batch").as_string()),
                            same->at("aside").to_number<std::int64_t>()};
    }
}

std::int64_t OpenRows::corrected(const store::BatchInfo& batch) const {
    const auto found = m_corrected.find(batch.id);
    return found == m_corrected.end() ? 0 : std::min(found->second, batch.rows.rejected);
}

std::int64_t OpenRows::own(const store::BatchInfo& batch) const {
    return batch.rows.rejected - corrected(batch);
}

std::int64_t OpenRows::shared(const store::BatchInfo& batch) const {
    const auto same = m_same.find(batch.id);
    if (same == m_same.end()) return 0;
    const auto earlier = m_batches.find(same->second.batch);
    return earlier == m_batches.end() ? 0 : std::min(same->second.aside, of(*earlier->second));
}

std::int64_t OpenRows::of(const store::BatchInfo& batch) const {
    if (batch.status != store::BatchStatus::kAccepted) return 0;
    std::int64_t open = own(batch);
    for (auto elder = m_batches.find(batch.corrects); elder != m_batches.end() && open > 0;
         elder = m_batches.find(elder->second->corrects)) {
        if (elder->second->status == store::BatchStatus::kAccepted)
            open = std::min(open, own(*elder->second));
    }
    if (const auto same = m_same.find(batch.id); same != m_same.end()) {
        const auto named = m_named.find(batch.id);
        const std::int64_t closed = named == m_named.end() ? 0 : named->second;
        const std::int64_t fresh =
            std::max<std::int64_t>(0, batch.rows.rejected - same->second.aside - closed);
        open = std::min(open, fresh + shared(batch));
    }
    return open;
}

std::int64_t OpenRows::only_of(const store::BatchInfo& batch) const {
    if (!batch.corrects.empty()) return 0;
    return std::max<std::int64_t>(0, of(batch) - shared(batch));
}

}  // namespace nguon::intake
