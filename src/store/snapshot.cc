// The history as it is at one moment, for copies.
#include <fmt/format.h>

#include "store/internal/control.h"
#include "store/internal/impl.h"

namespace nguon::store {

namespace fs = std::filesystem;

struct Store::Snapshot::Impl {
    std::shared_lock<std::shared_mutex> files;
    Disk* disk = nullptr;
    fs::path control;
};

Store::Snapshot::Snapshot(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Store::Snapshot::~Snapshot() {
    (void)m_impl->disk->remove(m_impl->control);
}

namespace {

Result<void> list_files(sql::Sqlite& control, std::vector<Store::Snapshot::SealedFile>& files) {
    const auto add = [&](std::string_view query, BlobKind kind) -> Result<void> {
        TRY_ASSIGN(sql::Statement row, control.prepare(query));
        for (;;) {
            TRY_ASSIGN(const bool any, row.step());
            if (!any) return {};
            files.push_back({fs::path(folder_of(kind)) / fmt::format("{}.parquet", row.text(0)),
                             std::string(row.text(0)), static_cast<std::uint64_t>(row.integer(1))});
        }
    };
    TRY(add("select distinct sha256, bytes from segment order by sha256", BlobKind::kSegment));
    return add(
        "select quarantine_sha256, quarantine_bytes from batch where quarantine_sha256 is not null "
        "union select originals_sha256, originals_bytes from batch where originals_sha256 is not "
        "null order by 1",
        BlobKind::kQuarantine);
}

Result<void> list_heads(sql::Sqlite& control, std::vector<Store::Snapshot::DatasetHead>& heads) {
    TRY_ASSIGN(sql::Statement row,
               control.prepare("select name, head_seq, current_rows, head_at, manifests from "
                               "dataset order by name"));
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return {};
        heads.push_back({std::string(row.text(0)),
                         {row.integer(1), row.integer(2), row.integer(3), row.integer(4)}});
    }
}

}  // namespace

Result<std::unique_ptr<Store::Snapshot>> Store::snapshot() {
    TRY(m_impl->check_writable());
    auto impl = std::make_unique<Snapshot::Impl>();
    impl->disk = &m_impl->disk();
    // First: a file that the copy refers to is not taken away after it.
    impl->files = std::shared_lock(m_impl->files_mutex);
    impl->control = new_temporary(".control.db");
    const fs::path control = impl->control;
    auto snapshot = std::make_unique<Snapshot>(std::move(impl));
    snapshot->control = control;
    {
        // A connection of its own: readers go on. Its moment lies between two commits.
        TRY_ASSIGN(const auto reader, open_control_reader(m_impl->host(), m_impl->options.folder));
        {
            const std::lock_guard lock(m_impl->commit_mutex);
            TRY(m_impl->settle_outcome());
            TRY(reader->execute("begin"));
            TRY_ASSIGN(sql::Statement first, reader->prepare("select count(*) from dataset"));
            TRY(first.step());
            m_impl->last_at = std::max(m_impl->options.clock->now(), m_impl->last_at);
            snapshot->at = m_impl->last_at;
        }
        TRY(reader->copy_to(m_impl->host(), control));
    }
    TRY_ASSIGN(const auto copy, sql::Sqlite::open(m_impl->host(), control, {}));
    TRY_ASSIGN(sql::Statement erased,
               copy->prepare("select coalesce(max(at), 0) from batch where alone = 0 and "
                             "json_extract(receipt, '$.erasure') is not null"));
    TRY(erased.step());
    snapshot->erased_at = erased.integer(0);
    TRY(list_files(*copy, snapshot->files));
    TRY(list_heads(*copy, snapshot->heads));
    return snapshot;
}

}  // namespace nguon::store
