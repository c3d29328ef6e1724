// The encodings of text that offices send, and which of them some bytes are in.
// Sources: RFC 3629 (UTF-8), RFC 2781 (UTF-16), the WHATWG Encoding Standard (windows-1258,
// windows-1252), TCVN 5712:1993 character set VN3 (the encoding of the .VnTime fonts).
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace nguon::scan {

enum class Encoding { kUtf8, kUtf16Le, kUtf16Be, kWindows1258, kWindows1252, kTcvn3 };

std::string_view name_of(Encoding encoding);  // "utf-8", "utf-16le", …, "windows-1258", "tcvn3"
// Also the usual other names (utf8, cp1258, latin1, abc, …), in any case. "utf-16" is
// little-endian; a byte-order mark says otherwise. Errors: invalid, naming the encodings there are.
Result<Encoding> encoding_from_name(std::string_view name);

struct FoundEncoding {
    Encoding encoding = Encoding::kUtf8;
    double confidence = 1.0;  // 0 to 1
};

// From the first bytes of a file. UTF-8 and UTF-16 are told by their form, the one-byte encodings
// by what the text becomes: the one whose words with marked letters are Vietnamese syllables.
FoundEncoding detect_encoding(std::string_view head);

}  // namespace nguon::scan
