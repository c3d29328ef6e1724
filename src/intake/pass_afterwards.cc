// The part of a pass that needs the whole batch, or the rows that stand.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "contract/column_type.h"
#include "intake/internal/pass.h"
#include "intake/internal/pass_sql.h"

namespace nguon::intake {

using sql::quote_identifier;
using sql::quote_literal;

// Rules that need the whole batch or what is there already: unique columns, references to the
// dataset itself, and in append mode keys that exist. The stage is written again without the rows
// that fail. In a snapshot what stands beside the file depends on what was set aside: it is judged
// again until nothing fails, a bounded number of times.
Result<void> Pass::judge_afterwards() {
    constexpr int kMostRounds = 16;
    const bool snapshot = m_compare && m_mode == contract::Mode::kSnapshot;
    std::string current =
        fmt::format("SELECT {} FROM {} WHERE false", final_columns(""), parquet(m_stage));
    if (m_draft.expected_head > 0 && !snapshot) {
        TRY_ASSIGN(current, standing());
    }
    for (int round = 1;; ++round) {
        if (snapshot) {
            TRY_ASSIGN(current, rows_kept());
        }
        TRY_ASSIGN(const std::int64_t failing, set_failing_aside(current));
        m_counts_more = m_counts_more || failing > 0;
        const bool last = failing == 0 || !snapshot || round == kMostRounds;
        const std::filesystem::path narrower = temporary(".parquet");
        TRY_ASSIGN(m_staged,
                   m_duck->query_integer(fmt::format(
                       "COPY (SELECT _op, {}{} FROM {} ANTI JOIN _failing USING (_row)) TO {} {}",
                       final_columns(""), last ? "" : ", _row, _record", parquet(m_stage),
                       quote_literal(narrower.string()), copy_options())));
        replace_stage(narrower);
        if (last) return {};
    }
}

// Sets aside what fails beside the rows of `current`; the answer: how many rows.
Result<std::int64_t> Pass::set_failing_aside(const std::string& current) {
    TRY(m_duck->execute("CREATE OR REPLACE TEMP TABLE _failing(_row BIGINT, rule BIGINT)"));
    for (std::size_t i = 0; i < m_rules.rows.size(); ++i) {
        const quality::RowRule& rule = m_rules.rows[i];
        if (rule.judged != quality::Judged::kAfterPass) continue;
        const std::string column = quote_identifier(rule.column);
        std::string failing;
        if (rule.kind == quality::RuleKind::kUnique) {
            // A row that replaces itself by its key does not repeat its own value.
            const std::string same_key = m_dataset.key().empty()
                                             ? "false"
                                             : fmt::format("({}) IS NOT DISTINCT FROM ({})",
                                                           key_columns("_c."), key_columns("_s."));
            // A value that was guessed gives way to one that stands in the file.
            TRY_ASSIGN(const std::string guessed, padded_in(rule.column));
            failing = fmt::format(
                "SELECT _row FROM (SELECT _row, row_number() OVER (PARTITION BY {0} ORDER BY "
                "_guessed, _row) AS n FROM (SELECT _row, {0}, _row IN ({4}) AS _guessed FROM {1} "
                "WHERE {0} IS NOT NULL)) WHERE n > 1 UNION SELECT _s._row FROM {1} _s JOIN ({2}) "
                "_c ON _c.{0} = _s.{0} WHERE NOT ({3})",
                column, parquet(m_stage), current, same_key, guessed);
            TRY(tell_of_yielding(failing, guessed));
        } else if (rule.kind == quality::RuleKind::kReference) {
            const quality::ReferenceSet& reference =
                m_rules.references[static_cast<std::size_t>(rule.reference)];
            std::vector<std::string> there;
            for (const std::string& name : reference.columns) {
                there.push_back(contract::sql_of_path("_s.", name) + " IS NOT NULL");
            }
            failing = fmt::format(
                "SELECT _row FROM {0} _s ANTI JOIN (SELECT {1} FROM {0} UNION ALL SELECT {1} FROM "
                "({2})) _t ON {3} WHERE {4}",
                parquet(m_stage), target_columns(reference), current, same_values(reference, "_t"),
                fmt::join(there, " AND "));
        } else if (m_mode == contract::Mode::kAppend && m_compare) {
            failing = fmt::format("SELECT _row FROM {0} SEMI JOIN ({1}) USING ({2})",
                                  parquet(m_stage), current, key_columns(""));
        } else {
            continue;
        }
        TRY(m_duck->execute(
            fmt::format("INSERT INTO _failing SELECT _row, {} FROM ({})", i, failing)));
    }
    TRY_ASSIGN(sql::DuckResult failing,
               m_duck->query(fmt::format(
                   "SELECT min(rule), _row, any_value(_record) FROM _failing JOIN (SELECT "
                   "_row, _record FROM {}) USING (_row) GROUP BY _row",
                   parquet(m_stage))));
    std::int64_t set_aside = 0;
    for (;;) {
        TRY_ASSIGN(const std::size_t count, failing.next());
        if (count == 0) return set_aside;
        for (std::size_t i = 0; i < count; ++i) {
            TRY(m_judge->reject_for(static_cast<std::size_t>(failing.integer(0, i)),
                                    failing.integer(1, i), failing.text(2, i)));
        }
        set_aside += static_cast<std::int64_t>(count);
    }
}

// Only what differs from the rows that stand becomes history.
Result<void> Pass::compare_with_current() {
    TRY_ASSIGN(const std::string current, standing());
    std::vector<std::string> same_key, different;
    for (const contract::Column& column : m_dataset.columns) {
        const std::string name = quote_identifier(column.name);
        if (column.key_position > 0) {
            same_key.push_back(fmt::format("_n.{0} = _c.{0}", name));
        } else {
            different.push_back(fmt::format("_n.{0} IS DISTINCT FROM _c.{0}", name));
        }
    }
    if (different.empty()) different.emplace_back("false");
    const std::filesystem::path changes = temporary(".parquet");
    TRY_ASSIGN(
        const std::int64_t changed,
        m_duck->query_integer(fmt::format(
            "COPY (SELECT (CASE WHEN _c._there IS NULL THEN 1 ELSE 2 END)::TINYINT AS _op, {} FROM "
            "{} _n LEFT "
            "JOIN (SELECT *, true AS _there FROM ({})) _c ON {} WHERE _c._there IS NULL OR {}) TO "
            "{} {}",
            final_columns("_n."), parquet(m_stage), current, fmt::join(same_key, " AND "),
            fmt::join(different, " OR "), quote_literal(changes.string()), copy_options())));
    TRY_ASSIGN(m_draft.changes.inserted,
               m_duck->query_integer(
                   fmt::format("SELECT count(*) FROM {} WHERE _op = 1", parquet(changes))));
    m_draft.changes.updated = changed - m_draft.changes.inserted;
    m_draft.changes.unchanged = m_staged - changed;
    replace_stage(changes);
    return {};
}

}  // namespace nguon::intake
