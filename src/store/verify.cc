#include <fmt/format.h>

#include <set>

#include "crypto/sha256.h"
#include "store/internal/control.h"
#include "store/internal/impl.h"
#include "store/internal/verify_dataset.h"

namespace nguon::store {
namespace {

using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

// The database as a file, and the contract texts in it against their hashes.
Result<void> check_control(sql::Sqlite& control, std::vector<Finding>& findings) {
    TRY_ASSIGN(sql::Statement check, control.prepare("pragma integrity_check(1)"));
    TRY_ASSIGN(const bool any, check.step());
    if (any && check.text(0) != "ok") {
        findings.push_back({"", std::string(kControlFile), "changed", Text::same(check.text(0))});
    }
    TRY_ASSIGN(sql::Statement text,
               control.prepare("select sha256, file, yaml from contract_text"));
    for (;;) {
        TRY_ASSIGN(const bool row, text.step());
        if (!row) return {};
        if (crypto::sha256_hex(text.text(2)) == text.text(0)) continue;
        findings.push_back({"",
                            std::string(kControlFile),
                            "changed",
                            {fmt::format("Hợp đồng «{}» bị sửa.", text.text(1)),
                             fmt::format("The contract \"{}\" was changed.", text.text(1))}});
    }
}

void check_file(Disk& disk, const std::filesystem::path& folder, const SealedFile& file,
                std::vector<Finding>& findings) {
    const Result<std::string> sha256 = crypto::sha256_hex_of_file(disk, folder / file.path);
    if (sha256 && *sha256 == file.sha256) return;
    if (sha256) {
        findings.push_back({file.dataset,
                            file.path,
                            "changed",
                            {"Nội dung tệp không khớp tên băm của nó.",
                             "The file's content does not fit its hash."}});
    } else if (sha256.error().code == Code::kNotFound) {
        findings.push_back(
            {file.dataset, file.path, "missing", {"Tệp không còn.", "The file is gone."}});
    } else {
        findings.push_back({file.dataset, file.path, "changed", sha256.error().detail});
    }
}

Finding control_finding(const Text& detail, std::string_view problem) {
    return {"", std::string(kControlFile), std::string(problem), detail};
}

}  // namespace

Result<Verification> Store::verify(const std::vector<std::string>& names,
                                   const crypto::PublicKey& key, const Progress& progress) const {
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
        for (const auto& [name, state] : store.states)
            states.push_back(state);
    }

    // One read transaction: everything recorded is of one moment, while commits go on.
    std::vector<Recorded> recorded;
    {
        const std::lock_guard lock(store.read_mutex);
        TRY(store.reader->execute("begin"));
        const Result<void> loaded = [&]() -> Result<void> {
            TRY(check_control(*store.reader, result.findings));
            for (const std::shared_ptr<DatasetState>& state : states) {
                TRY_ASSIGN(Recorded one, load_recorded(*store.reader, state->id, state->name));
                if (const auto known = store.committed.find(state->name);
                    known != store.committed.end()) {
                    one.committed = known->second;
                }
                recorded.push_back(std::move(one));
            }
            return {};
        }();
        (void)store.reader->execute("rollback");
        if (!loaded && loaded.error().code != Code::kCorrupt)
            return std::unexpected(loaded.error());
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
