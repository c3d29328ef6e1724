// Datasets, contracts, the chain and its proof.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "contract/headings.h"
#include "node/internal/schemas.h"
#include "node/internal/state.h"
#include "quality/promises.h"
#include "quality/rules.h"

namespace nguon::node {
namespace {

Result<json::object> describe(State& state, const store::DatasetInfo& dataset) {
    const contract::Dataset& contract = dataset.contract;
    TRY_ASSIGN(const store::Head head, state.store->head(contract.name));
    // A damaged receipt is verify's to tell; the list goes on without scores.
    const Result<Courses::Now> now = state.courses->now(contract.name);
    json::array columns;
    for (const contract::Column& column : contract.columns) {
        columns.push_back({{"name", column.name},
                           {"type", contract::name_of(column.type)},
                           {"title", {{"vi", column.title.vi}, {"en", column.title.en}}},
                           {"key", column.key_position},
                           {"required", column.required}});
    }
    return json::object{
        {"dataset", contract.name},
        {"title", {{"vi", contract.title.vi}, {"en", contract.title.en}}},
        {"version", contract.version},
        {"access", contract::name_of(contract.access)},
        {"mode", contract::name_of(contract.mode)},
        {"rows", head.rows},
        {"seq", head.seq},
        {"at", head.at == 0 ? json::value(nullptr) : json::value(format_time(head.at))},
        {"corrupt", dataset.corrupt},
        {"columns", std::move(columns)},
        {"scores", quality::to_json(now ? now->scores : quality::Scores())}};
}

Result<http::Response> list(State& state, http::Request& request) {
    TRY_ASSIGN(const std::int64_t limit, integer_parameter(request, "limit", 1000, 1, 10'000));
    const std::string after = request.query_value("cursor").value_or("");
    json::array datasets;
    json::value next = nullptr;
    for (const auto& dataset : state.store->datasets()) {
        if (dataset->contract.name <= after && !after.empty()) continue;
        if (!may_read(*dataset, request)) continue;
        if (static_cast<std::int64_t>(datasets.size()) == limit) {
            next = datasets.back().at("dataset");
            break;
        }
        TRY_ASSIGN(json::object described, describe(state, *dataset));
        described.erase("columns");
        datasets.push_back(std::move(described));
    }
    return http::Response::json(200, {{"datasets", std::move(datasets)}, {"next", next}});
}

Result<http::Response> one(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, readable_dataset(state, request));
    TRY_ASSIGN(json::object described, describe(state, *dataset));
    return http::Response::json(200, std::move(described));
}

// What a contract may say, and hardly means.
json::array warnings_of(const std::vector<contract::Contract>& contracts) {
    json::array warnings;
    for (const contract::Contract& contract : contracts) {
        for (const contract::Dataset& dataset : contract.datasets) {
            for (const contract::SharedTitle& shared : contract::shared_titles(dataset)) {
                const std::string columns = fmt::format("{}", fmt::join(shared.columns, ", "));
                warnings.push_back(
                    {{"dataset", dataset.name},
                     {"vi", fmt::format("Tên «{}» là của {} cột ({}): tệp dùng tên này không biết "
                                        "là cột nào. Đặt businessName khác nhau; trong tệp, gọi "
                                        "các cột bằng name.",
                                        shared.title, shared.columns.size(), columns)},
                     {"en", fmt::format("\"{}\" is the title of {} columns ({}): in a file it "
                                        "means none of them. Give each a businessName of its own; "
                                        "files can call them by their names.",
                                        shared.title, shared.columns.size(), columns)}});
            }
        }
    }
    return warnings;
}

Result<http::Response> apply(State& state, http::Request& request) {
    TRY_ASSIGN(const json::value body, json_body(state, request));
    const json::value* files =
        body.is_object() ? body.get_object().if_contains("contracts") : nullptr;
    if (files == nullptr || !files->is_array() || files->get_array().empty()) {
        return fail(Code::kInvalid, {"Không có hợp đồng nào.", "There is no contract."},
                    {"Gửi {\"contracts\":[{\"file\",\"text\"}]}.",
                     "Send {\"contracts\":[{\"file\",\"text\"}]}."});
    }
    std::vector<contract::Contract> contracts;
    Error wrong;
    wrong.code = Code::kInvalid;
    for (const json::value& file : files->get_array()) {
        const json::value* text =
            file.is_object() ? file.get_object().if_contains("text") : nullptr;
        const json::value* name =
            file.is_object() ? file.get_object().if_contains("file") : nullptr;
        if (text == nullptr || !text->is_string()) {
            return fail(Code::kInvalid, {"Hợp đồng thiếu `text`.", "A contract lacks `text`."}, {});
        }
        Result<contract::Contract> contract =
            contract::parse(text->get_string(), name != nullptr && name->is_string()
                                                    ? std::string_view(name->get_string())
                                                    : "contract.yaml");
        Result<void> runs = contract ? quality::check_promises(*contract) : Result<void>();
        for (std::size_t i = 0; contract && runs && i < contract->datasets.size(); ++i) {
            runs = quality::check_rules(contract->datasets[i], contract->file);
        }
        if (contract && !runs) contract = std::unexpected(std::move(runs.error()));
        if (contract) {
            contracts.push_back(std::move(*contract));
        } else {
            wrong.detail = contract.error().detail;
            wrong.fix = contract.error().fix;
            for (Problem& problem : contract.error().errors)
                wrong.errors.push_back(std::move(problem));
        }
    }
    if (!wrong.errors.empty() || !wrong.detail.empty()) return std::unexpected(std::move(wrong));
    TRY(check_sql_rules(state, contracts));
    TRY_ASSIGN(const std::vector<store::Applied> applied, state.store->apply(contracts));
    json::array answer;
    for (const store::Applied& change : applied) {
        json::array differences;
        for (const contract::Difference& difference : change.differences) {
            differences.push_back({{"path", difference.path},
                                   {"what", difference.what.in(request.language)},
                                   {"breaking", difference.breaking},
                                   {"for", contract::name_of(difference.audience)}});
        }
        answer.push_back({{"dataset", change.dataset},
                          {"version", change.version},
                          {"change", contract::name_of(change.change)},
                          {"differences", std::move(differences)}});
    }
    json::array notes;
    for (const contract::Contract& contract : contracts) {
        for (const std::string& note : contract.notes)
            notes.push_back({{"file", contract.file}, {"note", note}});
    }
    return http::Response::json(200, {{"applied", std::move(answer)},
                                      {"notes", std::move(notes)},
                                      {"warnings", warnings_of(contracts)}});
}

Result<http::Response> chain(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, readable_dataset(state, request));
    TRY_ASSIGN(const std::vector<std::string> manifests,
               state.store->manifests(dataset->contract.name));
    json::array list;
    for (const std::string& manifest : manifests)
        list.emplace_back(manifest);
    return http::Response::json(
        200, {{"dataset", dataset->contract.name}, {"manifests", std::move(list)}});
}

Result<http::Response> segment(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, readable_dataset(state, request));
    TRY_ASSIGN(const store::Head head, state.store->head(dataset->contract.name));
    TRY_ASSIGN(const auto segments, state.store->segments(dataset->contract.name, head.seq));
    for (const store::SegmentInfo& info : segments) {
        if (info.sha256 != request.parameter("sha256")) continue;
        http::Response response;
        response.headers.set("Content-Type", "application/vnd.apache.parquet");
        response.headers.set("ETag", fmt::format("\"{}\"", info.sha256));
        // May be kept, but is asked for again: an erasure takes segments away.
        response.headers.set("Cache-Control", "no-cache");
        response.file = std::make_shared<http::BodyFile>(info.path, false);
        response.ranges = true;
        return response;
    }
    return fail(Code::kNotFound,
                {"Không có đoạn nào mang mã băm này.", "No segment has this hash."},
                {"Xem chuỗi của tập dữ liệu.", "See the dataset's chain."});
}

Result<http::Response> verify(State& state, http::Request& request) {
    TRY_ASSIGN(const json::value body, json_body(state, request));
    std::vector<std::string> names;
    crypto::PublicKey key = *state.public_key;
    if (body.is_object()) {
        if (const json::value* given = body.get_object().if_contains("datasets");
            given != nullptr && given->is_array()) {
            for (const json::value& name : given->get_array()) {
                if (name.is_string()) names.emplace_back(name.get_string());
            }
        }
        if (const json::value* given = body.get_object().if_contains("public_key");
            given != nullptr && given->is_string()) {
            TRY_ASSIGN(key, crypto::PublicKey::from_pem(given->get_string()));
        }
    }
    TRY_ASSIGN(const store::Verification verified,
               state.store->verify(names, key, [&](std::uint64_t done, std::uint64_t total) {
                   if (request.progress) request.progress({"verify", done, total});
               }));
    json::array datasets, findings;
    for (const store::VerifiedDataset& dataset : verified.datasets) {
        datasets.push_back({{"dataset", dataset.dataset},
                            {"segments", dataset.segments},
                            {"rows", dataset.rows},
                            {"head", dataset.head}});
    }
    for (const store::Finding& finding : verified.findings) {
        findings.push_back({{"dataset", finding.dataset},
                            {"file", finding.file},
                            {"problem", finding.problem},
                            {"detail", finding.detail.in(request.language)}});
    }
    return http::Response::json(200, {{"ok", verified.ok},
                                      {"datasets", std::move(datasets)},
                                      {"findings", std::move(findings)}});
}

}  // namespace

void add_dataset_routes(http::Router& router, State& state) {
    using http::Access;
    using http::Method;
    const auto with = [&state](auto handler) {
        return [&state, handler](http::Request& request) { return handler(state, request); };
    };
    router.add({Method::kGet,
                "/api/v1/datasets",
                Access::kOpenData,
                "Datasets, by name",
                with(list),
                {{"limit", "at most so many"}, {"cursor", "the `next` of the page before"}},
                {},
                "application/json",
                http::Runs::kOnPool,
                0,
                schemas::kDatasets});
    router.add({Method::kGet,
                "/api/v1/datasets/{dataset}",
                Access::kOpenData,
                "One dataset with its scores",
                with(one),
                {},
                {},
                "application/json",
                http::Runs::kOnPool,
                0,
                schemas::kDataset});
    router.add({Method::kPost,
                "/api/v1/contracts",
                Access::kAdministrator,
                "Applies contracts, all or nothing",
                with(apply),
                {},
                "application/json",
                "application/json",
                http::Runs::kOnPool,
                0,
                schemas::kApplied});
    router.add({Method::kGet,
                "/api/v1/datasets/{dataset}/chain",
                Access::kOpenData,
                "Signed manifests, oldest first",
                with(chain),
                {},
                {},
                "application/json",
                http::Runs::kOnPool,
                0,
                schemas::kChain});
    router.add({Method::kGet,
                "/api/v1/datasets/{dataset}/segments/{sha256}",
                Access::kOpenData,
                "A segment's bytes, with Range",
                with(segment),
                {{"Range", "bytes=FIRST-LAST: 206 with that part", "header"}},
                {},
                "application/vnd.apache.parquet"});
    router.add({Method::kPost,
                "/api/v1/verify",
                Access::kAdministrator,
                "Checks every file and signature",
                with(verify),
                {},
                "application/json",
                "application/json",
                http::Runs::kLong,
                0,
                schemas::kVerification});
}

}  // namespace nguon::node
