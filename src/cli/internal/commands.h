// The parts of commands() that have a file of their own.
#pragma once

#include <vector>

#include "cli/arguments.h"

namespace nguon::cli {

std::vector<Command> backup_commands();

}  // namespace nguon::cli
