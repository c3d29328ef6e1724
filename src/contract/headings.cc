#include "contract/headings.h"

#include <map>
#include <set>

#include "base/text.h"

namespace nguon::contract {
namespace {

std::set<std::string> titles_of(const Column& column) {
    std::set<std::string> titles;
    for (const std::string* title : {&column.title.vi, &column.title.en}) {
        if (!trim(*title).empty()) titles.emplace(trim(*title));
    }
    return titles;
}

// By what a file may write, the columns that are so called.
std::map<std::string, std::vector<std::string>> meanings_of(const Dataset& dataset) {
    std::map<std::string, std::vector<std::string>> meanings;
    for (const Column& column : dataset.columns) {
        std::set<std::string> words = titles_of(column);
        words.insert(column.name);
        for (const std::string& word : words)
            meanings[word].push_back(column.name);
    }
    return meanings;
}

}  // namespace

std::vector<std::vector<std::string>> headings_of(const Dataset& dataset) {
    const auto meanings = meanings_of(dataset);
    std::vector<std::vector<std::string>> headings;
    for (const Column& column : dataset.columns) {
        std::vector<std::string>& own = headings.emplace_back();
        for (const std::string& title : titles_of(column)) {
            if (meanings.at(title).size() == 1) own.push_back(title);
        }
    }
    return headings;
}

std::vector<SharedTitle> shared_titles(const Dataset& dataset) {
    std::vector<SharedTitle> shared;
    for (const auto& [title, columns] : meanings_of(dataset)) {
        if (columns.size() > 1) shared.push_back({title, columns});
    }
    return shared;
}

}  // namespace nguon::contract
