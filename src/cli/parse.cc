// Command lines by CLI11. Each command is parsed alone, so that a value may be named like a
// command.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "base/nearest.h"
#include "cli/arguments.h"
#include "cli/help.h"

namespace nguon::cli {
namespace {

// Which command the words name, and what is left of them.
struct Named {
    const Command* command = nullptr;
    std::string group;                // "quarantine", when the rest is missing or unknown
    std::string unknown;              // the word that is no command
    std::vector<std::string> others;  // every word but the command's own
    bool help = false, version = false;
};

const Command* command_named(std::string_view name) {
    for (const Command& command : commands()) {
        if (command.name == name) return &command;
    }
    return nullptr;
}

Named find_command(const std::vector<std::string>& words) {
    Named named;
    bool values_only = false;  // after "--"
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (!values_only) {
            named.help = named.help || word == "--help" || word == "-h";
            values_only = word == "--";
        }
        const bool flag = word.starts_with('-') && word != "-";
        if (named.command != nullptr || flag || !named.unknown.empty()) {
            named.others.push_back(word);
            const bool takes_value = named.command == nullptr && word == "--data";
            if (takes_value && i + 1 < words.size()) named.others.push_back(words[++i]);
            if (named.command == nullptr && word == "--version") named.version = true;
            continue;
        }
        const std::string name = named.group.empty() ? word : named.group + " " + word;
        // "contract import" is a command beside "contract"; no dataset is called `import`, and a
        // folder of that name is ./import.
        if (i + 1 < words.size()) named.command = command_named(name + " " + words[i + 1]);
        if (named.command != nullptr) {
            ++i;
            continue;
        }
        named.command = command_named(name);
        if (named.command != nullptr) continue;
        if (named.group.empty() && summary_of_group(word) != nullptr) {
            named.group = word;
        } else {
            named.unknown = word;
        }
    }
    return named;
}

void declare(CLI::App& app, const Parameter& parameter, Arguments& arguments) {
    const std::string name(parameter.name);
    CLI::Option* option = std::visit(
        [&](auto place) -> CLI::Option* {
            auto& value = arguments.*place;
            using Value = std::remove_reference_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, bool>) {
                return app.add_flag(name, value);
            } else if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>) {
                return app.add_option_function<std::int64_t>(
                    name, [&value](const std::int64_t& n) { value = n; });
            } else {
                return app.add_option(name, value);
            }
        },
        parameter.place);
    if (parameter.need == Parameter::Need::kRequired) option->required();
}

std::string help_command(const Named& named) {
    if (named.command != nullptr) return "nguon " + std::string(named.command->name);
    return named.group.empty() ? "nguon" : "nguon " + named.group;
}

std::unexpected<Error> wrong(const Named& named, Text detail) {
    return fail(Code::kInvalid, std::move(detail), both(words::kSeeHelp, help_command(named)));
}

// A word that is no command, or no flag of it: what is near it.
std::unexpected<Error> unknown(const Named& named, const std::string& word) {
    Text detail = both(words::kUnknown, word);
    std::vector<std::string> known;
    if (named.command == nullptr) {
        for (const Command& command : commands()) {
            const std::string name(command.name);
            if (named.group.empty()) {
                known.push_back(name.substr(0, name.find(' ')));
            } else if (name.starts_with(named.group + " ")) {
                known.push_back(name.substr(named.group.size() + 1));
            }
        }
    } else if (word.starts_with('-')) {
        known = {"--data", "--json", "--help"};
        for (const Parameter& parameter : named.command->parameters) {
            for (const std::string& name : split(parameter.name, ','))
                known.push_back(name);
        }
    }
    const std::string meant = nearest(word.substr(0, word.find('=')), known);
    if (meant.empty()) return wrong(named, std::move(detail));
    return fail(Code::kInvalid, std::move(detail),
                both(words::kDidYouMean, meant, help_command(named)));
}

// How often the words have this flag.
std::size_t times(const Named& named, const std::string& flag) {
    std::size_t count = 0;
    for (const std::string& word : named.others) {
        if (word == "--") break;
        count += word == flag || word.starts_with(flag + "=") ? 1 : 0;
    }
    return count;
}

// CLI11's messages are English only: what it says is told again.
std::unexpected<Error> explained(const Named& named, const CLI::App& app,
                                 const CLI::ParseError& error) {
    const std::string what = error.what();
    if (const std::size_t end = what.find(" is required"); end != std::string::npos) {
        return wrong(named, both(words::kMissing, what.substr(0, end)));
    }
    if (const std::vector<std::string> rest = app.remaining(); !rest.empty()) {
        return unknown(named, rest.front());
    }
    if (const std::size_t colon = what.find(": "); what.starts_with('-') && colon != what.npos) {
        const std::string flag = what.substr(0, colon);
        if (const std::size_t count = times(named, flag); count > 1)
            return fail(Code::kInvalid, both(words::kOnlyOnce, flag, count),
                        both(words::kKeepOneOf, flag));
        if (what.find("required") != what.npos)
            return fail(Code::kInvalid, both(words::kNeedsValue, flag),
                        both(words::kValueAfter, flag, help_command(named)));
    }
    static constexpr std::string_view kConvert = "Could not convert: ";
    if (what.starts_with(kConvert)) {
        const std::string both_sides = what.substr(kConvert.size());
        const std::size_t equals = both_sides.find(" = ");
        if (equals != std::string::npos) {
            return fail(Code::kInvalid,
                        both(words::kNotAValue, both_sides.substr(equals + 3),
                             both_sides.substr(0, equals)),
                        both(words::kWholeNumber, help_command(named)));
        }
    }
    return wrong(named, both(words::kNotUnderstood, what));
}

bool takes_value(const Command& command, std::string_view word) {
    if (word == "--data") return true;
    for (const Parameter& parameter : command.parameters) {
        if (!parameter.name.starts_with('-')) continue;
        if (std::holds_alternative<bool Arguments::*>(parameter.place)) continue;
        const std::vector<std::string> names = split(parameter.name, ',');
        if (std::find(names.begin(), names.end(), word) != names.end()) return true;
    }
    return false;
}

// CLI11 takes whatever follows as the value: --mode --json would be a mode, and no JSON.
Result<void> check_values(const Command& command, const std::vector<std::string>& words) {
    for (std::size_t i = 0; i + 1 < words.size() && words[i] != "--"; ++i) {
        const std::string &word = words[i], &next = words[i + 1];
        if (!takes_value(command, word)) continue;
        if (next.starts_with("--")) {
            return fail(Code::kInvalid, both(words::kNoValue, word, next),
                        both(words::kWithEquals, word, word, next));
        }
        ++i;
    }
    return {};
}

Result<void> check_choices(const Arguments& arguments) {
    for (const Parameter& parameter : arguments.command->parameters) {
        const auto* place = std::get_if<std::string Arguments::*>(&parameter.place);
        if (place == nullptr || parameter.choices.empty()) continue;
        const std::string& value = arguments.**place;
        const auto& choices = parameter.choices;
        if (value.empty() || std::find(choices.begin(), choices.end(), value) != choices.end())
            continue;
        std::string list;
        for (const std::string& choice : choices)
            list += (list.empty() ? "" : ", ") + choice;
        return fail(Code::kInvalid, both(words::kNotAValue, value, parameter.name),
                    both(words::kOneOf, list));
    }
    return {};
}

}  // namespace

Result<Parsed> parse(const std::vector<std::string>& words, Language language) {
    Named named = find_command(words);
    if (named.help && named.unknown.empty()) {
        if (named.command != nullptr) return Parsed{{}, help_of(*named.command, language)};
        return Parsed{
            {}, named.group.empty() ? help_of_all(language) : help_of_group(named.group, language)};
    }
    if (!named.unknown.empty()) return unknown(named, named.unknown);
    if (named.command == nullptr && named.version) {  // elsewhere it is a parameter of a command
        named.command = command_named("version");
        std::erase(named.others, "--version");
    }
    if (named.command == nullptr) return wrong(named, both(words::kNoCommand));

    TRY(check_values(*named.command, named.others));
    Parsed parsed;
    Arguments& arguments = parsed.arguments;
    arguments.command = named.command;
    CLI::App app;
    app.set_help_flag("");
    app.add_option("--data", arguments.data);
    app.add_flag("--json", arguments.json);
    for (const Parameter& parameter : named.command->parameters)
        declare(app, parameter, arguments);
    try {
        std::vector<std::string> reversed(named.others.rbegin(), named.others.rend());
        app.parse(reversed);
    } catch (const CLI::ParseError& error) {
        return explained(named, app, error);
    }
    TRY(check_choices(arguments));
    return parsed;
}

}  // namespace nguon::cli
