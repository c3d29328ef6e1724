// Any text as a cell of each type: never a crash, and what reads as a date is a date of years 1 to
// 9999.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "scan/value.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon::scan;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    bool truth = false;
    std::int64_t whole = 0;
    double real = 0;
    std::int32_t days = 0;
    parse_boolean(text, truth);
    parse_integer(text, whole);
    parse_double(text, real);
    Wide decimal = 0;
    parse_decimal(text, 38, 4, decimal);
    parse_time(text, whole);
    parse_timestamp(text, false, whole);
    if (DateFormat().parse(text, days) && (days < -719'162 || days > 2'932'896)) std::abort();
    if (const auto format = DateFormat::from(text)) format->parse("31/12/2026", days);
    return 0;
}
