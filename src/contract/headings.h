// What a file may call the columns, beside their names.
#pragma once

#include <string>
#include <vector>

#include "contract/contract.h"

namespace nguon::contract {

// Of each column its titles in both languages, as far as they name it alone: none that is the name
// or a title of another column, for nobody could tell which of the two is meant.
std::vector<std::vector<std::string>> headings_of(const Dataset& dataset);

struct SharedTitle {
    std::string title;
    std::vector<std::string> columns;  // two or more; a file calls them by these names
};
std::vector<SharedTitle> shared_titles(const Dataset& dataset);

}  // namespace nguon::contract
