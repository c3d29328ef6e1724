// Any bytes as the head of a file: detection never crashes, and what it says holds together; any
// record is repaired to something.
#include <cstdint>
#include <cstdlib>

#include "scan/dialect.h"
#include "scan/repair.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon::scan;
    if (size == 0 || size > 64 * 1024) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto dialect = detect_dialect(text, data[0] % 2 == 0);
    if (!dialect) return 0;
    const bool sound = dialect->columns > 0 && !dialect->delimiter.empty() &&
                       dialect->body <= text.size() &&
                       (!dialect->has_header || dialect->header.size() == dialect->columns) &&
                       column_names(*dialect).size() == dialect->columns;
    if (!sound) std::abort();
    if (repaired_fields(text.substr(0, kLongestRepaired), *dialect).empty()) std::abort();
    return 0;
}
