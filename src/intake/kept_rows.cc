#include "intake/internal/kept_rows.h"

#include <fmt/format.h>

namespace nguon::intake {

Result<std::unique_ptr<sql::Duck>> open_small_duck() {
    sql::DuckOptions options;
    options.memory_limit = "256MB";
    options.threads = 1;
    return sql::Duck::open(options);
}

Result<json::object> page_of(const store::BatchInfo& batch, sql::Duck& duck,
                             const std::string& select, QuarantinePage page) {
    json::object answer{{"batch", batch.id}, {"dataset", batch.dataset}, {"entries", 0}};
    answer["next"] = nullptr;
    json::array& rows = answer["rows"].emplace_array();
    if (select.empty()) return answer;
    TRY_ASSIGN(const std::int64_t entries,
               duck.query_integer(fmt::format("SELECT count(*) FROM ({})", select)));
    answer["entries"] = entries;
    if (page.offset + page.limit < entries) answer["next"] = page.offset + page.limit;
    TRY_ASSIGN(sql::DuckResult result,
               duck.query(fmt::format("{} LIMIT {} OFFSET {}", select, page.limit, page.offset)));
    for (;;) {
        TRY_ASSIGN(const std::size_t count, result.next());
        if (count == 0) return answer;
        for (std::size_t i = 0; i < count; ++i) {
            json::object row;
            for (std::size_t c = 0; c < result.column_count(); ++c)
                row[result.name(c)] = result.json(c, i);
            rows.push_back(std::move(row));
        }
    }
}

}  // namespace nguon::intake
