// Rows written alone: many small batches made true by one COMMIT. Their changes stand in control.db
// until seal.cc moves them into a segment; docs/concepts/commit.md.
#include <fmt/format.h>

#include <span>

#include "base/fail_point.h"
#include "crypto/sha256.h"
#include "store/internal/commit_steps.h"
#include "store/internal/hot.h"
#include "store/internal/receipt.h"

namespace nguon::store {
namespace {

Result<void> check_draft(const BatchDraft& draft, const BatchDraft& first) {
    const ChangeCounts& changes = draft.changes;
    const std::int64_t changed = changes.inserted + changes.updated + changes.deleted;
    if (draft.id.empty() || draft.body_sha256.empty()) return wrong_draft("id, sha256");
    if (draft.rows.read != 1 || draft.rows.accepted != 1 || draft.rows.rejected != 0)
        return wrong_draft("rows");
    if (changed != (draft.row ? 1 : 0) || changed + changes.unchanged != 1)
        return wrong_draft("changes");
    if (draft.segment || draft.quarantine || draft.originals || !draft.corrects.empty() ||
        draft.status != BatchStatus::kAccepted)
        return wrong_draft("row");
    if (draft.dataset != first.dataset || draft.contract_version != first.contract_version ||
        draft.expected_head != first.expected_head)
        return wrong_draft("dataset");
    return {};
}

Result<void> insert_rows(sql::Sqlite& control, std::span<const BatchDraft> drafts,
                         const std::vector<Prepared>& prepared) {
    TRY_ASSIGN(const sql::KeptStatement row,
               control.kept("insert into hot (dataset, seq, op, key, row_values, row_json) "
                            "values (?, ?, ?, ?, ?, ?)"));
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        TRY(insert_batch(control, drafts[i], prepared[i], Alone::kYes));
        if (!drafts[i].row) continue;
        const RowChange& change = *drafts[i].row;
        row->bind(1, prepared[i].dataset).bind(2, prepared[i].first);
        row->bind(3, static_cast<std::int64_t>(change.op)).bind(4, change.key);
        row->bind(5, change.values).bind(6, change.row_json);
        TRY(row->run());
        row->reset();
    }
    return {};
}

Result<void> move_head(sql::Sqlite& control, std::int64_t dataset, const Head& head) {
    TRY_ASSIGN(sql::Statement row,
               control.prepare("update dataset set head_seq = ?, current_rows = ?, head_at = ? "
                               "where id = ?"));
    row.bind(1, head.seq).bind(2, head.rows).bind(3, head.at).bind(4, dataset);
    return row.run();
}

}  // namespace

Result<std::vector<Receipt>> Store::commit_rows(std::span<const BatchDraft> drafts) {
    Impl& store = *m_impl;
    std::vector<Receipt> receipts;
    if (drafts.empty()) return receipts;
    for (const BatchDraft& draft : drafts)
        TRY(check_draft(draft, drafts.front()));
    const std::string& name = drafts.front().dataset;
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, store.find(name));
    const std::lock_guard lock(store.commit_mutex);
    TRY(store.check_writable());
    TRY(store.settle_outcome());
    TRY(check_sound(store, *state));
    if (state->version != drafts.front().contract_version ||
        state->head.seq != drafts.front().expected_head) {
        return moved(name);
    }
    Head head = state->head;
    std::vector<Prepared> prepared;
    Micros at = std::max(store.options.clock->now(), store.last_at + 1);
    for (const BatchDraft& given : drafts) {
        BatchDraft draft = given;
        Prepared one;
        one.dataset = state->id;
        one.at = at++;
        if (draft.row) {
            one.first = one.last = ++head.seq;
            draft.kept["row_sha256"] = hash_of(*draft.row);
        }
        head.rows += draft.changes.inserted - draft.changes.deleted;
        head.at = one.at;
        TRY_ASSIGN(one.receipt,
                   make_receipt(draft, one.first, one.last, one.at, *store.options.signer));
        receipts.push_back({draft.id, one.receipt, false, draft.status});
        prepared.push_back(std::move(one));
    }
    sql::Sqlite& control = *store.writer;
    const auto write = [&]() -> Result<void> {
        TRY(recheck(control, drafts.front(), state->id));
        TRY(insert_rows(control, drafts, prepared));
        TRY(move_head(control, state->id, head));
        FAIL_POINT("rows.in_transaction");
        return {};
    };
    TRY(commit_transaction(store, write));
    FAIL_POINT("rows.after_transaction");
    store.last_at = prepared.back().at;
    {
        const std::unique_lock states(store.state_mutex);
        state->head = head;
        if (state->unsealed.writes == 0) state->unsealed.oldest_at = prepared.front().at;
        state->unsealed.writes += static_cast<std::int64_t>(drafts.size());
    }
    store.tell_changed();
    return receipts;
}

}  // namespace nguon::store
