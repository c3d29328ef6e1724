#include "intake/mended_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nguon::intake {

std::string RowAside::id() const {
    return fmt::format("{}/{}", batch, row);
}

std::optional<RowAside> RowAside::from_id(std::string_view id) {
    const std::size_t slash = id.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    RowAside row{std::string(id.substr(0, slash)), 0};
    const char* const last = id.data() + id.size();
    const auto [end, error] = std::from_chars(id.data() + slash + 1, last, row.row);
    if (error != std::errc() || end != last || row.batch.empty()) return std::nullopt;
    return row;
}

std::set<std::string> line_of(const std::vector<store::BatchInfo>& batches, const std::string& id) {
    std::set<std::string> line{id};
    for (auto batch = batches.rbegin(); batch != batches.rend(); ++batch) {  // older ones first
        if (batch->status == store::BatchStatus::kAccepted && line.contains(batch->corrects))
            line.insert(batch->id);
    }
    return line;
}

const json::array* closed_rows(const json::value& receipt) {
    const json::value* corrected = receipt.as_object().if_contains("corrected");
    if (corrected == nullptr || !corrected->is_object()) return nullptr;
    const json::value* mended = corrected->get_object().if_contains("mended");
    return mended == nullptr ? nullptr : mended->if_array();  // none: of an earlier version
}

MendedRows::MendedRows(const std::vector<store::BatchInfo>& batches) {
    for (const store::BatchInfo& batch : batches) {
        if (batch.status != store::BatchStatus::kAccepted) continue;
        if (batch.receipt_json.find("\"mended\":[{") == std::string::npos) continue;
        const Result<json::value> receipt = parse_json(batch.receipt_json);
        const json::array* closed = receipt ? closed_rows(*receipt) : nullptr;
        if (closed == nullptr) continue;
        for (const json::value& of : *closed) {
            std::vector<Stretch>& stretches = m_stretches[std::string(of.at("batch").as_string())];
            for (const json::value& rows : of.at("rows").as_array()) {
                stretches.push_back({rows.at(0).to_number<std::int64_t>(),
                                     rows.at(1).to_number<std::int64_t>(), batch.id});
            }
        }
    }
    for (auto& [batch, stretches] : m_stretches)
        std::ranges::sort(stretches, {}, &Stretch::first);
}

const std::string* MendedRows::by(const RowAside& row) const {
    const auto found = m_stretches.find(row.batch);
    if (found == m_stretches.end()) return nullptr;
    const std::vector<Stretch>& stretches = found->second;
    auto after = std::ranges::upper_bound(stretches, row.row, {}, &Stretch::first);
    if (after == stretches.begin() || (--after)->last < row.row) return nullptr;
    return &after->by;
}

json::array mended_json(std::vector<RowAside>& rows) {
    std::ranges::sort(rows);
    json::array all;
    const RowAside* before = nullptr;
    for (const RowAside& row : rows) {
        if (before == nullptr || before->batch != row.batch)
            all.push_back({{"batch", row.batch}, {"rows", json::array()}});
        json::array& stretches = all.back().at("rows").as_array();
        if (!stretches.empty() && before->row + 1 >= row.row) {
            stretches.back().as_array()[1] = row.row;
        } else {
            stretches.push_back(json::array{row.row, row.row});
        }
        before = &row;
    }
    return all;
}

}  // namespace nguon::intake
