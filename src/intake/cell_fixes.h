// One cell of text made readable under its contract: what a recipe's step does to it. Pure
// functions: nothing is guessed, and what is not plainly of the step's shape comes back as nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nguon::intake {

// Without white space, no-break spaces, zero-width characters and byte-order marks at both ends,
// and without the apostrophe with which Excel marks text ('0123).
std::string_view bare(std::string_view text);

// "5/6/2026", "05.06.2026 00:00:00" under dd/MM/yyyy; also yyyyMMdd, ddMMyyyy, and "excel", the
// days since 1899-12-30 by which Excel keeps a date. Years have four digits. The answer is written
// in `to`, a contract's date format. Nothing for a day that is not in the calendar.
std::optional<std::string> date_from(std::string_view text, std::string_view from,
                                     std::string_view to);

// "1.234.567,5" with decimal ',' -> "1234567.5". Groups have three digits and one separator ('.',
// ',' or a space; not the decimal one); a currency or percent sign after it goes ("12.000 đ" ->
// "12000").
std::optional<std::string> number_from(std::string_view text, char decimal);

// Digits only, shorter than `length`: with zeros before.
std::optional<std::string> padded(std::string_view text, std::size_t length);

// "Tổng cộng:", "Total", "Cộng": the first words of a row that sums up the others.
bool names_a_total(std::string_view text);

// Words that mean that there is no value: "NULL", "N/A", "-", "không có".
bool names_nothing(std::string_view text);

}  // namespace nguon::intake
