#include <fmt/format.h>

#include <array>

#include "crypto/keys.h"

namespace nguon::crypto {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<signed char, 256> make_values() {
    std::array<signed char, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<signed char>(i);
    }
    return values;
}
constexpr std::array<signed char, 256> kValues = make_values();

std::unexpected<Error> wrong(std::string_view vi, std::string_view en) {
    return fail(Code::kInvalid,
                {fmt::format("base64url sai: {}.", vi), fmt::format("Not base64url: {}.", en)},
                {"Gửi nguyên văn giá trị đã nhận.", "Send the value exactly as it was given."});
}

}  // namespace

std::string base64url(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6)
            text += kAlphabet[(bits >> (count - 6)) & 63];
    }
    if (count > 0) text += kAlphabet[(bits << (6 - count)) & 63];
    return text;
}

Result<std::string> base64url_decode(std::string_view text) {
    if (text.size() % 4 == 1) return wrong("độ dài không thể có", "impossible length");
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = kValues[static_cast<unsigned char>(c)];
        if (value < 0) return wrong("có ký tự lạ", "a character outside the alphabet");
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> count) & 0xFF);
        }
    }
    // Otherwise several texts would mean the same bytes, and a flipped bit could pass a signature
    // check.
    if ((bits & ((1U << count) - 1)) != 0)
        return wrong("bit thừa khác không", "tail bits are not zero");
    return bytes;
}

}  // namespace nguon::crypto
