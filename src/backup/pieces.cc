#include "backup/internal/pieces.h"

#include <fmt/format.h>

#include "base/json.h"
#include "crypto/sha256.h"

namespace nguon::backup {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::int64_t kFormat = 1;

std::unexpected<Error> damaged(std::string_view what) {
    return fail(Code::kCorrupt,
                {fmt::format("Bản sao lưu hỏng: {}.", what),
                 fmt::format("The backup is damaged: {}.", what)},
                {"Dùng bản khác; «nguon backup verify» cho biết bản nào còn tốt.",
                 "Use another; `nguon backup verify` tells which are sound."});
}

// Below the folder that it is restored to, whatever a list says.
bool stays_inside(std::string_view path) {
    if (path.empty() || path.front() == '/' || path.find('\0') != path.npos) return false;
    for (const std::string& part : split(path, '/')) {
        if (part.empty() || part == "." || part == "..") return false;
    }
    return true;
}

bool is_hash(const json::value& value) {
    return value.as_string().size() == kHashDigits;
}

// Throws what Boost.JSON throws when a member is absent or of another type.
Result<FileEntry> file_of(const json::value& value) {
    FileEntry file;
    file.path = value.at("path").as_string();
    if (!stays_inside(file.path)) return damaged("path");
    if (!is_hash(value.at("sha256"))) return damaged("hash");
    file.sha256 = value.at("sha256").as_string();
    file.bytes = value.at("bytes").to_number<std::uint64_t>();
    file.is_private = value.as_object().contains("private");
    for (const json::value& piece : value.at("pieces").as_array()) {
        if (!is_hash(piece)) return damaged("hash");
        file.pieces.emplace_back(piece.as_string());
    }
    return file;
}

Result<List> list_of(const json::value& value) {
    if (value.at("format").as_int64() > kFormat) {
        return fail(
            Code::kInvalid,
            {"Bản sao lưu do bản Nguồn mới hơn tạo.", "The backup was made by a newer Nguồn."},
            {"Dùng bản mới hơn.", "Use the newer version."});
    }
    List list;
    list.id = value.at("id").as_string();
    list.member = value.at("member").as_string();
    list.node = value.at("node").as_string();
    TRY_ASSIGN(list.at, parse_time(value.at("at").as_string()));
    list.erased_at = value.at("erased_at").to_number<std::int64_t>();
    for (const json::value& one : value.at("files").as_array()) {
        TRY_ASSIGN(FileEntry file, file_of(one));
        list.files.push_back(std::move(file));
    }
    for (const json::value& one : value.at("datasets").as_array()) {
        list.datasets.push_back({std::string(one.at("dataset").as_string()),
                                 one.at("seq").as_int64(), one.at("rows").as_int64()});
    }
    return list;
}

}  // namespace

std::uint64_t List::bytes() const {
    std::uint64_t bytes = 0;
    for (const FileEntry& file : files)
        bytes += file.bytes;
    return bytes;
}

std::string object_of(const crypto::SecretKey& key, std::string_view sha256) {
    const std::string name = key.name_of(sha256);
    return fmt::format("objects/{}/{}", name.substr(0, 2), name);
}

Result<std::string> get_piece(Repository& repository, const crypto::SecretKey& key,
                              std::string_view sha256) {
    const std::string object = object_of(key, sha256);
    TRY_ASSIGN(const std::string sealed, repository.get(object));
    TRY_ASSIGN(std::string bytes, key.open(sealed, object));
    if (crypto::sha256_hex(bytes) != sha256) return damaged(object);
    return bytes;
}

Result<std::set<std::string, std::less<>>> objects(Repository& repository) {
    std::set<std::string, std::less<>> all;
    for (int first = 0; first < 256; ++first) {
        const std::string folder = fmt::format("objects/{:02x}", first);
        TRY_ASSIGN(const std::vector<std::string> names, repository.list(folder));
        for (const std::string& name : names)
            all.insert(fmt::format("{}/{}", folder, name));
    }
    return all;
}

std::string list_name(std::string_view id) {
    return fmt::format("backups/{}", id);
}

std::string list_text(const List& list) {
    json::array files, datasets;
    for (const FileEntry& file : list.files) {
        json::object one{{"path", file.path}, {"sha256", file.sha256}, {"bytes", file.bytes}};
        if (file.is_private) one["private"] = true;
        one["pieces"] = json::array(file.pieces.begin(), file.pieces.end());
        files.push_back(std::move(one));
    }
    for (const DatasetEntry& one : list.datasets)
        datasets.push_back({{"dataset", one.dataset}, {"seq", one.seq}, {"rows", one.rows}});
    return to_text(json::object{{"format", kFormat},
                                {"id", list.id},
                                {"at", format_time(list.at)},
                                {"erased_at", list.erased_at},
                                {"member", list.member},
                                {"node", list.node},
                                {"datasets", std::move(datasets)},
                                {"files", std::move(files)}});
}

Result<List> parse_list(std::string_view text) {
    const Result<json::value> parsed = parse_json(text);
    if (!parsed) return damaged("list");
    try {
        return list_of(*parsed);
    } catch (const std::exception&) {
        return damaged("list");
    }
}

Result<List> get_list(Repository& repository, const crypto::SecretKey& key, std::string_view id) {
    const std::string name = list_name(id);
    TRY_ASSIGN(const std::string sealed, repository.get(name));
    TRY_ASSIGN(const std::string text, key.open(sealed, name));
    return parse_list(text);
}

Result<std::string> key_id_of(Repository& repository) {
    const Result<std::string> text = repository.get(kHeader);
    if (!text && text.error().code == Code::kNotFound) {
        return fail(
            Code::kNotFound, {"Ở đây không có bản sao lưu nào.", "No backup is here."},
            {"Tạo bản đầu tiên: nguon backup THƯ_MỤC.", "Make the first: nguon backup FOLDER."});
    }
    TRY(text);
    const Result<json::value> header = parse_json(*text);
    const json::object* object = header ? header->if_object() : nullptr;
    const json::value* format = object != nullptr ? object->if_contains("format") : nullptr;
    const json::value* id = object != nullptr ? object->if_contains("key_id") : nullptr;
    if (format == nullptr || *format != json::value(kFormat) || id == nullptr || !id->is_string()) {
        return fail(Code::kInvalid,
                    {"nguon-backup.json không đọc được, hoặc do bản Nguồn mới hơn ghi.",
                     "nguon-backup.json cannot be read, or a newer Nguồn wrote it."},
                    {"Kiểm tra đúng thư mục; nếu đúng, dùng bản Nguồn mới hơn.",
                     "Check that it is the right folder; if it is, use a newer Nguồn."});
    }
    return std::string(id->get_string());
}

Result<void> check_key(Repository& repository, const crypto::SecretKey& key) {
    TRY_ASSIGN(const std::string id, key_id_of(repository));
    if (id == key.id()) return {};
    return fail(Code::kDenied,
                {fmt::format("Bản sao lưu này cần khoá {}, không phải khoá {}.", id, key.id()),
                 fmt::format("This backup needs the key {}, not {}.", id, key.id())},
                {"Đưa đúng tệp khoá: --key TỆP.", "Give the right key file: --key FILE."});
}

Result<std::vector<List>> lists(Repository& repository, const crypto::SecretKey& key) {
    TRY(check_key(repository, key));
    TRY_ASSIGN(std::vector<std::string> ids, repository.list("backups"));
    std::ranges::sort(ids);  // ids grow with time
    std::vector<List> all;
    for (const std::string& id : ids) {
        TRY_ASSIGN(List list, get_list(repository, key, id));
        all.push_back(std::move(list));
    }
    return all;
}

}  // namespace nguon::backup
