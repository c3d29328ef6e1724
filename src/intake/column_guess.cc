#include "intake/column_guess.h"

#include <algorithm>
#include <functional>

#include "base/ascii.h"
#include "base/text.h"
#include "intake/cell_fixes.h"
#include "quality/cell_checks.h"
#include "scan/value.h"

namespace nguon::intake {
namespace {

// A double keeps 15 digits; with more, the text itself is the value.
constexpr std::int64_t kDoubleDigits = 15;
constexpr std::size_t kLongestNothing = 12;
constexpr std::size_t kFewValues = 24, kLongestOfFew = 80, kExamples = 3;
// Shapes, personal structures and codes are looked for in every value up to here, then in one of
// sixteen: they are told by shares.
constexpr std::int64_t kLookedAt = 20'000, kThenEvery = 16;

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

// "A12", "12A/3", "MG": signs of codes, which numbers with a slip of the finger do not have. Words
// of small letters ("x", "chưa rõ") and words for nothing are none.
bool is_like_a_code(std::string_view text) {
    constexpr std::size_t kShortest = 2, kLongest = 20;
    if (text.size() < kShortest || text.size() > kLongest || names_nothing(text)) return false;
    bool has_digit = false, has_small = false, has_capital = false;
    for (const char c : text) {
        has_digit |= is_digit(c);
        has_small |= c >= 'a' && c <= 'z';
        has_capital |= c >= 'A' && c <= 'Z';
        if (!is_digit(c) && !is_letter(c) && std::string_view("-_/.").find(c) == std::string::npos)
            return false;
    }
    return has_digit ? has_small || has_capital : has_capital && !has_small;
}

// "HS-2026/01", "0101": one word with a digit in it.
bool is_like_an_identifier(std::string_view text) {
    constexpr std::size_t kShortest = 2, kLongest = 64;
    return text.size() >= kShortest && text.size() <= kLongest &&
           std::ranges::any_of(text, is_digit) && std::ranges::all_of(text, [](char c) {
               return is_digit(c) || is_letter(c) || static_cast<unsigned char>(c) >= 0x80 ||
                      c == '-' || c == '_' || c == '/' || c == '.';
           });
}

// "007", "-01", "00.5": a zero before other digits, in what would be a number.
bool has_leading_zero(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    if (text.size() < 2 || text[0] != '0' || !is_digit(text[1])) return false;
    const std::size_t point = text.find_first_not_of("0123456789");
    return point == std::string_view::npos ||
           ((text[point] == '.' || text[point] == ',') &&
            text.find_first_not_of("0123456789", point + 1) == std::string_view::npos);
}

// So that words need not be read as geometries.
bool is_like_wkt(std::string_view text) {
    return is_letter(text[0]) && (text.ends_with(')') || text.ends_with("EMPTY"));
}

std::shared_ptr<const scan::CellCheck> check_of(contract::LogicalType type, const char* format) {
    contract::Column column;
    column.type = type;
    column.options.format = format;
    return quality::cell_check_of(column);
}

}  // namespace

void ColumnGuess::Reading::see(bool is_one, std::string_view text, std::int64_t row) {
    if (is_one) {
        ++fits;
        return;
    }
    misfits.note(text, row);
    given_up = given_up || is_given_up(fits, misfits.count);
}

ColumnGuess::ColumnGuess(int year, bool typed)
    : m_typed(typed),
      m_written{Written{','}, Written{'.'}},
      m_moments(typed),
      m_year(year),
      m_personal(year) {}

void ColumnGuess::note(Oddity kind, std::string_view text, std::int64_t row) {
    m_odd[static_cast<std::size_t>(kind)].note(text, row);
}

OddCells ColumnGuess::odd(Oddity kind) const {
    const auto moments = m_moments.best();
    const Choice is = choice(moments);
    const bool is_plain = is.type == contract::LogicalType::kNumber && is.decimal == 0;
    switch (kind) {
        case Oddity::kAmbiguousDate: return is.is_moment ? moments->two_ways : OddCells();
        case Oddity::kMisfit: return is.misfits != nullptr ? *is.misfits : OddCells();
        case Oddity::kThousands: return is_plain && may_be_thousands() ? seen(kind) : OddCells();
        case Oddity::kCodes: {
            const bool are_numbers = is.type == contract::LogicalType::kString && !m_zeros &&
                                     m_integer.misfits.count > 0 &&
                                     fits_most(m_integer.fits, m_integer.misfits.count);
            return are_numbers ? seen(kind) : OddCells();
        }
        case Oddity::kRounded: return m_long == seen(kind).count ? seen(kind) : OddCells();
        default: return seen(kind);
    }
}

void ColumnGuess::see(std::string_view text, std::int64_t row) {
    if (text.empty()) {
        ++m_nulls;
        return;
    }
    ++m_values;
    m_filled.note(text, row);
    const Signs signs = signs_of(text);
    m_shortest = std::min(m_shortest, signs.characters);
    m_longest = std::max(m_longest, signs.characters);
    const bool is_bare = signs.digits == static_cast<std::int64_t>(text.size());
    const bool is_lost = signs.has_plus && lost_digits(text);
    m_digits = m_digits && is_bare;
    m_identifiers = m_identifiers && is_like_an_identifier(text);
    std::int64_t place = 0;
    m_ordinals = m_ordinals && is_bare && scan::parse_integer(text, place) && place == m_values;
    if (!m_whole_or_lost.given_up) m_whole_or_lost.see(is_bare || is_lost, text, row);
    see_types(text, row, signs.digits);
    see_oddities(text, row, signs.digits);
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

void ColumnGuess::see_oddities(std::string_view text, std::int64_t row, std::int64_t digits) {
    if (bare(text).size() < text.size()) note(Oddity::kSpaces, text, row);
    if (text.size() <= kLongestNothing && names_nothing(text)) note(Oddity::kNothing, text, row);
    if (digits < static_cast<std::int64_t>(text.size())) {
        if (!m_integer.given_up && is_like_a_code(text)) note(Oddity::kCodes, text, row);
        return;
    }
    constexpr std::int64_t kShortestOfPersons = 9;
    if (digits < kShortestOfPersons) return;
    if (with_zeros(text, Personal::kCitizenId, m_year)) note(Oddity::kCitizenZeros, text, row);
    if (with_zeros(text, Personal::kPhone, m_year)) note(Oddity::kPhoneZero, text, row);
    if (digits <= kDoubleDigits) return;
    ++m_long;
    if (is_rounded(text)) note(Oddity::kRounded, text, row);
}

void ColumnGuess::see_types(std::string_view text, std::int64_t row, std::int64_t digits) {
    bool truth = false;
    // Leading zeros carry meaning: such identifiers stay text.
    m_zeros = m_zeros || has_leading_zero(text);
    if (!m_boolean.given_up) {
        m_boolean.see(scan::parse_boolean(text, truth), text, row);
        m_short_truths += text == "0" || text == "1" ? 1 : 0;
    }
    see_numbers(text, row, digits);
    see_geometry(text, row);
    m_moments.see(text, row);
}

void ColumnGuess::see_geometry(std::string_view text, std::int64_t row) {
    static const auto s_wkt = check_of(contract::LogicalType::kString, "wkt");
    static const auto s_geojson = check_of(contract::LogicalType::kObject, "geojson");
    std::string buffer;
    std::string_view kept;
    if (!m_wkt.given_up) m_wkt.see(is_like_wkt(text) && s_wkt->read(text, buffer, kept), text, row);
    if (!m_geojson.given_up)
        m_geojson.see(text[0] == '{' && s_geojson->read(text, buffer, kept), text, row);
}

void ColumnGuess::see_numbers(std::string_view text, std::int64_t row, std::int64_t digits) {
    const auto is_sought = [](const Written& written) { return !written.reading.given_up; };
    if (m_zeros || (m_integer.given_up && m_number.given_up &&
                    !(m_separators && std::ranges::any_of(m_written, is_sought))))
        return;
    double real = 0;
    std::int64_t whole = 0;
    const std::string_view written = text;
    if (m_typed && text.ends_with('%')) text.remove_suffix(1);  // as a load reads it
    const bool is_bare = digits == static_cast<std::int64_t>(text.size());
    const bool is_exact = digits <= kDoubleDigits;
    const bool is_whole = scan::parse_integer(text, whole);
    m_integer.see(is_whole, text, row);
    // A whole number of so few digits is the same double.
    bool is_plain = is_whole && is_exact && whole != 0;
    if (is_plain) {
        real = static_cast<double>(whole);
    } else {
        is_plain = scan::parse_double(text, real);
    }
    m_inexact = m_inexact || (is_plain && !is_exact);
    bool is_number = is_plain;
    if (!is_bare || m_separators) is_number |= see_written(text, row, is_exact);
    if (is_number) see_unit(written, row);
    m_number.see(is_plain && is_exact, text, row);
    if (is_whole || (is_plain && is_exact)) m_plain.add(real);
    if (is_plain && is_exact && !is_bare) m_other_points += is_thousands_or_fraction(text) ? 0 : 1;
}

bool ColumnGuess::may_be_thousands() const {
    return may_be_in_thousands(seen(Oddity::kThousands).count, m_other_points);
}

// Until a number is written for people, both readings are those of plain numbers.
bool ColumnGuess::see_written(std::string_view text, std::int64_t row, bool is_exact) {
    std::array<std::optional<double>, 2> values;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (m_written[i].reading.given_up) continue;
        double real = 0;
        const auto plain = number_from(text, m_written[i].decimal);
        if (plain && scan::parse_double(*plain, real)) values[i] = real;
    }
    const bool is_number = values[0] || values[1];
    if (!m_separators && !is_number) return false;
    if (!m_separators) {
        m_separators = true;
        for (Written& written : m_written) {
            written.reading = m_number;
            written.numbers = m_plain;
        }
    }
    m_inexact = m_inexact || (is_number && !is_exact);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (m_written[i].reading.given_up) continue;
        m_written[i].reading.see(values[i].has_value(), text, row);
        if (values[i]) m_written[i].numbers.add(*values[i]);
    }
    return is_number;
}

void ColumnGuess::see_unit(std::string_view text, std::int64_t row) {
    const std::string_view name = scan::unit_of(text);
    auto unit = std::ranges::find(m_units, name, &Unit::name);
    if (unit == m_units.end()) unit = m_units.insert(unit, Unit{std::string(name)});
    unit->cells.note(text, row);
}

std::vector<ColumnGuess::Unit> ColumnGuess::units() const {
    std::vector<Unit> units = m_units;
    std::ranges::stable_sort(units, std::greater(),
                             [](const Unit& unit) { return unit.cells.count; });
    std::erase_if(units, [](const Unit& unit) { return unit.name.empty(); });
    return units;
}

// An amount without its currency is of the one that the others have; 0.5 beside 12% may be 50%.
bool ColumnGuess::has_mixed_units() const {
    const auto is_there = [&](std::string_view name) {
        return std::ranges::find(m_units, name, &Unit::name) != m_units.end();
    };
    const std::size_t named = m_units.size() - (is_there("") ? 1 : 0);
    return named > 1 || (is_there("%") && is_there(""));
}

bool ColumnGuess::are_mostly_numbers() const {
    std::int64_t numbers = 0;
    for (const Unit& unit : m_units)
        numbers += unit.cells.count;
    return numbers * 5 >= m_values * 4;
}

OddCells ColumnGuess::other_units() const {
    OddCells others;
    const auto most =
        std::ranges::max_element(m_units, {}, [](const Unit& unit) { return unit.cells.count; });
    for (auto unit = m_units.begin(); unit != m_units.end(); ++unit) {
        if (unit != most) others.add(unit->cells);
    }
    return others;
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

// In the order of preference: of those that fit alike the first is taken.
std::vector<ColumnGuess::Choice> ColumnGuess::choices(
    const std::optional<MomentGuess::Best>& moments) const {
    using contract::LogicalType;
    std::vector<Choice> all;
    const auto add = [&](LogicalType type, const Reading& reading) -> Choice& {
        return all.emplace_back(type, reading.given_up ? 0 : reading.fits, &reading.misfits);
    };
    const auto add_moments = [&](scan::Moment kind, LogicalType type) {
        if (!moments || moments->kind != kind) return;
        Choice& one = all.emplace_back(type, moments->fits, &moments->misfits);
        one.format = moments->pattern;
        one.is_moment = true;
        one.impossible = moments->impossible;
    };
    // 0 and 1 alone are numbers, and beside "true" they are hardly meant.
    if (m_short_truths == 0 ||
        fits_most(m_boolean.fits - m_short_truths, m_boolean.misfits.count + m_short_truths))
        add(LogicalType::kBoolean, m_boolean);
    if (seen(Oddity::kDigitsLost).count > 0)
        add(LogicalType::kString, m_whole_or_lost).lost_digits = true;
    const bool no_numbers = m_zeros || has_mixed_units();
    if (!no_numbers) {
        add(LogicalType::kInteger, m_integer).numbers = &m_plain;
        if (!m_inexact) add(LogicalType::kNumber, m_number).numbers = &m_plain;
    }
    add_moments(scan::Moment::kDate, LogicalType::kDate);
    for (const Written& written : m_written) {
        if (no_numbers || m_inexact || !m_separators) continue;
        Choice& one = add(LogicalType::kNumber, written.reading);
        one.numbers = &written.numbers;
        one.decimal = written.decimal;
    }
    add_moments(scan::Moment::kTimestamp, LogicalType::kTimestamp);
    add_moments(scan::Moment::kTime, LogicalType::kTime);
    add(LogicalType::kString, m_wkt).format = "wkt";
    add(LogicalType::kObject, m_geojson).format = "geojson";
    return all;
}

// A cell that is written as the dates are makes no text of them, however few they are.
bool ColumnGuess::is_of_most(const Choice& choice, std::int64_t values) {
    return choice.fits >= choice.impossible &&
           fits_most(choice.fits, values - choice.fits - choice.impossible);
}

std::optional<ColumnGuess::Near> ColumnGuess::nearly() const {
    constexpr std::int64_t kFewest = 3, kFew = 20, kOneInFew = 3, kOneIn = 5;
    const auto moments = m_moments.best();
    if (choice(moments).type != contract::LogicalType::kString) return std::nullopt;
    const std::vector<Choice> all = choices(moments);
    const auto best = std::ranges::max_element(all, {}, &Choice::fits);
    if (best == all.end() || best->fits < kFewest || best->lost_digits) return std::nullopt;
    const std::int64_t misfits = m_values - best->fits;
    if (misfits * (m_values < kFew ? kOneInFew : kOneIn) > m_values) return std::nullopt;
    const bool may_be_codes =
        best->type == contract::LogicalType::kInteger && seen(Oddity::kCodes).count > 0;
    if (misfits == 0 || may_be_codes) return std::nullopt;
    return Near{best->type, best->format, *best->misfits};
}

// What fits every cell; else what fits most of them.
ColumnGuess::Choice ColumnGuess::choice(const std::optional<MomentGuess::Best>& moments) const {
    Choice text;
    text.fits = m_values;
    std::vector<Choice> all = choices(moments);
    const auto fits_every = [&](const Choice& one) { return one.fits > 0 && one.fits == m_values; };
    if (const auto found = std::ranges::find_if(all, fits_every); found != all.end()) return *found;
    std::erase_if(all, [&](const Choice& one) { return !is_of_most(one, m_values); });
    const auto best = std::ranges::max_element(all, {}, &Choice::fits);
    if (best == all.end()) return text;
    // Whole numbers among which a code stands may be codes themselves: as text nothing of them is
    // lost, as numbers the code would be set aside.
    const bool may_be_codes =
        best->type == contract::LogicalType::kInteger && seen(Oddity::kCodes).count > 0;
    return may_be_codes ? text : *best;
}

ColumnGuess::Choice ColumnGuess::choice() const {
    Choice is = choice(m_moments.best());
    is.misfits = nullptr;  // they may be those of the moments, which are gone
    return is;
}

contract::LogicalType ColumnGuess::type() const {
    return choice().type;
}

bool ColumnGuess::has_lost_digits() const {
    return choice().lost_digits;
}

char ColumnGuess::decimal() const {
    return choice().decimal;
}

std::string ColumnGuess::format() const {
    return choice().format;
}

double ColumnGuess::confidence() const {
    constexpr double kTwoWays = 0.5;
    if (m_values == 0) return 0;
    const auto moments = m_moments.best();
    const Choice is = choice(moments);
    const bool plain_two_ways =
        is.numbers == &m_plain && may_be_thousands() && is.type == contract::LogicalType::kNumber;
    const bool written_two_ways =
        is.decimal != 0 && m_written[0].reading.fits == m_written[1].reading.fits;
    const bool dates_two_ways = is.is_moment && moments->two_ways.count > 0;
    if (plain_two_ways || written_two_ways || dates_two_ways) return kTwoWays;
    return static_cast<double>(is.fits) / static_cast<double>(m_values);
}

const Histogram* ColumnGuess::numbers() const {
    return choice().numbers;
}

const DayHistogram* ColumnGuess::days() const {
    const auto moments = m_moments.best();
    return choice(moments).type == contract::LogicalType::kDate ? moments->days : nullptr;
}

}  // namespace nguon::intake
