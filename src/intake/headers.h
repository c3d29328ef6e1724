// What the file at hand calls the columns of a dataset: a sentence names a column as its header
// does.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scan/table.h"

namespace nguon::intake {

class Headers {
public:
    Headers() = default;  // no file: the names of the contract
    Headers(const scan::Plan& plan, const std::vector<std::string>& names);

    // "Mã xã" of "ward_code"; of several, "a,b", each; the name itself where the file has none.
    std::string of(std::string_view columns) const;

private:
    std::map<std::string, std::string, std::less<>> m_by_column;
};

}  // namespace nguon::intake
