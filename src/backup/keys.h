// Where the keys of backups stand. A key opens every backup made with it: whoever loses it has no
// backups, so the node has it in keys/backup.key and the person who runs it in a folder apart.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/host.h"
#include "base/result.h"
#include "crypto/secret_key.h"

namespace nguon::backup {

inline constexpr std::string_view kNodeKey = "keys/backup.key";

// The key of the node in `folder`, made when it has none. Durable, for its owner alone.
Result<crypto::SecretKey> node_key(const Host& host, const std::filesystem::path& folder);

// The folder of a person's backup keys: $XDG_CONFIG_HOME/nguon/backup-keys, else below ~/.config;
// empty when neither is known. `variable` gives an environment variable, or nothing.
std::filesystem::path key_folder(const std::function<std::string(const char*)>& variable);
struct KeptKey {
    std::filesystem::path file;
    bool is_new = false;
};
// Keeps a copy in key_folder(), where it may be already. Errors: unavailable.
Result<KeptKey> keep_key(Disk& disk, const std::filesystem::path& folder,
                         const crypto::SecretKey& key);

// From a file. Errors: not_found, invalid.
Result<crypto::SecretKey> read_key(Disk& disk, const std::filesystem::path& file);

// What a person may have said or have: the first that is there counts.
struct KeyPlaces {
    std::filesystem::path given;     // --key
    std::filesystem::path variable;  // NGUON_BACKUP_KEY
    std::filesystem::path node;      // a data directory
    std::filesystem::path folder;    // key_folder()
};
// The key with this id. A file that was given or named counts whatever its id. Errors: not_found,
// with what to do; invalid.
Result<crypto::SecretKey> find_key(Disk& disk, const KeyPlaces& places, std::string_view id);

}  // namespace nguon::backup
