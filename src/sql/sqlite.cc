#include "sql/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <map>

#include <mutex>

#include "sql/vfs.h"

namespace nguon::sql {
namespace {

constexpr int kBusyMillis = 5000;

Code code_of(int sqlite_code) {
    switch (sqlite_code & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return Code::kCorrupt;
        case SQLITE_CONSTRAINT: return Code::kConflict;
        case SQLITE_FULL:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_NOMEM: return Code::kUnavailable;
        default: return Code::kInternal;
    }
}

Text fix_of(Code code) {
    switch (code) {
        case Code::kUnavailable:
            return {"Kiểm tra dung lượng và tình trạng đĩa rồi làm lại.",
                    "Check the disk's free space and health, then try again."};
        case Code::kCorrupt:
            return {"Dừng nút, chạy «nguon verify», rồi khôi phục từ bản sao lưu.",
                    "Stop the node, run `nguon verify`, then restore from a backup."};
        default: return {};
    }
}

std::unexpected<Error> sqlite_error(sqlite3* database, int sqlite_code) {
    const Code code = code_of(sqlite_code);
    const char* file = database != nullptr ? sqlite3_db_filename(database, "main") : nullptr;
    const char* reason =
        database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(sqlite_code);
    const std::string_view name = file != nullptr && *file != '\0' ? file : "SQLite";
    return fail(code,
                {fmt::format("Cơ sở dữ liệu «{}»: {} ({}).", name, reason, sqlite_code),
                 fmt::format("Database \"{}\": {} ({}).", name, reason, sqlite_code)},
                fix_of(code));
}

}  // namespace

struct Statement::Impl {
    sqlite3_stmt* statement = nullptr;
    int bind_code = SQLITE_OK;  // the first failed bind; step() reports it

    explicit Impl(sqlite3_stmt* given) : statement(given) {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { sqlite3_finalize(statement); }

    void note(int code) {
        if (bind_code == SQLITE_OK) bind_code = code;
    }
};

Statement::Statement(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;
Statement::~Statement() = default;

Statement& Statement::bind(int position, std::int64_t value) {
    m_impl->note(sqlite3_bind_int64(m_impl->statement, position, value));
    return *this;
}

Statement& Statement::bind(int position, std::string_view value) {
    m_impl->note(sqlite3_bind_text64(m_impl->statement, position, value.empty() ? "" : value.data(),
                                     value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_blob(int position, std::string_view bytes) {
    m_impl->note(sqlite3_bind_blob64(m_impl->statement, position, bytes.empty() ? "" : bytes.data(),
                                     bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bind_null(int position) {
    m_impl->note(sqlite3_bind_null(m_impl->statement, position));
    return *this;
}

Result<bool> Statement::step() {
    sqlite3* database = sqlite3_db_handle(m_impl->statement);
    if (m_impl->bind_code != SQLITE_OK) return sqlite_error(nullptr, m_impl->bind_code);
    const int code = sqlite3_step(m_impl->statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    std::unexpected<Error> error = sqlite_error(database, sqlite3_extended_errcode(database));
    sqlite3_reset(m_impl->statement);  // frees its locks; its code is the one just taken
    return error;
}

Result<void> Statement::run() {
    for (;;) {
        TRY_ASSIGN(const bool row, step());
        if (!row) return {};
    }
}

void Statement::reset() {
    sqlite3_reset(m_impl->statement);
    sqlite3_clear_bindings(m_impl->statement);
    m_impl->bind_code = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(m_impl->statement, column);
}

std::string_view Statement::text(int column) const {
    const void* bytes = sqlite3_column_blob(m_impl->statement, column);
    const int size = sqlite3_column_bytes(m_impl->statement, column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(m_impl->statement, column) == SQLITE_NULL;
}

struct Sqlite::Impl {
    std::shared_ptr<Vfs> vfs;
    sqlite3* database = nullptr;
    std::map<std::string, Statement, std::less<>> kept;
};

Sqlite::Sqlite(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

// close_v2: a statement that outlives the connection keeps it, and so the VFS must stay registered
// until the last one is gone; callers destroy statements first.
Sqlite::~Sqlite() {
    m_impl->kept.clear();
    sqlite3_close_v2(m_impl->database);
}

Result<std::unique_ptr<Sqlite>> Sqlite::open(const Host& host, const std::filesystem::path& file,
                                             Options options) {
    auto impl = std::make_unique<Impl>();
    impl->vfs = Vfs::of(host);
    const int flags =
        options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(file.c_str(), &impl->database, flags | SQLITE_OPEN_NOMUTEX,
                                     impl->vfs->name().c_str());
    std::unique_ptr<Sqlite> sqlite(new Sqlite(std::move(impl)));
    sqlite3* database = sqlite->m_impl->database;
    if (code != SQLITE_OK) return sqlite_error(database, code);
    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_timeout(database, kBusyMillis);
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    TRY(sqlite->execute("PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON"));
    if (!options.read_only) {
        TRY(sqlite->execute("PRAGMA journal_mode=WAL"));
        TRY(sqlite->execute(options.durability == Durability::kFull ? "PRAGMA synchronous=FULL"
                                                                    : "PRAGMA synchronous=NORMAL"));
    }
    // The header is read here, so that a file that is no database fails at once.
    TRY(sqlite->execute("PRAGMA schema_version"));
    return sqlite;
}

Result<void> Sqlite::execute(std::string_view script) {
    const std::string text(script);
    const int code = sqlite3_exec(m_impl->database, text.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return sqlite_error(m_impl->database, code);
    return {};
}

Result<Statement> Sqlite::prepare(std::string_view text) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(m_impl->database, text.data(),
                                        static_cast<int>(text.size()), 0, &statement, nullptr);
    if (code != SQLITE_OK) return sqlite_error(m_impl->database, code);
    return Statement(std::make_unique<Statement::Impl>(statement));
}

Result<KeptStatement> Sqlite::kept(std::string_view text) {
    auto found = m_impl->kept.find(text);
    if (found == m_impl->kept.end()) {
        TRY_ASSIGN(Statement statement, prepare(text));
        found = m_impl->kept.emplace(text, std::move(statement)).first;
    }
    return KeptStatement(found->second);
}

Result<void> Sqlite::copy_to(const Host& host, const std::filesystem::path& to) {
    const std::shared_ptr<Vfs> vfs = Vfs::of(host);
    sqlite3* copy = nullptr;
    int code = sqlite3_open_v2(to.c_str(), &copy,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                               vfs->name().c_str());
    const auto close = [](sqlite3* database) { sqlite3_close_v2(database); };
    const std::unique_ptr<sqlite3, decltype(close)> closed(copy, close);
    if (code != SQLITE_OK) return sqlite_error(copy, code);
    sqlite3_exec(copy, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", nullptr, nullptr,
                 nullptr);
    sqlite3_backup* backup = sqlite3_backup_init(copy, "main", m_impl->database, "main");
    if (backup == nullptr) return sqlite_error(copy, sqlite3_extended_errcode(copy));
    constexpr int kAllPages = -1;  // in one transaction, so they are of one moment
    sqlite3_backup_step(backup, kAllPages);
    code = sqlite3_backup_finish(backup);
    if (code != SQLITE_OK) return sqlite_error(copy, code);
    return {};
}

std::int64_t Sqlite::changes() const {
    return sqlite3_changes64(m_impl->database);
}

}  // namespace nguon::sql
