#include "cli/contract_files.h"

#include <map>
#include <set>

#include "cli/requests.h"
#include "cli/session.h"

namespace nguon::cli {
namespace {

namespace fs = std::filesystem;

// Files directly inside a folder, by name.
std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
        const std::string name = entry.path().filename().string();
        if (entry.is_regular_file(failure) && !name.starts_with('.')) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<fs::path> contracts_in(const fs::path& folder) {
    std::error_code failure;
    const bool own_folder = fs::is_directory(folder / "contracts", failure);
    std::vector<fs::path> files = files_in(own_folder ? folder / "contracts" : folder);
    std::erase_if(files, [](const fs::path& file) {
        return file.extension() != ".yaml" && file.extension() != ".yml";
    });
    return files;
}

void visit(const contract::Dataset& dataset,
           const std::map<std::string, const contract::Dataset*>& known,
           std::set<std::string>& seen, std::vector<const contract::Dataset*>& order) {
    if (!seen.insert(dataset.name).second) return;
    const auto follow = [&](const std::string& name) {
        const auto found = known.find(name);
        if (found != known.end()) visit(*found->second, known, seen, order);
    };
    for (const contract::Column& column : dataset.columns) {
        if (column.reference) follow(column.reference->dataset);
    }
    for (const contract::ForeignKey& key : dataset.foreign_keys)
        follow(key.dataset);
    order.push_back(&dataset);
}

// data/<schema>.* by schema name.
Result<std::map<std::string, fs::path>> data_files(const fs::path& folder) {
    std::map<std::string, fs::path> files;
    for (const fs::path& file : files_in(folder)) {
        const std::string name = file.filename().string();
        const std::string schema = name.substr(0, name.find('.'));
        const auto [place, added] = files.emplace(schema, file);
        if (!added) {
            return fail(Code::kInvalid,
                        both(words::kTwoFilesFor, schema, place->second.string(), file.string()),
                        both(words::kKeepOne));
        }
    }
    return files;
}

// Rows that a pack does not carry: pack.yaml says which file they come in and what brings it.
// Errors: not_found while one is not there, naming what brings it; invalid when pack.yaml is no
// YAML.
Result<void> check_fetched(const fs::path& folder) {
    TRY_ASSIGN(const std::string text, read_file((folder / "pack.yaml").string()));
    TRY_ASSIGN(const json::value described, json_of_yaml(text));
    const json::value* fetch =
        described.is_object() ? described.get_object().if_contains("fetch") : nullptr;
    if (fetch == nullptr || !fetch->is_array()) return {};
    for (const json::value& one : fetch->get_array()) {
        const std::string file = text_at(one, "data");
        std::error_code failure;
        if (file.empty() || fs::exists(folder / file, failure)) continue;
        return fail(Code::kNotFound, both(words::kNotFetched, (folder / file).string()),
                    both(words::kFetchFirst, text_at(one, "by")));
    }
    return {};
}

}  // namespace

Result<std::vector<ContractFile>> read_contracts(const std::vector<std::string>& paths) {
    std::vector<ContractFile> contracts;
    for (const std::string& path : paths) {
        std::error_code failure;
        if (!fs::is_directory(path, failure)) {
            TRY_ASSIGN(std::string text, read_file(path));
            contracts.push_back({path, std::move(text)});
            continue;
        }
        const std::vector<fs::path> files = contracts_in(path);
        if (files.empty()) {
            return fail(Code::kInvalid, both(words::kNoContracts, path),
                        both(words::kWhereContracts, path));
        }
        for (const fs::path& file : files) {
            TRY_ASSIGN(std::string text, read_file(file));
            contracts.push_back({file.string(), std::move(text)});
        }
    }
    return contracts;
}

json::object contracts_body(const std::vector<ContractFile>& files) {
    json::array contracts;
    for (const ContractFile& file : files) {
        contracts.push_back(json::object{{"file", file.file}, {"text", file.text}});
    }
    return {{"contracts", std::move(contracts)}};
}

std::vector<const contract::Dataset*> in_order_of_references(
    const std::vector<contract::Contract>& contracts) {
    std::map<std::string, const contract::Dataset*> known;
    for (const contract::Contract& contract : contracts) {
        for (const contract::Dataset& dataset : contract.datasets)
            known.emplace(dataset.name, &dataset);
    }
    std::set<std::string> seen;
    std::vector<const contract::Dataset*> order;
    for (const contract::Contract& contract : contracts) {
        for (const contract::Dataset& dataset : contract.datasets)
            visit(dataset, known, seen, order);
    }
    return order;
}

Result<Pack> read_pack(const fs::path& folder) {
    std::error_code failure;
    if (!fs::exists(folder, failure)) {
        return fail(Code::kNotFound, both(words::kNoFile, folder.string()),
                    both(words::kCheckPath));
    }
    for (const char* needed : {"pack.yaml", "contracts"}) {
        if (!fs::exists(folder / needed, failure)) {
            return fail(Code::kInvalid, both(words::kNotAPack, folder.string(), needed),
                        both(words::kPackIs));
        }
    }
    TRY(check_fetched(folder));
    Pack pack;
    pack.name = fs::weakly_canonical(folder, failure).filename().string();
    TRY_ASSIGN(pack.contracts, read_contracts({folder.string()}));
    std::vector<contract::Contract> contracts;
    Error wrong;
    for (const ContractFile& file : pack.contracts) {
        Result<contract::Contract> contract = contract::parse(file.text, file.file);
        if (contract) {
            contracts.push_back(std::move(*contract));
            continue;
        }
        wrong.code = Code::kInvalid;
        wrong.detail = contract.error().detail;
        wrong.fix = contract.error().fix;
        for (Problem& problem : contract.error().errors)
            wrong.errors.push_back(std::move(problem));
    }
    if (wrong.code == Code::kInvalid) return std::unexpected(std::move(wrong));
    TRY_ASSIGN(auto files, data_files(folder / "data"));
    for (const contract::Dataset* dataset : in_order_of_references(contracts)) {
        const auto file = files.find(dataset->schema);
        if (file == files.end()) continue;
        pack.data.push_back({dataset->name, file->second});
        files.erase(file);
    }
    if (!files.empty()) {
        return fail(Code::kInvalid, both(words::kNoSchemaFor, files.begin()->second.string()),
                    both(words::kNameAsSchema));
    }
    return pack;
}

}  // namespace nguon::cli
