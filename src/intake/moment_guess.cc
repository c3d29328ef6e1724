#include "intake/moment_guess.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "scan/table.h"

namespace nguon::intake {
namespace {

// Cells with other forms than these many are counted as without one.
constexpr std::size_t kMostForms = 256, kMostStyles = 4;
constexpr std::int64_t kAllSought = 1'000;  // cells in which every form is sought

struct DateForm {
    std::string_view pattern;
    bool short_year = false;  // of no known century: no contract has such a form
};

// Of forms that fit alike the earlier one is taken: the day stands first in Viet Nam.
constexpr std::array<DateForm, 16> kDates = {{{"yyyy-MM-dd"},
                                              {"dd/MM/yyyy"},
                                              {"dd-MM-yyyy"},
                                              {"dd.MM.yyyy"},
                                              {"d/M/yyyy"},
                                              {"d-M-yyyy"},
                                              {"d.M.yyyy"},
                                              {"yyyy/MM/dd"},
                                              {"yyyy.MM.dd"},
                                              {"yyyy-M-d"},
                                              {"yyyy/M/d"},
                                              {"MM/dd/yyyy"},
                                              {"M/d/yyyy"},
                                              {"d/M/yy", true},
                                              {"d-M-yy", true},
                                              {"M/d/yy", true}}};
constexpr std::array<std::string_view, 4> kClocks = {"HH:mm", "H:mm", "HH:mm:ss", "H:mm:ss"};

constexpr std::uint32_t bit(std::size_t at) {
    return 1u << at;
}

constexpr std::uint32_t kAllDates = bit(kDates.size()) - 1, kAllClocks = bit(kClocks.size()) - 1;

constexpr std::uint32_t kMonthsFirst = [] {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < kDates.size(); ++i)
        bits |= kDates[i].pattern[0] == 'M' ? bit(i) : 0;
    return bits;
}();

std::string long_pattern(const DateForm& form) {
    return std::string(form.pattern) + (form.short_year ? "yy" : "");
}

const std::array<scan::DateFormat, kDates.size()>& date_formats() {
    static const auto s_formats = [] {
        std::array<scan::DateFormat, kDates.size()> formats;
        for (std::size_t i = 0; i < kDates.size(); ++i)
            formats[i] = *scan::DateFormat::from(long_pattern(kDates[i]));
        return formats;
    }();
    return s_formats;
}

// Forms of one group read the same day of a text: their order, separator and years are alike. The
// group is called by its first form.
std::size_t group_of(std::size_t form) {
    static const auto s_groups = [] {
        const auto separator = [](const DateForm& one) {
            return one.pattern[one.pattern.find_first_of("-/.")];
        };
        std::array<std::size_t, kDates.size()> groups{};
        for (std::size_t i = 0; i < kDates.size(); ++i) {
            const auto first = std::ranges::find_if(kDates, [&](const DateForm& other) {
                return other.pattern[0] == kDates[i].pattern[0] &&
                       other.short_year == kDates[i].short_year &&
                       separator(other) == separator(kDates[i]);
            });
            groups[i] = static_cast<std::size_t>(first - kDates.begin());
        }
        return groups;
    }();
    return s_groups[form];
}

bool parse_date(std::size_t form, std::string_view text, std::int32_t& day) {
    if (!kDates[form].short_year) return date_formats()[form].parse(text, day);
    constexpr std::size_t kShortest = 6, kLongest = 8;
    if (text.size() < kShortest || text.size() > kLongest || is_digit(text[text.size() - 3]))
        return false;
    const std::string full =
        fmt::format("{}20{}", text.substr(0, text.size() - 2), text.substr(text.size() - 2));
    return date_formats()[form].parse(full, day);
}

std::uint32_t clocks_of(std::string_view text) {
    static const auto s_formats = [] {
        std::array<scan::MomentFormat, kClocks.size()> formats;
        for (std::size_t i = 0; i < kClocks.size(); ++i)
            formats[i] = *scan::MomentFormat::from(scan::Moment::kTime, kClocks[i], "");
        return formats;
    }();
    std::uint32_t bits = 0;
    std::int64_t time = 0;
    for (std::size_t i = 0; i < kClocks.size(); ++i)
        bits |= s_formats[i].parse(text, time) ? bit(i) : 0;
    return bits;
}

// "n/n/yyyy" of "31/02/2026", "yyyy-n-n" of "2026-13-01": how a date is written, whether or not
// there is such a day; empty for anything else.
std::string shape_of_date(std::string_view text) {
    constexpr std::size_t kShortest = 8, kLongest = 10;
    if (text.size() < kShortest || text.size() > kLongest) return {};
    const std::size_t first = text.find_first_of("/-.");
    if (first == std::string_view::npos) return {};
    const std::size_t second = text.find(text[first], first + 1);
    if (second == std::string_view::npos) return {};
    const std::array<std::string_view, 3> parts = {
        text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
    std::string shape;
    for (const std::string_view part : parts) {
        if (part.empty() || !std::ranges::all_of(part, is_digit)) return {};
        if (part.size() != 4 && part.size() > 2) return {};
        if (!shape.empty()) shape += text[first];
        shape += part.size() == 4 ? "yyyy" : "n";
    }
    return shape.starts_with("yyyy") != shape.ends_with("yyyy") ? shape : std::string();
}

std::string shape_of_pattern(std::string_view pattern) {
    std::string shape;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char letter = pattern[i];
        if (letter != 'd' && letter != 'M') {
            shape += letter;
        } else if (shape.empty() || shape.back() != 'n') {
            shape += 'n';
        }
    }
    return shape;
}

}  // namespace

struct MomentGuess::Candidate {
    enum class Kind { kDate, kIsoMoment, kMoment, kIsoTime } kind{};
    std::size_t date = 0, clock = 0;
    bool clock_first = false;

    bool short_year() const {
        return (kind == Kind::kDate || kind == Kind::kMoment) && kDates[date].short_year;
    }
    scan::Moment moment() const {
        return kind == Kind::kDate      ? scan::Moment::kDate
               : kind == Kind::kIsoTime ? scan::Moment::kTime
                                        : scan::Moment::kTimestamp;
    }
    // As a contract has it: nothing for ISO 8601.
    std::string pattern() const {
        if (kind == Kind::kIsoMoment || kind == Kind::kIsoTime) return {};
        const std::string_view day = kDates[date].pattern;
        if (kind == Kind::kDate) return std::string(day);
        return clock_first ? fmt::format("{} {}", kClocks[clock], day)
                           : fmt::format("{} {}", day, kClocks[clock]);
    }
    std::string shown() const {
        return kind == Kind::kIsoMoment ? "yyyy-MM-ddTHH:mm:ss"
               : kind == Kind::kIsoTime ? "HH:mm:ss"
                                        : pattern();
    }
};

const std::vector<MomentGuess::Candidate>& MomentGuess::candidates() {
    using Kind = Candidate::Kind;
    static const std::vector<Candidate> s_all = [] {
        std::vector<Candidate> all;
        all.reserve(kDates.size() * (2 * kClocks.size() + 1) + 2);
        for (std::size_t i = 0; i < kDates.size(); ++i)
            all.push_back({Kind::kDate, i});
        all.push_back({Kind::kIsoMoment});
        for (std::size_t i = 0; i < kDates.size(); ++i) {
            for (std::size_t k = 0; k < kClocks.size(); ++k) {
                all.push_back({Kind::kMoment, i, k, false});
                all.push_back({Kind::kMoment, i, k, true});
            }
        }
        all.push_back({Kind::kIsoTime});
        return all;
    }();
    return s_all;
}

bool MomentGuess::has(const Forms& forms, const Candidate& candidate) {
    switch (candidate.kind) {
        case Candidate::Kind::kDate: return (forms.date & bit(candidate.date)) != 0;
        case Candidate::Kind::kIsoMoment: return forms.iso_moment;
        case Candidate::Kind::kIsoTime: return forms.iso_time;
        case Candidate::Kind::kMoment:
            return (forms.is_both_ways || forms.clock_first == candidate.clock_first) &&
                   (forms.day & bit(candidate.date)) != 0 &&
                   (forms.clock & bit(candidate.clock)) != 0;
    }
    return false;
}

MomentGuess::MomentGuess(bool typed) : m_typed(typed), m_sought(kAllDates) {}

std::uint32_t MomentGuess::dates_of(std::string_view text, Days& days) const {
    std::uint32_t bits = 0;
    for (const std::uint32_t sought : {m_sought, m_spare}) {
        for (std::size_t i = 0; i < kDates.size(); ++i) {
            if ((sought & bit(i)) != 0 && parse_date(i, text, days[i])) bits |= bit(i);
        }
        if (bits != 0) break;
    }
    return bits;
}

MomentGuess::Forms MomentGuess::forms_of(std::string_view text) {
    constexpr std::size_t kShortest = 6, kLongest = 40;
    Forms forms;
    if (text.size() < kShortest || text.size() > kLongest || !is_digit(text[0])) return forms;
    Days days{};
    std::int32_t day = 0;
    std::int64_t moment = 0;
    if (m_typed && scan::parse_typed_date(text, day)) {  // whatever form the contract has
        forms.date = kAllDates;
        days.fill(day);
    } else {
        forms.date = dates_of(text, days);
    }
    if (forms.date != 0) note_days(forms.date, days);
    if (forms.date != 0 && !m_typed) return forms;
    forms.iso_moment = scan::parse_timestamp(text, false, moment);
    forms.iso_time = scan::parse_time(text, moment);
    if (m_typed && forms.iso_moment) {
        forms.is_both_ways = true;
        forms.day = kAllDates;
        forms.clock = kAllClocks;
        return forms;
    }
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return forms;
    std::string_view date = text.substr(0, space), clock = text.substr(space + 1);
    const bool clock_first = date.find(':') != std::string_view::npos;
    if (clock_first) std::swap(date, clock);
    const std::uint32_t clocks = clocks_of(clock);
    const std::uint32_t dates = clocks != 0 ? dates_of(date, days) : 0;
    if (dates == 0) return forms;
    forms.clock_first = clock_first;
    forms.clock = clocks;
    forms.day = dates;
    return forms;
}

// Forms of one group read the same day of a text.
void MomentGuess::note_days(std::uint32_t dates, const Days& days) {
    std::uint32_t groups = 0;
    for (std::size_t i = 0; i < kDates.size(); ++i) {
        const std::size_t group = group_of(i);
        if ((dates & bit(i)) == 0 || (groups & bit(group)) != 0) continue;
        groups |= bit(group);
        m_days[group].add(days[i]);
    }
}

// Of the forms of dates only those that the column has are sought in the cells that follow; those
// with the month first no more in each of them, where they only fit days that have another form.
void MomentGuess::forget_absent() {
    std::uint32_t all = 0, alone = 0;
    std::int64_t two_ways = 0;
    for (const auto& [forms, cells] : m_cells) {
        const std::uint32_t dates = forms.date | forms.day;
        all |= dates;
        alone |= (dates & ~kMonthsFirst) == 0 ? dates : 0;
        two_ways += (dates & kMonthsFirst) != 0 ? cells.count : 0;
    }
    m_spare = alone == 0 && two_ways * 2 < m_seen ? all & kMonthsFirst : 0;
    m_sought = all & ~m_spare;
}

void MomentGuess::see(std::string_view text, std::int64_t row) {
    ++m_seen;
    if (m_given_up) return;
    const Forms forms = forms_of(text);
    auto at = std::ranges::find(m_cells, forms, &std::pair<Forms, OddCells>::first);
    if (at == m_cells.end() && m_cells.size() >= kMostForms)
        at = std::ranges::find(m_cells, Forms(), &std::pair<Forms, OddCells>::first);
    if (at == m_cells.end()) at = m_cells.insert(at, {forms, OddCells()});
    at->second.note(text, row);
    if (m_seen == kAllSought) forget_absent();
    if (at->first != Forms()) return;
    if (std::string shape = shape_of_date(text); !shape.empty()) ++m_impossible[std::move(shape)];
    const std::int64_t others = at->second.count;
    if (is_given_up(m_seen - others, others)) {
        m_given_up = true;
        m_cells.clear();
        m_days.clear();
    }
}

std::optional<MomentGuess::Best> MomentGuess::best() const {
    const Candidate* found = nullptr;
    std::int64_t most = 0;
    for (const Candidate& candidate : candidates()) {
        if (candidate.short_year()) continue;
        std::int64_t fits = 0;
        for (const auto& [forms, cells] : m_cells)
            fits += has(forms, candidate) ? cells.count : 0;
        if (fits > most) {
            most = fits;
            found = &candidate;
        }
    }
    if (found == nullptr) return std::nullopt;
    Best best{found->moment(), found->pattern(), most};
    bool decided = found->date == 0 || kDates[found->date].pattern[0] != 'd';
    for (const auto& [forms, cells] : m_cells) {
        if (!has(forms, *found)) {
            best.misfits.add(cells);
            continue;
        }
        const std::uint32_t dates = found->kind == Candidate::Kind::kDate ? forms.date : forms.day;
        if (dates == kAllDates) continue;  // a date of the input's own
        if ((dates & kMonthsFirst) == 0) decided = true;
        best.two_ways.add(cells);
    }
    if (decided) best.two_ways = {};
    const auto impossible = m_impossible.find(shape_of_pattern(best.pattern));
    if (found->kind == Candidate::Kind::kDate && impossible != m_impossible.end())
        best.impossible = impossible->second;
    if (best.kind == scan::Moment::kDate) {
        const auto days = m_days.find(group_of(found->date));
        if (days != m_days.end()) best.days = &days->second;
    }
    return best;
}

std::vector<MomentGuess::Style> MomentGuess::styles() const {
    std::vector<Style> styles;
    std::vector<const std::pair<Forms, OddCells>*> left;
    left.reserve(m_cells.size());
    for (const auto& one : m_cells)
        left.push_back(&one);
    while (styles.size() < kMostStyles) {
        const Candidate* found = nullptr;
        std::int64_t most = 0;
        for (const Candidate& candidate : candidates()) {
            std::int64_t fits = 0;
            for (const auto* one : left)
                fits += has(one->first, candidate) ? one->second.count : 0;
            if (fits > most) {
                most = fits;
                found = &candidate;
            }
        }
        if (found == nullptr) break;
        Style style{found->shown(), found->short_year()};
        std::erase_if(left, [&](const auto* one) {
            if (!has(one->first, *found)) return false;
            style.cells.add(one->second);
            return true;
        });
        styles.push_back(std::move(style));
    }
    return styles;
}

}  // namespace nguon::intake
