#include "contract/classification.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace nguon::contract {
namespace {

void find_closed(const Column& column, const std::string& path, std::vector<ClosedColumn>& closed) {
    if (!is_public(column.classification)) {
        closed.push_back({path, column.classification, column.at});
        return;
    }
    for (const Column& part : column.properties)
        find_closed(part, path + "." + part.name, closed);
    for (const auto* parts : {&column.items, &column.map}) {
        for (const Column& part : *parts)
            find_closed(part, path, closed);
    }
}

}  // namespace

bool is_public(std::string_view classification) {
    constexpr std::array<std::string_view, 4> kWords{"", "public", "open", "non-sensitive"};
    return std::ranges::find(kWords, to_lower_ascii(classification)) != kWords.end();
}

std::vector<ClosedColumn> closed_columns(const Dataset& dataset) {
    std::vector<ClosedColumn> closed;
    for (const Column& column : dataset.columns)
        find_closed(column, column.name, closed);
    return closed;
}

}  // namespace nguon::contract
