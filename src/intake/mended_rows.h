// Which rows that batches set aside were mended since, and by which batch.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "store/store.h"

namespace nguon::intake {

// A row goes by the batch that set it aside first, and its number there; a correction that sets it
// aside again keeps that name in its quarantine file (`of_batch`, `of_row`).
struct RowAside {
    std::string batch;
    std::int64_t row = 0;
    auto operator<=>(const RowAside&) const = default;
    // "01JD…/12": the column `_id` of a mending file.
    std::string id() const;
    static std::optional<RowAside> from_id(std::string_view id);
};

// A batch and the batches that correct it, their corrections too, which are accepted. `batches`:
// newest first.
std::set<std::string> line_of(const std::vector<store::BatchInfo>& batches, const std::string& id);

// Of a receipt, `corrected.mended`: the rows that it closes. Null: none are named.
const json::array* closed_rows(const json::value& receipt);

// As the receipts of accepted batches say it (`corrected.mended`): rows that were sent again
// mended, that came in with the same file, that went with a batch that was replaced, or that a
// person closed. A row without a key that came
// back in a file without `_row` cannot be told from others: it stands in the counts only.
class MendedRows {
public:
    struct Stretch {
        std::int64_t first = 0, last = 0;
        std::string by;
    };

    explicit MendedRows(const std::vector<store::BatchInfo>& batches);
    // The batch that mended it; null: none, or it cannot be told.
    const std::string* by(const RowAside& row) const;
    // By batch; each list is sorted and without overlaps.
    const std::map<std::string, std::vector<Stretch>>& stretches() const { return m_stretches; }

private:
    std::map<std::string, std::vector<Stretch>> m_stretches;
};

// [{"batch","rows":[[first,last],…]}]: the member `mended` of a receipt's `corrected`. Sorts
// `rows`.
json::array mended_json(std::vector<RowAside>& rows);

}  // namespace nguon::intake
