#include <fmt/format.h>

#include "backup/internal/pieces.h"
#include "crypto/sha256.h"

namespace nguon::backup {
namespace {

class Verifier {
public:
    Verifier(Repository& repository, const crypto::SecretKey& key)
        : m_repository(repository), m_key(key) {}

    // A file of earlier lists was looked at already.
    void look(const List& list, const FileEntry& file) {
        ++m_verified.files;
        m_verified.bytes += file.bytes;
        if (!m_seen.insert(file.sha256).second) return;
        crypto::Sha256 whole;
        std::uint64_t bytes = 0;
        for (const std::string& sha256 : file.pieces) {
            const Result<std::string> piece = get_piece(m_repository, m_key, sha256);
            if (!piece) {
                note(list.id, file.path, piece.error());
                m_seen.erase(file.sha256);  // so that every backup with it is named
                return;
            }
            ++m_verified.pieces;
            whole.update(*piece);
            bytes += piece->size();
        }
        if (whole.finish_hex() == file.sha256 && bytes == file.bytes) return;
        m_verified.faults.push_back({list.id,
                                     file.path,
                                     {"Các mảnh không hợp thành tệp đã ghi.",
                                      "The pieces do not make the file that was recorded."}});
    }

    void note(const std::string& backup, const std::string& file, const Error& error) {
        const Text missing{"Thiếu một mảnh.", "A piece is missing."};
        m_verified.faults.push_back(
            {backup, file, error.code == Code::kNotFound ? missing : error.detail});
    }

    Verified& verified() { return m_verified; }

private:
    Repository& m_repository;
    const crypto::SecretKey& m_key;
    std::set<std::string> m_seen;
    Verified m_verified;
};

}  // namespace

Result<Verified> verify(Repository& repository, const crypto::SecretKey& key,
                        const Progress& progress) {
    TRY(check_key(repository, key));
    TRY_ASSIGN(std::vector<std::string> ids, repository.list("backups"));
    std::ranges::sort(ids);
    Verifier verifier(repository, key);
    std::vector<List> sound;
    std::uint64_t total = 0, done = 0;
    for (const std::string& id : ids) {
        Result<List> list = get_list(repository, key, id);
        ++verifier.verified().backups;
        if (!list) {
            verifier.note(id, list_name(id), list.error());
            continue;
        }
        total += list->bytes();
        sound.push_back(*std::move(list));
    }
    for (const List& list : sound) {
        for (const FileEntry& file : list.files) {
            verifier.look(list, file);
            done += file.bytes;
            if (progress) progress(done, total);
        }
    }
    return std::move(verifier.verified());
}

Result<Pruned> prune(Repository& repository, const crypto::SecretKey& key, std::int64_t keep,
                     std::optional<Micros> since) {
    TRY_ASSIGN(const std::vector<List> all, lists(repository, key));
    Pruned pruned;
    std::set<std::string, std::less<>> needed;
    const std::size_t newest = static_cast<std::size_t>(std::max<std::int64_t>(keep, 1));
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool stays = i + newest >= all.size() || (since && all[i].at >= *since);
        if (!stays) {
            TRY(repository.remove(list_name(all[i].id)));
            ++pruned.removed;
            continue;
        }
        ++pruned.kept;
        for (const FileEntry& file : all[i].files) {
            for (const std::string& piece : file.pieces)
                needed.insert(object_of(key, piece));
        }
    }
    // The lists first: one that is there must find all its pieces.
    TRY(repository.flush());
    TRY(repository.clear_unfinished("backups"));
    for (int first = 0; first < 256; ++first)
        TRY(repository.clear_unfinished(fmt::format("objects/{:02x}", first)));
    TRY_ASSIGN(const auto present, objects(repository));
    for (const std::string& object : present) {
        if (needed.contains(object)) continue;
        TRY(repository.remove(object));
        ++pruned.pieces;
    }
    TRY(repository.flush());
    return pruned;
}

}  // namespace nguon::backup
