#include "store/restore.h"

#include <set>

#include "store/chain.h"
#include "store/internal/committed.h"
#include "store/internal/control.h"

namespace nguon::store {

namespace fs = std::filesystem;

namespace {

Result<void> write_synced(Disk& disk, const fs::path& path, std::string_view bytes) {
    TRY_ASSIGN(const std::unique_ptr<File> file, disk.open(path, OpenMode::kCreate));
    TRY(file->truncate(0));
    TRY(file->write_at(0, bytes));
    return file->sync();
}

}  // namespace

Result<void> write_chain(const Host& host, const fs::path& folder) {
    Disk& disk = host.disk;
    TRY_ASSIGN(const auto control, open_control(host, folder));
    TRY(disk.make_folders(folder / kCommittedFolder));
    TRY_ASSIGN(sql::Statement row, control->prepare(R"sql(
        select d.name, m.number, m.jws, d.manifests from manifest m
        join dataset d on d.id = m.dataset order by d.name, m.number)sql"));
    std::set<fs::path> folders;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) break;
        const std::string name(row.text(0));
        const fs::path path = folder / manifest_path(name, row.integer(1));
        if (folders.insert(path.parent_path()).second) {
            TRY(disk.make_folders(path.parent_path()));
            note_committed(disk, folder, name, row.integer(3));
        }
        TRY(write_synced(disk, path, row.text(2)));
    }
    for (const fs::path& written : folders)
        TRY(disk.sync_folder(written));
    return disk.sync_folder(folder / kCommittedFolder);
}

}  // namespace nguon::store
