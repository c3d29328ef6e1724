// The part of a pass that takes the file for the whole truth: what is not in it is deleted, save
// what a row that was set aside may stand for.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "intake/internal/pass.h"
#include "intake/internal/spool_input.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;
using sql::quote_literal;

// Where the contract declares no share: a tenth of the rows, of few rows half.
constexpr double kMaxDeleteShare = 0.1;
constexpr double kMaxDeleteShareOfFew = 0.5;
constexpr std::int64_t kFewRows = 20;

// How much a snapshot may delete unconfirmed. Never all: an empty file, or one of another dataset.
std::int64_t deletes_allowed(const contract::Dataset& dataset, std::int64_t rows) {
    const double standard = rows < kFewRows ? kMaxDeleteShareOfFew : kMaxDeleteShare;
    const double share = dataset.max_delete_share.value_or(standard);
    // 0.29 · 100 is a little less than 29.
    const auto allowed =
        static_cast<std::int64_t>(std::floor(share * static_cast<double>(rows) + 1e-6));
    return std::max<std::int64_t>(0, std::min(allowed, rows - 1));
}

// What a rule says of the key of a row that breaks it.
enum class Tells { kKey, kNothing, kRepeated };

std::vector<Tells> tells_of(const quality::RuleSet& rules, const contract::Dataset& dataset) {
    std::vector<Tells> tells;
    for (const quality::RowRule& rule : rules.rows) {
        const std::vector<std::string> columns = split(rule.column, ',');
        const bool of_key = std::ranges::any_of(dataset.key(), [&](const contract::Column* column) {
            return std::ranges::find(columns, column->name) != columns.end();
        });
        if (rule.kind == quality::RuleKind::kKey) {
            tells.push_back(Tells::kRepeated);
        } else if (rule.kind == quality::RuleKind::kRecord || of_key) {
            tells.push_back(Tells::kNothing);
        } else {
            tells.push_back(Tells::kKey);
        }
    }
    return tells;
}

Tells told_by(const Masks& failed, const std::vector<Tells>& tells) {
    Tells told = Tells::kKey;
    for (std::size_t rule = 0; rule < tells.size(); ++rule) {
        const std::int64_t mask = failed[rule / scan::kBitsPerMask];
        if ((mask >> (rule % scan::kBitsPerMask) & 1) == 0) continue;
        if (tells[rule] == Tells::kNothing) return Tells::kNothing;
        if (tells[rule] == Tells::kRepeated) told = Tells::kRepeated;
    }
    return told;
}

json::object finding(std::string_view rule, contract::Severity severity, Text description,
                     std::int64_t checked, std::int64_t failed) {
    quality::RuleResult result;
    result.rule = rule;
    result.dimension = contract::Dimension::kComplete;
    result.severity = severity;
    result.description = std::move(description);
    result.checked = checked;
    result.failed = failed;
    return quality::to_json(result);
}

}  // namespace

// `_protected`: the keys of rows set aside, as often as they come. A row that is damaged, whose key
// breaks a rule, or whose key another row of the file has, may be any of the missing ones: counted
// in m_unclear. (A repeated row that equals the one that entered is none.)
Result<void> Pass::find_protected() {
    const std::vector<Tells> tells = tells_of(m_rules, m_dataset);
    RowSpool told(*m_store.options().disk, temporary("").parent_path() / (m_draft.id + ".told"),
                  m_rules.mask_count());
    m_unclear = m_unequal_repeats;
    RowSpool::Reader reader(m_judge->rejects());
    RowSpool::Entry entry;
    for (;;) {
        TRY_ASSIGN(const bool more, reader.next(entry));
        if (!more) break;
        const Tells what = told_by(entry.masks, tells);
        if (what == Tells::kNothing) ++m_unclear;
        if (what == Tells::kKey) TRY(told.add(entry.row, entry.masks, entry.record));
    }
    const std::string source = fmt::format("_told{}", ++m_rescans);
    TRY(m_duck->register_source(
        source, std::make_shared<scan::Table>(std::make_unique<SpoolInput>(told, m_table->input()),
                                              plan_without_key(m_quiet_mender),
                                              *m_store.options().random)));
    TRY(m_duck->execute(
        fmt::format("CREATE OR REPLACE TEMP TABLE _protected AS SELECT {0}, count(*) AS _times "
                    "FROM {1}() GROUP BY {0}",
                    key_columns(""), source)));
    TRY_ASSIGN(const std::int64_t repeated,
               m_duck->query_integer(fmt::format(
                   "SELECT coalesce(sum(CASE WHEN _staged THEN _times ELSE _times - 1 END), "
                   "0)::BIGINT FROM _protected LEFT JOIN (SELECT {0}, true AS _staged FROM "
                   "read_parquet({1})) USING ({0})",
                   key_columns(""), quote_literal(m_stage.string()))));
    m_unclear += repeated;
    return {};
}

// The rows that will stand beside those of the file, as far as rows were set aside by now.
Result<std::string> Pass::rows_kept() {
    TRY(find_protected());
    TRY_ASSIGN(const std::string current, standing());
    const std::string missing =
        fmt::format("SELECT * FROM ({0}) ANTI JOIN (SELECT {1} FROM read_parquet({2})) USING ({1})",
                    current, key_columns(""), quote_literal(m_stage.string()));
    if (m_unclear > 0) return missing;
    return fmt::format("SELECT * FROM ({}) SEMI JOIN _protected USING ({})", missing,
                       key_columns(""));
}

// Every change between the rows that stand and the file: one full join. An update has the whole
// row, a delete the key and nulls.
Result<void> Pass::write_differences() {
    TRY_ASSIGN(const std::string current, standing());
    std::vector<std::string> columns, same_key, different;
    for (const contract::Column& column : m_dataset.columns) {
        const std::string name = quote_identifier(column.name);
        if (column.key_position > 0) {
            columns.push_back(fmt::format("coalesce(_n.{0}, _c.{0}) AS {0}", name));
            same_key.push_back(fmt::format("_n.{0} = _c.{0}", name));
        } else {
            columns.push_back(fmt::format("_n.{}", name));
            different.push_back(fmt::format("_n.{0} IS DISTINCT FROM _c.{0}", name));
        }
    }
    if (different.empty()) different.emplace_back("false");
    const std::filesystem::path changes = temporary(".parquet");
    TRY(m_duck->execute(fmt::format(
        "COPY (SELECT (CASE WHEN _c._there IS NULL THEN 1 WHEN _n._op IS NULL THEN 3 ELSE 2 "
        "END)::TINYINT AS _op, {} FROM read_parquet({}) _n FULL JOIN (SELECT *, true AS _there "
        "FROM ({})) _c ON {} WHERE _c._there IS NULL OR _n._op IS NULL OR {}) TO {} {}",
        fmt::join(columns, ", "), quote_literal(m_stage.string()), current,
        fmt::join(same_key, " AND "), fmt::join(different, " OR "), quote_literal(changes.string()),
        copy_options())));
    replace_stage(changes);
    return {};
}

Result<void> Pass::compare_with_snapshot() {
    TRY(judge_missing());
    SnapshotCounts counts;
    TRY_ASSIGN(const store::Head head, m_store.head(m_dataset.name));
    counts.rows = head.rows;
    if (!m_compare) {
        m_draft.changes.inserted = m_staged;
        return judge_deletions(counts);
    }
    TRY(find_protected());
    TRY(write_differences());
    const std::string all = fmt::format("read_parquet({})", quote_literal(m_stage.string()));
    const auto count = [&](int op) {
        return m_duck->query_integer(
            fmt::format("SELECT count(*) FROM {} WHERE _op = {}", all, op));
    };
    TRY_ASSIGN(m_draft.changes.inserted, count(1));
    TRY_ASSIGN(m_draft.changes.updated, count(2));
    TRY_ASSIGN(counts.missing, count(3));
    m_draft.changes.unchanged = m_staged - m_draft.changes.inserted - m_draft.changes.updated;
    TRY_ASSIGN(counts.kept_aside,
               m_duck->query_integer(
                   fmt::format("SELECT count(*) FROM {} SEMI JOIN _protected USING ({}) WHERE _op "
                               "= 3",
                               all, key_columns(""))));
    if (m_unclear > 0) counts.kept_unclear = counts.missing - counts.kept_aside;
    counts.deleted = counts.missing - counts.kept_aside - counts.kept_unclear;
    m_draft.changes.deleted = counts.deleted;
    if (counts.deleted < counts.missing) TRY(drop_kept_deletions());
    return judge_deletions(counts);
}

// The stage again without the deletions of rows that stay.
Result<void> Pass::drop_kept_deletions() {
    const std::string all = fmt::format("read_parquet({})", quote_literal(m_stage.string()));
    std::string rows = fmt::format("SELECT * FROM {} WHERE _op <> 3", all);
    if (m_unclear == 0) {
        rows +=
            fmt::format(" UNION ALL SELECT * FROM {} ANTI JOIN _protected USING ({}) WHERE _op = 3",
                        all, key_columns(""));
    }
    const std::filesystem::path fewer = temporary(".parquet");
    TRY(m_duck->execute(
        fmt::format("COPY ({}) TO {} {}", rows, quote_literal(fewer.string()), copy_options())));
    replace_stage(fewer);
    return {};
}

// The keys of some deletions, masked.
Result<json::array> Pass::deletions_shown() {
    std::vector<std::string> key;
    for (const contract::Column* column : m_dataset.key())
        key.push_back(fmt::format("{}::VARCHAR", quote_identifier(column->name)));
    TRY_ASSIGN(sql::DuckResult rows,
               m_duck->query(fmt::format(
                   "SELECT concat_ws(',', {}) FROM read_parquet({}) WHERE _op = 3 ORDER BY {} "
                   "LIMIT {}",
                   fmt::join(key, ", "), quote_literal(m_stage.string()), key_columns(""),
                   quality::kMostExamples)));
    json::array shown;
    for (;;) {
        TRY_ASSIGN(const std::size_t count, rows.next());
        if (count == 0) return shown;
        for (std::size_t i = 0; i < count; ++i)
            shown.push_back(json::object{{"value", quality::mask(rows.text(0, i))}});
    }
}

Result<void> Pass::judge_deletions(const SnapshotCounts& counts) {
    const std::int64_t allowed = deletes_allowed(m_dataset, counts.rows);
    const bool too_many = counts.deleted > allowed;
    const std::int64_t confirmed = m_request.confirm_deletes.value_or(counts.deleted);
    const bool refused = confirmed != counts.deleted || (too_many && !m_request.confirm_deletes);
    const auto confirm =
        refused && counts.deleted > 0 ? json::value(counts.deleted) : json::value(nullptr);
    const json::object told{{"rows", counts.rows},
                            {"missing", counts.missing},
                            {"deleted", counts.deleted},
                            {"kept_aside", counts.kept_aside},
                            {"kept_unclear", counts.kept_unclear},
                            {"unclear", m_unclear},
                            {"allowed", allowed},
                            {"confirm", confirm}};
    m_draft.snapshot.insert(told.begin(), told.end());
    if (refused) {
        m_refused = true;
        const auto vi = [](std::int64_t n) { return with_separators(n, Language::kVietnamese); };
        const auto en = [](std::int64_t n) { return with_separators(n, Language::kEnglish); };
        Text said{
            fmt::format("Tệp này sẽ xóa {} trong {} dòng đang có; không xác nhận thì chỉ được "
                        "xóa đến {}.",
                        vi(counts.deleted), vi(counts.rows), vi(allowed)),
            fmt::format("This file would delete {} of the {} rows that stand; unconfirmed, at "
                        "most {} may go.",
                        en(counts.deleted), en(counts.rows), en(allowed))};
        if (m_request.confirm_deletes) {
            said = {fmt::format("Đã xác nhận xóa {} dòng, nhưng tệp này sẽ xóa {} trong {} dòng.",
                                vi(confirmed), vi(counts.deleted), vi(counts.rows)),
                    fmt::format("{} deletions were confirmed, but this file would delete {} of {} "
                                "rows.",
                                en(confirmed), en(counts.deleted), en(counts.rows))};
        }
        json::object result =
            finding("snapshot:deletes", contract::Severity::kError, std::move(said), counts.rows,
                    std::max<std::int64_t>(1, counts.deleted));
        refuse_for(result, {"Nếu tệp chưa đủ, gửi tệp có mọi dòng.",
                            "If the file is not whole, send one with every row."});
        if (m_compare) {
            TRY_ASSIGN(result["examples"], deletions_shown());
        }
        m_draft.results.push_back(std::move(result));
    }
    if (counts.kept_aside > 0) {
        m_draft.results.push_back(
            finding("snapshot:kept", contract::Severity::kWarning,
                    {"Không có trong tệp nhưng được giữ: dòng có khóa đó đang để riêng.",
                     "Not in the file, and kept: a row with that key was set aside."},
                    counts.missing, counts.kept_aside));
    }
    if (counts.kept_unclear > 0) {
        m_draft.results.push_back(
            finding("snapshot:held_back", contract::Severity::kWarning,
                    {fmt::format("Không có trong tệp nhưng được giữ: {} dòng để riêng không rõ "
                                 "khóa, có thể chính là chúng.",
                                 with_separators(m_unclear, Language::kVietnamese)),
                     fmt::format("Not in the file, and kept: they may be among the rows set aside "
                                 "whose key is unclear ({}).",
                                 with_separators(m_unclear, Language::kEnglish))},
                    counts.missing, counts.kept_unclear));
    }
    return {};
}

}  // namespace nguon::intake
