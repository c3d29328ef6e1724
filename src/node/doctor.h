// `nguon doctor`: is this machine, and this data folder, fit to run a node? Looks and measures;
// changes nothing but for one file of its own, which it removes.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "node/node.h"

namespace nguon::node {

enum class Verdict { kOk, kWarning, kWrong };
std::string_view name_of(Verdict verdict);  // "ok", "warning", "wrong"

// One thing looked at. `found` says what is the case and what it means; `fix`, which only a finding
// that is not ok has, what to do.
struct Finding {
    std::string check;  // "clock.steady"; names stay as they are, for scripts
    Text title;         // "Clock"
    Verdict verdict = Verdict::kOk;
    Text found, fix;
    json::object values = {};  // what was measured, with the unit in the name
};

struct DoctorOptions {
    std::filesystem::path folder;
    // Where `serve` would listen. A node that serves the folder has said where it does.
    std::string public_address, internal_address;
    // Variables of the environment: TZ, LC_ALL, LC_CTYPE, LANG. Empty when not set.
    std::function<std::string(const char* name)> variable;
};

// Everything that can be seen without opening the store. At most about a second and a half.
std::vector<Finding> examine(const DoctorOptions& options, const Seams& seams);

// What only the store knows: when it last took a batch (0: never), against the clock of now.
Finding examine_last_commit(Micros last_commit, Micros now);

}  // namespace nguon::node
