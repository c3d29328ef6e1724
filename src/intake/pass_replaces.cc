// The part of a pass whose file comes in the place of an earlier batch.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "intake/internal/pass.h"
#include "intake/internal/pass_sql.h"
#include "intake/internal/replaced.h"
#include "intake/internal/sent_again.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;
using sql::quote_literal;

}  // namespace

// `_replaced`: the rows that the batch and its corrections inserted and nobody changed since, with
// `_seq`. What they updated stays: nobody could say what should stand instead.
Result<void> Pass::open_replaced() {
    if (m_request.replaces.empty()) return {};
    TRY_ASSIGN(const auto batches, m_store.batches(m_dataset.name, 0));
    const std::set<std::string> line = whole_line_of(batches, m_request.replaces);
    TRY_ASSIGN(const auto segments, m_store.segments(m_dataset.name, m_draft.expected_head));
    std::vector<store::SegmentInfo> own;
    std::ranges::copy_if(segments, std::back_inserter(own), [&](const store::SegmentInfo& segment) {
        return line.contains(segment.batch);
    });
    const store::Seq head = m_draft.expected_head;
    return m_duck->execute(fmt::format(
        "CREATE TEMP TABLE _replaced AS SELECT * FROM ({}) SEMI JOIN (SELECT _seq FROM ({}) WHERE "
        "_op = 1) USING (_seq)",
        store::current_view(m_info, segments, head, store::WithSeq::kYes).sql,
        store::history_view(m_info, own, head).sql));
}

// Of what enters, what does not stand already; and what of the batch does not enter again goes.
Result<void> Pass::compare_with_replaced() {
    TRY_ASSIGN(const std::int64_t before, m_duck->query_integer("SELECT count(*) FROM _replaced"));
    const std::filesystem::path changes = temporary(".parquet");
    std::string entering, going;
    if (m_dataset.key().empty()) {
        // Equal rows are told apart by counting them.
        const std::string numbered =
            fmt::format("row_number() OVER (PARTITION BY {}) AS _nth", final_columns(""));
        std::string same = "_a._nth = _b._nth";
        for (const contract::Column& column : m_dataset.columns)
            same += fmt::format(" AND _a.{0} IS NOT DISTINCT FROM _b.{0}",
                                quote_identifier(column.name));
        const std::string now =
            fmt::format("(SELECT {}, {} FROM {})", final_columns(""), numbered, parquet(m_stage));
        const std::string then = fmt::format("(SELECT *, {} FROM _replaced)", numbered);
        entering = fmt::format(
            "SELECT 1::TINYINT AS _op, {}, NULL::BIGINT AS _of FROM {} _a ANTI "
            "JOIN {} _b ON {}",
            final_columns("_a."), now, then, same);
        going = fmt::format(
            "SELECT 3::TINYINT AS _op, {}, _a._seq AS _of FROM {} _a ANTI JOIN {} "
            "_b ON {}",
            final_columns("_a."), then, now, same);
    } else {
        std::vector<std::string> same, other, gone;
        for (const contract::Column& column : m_dataset.columns) {
            const std::string name = quote_identifier(column.name);
            const bool is_key = column.key_position > 0;
            (is_key ? same : other)
                .push_back(
                    fmt::format("_n.{0} {1} _c.{0}", name, is_key ? "=" : "IS DISTINCT FROM"));
            gone.push_back(is_key ? name : fmt::format("NULL AS {}", name));
        }
        if (other.empty()) other.emplace_back("false");
        TRY_ASSIGN(const std::string current, standing());
        entering = fmt::format(
            "SELECT (CASE WHEN _c._there IS NULL THEN 1 ELSE 2 END)::TINYINT AS _op, {0} FROM {1} "
            "_n LEFT JOIN (SELECT {2}, true AS _there FROM ({3} UNION ALL SELECT {2} FROM "
            "_replaced)) _c ON {4} WHERE _c._there IS NULL OR {5}",
            final_columns("_n."), parquet(m_stage), final_columns(""), current,
            fmt::join(same, " AND "), fmt::join(other, " OR "));
        going = fmt::format("SELECT 3::TINYINT AS _op, {} FROM _replaced ANTI JOIN {} USING ({})",
                            fmt::join(gone, ", "), parquet(m_stage), key_columns(""));
    }
    TRY_ASSIGN(const std::int64_t changed,
               m_duck->query_integer(fmt::format("COPY ({} UNION ALL {}) TO {} {}", entering, going,
                                                 quote_literal(changes.string()), copy_options())));
    const auto count = [&](int op) {
        return m_duck->query_integer(
            fmt::format("SELECT count(*) FROM {} WHERE _op = {}", parquet(changes), op));
    };
    TRY_ASSIGN(m_draft.changes.inserted, count(1));
    TRY_ASSIGN(m_draft.changes.deleted, count(3));
    m_draft.changes.updated = changed - m_draft.changes.inserted - m_draft.changes.deleted;
    m_draft.changes.unchanged = m_staged - m_draft.changes.inserted - m_draft.changes.updated;
    m_draft.kept["replaces"] = {{"batch", m_request.replaces}, {"rows", before}};
    replace_stage(changes);
    return {};
}

// What the batch and its corrections set aside and nobody mended went with them: this file has
// these rows anew.
Result<void> Pass::close_replaced() {
    if (m_request.replaces.empty()) return {};
    TRY_ASSIGN(const auto batches, m_store.batches(m_dataset.name, 0));
    const std::set<std::string> line = whole_line_of(batches, m_request.replaces);
    std::vector<RowAside> rows;
    for (const store::BatchInfo& batch : batches) {
        if (!line.contains(batch.id) || batch.quarantine_sha256.empty()) continue;
        TRY_ASSIGN(const auto aside, SentAgain::of(m_store, batch));
        for (const auto& [row, name] : aside->open_rows())
            rows.push_back(name);
    }
    close_rows(std::move(rows));
    return {};
}

}  // namespace nguon::intake
