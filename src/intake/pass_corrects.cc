// The part of a pass that tells which rows set aside by an earlier batch this file mends.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <span>

#include "intake/internal/file_writer.h"
#include "intake/internal/pass.h"
#include "intake/internal/sent_again.h"
#include "intake/quarantine.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;
using sql::quote_literal;

// What batches before this one, the corrections of corrections too, mended of `batch`: how many
// rows, and the segments that they wrote.
struct MendedBefore {
    std::int64_t rows = 0;
    std::vector<store::SegmentInfo> segments;
};

Result<MendedBefore> mended_before(const store::Store& store, const store::BatchInfo& batch,
                                   store::Seq head) {
    MendedBefore before;
    TRY_ASSIGN(const std::vector<store::BatchInfo> batches, store.batches(batch.dataset, 0));
    TRY_ASSIGN(const std::vector<store::SegmentInfo> segments, store.segments(batch.dataset, head));
    std::set<std::string> line = line_of(batches, batch.id);
    line.erase(batch.id);
    for (const store::BatchInfo& other : batches) {
        if (line.contains(other.id)) before.rows += corrected_rows(other);
    }
    std::ranges::copy_if(
        segments, std::back_inserter(before.segments),
        [&](const store::SegmentInfo& segment) { return line.contains(segment.batch); });
    return before;
}

// What the sender said of how the file is to be read: other parts of it are other rows.
json::object read_as_asked(const LoadRequest& request) {
    json::object asked;
    if (request.format) asked["format"] = scan::name_of(*request.format);
    if (request.encoding) asked["encoding"] = scan::name_of(*request.encoding);
    if (!request.sheet.empty()) asked["sheet"] = request.sheet;
    if (!request.entry.empty()) asked["entry"] = request.entry;
    return asked;
}

bool is_read_as(const store::BatchInfo& batch, const json::object& asked) {
    const Result<json::value> receipt = parse_json(batch.receipt_json);
    if (!receipt) return false;
    const json::value* then = receipt->get_object().if_contains("read_as");
    return then == nullptr ? asked.empty() : *then == asked;
}

// As the quarantine file has it: bytes that are no text in digits.
std::size_t hash_of(std::string_view record) {
    return std::hash<std::string>()(is_utf8(record) ? std::string(record) : "hex:" + hex(record));
}

// Of each row that the batch set aside, the hash of its record.
Result<std::map<std::int64_t, std::size_t>> records_of(sql::Duck& duck,
                                                       const std::filesystem::path& folder,
                                                       const store::BatchInfo& batch) {
    const std::filesystem::path file =
        folder / "quarantine" / (batch.quarantine_sha256 + ".parquet");
    TRY_ASSIGN(sql::DuckResult rows,
               duck.query(fmt::format("SELECT DISTINCT \"row\", record FROM read_parquet({})",
                                      quote_literal(file.string()))));
    std::map<std::int64_t, std::size_t> records;
    for (;;) {
        TRY_ASSIGN(const std::size_t count, rows.next());
        if (count == 0) return records;
        for (std::size_t i = 0; i < count; ++i)
            records[rows.integer(0, i)] = std::hash<std::string>()(std::string(rows.text(1, i)));
    }
}

std::unexpected<Error> no_names() {
    return scan::wrong_parameter(
        "close_missing",
        {"Tệp không có cột _id hay _row, nên không biết dòng nào không có trong tệp.",
         "The file has no column _id or _row, so nothing says which rows are not in it."},
        {"Sửa tệp lấy bằng nguon quarantine get LÔ -o TỆP, giữ các cột có _ ở đầu tên.",
         "Mend the file of nguon quarantine get BATCH -o FILE, and keep the columns whose names "
         "begin "
         "with _."});
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

// `_aside_keys`: the keys of `_aside` that can be told, as this contract and recipe read them, each
// with one row that has it.
Result<Pass::AsideKeys> Pass::read_aside_keys() {
    const std::filesystem::path file = temporary(".jsonl");
    std::vector<std::int64_t> numbers;
    {
        TRY_ASSIGN(FileWriter out, FileWriter::create(*m_store.options().disk, file));
        TRY_ASSIGN(sql::DuckResult rows,
                   m_duck->stream("SELECT fields, \"row\" FROM _aside WHERE fields IS NOT NULL"));
        for (;;) {
            TRY_ASSIGN(const std::size_t count, rows.next());
            if (count == 0) break;
            for (std::size_t i = 0; i < count; ++i) {
                numbers.push_back(rows.integer(1, i));
                TRY(out.add(rows.text(0, i)));
                TRY(out.add("\n"));
            }
        }
        TRY(out.flush());
    }
    if (numbers.empty()) {  // damaged rows only
        (void)m_store.options().disk->remove(file);
        TRY(m_duck->execute(fmt::format(
            "CREATE TEMP TABLE _aside_keys AS SELECT {}, 0::BIGINT AS _place FROM read_parquet({}) "
            "LIMIT 0",
            key_columns(""), quote_literal(m_stage.string()))));
        return AsideKeys{};
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
    const auto table = std::make_shared<scan::Table>(
        std::move(*input), plan_without_key(m_quiet_mender), *m_store.options().random);
    TRY(m_duck->register_source("_aside_rows", table));
    const Result<void> done = m_duck->execute(
        fmt::format("CREATE TEMP TABLE _aside_keys AS SELECT {0}, min(_row) AS _place FROM "
                    "_aside_rows() GROUP BY {0}",
                    key_columns("")));
    (void)disk.remove(file);
    TRY(done);
    return AsideKeys{table, std::move(numbers)};
}

// Takes out of `_aside` the rows that are spoken for by their number.
Result<void> Pass::drop_aside(const std::vector<std::int64_t>& rows) {
    constexpr std::size_t kAtOnce = 5'000;
    for (std::size_t from = 0; from < rows.size(); from += kAtOnce) {
        const auto some = std::span(rows).subspan(from, std::min(kAtOnce, rows.size() - from));
        TRY(m_duck->execute(
            fmt::format("DELETE FROM _aside WHERE \"row\" IN ({})", fmt::join(some, ", "))));
    }
    return {};
}

// The rows of `_aside` that have the key of a row that enters and that no batch of `before` wrote;
// and how many other rows enter.
Result<Pass::KeysMended> Pass::mended_by_key(const std::string& before) {
    TRY_ASSIGN(const AsideKeys keys, read_aside_keys());
    const std::string fresh = fmt::format(
        "(SELECT {0} FROM read_parquet({1}) ANTI JOIN (SELECT {0} FROM ({2})) USING ({0}))",
        key_columns(""), quote_literal(m_stage.string()), before);
    KeysMended mended;
    TRY_ASSIGN(sql::DuckResult told,
               m_duck->query(fmt::format("SELECT _place FROM _aside_keys SEMI JOIN {} USING ({})",
                                         fresh, key_columns(""))));
    for (;;) {
        TRY_ASSIGN(const std::size_t count, told.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i) {
            const auto line = keys.table->row_number(told.integer(0, i)) - 1;
            mended.rows.push_back(keys.numbers[static_cast<std::size_t>(line)]);
        }
    }
    TRY_ASSIGN(mended.others, m_duck->query_integer(fmt::format(
                                  "SELECT count(*) FROM {} ANTI JOIN _aside_keys USING ({})", fresh,
                                  key_columns(""))));
    return mended;
}

// A row is mended when every record of the file that has its number enters, or a row with its key.
// Where neither can be told (`_row` is gone and the key was wrong, or there is none), a row that
// enters and answers none of these mends one of them: then only their number is known.
Result<void> Pass::count_corrected() {
    if (m_request.corrects.empty()) return {};
    TRY_ASSIGN(const store::BatchInfo batch, m_store.batch(m_request.corrects));
    if (batch.quarantine_sha256.empty()) return {};
    TRY_ASSIGN(const MendedBefore before, mended_before(m_store, batch, m_draft.expected_head));
    TRY(read_aside(batch));
    TRY_ASSIGN(const std::int64_t aside, m_duck->query_integer("SELECT count(*) FROM _aside"));
    // By way of an elder rows may have been mended that no correction of this batch counts.
    const auto known = static_cast<std::int64_t>(m_again->mended_before().size());
    const std::int64_t left = std::max<std::int64_t>(0, aside - std::max(before.rows, known));

    std::vector<std::int64_t> rejected;
    RowSpool::Reader reader(m_judge->rejects());
    RowSpool::Entry entry;
    std::int64_t rejected_known = 0;
    for (;;) {
        TRY_ASSIGN(const bool more, reader.next(entry));
        if (!more) break;
        rejected.push_back(entry.row);
        if (m_again->origin_of(entry.row) != nullptr) ++rejected_known;
    }
    std::vector<std::int64_t> rows = m_again->entering(rejected);
    // Rows that enter and were none of the batch's by their number.
    const std::int64_t unnamed =
        std::max<std::int64_t>(0, m_staged - (m_again->known() - rejected_known));
    std::vector<std::int64_t> closed;
    if (!m_request.close_missing.empty()) {
        if (m_again->known() == 0) return no_names();
        closed = m_again->not_returned();
        TRY(drop_aside(closed));
    }
    TRY(drop_aside(m_again->mended_before()));
    TRY(drop_aside(rows));
    std::int64_t counted = unnamed;
    if (unnamed > 0 && !m_dataset.key().empty()) {
        TRY_ASSIGN(
            const KeysMended mended,
            mended_by_key(store::history_view(m_info, before.segments, m_draft.expected_head).sql));
        TRY_ASSIGN(const std::int64_t unclear,
                   m_duck->query_integer("SELECT count(*) FROM _aside WHERE fields IS NULL"));
        rows.insert(rows.end(), mended.rows.begin(), mended.rows.end());
        const auto told = static_cast<std::int64_t>(mended.rows.size());
        counted = std::min({mended.others, unclear, std::max<std::int64_t>(0, unnamed - told)});
    }
    if (left == 0 && unnamed > 0 && m_dataset.key().empty()) refuse_mended(batch);
    rows.insert(rows.end(), closed.begin(), closed.end());
    const std::int64_t mended = std::min(left, static_cast<std::int64_t>(rows.size()) + counted);
    std::vector<RowAside> names;
    for (const std::int64_t row : rows)
        names.push_back(m_again->name_of(row));
    m_draft.corrected = {{"rows", mended},
                         {"of", aside},
                         {"left", left - mended},
                         {"again", m_again->left_out()},
                         {"mended", mended_json(names)}};
    if (!closed.empty()) {
        m_draft.corrected["closed"] = {{"rows", closed.size()},
                                       {"reason", m_request.close_missing}};
    }
    if (m_again->left_out() > 0) say_mended_before(batch);
    return {};
}

// The rows are closed by this batch: by what it brings, or because they went.
void Pass::close_rows(std::vector<RowAside> rows) {
    std::ranges::sort(rows);
    rows.erase(std::ranges::unique(rows).begin(), rows.end());
    if (rows.empty()) return;
    const std::size_t count = rows.size();
    m_draft.corrected = {
        {"rows", count}, {"of", count}, {"left", 0}, {"again", 0}, {"mended", mended_json(rows)}};
}

// The newest load of the same bytes, read alike, that set rows aside: those that nobody mended and
// that enter now are closed, the others are the same rows still and go by the same names.
Result<void> Pass::find_same_file() {
    if (!m_request.corrects.empty() || !m_request.replaces.empty() || m_request.all_or_none ||
        !m_store.dataset(m_dataset.name))
        return {};
    const json::object read_as = read_as_asked(m_request);
    if (!read_as.empty()) m_draft.kept["read_as"] = read_as;
    TRY_ASSIGN(const auto batches, m_store.batches(m_dataset.name, 0));
    const auto earlier = std::ranges::find_if(batches, [&](const store::BatchInfo& batch) {
        return batch.sha256 == m_draft.body_sha256 && batch.corrects.empty() &&
               batch.status == store::BatchStatus::kAccepted && !batch.quarantine_sha256.empty() &&
               is_read_as(batch, read_as);
    });
    if (earlier == batches.end()) return {};
    TRY_ASSIGN(const auto aside, SentAgain::of(m_store, *earlier));
    std::map<std::int64_t, RowAside> open = aside->open_rows();
    if (open.empty()) return {};
    TRY_ASSIGN(const auto records, records_of(*m_duck, m_store.options().folder, *earlier));
    std::unordered_map<std::int64_t, RowAside> before;
    RowSpool::Reader reader(m_judge->rejects());
    RowSpool::Entry entry;
    for (;;) {
        TRY_ASSIGN(const bool more, reader.next(entry));
        if (!more) break;
        const auto found = open.find(m_table->row_number(entry.row));
        if (found == open.end()) continue;
        const auto then = records.find(found->first);
        if (then == records.end() || then->second != hash_of(entry.record)) return {};
        before.emplace(entry.row, found->second);
        open.erase(found);
    }
    m_aside_before = std::move(before);
    m_draft.kept["same_file"] = {{"batch", earlier->id}, {"aside", m_aside_before.size()}};
    std::vector<RowAside> closed;
    for (auto& [row, name] : open)
        closed.push_back(std::move(name));
    close_rows(std::move(closed));
    return {};
}

void Pass::say_mended_before(const store::BatchInfo& batch) {
    Finding finding{"already_mended", ""};
    finding.checked = m_table->records() + m_again->left_out();
    finding.count = m_again->left_out();
    const Text rows = rows_text(finding.count);
    finding.sentence = {
        fmt::format("{} của lô {} đã được sửa hoặc đóng trước đây nên không nạp lại; muốn đổi nữa "
                    "thì nạp như "
                    "dữ liệu mới.",
                    rows.vi, batch.id),
        fmt::format(
            "Of batch {}, {} mended or closed before: not loaded again; to change them once more, "
            "load them as new data.",
            batch.id, rows.en)};
    m_findings.push_back(to_json(finding));
}

// Rows without a key and without `_row` would enter twice.
void Pass::refuse_mended(const store::BatchInfo& batch) {
    m_refused = true;
    json::object result = refusal(
        "already_mended",
        {fmt::format("Mọi dòng để riêng của lô {} đã được sửa; nạp nữa thì có hai lần.", batch.id),
         fmt::format("Every row that batch {} set aside was mended; again, they would be "
                     "there twice.",
                     batch.id)},
        "", contract::Dimension::kClean);
    refuse_for(result, {"Dòng mới thì nạp như một tệp mới, không gửi lại cho lô này.",
                        "Load new rows as a file of their own, not for this batch."});
    m_draft.results.push_back(std::move(result));
}

}  // namespace nguon::intake
