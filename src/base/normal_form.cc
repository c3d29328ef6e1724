#include "base/normal_form.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace nguon {
namespace {

// The byte `i` begins a character of U+1E00 to U+1EFF.
bool is_latin_additional(std::string_view text, std::size_t i) {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    return byte(i) == 0xE1 && i + 1 < text.size() && byte(i + 1) >= 0xB8 && byte(i + 1) <= 0xBB;
}

// Whether every character is one that NFC never changes and that joins no other: below U+0300
// (whose bytes are all below 0xCC), and U+1E00 to U+1EFF, where the rest of Vietnamese stands.
// False says nothing. Eight bytes at a time: each cell of text of a load comes here.
bool is_plainly_nfc(std::string_view text) {
    const auto fits = [&](std::size_t from) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + from, 8);
        constexpr std::uint64_t kHigh = 0x8080808080808080u;
        // The high bit of each byte that is 0xCC or more: 0x34 carries 0x4C into it.
        std::uint64_t large = ((word & ~kHigh) + 0x3434343434343434u) & word & kHigh;
        for (; large != 0; large &= large - 1) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(large));
            const std::size_t at =
                std::endian::native == std::endian::little ? bit / 8 : 7 - bit / 8;
            if (!is_latin_additional(text, from + at)) return false;
        }
        return true;
    };
    const std::size_t size = text.size();
    if (size < 8) {
        for (std::size_t i = 0; i < size; ++i) {
            if (static_cast<std::uint8_t>(text[i]) >= 0xCC && !is_latin_additional(text, i))
                return false;
        }
        return true;
    }
    for (std::size_t from = 0; from + 8 <= size; from += 8) {
        if (!fits(from)) return false;
    }
    return fits(size - 8);
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
