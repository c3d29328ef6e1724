#include "population/text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <chrono>

namespace nguon::population {
namespace {

std::chrono::year_month_day calendar(Day day) {
    return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{day}}};
}

void put_digits(char* at, unsigned value, int width) {
    for (int i = width - 1; i >= 0; --i, value /= 10) {
        at[i] = static_cast<char>('0' + value % 10);
    }
}

}  // namespace

Day day_of(int year, unsigned month, unsigned day) {
    const std::chrono::sys_days days{std::chrono::year{year} / std::chrono::month{month} /
                                     std::chrono::day{day}};
    return static_cast<Day>(days.time_since_epoch().count());
}

int year_of(Day day) {
    return static_cast<int>(calendar(day).year());
}

std::string iso_date(Day day) {
    const auto date = calendar(day);
    std::string text = "0000-00-00";
    put_digits(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
    put_digits(text.data() + 5, static_cast<unsigned>(date.month()), 2);
    put_digits(text.data() + 8, static_cast<unsigned>(date.day()), 2);
    return text;
}

std::string iso_time(Day day, int second_of_day) {
    std::string text = iso_date(day) + "T00:00:00Z";
    const auto second = static_cast<unsigned>(second_of_day);
    put_digits(text.data() + 11, second / 3600, 2);
    put_digits(text.data() + 14, second / 60 % 60, 2);
    put_digits(text.data() + 17, second % 60, 2);
    return text;
}

void append_cell(std::string& out, std::string_view cell) {
    if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string strip_tones(std::string_view utf8) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
    const auto source = icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
    if (U_FAILURE(status) != 0) return std::string(utf8);
    const icu::UnicodeString decomposed = nfd->normalize(source, status);
    icu::UnicodeString bare;
    for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
        const UChar32 c = decomposed.char32At(i);
        if (u_charType(c) == U_NON_SPACING_MARK) continue;
        if (c == 0x0110) {
            bare.append(UChar32{'D'});
        } else if (c == 0x0111) {
            bare.append(UChar32{'d'});
        } else {
            bare.append(c);
        }
    }
    std::string result;
    bare.toUTF8String(result);
    return result;
}

}  // namespace nguon::population
