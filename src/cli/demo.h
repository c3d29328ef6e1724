// `nguon demo`: a small country on this machine, from nothing to a story with addresses.
#pragma once

#include "base/text.h"

namespace nguon::cli {

struct DemoOptions {
    bool once = false;   // ends by itself; its last line is one JSON object
    bool fresh = false;  // empties what an earlier call kept
    int port_base = 0;   // added to every port
    Language language = Language::kVietnamese;
    bool json = false;
};

// Returns the exit code.
int run_demo(const DemoOptions& options);

}  // namespace nguon::cli
