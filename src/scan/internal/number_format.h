// What a number in a spreadsheet means under its format: a date, a time, a code with leading zeros,
// a share in percent, or a number; and its text.
// Source: ECMA-376 part 1, 18.8.30 (numFmt) and 18.17.4 (dates and times).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nguon::scan {

enum class NumberMeaning { kNumber, kDate, kDateTime, kTime, kElapsed, kPadded, kPercent };

struct NumberFormat {
    NumberMeaning meaning = NumberMeaning::kNumber;
    std::string pattern;  // of kPadded: 0 and # for digits, other characters marked
};

// A format code as workbooks have it: "dd/mm/yyyy", "[$-42A]d \"thg\" m", "#,##0", "000000".
NumberFormat format_from_code(std::string_view code);
// The formats that have a number and no code in the file.
NumberFormat built_in_format(int id);

enum class DateSystem { k1900, k1904 };  // 1900 has a 29 February that never was, as Lotus 1-2-3

// ISO 8601 for dates and times (elapsed: hours may pass 24), the shortest plain form for numbers.
// 0.125 as a percentage is "12.5%". A date out of years 1900 to 9999 is given as the number.
std::string text_of_number(double value, const NumberFormat& format, DateSystem system);
// As the number stands in the file: digits stay digits, "1.0000000000000001E-1" is 0.1. What is no
// number stays as it is.
std::string text_of_number(std::string_view literal, const NumberFormat& format, DateSystem system);

}  // namespace nguon::scan
