// A first contract from what an office has already: a Frictionless data package or Table Schema,
// CSVW metadata, SQL `create table`. Outside input: bounded, and never obeyed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"

namespace nguon::forms {

enum class Source { kTableSchema, kDataPackage, kCsvw, kSql };
std::string_view name_of(Source source);  // "table-schema"
// Errors: invalid, with the names there are.
Result<Source> source_from_name(std::string_view name);

// Something of the input that the contract does not say, or says otherwise.
struct Note {
    int line = 0;      // of SQL, from 1
    std::string path;  // of JSON: "resources[0].schema.fields[3].format"; of SQL: "person.sex"
    Text what;
};

struct ImportRequest {
    std::string_view bytes;
    std::string file;              // its name: for messages, and for names where the input has none
    std::optional<Source> from{};  // nothing: told by the content
    std::string domain{};  // of the contract; empty: as the input says, else by the file's name
    // What else must hold of each dataset, such as that its rules run; problems name their place.
    // May be empty.
    std::function<Result<void>(const contract::Dataset&, const std::string& file)> check{};
};

struct Imported {
    Source from{};
    std::string yaml;  // ODCS 3.2 that contract::parse() takes
    std::vector<std::string> datasets;
    std::vector<Note> notes;
};

inline constexpr std::size_t kMostImported = 4UL * 1024 * 1024;  // bytes

// Errors: too_large; invalid when it is none of these, has no table, or its names fit no contract.
// Threads: concurrently.
Result<Imported> import_contract(const ImportRequest& request);

}  // namespace nguon::forms
