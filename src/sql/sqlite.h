// SQLite behind RAII, on our own VFS (vfs.h) over a Disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/host.h"
#include "base/result.h"

namespace nguon::sql {

class Sqlite;

// A prepared statement. Positions of bind count from 1, of columns from 0.
class Statement {
public:
    Statement(Statement&&) noexcept;
    Statement& operator=(Statement&&) noexcept;
    ~Statement();
    Statement& bind(int position, std::int64_t value);
    Statement& bind(int position, std::string_view value);
    Statement& bind_blob(int position, std::string_view bytes);
    Statement& bind_null(int position);
    // True: a row is there. Errors: unavailable (full, busy, I/O), conflict (constraint), corrupt,
    // internal.
    Result<bool> step();
    // step() until done.
    Result<void> run();
    void reset();  // and clears the bindings
    std::int64_t integer(int column) const;
    std::string_view text(int column) const;  // valid until the next step; also for blobs
    bool is_null(int column) const;

private:
    friend class Sqlite;
    struct Impl;
    explicit Statement(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

// A statement that its connection keeps for the next time; reset when this goes, since one that
// stands on a row holds a snapshot and so the log.
class KeptStatement {
public:
    explicit KeptStatement(Statement& statement) : m_statement(&statement) {}
    KeptStatement(KeptStatement&& other) noexcept
        : m_statement(std::exchange(other.m_statement, nullptr)) {}
    KeptStatement& operator=(KeptStatement&&) = delete;
    ~KeptStatement() {
        if (m_statement != nullptr) m_statement->reset();
    }
    Statement& operator*() const { return *m_statement; }
    Statement* operator->() const { return m_statement; }

private:
    Statement* m_statement;
};

enum class Durability { kFull, kRebuildable };  // synchronous=FULL, or NORMAL for views

// Threads: one at a time; callers lock.
class Sqlite {
public:
    struct Options {
        Durability durability = Durability::kFull;
        bool read_only = false;
    };
    // WAL, foreign keys on, defensive, trusted_schema off. Errors: unavailable, corrupt.
    // The host's members outlive the connection.
    static Result<std::unique_ptr<Sqlite>> open(const Host& host, const std::filesystem::path& file,
                                                Options options);
    ~Sqlite();
    Result<void> execute(std::string_view script);  // several statements, no results
    Result<Statement> prepare(std::string_view text);
    // Prepared once and kept (measured: preparing costs as much as running a small one). One use of
    // the same text at a time.
    Result<KeptStatement> kept(std::string_view text);
    // Runs `body` inside BEGIN IMMEDIATE … COMMIT; rolls back when it fails.
    template <class Body>
    Result<void> transaction(Body&& body) {
        TRY(execute("BEGIN IMMEDIATE"));
        if (Result<void> done = body(); !done) {
            (void)execute("ROLLBACK");
            return done;
        }
        if (Result<void> done = execute("COMMIT"); !done) {
            (void)execute("ROLLBACK");
            return done;
        }
        return {};
    }
    std::int64_t changes() const;
    // All pages of one moment as a file at `to`, while others write; not synced. Pages that did not
    // change are the same bytes at the same place in every copy. Errors: unavailable, corrupt.
    Result<void> copy_to(const Host& host, const std::filesystem::path& to);

private:
    struct Impl;
    explicit Sqlite(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace nguon::sql
