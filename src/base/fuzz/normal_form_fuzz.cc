// Any bytes in normal form C: the same again when done twice, and what is not UTF-8 untouched.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/normal_form.h"
#include "base/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::string first, second;
    const std::string_view once = to_nfc(text, first);
    if (to_nfc(once, second) != once) std::abort();
    if (is_utf8(text) != is_utf8(once)) std::abort();
    if (!is_utf8(text) && once != text) std::abort();
    return 0;
}
