// Fixes that need a person's word, asked one by one at a terminal before a file is loaded.
#pragma once

#include <optional>
#include <string>

#include "cli/session.h"

namespace nguon::cli {

// Whether somebody is there to answer: a terminal on both sides, and no --json.
bool can_ask(Session& session);

// The codes accepted, parted by commas, those of --accept first; nothing when the person stops.
// Errors: the node's own, of looking at the file.
Result<std::optional<std::string>> ask_about_fixes(Session& session, const std::string& dataset,
                                                   const http::Body& body);

}  // namespace nguon::cli
