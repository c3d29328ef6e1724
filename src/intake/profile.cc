#include "intake/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <thread>

#include "base/ascii.h"
#include "base/normal_form.h"
#include "base/time.h"
#include "intake/distinct_values.h"
#include "intake/office_words.h"
#include "intake/row_twins.h"
#include "quality/damage.h"
#include "scan/table.h"
#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

constexpr std::size_t kRowsShown = 3;

// Columns that are counted in one reading: each keeps a hash table of its values.
constexpr std::size_t kCountedAtOnce = 32;

// Exact in bounded memory, by another reading: DuckDB puts on disk what is too much.
Result<void> count_distinct(const scan::InputOptions& options, Profile& profile,
                            std::span<const std::size_t> columns, Random& random) {
    TRY_ASSIGN(auto input, scan::RecordInput::open(options));
    scan::Plan plan;
    std::string list;
    if (!profile.totals.left_out().empty()) plan.mender = profile.totals.leaves_out();
    for (const std::size_t c : columns) {
        const ColumnProfile& column = profile.columns[c];
        plan.columns.push_back({column.name, {sql::Kind::kText}, {}, false, {column.header}});
        list += fmt::format("{}count(DISTINCT {})", list.empty() ? "" : ", ",
                            sql::quote_identifier(column.name));
    }
    sql::DuckOptions duck_options;
    duck_options.preserve_order = false;
    duck_options.temporary_folder = options.temporary_folder;
    TRY_ASSIGN(const auto duck, sql::Duck::open(duck_options));
    TRY(duck->register_source(
        "_file", std::make_shared<scan::Table>(std::move(input), std::move(plan), random)));
    TRY_ASSIGN(sql::DuckResult counts,
               duck->query(fmt::format("SELECT {} FROM _file() WHERE (_flags & {}) = 0", list,
                                       static_cast<unsigned>(scan::kDamaged | scan::kLeftOut))));
    TRY_ASSIGN(const std::size_t rows, counts.next());
    for (std::size_t i = 0; rows > 0 && i < columns.size(); ++i)
        profile.columns[columns[i]].distinct = counts.integer(i, 0);
    return {};
}

// As a load under the first contract, which has every column, sets them aside.
void mark_cell_errors(scan::Block& block) {
    for (std::size_t record = 0; record < block.size(); ++record) {
        const auto fields = std::span(block.fields).subspan(record * block.width, block.width);
        if (std::ranges::any_of(fields, scan::is_cell_error))
            block.flags[record] |= scan::kCellError;
    }
}

// Counts the last record read among its kind of damage.
void see_damage(const scan::RecordInput& input, const scan::Block& block, std::size_t record,
                Profile& profile) {
    ++profile.unreadable;
    const quality::Damage* damage = quality::damage_of(block.flags[record]);
    if (damage == nullptr) return;
    auto result = std::ranges::find(profile.damage, damage->rule, &quality::RuleResult::rule);
    if (result == profile.damage.end()) {
        quality::RuleResult fresh;
        fresh.rule = damage->rule;
        fresh.dimension = contract::Dimension::kClean;
        fresh.description = damage->reason;
        result = profile.damage.insert(result, std::move(fresh));
    }
    ++result->failed;
    if (result->examples.size() == quality::kMostExamples) return;
    quality::Example example{profile.rows, quality::mask(block.texts[record])};
    const Text reason = quality::reason_of(*damage, input, block.texts[record]);
    if (reason.en != damage->reason.en) example.reason = reason;
    result->examples.push_back(std::move(example));
}

// The reading of a file, block by block.
class Reading {
public:
    Reading(scan::RecordInput& input, const ProfileSeams& seams, Profile& profile)
        : m_input(input),
          m_profile(profile),
          m_distinct(input.names().size()),
          m_budget(seams.hash_slots) {
        m_seed = seed_from(seams.random);  // a sender cannot make rows that seem equal
        m_guesses.assign(input.names().size(),
                         ColumnGuess(year_of(seams.now), scan::is_typed(input.format())));
        for (std::size_t c = 0; c < input.names().size(); ++c) {
            const std::string english = title_for(input.names()[c]).en;
            if (english == "Full name" && !m_name) m_name = c;
            if (english == "Date of birth" && !m_birth) m_birth = c;
        }
    }

    Result<std::vector<ColumnGuess>> run() {
        std::array<scan::Block, 2> blocks;  // never moved: fields point into them
        Result<bool> more = next(blocks[0]);
        for (std::size_t at = 0; more && *more; at = 1 - at) {
            see(blocks[at], [&] {
                blocks[1 - at] = scan::Block();
                more = next(blocks[1 - at]);
            });
        }
        if (!more) return std::unexpected(more.error());
        see_values();
        m_profile.repeated = m_rows.repeated();
        m_profile.estimated = m_rows.estimated();
        if (m_name && m_birth)
            m_profile.alike = std::max<std::int64_t>(0, m_people.repeated() - m_rows.repeated());
        return std::move(m_guesses);
    }
    const DistinctValues& distinct(std::size_t column) const { return m_distinct[column]; }

private:
    Result<bool> next(scan::Block& block) {
        TRY_ASSIGN(const bool more, m_input.next(block));
        if (!more) return false;
        m_input.split(block);
        if (scan::is_sheet(m_input.format())) mark_cell_errors(block);
        return true;
    }

    void see_changed(const scan::Block& block, std::size_t record, std::int64_t row) {
        const auto fields = std::span(block.fields).subspan(record * block.width, block.width);
        const auto changed =
            std::ranges::find_if(fields, [](std::string_view text) { return !all_ascii(text); });
        if (changed != fields.end()) m_profile.changed.note(*changed, row);
    }

    // On two threads: the block after is read while this one's columns are seen.
    void see(const scan::Block& block, const std::function<void()>& read_next) {
        const std::int64_t before = m_profile.rows;
        m_profile.totals.look(block, before);
        const bool is_old = m_input.encoding() != scan::Encoding::kUtf8;
        for (std::size_t record = 0; record < block.size(); ++record) {
            ++m_profile.rows;
            if ((block.flags[record] & scan::kDamaged) != 0 &&
                !m_profile.totals.passes_over(record))
                see_damage(m_input, block, record, m_profile);
            if (is_old && m_profile.changed.rows.size() < OddCells::kMostRows)
                see_changed(block, record, m_profile.rows);
        }
        std::atomic<std::size_t> task = 0;
        const auto work = [&] {
            for (std::size_t at = task++; at <= m_guesses.size() + 1; at = task++) {
                if (at == 0) {
                    read_next();
                } else if (at == 1) {
                    see_rows(block, before);
                } else {
                    see_column(block, before, at - 2);
                }
            }
        };
        std::exception_ptr failure;  // no memory left is the caller's matter, on either thread
        {
            std::jthread other;
            if (block.size() * m_guesses.size() > 10'000) {
                other = std::jthread([&] {
                    try {
                        work();
                    } catch (...) {
                        failure = std::current_exception();
                    }
                });
            }
            work();
        }
        if (failure) std::rethrow_exception(failure);
        for (std::size_t from = 0; from < block.bytes.size(); ++m_lines) {
            const std::size_t end = block.bytes.find(line_end(), from);
            from = end == std::string::npos ? block.bytes.size() : end + 1;
        }
        m_profile.range.last_line = m_lines;
    }

    // Rows that begin like totals and are data.
    void see_values() {
        for (const TotalRows::Row& row : m_profile.totals.values()) {
            m_profile.total_values = true;
            scan::Block block;
            block.width = row.fields.size();
            block.fields.assign(row.fields.begin(), row.fields.end());
            block.texts = {row.text};
            block.flags = {0};
            for (std::size_t c = 0; c < m_guesses.size(); ++c)
                see_column(block, row.row - 1, c);
            see_rows(block, row.row - 1);
        }
    }

    char line_end() const {
        const scan::Dialect* dialect = m_input.dialect();
        return dialect != nullptr && dialect->line_end == scan::LineEnd::kCr ? '\r' : '\n';
    }

    void see_column(const scan::Block& block, std::int64_t before, std::size_t c) {
        std::vector<std::uint64_t> hashes;
        hashes.reserve(block.size());
        std::string nfc;
        for (std::size_t record = 0; record < block.size(); ++record) {
            if (is_passed_over(block, record)) continue;
            const std::string_view text = block.fields[record * block.width + c];
            m_guesses[c].see(text, before + static_cast<std::int64_t>(record) + 1);
            if (text.empty() || !m_distinct[c].count()) continue;
            const std::string_view value = to_nfc(text, nfc);  // as a load has it
            hashes.push_back(mixed_hash(m_seed, value.data(), value.size()));
        }
        m_distinct[c].see(hashes, m_budget);
    }

    bool is_passed_over(const scan::Block& block, std::size_t record) const {
        return (block.flags[record] & scan::kDamaged) != 0 || m_profile.totals.passes_over(record);
    }

    void keep(std::vector<std::int64_t>& rows, std::int64_t row) {
        if (rows.size() < kRowsShown) rows.push_back(row);
    }

    void see_rows(const scan::Block& block, std::int64_t before) {
        constexpr std::size_t kAhead = 16;
        std::vector<std::uint64_t> rows(block.size()), people(block.size());
        for (std::size_t record = 0; record < block.size(); ++record) {
            const std::string_view text = block.texts[record];
            rows[record] = mixed_hash(m_seed, text.data(), text.size());
            if (m_name && m_birth) people[record] = person_of(block, record);
        }
        for (std::size_t record = 0; record < block.size(); ++record) {
            if (record + kAhead < block.size()) {
                m_rows.prefetch(rows[record + kAhead]);
                m_people.prefetch(people[record + kAhead]);
            }
            if (is_passed_over(block, record)) continue;
            const std::int64_t row = before + static_cast<std::int64_t>(record) + 1;
            if (m_rows.see(rows[record])) {
                if (m_profile.repeated_rows.empty())
                    m_profile.repeated_example = block.texts[record];
                keep(m_profile.repeated_rows, row);
            } else if (people[record] != 0 && m_people.see(people[record])) {
                keep(m_profile.alike_rows, row);
            }
        }
    }

    // The hash of a name and a date of birth; 0 where one is not there.
    std::uint64_t person_of(const scan::Block& block, std::size_t record) {
        const std::string_view name = block.fields[record * block.width + *m_name];
        const std::string_view born = block.fields[record * block.width + *m_birth];
        if (name.empty() || born.empty()) return 0;
        m_person.clear();
        for (const char c : name) {
            if (c == ' ' && (m_person.empty() || m_person.back() == ' ')) continue;
            m_person += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        m_person += '\0';
        m_person += born;
        return mixed_hash(m_seed, m_person.data(), m_person.size());
    }

    scan::RecordInput& m_input;
    Profile& m_profile;
    std::uint64_t m_seed = 0;
    std::vector<ColumnGuess> m_guesses;
    std::optional<std::size_t> m_name, m_birth;
    std::vector<DistinctValues> m_distinct;
    HashBudget m_budget;
    RowTwins m_rows, m_people;
    std::string m_person;
    std::int64_t m_lines = 0;
};

// Names and titles by which a load finds each column again, and no other.
std::string name_for(std::string_view header) {
    std::string name = snake_case(header);
    return contract::is_reserved_column(name) ? "source_" + name : name;
}

// A title that two columns would have finds neither: each goes by its header then.
void tell_titles_apart(std::vector<ColumnProfile>& columns) {
    std::map<std::string, int> uses;
    for (const ColumnProfile& column : columns) {
        ++uses[column.title.vi];
        if (column.title.en != column.title.vi) ++uses[column.title.en];
        if (column.name != column.title.vi && column.name != column.title.en) ++uses[column.name];
    }
    for (ColumnProfile& column : columns) {
        if (uses[column.title.vi] > 1 || uses[column.title.en] > 1)
            column.title = Text::same(column.header);
    }
}

void name_columns(std::vector<ColumnProfile>& columns) {
    std::map<std::string, int> shapes, numbers;
    std::set<std::string> headers, given;
    for (const ColumnProfile& column : columns) {
        ++shapes[name_for(column.header)];
        std::string nfc;
        headers.emplace(to_nfc(column.header, nfc));
    }
    for (ColumnProfile& column : columns) {
        const std::string shape = name_for(column.header);
        column.name = shape;
        column.title = title_for(column.header);
        // "Mã" beside "ma": each gets a number, and its header is its title. Long ones are cut
        // before it, so that two shapes can come to one name.
        while (shapes[shape] > 1 && (column.name == shape || shapes.contains(column.name) ||
                                     given.contains(column.name)))
            column.name = fmt::format("{}_{}", shape.substr(0, 58), ++numbers[shape]);
        given.insert(column.name);
        const auto is_taken = [&](const std::string& title) {
            return title != column.header && headers.contains(title);
        };
        if (shapes[shape] > 1 || shape != snake_case(column.header) || is_taken(column.title.vi) ||
            is_taken(column.title.en))
            column.title = Text::same(column.header);
    }
    tell_titles_apart(columns);
}

// Digits that nobody reckons with.
bool is_number_of(Personal kind) {
    switch (kind) {
        case Personal::kCitizenId:
        case Personal::kOldCitizenId:
        case Personal::kPhone:
        case Personal::kTaxCode:
        case Personal::kBankAccount:
        case Personal::kPassport:
        case Personal::kHealthInsurance: return true;
        default: return false;
    }
}

// By title and form, whatever the file. A number without a title of codes may be an amount, a word
// a name that others bear too.
bool tells_rows_apart(const ColumnProfile& column) {
    const contract::LogicalType type = column.guess.type();
    if (type != contract::LogicalType::kString && type != contract::LogicalType::kInteger)
        return false;
    if (column.title_kind != TitleKind::kOther) return column.title_kind == TitleKind::kCode;
    if (column.guess.are_ordinals()) return false;
    return column.type == contract::LogicalType::kString &&
           (column.code || is_number_of(column.personal.kind) ||
            column.personal.kind == Personal::kEmail ||
            (column.guess.are_identifiers() && !column.guess.are_mostly_numbers()));
}

// Lines of the file, from those of the records.
void place_range(Profile& profile) {
    if (!profile.dialect) {
        profile.range = {};
        return;
    }
    const scan::Dialect& dialect = *profile.dialect;
    const auto above = static_cast<std::int64_t>(dialect.preamble_lines +
                                                 (dialect.has_header ? dialect.header_lines : 0));
    if (dialect.has_header)
        profile.range.header_line = static_cast<std::int64_t>(dialect.preamble_lines) + 1;
    profile.range.first_line = profile.rows > 0 ? above + 1 : 0;
    profile.range.last_line = profile.rows > 0 ? above + profile.range.last_line : 0;
}

}  // namespace

OddCells ColumnProfile::misfits() const {
    return type == guess.type() ? guess.odd(Oddity::kMisfit) : OddCells();
}

bool has_misfits(const Profile& profile) {
    return !profile.totals.left_out().empty() ||
           std::ranges::any_of(profile.columns, [](const ColumnProfile& column) {
               return column.guess.odd(Oddity::kDigitsLost).count > 0 || column.misfits().count > 0;
           });
}

Result<Profile> profile(const scan::InputOptions& options, const ProfileSeams& seams) {
    TRY_ASSIGN(auto input, scan::RecordInput::open(options));
    Profile profile;
    profile.format = name_of(input->format());
    profile.encoding = name_of(input->encoding());
    Reading reading(*input, seams, profile);
    TRY_ASSIGN(std::vector<ColumnGuess> guesses, reading.run());
    for (quality::RuleResult& result : profile.damage)
        result.checked = profile.rows;
    if (input->dialect() != nullptr) profile.dialect = *input->dialect();
    profile.contents = input->contents();
    place_range(profile);
    for (std::size_t c = 0; c < guesses.size(); ++c)
        profile.columns.push_back({input->names()[c], "", {}, std::move(guesses[c])});
    name_columns(profile.columns);
    scan::InputOptions again = options;
    again.survey = false;
    std::vector<std::size_t> given_up;
    for (std::size_t c = 0; c < profile.columns.size(); ++c) {
        const std::optional<std::int64_t> count = reading.distinct(c).count();
        profile.columns[c].distinct = count.value_or(0);
        if (!count) given_up.push_back(c);
    }
    for (std::size_t first = 0; first < given_up.size(); first += kCountedAtOnce) {
        const std::size_t many = std::min(kCountedAtOnce, given_up.size() - first);
        TRY(count_distinct(again, profile, std::span(given_up).subspan(first, many), seams.random));
    }
    const std::int64_t readable = profile.rows - profile.unreadable -
                                  static_cast<std::int64_t>(profile.totals.left_out().size());
    for (ColumnProfile& column : profile.columns) {
        const contract::LogicalType type = column.guess.type();
        column.title_kind = title_kind(column.header);
        column.personal =
            column.guess.personal().guess(column.name, type == contract::LogicalType::kDate);
        column.code = column.guess.codes().guess(column.name, column.distinct);
        if (column.code) column.personal = {};
        // The next file may have a code 0101 beside this one's 101: as numbers they are the same.
        const bool may_lose_zeros = column.title_kind == TitleKind::kCode &&
                                    type == contract::LogicalType::kInteger &&
                                    !scan::is_typed(input->format());
        const bool is_text = column.code || may_lose_zeros || is_number_of(column.personal.kind);
        column.type = is_text ? contract::LogicalType::kString : type;
        column.likely_key = readable > 1 && column.guess.nulls() == 0 &&
                            column.distinct == readable && tells_rows_apart(column);
    }
    return profile;
}

}  // namespace nguon::intake
