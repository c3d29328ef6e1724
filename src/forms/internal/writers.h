// One function for each form; see forms.h.
#pragma once

#include "base/json.h"
#include "forms/forms.h"

namespace nguon::forms::internal {

json::object json_schema(const Wanted& wanted);
json::object table_schema(const contract::Dataset& dataset, Language language);
json::object csvw(const Wanted& wanted);
Result<std::string> odcs(const Wanted& wanted);
// ODCS 3.2 as a document, from what parse() understands alone.
json::object document_of(const contract::Contract& contract);
// One property of it, without its references and rules.
json::object property_document(const contract::Column& column);
Result<std::string> workbook(const Wanted& wanted);
std::string dictionary_markdown(const Wanted& wanted);
std::string dictionary_html(const Wanted& wanted);

// JSON for people: indented by two spaces, numbers as to_text() writes them.
std::string indented(const json::value& value);
// A JSON document as block YAML that readers of YAML 1.1 and 1.2 take alike.
std::string yaml_of(const json::value& value);

}  // namespace nguon::forms::internal
