#include "intake/first_look.h"

#include <algorithm>

#include "base/ascii.h"
#include "contract/column_type.h"
#include "intake/cell_fixes.h"
#include "intake/row_twins.h"
#include "intake/total_rows.h"
#include "quality/cell_checks.h"

namespace nguon::intake {
namespace {

using contract::LogicalType;

constexpr std::int64_t kFromTheStart = 1'000;  // records of the sample
constexpr double kSpread = 10'000;             // and about so many of the whole input
// Of an input whose size is not known, or packed: so many in all, then so many of each block.
constexpr std::int64_t kEnough = 30'000, kThenOfABlock = 50;
constexpr std::size_t kShown = 3, kFew = 8, kMostTwins = 100'000;
constexpr std::uint64_t kTwinBlocks = 4;  // the same ones, whatever thread comes first

// The number of one or two digits at the start, and what follows it; -1: there is none.
std::pair<int, std::string_view> leading_number(std::string_view text) {
    std::size_t digits = 0;
    int number = 0;
    while (digits < text.size() && digits < 2 && is_digit(text[digits]))
        number = number * 10 + (text[digits++] - '0');
    return {digits == 0 ? -1 : number, text.substr(digits)};
}

enum class Reading { kNeutral, kTwoWays, kDecides, kSpeaksAgainst };

// Of a date written days or months first: whether its first two numbers could change places.
Reading reading_of_date(std::string_view text, char first) {
    const auto [a, rest] = leading_number(text);
    if (a < 1 || rest.empty() || is_digit(rest[0])) return Reading::kNeutral;
    const auto [b, after] = leading_number(rest.substr(1));
    if (b < 1 || (!after.empty() && is_digit(after[0])) || a == b) return Reading::kNeutral;
    if (a <= 12 && b <= 12) return Reading::kTwoWays;
    const bool days_first = a > 12 && a <= 31 && b <= 12;
    const bool months_first = b > 12 && b <= 31 && a <= 12;
    if (!days_first && !months_first) return Reading::kNeutral;
    return (first == 'd') == days_first ? Reading::kDecides : Reading::kSpeaksAgainst;
}

// Of a number written as machines do: "1.234" could mean a thousand.
// So many numbers that are no thousands are no slips, should they be few among the rest.
constexpr std::int64_t kDecidesAlways = 1000;

Reading reading_of_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos || !all_digits(text.substr(0, point)) ||
        !all_digits(text.substr(point + 1)))
        return Reading::kNeutral;
    return is_thousands_or_fraction(text) ? Reading::kTwoWays : Reading::kDecides;
}

bool is_bare_already(std::string_view text) {
    const auto edge = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > ' ' && byte < 0x80;
    };
    return edge(text.front()) && edge(text.back()) && text.front() != '\'';
}

}  // namespace

void FirstLook::Cells::note(std::int64_t place, std::string_view text) {
    ++count;
    if (places.size() == kShown && place > places.back()) return;
    if (places.empty() || place < places.front()) example = text;
    places.insert(std::ranges::upper_bound(places, place), place);
    if (places.size() > kShown) places.pop_back();
}

// The first ones of all blocks, whichever was read first.
void FirstLook::Cells::add(const Cells& others) {
    if (others.count == 0) return;
    if (count == 0 || others.places.front() < places.front()) example = others.example;
    count += others.count;
    places.insert(places.end(), others.places.begin(), others.places.end());
    std::ranges::sort(places);
    if (places.size() > kShown) places.resize(kShown);
}

// One date tells the order of all; of numbers one may be a slip.
bool FirstLook::Watched::is_settled() const {
    return seeks_dates ? decided > 0
                       : decided > kDecidesAlways && !may_be_in_thousands(ambiguous.count, decided);
}

FirstLook::FirstLook(const Options& options)
    : m_dataset(options.dataset),
      m_recipe(options.recipe),
      m_input(options.input),
      m_headers(options.headers),
      m_then(options.then),
      m_single_row(options.single_row),
      m_year(options.year),
      m_seed(options.seed),
      m_seeks_totals(!has_step(FixKind::kDropTotal, "")),
      m_seeks_twins(m_dataset.key().empty() && !options.single_row) {
    const bool is_text_file = !options.single_row && !scan::is_typed(m_input.format()) &&
                              !scan::is_json(m_input.format());
    for (const contract::Column& column : m_dataset.columns) {
        Watched& watched = m_columns.emplace_back(options.year);
        const std::string& format = column.options.format;
        watched.is_text = column.type == LogicalType::kString;
        // Where digits that are gone are no value, the rows are set aside.
        watched.seeks_digits = watched.is_text && column.enumeration.empty() && !column.reference &&
                               column.options.pattern.empty() &&
                               quality::cell_check_of(column) == nullptr &&
                               contract::pattern_of_format(format).empty();
        // A sheet has numbers, and keeps 15 digits of them, whatever a pattern says of the rest.
        watched.seeks_rounded =
            scan::is_sheet(m_input.format()) && !options.single_row &&
            (watched.is_text || column.type == LogicalType::kInteger || column.precision > 0);
        watched.first = column.type == LogicalType::kDate && !format.empty() ? format[0] : '\0';
        watched.seeks_dates = !options.single_row && (watched.first == 'd' || watched.first == 'M');
        watched.seeks_numbers =
            is_text_file && column.type == LogicalType::kNumber && column.decimal == 0;
        const bool is_number =
            column.type == LogicalType::kNumber || column.type == LogicalType::kInteger;
        watched.seeks_units = !options.single_row && is_number &&
                              (column.decimal != 0 || scan::is_typed(m_input.format()) ||
                               has_step(FixKind::kNumber, column.name));
    }
}

bool FirstLook::has_step(FixKind kind, const std::string& column) const {
    return std::ranges::any_of(
        m_recipe, [&](const Step& step) { return step.kind == kind && step.column == column; });
}

void FirstLook::mend(scan::Block& block, std::span<const std::ptrdiff_t> field_of) {
    Found found;
    {
        const std::lock_guard lock(m_lock);
        for (const Watched& watched : m_columns)
            found.is_settled.push_back(watched.is_settled() ? 1 : 0);
    }
    found.decided.resize(m_columns.size());
    found.digits.resize(m_columns.size());
    found.rounded.resize(m_columns.size());
    found.ambiguous.resize(m_columns.size());
    found.against.resize(m_columns.size());
    found.units.resize(m_columns.size());
    const std::vector<TotalSign> totals = total_signs(block);
    see_all(block, field_of, totals, found);
    {
        const std::lock_guard lock(m_lock);
        add(block, found);
        if (m_seeks_twins && block.number < kTwinBlocks) see_twins(block);
        see_sample(block, field_of, totals);
    }
    if (m_then) m_then->mend(block, field_of);
}

// Of nearly all cells only the length and the first bytes are looked at.
void FirstLook::see_all(const scan::Block& block, std::span<const std::ptrdiff_t> field_of,
                        std::span<const TotalSign> totals, Found& found) {
    struct Sought {
        std::size_t column, field;
        char what;  // 'd'ates, 'n'umbers, 'l'ost digits, 'r'ounded ones, 'u'nits
    };
    std::vector<Sought> sought;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const Watched& watched = m_columns[c];
        if (field_of[c] < 0) continue;
        const auto field = static_cast<std::size_t>(field_of[c]);
        if (watched.seeks_digits) sought.push_back({c, field, 'l'});
        if (watched.seeks_units) sought.push_back({c, field, 'u'});
        if (watched.seeks_rounded) sought.push_back({c, field, 'r'});
        if (found.is_settled[c] != 0) continue;
        if (watched.seeks_dates) sought.push_back({c, field, 'd'});
        if (watched.seeks_numbers) sought.push_back({c, field, 'n'});
    }
    constexpr std::size_t kShortest = 5, kLongest = 24;  // of what lost its digits
    for (std::size_t record = 0; record < block.size(); ++record) {
        const std::int64_t place = scan::Table::place_of(block, record);
        const TotalSign sign = totals.empty() || !may_be_total(block, record, m_dataset, field_of)
                                   ? TotalSign::kNone
                                   : totals[record];
        if (sign >= TotalSign::kWord) {  // no data, whatever its cells say
            if (m_seeks_totals)
                (sign == TotalSign::kSure ? found.sure : found.words).note(place, "");
            continue;
        }
        if (sign == TotalSign::kLikely) found.likely.note(place, "");
        found.last_other = place;
        if ((block.flags[record] & scan::kDamaged) != 0) continue;
        const std::string_view* fields = block.fields.data() + record * block.width;
        for (const Sought& one : sought) {
            const std::string_view text = fields[one.field];
            if (one.what == 'l') {
                if (text.size() >= kShortest && text.size() <= kLongest && lost_digits(text))
                    found.digits[one.column].note(place, text);
                continue;
            }
            if (one.what == 'u') {
                const auto unit = std::ranges::find(kUnits, scan::unit_of(text));
                const auto at = static_cast<std::size_t>(unit - kUnits.begin());
                if (!text.empty()) found.units[one.column][at].note(place, text);
                continue;
            }
            if (one.what == 'r') {
                const bool is_number = block.is_number(record * block.width + one.field);
                if (is_number && is_rounded(text)) found.rounded[one.column].note(place, text);
                continue;
            }
            if (text.empty() || found.is_settled[one.column] != 0) continue;
            const Reading reading = one.what == 'd'
                                        ? reading_of_date(text, m_columns[one.column].first)
                                        : reading_of_number(text);
            if (reading == Reading::kDecides) {
                ++found.decided[one.column];
                if (one.what == 'd') found.is_settled[one.column] = 1;
            }
            if (reading == Reading::kTwoWays) found.ambiguous[one.column].note(place, text);
            if (reading == Reading::kSpeaksAgainst) found.against[one.column].note(place, text);
        }
    }
}

void FirstLook::add(const scan::Block& block, const Found& found) {
    m_rows += static_cast<std::int64_t>(block.size());
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        Watched& watched = m_columns[c];
        watched.digits.add(found.digits[c]);
        watched.rounded.add(found.rounded[c]);
        watched.ambiguous.add(found.ambiguous[c]);
        watched.against.add(found.against[c]);
        for (std::size_t i = 0; i < kUnits.size(); ++i)
            watched.units[i].add(found.units[c][i]);
        watched.decided += found.decided[c];
    }
    m_sure_totals.add(found.sure);
    m_total_words.add(found.words);
    m_likely_totals.add(found.likely);
    m_last_other = std::max(m_last_other, found.last_other);
}

void FirstLook::see_twins(const scan::Block& block) {
    for (std::size_t record = 0; record < block.size() && m_seen.size() < kMostTwins; ++record) {
        if ((block.flags[record] & scan::kDamaged) != 0) continue;
        const std::string_view text = block.texts[record];
        const std::int64_t place = scan::Table::place_of(block, record);
        const auto [at, fresh] =
            m_seen.try_emplace(mixed_hash(m_seed, text.data(), text.size()), place);
        if (fresh) continue;
        m_twins.note(std::max(at->second, place), text);
        at->second = std::min(at->second, place);
    }
}

void FirstLook::see_sample(const scan::Block& block, std::span<const std::ptrdiff_t> field_of,
                           std::span<const TotalSign> totals) {
    const std::size_t size = block.size();
    const double share = static_cast<double>(block.bytes.size()) /
                         static_cast<double>(std::max<std::uint64_t>(m_input.size(), 1));
    const auto fair = static_cast<std::int64_t>(kSpread * std::min(1.0, share)) + 1;
    const auto wanted = static_cast<std::size_t>(m_sampled < kEnough ? fair : kThenOfABlock);
    const std::size_t step = std::max<std::size_t>(1, size / wanted);
    const bool is_old = m_input.encoding() != scan::Encoding::kUtf8;
    const std::size_t start = block.number == 0 ? static_cast<std::size_t>(kFromTheStart) : 0;
    for (std::size_t record = 0; record < size; record += record < start ? 1 : step) {
        ++m_sampled;
        const bool is_total = !totals.empty() && totals[record] >= TotalSign::kWord;
        if (is_total || (block.flags[record] & scan::kDamaged) != 0) continue;
        const std::int64_t place = scan::Table::place_of(block, record);
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            if (field_of[c] < 0) continue;
            const auto field = static_cast<std::size_t>(field_of[c]);
            const std::string_view text = block.fields[record * block.width + field];
            if (text.empty()) continue;
            see_cell(m_columns[c], text, place);
            if (is_old && !all_ascii(text)) m_changed.note(place, text);
        }
    }
}

void FirstLook::see_cell(Watched& watched, std::string_view text, std::int64_t place) {
    watched.filled.note(place, text);
    watched.personal.see(text);
    if (!watched.is_text) return;
    watched.codes.see(text);
    if (watched.few.size() < kFew) watched.few.emplace(text);
    if (!is_bare_already(text) && bare(text).size() < text.size()) watched.spaces.note(place, text);
    if (text.size() <= 12 && names_nothing(text)) watched.nothing.note(place, text);
    if (with_zeros(text, Personal::kCitizenId, m_year) ||
        with_zeros(text, Personal::kPhone, m_year))
        watched.zeros.note(place, text);
    if (all_ascii(text)) return;
    if (has_marks_apart(text)) watched.decomposed.note(place, text);
    if (ungarbled(text)) watched.garbled.note(place, text);
}

bool FirstLook::contradicts(const Step& step) const {
    const std::lock_guard lock(m_lock);
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const Watched& watched = m_columns[c];
        if (m_dataset.columns[c].name != step.column || watched.decided == 0) continue;
        const bool other_order =
            watched.first == 'd' ? step.from.starts_with('M') : step.from.starts_with('d');
        return (step.kind == FixKind::kDate && watched.seeks_dates && other_order) ||
               (step.kind == FixKind::kNumber && watched.seeks_numbers);
    }
    return false;
}

Look FirstLook::look(const scan::Table& table) const {
    const std::lock_guard lock(m_lock);
    Look look;
    if (m_input.dialect() != nullptr) {
        const OddCells changed{m_changed.count, rows_of(table, m_changed), m_changed.example};
        for (const Finding& finding : findings_of_dialect(*m_input.dialect(), changed))
            look.results.push_back(to_json(finding));
    }
    say_totals(table, look);
    say_twins(table, look);
    for (std::size_t c = 0; c < m_columns.size(); ++c)
        say_column(table, c, look);
    return look;
}

}  // namespace nguon::intake
