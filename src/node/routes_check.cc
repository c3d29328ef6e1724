// Looking at a file without loading it.
#include <fmt/format.h>

#include "base/spoken.h"
#include "intake/check.h"
#include "intake/profile.h"
#include "node/internal/state.h"
#include "quality/rules.h"

namespace nguon::node {
namespace {

// The contract's dataset that a file is checked against. One with several schemas needs `schema`.
Result<contract::Dataset> contract_given(const http::Request& request, std::string_view yaml) {
    TRY_ASSIGN(
        const contract::Contract contract,
        contract::parse(yaml, request.query_value("contract_file").value_or("contract.yaml")));
    const std::string schema = request.query_value("schema").value_or("");
    for (const contract::Dataset& dataset : contract.datasets) {
        if (schema.empty() ? contract.datasets.size() == 1 : dataset.schema == schema)
            return dataset;
    }
    std::string names;
    for (const contract::Dataset& dataset : contract.datasets)
        names += (names.empty() ? "" : ", ") + dataset.schema;
    return fail(Code::kInvalid,
                {fmt::format("Hợp đồng có các bảng: {}.", names),
                 fmt::format("The contract has the schemas: {}.", names)},
                {fmt::format("Nói rõ bảng nào bằng {}.", spoken::parameter("schema")),
                 fmt::format("Say which one with {}.", spoken::parameter("schema"))});
}

// What the request says of a contract, and of mending under it.
Result<void> read_contract(const http::Request& request, const store::Store* store,
                           intake::CheckRequest& check) {
    check.lists = store;
    if (const auto yaml = request.query_value("contract")) {
        TRY_ASSIGN(check.contract, contract_given(request, *yaml));
    } else if (const auto name = request.query_value("dataset"); name && store != nullptr) {
        TRY_ASSIGN(const auto info, store->dataset(*name));
        check.contract = info->contract;
        TRY_ASSIGN(check.recipe, intake::kept_recipe(*store, info->contract));
    }
    check.mend = request.query_value("fix") == "true";
    if (const auto accept = request.query_value("accept"); accept && !accept->empty()) {
        check.mend = true;
        check.accept = split(*accept, ',');
    }
    if (!check.mend) check.recipe.clear();
    return {};
}

http::Response csv_of(std::shared_ptr<http::BodyFile> file) {
    http::Response response;
    response.headers.set("Content-Type", "text/csv; charset=utf-8");
    response.file = std::move(file);
    return response;
}

Result<http::Response> check(const Seams& seams, const std::filesystem::path& temporary,
                             const store::Store* store, http::Request& request) {
    intake::CheckRequest check;
    check.scratch = temporary / ("check-" + make_id(*seams.clock, *seams.random));
    TRY(seams.disk->make_folders(check.scratch));
    const std::shared_ptr<void> cleaner(
        nullptr, [&disk = *seams.disk, &check](void*) { (void)disk.remove_folder(check.scratch); });
    check.file_name = request.query_value("file").value_or("file");
    if (request.body.file) {
        check.file = request.body.file->path();
    } else {
        check.bytes = request.body.bytes;
    }
    if (const auto format = request.query_value("format")) {
        TRY_ASSIGN(check.format, scan::format_from_name(*format));
    }
    if (const auto encoding = request.query_value("encoding")) {
        TRY_ASSIGN(check.encoding, scan::encoding_from_name(*encoding));
    }
    check.sheet = request.query_value("sheet").value_or("");
    check.entry = request.query_value("entry").value_or("");
    TRY(read_contract(request, store, check));
    if (request.query_value("answer").value_or("json") == "rows") {
        scan::InputOptions input;
        input.name = check.file_name;
        input.file = check.file;
        input.bytes = check.bytes;
        input.format = check.format;
        input.encoding = check.encoding;
        input.sheet = check.sheet;
        input.entry = check.entry;
        input.temporary_folder = check.scratch;
        input.disk = seams.disk;
        if (check.contract) {  // as a load reads them: an object that has a column is one cell
            TRY_ASSIGN(const scan::Plan plan, quality::plan_of(*check.contract));
            scan::want_columns(plan, input);
        }
        auto file = std::make_shared<http::BodyFile>(
            temporary / ("rows-" + make_id(*seams.clock, *seams.random)), true);
        TRY(intake::write_rows(input, *seams.disk, file->path()));
        return csv_of(std::move(file));
    }
    std::shared_ptr<http::BodyFile> mended, damaged;
    const std::string wanted = request.query_value("answer").value_or("");
    if (wanted == "mended" || wanted == "damaged") {
        const std::string id = make_id(*seams.clock, *seams.random);
        mended = std::make_shared<http::BodyFile>(temporary / ("mended-" + id), true);
        damaged = std::make_shared<http::BodyFile>(temporary / ("damaged-" + id), true);
        check.mended = mended->path();
        check.damaged = damaged->path();
    }
    if (request.progress) {
        check.progress = [&request](std::string_view step, std::uint64_t done,
                                    std::uint64_t total) {
            request.progress({std::string(step), done, total});
        };
    }
    TRY_ASSIGN(json::object answer,
               intake::check(check, {*seams.disk, *seams.clock, *seams.random}));
    if (damaged && wanted == "damaged" && seams.disk->exists(damaged->path())) {
        http::Response response = csv_of(std::move(damaged));
        response.headers.set("Content-Type", "application/octet-stream");
        return response;
    }
    if (mended && wanted == "mended" && seams.disk->exists(mended->path()))
        return csv_of(std::move(mended));
    return http::Response::json(200, std::move(answer));
}

}  // namespace

void add_check_routes(http::Router& router, const Seams& seams,
                      std::filesystem::path temporary_folder, const store::Store* store) {
    router.add({http::Method::kPost,
                "/api/v1/check",
                http::Access::kAdministrator,
                "Looks at a file without loading it",
                [seams, folder = std::move(temporary_folder), store](http::Request& request) {
                    return check(seams, folder, store, request);
                },
                {{"file", "its name"},
                 {"format", "csv, xlsx, xls, ods, json, jsonl, geojson or parquet"},
                 {"encoding", "of text; told by the bytes when absent"},
                 {"sheet", "of a workbook: its name, or its number from 1"},
                 {"entry", "of a zip the file, of JSON the list: name or number"},
                 {"contract", "YAML of a contract to check against"},
                 {"contract_file", "the contract's file name, for messages"},
                 {"schema", "which schema object of the contract"},
                 {"dataset", "a dataset of the node, in place of a contract"},
                 {"fix", "true: as mended by the dataset's recipe and every safe fix"},
                 {"accept", "codes of fixes that were offered, parted by commas"},
                 {"answer",
                  "json; rows: the table as read, as CSV; mended: the mended file without records "
                  "that cannot be taken apart; damaged: those, as they stand"}},
                "application/octet-stream",
                "application/json, text/csv, application/octet-stream",
                http::Runs::kLong});
}

}  // namespace nguon::node
