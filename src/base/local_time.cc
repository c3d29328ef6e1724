#include "base/local_time.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace nguon {

std::string local_time(Micros at, Language language) {
    const auto whole = static_cast<std::time_t>(at / 1'000'000);
    std::tm parts{};
    if (::localtime_r(&whole, &parts) == nullptr) return format_time(at);
    if (language == Language::kVietnamese) {
        return fmt::format("{:02}/{:02}/{} {:02}:{:02}", parts.tm_mday, parts.tm_mon + 1,
                           parts.tm_year + 1900, parts.tm_hour, parts.tm_min);
    }
    static constexpr std::array<std::string_view, 12> kMonths = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{} {} {} {:02}:{:02}", parts.tm_mday,
                       kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                       parts.tm_hour, parts.tm_min);
}

}  // namespace nguon
