// Any bytes in any encoding: in pieces the same text as at once, and UTF-8 but for the mark of what
// is no character.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "scan/transcode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon::scan;
    if (size < 2) return 0;
    const auto encoding = static_cast<Encoding>(1 + data[0] % 5);  // all but UTF-8
    const std::size_t piece = 1 + data[1] % 7;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
    (void)detect_encoding(bytes);
    const std::string whole = to_utf8(bytes, encoding);
    Transcoder transcoder(encoding);
    std::string parts;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        transcoder.feed(bytes.substr(at, piece), false, parts);
    transcoder.feed("", true, parts);
    // A word is only told to be in capitals as far as it is kept back.
    const bool long_word = encoding == Encoding::kTcvn3 && bytes.size() > 200;
    if (!long_word && parts != whole) std::abort();
    std::string text = whole;
    std::erase(text, kNoCharacter);
    if (!nguon::is_utf8(text)) std::abort();
    return 0;
}
