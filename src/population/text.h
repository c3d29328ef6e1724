#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nguon::population {

// Days since 1970-01-01 in the proleptic Gregorian calendar.
using Day = std::int32_t;

Day day_of(int year, unsigned month, unsigned day);
int year_of(Day day);

// `YYYY-MM-DD`
std::string iso_date(Day day);

// `YYYY-MM-DDThh:mm:ssZ`
std::string iso_time(Day day, int second_of_day);

// Appends `cell` to `out` as one CSV cell (RFC 4180, section 2: quoted only where it must be).
void append_cell(std::string& out, std::string_view cell);

bool is_ascii(std::string_view text);

// "Nguyễn Thị Đào" -> "Nguyen Thi Dao": NFD without its marks. Đ has no decomposition in
// Unicode, so it is folded by hand.
std::string strip_tones(std::string_view utf8);

}  // namespace nguon::population
