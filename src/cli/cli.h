// The command line: every command is a request to the route table of a node.
#pragma once

#include <string>
#include <vector>

#include "cli/environment.h"

namespace nguon::cli {

// Runs one command. Returns its exit code (docs/reference/exit-codes.md).
int run(const std::vector<std::string>& words, Environment& environment);

// The same in this process: its arguments, variables, terminal and file system.
int run(int argc, char** argv);

}  // namespace nguon::cli
