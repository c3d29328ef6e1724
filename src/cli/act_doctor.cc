// doctor: what the machine, the folder and the node of it say, together.
#include "cli/acts.h"
#include "cli/render.h"
#include "cli/requests.h"

namespace nguon::cli {
namespace {

// When any dataset last took a batch, by the node or the folder itself. 0: never.
Result<Micros> last_commit(Session& session) {
    TRY(session.open(Purpose::kReading));
    Micros last = 0;
    std::string cursor;
    do {
        http::Request request = get_request("/api/v1/datasets");
        add_query(request, "cursor", cursor);
        TRY_ASSIGN(const JsonAnswer answer, session.send_for_json(request));
        for (const json::value& dataset : array_at(answer.value, "datasets")) {
            if (const auto at = parse_time(text_at(dataset, "at"))) last = std::max(last, *at);
        }
        cursor = text_at(answer.value, "next");
    } while (!cursor.empty());
    return last;
}

node::Finding node_finding(const Error& error) {
    return {"node",       {"Nút", "Node"}, node::Verdict::kWrong,
            error.detail, error.fix,       {{"code", name_of(error.code)}}};
}

json::object object_of(const node::Finding& finding, Language language) {
    return {{"check", finding.check},
            {"title", finding.title.in(language)},
            {"verdict", name_of(finding.verdict)},
            {"found", finding.found.in(language)},
            {"fix", finding.fix.in(language)},
            {"values", finding.values}};
}

}  // namespace

Result<int> doctor(Session& session) {
    const Arguments& given = session.arguments();
    node::DoctorOptions options{session.data(), given.public_address, given.internal_address,
                                session.environment().variable};
    std::vector<node::Finding> findings = session.environment().doctor(options);
    const auto no_node = [](const node::Finding& finding) {
        return finding.check == "config" && finding.verdict == node::Verdict::kWrong;
    };
    if (std::none_of(findings.begin(), findings.end(), no_node)) {
        const Result<Micros> last = last_commit(session);
        findings.push_back(last ? node::examine_last_commit(*last, system_clock().now())
                                : node_finding(last.error()));
    }
    std::int64_t wrong = 0, warnings = 0;
    json::array list;
    for (const node::Finding& finding : findings) {
        wrong += finding.verdict == node::Verdict::kWrong ? 1 : 0;
        warnings += finding.verdict == node::Verdict::kWarning ? 1 : 0;
        list.push_back(object_of(finding, session.language()));
    }
    const json::value answer{
        {"ok", wrong == 0}, {"version", kVersion},  {"data", options.folder.string()},
        {"wrong", wrong},   {"warnings", warnings}, {"findings", std::move(list)}};
    if (given.json) {
        session.print_json(answer);
    } else {
        session.print(render_doctor(answer, session.style()));
    }
    return wrong == 0 ? 0 : kDataAtFault;
}

}  // namespace nguon::cli
