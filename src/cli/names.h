// What the sentences of a node name as HTTP has it, by the command line's own names.
#pragma once

#include "cli/arguments.h"

namespace nguon::cli {

// "as_of" -> "--as-of", "confirm_deletes=5" -> "--confirm-deletes 5", "again=true" -> "--again",
// "GET /api/v1/datasets" -> "nguon datasets". What the command line has no name for stays.
std::string name_here(std::string_view mark, const Command& command);
Error named_here(Error error, const Command& command);

}  // namespace nguon::cli
