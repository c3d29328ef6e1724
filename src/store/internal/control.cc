#include "store/internal/control.h"

#include <fmt/format.h>

namespace nguon::store {
namespace {

constexpr std::int64_t kSchemaVersion = 3;

// Portable SQL where it can be: this database may move to PostgreSQL one day. Hashes are lower-case
// hex, times microseconds since 1970.
constexpr std::string_view kSchema1 = R"sql(
create table dataset (
    id integer primary key,
    name text not null unique,
    version text not null,              -- the contract version in force
    head_seq integer not null default 0,
    current_rows integer not null default 0,
    head_at integer not null default 0, -- of the last accepted batch
    manifests integer not null default 0,
    head_manifest text not null default ''  -- SHA-256 of the last manifest's JWS
);
-- One text may define several datasets.
create table contract_text (
    sha256 text primary key,
    file text not null,
    yaml text not null
);
create table contract (
    dataset integer not null references dataset(id),
    version text not null,
    sha256 text not null references contract_text(sha256),
    applied_at integer not null,
    primary key (dataset, version)
);
-- Every id ever allotted. A column that is gone keeps its row, retired, so that its id is never
-- given again.
create table field (
    dataset integer not null references dataset(id),
    id integer not null,
    column_name text not null,
    retired integer not null default 0,
    primary key (dataset, id)
);
-- In order of acceptance: number and at grow together.
create table batch (
    number integer primary key,
    id text not null unique,
    dataset integer not null references dataset(id),
    contract_version text not null,
    mode text not null,
    status text not null,
    idempotency_key text,
    body_sha256 text not null,
    rows_read integer not null,
    rows_accepted integer not null,
    rows_rejected integer not null,
    first_seq integer,
    last_seq integer,
    at integer not null,
    corrects text,
    quarantine_sha256 text,
    quarantine_bytes integer,
    originals_sha256 text,
    originals_bytes integer,
    receipt text not null,
    unique (dataset, idempotency_key)
);
create index batch_of_dataset on batch (dataset, number);
create index batch_body on batch (dataset, body_sha256) where status = 'accepted';
create index batch_quarantine on batch (quarantine_sha256) where quarantine_sha256 is not null;
create index batch_originals on batch (originals_sha256) where originals_sha256 is not null;
create index batch_mended on batch (dataset, number)
    where originals_sha256 is not null;
create table segment (
    dataset integer not null references dataset(id),
    first_seq integer not null,
    last_seq integer not null,
    sha256 text not null,
    bytes integer not null,
    inserted integer not null,
    updated integer not null,
    deleted integer not null,
    contract_version text not null,
    batch text not null references batch(id),
    at integer not null,
    primary key (dataset, first_seq)
);
create index segment_at on segment (dataset, at);
create index segment_sha256 on segment (sha256);
create table manifest (
    dataset integer not null references dataset(id),
    number integer not null,
    batch text not null references batch(id),
    sha256 text not null,               -- of jws
    jws text not null,
    primary key (dataset, number)
);
-- Counts the COMMITs that failed and were settled.
create table settled (
    id integer primary key,
    times integer not null
);
insert into settled values (1, 0);
)sql";

// Rows written alone.
constexpr std::string_view kSchema2 = R"sql(
alter table batch add column alone integer not null default 0;
alter table batch add column sealed integer;  -- of one alone: the number of its manifest
create index batch_unsealed on batch (dataset, number) where alone = 1 and sealed is null;
create index batch_of_file on batch (dataset, number) where alone = 0;
create index batch_alone on batch (dataset, number) where alone = 1;
create index batch_seq on batch (dataset, last_seq) where last_seq > 0;
create index batch_at on batch (dataset, at) where last_seq > 0;
-- Their changes, until they are sealed into a segment.
create table hot (
    dataset integer not null references dataset(id),
    seq integer not null,
    op integer not null,
    key text not null,
    row_values text not null,
    row_json text not null,
    primary key (dataset, seq)
) without rowid;
-- Columns keep their ids under a new name; so they are called in segments of before.
create table former_name (
    dataset integer not null references dataset(id),
    id integer not null,                -- of field
    column_name text not null,          -- what the column was called …
    until_version text not null,        -- … before this contract version
    primary key (dataset, id, until_version)
);
)sql";

// Erasure.
constexpr std::string_view kSchema3 = R"sql(
-- Sealed files that an erasure is about to refer to, or refers to no longer and has not removed
-- yet; as long as any stands here, the dataset's views may hold what was erased.
create table erasing (
    dataset integer not null references dataset(id),
    kind text not null,                 -- 'segment' or 'quarantine'; 'views': only those
    sha256 text not null,
    primary key (dataset, kind, sha256)
);
)sql";

Result<std::int64_t> schema_version(sql::Sqlite& control) {
    TRY_ASSIGN(sql::Statement statement, control.prepare("pragma user_version"));
    TRY(statement.step());
    return statement.integer(0);
}

}  // namespace

Result<std::unique_ptr<sql::Sqlite>> open_control(const Host& host,
                                                  const std::filesystem::path& folder) {
    TRY_ASSIGN(std::unique_ptr<sql::Sqlite> control,
               sql::Sqlite::open(host, folder / kControlFile, {}));
    TRY_ASSIGN(const std::int64_t version, schema_version(*control));
    if (version > kSchemaVersion) {
        return fail(
            Code::kInvalid,
            {fmt::format("«{}» do bản Nguồn mới hơn tạo.", (folder / kControlFile).string()),
             fmt::format("\"{}\" was made by a newer Nguồn.", (folder / kControlFile).string())},
            {"Dùng bản mới hơn.", "Use the newer version."});
    }
    // What is deleted is overwritten: after an erasure nothing of it may be left in free pages.
    TRY(control->execute("pragma secure_delete = on"));
    if (version < kSchemaVersion) {
        if (version > 0) TRY(control->execute("vacuum"));  // free pages of before
        const auto bring_up = [&]() -> Result<void> {
            if (version < 1) TRY(control->execute(kSchema1));
            if (version < 2) TRY(control->execute(kSchema2));
            TRY(control->execute(kSchema3));
            return control->execute(fmt::format("pragma user_version = {}", kSchemaVersion));
        };
        const Result<void> made = control->transaction(bring_up);
        if (!made) return std::unexpected(made.error());
    }
    return control;
}

Result<std::vector<FormerName>> former_names(sql::Sqlite& control, std::int64_t dataset) {
    std::vector<FormerName> names;
    TRY_ASSIGN(sql::Statement row,
               control.prepare("select id, column_name, until_version from former_name where "
                               "dataset = ? order by rowid"));
    row.bind(1, dataset);
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return names;
        names.push_back(
            {static_cast<int>(row.integer(0)), std::string(row.text(1)), std::string(row.text(2))});
    }
}

Result<bool> empty_log(sql::Sqlite& control) {
    TRY_ASSIGN(sql::Statement checkpoint, control.prepare("pragma wal_checkpoint(truncate)"));
    TRY_ASSIGN(const bool row, checkpoint.step());
    return row && checkpoint.integer(0) == 0;
}

Result<void> settle_log(sql::Sqlite& control) {
    TRY_ASSIGN(const bool emptied, empty_log(control));
    if (emptied) return {};
    return fail(Code::kUnavailable,
                {"Nhật ký của control.db đang bận.", "The log of control.db is busy."},
                {"Thử lại sau.", "Try again later."});
}

Result<std::unique_ptr<sql::Sqlite>> open_control_reader(const Host& host,
                                                         const std::filesystem::path& folder) {
    sql::Sqlite::Options options;
    options.read_only = true;
    return sql::Sqlite::open(host, folder / kControlFile, options);
}

}  // namespace nguon::store
