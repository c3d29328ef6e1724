#include "cli/help.h"

#include "cli/table.h"

namespace nguon::cli {
namespace {

struct Line {
    std::string name;
    std::string text;
};

std::string section(const Phrase& title, const std::vector<Line>& lines, Language language) {
    if (lines.empty()) return {};
    int widest = 0;
    for (const Line& line : lines)
        widest = std::max(widest, width_of(line.name));
    std::string text = "\n" + std::string(title.in(language)) + ":\n";
    for (const Line& line : lines) {
        const std::string space(static_cast<std::size_t>(widest - width_of(line.name)), ' ');
        text += "  " + line.name + space + "  " + line.text + "\n";
    }
    return text;
}

std::vector<Line> global_lines(Language language) {
    const auto text = [&](const Phrase& phrase) { return std::string(phrase.in(language)); };
    return {{"--data DIR", text(words::kHelpOfData)},
            {"--json", text(words::kHelpOfJson)},
            {"-h, --help", text(words::kHelpOfHelp)}};
}

bool is_positional(const Parameter& parameter) {
    return parameter.name.front() != '-';
}

bool is_many(const Parameter& parameter) {
    return std::holds_alternative<std::vector<std::string> Arguments::*>(parameter.place);
}

std::string line_text(const Parameter& parameter, Language language) {
    std::string text(parameter.help.in(language));
    if (parameter.need == Parameter::Need::kRequired && !is_positional(parameter)) {
        text += " (" + std::string(words::kRequired.in(language)) + ")";
    }
    return text;
}

// "--mode upsert|append|snapshot", "-o, --output F".
std::string line_name(const Parameter& parameter) {
    std::string name(parameter.name);
    if (const std::size_t comma = name.find(','); comma != std::string::npos)
        name.insert(comma + 1, " ");
    std::string choices;
    for (const std::string& choice : parameter.choices)
        choices += (choices.empty() ? "" : "|") + choice;
    const std::string value = choices.empty() ? std::string(parameter.value) : choices;
    return value.empty() ? name : name + " " + value;
}

}  // namespace

std::string help_of_all(Language language) {
    std::string text = std::string(words::kTagline.in(language)) + "\n\n";
    text += std::string(words::kUsage.in(language)) + ": " +
            std::string(words::kUsageLine.in(language)) + "\n";
    std::vector<Line> lines;
    for (const Command& command : commands()) {
        lines.push_back({std::string(command.name), std::string(command.summary.in(language))});
    }
    text += section(words::kCommands, lines, language);
    std::vector<Line> globals = global_lines(language);
    globals.push_back({"--version", std::string(words::kHelpOfVersion.in(language))});
    text += section(words::kOptions, globals, language);
    return text + "\n" + std::string(words::kMoreHelp.in(language)) + "\n";
}

std::string help_of_group(std::string_view group, Language language) {
    std::string text;
    if (const Phrase* summary = summary_of_group(group))
        text = std::string(summary->in(language)) + "\n";
    std::vector<Line> lines;
    for (const Command& command : commands()) {
        if (!command.name.starts_with(std::string(group) + " ")) continue;
        lines.push_back({std::string(command.name), std::string(command.summary.in(language))});
    }
    return text + section(words::kCommands, lines, language);
}

std::string help_of(const Command& command, Language language) {
    std::string usage = "nguon " + std::string(command.name);
    std::vector<Line> arguments, options;
    bool has_options = false;
    for (const Parameter& parameter : command.parameters) {
        const bool required = parameter.need == Parameter::Need::kRequired;
        if (is_positional(parameter)) {
            const std::string name = std::string(parameter.name) + (is_many(parameter) ? "…" : "");
            usage += required ? " " + name : " [" + name + "]";
            arguments.push_back({name, line_text(parameter, language)});
            continue;
        }
        if (required) usage += " " + line_name(parameter);
        has_options = has_options || !required;
        options.push_back({line_name(parameter), line_text(parameter, language)});
    }
    if (has_options) usage += " […]";
    for (Line& line : global_lines(language))
        options.push_back(std::move(line));
    std::string text = std::string(command.summary.in(language)) + "\n\n";
    text += std::string(words::kUsage.in(language)) + ": " + usage + "\n";
    text += section(words::kArguments, arguments, language);
    text += section(words::kOptions, options, language);
    return text + "\n" + std::string(words::kExample.in(language)) + ":\n  " +
           std::string(command.example) + "\n";
}

}  // namespace nguon::cli
