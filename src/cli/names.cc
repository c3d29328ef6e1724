#include "cli/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/spoken.h"

namespace nguon::cli {
namespace {

// "-o,--output" -> "--output".
std::string_view shown_name(const Parameter& parameter) {
    const std::size_t comma = parameter.name.rfind(',');
    return comma == std::string_view::npos ? parameter.name : parameter.name.substr(comma + 1);
}

// "--as-of" -> "as_of", "Idempotency-Key" -> "idempotency_key".
std::string plain(std::string_view name) {
    while (name.starts_with('-'))
        name.remove_prefix(1);
    std::string plain = to_lower_ascii(name);
    std::ranges::replace(plain, '-', '_');
    return plain;
}

const Parameter* find(const Command& command, std::string_view name) {
    const auto found = std::ranges::find_if(command.parameters, [&](const Parameter& parameter) {
        return plain(shown_name(parameter)) == plain(name);
    });
    return found == command.parameters.end() ? nullptr : &*found;
}

std::string name_of_route(std::string_view route) {
    for (const Command& command : commands()) {
        if (command.route != route) continue;
        std::string said = fmt::format("nguon {}", command.name);
        for (const Parameter& parameter : command.parameters) {
            if (!parameter.name.starts_with('-')) said += fmt::format(" {}", parameter.name);
        }
        return said;
    }
    return std::string(route);
}

}  // namespace

std::string name_here(std::string_view mark, const Command& command) {
    if (mark.find(' ') != std::string_view::npos) return name_of_route(mark);
    const std::size_t equals = mark.find('=');
    const std::string_view name = mark.substr(0, equals);
    const Parameter* parameter = find(command, name);
    for (const Command& other : commands()) {
        if (parameter == nullptr) parameter = find(other, name);
    }
    if (parameter == nullptr) return std::string(mark);
    std::string said(shown_name(*parameter));
    const bool is_switch = std::holds_alternative<bool Arguments::*>(parameter->place);
    if (equals != std::string_view::npos && !is_switch)
        said += fmt::format(" {}", mark.substr(equals + 1));
    return said;
}

Error named_here(Error error, const Command& command) {
    const auto name = [&](Text& text) {
        for (std::string* words : {&text.vi, &text.en}) {
            *words = spoken::say(*words,
                                 [&](std::string_view mark) { return name_here(mark, command); });
        }
    };
    name(error.detail);
    name(error.fix);
    for (Problem& problem : error.errors) {
        name(problem.problem);
        name(problem.fix);
    }
    return error;
}

}  // namespace nguon::cli
