// The first line is a KEY of a row, the others are parameters of a rows query, NAME=VALUE. What is
// accepted is written one way only, and a query stays within its bounds. A cursor is read with no
// history behind it: it is refused or shows nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "store/history_source.h"
#include "store/key.h"
#include "store/rows.h"

namespace {

using namespace nguon;

class NoHistory : public store::HistorySource {
public:
    Result<store::Head> head(std::string_view) const override { return store::Head{}; }
    Result<std::vector<store::SegmentInfo>> segments(std::string_view, store::Seq) const override {
        return std::vector<store::SegmentInfo>{};
    }
};

store::DatasetInfo every_type() {
    using contract::LogicalType;
    store::DatasetInfo info;
    info.contract.name = "a.b";
    int position = 0;
    for (const auto& [name, type] : {std::pair{"text", LogicalType::kString},
                                     {"whole", LogicalType::kInteger},
                                     {"exact", LogicalType::kNumber},
                                     {"yes", LogicalType::kBoolean},
                                     {"day", LogicalType::kDate},
                                     {"at", LogicalType::kTimestamp},
                                     {"hour", LogicalType::kTime},
                                     {"real", LogicalType::kNumber}}) {
        contract::Column column;
        column.name = name;
        column.type = type;
        if (column.name == "exact") {
            column.precision = 12;
            column.scale = 2;
        }
        if (column.name != "real") column.key_position = ++position;
        info.contract.columns.push_back(column);
    }
    return info;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const store::DatasetInfo info = every_type();
    const std::vector<std::string> lines = split({reinterpret_cast<const char*>(data), size}, '\n');
    if (const auto key = store::canonical_key(info.contract, lines[0])) {
        if (store::canonical_key(info.contract, *key) != *key) std::abort();
        if (!is_utf8(*key)) std::abort();
    }
    std::vector<std::pair<std::string, std::string>> parameters;
    for (std::size_t i = 1; i < lines.size() && i < 100; ++i) {
        const std::size_t equals = lines[i].find('=');
        if (equals == std::string::npos) continue;
        parameters.emplace_back(lines[i].substr(0, equals), lines[i].substr(equals + 1));
    }
    const auto query = store::parse_rows_query(info.contract, parameters);
    if (!query) {
        if (query.error().detail.vi.empty() || query.error().detail.en.empty()) std::abort();
        return 0;
    }
    if (query->limit && *query->limit < 1) std::abort();
    if (query->cursor.empty() || query->format != store::RowsFormat::kJson) return 0;
    static const NoHistory nothing;
    const auto answer = store::rows(nothing, info, *query, {});
    if (answer ? answer->rows != 0 : answer.error().code != Code::kInvalid) std::abort();
    return 0;
}
