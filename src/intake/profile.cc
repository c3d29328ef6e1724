#include "intake/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/time.h"
#include "intake/internal/file_writer.h"
#include "quality/damage.h"
#include "scan/table.h"
#include "scan/value.h"
#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

constexpr std::ptrdiff_t kDoubleDigits = 15;
constexpr double kMostValues = 0.9;  // of the values that are there, for a column to look personal

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Decree 137/2015/ND-CP article 13: 3 digits of province, century and sex, 2 of the year, 6 of
// chance.
bool looks_like_citizen_id(std::string_view text) {
    return text.size() == 12 && all_digits(text) && text[0] == '0' && text.substr(0, 3) <= "096" &&
           text[3] <= '3';
}

bool looks_like_phone(std::string_view text) {
    return text.size() == 10 && all_digits(text) && text[0] == '0' &&
           std::string_view("35789").find(text[1]) != std::string_view::npos;
}

bool looks_like_email(std::string_view text) {
    const std::size_t at = text.find('@');
    return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
           text.find(' ') == std::string_view::npos;
}

// What one column could still be after the values seen.
struct Guess {
    bool typed = false;  // the input has dates of its own, in ISO 8601 whatever others look like
    scan::DateFormat iso_date;
    bool integer = true, number = true, boolean = true, timestamp = true, time = true;
    std::vector<std::pair<std::string, scan::DateFormat>> dates;
    std::int64_t values = 0, nulls = 0, citizens = 0, phones = 0, emails = 0;
    std::size_t longest = 0;

    Guess() {
        for (const std::string_view pattern :
             {"yyyy-MM-dd", "dd/MM/yyyy", "dd-MM-yyyy", "dd.MM.yyyy", "yyyy/MM/dd"}) {
            dates.emplace_back(pattern, *scan::DateFormat::from(pattern));
        }
    }

    void see(std::string_view text) {
        if (text.empty()) {
            ++nulls;
            return;
        }
        ++values;
        longest = std::max(longest, text.size());
        std::int64_t whole = 0;
        double real = 0;
        bool truth = false;
        std::int32_t day = 0;
        // Leading zeros carry meaning: such identifiers stay text.
        const std::string_view digits = text[0] == '-' ? text.substr(1) : text;
        const bool zeros = digits.size() > 1 && digits[0] == '0' && digits[1] != '.';
        integer = integer && !zeros && scan::parse_integer(text, whole);
        // A double keeps 15 digits; with more, the text itself is the value.
        const auto digit_count =
            std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
        number = number && !zeros && digit_count <= kDoubleDigits && scan::parse_double(text, real);
        boolean = boolean && text.size() > 1 && scan::parse_boolean(text, truth);
        timestamp = timestamp && scan::parse_timestamp(text, false, whole);
        time = time && scan::parse_time(text, whole);
        const bool iso = typed && iso_date.parse(text, day);
        std::erase_if(dates,
                      [&](const auto& date) { return !iso && !date.second.parse(text, day); });
        citizens += looks_like_citizen_id(text) ? 1 : 0;
        phones += looks_like_phone(text) ? 1 : 0;
        emails += looks_like_email(text) ? 1 : 0;
    }

    contract::LogicalType type() const {
        if (values == 0) return contract::LogicalType::kString;
        if (boolean) return contract::LogicalType::kBoolean;
        if (integer) return contract::LogicalType::kInteger;
        if (number) return contract::LogicalType::kNumber;
        if (!dates.empty()) return contract::LogicalType::kDate;
        if (timestamp) return contract::LogicalType::kTimestamp;
        if (time) return contract::LogicalType::kTime;
        return contract::LogicalType::kString;
    }

    std::string personal(std::string_view name) const {
        const auto most = [&](std::int64_t count) {
            return values > 0 &&
                   static_cast<double>(count) >= kMostValues * static_cast<double>(values);
        };
        const auto has = [&](std::string_view word) {
            return name.find(word) != std::string_view::npos;
        };
        if (most(citizens)) return "citizen_id";
        if (most(phones)) return "phone";
        if (most(emails)) return "email";
        if (has("ho_ten") || has("ho_va_ten") || has("full_name")) return "name";
        if (has("dia_chi") || has("address")) return "address";
        if (has("ngay_sinh") || has("birth")) return "birth_date";
        return "";
    }
};

// Columns that are counted in one reading: each keeps a hash table of its values.
constexpr std::size_t kCountedAtOnce = 32;

Result<void> count_distinct(const scan::InputOptions& options, Profile& profile, std::size_t first,
                            Random& random) {
    TRY_ASSIGN(auto input, scan::RecordInput::open(options));
    const std::size_t end = std::min(first + kCountedAtOnce, profile.columns.size());
    scan::Plan plan;
    std::string list;
    for (std::size_t i = first; i < end; ++i) {
        const ColumnProfile& column = profile.columns[i];
        plan.columns.push_back({column.name, {sql::Kind::kText}, {}, false, {column.header}});
        list += fmt::format("{}count(DISTINCT {})", i == first ? "" : ", ",
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
                                       static_cast<unsigned>(scan::kDamaged))));
    TRY_ASSIGN(const std::size_t rows, counts.next());
    for (std::size_t i = first; rows > 0 && i < end; ++i)
        profile.columns[i].distinct = counts.integer(i - first, 0);
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

std::string yaml_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
    return out + "\"";
}

}  // namespace

Result<Profile> profile(const scan::InputOptions& options, Random& random) {
    TRY_ASSIGN(auto input, scan::RecordInput::open(options));
    Profile profile;
    profile.format = name_of(input->format());
    profile.encoding = name_of(input->encoding());
    std::vector<Guess> guesses(input->names().size());
    for (Guess& guess : guesses)
        guess.typed = scan::is_typed(input->format());
    for (;;) {
        scan::Block block;
        TRY_ASSIGN(const bool more, input->next(block));
        if (!more) break;
        input->split(block);
        if (scan::is_sheet(input->format())) mark_cell_errors(block);
        for (std::size_t record = 0; record < block.size(); ++record) {
            ++profile.rows;
            if ((block.flags[record] & scan::kDamaged) != 0) {
                see_damage(*input, block, record, profile);
                continue;
            }
            for (std::size_t c = 0; c < guesses.size(); ++c)
                guesses[c].see(block.fields[record * block.width + c]);
        }
    }
    for (quality::RuleResult& result : profile.damage)
        result.checked = profile.rows;
    if (input->dialect() != nullptr) profile.dialect = *input->dialect();
    profile.contents = input->contents();
    std::set<std::string> names;
    for (std::size_t c = 0; c < guesses.size(); ++c) {
        ColumnProfile column;
        column.header = input->names()[c];
        column.name = snake_case(column.header);
        for (int n = 2; !names.insert(column.name).second; ++n)
            column.name = fmt::format("{}_{}", snake_case(column.header).substr(0, 58), n);
        column.type = guesses[c].type();
        if (column.type == contract::LogicalType::kDate)
            column.date_format = guesses[c].dates.front().first;
        column.nulls = guesses[c].nulls;
        column.longest = guesses[c].longest;
        column.personal = guesses[c].personal(column.name);
        profile.columns.push_back(std::move(column));
    }
    scan::InputOptions again = options;
    again.survey = false;
    for (std::size_t first = 0; first < profile.columns.size(); first += kCountedAtOnce) {
        TRY(count_distinct(again, profile, first, random));
    }
    const std::int64_t readable = profile.rows - profile.unreadable;
    for (ColumnProfile& column : profile.columns) {
        column.likely_key = readable > 1 && column.nulls == 0 && column.distinct == readable &&
                            (column.type == contract::LogicalType::kString ||
                             column.type == contract::LogicalType::kInteger);
    }
    return profile;
}

std::string draft_contract(const Profile& profile, std::string_view file_name) {
    const std::string stem = snake_case(file_name.substr(0, file_name.find('.')));
    std::string text = fmt::format(
        "apiVersion: v3.2.0\nkind: DataContract\nid: {0}\nname: {0}\nversion: 1.0.0\nstatus: "
        "draft\nschema:\n"
        "  - name: {0}\n    businessName: {1}\n    customProperties:\n      - property: access\n   "
        "     value: internal\n"
        "    properties:\n",
        stem, yaml_quoted(file_name));
    const auto key =
        std::ranges::find_if(profile.columns, [](const auto& column) { return column.likely_key; });
    for (auto column = profile.columns.begin(); column != profile.columns.end(); ++column) {
        text += fmt::format("      - name: {}\n        logicalType: {}\n", column->name,
                            contract::name_of(column->type));
        if (!trim(column->header).empty()) {
            text += fmt::format("        businessName: {}\n", yaml_quoted(trim(column->header)));
        }
        if (!column->date_format.empty() && column->date_format != "yyyy-MM-dd") {
            text += fmt::format("        logicalTypeOptions:\n          format: {}\n",
                                column->date_format);
        }
        if (column == key) text += "        primaryKey: true\n        primaryKeyPosition: 1\n";
        if (column->nulls == 0 && profile.rows > profile.unreadable)
            text += "        required: true\n";
        if (!column->personal.empty()) text += "        classification: restricted\n";
    }
    return text;
}

}  // namespace nguon::intake
