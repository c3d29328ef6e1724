// Text in the two languages of the platform, and small helpers on UTF-8 strings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nguon {

enum class Language { kVietnamese, kEnglish };

// A sentence for people. Both languages are always there; the edge picks one.
struct Text {
    std::string vi;
    std::string en;

    const std::string& in(Language language) const {
        return language == Language::kVietnamese ? vi : en;
    }
    bool empty() const { return vi.empty() && en.empty(); }
    // The same words in both languages: names, paths, codes.
    static Text same(std::string_view words) { return {std::string(words), std::string(words)}; }
};

// "vi", "vi_VN.UTF-8", "vi,en;q=0.8" -> Vietnamese; anything else -> English.
Language language_of(std::string_view tag);

// RFC 3986 section 2.1: everything but unreserved characters is escaped.
std::string percent_encode(std::string_view raw);
// Nothing for a '%' not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view encoded);

std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string to_lower_ascii(std::string_view text);
std::string hex(std::string_view bytes);

// "Họ và tên" -> "ho_va_ten": a lower snake case name by ICU's Latin-ASCII (Đ becomes d).
std::string snake_case(std::string_view text);

bool is_utf8(std::string_view bytes);
// 1234567 -> "1.234.567" (Vietnamese) or "1,234,567" (English).
std::string with_separators(std::int64_t number, Language language);

}  // namespace nguon
