#include <fmt/format.h>

#include <set>

#include "crypto/sha256.h"
#include "store/internal/control.h"
#include "store/internal/impl.h"
#include "store/internal/verify_dataset.h"

namespace nguon::store {
namespace {

using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

// Calls `take` for each row of a query with one parameter.
template <class Take>
Result<void> each_row(sql::Sqlite& control, std::string_view query, std::int64_t dataset, Take take) {
    TRY_ASSIGN(sql::Statement row, control.prepare(query));
    row.bind(1, dataset);
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return {};
        take(row);
    }
}

Result<Recorded> load(sql::Sqlite& control, const DatasetState& state) {
    Recorded recorded;
    recorded.dataset = state.name;
    TRY(each_row(control, R"sql(
        select head_seq, current_rows, head_at, manifests, head_manifest from dataset where id = ?)sql",
                 state.id, [&](const sql::Statement& row) {
        recorded.head = {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
        recorded.head_manifest = row.text(4);
    }));
    TRY(each_row(control, "select number, batch, sha256, jws from manifest where dataset = ? order by number",
                 state.id, [&](const sql::Statement& row) {
        recorded.manifests.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                                      std::string(row.text(3))});
    }));
    TRY(each_row(control, R"sql(
        select sha256, bytes, first_seq, last_seq, inserted, updated, deleted, contract_version, batch, at
        from segment where dataset = ? order by first_seq)sql", state.id, [&](const sql::Statement& row) {
        Recorded::SegmentRow segment;
        segment.info.sha256 = row.text(0);
        segment.bytes = static_cast<std::uint64_t>(row.integer(1));
        segment.info.first = row.integer(2);
        segment.info.last = row.integer(3);
        segment.info.changes = {row.integer(4), row.integer(5), row.integer(6), 0};
        segment.info.contract_version = row.text(7);
        segment.info.batch = row.text(8);
        segment.info.at = row.integer(9);
        recorded.segments.push_back(std::move(segment));
    }));
    TRY(each_row(control, R"sql(
        select id, contract_version, mode, status, body_sha256, rows_read, rows_accepted, rows_rejected,
               first_seq, last_seq, at, corrects, quarantine_sha256, quarantine_bytes, receipt
        from batch where dataset = ? order by number)sql", state.id, [&](const sql::Statement& row) {
        Recorded::BatchRow batch;
        BatchInfo& info = batch.info;
        info.id = row.text(0);
        info.dataset = state.name;
        info.contract_version = row.text(1);
        info.mode = row.text(2);
        info.status = row.text(3) == "accepted" ? BatchStatus::kAccepted : BatchStatus::kRefused;
        info.sha256 = row.text(4);
        info.rows = {row.integer(5), row.integer(6), row.integer(7)};
        info.first = row.integer(8);
        info.last = row.integer(9);
        info.at = row.integer(10);
        info.corrects = row.text(11);
        info.quarantine_sha256 = row.text(12);
        batch.quarantine_bytes = static_cast<std::uint64_t>(row.integer(13));
        info.receipt_json = row.text(14);
        recorded.batches.push_back(std::move(batch));
    }));
    return recorded;
}

// The database as a file, and the contract texts in it against their hashes.
Result<void> check_control(sql::Sqlite& control, std::vector<Finding>& findings) {
    TRY_ASSIGN(sql::Statement check, control.prepare("pragma integrity_check(1)"));
    TRY_ASSIGN(const bool any, check.step());
    if (any && check.text(0) != "ok") {
        findings.push_back({"", std::string(kControlFile), "changed", Text::same(check.text(0))});
    }
    TRY_ASSIGN(sql::Statement text, control.prepare("select sha256, file, yaml from contract_text"));
    for (;;) {
        TRY_ASSIGN(const bool row, text.step());
        if (!row) return {};
        if (crypto::sha256_hex(text.text(2)) == text.text(0)) continue;
        findings.push_back({"", std::string(kControlFile), "changed",
                            {fmt::format("Hợp đồng «{}» bị sửa.", text.text(1)),
                             fmt::format("The contract \"{}\" was changed.", text.text(1))}});
    }
}

void check_file(Disk& disk, const std::filesystem::path& folder, const SealedFile& file,
                std::vector<Finding>& findings) {
    const Result<std::string> sha256 = crypto::sha256_hex_of_file(disk, folder / file.path);
    if (sha256 && *sha256 == file.sha256) return;
    if (sha256) {
        findings.push_back({file.dataset, file.path, "changed",
                            {"Nội dung tệp không khớp tên băm của nó.", "The file's content does not fit its hash."}});
    } else if (sha256.error().code == Code::kNotFound) {
        findings.push_back({file.dataset, file.path, "missing", {"Tệp không còn.", "The file is gone."}});
    } else {
        findings.push_back({file.dataset, file.path, "changed", sha256.error().detail});
    }
}

Finding control_finding(const Text& detail, std::string_view problem) {
    return {"", std::string(kControlFile), std::string(problem), detail};
}

}  // namespace

Result<Verification> Store::verify(const std::vector<std::string>& names, const crypto::PublicKey& key,
                                   const Progress& progress) const {
    Impl& store = *m_impl;
    Verification result;
    if (!store.damage.empty()) {
        result.findings.push_back(control_finding(store.damage, store.damage_problem));
        result.ok = false;
        return result;
    }
    std::vector<std::shared_ptr<DatasetState>> states;
    for (const std::string& name : names) {
        TRY_ASSIGN(std::shared_ptr<DatasetState> state, store.find(name));
        states.push_back(std::move(state));
    }
    if (names.empty()) {
        const std::shared_lock lock(store.state_mutex);
        for (const auto& [name, state] : store.states) states.push_back(state);
    }

    // One read transaction: everything recorded is of one moment, while commits go on.
    std::vector<Recorded> recorded;
    {
        const std::lock_guard lock(store.read_mutex);
        TRY(store.reader->execute("begin"));
        const Result<void> loaded = [&]() -> Result<void> {
            TRY(check_control(*store.reader, result.findings));
            for (const std::shared_ptr<DatasetState>& state : states) {
                TRY_ASSIGN(Recorded one, load(*store.reader, *state));
                recorded.push_back(std::move(one));
            }
            return {};
        }();
        (void)store.reader->execute("rollback");
        if (!loaded && loaded.error().code != Code::kCorrupt) return std::unexpected(loaded.error());
        if (!loaded) result.findings.push_back(control_finding(loaded.error().detail, "changed"));
    }

    std::vector<SealedFile> files;
    std::set<std::string> seen;  // two batches may have left the same bytes
    std::uint64_t total = 0;
    for (const Recorded& one : recorded) {
        DatasetVerifier verifier(store.disk(), store.options.folder, key, one, result.findings);
        result.datasets.push_back(verifier.run());
        for (const SealedFile& file : verifier.files()) {
            if (!seen.insert(file.path).second) continue;
            total += file.bytes;
            files.push_back(file);
        }
    }
    std::uint64_t done = 0;
    for (const SealedFile& file : files) {
        check_file(store.disk(), store.options.folder, file, result.findings);
        done += file.bytes;
        if (progress) progress(done, total);
    }
    result.ok = result.findings.empty();
    return result;
}

}  // namespace nguon::store
