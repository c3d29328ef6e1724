// Contracts and packs.
#include <chrono>
#include <filesystem>

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

Result<int> told_written(Session& session, const std::string& file, const json::value& answer) {
    if (session.arguments().json) {
        session.print_json(answer);
        return 0;
    }
    std::error_code ignored;
    const std::uint64_t bytes = std::filesystem::file_size(file, ignored);
    session.print_line(
        session.style().sign(Sign::kGood) + " " +
        say(session.language(), words::kWritten, file, session.style().bytes(bytes)));
    return 0;
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
    const bool is_bytes = given.as == "xlsx";
    if (!given.output.empty()) TRY(may_write(given.output));
    if (is_bytes && given.output.empty() && (given.json || session.environment().out_is_terminal)) {
        return fail(Code::kInvalid, both(words::kNoTerminal, given.as), both(words::kGiveOutput));
    }
    http::Request request = get_request(dataset_path(given.dataset, "/contract"));
    add_query(request, "as", given.as);
    add_query(request, "version", given.version);
    add_query(request, "lang", given.lang);
    TRY_ASSIGN(const http::Response answer, session.send(request));
    if (!given.output.empty()) {
        TRY(write_file(given.output, answer));
        return told_written(session, given.output,
                            {{"dataset", given.dataset},
                             {"as", given.as.empty() ? "odcs" : given.as},
                             {"file", given.output}});
    }
    const std::string_view type = answer.headers.get("Content-Type");
    if (given.json && type.find("yaml") != std::string_view::npos) {
        TRY_ASSIGN(const json::value document, json_of_yaml(answer.body));
        session.print_json(document);
    } else if (given.json && type.find("json") == std::string_view::npos) {
        session.print_json({{"dataset", given.dataset}, {"as", given.as}, {"text", answer.body}});
    } else {
        session.print_bytes(answer);
        if (!is_bytes && !answer.body.ends_with('\n')) session.print("\n");
    }
    return 0;
}

Result<int> import_contract(Session& session) {
    const Arguments& given = session.arguments();
    if (!given.output.empty()) TRY(may_write(given.output));
    TRY(session.open(Purpose::kNoNode));
    http::Request request = post_request("/api/v1/contracts/import");
    TRY_ASSIGN(request.body, session.body_of(given.file));
    request.headers.set("Content-Type", "application/octet-stream");
    const std::string name = std::filesystem::path(given.file).filename().string();
    add_query(request, "file", given.file == "-" ? "stdin" : name);
    add_query(request, "from", given.source);
    add_query(request, "domain", given.domain);
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(request));
    http::Response contract;
    contract.body = text_at(answer.value, "contract");
    if (!given.output.empty()) TRY(write_file(given.output, contract));
    if (given.json) {
        session.print_json(answer.value);
        return 0;
    }
    // On standard output the contract alone, so that it can be piped.
    const std::string said = render_imported(answer.value, session.style());
    if (given.output.empty()) {
        session.note(said);
        session.print(contract.body);
        return 0;
    }
    session.print(said);
    return told_written(session, given.output, nullptr);
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
