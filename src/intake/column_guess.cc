#include "intake/column_guess.h"

#include <algorithm>

#include "base/text.h"
#include "intake/cell_fixes.h"

namespace nguon::intake {
namespace {

// A double keeps 15 digits; with more, the text itself is the value.
constexpr std::ptrdiff_t kDoubleDigits = 15;
constexpr std::size_t kFewValues = 24, kLongestOfFew = 80, kExamples = 3;
// Shapes, personal structures and codes are looked for in every value up to here, then in one of
// sixteen: they are told by shares.
constexpr std::int64_t kLookedAt = 20'000, kThenEvery = 16;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::int64_t length_of(std::string_view text) {
    return std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace

ColumnGuess::ColumnGuess(int year, bool typed) : m_typed(typed), m_personal(year) {
    m_written[0].decimal = ',';
    m_written[1].decimal = '.';
    // Of formats that fit alike the earlier one is taken: the day stands first in Viet Nam.
    for (const std::string_view pattern :
         {"yyyy-MM-dd", "dd/MM/yyyy", "dd-MM-yyyy", "dd.MM.yyyy", "d/M/yyyy", "d-M-yyyy",
          "d.M.yyyy", "yyyy/MM/dd", "yyyy.MM.dd", "yyyy-M-d", "yyyy/M/d", "MM/dd/yyyy", "M/d/yyyy"})
        m_dates.push_back({std::string(pattern), *scan::DateFormat::from(pattern), {}});
}

void ColumnGuess::note(Oddity kind, std::string_view text, std::int64_t row) {
    OddCells& odd = m_odd[static_cast<std::size_t>(kind)];
    if (odd.count++ == 0) odd.example = text;
    if (odd.rows.size() < OddCells::kMostRows) odd.rows.push_back(row);
}

OddCells ColumnGuess::odd(Oddity kind) const {
    const bool is_date = type() == contract::LogicalType::kDate;
    if (kind == Oddity::kAmbiguousDate && !(is_date && confidence() < 1)) return {};
    const bool is_plain = type() == contract::LogicalType::kNumber && decimal() == 0;
    if (kind == Oddity::kThousands && !(is_plain && m_only_thousands)) return {};
    return m_odd[static_cast<std::size_t>(kind)];
}

void ColumnGuess::see(std::string_view text, std::int64_t row) {
    if (text.empty()) {
        ++m_nulls;
        return;
    }
    ++m_values;
    const std::int64_t length = length_of(text);
    m_shortest = std::min(m_shortest, length);
    m_longest = std::max(m_longest, length);
    const bool is_bare = std::ranges::all_of(text, is_digit);
    m_digits = m_digits && is_bare;
    m_whole_or_lost = m_whole_or_lost && (is_bare || lost_digits(text));
    see_types(text, row);
    see_oddities(text, row);
    keep(text);
    if (m_values > kLookedAt && m_values % kThenEvery != 0) return;
    m_shapes.see(text);
    m_personal.see(text);
    m_codes.see(text);
}

void ColumnGuess::see_types(std::string_view text, std::int64_t row) {
    std::int64_t whole = 0;
    bool truth = false;
    std::int32_t day = 0;
    // Leading zeros carry meaning: such identifiers stay text.
    const std::string_view digits = text[0] == '-' ? text.substr(1) : text;
    m_zeros = m_zeros || (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]));
    m_boolean = m_boolean && text.size() > 1 && scan::parse_boolean(text, truth);
    m_timestamp = m_timestamp && scan::parse_timestamp(text, false, whole);
    m_time = m_time && scan::parse_time(text, whole);
    see_numbers(text);
    const bool is_iso = m_typed && m_iso.parse(text, day);
    std::erase_if(m_dates, [&](Dates& dates) {
        if (!is_iso && !dates.format.parse(text, day)) return true;
        dates.days.add(day);
        return false;
    });
    const auto begins = [&](char letter) {
        return std::ranges::any_of(m_dates, [&](const Dates& d) { return d.pattern[0] == letter; });
    };
    if (!is_iso && m_dates.size() > 1 && begins('d') && begins('M'))
        note(Oddity::kAmbiguousDate, text, row);
}

void ColumnGuess::see_numbers(std::string_view text) {
    const bool alive = m_integer || m_number || m_written[0].possible || m_written[1].possible;
    if (!alive || m_zeros) return;
    double real = 0;
    std::int64_t whole = 0;
    const std::ptrdiff_t digit_count = std::ranges::count_if(text, is_digit);
    m_integer = m_integer && scan::parse_integer(text, whole);
    const bool is_plain = scan::parse_double(text, real);
    const bool is_bare = std::ranges::all_of(text, is_digit);
    // Until one is written for people, all readings are the same numbers.
    if (!m_separators && !is_bare) {
        m_separators = true;
        for (Written& written : m_written)
            written.numbers = m_plain;
    }
    m_number = m_number && is_plain && digit_count <= kDoubleDigits;
    if (m_number) {
        m_plain.add(real);
        if (!is_bare) m_only_thousands = m_only_thousands && is_thousands_or_fraction(text);
    }
    if (digit_count > kDoubleDigits) {
        m_written[0].possible = m_written[1].possible = false;
    }
    if (!m_separators) return;
    for (Written& written : m_written) {
        if (!written.possible) continue;
        const auto plain = number_from(text, written.decimal);
        written.possible = plain && scan::parse_double(*plain, real);
        if (written.possible) written.numbers.add(real);
    }
}

void ColumnGuess::see_oddities(std::string_view text, std::int64_t row) {
    if (bare(text).size() < text.size()) note(Oddity::kSpaces, text, row);
    if (text.size() <= 12 && names_nothing(text)) note(Oddity::kNothing, text, row);
    if (is_digit(text[0]) && lost_digits(text)) note(Oddity::kDigitsLost, text, row);
    if (is_digit(text[0]) && is_thousands_or_fraction(text)) note(Oddity::kThousands, text, row);
    const bool is_ascii =
        std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (is_ascii) return;
    if (has_marks_apart(text)) note(Oddity::kDecomposed, text, row);
    if (ungarbled(text)) note(Oddity::kGarbled, text, row);
}

void ColumnGuess::keep(std::string_view text) {
    if (m_examples.size() < kExamples && std::ranges::find(m_examples, text) == m_examples.end())
        m_examples.emplace_back(text.substr(0, 200));
    if (!m_is_few) return;
    const auto known = std::ranges::find(m_few, text, &std::pair<std::string, std::int64_t>::first);
    if (known != m_few.end()) {
        ++known->second;
    } else if (m_few.size() == kFewValues || text.size() > kLongestOfFew) {
        m_is_few = false;
        m_few = {};
    } else {
        m_few.emplace_back(text, 1);
    }
}

const std::vector<std::pair<std::string, std::int64_t>>& ColumnGuess::few_values() const {
    return m_few;
}

contract::LogicalType ColumnGuess::type() const {
    using contract::LogicalType;
    if (m_values == 0) return LogicalType::kString;
    if (m_boolean) return LogicalType::kBoolean;
    if (has_lost_digits()) return LogicalType::kString;
    if (!m_zeros && m_integer) return LogicalType::kInteger;
    if (!m_zeros && m_number) return LogicalType::kNumber;
    if (!m_dates.empty()) return LogicalType::kDate;
    if (decimal() != 0) return LogicalType::kNumber;
    if (m_timestamp) return LogicalType::kTimestamp;
    return m_time ? LogicalType::kTime : LogicalType::kString;
}

bool ColumnGuess::has_lost_digits() const {
    return m_whole_or_lost && m_odd[static_cast<std::size_t>(Oddity::kDigitsLost)].count > 0;
}

char ColumnGuess::decimal() const {
    if (m_values == 0 || m_zeros || m_number || m_boolean || has_lost_digits() || !m_dates.empty())
        return 0;
    for (const Written& written : m_written) {
        if (written.possible) return written.decimal;
    }
    return 0;
}

std::string ColumnGuess::date_format() const {
    return type() == contract::LogicalType::kDate ? m_dates.front().pattern : "";
}

double ColumnGuess::confidence() const {
    constexpr double kTwoWays = 0.5;
    if (m_values == 0) return 0;
    if (type() != contract::LogicalType::kDate) {
        const bool two_ways = (m_number && !m_integer && m_only_thousands) ||
                              (decimal() != 0 && m_written[0].possible && m_written[1].possible);
        return two_ways && type() == contract::LogicalType::kNumber ? kTwoWays : 1;
    }
    const auto month_first = [](const Dates& dates) { return dates.pattern[0] == 'M'; };
    return std::ranges::any_of(m_dates, month_first) && !month_first(m_dates.front()) ? kTwoWays
                                                                                      : 1;
}

const Histogram* ColumnGuess::numbers() const {
    const contract::LogicalType is = type();
    if (is != contract::LogicalType::kInteger && is != contract::LogicalType::kNumber)
        return nullptr;
    for (const Written& written : m_written) {
        if (decimal() != 0 && written.decimal == decimal()) return &written.numbers;
    }
    return &m_plain;
}

const DayHistogram* ColumnGuess::days() const {
    return type() == contract::LogicalType::kDate ? &m_dates.front().days : nullptr;
}

}  // namespace nguon::intake
