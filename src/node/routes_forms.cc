// A contract in its forms, and first contracts from other descriptions.
#include <fmt/format.h>

#include "crypto/sha256.h"
#include "forms/forms.h"
#include "forms/import.h"
#include "node/internal/state.h"
#include "quality/rules.h"

namespace nguon::node {
namespace {

Language language_of_request(const http::Request& request) {
    const auto asked = request.query_value("lang");
    return asked ? language_of(*asked) : request.language;
}

// The datasets that a form may describe beside the one asked for: those that the caller may read.
class Neighbours {
public:
    Neighbours(State& state, const http::Request& request) : m_state(state), m_request(request) {}

    const contract::Dataset* find(std::string_view name) {
        const auto dataset = m_state.store->dataset(name);
        if (!dataset || !may_read(**dataset, m_request)) return nullptr;
        m_kept.push_back(*dataset);
        return &m_kept.back()->contract;
    }

private:
    State& m_state;
    const http::Request& m_request;
    std::vector<std::shared_ptr<const store::DatasetInfo>> m_kept;  // while the form is written
};

// An earlier version, or the current one, as its text says it.
Result<contract::Contract> contract_of(State& state, const std::string& dataset,
                                       const http::Request& request) {
    TRY_ASSIGN(const std::string text,
               state.store->contract_text(dataset, request.query_value("version").value_or("")));
    return contract::parse(text, dataset + ".yaml");
}

Result<http::Response> contract_form(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, readable_dataset(state, request));
    TRY_ASSIGN(const forms::Form form,
               forms::form_from_name(request.query_value("as").value_or("odcs")));
    const std::string& name = dataset->contract.name;
    TRY_ASSIGN(const contract::Contract contract, contract_of(state, name, request));
    const auto found = std::ranges::find(contract.datasets, name, &contract::Dataset::name);
    if (found == contract.datasets.end()) {
        return fail(Code::kNotFound,
                    {fmt::format("Phiên bản này của hợp đồng chưa có {}.", name),
                     fmt::format("This version of the contract has no {}.", name)},
                    {"Chọn phiên bản khác.", "Choose another version."});
    }
    Neighbours neighbours(state, request);
    forms::Wanted wanted{contract, *found, language_of_request(request),
                         [&](std::string_view other) { return neighbours.find(other); },
                         state.folder / "tmp"};
    TRY_ASSIGN(forms::Document document, forms::write(form, wanted));
    http::Response response;
    response.headers.set("Content-Type", document.media_type);
    response.headers.set(
        "Content-Disposition",
        fmt::format("{}; filename=\"{}\"", form == forms::Form::kXlsx ? "attachment" : "inline",
                    document.file_name));
    // The page needs its own style and nothing else; whatever a contract says, nothing of it runs.
    if (form == forms::Form::kHtml) {
        response.headers.set("Content-Security-Policy",
                             "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                             "form-action 'none'");
        response.headers.set("X-Content-Type-Options", "nosniff");
    }
    response.headers.set("ETag", fmt::format("\"{}\"", crypto::sha256_hex(document.bytes)));
    response.headers.set("Cache-Control", "no-cache");  // may be kept, but is asked for again
    response.body = std::move(document.bytes);
    return response;
}

Result<std::string> bytes_of(const Seams& seams, const http::Request& request) {
    if (!request.body.file) return request.body.bytes;
    Result<std::string> bytes =
        seams.disk->read_all(request.body.file->path(), forms::kMostImported);
    if (bytes || bytes.error().code != Code::kTooLarge) return bytes;
    return fail(
        Code::kTooLarge, {"Tệp lớn hơn 4 MiB.", "The file is larger than 4 MiB."},
        {"Chia thành nhiều tệp; bỏ các câu INSERT.", "Split it; leave the INSERT statements out."});
}

Result<http::Response> import(const Seams& seams, http::Request& request) {
    TRY_ASSIGN(const std::string bytes, bytes_of(seams, request));
    forms::ImportRequest wanted;
    wanted.bytes = bytes;
    wanted.file = request.query_value("file").value_or("file");
    wanted.domain = request.query_value("domain").value_or("");
    if (const auto from = request.query_value("from")) {
        TRY_ASSIGN(wanted.from, forms::source_from_name(*from));
    }
    wanted.check = [](const contract::Dataset& dataset, const std::string& file) {
        return quality::check_rules(dataset, file);
    };
    TRY_ASSIGN(const forms::Imported imported, forms::import_contract(wanted));
    json::array notes;
    for (const forms::Note& note : imported.notes) {
        notes.push_back({{"line", note.line == 0 ? json::value(nullptr) : json::value(note.line)},
                         {"path", note.path},
                         {"what", note.what.in(request.language)}});
    }
    return http::Response::json(200, {{"file", wanted.file},
                                      {"from", forms::name_of(imported.from)},
                                      {"datasets", json::value_from(imported.datasets)},
                                      {"contract", imported.yaml},
                                      {"notes", std::move(notes)}});
}

}  // namespace

void add_form_routes(http::Router& router, State& state) {
    router.add(
        {http::Method::kGet,
         "/api/v1/datasets/{dataset}/contract",
         http::Access::kOpenData,
         "The contract, in the form asked for",
         [&state](http::Request& request) { return contract_form(state, request); },
         {{"as",
           "odcs, source, json-schema, table-schema, csvw, xlsx, markdown or html; odcs when "
           "absent"},
          {"version", "an earlier version"},
          {"lang", "vi or en; by Accept-Language when absent"}},
         {},
         "application/yaml, application/schema+json, application/vnd.tableschema+json, "
         "application/csvm+json, text/markdown, text/html, "
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"});
}

void add_import_routes(http::Router& router, const Seams& seams) {
    router.add(
        {http::Method::kPost,
         "/api/v1/contracts/import",
         http::Access::kAdministrator,
         "A first contract from a data package, CSVW or SQL",
         [seams](http::Request& request) { return import(seams, request); },
         {{"file", "its name"},
          {"from", "table-schema, datapackage, csvw or sql; told by the content when absent"},
          {"domain", "of the contract"}},
         "application/octet-stream",
         "application/json",
         http::Runs::kOnPool,
         forms::kMostImported});
}

}  // namespace nguon::node
