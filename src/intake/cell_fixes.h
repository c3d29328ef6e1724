// One cell of text made readable under its contract: what a recipe's step does to it. Pure
// functions: nothing is guessed, and what is not plainly of the step's shape comes back as nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scan/written_number.h"

namespace nguon::intake {

using scan::bare;
using scan::lost_digits;
using scan::number_from;

// "5/6/2026", "05.06.2026 00:00:00" under dd/MM/yyyy; also yyyyMMdd, ddMMyyyy, and "excel", the
// days since 1899-12-30 by which Excel keeps a date. Years have four digits. The answer is written
// in `to`, a contract's date format. Nothing for a day that is not in the calendar.
std::optional<std::string> date_from(std::string_view text, std::string_view from,
                                     std::string_view to);

// The same of a moment without a zone, "31/12/2025 14:30" or "14:30:05 31/12/2025": its day under
// `from`, written in `to`, a contract's format without a zone, or as ISO 8601. Nothing without a
// time.
std::optional<std::string> moment_from(std::string_view text, std::string_view from,
                                       std::string_view to);
// "31/12/2025 14:30" -> "31/12/2025"; text without a time as it is.
std::string_view day_part(std::string_view text);

// Digits only, shorter than `length`: with zeros before.
std::optional<std::string> padded(std::string_view text, std::size_t length);

// The first words of a row that may sum up others.
enum class TotalWords {
    kNone,
    kName,     // "Tổng", "Cộng": names of persons and places, too
    kTotal,    // "Tổng cộng:", "Total", "Tổng số: 10 hộ"
    kOfGroup,  // "Cộng xã A", "Tổng số toàn huyện"
    kOfName,   // "Cộng Hòa", "CỘNG XÃ A": a place, or a total
};
TotalWords total_words(std::string_view text);
// Whether those words alone name a total, where no other cell tells.
inline bool names_a_total(std::string_view text) {
    const TotalWords words = total_words(text);
    return words == TotalWords::kName || words == TotalWords::kTotal;
}

// Words that mean that there is no value: "NULL", "N/A", "-", "không có".
bool names_nothing(std::string_view text);

// Letters and marks apart, not in normal form C: U+0300 to U+036F after a letter.
bool has_marks_apart(std::string_view text);

// "1.234", "12.500": digits, a point, three digits, and no zero before the point.
bool is_thousands_or_fraction(std::string_view text);
// Whether a column with so many of those, and so many other numbers with a point, may be in
// thousands all the same: one 12.5 among forty is a slip, or they are fractions.
constexpr bool may_be_in_thousands(std::int64_t those, std::int64_t others) {
    constexpr std::int64_t kOneIn = 20;
    return those > 0 && others * kOneIn <= those;
}

// Sixteen digits and more, of which the sixteenth and all after it are 0: as a spreadsheet leaves a
// number of which it keeps 15.
bool is_rounded(std::string_view text);

// Text that was UTF-8, was read as Windows-1252 and written as UTF-8 again: "Nguyá»…n" -> "Nguyễn".
// Nothing where the way back does not lead to exactly this text.
std::optional<std::string> ungarbled(std::string_view text);

}  // namespace nguon::intake
