// What a data dictionary says of a dataset, in one language; how it looks is decided elsewhere.
#pragma once

#include <string>
#include <vector>

#include "forms/forms.h"

namespace nguon::forms::internal {

struct Entry {
    std::string name, title, type;
    std::string required;  // "có" or nothing
    std::string key;       // "1", the place in the primary key, or nothing
    std::string description, classification, reference;
    std::vector<std::string> remarks;  // "deprecated", "Also called: …"
    struct Value {
        std::string value, label;
    };
    std::vector<Value> values;
    std::vector<std::string> rules;
};

struct Fact {
    std::string label, value;
};

struct Dictionary {
    std::string title, description;
    std::vector<Fact> facts;  // dataset, version, access, …
    std::vector<Entry> columns;
    std::vector<std::string> rules;  // across columns
};

Dictionary dictionary_of(const Wanted& wanted);

// "Ngày (dd/MM/yyyy), từ 01/01/1900"
std::string type_in_words(const contract::Column& column, Language language);
std::string rule_in_words(const contract::Rule& rule, Language language);

}  // namespace nguon::forms::internal
