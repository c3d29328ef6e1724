// A contract in the other forms that people and programs read it in: ODCS 3.2, JSON Schema 2020-12,
// Frictionless Table Schema, CSVW, an Excel template, a data dictionary. Pure functions of a
// contract; what a form cannot say is in docs/reference/contracts.md.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "contract/contract.h"

namespace nguon::forms {

enum class Form {
    kOdcs,         // valid ODCS 3.2, whatever version the contract was written in
    kSource,       // the text as it was applied
    kJsonSchema,   // draft 2020-12, of one row
    kTableSchema,  // Frictionless Table Schema
    kCsvw,         // W3C CSV on the Web metadata
    kXlsx,         // an empty Excel file to fill in, with validation lists
    kMarkdown,     // a data dictionary
    kHtml,         // the same as one self-contained page
};
std::string_view name_of(Form form);  // "json-schema"
// Errors: invalid, with the names there are.
Result<Form> form_from_name(std::string_view name);

struct Document {
    std::string media_type;  // "application/schema+json"
    std::string file_name;   // "ward.schema.json"
    std::string bytes;
};

// Another dataset by its full name, for the forms that describe what a reference points to. Null:
// unknown, or not for the reader. Valid while write() runs.
using Find = std::function<const contract::Dataset*(std::string_view dataset)>;

struct Wanted {
    const contract::Contract& contract;
    const contract::Dataset& dataset;  // one of the contract's
    Language language = Language::kVietnamese;
    Find find = {};
    std::filesystem::path temporary_folder = {};  // for the spreadsheet; empty: the system's
};

// Errors: unavailable when a spreadsheet's temporary file cannot be written; internal.
// Threads: concurrently.
Result<Document> write(Form form, const Wanted& wanted);

}  // namespace nguon::forms
