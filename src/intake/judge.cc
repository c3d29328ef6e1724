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

}  // namespace

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

std::vector<sql::ColumnType> Judge::arguments() const {
    std::vector<sql::ColumnType> types(2, {sql::Kind::kBigint});
    types.insert(types.end(), m_in_pass.size(), {sql::Kind::kBoolean});
    types.push_back({sql::Kind::kText});
    return types;
}

Result<void> Judge::register_on(sql::Duck& duck) {
    return duck.register_filter(
        "_judge", arguments(),
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
    const Masks none(m_masks, 0);
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
                   const scan::Table& table, std::int64_t row, std::string_view value) const {
    if (rule.kind == quality::RuleKind::kKey || rule.kind == quality::RuleKind::kUnique) {
        if (const auto told = m_told.find(row); told != m_told.end()) return told->second;
    }
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
            const Text told = reason(rule, dataset, table, row, value);
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

}  // namespace nguon::intake
