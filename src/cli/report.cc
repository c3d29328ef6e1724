// What went wrong: as one JSON object, or for people with where and what to do.
#include <fmt/format.h>

#include "cli/session.h"
#include "cli/table.h"

namespace nguon::cli {
namespace {

std::string place_of(const Problem& problem, Language language) {
    std::string place = problem.file;
    if (place.empty() && problem.line > 0) {  // of SQL or a body
        place = say(language, words::kLineColumn, problem.line, problem.column);
    } else if (problem.line > 0) {
        place += fmt::format(":{}", problem.line);
        if (problem.column > 0) place += fmt::format(":{}", problem.column);
    }
    if (!problem.path.empty()) place += (place.empty() ? "" : " ") + problem.path;
    return printable(place);
}

std::string for_people(const Error& error, const Style& style) {
    const Language language = style.language;
    const std::string_view arrow = style.unicode ? "→" : "->";
    const std::string title =
        fmt::format("{} {}", style.mark(Sign::kRefused), title_of(error.code).in(language));
    std::string text = style.ink(Ink::kBold, style.ink(Ink::kPlum, title));
    const std::string& detail = error.detail.in(language);
    text += detail.empty() ? "\n" : fmt::format(": {}\n", printable(detail));
    for (const Problem& problem : error.errors) {
        // A parameter alone: the detail has named it.
        if (problem.file.empty() && problem.line == 0 && problem.problem.in(language) == detail)
            continue;
        const std::string place = place_of(problem, language);
        if (!place.empty()) text += fmt::format("  {}\n", style.ink(Ink::kBold, place));
        const std::string& what = problem.problem.in(language);  // nothing is said twice
        if (what != detail) text += fmt::format("    {}\n", printable(what));
        const std::string& fix = problem.fix.in(language);
        if (!fix.empty() && fix != error.fix.in(language))
            text += fmt::format("    {} {}\n", arrow, printable(fix));
    }
    const std::string& fix = error.fix.in(language);
    if (!fix.empty())
        text += fmt::format("  {} {}\n", style.ink(Ink::kBlue, arrow), printable(fix));
    return text;
}

}  // namespace

// A refused batch is an answer too: its receipt's members stand beside `error`, so that a script
// reads `status` and `results` from the same place whatever became of the batch.
json::object error_json(const Error& error, Language language) {
    json::object object = http::error_object(error, language);
    const json::value* receipt = object.if_contains("receipt");
    if (receipt == nullptr || !receipt->is_object()) return object;
    const json::object members = receipt->get_object();
    for (const auto& member : members)
        object.emplace(member.key(), member.value());
    return object;
}

int report(Environment& environment, const Error& error, const Style& style, bool json) {
    if (json) {
        (void)environment.out(to_text(error_json(error, style.language)) + "\n");
    } else {
        Style on_err = style;
        on_err.colour = style.err_colour;
        (void)environment.err(for_people(error, on_err));
    }
    return exit_code_of(error.code);
}

}  // namespace nguon::cli
