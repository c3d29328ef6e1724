// Rows on their way in, and the rows that were set aside.
#include <fmt/format.h>

#include <chrono>

#include "cli/acts.h"
#include "cli/ask.h"
#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"

namespace nguon::cli {
namespace {

constexpr int kEntriesForPeople = 40;
constexpr int kEntriesOfPage = 10'000;

int exit_code_of_receipt(const json::value& receipt) {
    const json::value* rows = member(receipt, "rows");
    return rows != nullptr && integer_at(*rows, "rejected") > 0 ? kDataAtFault : 0;
}

// The command that was given, to be said again with more.
std::string command_of(const Arguments& given) {
    std::string command =
        given.batch.empty()
            ? fmt::format("nguon load {} {}", given.dataset, shell_word(given.file))
            : fmt::format("nguon quarantine resubmit {} {}", given.batch, shell_word(given.file));
    if (!given.mode.empty()) command += " --mode " + given.mode;
    if (!given.format.empty()) command += " --format " + given.format;
    if (!given.encoding.empty()) command += " --encoding " + given.encoding;
    if (!given.sheet.empty()) command += " --sheet " + shell_word(given.sheet);
    if (!given.entry.empty()) command += " --entry " + shell_word(given.entry);
    if (given.fix) command += " --fix";
    if (!given.accept.empty()) command += " --accept " + shell_word(given.accept);
    if (!given.close_missing.empty())
        command += " --close-missing " + shell_word(given.close_missing);
    if (!given.idempotency_key.empty())
        command += " --idempotency-key " + shell_word(given.idempotency_key);
    return command;
}

// Sends a batch and shows its receipt, also that of a batch that was refused.
Result<int> send_batch(Session& session, http::Request& request, const std::string& file) {
    const Arguments& given = session.arguments();
    const auto start = std::chrono::steady_clock::now();
    Result<JsonAnswer> answer = session.send_for_json(long_work(request));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const bool repeated = answer && answer->status == 200;
    const bool mends = given.fix || !given.accept.empty();
    const Loaded loaded{file, took.count(),
                        repeated && !request.headers.get("Idempotency-Key").empty(),
                        command_of(given), mends};
    if (!answer) {
        const Result<json::value> more = parse_json(answer.error().attachment);
        const json::value* receipt = more ? member(*more, "receipt") : nullptr;
        if (receipt == nullptr || session.arguments().json)
            return std::unexpected(std::move(answer).error());
        session.print(render_receipt(*receipt, loaded, session.style()));
        const json::array& results = array_at(*receipt, "results");
        const bool says_why = std::ranges::any_of(results, [](const json::value& result) {
            return member(result, "refuses") != nullptr;
        });
        if (says_why) return exit_code_of(answer.error().code);  // nothing is said twice
        return std::unexpected(std::move(answer).error());
    }
    if (session.arguments().json) {
        session.print_json(answer->value);
    } else {
        session.print(render_receipt(answer->value, loaded, session.style()));
    }
    return exit_code_of_receipt(answer->value);
}

void describe_body(http::Request& request, const Arguments& given) {
    add_query(request, "file", file_name_of(given.file));
    add_query(request, "mode", given.mode);
    add_query(request, "format", given.format);
    add_query(request, "encoding", given.encoding);
    add_query(request, "sheet", given.sheet);
    add_query(request, "entry", given.entry);
    if (given.fix) add_query(request, "fix", "true");
    add_query(request, "accept", given.accept);
    if (given.confirm_deletes)
        add_query(request, "confirm_deletes", std::to_string(*given.confirm_deletes));
    add_query(request, "confirm_missing", given.confirm_missing);
    if (given.again) add_query(request, "again", "true");
    add_query(request, "replaces", given.replaces);
    add_query(request, "close_missing", given.close_missing);
    request.headers.set("Content-Type", "application/octet-stream");
    if (!given.idempotency_key.empty())
        request.headers.set("Idempotency-Key", given.idempotency_key);
}

// What is asked of the batch: the rows set aside, or the cells fixed.
std::string_view part_of(const Arguments& given) {
    return given.fixed ? "/fixes" : "/quarantine";
}

// All entries, page by page, as one answer.
Result<json::value> whole_quarantine(Session& session, std::int64_t most) {
    json::value whole;
    std::int64_t offset = 0;
    for (;;) {
        http::Request request =
            get_request(batch_path(session.arguments().batch, part_of(session.arguments())));
        add_query(request, "format", "json");
        add_query(request, "limit", std::to_string(most > 0 ? most : kEntriesOfPage));
        if (offset > 0) add_query(request, "offset", std::to_string(offset));
        TRY_ASSIGN(JsonAnswer page, session.send_for_json(request));
        const json::value* next = member(page.value, "next");
        const std::int64_t following = integer_of(next);
        if (whole.is_null()) {
            whole = std::move(page.value);
        } else {
            json::object& object = whole.get_object();
            for (const json::value& row : array_at(page.value, "rows"))
                object["rows"].get_array().push_back(row);
            object["next"] = nullptr;
        }
        if (most > 0 || following <= offset) return whole;
        offset = following;
    }
}

std::string format_of_file(const std::string& file) {
    const std::string name = to_lower_ascii(file);
    if (name.ends_with(".csv")) return "csv";
    return name.ends_with(".parquet") ? "parquet" : "json";
}

// The program that opens a file for the person who sits here; empty: nobody sees one.
std::string opener(Session& session) {
    const auto& variable = session.environment().variable;
    if (std::string chosen = variable("NGUON_OPENER"); !chosen.empty()) return chosen;
    const bool sees = !variable("DISPLAY").empty() || !variable("WAYLAND_DISPLAY").empty();
    return sees ? "xdg-open" : "";
}

// Opens the file to mend, or says where it is. Whether it was opened.
bool open_to_mend(Session& session, const std::string& file) {
    const std::filesystem::path path = std::filesystem::absolute(file);
    const std::string program = opener(session);
    const bool shows = !session.arguments().json;
    if (!program.empty()) {
        if (shows) session.print_line("  " + say(session.language(), words::kOpening, program));
        if (session.environment().start(program, path.string())) return true;
    }
    if (shows) session.print_line("  " + say(session.language(), words::kNotOpened, path.string()));
    return false;
}

// The file that now stands there, and whether it was opened where that was asked for.
void print_saved(Session& session, const std::string& output) {
    const Arguments& given = session.arguments();
    std::error_code ignored;
    json::object done{{"batch", given.batch},
                      {"file", output},
                      {"bytes", std::filesystem::file_size(output, ignored)}};
    if (given.open) done["opened"] = open_to_mend(session, output);
    session.print_json(std::move(done));
}

Result<int> save_quarantine(Session& session, const std::string& format,
                            const std::string& output) {
    const Arguments& given = session.arguments();
    http::Response answer;
    if (format == "json") {
        TRY_ASSIGN(const json::value whole, whole_quarantine(session, 0));
        answer.body = to_text(whole) + "\n";
    } else {
        http::Request request = get_request(batch_path(given.batch, part_of(given)));
        add_query(request, "format", format);
        TRY_ASSIGN(answer, session.send(request));
    }
    if (output.empty() || output == "-") {
        session.print_bytes(answer);
        return 0;
    }
    TRY(write_file(output, answer));
    std::error_code ignored;  // rows of persons are for the one who asked for them
    std::filesystem::permissions(
        output, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
    if (given.json) {
        print_saved(session, output);
        return 0;
    }
    const std::uint64_t bytes = std::filesystem::file_size(output, ignored);
    const Style& style = session.style();
    const Language language = session.language();
    session.print_line(style.sign(Sign::kGood) + " " +
                       say(language, words::kWritten, output, style.bytes(bytes)));
    if (format == "csv" && !given.fixed) {
        session.print_line("  " +
                           say(language, words::kMendInPlace, given.batch, shell_word(output)));
    }
    if (given.open) (void)open_to_mend(session, output);
    return 0;
}

// The file that the command names, as the request's body.
Result<int> send_file(Session& session, http::Request request) {
    const Arguments& given = session.arguments();
    describe_body(request, given);
    TRY_ASSIGN(request.body, session.body_of(given.file));
    if (given.fix && !given.dataset.empty() && can_ask(session)) {
        TRY_ASSIGN(const auto accepted, ask_about_fixes(session, given.dataset, request.body));
        if (!accepted) {
            session.print_line(std::string(words::kNothingLoaded.in(session.language())));
            return 0;
        }
        std::erase_if(request.query, [](const auto& one) { return one.first == "accept"; });
        add_query(request, "accept", *accepted);
    }
    return send_batch(session, request, given.file);
}

}  // namespace

Result<int> load(Session& session) {
    const Arguments& given = session.arguments();
    http::Request request = post_request(dataset_path(given.dataset, "/batches"));
    return send_file(session, std::move(request));
}

Result<int> resubmit(Session& session) {
    const Arguments& given = session.arguments();
    http::Request request = post_request(batch_path(given.batch, "/quarantine"));
    return send_file(session, std::move(request));
}

Result<int> close_quarantine(Session& session) {
    const Arguments& given = session.arguments();
    http::Request request = post_request(batch_path(given.batch, "/quarantine/close"));
    add_query(request, "reason", given.reason);
    add_query(request, "rows", given.rows);
    const auto& variable = session.environment().variable;
    add_query(request, "by", given.by.empty() ? variable("USER") : given.by);
    return send_batch(session, request, "");
}

Result<int> delete_rows(Session& session) {
    const Arguments& given = session.arguments();
    http::Request request = get_request(dataset_path(given.dataset, "/rows"));
    request.method = http::Method::kDelete;
    for (const std::string& key : given.keys) {
        TRY_ASSIGN(const std::string encoded, key_for_path(key));
        if (given.keys.size() == 1) {
            request.path += "/" + encoded;
        } else {
            add_query(request, "key", encoded);  // one batch, one receipt
        }
    }
    return send_batch(session, request, "");
}

Result<int> erase_rows(Session& session) {
    const Arguments& given = session.arguments();
    json::array keys;
    for (const std::string& key : given.keys) {
        TRY_ASSIGN(const std::string encoded, key_for_path(key));
        keys.emplace_back(encoded);
    }
    http::Request request = post_json(dataset_path(given.dataset, "/erasures"),
                                      {{"keys", std::move(keys)}, {"order", given.order}});
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(long_work(request)));
    if (given.json) {
        session.print_json(answer.value);
        return 0;
    }
    const json::value* erasure = member(answer.value, "erasure");
    const json::value none = json::object();
    const json::value& done = erasure != nullptr && erasure->is_object() ? *erasure : none;
    const Style& style = session.style();
    session.print_line(style.sign(Sign::kGood) + " " +
                       say(style.language, words::kErased, style.rows(integer_at(done, "rows")),
                           style.number(integer_at(done, "changes")),
                           style.number(integer_at(done, "set_aside"))));
    session.print_line("  " + std::string(words::kErasedBackups.in(style.language)));
    return 0;
}

Result<int> list_quarantine(Session& session) {
    http::Request request = get_request(dataset_path(session.arguments().dataset, "/batches"));
    if (const auto limit = session.arguments().limit)
        add_query(request, "limit", std::to_string(*limit));
    if (session.arguments().open) add_query(request, "open", "true");
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(request));
    if (session.arguments().json) {
        session.print_json(answer.value);
    } else if (session.arguments().open && array_at(answer.value, "batches").empty()) {
        session.print_line(std::string(words::kNoOpenBatches.in(session.language())));
    } else {
        session.print(render_batches(answer.value, session.style()));
    }
    return 0;
}

// A file that is there may hold what somebody mended: it is opened as it is.
Result<int> open_quarantine(Session& session) {
    const Arguments& given = session.arguments();
    const std::string output = given.output.empty() ? given.batch + ".csv" : given.output;
    const std::string named = format_of_file(output);
    const std::string format = !given.format.empty() ? given.format
                               : named == "json" && !to_lower_ascii(output).ends_with(".json")
                                   ? "csv"
                                   : named;
    if (format != "csv" || output == "-") {
        return fail(Code::kInvalid, both(words::kOpenIsCsv, output == "-" ? "-o -" : format),
                    both(words::kDropOne));
    }
    std::error_code failure;
    if (!std::filesystem::exists(output, failure)) {
        TRY(may_write(output));
        return save_quarantine(session, "csv", output);
    }
    if (given.json) {
        print_saved(session, output);
        return 0;
    }
    session.print_line(say(session.language(), words::kThereAlready, output));
    session.print_line(
        "  " + say(session.language(), words::kMendInPlace, given.batch, shell_word(output)));
    (void)open_to_mend(session, output);
    return 0;
}

Result<int> get_quarantine(Session& session) {
    const Arguments& given = session.arguments();
    if (given.open && given.fixed)
        return fail(Code::kInvalid, both(words::kOpenOrFixed), both(words::kDropOne));
    if (given.open) return open_quarantine(session);
    const bool to_file = !given.output.empty() && given.output != "-";
    if (given.json && !to_file && !given.format.empty() && given.format != "json") {
        return fail(Code::kInvalid, both(words::kJsonOrFormat, given.format),
                    both(words::kDropOne));
    }
    if (to_file) TRY(may_write(given.output));
    if (to_file || (!given.format.empty() && !given.json)) {
        return save_quarantine(session,
                               given.format.empty() ? format_of_file(given.output) : given.format,
                               given.output);
    }
    TRY_ASSIGN(const json::value answer,
               whole_quarantine(session, given.json ? 0 : kEntriesForPeople));
    if (given.json) {
        session.print_json(answer);
    } else {
        session.print(given.fixed ? render_fixes(answer, session.style())
                                  : render_quarantine(answer, session.style()));
    }
    return 0;
}

}  // namespace nguon::cli
