#include "store/internal/lookup_file.h"

#include <fmt/format.h>

#include "crypto/sha256.h"
#include "store/internal/view_columns.h"
#include "store/key.h"
#include "store/merge.h"
#include "store/row_json.h"

namespace nguon::store {
namespace {

constexpr std::string_view kSchema =
    "CREATE TABLE rows(key TEXT PRIMARY KEY, seq INTEGER NOT NULL, row TEXT NOT NULL) WITHOUT "
    "ROWID;"
    "CREATE TABLE meta(format INTEGER, cursor INTEGER, sealed INTEGER, columns TEXT, history TEXT);"
    "INSERT INTO meta VALUES(0, 0, 0, '', '');";

// Nobody reads the file before it is synced and renamed, so a build needs no log and no locks.
constexpr std::string_view kBulkSettings =
    "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
    "PRAGMA cache_size=-65536;";

// Removes what a query spilled, whatever happens.
class SpillFolder {
public:
    explicit SpillFolder(std::filesystem::path path) : m_path(std::move(path)) { clear(); }
    ~SpillFolder() { clear(); }
    SpillFolder(const SpillFolder&) = delete;
    SpillFolder& operator=(const SpillFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    void clear() const {
        std::error_code ignored;  // DuckDB writes it past the Disk: nothing durable is in it
        std::filesystem::remove_all(m_path, ignored);
    }
    std::filesystem::path m_path;
};

SpillFolder spill_folder(const Lookup::Options& options, const DatasetInfo& dataset) {
    return SpillFolder(options.folder / (dataset.contract.name + ".lookup.spill"));
}

Result<std::unique_ptr<sql::Duck>> open_duck(const Lookup::Options& options,
                                             const SpillFolder& spill) {
    sql::DuckOptions duck;
    duck.memory_limit = options.memory_limit;
    duck.threads = options.threads;
    duck.temporary_folder = spill.path();
    return sql::Duck::open(duck);
}

Result<void> write_meta(sql::Sqlite& database, const LookupSource& source) {
    const std::optional<LookupMeta> meta = LookupMeta::of(source.dataset, source.history.segments,
                                                          source.sealed(), source.history.head.seq);
    if (!meta) {
        return fail(Code::kInternal,
                    Text::same(fmt::format("{}: no segment ends at {}",
                                           source.dataset.contract.name, source.sealed())));
    }
    TRY_ASSIGN(sql::Statement statement,
               database.prepare("UPDATE meta SET format = ?, cursor = ?, sealed = ?, columns = ?, "
                                "history = ?"));
    statement.bind(1, meta->format).bind(2, meta->cursor).bind(3, meta->sealed);
    statement.bind(4, meta->columns).bind(5, meta->history);
    return statement.run();
}

Result<void> put_rows(sql::Sqlite& database, const std::vector<HotRow>& rows) {
    TRY_ASSIGN(const sql::KeptStatement put,
               database.kept("INSERT OR REPLACE INTO rows VALUES(?, ?, ?)"));
    TRY_ASSIGN(const sql::KeptStatement take, database.kept("DELETE FROM rows WHERE key = ?"));
    for (const HotRow& row : rows) {
        if (row.change.op == Op::kDelete) {
            TRY(take->bind(1, row.change.key).run());
            take->reset();
        } else {
            TRY(put->bind(1, row.change.key).bind(2, row.seq).bind(3, row.change.row_json).run());
            put->reset();
        }
    }
    return {};
}

// Every row of `sql` (`_seq`, `_op`, the contract's columns) into the file. Gives how many rows it
// put in.
Result<std::int64_t> write_rows(sql::Sqlite& database, sql::Duck& duck, const std::string& sql,
                                const contract::Dataset& dataset) {
    TRY_ASSIGN(sql::Statement put, database.prepare("INSERT OR REPLACE INTO rows VALUES(?, ?, ?)"));
    TRY_ASSIGN(sql::Statement take, database.prepare("DELETE FROM rows WHERE key = ?"));
    TRY_ASSIGN(sql::DuckResult result, duck.stream(sql));
    const RowJson json(result, 2, &dataset);
    const KeyWriter keys(dataset, 2);
    std::int64_t written = 0;
    std::string key, row;
    for (;;) {
        TRY_ASSIGN(const std::size_t count, result.next());
        if (count == 0) return written;
        for (std::size_t i = 0; i < count; ++i) {
            key.clear();
            keys.append(key, result, i);
            if (result.integer(1, i) == static_cast<int>(Op::kDelete)) {
                TRY(take.bind(1, key).run());
                take.reset();
                continue;
            }
            row.clear();
            json.append(row, result, i);
            TRY(put.bind(1, key).bind(2, result.integer(0, i)).bind(3, row).run());
            put.reset();
            ++written;
        }
    }
}

Result<std::int64_t> write_all(sql::Sqlite& database, sql::Duck& duck, const LookupSource& source) {
    const contract::Dataset& contract = source.dataset.contract;
    const HistoryView view =
        current_view(source.dataset, source.history.segments, source.sealed(), WithSeq::kYes);
    std::string columns;
    for (const contract::Column& column : contract.columns) {
        columns += ", " + sql::quote_identifier(column.name);
    }
    std::int64_t rows = 0;
    const auto fill = [&]() -> Result<void> {
        TRY(database.execute(kSchema));
        TRY_ASSIGN(rows,
                   write_rows(database, duck,
                              fmt::format("SELECT _seq, 1::TINYINT AS _op{} FROM ({}) ORDER BY {}",
                                          columns, view.sql, key_order_sql(contract)),
                              contract));
        TRY(put_rows(database, source.history.rows));
        TRY_ASSIGN(sql::Statement count, database.prepare("SELECT count(*) FROM rows"));
        TRY(count.step());
        rows = count.integer(0);
        return write_meta(database, source);
    };
    TRY(database.transaction(fill));
    return rows;
}

}  // namespace

std::optional<LookupMeta> LookupMeta::of(const DatasetInfo& dataset,
                                         const std::vector<SegmentInfo>& segments, Seq sealed,
                                         Seq cursor) {
    LookupMeta meta;
    meta.format = kFormat;
    meta.cursor = cursor;
    meta.sealed = sealed;
    meta.columns = view_columns(dataset.contract);
    Seq last = 0;
    for (const SegmentInfo& segment : segments) {
        if (segment.last > sealed) break;
        meta.history = crypto::sha256_hex(meta.history + segment.batch + "\n" + segment.sha256);
        last = segment.last;
    }
    if (last != sealed || cursor < sealed) return std::nullopt;
    return meta;
}

Result<LookupMeta> read_lookup_meta(sql::Sqlite& database) {
    TRY_ASSIGN(sql::Statement statement,
               database.prepare("SELECT format, cursor, sealed, columns, history FROM meta"));
    TRY_ASSIGN(const bool there, statement.step());
    if (!there) return fail(Code::kCorrupt, Text::same("lookup without meta"));
    return LookupMeta{statement.integer(0), statement.integer(1), statement.integer(2),
                      std::string(statement.text(3)), std::string(statement.text(4))};
}

Result<void> apply_changes(sql::Sqlite& database, const Lookup::Options& options,
                           const LookupSource& source, Seq cursor) {
    std::vector<SegmentInfo> later;
    for (const SegmentInfo& segment : source.history.segments) {
        if (segment.last > cursor) later.push_back(segment);
    }
    std::vector<HotRow> rows = source.history.rows;
    std::erase_if(rows, [&](const HotRow& row) { return row.seq <= cursor; });
    if (later.empty()) {
        return database.transaction([&]() -> Result<void> {
            TRY(put_rows(database, rows));
            return write_meta(database, source);
        });
    }
    std::string key;
    for (const contract::Column* column : source.dataset.contract.key()) {
        key += (key.empty() ? "" : ", ") + sql::quote_identifier(column->name);
    }
    const std::string changes = fmt::format(
        "SELECT * FROM ({}) WHERE _seq > {} AND _op <> 0 QUALIFY row_number() OVER (PARTITION BY "
        "{} ORDER BY "
        "_seq DESC) = 1 "
        "ORDER BY {}",
        history_view(source.dataset, later, source.sealed()).sql, cursor, key,
        key_order_sql(source.dataset.contract));
    const SpillFolder spill = spill_folder(options, source.dataset);
    TRY_ASSIGN(const std::unique_ptr<sql::Duck> duck, open_duck(options, spill));
    return database.transaction([&]() -> Result<void> {
        TRY(write_rows(database, *duck, changes, source.dataset.contract));
        TRY(put_rows(database, rows));
        return write_meta(database, source);
    });
}

Result<void> apply_rows(sql::Sqlite& database, const std::vector<HotRow>& rows) {
    if (rows.empty()) return {};
    return database.transaction([&]() -> Result<void> {
        TRY(put_rows(database, rows));
        TRY_ASSIGN(const sql::KeptStatement cursor, database.kept("UPDATE meta SET cursor = ?"));
        return cursor->bind(1, rows.back().seq).run();
    });
}

Result<std::int64_t> build_lookup_file(const std::filesystem::path& to,
                                       const Lookup::Options& options, const LookupSource& source) {
    const SpillFolder spill = spill_folder(options, source.dataset);
    for (const char* suffix : {"", "-wal", "-journal"}) {
        TRY(remove_if_there(*options.disk, to.string() + suffix));
    }
    std::int64_t rows = 0;
    {
        TRY_ASSIGN(const std::unique_ptr<sql::Duck> duck, open_duck(options, spill));
        TRY_ASSIGN(const std::unique_ptr<sql::Sqlite> database,
                   sql::Sqlite::open(options.host(), to, {sql::Durability::kRebuildable, false}));
        TRY(database->execute(kBulkSettings));
        TRY_ASSIGN(rows, write_all(*database, *duck, source));
    }
    TRY_ASSIGN(const std::unique_ptr<File> file, options.disk->open(to, OpenMode::kReadWrite));
    TRY(file->sync());
    return rows;
}

Result<void> remove_if_there(Disk& disk, const std::filesystem::path& file) {
    const Result<void> removed = disk.remove(file);
    if (!removed && removed.error().code != Code::kNotFound) return removed;
    return {};
}

}  // namespace nguon::store
