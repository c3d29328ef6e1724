#include "base/fail_point.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>

namespace nguon {

namespace internal {

std::atomic<int> armed_fail_point{-1};

namespace {
std::atomic<int> passes_left{0};

// A wrong name must not look like a test that passed: it ends the process at once.
const bool armed_at_start = [] {
    const char* setting = std::getenv("NGUON_FAIL_POINT");
    if (setting != nullptr && !arm_fail_point(setting)) ::_exit(2);
    return true;
}();
}  // namespace

void pass_armed_fail_point() {
    if (passes_left.fetch_sub(1) == 1) ::_exit(137);
}

}  // namespace internal

bool arm_fail_point(std::string_view setting) {
    internal::armed_fail_point = -1;
    if (setting.empty()) return true;
    int passes = 1;
    if (const std::size_t colon = setting.find(':'); colon != std::string_view::npos) {
        const std::string_view digits = setting.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), passes);
        if (error != std::errc() || end != digits.data() + digits.size() || passes < 1)
            return false;
        setting = setting.substr(0, colon);
    }
    for (std::size_t i = 0; i < kFailPoints.size(); ++i) {
        if (kFailPoints[i] == setting) {
            internal::passes_left = passes;
            internal::armed_fail_point = static_cast<int>(i);
            return true;
        }
    }
    return false;
}

}  // namespace nguon
