#include "intake/headers.h"

#include "base/text.h"

namespace nguon::intake {

Headers::Headers(const scan::Plan& plan, const std::vector<std::string>& names) {
    const std::vector<std::ptrdiff_t> field_of = scan::match_fields(names, plan.columns);
    for (std::size_t c = 0; c < field_of.size(); ++c) {
        if (field_of[c] < 0) continue;
        m_by_column.emplace(plan.columns[c].name,
                            trim(names[static_cast<std::size_t>(field_of[c])]));
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
