#include "store/blob_store.h"

#include "base/fail_point.h"
#include "crypto/sha256.h"

namespace nguon::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".parquet";
constexpr std::size_t kHashDigits = 64;

class LocalBlobStore final : public BlobStore {
public:
    LocalBlobStore(Disk& disk, fs::path folder) : m_disk(disk), m_folder(std::move(folder)) {}

    Result<Blob> seal(const fs::path& draft, BlobKind kind) override {
        Blob blob;
        TRY_ASSIGN(blob.sha256, crypto::sha256_hex_of_file(m_disk, draft));
        {
            TRY_ASSIGN(const std::unique_ptr<File> file, m_disk.open(draft, OpenMode::kReadWrite));
            TRY_ASSIGN(blob.bytes, file->size());
            TRY(file->sync());
        }
        FAIL_POINT("seal.after_sync");
        // A file of this name has the same bytes. Ours replaces it all the same: it is known to be
        // whole.
        const fs::path path = path_of(blob.sha256, kind);
        TRY(m_disk.rename(draft, path));
        FAIL_POINT("seal.after_rename");
        TRY(m_disk.sync_folder(path.parent_path()));
        FAIL_POINT("seal.after_folder_sync");
        return blob;
    }

    fs::path path_of(std::string_view sha256, BlobKind kind) const override {
        return m_folder / folder_of(kind) / (std::string(sha256) + std::string(kExtension));
    }

    Result<void> remove(std::string_view sha256, BlobKind kind) override {
        return m_disk.remove(path_of(sha256, kind));
    }

    Result<std::vector<std::string>> list(BlobKind kind) override {
        TRY_ASSIGN(const std::vector<std::string> names, m_disk.list(m_folder / folder_of(kind)));
        std::vector<std::string> hashes;
        hashes.reserve(names.size());
        for (const std::string& name : names) {
            // What is named otherwise is not ours and is left alone.
            if (name.size() == kHashDigits + kExtension.size() && name.ends_with(kExtension)) {
                hashes.push_back(name.substr(0, kHashDigits));
            }
        }
        return hashes;
    }

    Result<std::uint64_t> size_of(std::string_view sha256, BlobKind kind) override {
        return m_disk.size_of(path_of(sha256, kind));
    }

private:
    Disk& m_disk;
    fs::path m_folder;
};

}  // namespace

std::string_view folder_of(BlobKind kind) {
    return kind == BlobKind::kSegment ? "segments" : "quarantine";
}

std::unique_ptr<BlobStore> make_local_blob_store(Disk& disk, const fs::path& folder) {
    return std::make_unique<LocalBlobStore>(disk, folder);
}

}  // namespace nguon::store
