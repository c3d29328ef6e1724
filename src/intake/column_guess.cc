#include "intake/column_guess.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/text.h"
#include "intake/cell_fixes.h"

namespace nguon::intake {
namespace {

// A double keeps 15 digits; with more, the text itself is the value.
constexpr std::int64_t kDoubleDigits = 15;
constexpr std::size_t kLongestNothing = 12;
constexpr std::size_t kFewValues = 24, kLongestOfFew = 80, kExamples = 3;
// Shapes, personal structures and codes are looked for in every value up to here, then in one of
// sixteen: they are told by shares.
constexpr std::int64_t kLookedAt = 20'000, kThenEvery = 16;

std::size_t order_of(char first_letter) {
    return first_letter == 'y' ? 0 : first_letter == 'd' ? 1 : 2;
}

// What the bytes of a value tell, from one look at each.
struct Signs {
    std::int64_t characters = 0, digits = 0;
    bool is_ascii = true, has_marks_apart = false, has_point = false, has_plus = false;
};

Signs signs_of(std::string_view text) {
    Signs signs;
    unsigned char before = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        signs.characters += (byte & 0xC0) != 0x80 ? 1 : 0;
        signs.digits += is_digit(c) ? 1 : 0;
        signs.has_point |= c == '.';
        signs.has_plus |= c == '+';
        signs.is_ascii &= byte < 0x80;
        // U+0300 to U+036F after a letter, in UTF-8.
        signs.has_marks_apart |= before == 0xCC || (before == 0xCD && byte < 0xB0);
        before = byte;
    }
    return signs;
}

}  // namespace

ColumnGuess::ColumnGuess(int year, bool typed) : m_typed(typed), m_personal(year) {
    m_written[0].decimal = ',';
    m_written[1].decimal = '.';
    // Of formats that fit alike the earlier one is taken: the day stands first in Viet Nam.
    for (const std::string_view pattern :
         {"yyyy-MM-dd", "dd/MM/yyyy", "dd-MM-yyyy", "dd.MM.yyyy", "d/M/yyyy", "d-M-yyyy",
          "d.M.yyyy", "yyyy/MM/dd", "yyyy.MM.dd", "yyyy-M-d", "yyyy/M/d", "MM/dd/yyyy", "M/d/yyyy"})
        m_dates.push_back({pattern, *scan::DateFormat::from(pattern), order_of(pattern[0])});
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
    const Signs signs = signs_of(text);
    m_shortest = std::min(m_shortest, signs.characters);
    m_longest = std::max(m_longest, signs.characters);
    const bool is_bare = signs.digits == static_cast<std::int64_t>(text.size());
    const bool is_lost = signs.has_plus && lost_digits(text);
    m_digits = m_digits && is_bare;
    m_whole_or_lost = m_whole_or_lost && (is_bare || is_lost);
    see_types(text, row, signs.digits);
    if (bare(text).size() < text.size()) note(Oddity::kSpaces, text, row);
    if (text.size() <= kLongestNothing && names_nothing(text)) note(Oddity::kNothing, text, row);
    if (is_lost && is_digit(text[0])) note(Oddity::kDigitsLost, text, row);
    if (signs.has_point && is_digit(text[0]) && is_thousands_or_fraction(text))
        note(Oddity::kThousands, text, row);
    if (signs.has_marks_apart) note(Oddity::kDecomposed, text, row);
    if (!signs.is_ascii && ungarbled(text)) note(Oddity::kGarbled, text, row);
    keep(text);
    if (m_values > kLookedAt && m_values % kThenEvery != 0) return;
    m_shapes.see(text);
    m_personal.see(text);
    m_codes.see(text);
}

void ColumnGuess::see_types(std::string_view text, std::int64_t row, std::int64_t digits) {
    std::int64_t whole = 0;
    bool truth = false;
    std::int32_t day = 0;
    // Leading zeros carry meaning: such identifiers stay text.
    const std::string_view unsigned_text = text[0] == '-' ? text.substr(1) : text;
    m_zeros = m_zeros ||
              (unsigned_text.size() > 1 && unsigned_text[0] == '0' && is_digit(unsigned_text[1]));
    m_boolean = m_boolean && text.size() > 1 && scan::parse_boolean(text, truth);
    m_timestamp = m_timestamp && scan::parse_timestamp(text, false, whole);
    m_time = m_time && scan::parse_time(text, whole);
    see_numbers(text, digits);
    if (m_dates.empty()) return;
    const bool is_iso = m_typed && m_iso.parse(text, day);
    std::array<std::optional<std::int32_t>, kDateOrders> days;
    std::erase_if(m_dates, [&](const Dates& dates) {
        if (!is_iso && !dates.format.parse(text, day)) return true;
        days[dates.order] = day;
        return false;
    });
    for (std::size_t order = 0; order < kDateOrders; ++order) {
        if (days[order]) m_days[order].add(*days[order]);
    }
    const auto begins = [&](char letter) { return days[order_of(letter)].has_value(); };
    if (!is_iso && m_dates.size() > 1 && begins('d') && begins('M'))
        note(Oddity::kAmbiguousDate, text, row);
}

void ColumnGuess::see_numbers(std::string_view text, std::int64_t digits) {
    const bool alive = m_integer || m_number || m_written[0].possible || m_written[1].possible;
    if (!alive || m_zeros) return;
    double real = 0;
    std::int64_t whole = 0;
    const bool is_bare = digits == static_cast<std::int64_t>(text.size());
    const bool is_exact = digits <= kDoubleDigits;
    const bool is_whole = (m_integer || (is_bare && is_exact)) && scan::parse_integer(text, whole);
    m_integer = m_integer && is_whole;
    // A whole number of so few digits is the same double.
    bool is_plain = is_whole && is_exact && whole != 0;
    if (is_plain) {
        real = static_cast<double>(whole);
    } else {
        is_plain = scan::parse_double(text, real);
    }
    // Until one is written for people, all readings are the same numbers.
    if (!m_separators && !is_bare) {
        m_separators = true;
        for (Written& written : m_written)
            written.numbers = m_plain;
    }
    m_number = m_number && is_plain && is_exact;
    if (m_number) {
        m_plain.add(real);
        if (!is_bare) m_only_thousands = m_only_thousands && is_thousands_or_fraction(text);
    }
    if (!is_exact) {
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
    return type() == contract::LogicalType::kDate ? std::string(m_dates.front().pattern) : "";
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
    return type() == contract::LogicalType::kDate ? &m_days[m_dates.front().order] : nullptr;
}

}  // namespace nguon::intake
