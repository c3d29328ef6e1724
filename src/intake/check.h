// A file looked at without loading it: its shape, and under a contract what would be set aside.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/host.h"
#include "base/json.h"
#include "base/result.h"
#include "contract/contract.h"
#include "intake/load.h"
#include "scan/records.h"

namespace nguon::intake {

struct CheckRequest {
    std::string file_name;       // for people
    std::filesystem::path file;  // or …
    std::string bytes;           // … the bytes themselves
    std::optional<scan::Format> format;
    std::optional<scan::Encoding> encoding;
    std::string sheet, entry;  // of a workbook, of a zip: as scan::InputOptions has them
    std::optional<contract::Dataset> contract;
    std::filesystem::path scratch;  // a folder that this may fill and empty
    ProgressReport progress;
};

// The answer of `nguon check`; without a contract also `contract`, a first one as YAML, and only
// the results that count unreadable rows. References to other datasets are not judged here: there
// is nothing to look them up in.
Result<json::object> check(const CheckRequest& request, const Host& host);

}  // namespace nguon::intake
