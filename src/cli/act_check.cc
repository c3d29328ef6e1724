// A file looked at without loading it. Needs no node.
#include <filesystem>

#include "cli/acts.h"
#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"
#include "contract/contract.h"

namespace nguon::cli {
namespace {

// Which of the contract's schemas the file is for: the one asked for, or the one with the file's
// name.
Result<std::string> schema_for(const Arguments& given, std::string_view yaml) {
    if (!given.schema.empty()) return given.schema;
    TRY_ASSIGN(const contract::Contract contract, contract::parse(yaml, given.contract));
    const std::string name = std::filesystem::path(given.file).filename().string();
    const std::string stem = name.substr(0, name.find('.'));
    for (const contract::Dataset& dataset : contract.datasets) {
        if (dataset.schema == stem) return stem;
    }
    return std::string();  // the only one, or the node asks which
}

http::Request check_request(const Arguments& given, const http::Body& body) {
    http::Request request = post_request("/api/v1/check");
    request.body = body;
    request.headers.set("Content-Type", "application/octet-stream");
    const std::string name = std::filesystem::path(given.file).filename().string();
    add_query(request, "file", given.file == "-" ? "stdin" : name);
    add_query(request, "format", given.format);
    add_query(request, "encoding", given.encoding);
    add_query(request, "sheet", given.sheet);
    add_query(request, "entry", given.entry);
    return request;
}

// sua.csv -> sua.damaged.txt
std::string damaged_file(const std::string& output) {
    return std::filesystem::path(output).replace_extension(".damaged.txt").string();
}

// Records that cannot be taken apart are no part of a mended file, and are not lost: they go, as
// they stand, beside it. Adds `damaged_file` to the answer.
Result<void> write_damaged(Session& session, const http::Request& checked, json::value& answer) {
    if (integer_at(answer, "damaged") == 0) return {};
    const std::string file = damaged_file(session.arguments().output);
    http::Request request = checked;
    add_query(request, "answer", "damaged");
    TRY_ASSIGN(const http::Response records, session.send(long_work(request)));
    TRY(write_file(file, records));
    answer.get_object()["damaged_file"] = file;
    return {};
}

}  // namespace

Result<int> check(Session& session) {
    const Arguments& given = session.arguments();
    // Lists that a contract refers to stand in a node, if there is one.
    std::error_code unknown;
    const bool has_node = std::filesystem::exists(session.data() / "nguon.yaml", unknown);
    const bool judges = !given.contract.empty();
    TRY(session.open(judges && has_node ? Purpose::kReading : Purpose::kNoNode));
    const std::string beside = given.output.empty() ? "" : damaged_file(given.output);
    for (const std::string& output :
         {given.write_contract, given.write_rows, given.output, beside}) {
        std::error_code absent;
        if (output.empty()) continue;
        TRY(may_write(output));  // before the work, not after it
        if (!std::filesystem::equivalent(output, given.file, absent)) continue;
        return fail(Code::kInvalid, both(words::kOverInput, output), both(words::kOtherName));
    }
    TRY_ASSIGN(const http::Body body, session.body_of(given.file));
    http::Request request = check_request(given, body);
    if (!given.contract.empty()) {
        TRY_ASSIGN(const std::string yaml, read_file(given.contract));
        TRY_ASSIGN(const std::string schema, schema_for(given, yaml));
        add_query(request, "contract", yaml);
        add_query(request, "contract_file", given.contract);
        add_query(request, "schema", schema);
    }
    http::Request rows = request;
    const bool mends = given.fix || !given.accept.empty() || !given.output.empty();
    if (mends) add_query(request, "fix", "true");
    add_query(request, "accept", given.accept);
    TRY_ASSIGN(JsonAnswer answer, session.send_for_json(long_work(request)));
    std::vector<std::string> written;
    if (!given.write_contract.empty()) {
        http::Response contract;
        contract.body = text_at(answer.value, "contract");
        if (contract.body.empty() &&
            !given.contract.empty()) {  // a first contract was not asked for
            http::Request again = check_request(given, body);
            TRY_ASSIGN(const JsonAnswer plain, session.send_for_json(long_work(again)));
            contract.body = text_at(plain.value, "contract");
        }
        if (contract.body.empty()) {
            return fail(Code::kInvalid,
                        {"Tệp không có bảng nào mà hợp đồng nói được, nên không viết hợp đồng.",
                         "The file has no table that a contract can say, so none is written."},
                        {"Xem vì sao bằng nguon check TỆP, không có --write-contract.",
                         "See why with nguon check FILE, without --write-contract."});
        }
        TRY(write_file(given.write_contract, contract));
        written.push_back(given.write_contract);
    }
    if (!given.write_rows.empty()) {
        add_query(rows, "answer", "rows");
        TRY_ASSIGN(const http::Response csv, session.send(rows));
        TRY(write_file(given.write_rows, csv));
        written.push_back(given.write_rows);
    }
    if (!given.output.empty()) {
        http::Request mended = request;
        add_query(mended, "answer", "mended");
        TRY_ASSIGN(const http::Response csv, session.send(long_work(mended)));
        // A file that a load would refuse as a whole is not written.
        if (csv.headers.get("Content-Type").starts_with("text/csv")) {
            TRY(write_file(given.output, csv));
            written.push_back(given.output);
            TRY(write_damaged(session, request, answer.value));
        }
    }
    if (given.json) {
        session.print_json(answer.value);
    } else {
        const bool has_contract = !given.write_contract.empty();
        if (has_contract)
            answer.value.get_object().erase("contract");  // nobody is told to write one
        session.print(render_check(answer.value, session.style()));
        for (const std::string& file : written) {
            std::error_code ignored;
            const std::uint64_t bytes = std::filesystem::file_size(file, ignored);
            session.print_line(
                session.style().sign(Sign::kGood) + " " +
                say(session.language(), words::kWritten, file, session.style().bytes(bytes)));
        }
        const std::string damaged = text_at(answer.value, "damaged_file");
        if (!damaged.empty()) {
            session.print_line(session.style().sign(Sign::kNote) + " " +
                               say(session.language(), words::kDamagedBeside,
                                   session.style().number(integer_at(answer.value, "damaged")),
                                   damaged));
        }
        if (has_contract) {
            const Style& style = session.style();
            session.print_line(
                "  " + std::string(words::kNext.in(session.language())) + ": " +
                style.ink(Ink::kBlue, "nguon apply " + shell_word(given.write_contract)));
        }
    }
    const json::value* refused = member(answer.value, "refused");
    const bool is_refused = refused != nullptr && refused->is_bool() && refused->get_bool();
    return is_refused || integer_at(answer.value, "rejected") > 0 ? kDataAtFault : 0;
}

}  // namespace nguon::cli
