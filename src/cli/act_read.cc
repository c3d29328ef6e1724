// Reading: a row, SQL, history.
#include "cli/acts.h"
#include "cli/render.h"
#include "cli/requests.h"

namespace nguon::cli {

Result<int> list_datasets(Session& session) {
    json::value whole;
    for (std::string cursor;;) {  // all pages as one answer
        http::Request request = get_request("/api/v1/datasets");
        add_query(request, "cursor", cursor);
        TRY_ASSIGN(JsonAnswer page, session.send_for_json(request));
        std::string next = text_at(page.value, "next");
        if (whole.is_null()) {
            whole = std::move(page.value);
        } else {
            for (const json::value& dataset : array_at(page.value, "datasets"))
                whole.get_object()["datasets"].get_array().push_back(dataset);
        }
        if (next.empty() || next == cursor) break;
        cursor = std::move(next);
    }
    whole.get_object()["next"] = nullptr;
    if (session.arguments().json) {
        session.print_json(whole);
    } else {
        session.print(render_datasets(whole, session.style()));
    }
    return 0;
}

Result<int> get_row(Session& session) {
    const Arguments& given = session.arguments();
    TRY_ASSIGN(const std::string key, key_for_path(given.key));
    http::Request request = get_request(dataset_path(given.dataset, "/rows/" + key));
    add_query(request, "as_of", given.as_of);
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(request));
    if (given.json) {
        session.print_line(answer.text);
        return 0;
    }
    http::Request description = get_request(dataset_path(given.dataset));
    const Result<JsonAnswer> described = session.send_for_json(description);
    session.print(
        render_row(answer.value, described ? described->value : json::value(), session.style()));
    return 0;
}

Result<int> query(Session& session) {
    const Arguments& given = session.arguments();
    const bool bytes = given.format == "csv" || given.format == "parquet";
    if (given.json && bytes) {
        return fail(Code::kInvalid, both(words::kJsonOrFormat, given.format),
                    both(words::kDropOne));
    }
    json::object body{{"sql", given.sql}, {"format", bytes ? given.format : "json"}};
    if (!given.as_of.empty()) body["as_of"] = given.as_of;
    if (given.limit_seconds) body["limit_seconds"] = *given.limit_seconds;
    if (!given.limit_memory.empty()) body["limit_memory"] = given.limit_memory;
    if (given.limit_rows) body["limit_rows"] = *given.limit_rows;
    http::Request request = post_json("/api/v1/query", body);
    if (bytes || given.json || given.format == "json") {
        TRY_ASSIGN(const http::Response answer, session.send(request));
        session.print_bytes(answer);
        if (!bytes) {
            session.print("\n");
        } else if (answer.headers.get("Nguon-Truncated") == "true") {
            session.note(words::kTruncated.in(session.language()));
        }
        return 0;
    }
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(request));
    session.print(render_query(answer.value, session.style()));
    return 0;
}

Result<int> history(Session& session) {
    const Arguments& given = session.arguments();
    http::Request request = get_request(dataset_path(given.dataset, "/history"));
    if (!given.key.empty()) {
        TRY_ASSIGN(const std::string key, key_for_path(given.key));
        add_query(request, "key", key);
    }
    if (given.from) add_query(request, "from", std::to_string(*given.from));
    if (given.limit) add_query(request, "limit", std::to_string(*given.limit));
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(request));
    if (given.json) {
        session.print_line(answer.text);
    } else {
        session.print(render_history(answer.value, session.style()));
    }
    return 0;
}

Result<int> quality(Session& session) {
    const Arguments& given = session.arguments();
    http::Request request = get_request(dataset_path(given.dataset, "/quality"));
    add_query(request, "as_of", given.as_of);
    // People are told the worst of it unasked.
    const bool asked = !given.why.empty();
    if (asked || !given.json) add_query(request, "why", asked ? given.why : "overall");
    if (!asked && !given.json) add_query(request, "causes", "5");
    if (given.limit) add_query(request, "limit", std::to_string(*given.limit));
    TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(request));
    if (given.json) {
        session.print_json(answer.value);
    } else {
        session.print(render_quality(answer.value, session.style()));
    }
    return 0;
}

}  // namespace nguon::cli
