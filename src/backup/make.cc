#include <fmt/format.h>

#include <charconv>
#include <map>

#include "backup/internal/pieces.h"
#include "base/json.h"
#include "crypto/sha256.h"

namespace nguon::backup {

namespace fs = std::filesystem;

namespace {

// A file of the node that is to be in the backup.
struct Wish {
    std::string path;
    fs::path from;
    std::string sha256;  // empty: not known before it is read
    std::uint64_t bytes = 0;
    bool is_private = false;
};

// What identifies a node and opens it. Read by whoever has the key of the backup.
constexpr std::array<std::string_view, 2> kOpenFiles{"nguon.yaml", "public.pem"};

Result<std::vector<Wish>> wishes_of(const Source& source, const store::Store::Snapshot& snapshot) {
    Disk& disk = source.host.disk;
    std::vector<Wish> wishes;
    const auto add = [&](const std::string& path, const fs::path& from,
                         bool is_private) -> Result<void> {
        TRY_ASSIGN(const std::uint64_t bytes, disk.size_of(from));
        wishes.push_back({path, from, "", bytes, is_private});
        return {};
    };
    for (const std::string_view name : kOpenFiles)
        TRY(add(std::string(name), source.folder / name, false));
    TRY(add("admin.token", source.folder / "admin.token", true));
    TRY_ASSIGN(const std::vector<std::string> keys, disk.list(source.folder / "keys"));
    for (const std::string& name : keys)
        TRY(add("keys/" + name, source.folder / "keys" / name, true));
    TRY(add("control.db", snapshot.control, false));
    for (const auto& file : snapshot.files) {
        wishes.push_back({file.path.generic_string(), source.folder / file.path, file.sha256,
                          file.bytes, false});
    }
    return wishes;
}

class Maker {
public:
    Maker(const Source& source, Repository& repository, const crypto::SecretKey& key,
          const Progress& progress)
        : m_source(source), m_repository(repository), m_key(key), m_progress(progress) {}

    Result<void> prepare() {
        TRY(m_repository.has(kHeader) ? check_key(m_repository, m_key) : begin());
        TRY_ASSIGN(m_present, objects(m_repository));
        TRY_ASSIGN(std::vector<std::string> ids, m_repository.list("backups"));
        std::ranges::sort(ids, std::greater());
        for (const std::string& id : ids) {
            // A damaged list is verify's business: here it only saves reading files again.
            const Result<List> last = get_list(m_repository, m_key, id);
            if (!last) continue;
            for (const FileEntry& file : last->files)
                m_known.emplace(file.sha256, file.pieces);
            break;
        }
        // A clock that goes back must not put this one before the others.
        if (!ids.empty())
            std::from_chars(ids.front().data(), ids.front().data() + ids.front().size(), m_number);
        return {};
    }

    Result<Made> run(const store::Store::Snapshot& snapshot) {
        List list;
        list.at = snapshot.at;
        list.erased_at = snapshot.erased_at;
        list.id = fmt::format("{:06}-{}", m_number + 1,
                              make_id(m_source.host.clock, m_source.host.random));
        list.member = m_source.member;
        list.node = m_source.node;
        for (const auto& one : snapshot.heads)
            list.datasets.push_back({one.dataset, one.head.seq, one.head.rows});
        TRY_ASSIGN(const std::vector<Wish> wishes, wishes_of(m_source, snapshot));
        for (const Wish& wish : wishes)
            m_total += wish.bytes;
        for (const Wish& wish : wishes) {
            TRY_ASSIGN(FileEntry entry, entry_of(wish));
            list.files.push_back(std::move(entry));
        }
        TRY(m_repository.flush());
        const std::string name = list_name(list.id);
        TRY_ASSIGN(const std::string sealed,
                   m_key.seal(list_text(list), name, m_source.host.random));
        TRY(m_repository.put(name, sealed));
        TRY(m_repository.flush());
        m_made.id = list.id;
        m_made.bytes += sealed.size();
        return m_made;
    }

private:
    Result<void> begin() {
        TRY_ASSIGN(const bool empty, m_repository.empty());
        if (!empty) {
            return fail(Code::kConflict,
                        {"Thư mục này chứa thứ khác, không phải bản sao lưu.",
                         "This folder holds something else, no backups."},
                        {"Chọn một thư mục trống hoặc chưa có.",
                         "Choose a folder that is empty or not there yet."});
        }
        const json::object header{{"format", 1}, {"key_id", m_key.id()}};
        TRY(m_repository.put(kHeader, to_text(header) + "\n"));
        return m_repository.flush();
    }

    bool is_there(const std::vector<std::string>& pieces) const {
        return std::ranges::all_of(pieces, [&](const std::string& sha256) {
            return m_present.contains(object_of(m_key, sha256));
        });
    }

    Result<FileEntry> entry_of(const Wish& wish) {
        FileEntry entry{wish.path, wish.sha256, wish.bytes, wish.is_private, {}};
        if (const auto known = m_known.find(wish.sha256);
            known != m_known.end() && is_there(known->second)) {
            entry.pieces = known->second;
            ++m_made.reused;
            advance(wish.bytes);
            return entry;
        }
        const std::uint64_t before = m_made.bytes;
        TRY(copy(wish, entry));
        ++(m_made.bytes == before ? m_made.reused : m_made.copied);
        return entry;
    }

    Result<void> copy(const Wish& wish, FileEntry& entry) {
        TRY_ASSIGN(const std::unique_ptr<File> file,
                   m_source.host.disk.open(wish.from, OpenMode::kRead));
        crypto::Sha256 whole;
        entry.bytes = 0;
        std::string buffer(kPiece, '\0');
        for (;;) {
            TRY_ASSIGN(const std::size_t got,
                       file->read_at(entry.bytes, {buffer.data(), buffer.size()}));
            const std::string_view bytes(buffer.data(), got);
            if (got == 0 && entry.bytes > 0) break;
            whole.update(bytes);
            entry.bytes += got;
            entry.pieces.push_back(crypto::sha256_hex(bytes));
            TRY(put(entry.pieces.back(), bytes));
            advance(got);
            if (got < kPiece) break;
        }
        entry.sha256 = whole.finish_hex();
        if (wish.sha256.empty() || wish.sha256 == entry.sha256) return {};
        return fail(
            Code::kCorrupt,
            {fmt::format("{} không còn như đã ký; không có bản sao lưu nào được ghi.", wish.path),
             fmt::format("{} is not what was signed; no backup was written.", wish.path)},
            {"Chạy «nguon verify», chữa tệp từ bản sao lưu trước, rồi làm lại.",
             "Run `nguon verify`, mend the file from an earlier backup, then try again."});
    }

    Result<void> put(const std::string& sha256, std::string_view bytes) {
        const std::string object = object_of(m_key, sha256);
        if (m_present.contains(object)) return {};
        TRY_ASSIGN(const std::string sealed, m_key.seal(bytes, object, m_source.host.random));
        TRY(m_repository.put(object, sealed));
        m_present.insert(object);
        m_made.bytes += sealed.size();
        return {};
    }

    void advance(std::uint64_t bytes) {
        m_done += bytes;
        if (m_progress) m_progress(m_done, m_total);
    }

    const Source& m_source;
    Repository& m_repository;
    const crypto::SecretKey& m_key;
    const Progress& m_progress;
    std::set<std::string, std::less<>> m_present;                          // objects
    std::map<std::string, std::vector<std::string>, std::less<>> m_known;  // pieces of files
    std::uint64_t m_done = 0, m_total = 0;
    std::int64_t m_number = 0;  // of the newest that is there
    Made m_made;
};

}  // namespace

Result<Made> make(const Source& source, Repository& repository, const crypto::SecretKey& key,
                  const Progress& progress) {
    Maker maker(source, repository, key, progress);
    TRY(maker.prepare());
    TRY_ASSIGN(const auto snapshot, source.store.snapshot());
    return maker.run(*snapshot);
}

}  // namespace nguon::backup
