// The Excel template's parts.
#pragma once

#include <xlsxwriter.h>

#include <string>
#include <vector>

#include "forms/internal/dictionary.h"

namespace nguon::forms::internal {

// Allowed values too long for a cell's own list go into columns of a hidden sheet.
class Lists {
public:
    Lists(lxw_worksheet* sheet, std::string name) : m_sheet(sheet), m_name(std::move(name)) {}
    // A formula that names them: "='Danh mục'!$A$1:$A$12".
    std::string put(const std::vector<std::string>& values);
    bool empty() const { return m_used == 0; }

private:
    lxw_worksheet* m_sheet;
    std::string m_name;
    lxw_col_t m_used = 0;
};

// What the cells of one column may hold; false when nothing can be said that Excel could check.
bool add_validation(lxw_worksheet* sheet, lxw_col_t place, const contract::Column& column,
                    Language language, Lists& lists);

// At most so many characters, whole ones; "…" at the end of what was longer.
std::string shortened(std::string_view text, std::size_t characters);

inline constexpr lxw_row_t kFirstRow = 1, kLastRow = 1'048'575;  // rows under the header

}  // namespace nguon::forms::internal
