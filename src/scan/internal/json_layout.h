// What kind of JSON a text is, and which of its parts are the records.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "scan/internal/json_cut.h"
#include "scan/internal/json_fields.h"

namespace nguon::scan {

struct JsonLayout {
    Format format = Format::kJsonLines;
    Geo geo = Geo::kNo;
    JsonPlace place;
    std::vector<Part> lists;      // of objects, in a document
    std::optional<Error> damage;  // of what is read by line because of it
};

// Whether the text is a JSON value, or begins with a line that is one, or with a long list of
// values.
bool begins_with_value(std::string_view text);

// As a choice of `entry`: the document as one record.
inline constexpr std::string_view kWholeDocument = ".";

using AgainBytes = std::function<Result<std::unique_ptr<ByteStream>>()>;

// `text`: the first bytes; `whole`: all of them; `again` reads from the start. Errors: invalid for
// values that are no objects, and for an `entry` that is not there.
Result<JsonLayout> json_layout(std::string_view text, bool whole, const InputOptions& options,
                               const AgainBytes& again);

}  // namespace nguon::scan
