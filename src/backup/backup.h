// Backups of a node: consistent while it works, incremental, sealed with a key of their own.
//
// A repository (docs/operate/backup.md):
//   nguon-backup.json        {"format":1,"key_id"}: which key it needs
//   objects/<ab>/<name>      a piece of at most 4 MiB of some file, sealed; named by a keyed hash
//   of
//                            its content, so equal pieces stand once and names tell nothing
//   backups/<id>             one backup: every file, its hash and its pieces, sealed
// Nothing is changed once it is there; a backup exists when its list does, which is written last.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/repository.h"
#include "base/host.h"
#include "crypto/secret_key.h"
#include "store/store.h"

namespace nguon::backup {

// Bytes done and bytes in all.
using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

struct FileEntry {
    std::string path;  // below the data directory, '/' between folders
    std::string sha256;
    std::uint64_t bytes = 0;
    bool is_private = false;          // for its owner alone
    std::vector<std::string> pieces;  // SHA-256 of each, in order
};
struct DatasetEntry {
    std::string dataset;
    store::Seq seq = 0;
    std::int64_t rows = 0;
};
struct List {
    std::string id;        // begins with its number, so that ids are in the order of making
    Micros at = 0;         // every batch that was accepted by then is in it, and none later
    Micros erased_at = 0;  // of the last erasure in it; 0: none
    std::string member, node;
    std::vector<DatasetEntry> datasets;
    std::vector<FileEntry> files;
    std::uint64_t bytes() const;  // of all files
};

struct Made {
    std::string id;
    std::int64_t copied = 0, reused = 0;  // files
    std::uint64_t bytes = 0;              // that were written
};
struct Source {
    const Host& host;
    store::Store& store;
    std::filesystem::path folder;  // the data directory
    std::string member, node;
};
// Errors: conflict (the repository has another key, or the folder holds something else), corrupt (a
// file of the node is not what was signed: nothing is listed), unavailable.
Result<Made> make(const Source& source, Repository& repository, const crypto::SecretKey& key,
                  const Progress& progress);

// Which key it needs. Errors: not_found (no repository), invalid.
Result<std::string> key_id_of(Repository& repository);
// Oldest first. Errors: also corrupt, denied (it needs another key).
Result<std::vector<List>> lists(Repository& repository, const crypto::SecretKey& key);

struct Fault {
    std::string backup, file;
    Text detail;
};
struct Verified {
    std::int64_t backups = 0, files = 0, pieces = 0;
    std::uint64_t bytes = 0;
    std::vector<Fault> faults;
};
// Opens every piece of every backup, and compares it and each file with its hash. Errors: as
// lists(), but a list that cannot be opened is a fault.
Result<Verified> verify(Repository& repository, const crypto::SecretKey& key,
                        const Progress& progress);

struct Restored {
    std::string backup;
    Micros at = 0;  // what it is the state of
    std::int64_t files = 0;
    std::uint64_t bytes = 0;
    store::Verification verification;
};
struct Wanted {
    std::string backup;        // empty: the newest, or the first taken after `at`
    std::optional<Micros> at;  // empty: all that the backup has
};
// Into an empty or absent folder, or over what a restore left that was cut short. Its last step
// makes it a node: before, everything was compared with hashes and signatures. Errors: conflict
// (the folder is not empty), not_found (no such backup; none reaches `at`), corrupt, unavailable.
Result<Restored> restore(const Host& host, Repository& repository, const crypto::SecretKey& key,
                         const std::filesystem::path& folder, const Wanted& wanted,
                         const Progress& progress);

struct Pruned {
    std::int64_t removed = 0, kept = 0;  // backups
    std::int64_t pieces = 0;             // removed
};
// Keeps the newest `keep` backups, at least one, and of the others those taken at or after `since`;
// then takes away the pieces that none of them needs.
Result<Pruned> prune(Repository& repository, const crypto::SecretKey& key, std::int64_t keep,
                     std::optional<Micros> since);

}  // namespace nguon::backup
