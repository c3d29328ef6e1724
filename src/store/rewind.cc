// control.db taken back in time: what came later is gone from it, as if it had never been.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/json.h"
#include "contract/contract.h"
#include "store/blob_store.h"
#include "store/internal/commit_steps.h"
#include "store/internal/control.h"
#include "store/internal/fields.h"
#include "store/internal/hot.h"
#include "store/key.h"
#include "store/merge.h"
#include "store/read.h"
#include "store/restore.h"
#include "store/row_json.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

// Rows written alone that a later manifest sealed: the moment lies inside their segment.
struct Cut {
    std::string dataset;
    std::int64_t id = 0;
    SegmentInfo segment;
    Seq last = 0;  // of them; 0: none changed anything
};

Result<std::vector<Cut>> cuts_at(sql::Sqlite& control, const fs::path& folder, Micros at) {
    TRY_ASSIGN(sql::Statement row, control.prepare(R"sql(
        select d.name, d.id, s.sha256, s.first_seq, s.last_seq, s.inserted, s.updated, s.deleted,
               s.contract_version, (select max(b.last_seq) from batch b where b.dataset = d.id and
               b.alone = 1 and b.at <= ?1 and b.last_seq between s.first_seq and s.last_seq)
        from segment s join dataset d on d.id = s.dataset
        where s.at > ?1 and exists (select 1 from batch b where b.dataset = d.id and b.alone = 1 and
              b.at <= ?1 and b.last_seq between s.first_seq and s.last_seq))sql"));
    row.bind(1, at);
    std::vector<Cut> cuts;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return cuts;
        Cut cut;
        cut.dataset = row.text(0);
        cut.id = row.integer(1);
        cut.segment.sha256 = row.text(2);
        cut.segment.path = folder / "segments" / (cut.segment.sha256 + ".parquet");
        cut.segment.first = row.integer(3);
        cut.segment.last = row.integer(4);
        cut.segment.changes = {row.integer(5), row.integer(6), row.integer(7), 0};
        cut.segment.contract_version = row.text(8);
        cut.last = row.integer(9);
        cuts.push_back(std::move(cut));
    }
}

RowChange change_of(const sql::DuckResult& result, std::size_t row,
                    const contract::Dataset& dataset, const RowJson& json, const KeyWriter& keys) {
    constexpr std::size_t kFirst = 2;  // behind _seq and _op
    RowChange change;
    change.op = static_cast<Op>(result.integer(1, row));
    keys.append(change.key, result, row);
    json::array values;
    for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
        if (result.is_null(kFirst + i, row)) {
            values.emplace_back(nullptr);
            continue;
        }
        std::string text;
        append_canonical(text, dataset.columns[i], result, kFirst + i, row);
        values.emplace_back(text);
    }
    change.values = to_text(values);
    change.row_json = "null";
    if (change.op != Op::kDelete) {
        change.row_json.clear();
        json.append(change.row_json, result, row);
    }
    return change;
}

// The rows of a cut that stay, as they stood in control.db.
Result<std::vector<HotRow>> rows_of(const Cut& cut, const DatasetInfo& dataset) {
    TRY_ASSIGN(const std::unique_ptr<sql::Duck> duck, open_reader({}));
    TRY_ASSIGN(sql::DuckResult result,
               duck->query(fmt::format("SELECT * FROM ({}) ORDER BY _seq",
                                       history_view(dataset, {cut.segment}, cut.last).sql)));
    const RowJson json(result, 2, &dataset.contract);
    const KeyWriter keys(dataset.contract, 2);
    std::vector<HotRow> rows;
    for (;;) {
        TRY_ASSIGN(const std::size_t count, result.next());
        if (count == 0) return rows;
        for (std::size_t row = 0; row < count; ++row) {
            rows.push_back(
                {result.integer(0, row), change_of(result, row, dataset.contract, json, keys)});
        }
    }
}

Result<void> put_back(sql::Sqlite& control, std::int64_t dataset, const std::vector<HotRow>& rows) {
    TRY_ASSIGN(sql::Statement row,
               control.prepare("insert into hot (dataset, seq, op, key, row_values, row_json) "
                               "values (?, ?, ?, ?, ?, ?)"));
    for (const HotRow& one : rows) {
        row.bind(1, dataset).bind(2, one.seq).bind(3, static_cast<std::int64_t>(one.change.op));
        row.bind(4, one.change.key).bind(5, one.change.values).bind(6, one.change.row_json);
        TRY(row.run());
        row.reset();
    }
    return {};
}

// The contracts that a dataset had by then, oldest first.
Result<std::vector<contract::Dataset>> contracts_of(sql::Sqlite& control, std::int64_t dataset,
                                                    std::string_view name) {
    TRY_ASSIGN(sql::Statement row, control.prepare(R"sql(
        select t.yaml from contract c join contract_text t on t.sha256 = c.sha256
        where c.dataset = ? order by c.applied_at, c.rowid)sql"));
    row.bind(1, dataset);
    std::vector<contract::Dataset> all;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return all;
        TRY_ASSIGN(contract::Contract parsed, contract::parse(row.text(0), "contract.yaml"));
        const auto found = std::ranges::find(parsed.datasets, name, &contract::Dataset::name);
        if (found != parsed.datasets.end()) all.push_back(std::move(*found));
    }
}

// As apply() allotted them, version after version.
Result<void> allot_again(sql::Sqlite& control, std::int64_t dataset,
                         const std::vector<contract::Dataset>& versions) {
    TRY_ASSIGN(sql::Statement names, control.prepare("delete from former_name where dataset = ?"));
    TRY(names.bind(1, dataset).run());
    TRY_ASSIGN(sql::Statement fields, control.prepare("delete from field where dataset = ?"));
    TRY(fields.bind(1, dataset).run());
    for (std::size_t i = 0; i < versions.size(); ++i) {
        if (i > 0) TRY(rename_fields(control, dataset, versions[i - 1], versions[i]));
        TRY(allot_fields(control, dataset, versions[i]));
    }
    return {};
}

// Later than ?1 goes. A contract that a batch of before has was there before, whatever the clock
// said when it was applied.
constexpr std::string_view kTakeAway[] = {
    "delete from segment where at > ?1",
    "delete from manifest where batch in (select id from batch where at > ?1)",
    "update batch set sealed = null where alone = 1 and sealed is not null and not exists (select "
    "1 "
    "from manifest m where m.dataset = batch.dataset and m.number = batch.sealed)",
    "delete from hot where seq > coalesce((select max(b.last_seq) from batch b where b.dataset = "
    "hot.dataset and b.at <= ?1), 0)",
    "delete from batch where at > ?1",
    "delete from contract where applied_at > ?1 and not exists (select 1 from batch b where "
    "b.dataset = contract.dataset and b.contract_version = contract.version)",
};
constexpr std::string_view kLostDatasets =
    "select id from dataset where id not in (select dataset from contract)";
constexpr std::string_view kHeads = R"sql(
update dataset set
    version = (select version from contract c where c.dataset = dataset.id
               order by applied_at desc, rowid desc limit 1),
    head_seq = coalesce((select max(last_seq) from batch b where b.dataset = dataset.id), 0),
    current_rows =
        coalesce((select sum(inserted - deleted) from segment s where s.dataset = dataset.id), 0) +
        coalesce((select sum(case op when 1 then 1 when 3 then -1 else 0 end) from hot h
                  where h.dataset = dataset.id), 0),
    head_at = coalesce((select max(at) from batch b where b.dataset = dataset.id and
                        b.status = 'accepted'), 0),
    manifests = (select count(*) from manifest m where m.dataset = dataset.id),
    head_manifest = coalesce((select sha256 from manifest m where m.dataset = dataset.id
                              order by number desc limit 1), ''))sql";

Result<void> run_at(sql::Sqlite& control, std::string_view text, Micros at) {
    TRY_ASSIGN(sql::Statement statement, control.prepare(text));
    if (text.find("?1") != text.npos) statement.bind(1, at);
    return statement.run();
}

struct Kept {
    std::int64_t id = 0;
    std::string name;
};

Result<std::vector<Kept>> datasets_of(sql::Sqlite& control) {
    TRY_ASSIGN(sql::Statement row, control.prepare("select id, name from dataset"));
    std::vector<Kept> all;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return all;
        all.push_back({row.integer(0), std::string(row.text(1))});
    }
}

// Datasets that were not there yet, and texts that nobody refers to.
Result<void> drop_lost(sql::Sqlite& control) {
    for (const std::string_view table : {"field", "former_name"}) {
        TRY(control.execute(
            fmt::format("delete from {} where dataset in ({})", table, kLostDatasets)));
    }
    TRY(control.execute(fmt::format("delete from dataset where id in ({})", kLostDatasets)));
    return control.execute(
        "delete from contract_text where sha256 not in (select sha256 from contract)");
}

Result<void> take_away(sql::Sqlite& control, Micros at) {
    for (const std::string_view statement : kTakeAway)
        TRY(run_at(control, statement, at));
    TRY(drop_lost(control));
    TRY_ASSIGN(const std::vector<Kept> kept, datasets_of(control));
    for (const Kept& dataset : kept) {
        TRY_ASSIGN(const auto versions, contracts_of(control, dataset.id, dataset.name));
        TRY(allot_again(control, dataset.id, versions));
    }
    return control.execute(kHeads);
}

// The dataset as merge.h wants it, of the contract in force now.
Result<DatasetInfo> info_of(sql::Sqlite& control, const Cut& cut) {
    TRY_ASSIGN(std::vector<contract::Dataset> versions, contracts_of(control, cut.id, cut.dataset));
    DatasetInfo info;
    if (!versions.empty()) info.contract = std::move(versions.back());
    return info;
}

// Sealed files that nothing refers to any more: left there, they would look like history that
// control.db has lost.
Result<void> drop_files(const Host& host, sql::Sqlite& control, const fs::path& folder) {
    const auto blobs = make_local_blob_store(host.disk, folder);
    for (const BlobKind kind : {BlobKind::kSegment, BlobKind::kQuarantine}) {
        TRY_ASSIGN(const std::vector<std::string> present, blobs->list(kind));
        for (const std::string& sha256 : present) {
            TRY_ASSIGN(const bool referenced, is_referenced(control, kind, sha256));
            if (!referenced) TRY(blobs->remove(sha256, kind));
        }
        TRY(host.disk.sync_folder(folder / folder_of(kind)));
    }
    return {};
}

// What was erased since must not come back, and without its record the chain would not verify.
Result<void> check_erasures(sql::Sqlite& control, Micros at) {
    TRY_ASSIGN(sql::Statement row,
               control.prepare("select max(at) from batch where "
                               "json_extract(receipt, '$.erasure') is not null"));
    TRY(row.step());
    if (row.integer(0) <= at) return {};
    const std::string when = format_time(row.integer(0));
    return fail(Code::kConflict,
                {fmt::format("Lúc {} có dữ liệu bị xóa theo pháp luật; không đưa nút về trước đó "
                             "được.",
                             when),
                 fmt::format("At {} data were erased as the law ordered; a node is not taken back "
                             "to before that.",
                             when)},
                {"Chọn thời điểm sau đó.", "Choose a moment after it."});
}

}  // namespace

Result<void> rewind(const Host& host, const fs::path& folder, Micros at) {
    TRY_ASSIGN(const auto control, open_control(host, folder));
    TRY(check_erasures(*control, at));
    TRY_ASSIGN(const std::vector<Cut> cuts, cuts_at(*control, folder, at));
    TRY(host.disk.make_folders(folder / "segments"));
    TRY(host.disk.make_folders(folder / "quarantine"));
    const auto write = [&]() -> Result<void> {
        TRY(take_away(*control, at));
        for (const Cut& cut : cuts) {
            TRY_ASSIGN(const DatasetInfo info, info_of(*control, cut));
            TRY_ASSIGN(const std::vector<HotRow> rows, rows_of(cut, info));
            TRY(put_back(*control, cut.id, rows));
        }
        return control->execute(kHeads);
    };
    TRY(control->transaction(write));
    return drop_files(host, *control, folder);
}

}  // namespace nguon::store
