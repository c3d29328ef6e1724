#include <exception>

#include "cli/acts.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/names.h"

namespace nguon::cli {
namespace {

// Whether --json was asked for, of a line that may not parse.
bool asks_for_json(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        if (word == "--") return false;
        if (word == "--json") return true;
    }
    return false;
}

int act(Environment& environment, Arguments arguments, const Style& style) {
    const bool json = arguments.json;
    const Command& command = *arguments.command;
    Session session(environment, std::move(arguments));
    const Result<int> code = command.act(session);
    if (!code) return report(environment, named_here(code.error(), command), style, json);
    if (session.printed()) return *code;
    const Error lost{
        Code::kUnavailable, both(words::kCannotPrint), both(words::kCheckSpace), {}, {}};
    return report(environment, lost, style, false);
}

}  // namespace

int run(const std::vector<std::string>& words, Environment& environment) {
    const Style style = style_of(environment);
    const bool json = asks_for_json(words);
    try {
        Result<Parsed> parsed = parse(words, style.language);
        if (!parsed) {
            const int code = report(environment, parsed.error(), style, json);
            if (words.empty()) (void)environment.err("\n" + help_of_all(style.language));
            return code;
        }
        if (!parsed->print.empty()) {
            const std::string help =
                json ? to_text(json::value{{"help", parsed->print}}) + "\n" : parsed->print;
            return environment.out(help) ? 0 : exit_code_of(Code::kUnavailable);
        }
        return act(environment, std::move(parsed->arguments), style);
    } catch (const std::exception& mistake) {
        return report(environment, Error{Code::kInternal, Text::same(mistake.what()), {}, {}, {}},
                      style, json);
    }
}

}  // namespace nguon::cli
