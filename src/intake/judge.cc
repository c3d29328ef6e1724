#include "intake/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "intake/internal/reasons.h"
#include "intake/internal/sent_again.h"

namespace nguon::intake {
namespace {

void set(Masks& masks, std::size_t bit) {
    masks[bit / scan::kBitsPerMask] |= std::int64_t{1} << (bit % scan::kBitsPerMask);
}
bool has(const Masks& masks, std::size_t bit) {
    return (masks[bit / scan::kBitsPerMask] >> (bit % scan::kBitsPerMask) & 1) != 0;
}

}  // namespace

// The columns of the quarantine file, one row for each rule that a row breaks.
class Judge::QuarantineSource final : public sql::RowSource {
public:
    QuarantineSource(Judge& judge, const scan::Table& table, const contract::Dataset& dataset)
        : m_judge(judge),
          m_spool(judge.m_rejects),
          m_rules(judge.m_rules),
          m_table(table),
          m_dataset(dataset) {}

    std::vector<sql::ColumnSpec> columns() const override {
        return {{"row", {sql::Kind::kBigint}},  {"column", {sql::Kind::kText}},
                {"rule", {sql::Kind::kText}},   {"value", {sql::Kind::kText}},
                {"reason", {sql::Kind::kText}}, {"reason_en", {sql::Kind::kText}},
                {"record", {sql::Kind::kText}}, {"fields", {sql::Kind::kText}}};
    }
    std::size_t max_threads() const override { return 1; }
    std::unique_ptr<Reader> reader() override { return std::make_unique<SpoolReader>(*this); }

private:
    class SpoolReader final : public Reader {
    public:
        explicit SpoolReader(QuarantineSource& source)
            : m_source(source), m_reader(source.m_spool) {}

        Result<std::size_t> read(sql::ChunkWriter& chunk) override {
            std::size_t row = 0;
            while (row < sql::ChunkWriter::kCapacity) {
                if (m_rule == m_source.m_rules.rows.size()) {
                    TRY_ASSIGN(const bool more, m_reader.next(m_entry));
                    if (!more) break;
                    m_fields = m_source.m_table.fields_of(m_entry.record);
                    name_fields();
                    m_rule = 0;
                }
                const std::size_t rule = m_rule++;
                if (has(m_entry.masks, rule)) {
                    write(chunk, row++, m_source.m_rules.rows[rule]);
                }
            }
            return row;
        }

    private:
        void name_fields() {
            m_named = "{";
            for (std::size_t c = 0; c < m_fields.size(); ++c) {
                if (c > 0) m_named += ',';
                append_json_string(m_named, m_source.m_dataset.columns[c].name);
                m_named += ':';
                append_json_string(m_named, m_fields[c]);
            }
            m_named += '}';
        }

        void write(sql::ChunkWriter& chunk, std::size_t row, const quality::RowRule& rule) {
            const auto text = [&](std::size_t column, std::string_view value) {
                if (is_utf8(value)) {
                    chunk.set_text(column, row, value);
                } else {  // bytes that are no text stay readable, none is lost
                    chunk.set_text(column, row, "hex:" + hex(value));
                }
            };
            if (chunk.wanted(0))
                chunk.data<std::int64_t>(0)[row] = m_source.m_table.row_number(m_entry.row);
            chunk.set_text(1, row, rule.column);
            chunk.set_text(2, row, rule.name);
            const std::string value = value_of(rule, m_source.m_dataset, m_fields, m_entry.record);
            const Text reason =
                m_source.m_judge.reason(rule, m_source.m_dataset, m_source.m_table, value);
            text(3, value);
            text(4, reason.vi);
            text(5, reason.en);
            text(6, m_entry.record);
            if (rule.kind == quality::RuleKind::kRecord) {
                chunk.set_null(7, row);
            } else {
                chunk.set_text(7, row, m_named);
            }
        }

        QuarantineSource& m_source;
        RowSpool::Reader m_reader;
        RowSpool::Entry m_entry;
        std::vector<std::string> m_fields;
        std::string m_named;  // the same, as JSON
        std::size_t m_rule = m_source.m_rules.rows.size();
    };

    const Judge& m_judge;
    RowSpool& m_spool;
    const quality::RuleSet& m_rules;
    const scan::Table& m_table;
    const contract::Dataset& m_dataset;
};

Judge::Judge(const quality::RuleSet& rules, Disk& disk, const std::filesystem::path& folder,
             std::string_view batch)
    : m_rules(rules),
      m_masks(rules.mask_count()),
      m_in_pass(rules.in_pass()),
      m_errors(m_masks, 0),
      m_rejects(disk, folder / fmt::format("{}.rejects", batch), m_masks),
      m_suspects(disk, folder / fmt::format("{}.suspects", batch), m_masks),
      m_tallies(rules.rows.size()) {
    for (std::size_t i = 0; i < rules.rows.size(); ++i) {
        if (rules.rows[i].severity == contract::Severity::kError) set(m_errors, i);
    }
}

// Each rule stands in the condition once, as an argument: DuckDB's planning grows with what is
// written, and a wide contract has thousands of rules.
std::string Judge::condition() const {
    std::string rules;
    for (const std::size_t rule : m_in_pass)
        fmt::format_to(std::back_inserter(rules), "{}, ", m_rules.rows[rule].fails);
    return fmt::format("_judge(_row, _flags, {}_record)", rules);
}

Result<void> Judge::register_on(sql::Duck& duck) {
    std::vector<sql::ColumnType> arguments(2, {sql::Kind::kBigint});
    arguments.insert(arguments.end(), m_in_pass.size(), {sql::Kind::kBoolean});
    arguments.push_back({sql::Kind::kText});
    return duck.register_filter(
        "_judge", arguments,
        [this](const auto& rows, std::span<bool> enters) { return judge(rows, enters); });
}

Result<void> Judge::judge(const sql::ChunkReader& rows, std::span<bool> enters) {
    Masks failed;                                        // of each row that fails any rule
    std::vector<std::size_t> failed_at(rows.size(), 0);  // 1 + its place in `failed`
    for (std::size_t i = 0; i < m_in_pass.size(); ++i) {
        const bool* fails = rows.data<bool>(2 + i);
        // Nearly always no row of the chunk fails.
        for (const bool* at = fails; at != fails + rows.size(); ++at) {
            at = std::find(at, fails + rows.size(), true);
            if (at == fails + rows.size()) break;
            const auto row = static_cast<std::size_t>(at - fails);
            if (rows.is_null(2 + i, row)) continue;
            if (failed_at[row] == 0) {
                failed.resize(failed.size() + m_masks, 0);
                failed_at[row] = failed.size() / m_masks;
            }
            const std::size_t bit = (failed_at[row] - 1) * m_masks * scan::kBitsPerMask;
            set(failed, bit + m_in_pass[i]);
        }
    }
    const std::size_t record = 2 + m_in_pass.size();
    Masks none(m_masks, 0);
    Masks of_row(m_masks, 0);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto flags = static_cast<unsigned>(rows.data<std::int64_t>(1)[row]);
        enters[row] = (flags & scan::kLeftOut) == 0;
        if (!enters[row]) continue;
        if (failed_at[row] == 0 && (flags & scan::kKeySeenBefore) == 0) continue;
        if (failed_at[row] > 0)
            std::copy_n(
                failed.begin() + static_cast<std::ptrdiff_t>((failed_at[row] - 1) * m_masks),
                m_masks, of_row.begin());
        TRY(judge_row(rows.data<std::int64_t>(0)[row], failed_at[row] > 0 ? of_row : none, flags,
                      rows.text(record, row), enters[row]));
    }
    return {};
}

Result<void> Judge::judge_row(std::int64_t row, const Masks& failed, unsigned flags,
                              std::string_view record, bool& enters) {
    bool any = false, is_rejected = false;
    for (std::size_t mask = 0; mask < m_masks; ++mask) {
        any = any || failed[mask] != 0;
        is_rejected = is_rejected || (failed[mask] & m_errors[mask]) != 0;
    }
    // A good row whose key may stand earlier in the file waits, with its warnings.
    const bool is_suspect = !is_rejected && (flags & scan::kKeySeenBefore) != 0;
    enters = !is_rejected && !is_suspect;
    if (is_suspect) return m_suspects.add(row, failed, record);
    if (any) count(row, failed, record);
    return is_rejected ? m_rejects.add(row, errors_of(failed), record) : Result<void>{};
}

Masks Judge::errors_of(Masks masks) const {
    for (std::size_t mask = 0; mask < m_masks; ++mask)
        masks[mask] &= m_errors[mask];
    return masks;
}

void Judge::count(std::int64_t row, const Masks& failed, std::string_view record) {
    const std::lock_guard lock(m_mutex);
    std::array<double, 4> weight{};
    for (std::size_t mask = 0; mask < m_masks; ++mask) {
        for (std::int64_t bits = failed[mask]; bits != 0; bits &= bits - 1) {
            const int bit = __builtin_ctzll(static_cast<unsigned long long>(bits));
            const std::size_t rule = mask * scan::kBitsPerMask + static_cast<std::size_t>(bit);
            const bool is_error = (m_errors[mask] >> bit & 1) != 0;
            double& most = weight[static_cast<std::size_t>(m_rules.rows[rule].dimension)];
            most = std::max(most, is_error ? 1.0 : 0.5);
            Tally& tally = m_tallies[rule];
            ++tally.failed;
            auto& examples = tally.examples;
            if (examples.size() == quality::kMostExamples && examples.back().first < row) continue;
            examples.emplace_back(row, record);
            std::ranges::sort(examples);
            if (examples.size() > quality::kMostExamples) examples.pop_back();
        }
    }
    const double any = *std::ranges::max_element(weight);
    (any < 1 ? m_entered : m_aside) += {weight, any};
}

Result<void> Judge::reject_for(std::size_t rule, std::int64_t row, std::string_view record,
                               Masks warnings) {
    warnings.resize(m_masks, 0);
    set(warnings, rule);
    count(row, warnings, record);
    return m_rejects.add(row, errors_of(std::move(warnings)), record);
}

void Judge::admit(std::int64_t row, std::string_view record, const Masks& warnings) {
    if (std::ranges::any_of(warnings, [](std::int64_t mask) { return mask != 0; }))
        count(row, warnings, record);
}

Text Judge::reason(const quality::RowRule& rule, const contract::Dataset& dataset,
                   const scan::Table& table, std::string_view value) const {
    if (m_again != nullptr && rule.kind == quality::RuleKind::kRecord) {
        if (const Text* then = m_again->reason_of(value)) return *then;
    }
    return reason_of(rule, dataset, table, value);
}

bool Judge::has_failed(std::string_view column) const {
    for (std::size_t i = 0; i < m_rules.rows.size(); ++i) {
        if (m_tallies[i].failed > 0 && m_rules.rows[i].column == column) return true;
    }
    return false;
}

std::vector<quality::RuleResult> Judge::results(const scan::Table& table,
                                                const contract::Dataset& dataset) const {
    std::vector<quality::RuleResult> results;
    std::int64_t damaged = 0;  // of these nothing else was judged
    for (std::size_t i = 0; i < m_rules.rows.size(); ++i) {
        if (m_rules.rows[i].kind == quality::RuleKind::kRecord) damaged += m_tallies[i].failed;
    }
    for (std::size_t i = 0; i < m_rules.rows.size(); ++i) {
        const quality::RowRule& rule = m_rules.rows[i];
        quality::RuleResult result{rule.name, rule.column, rule.dimension, rule.severity,
                                   rule.reason};
        const bool of_records = rule.kind == quality::RuleKind::kRecord;
        result.checked = table.records() - (of_records ? 0 : damaged);
        result.failed = m_tallies[i].failed;
        for (const auto& [row, record] : m_tallies[i].examples) {
            const std::string value = value_of(rule, dataset, table.fields_of(record), record);
            quality::Example example{table.row_number(row), quality::mask(value)};
            const Text told = reason(rule, dataset, table, value);
            if (told.en != rule.reason.en) example.reason = told;
            result.examples.push_back(std::move(example));
        }
        results.push_back(std::move(result));
    }
    return results;
}

json::object Judge::scores(std::int64_t read) const {
    quality::Faults all = m_aside;
    all += m_entered;
    return quality::score({read, all.by}, all.any, std::nullopt);
}

json::object Judge::faults() const {
    const bool has_live_rules = std::ranges::any_of(m_rules.rows, [](const auto& rule) {
        return rule.dimension == contract::Dimension::kLive;
    });
    return quality::faults_json(m_aside, m_entered, has_live_rules);
}

Result<std::int64_t> Judge::write_quarantine(sql::Duck& duck, const scan::Table& table,
                                             const contract::Dataset& dataset,
                                             const std::filesystem::path& file) {
    TRY(duck.register_source("_quarantine",
                             std::make_shared<QuarantineSource>(*this, table, dataset)));
    return duck.query_integer(
        fmt::format("COPY (SELECT * FROM _quarantine() ORDER BY \"row\", \"rule\") TO {} "
                    "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)",
                    sql::quote_literal(file.string())));
}

}  // namespace nguon::intake
