#include "scan/internal/footer.h"

#include <algorithm>

namespace nguon::scan {

bool is_only_delimiters(std::string_view text, const Dialect& dialect) {
    while (!text.empty()) {
        if (text.starts_with(dialect.delimiter)) {
            text.remove_prefix(dialect.delimiter.size());
        } else if (text.front() == ' ') {
            text.remove_prefix(1);
        } else {
            return false;
        }
    }
    return true;
}

bool is_footer_row(const std::vector<std::string_view>& fields, bool after_gap, bool whole_line,
                   const Dialect& dialect) {
    std::size_t filled = 0;
    std::string_view first;
    for (const std::string_view field : fields) {
        if (trim(field).empty()) continue;
        if (filled++ == 0) first = trim(field);
    }
    if (filled != 1) return false;
    const bool words =
        kind_of(first) == CellKind::kText || first.starts_with('*') || first.ends_with(':');
    if (fields.size() == 1) return after_gap || (whole_line && words && dialect.columns > 2);
    return after_gap && words && dialect.filled_columns > 2;
}

}  // namespace nguon::scan
