#include "scan/encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scan/internal/vietnamese.h"
#include "scan/transcode.h"

namespace nguon::scan {
namespace {

struct Name {
    std::string_view name;
    Encoding encoding;
};
constexpr std::array<Name, 23> kNames{{
    {"utf-8", Encoding::kUtf8},
    {"utf-16le", Encoding::kUtf16Le},
    {"utf-16be", Encoding::kUtf16Be},
    {"windows-1258", Encoding::kWindows1258},
    {"windows-1252", Encoding::kWindows1252},
    {"tcvn3", Encoding::kTcvn3},
    // the other names
    {"utf8", Encoding::kUtf8},
    {"ascii", Encoding::kUtf8},
    {"us-ascii", Encoding::kUtf8},
    {"utf-16", Encoding::kUtf16Le},
    {"utf16", Encoding::kUtf16Le},
    {"utf-16-le", Encoding::kUtf16Le},
    {"utf-16-be", Encoding::kUtf16Be},
    {"cp1258", Encoding::kWindows1258},
    {"cp1252", Encoding::kWindows1252},
    {"latin1", Encoding::kWindows1252},
    {"latin-1", Encoding::kWindows1252},
    {"iso-8859-1", Encoding::kWindows1252},
    {"abc", Encoding::kTcvn3},
    {"tcvn", Encoding::kTcvn3},
    {"tcvn-5712", Encoding::kTcvn3},
    {"tcvn5712", Encoding::kTcvn3},
    {"tcvn3-abc", Encoding::kTcvn3},
}};

constexpr double kManyZeros = 0.2, kFewZeros = 0.02;  // shares of the bytes at even or odd places
constexpr double kMostWords = 0.6;  // of the marked words, for a text to be Vietnamese

// UTF-16 without a mark: digits, spaces and separators leave every other byte zero.
std::optional<Encoding> utf16_by_zeros(std::string_view head) {
    const std::size_t pairs = head.size() / 2;
    if (pairs < 4) return {};
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < pairs * 2; ++i)
        zeros[i % 2] += head[i] == '\0' ? 1 : 0;
    const double even = static_cast<double>(zeros[0]) / static_cast<double>(pairs);
    const double odd = static_cast<double>(zeros[1]) / static_cast<double>(pairs);
    if (odd > kManyZeros && even < kFewZeros) return Encoding::kUtf16Le;
    if (even > kManyZeros && odd < kFewZeros) return Encoding::kUtf16Be;
    return {};
}

// Well-formed characters of more than one byte, and bytes that are none (RFC 3629 section 3).
struct Utf8Count {
    std::size_t whole = 0, broken = 0;
};
Utf8Count count_utf8(std::string_view text) {
    Utf8Count count;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || !is_utf8(text.substr(i, length))) {
            // The last character of the head may be cut.
            if (lead >= 0xC2 && i + length > text.size()) break;
            ++count.broken;
            ++i;
        } else {
            ++count.whole;
            i += length;
        }
    }
    return count;
}

}  // namespace

std::string_view name_of(Encoding encoding) {
    for (const Name& known : kNames) {
        if (known.encoding == encoding) return known.name;
    }
    return "utf-8";
}

Result<Encoding> encoding_from_name(std::string_view name) {
    const std::string wanted = to_lower_ascii(name);
    for (const Name& known : kNames) {
        if (known.name == wanted) return known.encoding;
    }
    return fail(Code::kInvalid,
                {fmt::format("Không biết bảng mã «{}».", name),
                 fmt::format("The encoding \"{}\" is not known.", name)},
                {"Dùng utf-8, utf-16le, utf-16be, windows-1258, windows-1252 hoặc tcvn3.",
                 "Use utf-8, utf-16le, utf-16be, windows-1258, windows-1252 or tcvn3."});
}

FoundEncoding detect_encoding(std::string_view head) {
    if (head.starts_with("\xEF\xBB\xBF")) return {Encoding::kUtf8, 1.0};
    if (head.starts_with("\xFF\xFE")) return {Encoding::kUtf16Le, 1.0};
    if (head.starts_with("\xFE\xFF")) return {Encoding::kUtf16Be, 1.0};
    if (const auto utf16 = utf16_by_zeros(head)) return {*utf16, 0.95};
    const Utf8Count utf8 = count_utf8(head);
    if (utf8.broken == 0) return {Encoding::kUtf8, 1.0};
    // Damaged UTF-8: text in a one-byte encoding makes hardly any whole character by chance.
    if (utf8.whole > 0 && utf8.whole * 2 >= utf8.broken) return {Encoding::kUtf8, 0.9};

    // One odd byte is damage; Western words say that it is none.
    FoundEncoding found{Encoding::kUtf8, 0.5};
    const WordCount western = count_words(to_utf8(head, Encoding::kWindows1252));
    if (western.western > 1 && western.western > western.broken)
        found = {Encoding::kWindows1252, 0.6};
    double best = 0;
    for (const Encoding encoding :
         {Encoding::kWindows1258, Encoding::kTcvn3, Encoding::kWindows1252}) {
        const WordCount words = count_words(to_utf8(head, encoding));
        const std::size_t all = words.marked + words.broken + words.symbols;
        if (words.marked == 0) continue;
        const double share = static_cast<double>(words.plausible) / static_cast<double>(all);
        // A single word says little: French has "à" and "là" too.
        if (share >= kMostWords && share > best + 0.05) {
            best = share;
            found = {encoding, share};
        }
    }
    return found;
}

}  // namespace nguon::scan
