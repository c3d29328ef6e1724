// Numbers as people write them, with separators and units, to numbers as machines do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nguon::scan {

// Without white space, no-break spaces, zero-width characters and byte-order marks at both ends,
// and without the apostrophe with which Excel marks text ('0123).
std::string_view bare(std::string_view text);

// "1.234.567,5" with decimal ',' -> "1234567.5". Groups have three digits and one separator ('.',
// ',' or a space; not the decimal one); a currency or percent sign after it goes ("12.000 đ" ->
// "12000").
// A first group that begins with 0 is none: "0.125" is no hundred and twenty-five.
std::optional<std::string> number_from(std::string_view text, char decimal);

// What such a number bears: "%", "đ" (also "vnđ", "VND", "đồng", "₫"), "USD"; empty: nothing. Not
// whether the rest is a number.
std::string_view unit_of(std::string_view text);

// "3.02E+11": a number of which Excel kept the first digits only. Nothing brings the others back.
bool lost_digits(std::string_view text);

}  // namespace nguon::scan
