// The part of a pass that tells which rows set aside by an earlier batch this file mends.
#include <fmt/format.h>

#include "intake/internal/file_writer.h"
#include "intake/internal/pass.h"
#include "intake/quarantine.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;
using sql::quote_literal;

// Rows that batches before this one mended of `batch`, and the segments that they wrote.
struct MendedBefore {
    std::int64_t rows = 0;
    std::vector<store::SegmentInfo> segments;
};

Result<MendedBefore> mended_before(const store::Store& store, const store::BatchInfo& batch,
                                   store::Seq head) {
    MendedBefore before;
    TRY_ASSIGN(const std::vector<store::BatchInfo> batches, store.batches(batch.dataset, 0));
    TRY_ASSIGN(const std::vector<store::SegmentInfo> segments, store.segments(batch.dataset, head));
    for (const store::BatchInfo& other : batches) {
        if (other.corrects != batch.id || other.status != store::BatchStatus::kAccepted) continue;
        before.rows += corrected_rows(other);
        for (const store::SegmentInfo& segment : segments) {
            if (segment.batch == other.id) before.segments.push_back(segment);
        }
    }
    return before;
}

}  // namespace

std::int64_t corrected_rows(const store::BatchInfo& batch) {
    if (batch.corrects.empty()) return 0;
    const Result<json::value> receipt = parse_json(batch.receipt_json);
    if (!receipt) return 0;
    const json::value* corrected = receipt->get_object().if_contains("corrected");
    if (corrected == nullptr || !corrected->is_object()) return 0;
    return corrected->at("rows").to_number<std::int64_t>();
}

// `_aside`: the rows that the batch set aside, each with its text by column, null where its key
// cannot be told: damaged, the key itself at fault, or repeated.
Result<void> Pass::read_aside(const store::BatchInfo& batch) {
    const std::filesystem::path file =
        m_store.options().folder / "quarantine" / (batch.quarantine_sha256 + ".parquet");
    std::string key;
    for (const contract::Column* column : m_dataset.key())
        key += (key.empty() ? "" : ", ") + quote_literal(column->name);
    return m_duck->execute(fmt::format(
        "CREATE TEMP TABLE _aside AS SELECT \"row\", CASE WHEN bool_or(fields IS NULL OR "
        "starts_with(rule, 'key:') OR len(list_intersect(string_split(coalesce(\"column\", ''), "
        "','), [{}]::VARCHAR[])) > 0) THEN NULL ELSE any_value(fields) END AS fields FROM "
        "read_parquet({}) GROUP BY \"row\"",
        key, quote_literal(file.string())));
}

// `_aside_keys`: the keys of `_aside` that can be told, as this contract and recipe read them.
Result<void> Pass::read_aside_keys() {
    const std::filesystem::path file = temporary(".jsonl");
    std::size_t told = 0;
    {
        TRY_ASSIGN(FileWriter out, FileWriter::create(*m_store.options().disk, file));
        TRY_ASSIGN(sql::DuckResult rows,
                   m_duck->stream("SELECT fields FROM _aside WHERE fields IS NOT NULL"));
        for (;;) {
            TRY_ASSIGN(const std::size_t count, rows.next());
            if (count == 0) break;
            told += count;
            for (std::size_t i = 0; i < count; ++i) {
                TRY(out.add(rows.text(0, i)));
                TRY(out.add("\n"));
            }
        }
        TRY(out.flush());
    }
    if (told == 0) {  // damaged rows only
        (void)m_store.options().disk->remove(file);
        return m_duck->execute(
            fmt::format("CREATE TEMP TABLE _aside_keys AS SELECT {} FROM read_parquet({}) LIMIT 0",
                        key_columns(""), quote_literal(m_stage.string())));
    }
    scan::InputOptions options;
    options.file = file;
    options.format = scan::Format::kJsonLines;
    options.encoding = scan::Encoding::kUtf8;
    options.temporary_folder = file.parent_path();
    options.disk = m_store.options().disk;
    for (const contract::Column& column : m_dataset.columns)
        options.columns.push_back(column.name);
    Result<std::unique_ptr<scan::RecordInput>> input = scan::RecordInput::open(options);
    Disk& disk = *m_store.options().disk;
    if (!input) {
        (void)disk.remove(file);
        return std::unexpected(std::move(input).error());
    }
    TRY(m_duck->register_source(
        "_aside_rows",
        std::make_shared<scan::Table>(std::move(*input), plan_without_key(m_quiet_mender),
                                      *m_store.options().random)));
    const Result<void> done = m_duck->execute(fmt::format(
        "CREATE TEMP TABLE _aside_keys AS SELECT DISTINCT {} FROM _aside_rows()", key_columns("")));
    (void)disk.remove(file);
    return done;
}

// Rows whose key can be told are mended when a row with that key enters, each once; any other when
// a row enters that answers none of these.
Result<void> Pass::count_corrected() {
    if (m_request.corrects.empty()) return {};
    TRY_ASSIGN(const store::BatchInfo batch, m_store.batch(m_request.corrects));
    if (batch.quarantine_sha256.empty()) return {};
    TRY_ASSIGN(const MendedBefore before, mended_before(m_store, batch, m_draft.expected_head));
    TRY(read_aside(batch));
    TRY_ASSIGN(const std::int64_t aside, m_duck->query_integer("SELECT count(*) FROM _aside"));
    const std::int64_t left = std::max<std::int64_t>(0, aside - before.rows);
    std::int64_t mended = std::min(left, m_staged);
    if (!m_dataset.key().empty()) {
        TRY(read_aside_keys());
        const std::string fresh = fmt::format(
            "(SELECT {0} FROM read_parquet({1}) ANTI JOIN (SELECT {0} FROM ({2})) USING ({0}))",
            key_columns(""), quote_literal(m_stage.string()),
            store::history_view(m_info, before.segments, m_draft.expected_head).sql);
        TRY_ASSIGN(const std::int64_t told,
                   m_duck->query_integer(fmt::format("SELECT count(*) FROM _aside_keys SEMI JOIN "
                                                     "{} USING ({})",
                                                     fresh, key_columns(""))));
        TRY_ASSIGN(const std::int64_t others,
                   m_duck->query_integer(fmt::format("SELECT count(*) FROM {} ANTI JOIN "
                                                     "_aside_keys USING ({})",
                                                     fresh, key_columns(""))));
        TRY_ASSIGN(const std::int64_t unclear,
                   m_duck->query_integer("SELECT count(*) FROM _aside WHERE fields IS NULL"));
        mended = std::min(left, told + std::min(others, unclear));
    }
    m_draft.corrected = {{"rows", mended}, {"of", aside}, {"left", left - mended}};
    return {};
}

}  // namespace nguon::intake
