#include "cli/ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/requests.h"
#include "cli/table.h"

namespace nguon::cli {
namespace {

enum class Answer { kYes, kNo, kAll, kQuit };

// Vietnamese and English letters, whatever the language: nobody should be caught by a habit.
Answer answer_of(std::string_view line) {
    line = trim(line);
    if (line.empty()) return Answer::kNo;
    switch (line[0]) {
        case 'y':
        case 'Y':
        case 'c':
        case 'C': return Answer::kYes;
        case 'a':
        case 'A':
        case 't':
        case 'T': return Answer::kAll;
        case 'q':
        case 'Q':
        case 'd':
        case 'D': return Answer::kQuit;
        default: return Answer::kNo;
    }
}

class Questions {
public:
    Questions(Session& session, std::string dataset, const http::Body& body)
        : m_session(session), m_dataset(std::move(dataset)), m_body(body) {
        m_accepted = session.arguments().accept;
    }

    Result<std::optional<std::string>> run() {
        constexpr int kMostRounds = 4;  // what is mended can show what was hidden before
        for (int round = 0; round < kMostRounds; ++round) {
            TRY_ASSIGN(const json::value looked, look());
            bool any = false;
            for (const json::value& result : array_at(looked, "results")) {
                for (const json::value* fix : fixes_of(result)) {
                    any = ask(*fix) || any;
                    if (m_stopped) return std::nullopt;
                }
            }
            if (!any) break;
        }
        return m_accepted;
    }

private:
    Result<json::value> look() {
        http::Request request = post_request("/api/v1/check");
        request.body = m_body;
        request.headers.set("Content-Type", "application/octet-stream");
        add_query(request, "dataset", m_dataset);
        add_query(request, "fix", "true");
        add_query(request, "accept", m_accepted);
        add_query(request, "format", m_session.arguments().format);
        add_query(request, "encoding", m_session.arguments().encoding);
        add_query(request, "sheet", m_session.arguments().sheet);
        add_query(request, "entry", m_session.arguments().entry);
        TRY_ASSIGN(JsonAnswer answer, m_session.send_for_json(long_work(request)));
        return std::move(answer.value);
    }

    static std::vector<const json::value*> fixes_of(const json::value& result) {
        std::vector<const json::value*> fixes;
        for (const json::value& fix : array_at(result, "fixes"))
            fixes.push_back(&fix);
        const json::value* fix = member(result, "fix");
        if (fixes.empty() && fix != nullptr && fix->is_object()) fixes.push_back(fix);
        return fixes;
    }

    // Whether the fix joined those accepted.
    bool ask(const json::value& fix) {
        const std::string code = text_at(fix, "code");
        const json::value* safe = member(fix, "safe");
        if (safe != nullptr && safe->is_bool() && safe->get_bool()) return false;
        if (!m_asked.insert(code).second) return false;
        // Of two readings of one column the first yes decides.
        const std::string plain = code.substr(0, code.find('='));
        if (m_settled.contains(plain)) return false;
        const Answer answer = m_all && code == plain ? Answer::kYes : put(fix);
        m_all = m_all || answer == Answer::kAll;
        m_stopped = answer == Answer::kQuit;
        if (answer != Answer::kYes && answer != Answer::kAll) return false;
        m_settled.insert(plain);
        m_accepted += (m_accepted.empty() ? "" : ",") + code;
        return true;
    }

    Answer put(const json::value& fix) {
        const Style& style = m_session.style();
        const bool vietnamese = style.language == Language::kVietnamese;
        const auto said = [&](std::string_view name, std::string_view of) {
            const json::value* object = member(fix, name);
            return object == nullptr ? std::string() : printable(text_at(*object, of));
        };
        std::string text = fmt::format("? {}\n", said("description", vietnamese ? "vi" : "en"));
        const std::string before = said("example", "before"), after = said("example", "after");
        if (!before.empty())
            text += fmt::format(
                "    {} {} {}   ({})\n", before, style.unicode ? "→" : "->", after,
                say(style.language, words::kOfCells, style.number(integer_at(fix, "cells"))));
        text += "  " + std::string(words::kQuestion.in(style.language));
        m_session.environment().err(text);
        return answer_of(m_session.environment().read_line());
    }

    Session& m_session;
    std::string m_dataset;
    const http::Body& m_body;
    std::string m_accepted;
    std::set<std::string> m_asked, m_settled;
    bool m_all = false, m_stopped = false;
};

}  // namespace

bool can_ask(Session& session) {
    const Environment& environment = session.environment();
    return environment.in_is_terminal && environment.err_is_terminal && environment.read_line &&
           !session.arguments().json && session.arguments().file != "-";
}

Result<std::optional<std::string>> ask_about_fixes(Session& session, const std::string& dataset,
                                                   const http::Body& body) {
    return Questions(session, dataset, body).run();
}

}  // namespace nguon::cli
