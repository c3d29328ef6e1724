#include "base/normal_form.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace nguon {
namespace {

// Whether every character is one that NFC never changes and that joins no other: below U+0300, and
// U+1E00 to U+1EFF, where all of Vietnamese stands. False says nothing.
bool is_plainly_nfc(std::string_view text) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(text.data());
    const std::uint8_t* const end = at + text.size();
    while (at < end) {
        if (end - at >= 8) {
            std::uint64_t word;
            std::memcpy(&word, at, 8);
            if ((word & 0x8080808080808080u) == 0) {
                at += 8;
                continue;
            }
        }
        if (*at < 0x80) {
            ++at;
        } else if (*at < 0xCC) {
            at += 2;
        } else if (*at == 0xE1 && end - at >= 3 && at[1] >= 0xB8 && at[1] <= 0xBB) {
            at += 3;
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace

std::string_view to_nfc(std::string_view text, std::string& buffer) {
    if (is_plainly_nfc(text) || !is_utf8(text)) return text;
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status) != 0) return text;
    const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
    if (nfc->isNormalizedUTF8(piece, status) != 0) return text;
    buffer.clear();
    icu::StringByteSink<std::string> sink(&buffer);
    nfc->normalizeUTF8(0, piece, sink, nullptr, status);
    return U_FAILURE(status) != 0 ? text : std::string_view(buffer);
}

}  // namespace nguon
