// Bytes of any known encoding to UTF-8, piece by piece.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "scan/byte_stream.h"
#include "scan/encoding.h"

namespace nguon::scan {

// What stands for bytes that are no character: never valid in UTF-8, so the row keeps kNotUtf8.
inline constexpr char kNoCharacter = '\xFF';

// One-byte encodings with combining marks come out in NFC. A byte-order mark is dropped. Bytes that
// are no character cost themselves only: UTF-16 that lost a byte is in step again at the next line.
// Threads: one at a time.
class Transcoder {
public:
    explicit Transcoder(Encoding encoding);
    ~Transcoder();
    // Appends to `out` what is complete; `last`: no more bytes come.
    void feed(std::string_view bytes, bool last, std::string& out);

private:
    struct OneByte;
    void feed_utf16(std::string_view bytes, bool last, std::string& out);
    void feed_one_byte(std::string_view bytes, bool last, std::string& out);

    Encoding m_encoding;
    bool m_at_start = true;
    std::string m_held;  // bytes whose character, or text whose mark or word, is not complete
    std::unique_ptr<OneByte> m_table;
};

std::string to_utf8(std::string_view bytes, Encoding encoding);  // all at once

// The stream as UTF-8; `head` was read from it already. consumed(), size() and sha256() stay those
// of the bytes as sent.
std::unique_ptr<ByteStream> transcoded(std::unique_ptr<ByteStream> stream, std::string head,
                                       Encoding encoding);

}  // namespace nguon::scan
