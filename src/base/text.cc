#include "base/text.h"

#include <fmt/format.h>
#include <unicode/translit.h>

#include <algorithm>
#include <bit>
#include <memory>

namespace nguon {
namespace {

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

Language language_of(std::string_view tag) {
    return tag.starts_with("vi") || tag.starts_with("VI") ? Language::kVietnamese
                                                          : Language::kEnglish;
}

std::string percent_encode(std::string_view raw) {
    std::string encoded;
    encoded.reserve(raw.size());
    for (const char c : raw) {
        if (is_unreserved(c)) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return encoded;
}

std::optional<std::string> percent_decode(std::string_view encoded) {
    std::string raw;
    raw.reserve(encoded.size());
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] != '%') {
            raw += encoded[i];
            continue;
        }
        if (i + 2 >= encoded.size()) return std::nullopt;
        const int high = hex_value(encoded[i + 1]);
        const int low = hex_value(encoded[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        raw += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return raw;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    for (;;) {
        const std::size_t end = text.find(separator, start);
        parts.emplace_back(text.substr(start, end - start));
        if (end == std::string_view::npos) return parts;
        start = end + 1;
    }
}

std::string_view trim(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string to_lower_ascii(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return lower;
}

std::string hex(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string digits;
    digits.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        digits += kDigits[byte >> 4];
        digits += kDigits[byte & 15];
    }
    return digits;
}

namespace {

// The text in Latin letters without marks, in lower case.
std::string in_ascii(std::string_view text) {
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return to_lower_ascii(text);
    // Made once a thread: making one takes a millisecond.
    thread_local const std::unique_ptr<icu::Transliterator> to_ascii = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<icu::Transliterator>(icu::Transliterator::createInstance(
            "Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
    }();
    icu::UnicodeString words =
        icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
    if (to_ascii) to_ascii->transliterate(words);
    std::string ascii;
    words.toUTF8String(ascii);
    return ascii;
}

}  // namespace

std::string snake_case(std::string_view text) {
    std::string name;
    for (const char c : in_ascii(text)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            name += c;
        } else if (!name.empty() && name.back() != '_') {
            name += '_';
        }
    }
    while (!name.empty() && name.back() == '_')
        name.pop_back();
    if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
        name.insert(0, name.empty() ? "column" : "c_");
    return name.substr(0, 63);
}

bool is_utf8(std::string_view bytes) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t i = 0;
    const std::size_t size = bytes.size();
    while (i < size) {
        // Eight ASCII bytes at a time: the common case.
        if (i + 8 <= size) {
            std::uint64_t word;
            __builtin_memcpy(&word, data + i, 8);
            word &= 0x8080808080808080u;
            if (word == 0) {
                i += 8;
                continue;
            }
            if constexpr (std::endian::native == std::endian::little)
                i += static_cast<std::size_t>(std::countr_zero(word)) / 8;
        }
        const std::uint8_t lead = data[i];
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || i + length > size) return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((data[i + k] & 0xC0) != 0x80) return false;
        }
        const std::uint8_t second = data[i + 1];
        // Overlong forms, surrogates and values past U+10FFFF (RFC 3629 section 4).
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
            (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
            return false;
        }
        i += length;
    }
    return true;
}

std::string with_separators(std::int64_t number, Language language) {
    std::string digits = fmt::format("{}", number < 0 ? -number : number);
    const char mark = language == Language::kVietnamese ? '.' : ',';
    for (std::size_t end = digits.size(); end > 3; end -= 3)
        digits.insert(end - 3, 1, mark);
    return number < 0 ? "-" + digits : digits;
}

}  // namespace nguon
