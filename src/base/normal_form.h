// Unicode's normal form C: one spelling for each text. "Hoà" typed as a letter and a mark, as macOS
// does, is the same text as "Hoà" typed as one letter; databases compare bytes.
// Source: Unicode Standard Annex #15.
#pragma once

#include <string>
#include <string_view>

namespace nguon {

// `text` itself when it is NFC already, which costs about a nanosecond per 8 ASCII bytes; else its
// NFC, kept in `buffer`. What is not UTF-8 comes back as it is. Threads: none shared.
std::string_view to_nfc(std::string_view text, std::string& buffer);

}  // namespace nguon
