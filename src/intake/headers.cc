#include "intake/headers.h"

#include "base/text.h"

namespace nguon::intake {

Headers::Headers(const scan::Plan& plan, const std::vector<std::string>& names) {
    const std::vector<scan::HeaderName> headers(names.begin(), names.end());
    for (const scan::PlannedColumn& column : plan.columns) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!scan::names_column(headers[i], column)) continue;
            m_by_column.emplace(column.name, trim(names[i]));
            break;
        }
    }
}

std::string Headers::of(std::string_view columns) const {
    std::string called;
    for (const std::string& column : split(columns, ',')) {
        const auto found = m_by_column.find(column);
        called +=
            (called.empty() ? "" : ",") + (found == m_by_column.end() ? column : found->second);
    }
    return called;
}

}  // namespace nguon::intake
