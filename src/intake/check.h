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
#include "intake/recipe.h"
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
    // Under a contract: the lists that it refers to (null: not judged, and that is said), the
    // recipe that is tried, and whether the safe proposals and those named are tried as a load
    // would.
    const store::Store* lists = nullptr;
    std::vector<Step> recipe;
    bool mend = false;
    std::vector<std::string> accept;
    // Where the mended file goes, as UTF-8 CSV, and where the records that cannot be taken apart,
    // as they stand; empty: nowhere.
    std::filesystem::path mended, damaged;
    std::filesystem::path scratch;  // a folder that this may fill and empty
    ProgressReport progress;
};

// The answer of `nguon check`; without a contract also `contract`, a first one as YAML. Errors: as
// of scan; invalid for a file that is to be mended without a contract.
Result<json::object> check(const CheckRequest& request, const Host& host);

}  // namespace nguon::intake
