#include "store/lookup.h"

#include <fmt/format.h>

#include <thread>

#include "store/internal/lookup_file.h"

namespace nguon::store {
namespace {

// Past this share of the rows a new bulk load is faster than changes one by one.
constexpr double kRebuildShare = 0.3;
constexpr Seq kRebuildLeast = 10'000;

// A thread keeps to one reader while it finds it free.
std::size_t first_reader() {
    static std::atomic<std::size_t> threads = 0;
    thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed);
    return mine;
}

}  // namespace

Lookup::Lookup(std::string dataset, Options options)
    : m_dataset(std::move(dataset)), m_options(std::move(options)) {}

Lookup::~Lookup() {
    let_go();
}

std::filesystem::path Lookup::file() const {
    return m_options.folder / (m_dataset + ".lookup.db");
}

Seq Lookup::cursor(std::string_view contract_version) const {
    const std::shared_lock lock(m_open);
    return m_version == contract_version ? m_cursor.load(std::memory_order_acquire) : -1;
}

Result<void> Lookup::wait_for_turn(std::unique_lock<std::timed_mutex>& turn,
                                   Deadline deadline) const {
    if (turn.try_lock_until(deadline)) return {};
    return fail(Code::kUnavailable,
                {fmt::format("Bản tra cứu của «{}» đang được cập nhật.", m_dataset),
                 fmt::format("The lookup of \"{}\" is being brought up to date.", m_dataset)},
                {"Thử lại sau vài giây.", "Try again in a few seconds."});
}

Result<void> Lookup::catch_up(const HistorySource& source, const DatasetInfo& dataset, Seq need,
                              Deadline deadline) {
    std::unique_lock turn(m_build, std::defer_lock);
    TRY(wait_for_turn(turn, deadline));
    const Seq reached = cursor(dataset.contract.version);
    if (reached >= 0 && reached >= need) return {};
    if (reached >= 0) {
        TRY_ASSIGN(const bool followed, follow(source, dataset, reached));
        if (followed) return {};
    }
    TRY_ASSIGN(const Store::History history, source.history(m_dataset));
    TRY_ASSIGN(const std::optional<Seq> usable, usable_cursor(dataset, history));
    if (usable) {
        const Result<void> applied =
            apply_changes(*m_writer, m_options, {dataset, history}, *usable);
        if (applied) {
            publish(dataset, history.head.seq);
            return {};
        }
        if (applied.error().code == Code::kUnavailable) return applied;
    }
    TRY(build_and_swap(dataset, history));
    return {};
}

// Where all that came since are rows written alone, they are put in one by one.
Result<bool> Lookup::follow(const HistorySource& source, const DatasetInfo& dataset, Seq reached) {
    TRY_ASSIGN(const Store::History tail, source.tail(m_dataset, reached));
    const bool whole = !tail.rows.empty() && tail.rows.front().seq == reached + 1 &&
                       tail.rows.back().seq == tail.head.seq;
    if (!whole || m_distrusted || !m_writer) return false;
    if (!apply_rows(*m_writer, tail.rows)) return false;
    publish(dataset, tail.head.seq);
    return true;
}

Result<Rebuilt> Lookup::rebuild(const HistorySource& source, const DatasetInfo& dataset,
                                Deadline deadline) {
    std::unique_lock turn(m_build, std::defer_lock);
    TRY(wait_for_turn(turn, deadline));
    const auto start = std::chrono::steady_clock::now();
    TRY_ASSIGN(const Store::History history, source.history(m_dataset));
    TRY_ASSIGN(const std::int64_t rows, build_and_swap(dataset, history));
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    return Rebuilt{rows, spent.count()};
}

Result<std::optional<Seq>> Lookup::usable_cursor(const DatasetInfo& dataset,
                                                 const Store::History& history) {
    if (m_distrusted || (!m_writer && !m_options.disk->exists(file()))) return std::nullopt;
    // What cannot be read for want of memory or descriptors may be whole; everything else is
    // rebuilt.
    const auto judge = [](const Error& error) -> Result<std::optional<Seq>> {
        if (error.code == Code::kUnavailable) return std::unexpected(error);
        return std::nullopt;
    };
    if (!m_writer) {
        Result<std::unique_ptr<sql::Sqlite>> opened =
            sql::Sqlite::open(m_options.host(), file(), {sql::Durability::kRebuildable, false});
        if (!opened) return judge(opened.error());
        m_writer = std::move(*opened);
    }
    const Result<LookupMeta> meta = read_lookup_meta(*m_writer);
    if (!meta) return judge(meta.error());
    const Seq behind = history.head.seq - meta->cursor;
    const bool worth_it =
        behind <= kRebuildLeast ||
        static_cast<double>(behind) <= kRebuildShare * static_cast<double>(history.head.rows);
    if (behind < 0 || !worth_it) return std::nullopt;
    if (LookupMeta::of(dataset, history.segments, meta->sealed, meta->cursor) != *meta)
        return std::nullopt;
    return meta->cursor;
}

Result<std::int64_t> Lookup::build_and_swap(const DatasetInfo& dataset,
                                            const Store::History& history) {
    Disk& disk = *m_options.disk;
    TRY(disk.make_folders(m_options.folder));
    const std::filesystem::path made = m_options.folder / (m_dataset + ".lookup.tmp");
    TRY_ASSIGN(const std::int64_t rows, build_lookup_file(made, m_options, {dataset, history}));
    turn_away();
    {
        const std::unique_lock lock(m_open);
        let_go();
        // The old file goes before its log: a log must never meet another file.
        TRY(remove_if_there(disk, file()));
        TRY(disk.sync_folder(m_options.folder));
        TRY(remove_if_there(disk, file().string() + "-wal"));
        TRY(disk.rename(made, file()));
        TRY(disk.sync_folder(m_options.folder));
        TRY_ASSIGN(m_writer, sql::Sqlite::open(m_options.host(), file(),
                                               {sql::Durability::kRebuildable, false}));
        m_distrusted = false;
    }
    publish(dataset, history.head.seq);
    return rows;
}

void Lookup::publish(const DatasetInfo& dataset, Seq cursor) {
    const std::unique_lock lock(m_open);
    m_version = dataset.contract.version;
    m_cursor.store(cursor, std::memory_order_release);
}

void Lookup::turn_away() {
    m_cursor.store(-1, std::memory_order_release);
}

void Lookup::let_go() {
    turn_away();
    for (Reader& reader : m_readers) {
        reader.statement.reset();
        reader.database.reset();
    }
    m_writer.reset();
}

bool Lookup::close() {
    const std::unique_lock turn(m_build, std::try_to_lock);
    if (!turn.owns_lock()) return false;
    turn_away();
    const std::unique_lock lock(m_open);
    let_go();
    return true;
}

void Lookup::distrust() {
    const std::unique_lock turn(m_build);
    turn_away();
    const std::unique_lock lock(m_open);
    let_go();
    m_distrusted = true;
}

Result<std::optional<Found>> Lookup::get(std::string_view key) const {
    const std::shared_lock lock(m_open);
    if (m_cursor.load(std::memory_order_acquire) < 0) {
        return fail(Code::kUnavailable,
                    {fmt::format("Bản tra cứu của «{}» chưa mở.", m_dataset),
                     fmt::format("The lookup of \"{}\" is not open.", m_dataset)});
    }
    const std::size_t first = first_reader();
    for (std::size_t i = 0; i < kReaders; ++i) {
        Reader& reader = m_readers[(first + i) % kReaders];
        const std::unique_lock mine(reader.mutex, std::try_to_lock);
        if (mine.owns_lock()) return read(reader, key);
    }
    Reader& reader = m_readers[first % kReaders];
    const std::unique_lock mine(reader.mutex);
    return read(reader, key);
}

Result<std::optional<Found>> Lookup::read(Reader& reader, std::string_view key) const {
    if (!reader.statement) {
        TRY_ASSIGN(reader.database, sql::Sqlite::open(m_options.host(), file(),
                                                      {sql::Durability::kRebuildable, false}));
        // The writer alone moves the log into the file (a fault of SQLite 3.40 with several).
        TRY(reader.database->execute("PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-4096"));
        TRY_ASSIGN(reader.statement,
                   reader.database->prepare("SELECT seq, row FROM rows WHERE key = ?"));
    }
    sql::Statement& statement = *reader.statement;
    const Result<bool> there = statement.bind(1, key).step();
    if (!there) {
        statement.reset();
        return std::unexpected(there.error());
    }
    std::optional<Found> found;
    if (*there) found = Found{statement.integer(0), std::string(statement.text(1))};
    statement.reset();
    return found;
}

}  // namespace nguon::store
