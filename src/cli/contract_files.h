// Contracts and packs as folders of files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "contract/contract.h"

namespace nguon::cli {

struct ContractFile {
    std::string file;  // as messages name it
    std::string text;
};

// Files as they are; of a folder contracts/*.yaml, or every *.yaml where there is no such folder,
// by name. Errors: not_found, invalid for a folder without contracts.
Result<std::vector<ContractFile>> read_contracts(const std::vector<std::string>& paths);
// The body of POST /api/v1/contracts.
json::object contracts_body(const std::vector<ContractFile>& files);

struct PackData {
    std::string dataset;
    std::filesystem::path file;
};
struct Pack {
    std::string name;
    std::vector<ContractFile> contracts;
    std::vector<PackData> data;  // a dataset stands after those that it refers to
};
// Errors: not_found, invalid (no pack.yaml, a contract that is wrong, a data file without a
// schema).
Result<Pack> read_pack(const std::filesystem::path& folder);

// Places of datasets so that each comes after those it refers to; a circle is cut where it is met.
std::vector<const contract::Dataset*> in_order_of_references(
    const std::vector<contract::Contract>& contracts);

// YAML (1.2 core schema) as the same document in JSON. Errors: invalid.
Result<json::value> json_of_yaml(std::string_view yaml);

}  // namespace nguon::cli
