// Rows written alone, as readers see them: DuckDB reads files, so those that wait for their segment
// are shown in one below views/, made when somebody asks.
#include <fmt/format.h>

#include <algorithm>

#include "crypto/sha256.h"
#include "store/internal/hot.h"
#include "store/internal/impl.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

// Longer than any question may run: whoever was told of a file can still open it.
constexpr std::chrono::minutes kKept{30};

}  // namespace

std::string hash_of(const RowChange& change) {
    return crypto::sha256_hex(
        fmt::format("{}\n{}\n{}", name_of(change.op), change.key, change.values));
}

ChangeCounts count(const std::vector<HotRow>& rows) {
    ChangeCounts changes;
    for (const HotRow& row : rows) {
        switch (row.change.op) {
            case Op::kErased: break;  // rows are erased in segments only
            case Op::kInsert: ++changes.inserted; break;
            case Op::kUpdate: ++changes.updated; break;
            case Op::kDelete: ++changes.deleted; break;
        }
    }
    return changes;
}

Result<std::vector<HotRow>> read_hot_rows(sql::Sqlite& control, std::int64_t dataset, Seq after) {
    TRY_ASSIGN(const sql::KeptStatement row,
               control.kept("select seq, op, key, row_values, row_json from hot where dataset = "
                            "? and seq > ? order by seq"));
    row->bind(1, dataset).bind(2, after);
    std::vector<HotRow> rows;
    for (;;) {
        TRY_ASSIGN(const bool any, row->step());
        if (!any) return rows;
        rows.push_back({row->integer(0),
                        {static_cast<Op>(row->integer(1)), std::string(row->text(2)),
                         std::string(row->text(3)), std::string(row->text(4))}});
    }
}

void ReceiptsHash::add(std::string_view receipt) {
    add_hash(crypto::sha256_hex(receipt));
}

void ReceiptsHash::add_hash(std::string_view sha256) {
    m_hashes += sha256;
    m_hashes += '\n';
}

std::string ReceiptsHash::hex() const {
    return crypto::sha256_hex(m_hashes);
}

// Nobody else's business, where it is in a common folder.
Result<void> Store::Impl::make_hot_folder() {
    return disk().make_private_folder(hot_folder);
}

std::vector<fs::path> Store::segment_folders() const {
    std::vector<fs::path> folders{m_impl->path("segments")};
    if (m_impl->bases && m_impl->disk().make_folders(m_impl->bases->folder()))
        folders.push_back(m_impl->bases->folder());
    const bool may_have_rows = !m_impl->options.read_only || !unsealed().empty();
    if (may_have_rows && m_impl->make_hot_folder()) folders.push_back(m_impl->hot_folder);
    return folders;
}

std::optional<SegmentInfo> Store::Impl::known_hot_file(std::string_view dataset, Seq first,
                                                       Seq last) {
    const std::lock_guard lock(hot_mutex);
    const auto files = hot_files.find(dataset);
    if (files == hot_files.end()) return std::nullopt;
    for (const HotFile& file : files->second) {
        if (file.shown.first == first && file.shown.last == last) return file.shown;
    }
    return std::nullopt;
}

Result<SegmentInfo> Store::Impl::make_hot_file(const DatasetInfo& dataset,
                                               const std::vector<HotRow>& rows) {
    const std::string& name = dataset.contract.name;
    SegmentInfo shown;
    shown.first = rows.front().seq;
    shown.last = rows.back().seq;
    const std::lock_guard making(hot_making);
    if (auto known = known_hot_file(name, shown.first, shown.last)) return *std::move(known);
    TRY(make_hot_folder());
    shown.path = hot_folder / fmt::format("{}.{}-{}.parquet", name, shown.first, shown.last);
    shown.changes = count(rows);
    shown.contract_version = dataset.contract.version;
    const fs::path made = shown.path.string() + ".tmp";
    TRY(options.write_segment(dataset, rows, made));
    TRY(disk().rename(made, shown.path));
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(hot_mutex);
    std::vector<HotFile>& files = hot_files[name];
    const auto old =
        std::ranges::find_if(files, [&](const HotFile& file) { return now - file.made < kKept; });
    for (auto file = files.begin(); file != old; ++file)
        (void)disk().remove(file->shown.path);
    files.erase(files.begin(), old);
    files.push_back({shown, now});
    return shown;
}

void Store::Impl::clear_hot_files() {
    if (hot_folder.empty() || !disk().exists(hot_folder)) return;
    const Result<std::vector<std::string>> names = disk().list(hot_folder);
    if (!names) return;
    for (const std::string& name : *names)
        (void)disk().remove(hot_folder / name);
    (void)disk().remove(hot_folder);
}

void Store::Impl::clear_hot_files(std::string_view dataset) {
    const std::lock_guard making(hot_making);
    const std::lock_guard lock(hot_mutex);
    const auto files = hot_files.find(dataset);
    if (files == hot_files.end()) return;
    for (const HotFile& file : files->second)
        (void)disk().remove(file.shown.path);
    hot_files.erase(files);
}

}  // namespace nguon::store
