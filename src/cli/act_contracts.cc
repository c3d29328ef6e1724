// Contracts and packs.
#include <chrono>

#include "cli/acts.h"
#include "cli/contract_files.h"
#include "cli/render.h"
#include "cli/requests.h"

namespace nguon::cli {
namespace {

Result<JsonAnswer> send_contracts(Session& session, const std::vector<ContractFile>& files) {
    http::Request request = post_json("/api/v1/contracts", contracts_body(files));
    return session.send_for_json(long_work(request));
}

// What was done before the failure stands beside it.
std::unexpected<Error> stopped(Error error, const json::array& applied,
                               const json::array& receipts) {
    json::object more;
    if (Result<json::value> given = parse_json(error.attachment); given && given->is_object()) {
        if (const json::value* refused = member(*given, "receipt")) more["receipt"] = *refused;
    }
    more["applied"] = applied;
    more["receipts"] = receipts;
    error.attachment = to_text(more);
    return std::unexpected(std::move(error));
}

}  // namespace

Result<int> apply(Session& session) {
    TRY_ASSIGN(const std::vector<ContractFile> files, read_contracts(session.arguments().paths));
    TRY_ASSIGN(const JsonAnswer answer, send_contracts(session, files));
    if (session.arguments().json) {
        session.print_json(answer.value);
    } else {
        session.print(render_applied(answer.value, session.style()));
    }
    return 0;
}

Result<int> show_contract(Session& session) {
    const Arguments& given = session.arguments();
    http::Request request = get_request(dataset_path(given.dataset, "/contract"));
    add_query(request, "as", given.as);
    add_query(request, "version", given.version);
    TRY_ASSIGN(const http::Response answer, session.send(request));
    const std::string_view type = answer.headers.get("Content-Type");
    if (!given.json || type.find("json") != std::string_view::npos) {
        session.print_bytes(answer);
        if (!answer.body.ends_with('\n')) session.print("\n");
        return 0;
    }
    TRY_ASSIGN(const json::value document, json_of_yaml(answer.body));
    session.print_json(document);
    return 0;
}

Result<int> install_pack(Session& session) {
    const Arguments& given = session.arguments();
    TRY_ASSIGN(const Pack pack, read_pack(given.folder));
    TRY_ASSIGN(const JsonAnswer answer, send_contracts(session, pack.contracts));
    const json::array& applied = array_at(answer.value, "applied");
    if (!given.json) session.print(render_applied(answer.value, session.style()));
    json::array receipts;
    int exit_code = 0;
    for (const PackData& data : pack.data) {
        http::Request request = post_request(dataset_path(data.dataset, "/batches"));
        request.headers.set("Content-Type", "application/octet-stream");
        request.headers.set("Nguon-Once",
                            "content");  // the body's own hash: a second call changes nothing
        TRY_ASSIGN(request.body, session.body_of(data.file.string()));
        const auto start = std::chrono::steady_clock::now();
        Result<JsonAnswer> loaded = session.send_for_json(long_work(request));
        if (!loaded) return stopped(std::move(loaded).error(), applied, receipts);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        const json::value* rows = member(loaded->value, "rows");
        if (rows != nullptr && integer_at(*rows, "rejected") > 0) exit_code = kDataAtFault;
        if (!given.json) {
            const Loaded how{data.file.filename().string(), took.count(), loaded->status == 200};
            session.print(render_receipt_line(loaded->value, how, session.style()));
        }
        receipts.push_back(std::move(loaded->value));
    }
    if (given.json)
        session.print_json(json::value{{"applied", applied}, {"receipts", std::move(receipts)}});
    return exit_code;
}

}  // namespace nguon::cli
