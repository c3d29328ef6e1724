#include "scan/transcode.h"

#include <unicode/normalizer2.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace nguon::scan {
namespace {

// TCVN 5712:1993, VN3: the letters from 0xA1 on; the same table as in glibc's TCVN5712-1, save that
// VN3 has neither its combining marks nor its capitals with tones.
constexpr char32_t kTcvn3[0x60] = {
    // clang-format off
    /* A0 */ U'\u00A0', U'Ă', U'Â', U'Ê', U'Ô', U'Ơ', U'Ư', U'Đ', U'ă', U'â', U'ê', U'ô', U'ơ', U'ư', U'đ', 0,
    /* B0 */ 0, 0, 0, 0, 0, U'à', U'ả', U'ã', U'á', U'ạ', 0, U'ằ', U'ẳ', U'ẵ', U'ắ', 0,
    /* C0 */ 0, 0, 0, 0, 0, 0, U'ặ', U'ầ', U'ẩ', U'ẫ', U'ấ', U'ậ', U'è', 0, U'ẻ', U'ẽ',
    /* D0 */ U'é', U'ẹ', U'ề', U'ể', U'ễ', U'ế', U'ệ', U'ì', U'ỉ', 0, 0, 0, U'ĩ', U'í', U'ị', U'ò',
    /* E0 */ 0, U'ỏ', U'õ', U'ó', U'ọ', U'ồ', U'ổ', U'ỗ', U'ố', U'ộ', U'ờ', U'ở', U'ỡ', U'ớ', U'ợ', U'ù',
    /* F0 */ 0, U'ủ', U'ũ', U'ú', U'ụ', U'ừ', U'ử', U'ữ', U'ứ', U'ự', U'ỳ', U'ỷ', U'ỹ', U'ý', U'ỵ', 0,
    // clang-format on
};

// A word in capitals, or marks in a row, keep no more than this many bytes back.
constexpr std::size_t kLongestHeld = 256;

void append(std::string& out, char32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
// Of Windows-1258: the five tones, each a byte behind its letter.
bool is_mark(char c) {
    constexpr std::string_view kMarks = "\xCC\xD2\xDE\xEC\xF2";
    return kMarks.find(c) != std::string_view::npos;
}

// `text` is valid UTF-8.
std::string composed(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    const auto source = icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
    std::string out;
    nfc->normalize(source, status).toUTF8String(out);
    return out;
}

class TranscodedStream final : public ByteStream {
public:
    TranscodedStream(std::unique_ptr<ByteStream> stream, std::string head, Encoding encoding)
        : m_stream(std::move(stream)), m_raw(std::move(head)), m_transcoder(encoding) {}

    Result<std::size_t> read(std::span<char> buffer) override {
        constexpr std::size_t kPiece = 256 * 1024;
        std::size_t got = 0;
        while (got < buffer.size()) {
            if (m_at == m_text.size()) {
                if (m_ended) break;
                m_text.clear();
                m_at = 0;
                const std::size_t kept = m_raw.size();  // the head, the first time
                m_raw.resize(kept + kPiece);
                TRY_ASSIGN(const std::size_t more, m_stream->read(std::span(m_raw).subspan(kept)));
                m_raw.resize(kept + more);
                m_ended = more < kPiece;
                m_transcoder.feed(m_raw, m_ended, m_text);
                m_raw.clear();
            }
            const std::size_t count = std::min(buffer.size() - got, m_text.size() - m_at);
            std::copy_n(m_text.data() + m_at, count, buffer.data() + got);
            m_at += count;
            got += count;
        }
        return got;
    }
    Compression compression() const override { return m_stream->compression(); }
    std::uint64_t consumed() const override { return m_stream->consumed(); }
    std::uint64_t size() const override { return m_stream->size(); }
    std::string sha256() override { return m_stream->sha256(); }

private:
    std::unique_ptr<ByteStream> m_stream;
    std::string m_raw, m_text;
    std::size_t m_at = 0;  // of m_text: what was given out
    bool m_ended = false;
    Transcoder m_transcoder;
};

}  // namespace

struct Transcoder::OneByte {
    std::array<char32_t, 256> character{};  // 0: none
    bool combines = false;

    explicit OneByte(Encoding encoding) {
        for (char32_t c = 0; c < 0x80; ++c)
            character[c] = c;
        if (encoding == Encoding::kTcvn3) {
            std::copy(std::begin(kTcvn3), std::end(kTcvn3), character.begin() + 0xA0);
            return;
        }
        combines = encoding == Encoding::kWindows1258;
        UErrorCode status = U_ZERO_ERROR;
        UConverter* converter = ucnv_open(combines ? "windows-1258" : "windows-1252", &status);
        for (std::size_t byte = 0x80; byte < 0x100 && U_SUCCESS(status); ++byte) {
            const char raw = static_cast<char>(byte);
            UChar to[4] = {};
            UErrorCode one = U_ZERO_ERROR;
            const int32_t count = ucnv_toUChars(converter, to, 4, &raw, 1, &one);
            const bool is_control = to[0] < 0xA0 || to[0] == 0xFFFD;
            if (U_SUCCESS(one) && count == 1 && !is_control) character[byte] = to[0];
        }
        ucnv_close(converter);
    }
};

Transcoder::Transcoder(Encoding encoding) : m_encoding(encoding) {
    if (encoding == Encoding::kWindows1258 || encoding == Encoding::kWindows1252 ||
        encoding == Encoding::kTcvn3) {
        m_table = std::make_unique<OneByte>(encoding);
    }
}

Transcoder::~Transcoder() = default;

void Transcoder::feed(std::string_view bytes, bool last, std::string& out) {
    if (m_table != nullptr) {
        feed_one_byte(bytes, last, out);
    } else if (m_encoding == Encoding::kUtf8) {
        out += bytes;  // its mark is the reader's
    } else {
        feed_utf16(bytes, last, out);
    }
}

void Transcoder::feed_utf16(std::string_view bytes, bool last, std::string& out) {
    std::string joined;
    if (!m_held.empty()) {
        joined = m_held + std::string(bytes);
        m_held.clear();
        bytes = joined;
    }
    const bool little = m_encoding == Encoding::kUtf16Le;
    const auto unit = [&](std::size_t at) {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const auto second = static_cast<unsigned char>(bytes[at + 1]);
        return static_cast<char32_t>(little ? first | second << 8 : first << 8 | second);
    };
    std::size_t at = 0;
    while (at + 2 <= bytes.size()) {
        const char32_t c = unit(at);
        if (m_at_start && c == 0xFEFF) {
            at += 2;
            m_at_start = false;
            continue;
        }
        m_at_start = false;
        if (c < 0x80) {
            out += static_cast<char>(c);
        } else if (c == 0x0A00) {
            // Unassigned in Unicode, but a line end out of step: a byte was lost before it.
            out += kNoCharacter;
            if (!little) out += '\n';
            at += 1;
            continue;
        } else if (c >= 0xD800 && c < 0xDC00) {
            if (at + 4 > bytes.size() && !last) break;
            const char32_t low = at + 4 <= bytes.size() ? unit(at + 2) : 0;
            if (low >= 0xDC00 && low < 0xE000) {
                append(out, 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
                at += 2;
            } else {
                out += kNoCharacter;
            }
        } else if (c >= 0xDC00 && c < 0xE000) {
            out += kNoCharacter;
        } else {
            append(out, c);
        }
        at += 2;
    }
    if (!last) {
        m_held = bytes.substr(at);
    } else if (at < bytes.size()) {
        out += kNoCharacter;
    }
}

void Transcoder::feed_one_byte(std::string_view bytes, bool last, std::string& out) {
    std::string joined;
    if (!m_held.empty()) {
        joined = m_held + std::string(bytes);
        m_held.clear();
        bytes = joined;
    }
    // Marks follow their letter, and whether a word is in capitals shows at its end: what may still
    // change is kept for the next piece.
    if (!last && m_encoding != Encoding::kWindows1252) {
        const auto may_change = [&](char c) {
            return m_table->combines ? is_mark(c) : !is_ascii(c) || is_upper(c) || is_lower(c);
        };
        std::size_t keep = bytes.size();
        while (keep > 0 && bytes.size() - keep < kLongestHeld && may_change(bytes[keep - 1]))
            --keep;
        if (m_table->combines && keep > 0) --keep;  // the letter that they stand on
        m_held = bytes.substr(keep);
        bytes = bytes.substr(0, keep);
    }
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (is_ascii(bytes[at]) && !is_upper(bytes[at]) && !is_lower(bytes[at])) {
            out += bytes[at++];
            continue;
        }
        // A word: letters, whatever they become.
        const std::size_t begin = at;
        int upper = 0, lower = 0;
        bool marked = false;
        for (; at < bytes.size(); ++at) {
            const char c = bytes[at];
            if (is_ascii(c) && !is_upper(c) && !is_lower(c)) break;
            upper += is_upper(c) ? 1 : 0;
            lower += is_lower(c) ? 1 : 0;
            marked = marked || !is_ascii(c);
        }
        const std::string_view raw = bytes.substr(begin, at - begin);
        if (!marked) {
            out += raw;
            continue;
        }
        // VN3 has no capitals with tones: its fonts of capitals show the small ones so.
        const bool capitals = m_encoding == Encoding::kTcvn3 && upper >= 2 && lower == 0;
        std::string word;
        const auto give = [&] {
            if (m_table->combines) {
                out += composed(word);
            } else if (capitals) {
                icu::UnicodeString text = icu::UnicodeString::fromUTF8(word);
                text.toUpper().toUTF8String(out);
            } else {
                out += word;
            }
            word.clear();
        };
        for (const char c : raw) {
            const char32_t character = m_table->character[static_cast<unsigned char>(c)];
            if (character == 0 && c != '\0') {
                give();
                out += kNoCharacter;
            } else {
                append(word, character);
            }
        }
        give();
    }
}

std::string to_utf8(std::string_view bytes, Encoding encoding) {
    std::string out;
    Transcoder(encoding).feed(bytes, true, out);
    return out;
}

std::unique_ptr<ByteStream> transcoded(std::unique_ptr<ByteStream> stream, std::string head,
                                       Encoding encoding) {
    return std::make_unique<TranscodedStream>(std::move(stream), std::move(head), encoding);
}

}  // namespace nguon::scan
