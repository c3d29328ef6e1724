// Help texts, made from the table of commands.
#pragma once

#include <string>
#include <string_view>

#include "cli/arguments.h"

namespace nguon::cli {

std::string help_of_all(Language language);
std::string help_of_group(std::string_view group, Language language);
std::string help_of(const Command& command, Language language);

}  // namespace nguon::cli
