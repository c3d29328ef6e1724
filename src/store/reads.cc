// What is true, as the control database says it.
#include <fmt/format.h>

#include <charconv>

#include "base/spoken.h"
#include "store/internal/hot.h"
#include "store/internal/impl.h"
#include "store/internal/recorded.h"

namespace nguon::store {
Result<AsOf> parse_as_of(std::string_view text) {
    if (!text.starts_with("seq:")) {
        TRY_ASSIGN(const Micros at, parse_time(text));
        return AsOf{at, std::nullopt};
    }
    const std::string_view digits = text.substr(4);
    Seq seq = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seq);
    if (error != std::errc() || end != digits.data() + digits.size() || seq < 0) {
        return fail(Code::kInvalid,
                    {fmt::format("«{}» không phải số thứ tự thay đổi.", text.substr(0, 64)),
                     fmt::format("\"{}\" is not a sequence number.", text.substr(0, 64))},
                    {"Viết seq:N, ví dụ seq:42, hoặc một thời điểm RFC 3339.",
                     "Write seq:N, for example seq:42, or an RFC 3339 time."});
    }
    return AsOf{std::nullopt, seq};
}

Result<std::string> Store::contract_text(std::string_view name, std::string_view version) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(sql::Statement statement, m_impl->reader->prepare(R"sql(
        select t.yaml from contract c
        join contract_text t on t.sha256 = c.sha256
        join dataset d on d.id = c.dataset
        where c.dataset = ?1 and c.version = case when ?2 = '' then d.version else ?2 end)sql"));
    statement.bind(1, state->id).bind(2, version);
    TRY_ASSIGN(const bool row, statement.step());
    if (!row) {
        return fail(Code::kNotFound,
                    {fmt::format("«{}» không có phiên bản hợp đồng {}.", name, version),
                     fmt::format("\"{}\" has no contract version {}.", name, version)});
    }
    return std::string(statement.text(0));
}

Result<std::optional<Receipt>> Store::Impl::find_receipt(std::int64_t dataset, std::string_view key,
                                                         std::string_view body_sha256) {
    if (key.empty()) return std::nullopt;
    const std::lock_guard lock(read_mutex);
    TRY_ASSIGN(const sql::KeptStatement kept, reader->kept(R"sql(
        select id, receipt, status, body_sha256 from batch
        where dataset = ? and idempotency_key = ?)sql"));
    sql::Statement& statement = *kept;
    statement.bind(1, dataset).bind(2, key);
    TRY_ASSIGN(const bool row, statement.step());
    if (!row) return std::nullopt;
    if (statement.text(3) != body_sha256) {
        return fail(Code::kConflict,
                    {fmt::format("Khoá chống gửi lặp này đã dùng cho lô {} với nội dung khác.",
                                 statement.text(0)),
                     fmt::format("This idempotency key was used for batch {} with another body.",
                                 statement.text(0))},
                    {"Gửi nội dung mới với khoá mới.", "Send a new body with a new key."});
    }
    Receipt receipt;
    receipt.batch = statement.text(0);
    receipt.json_text = statement.text(1);
    receipt.repeated = true;
    receipt.status =
        statement.text(2) == "accepted" ? BatchStatus::kAccepted : BatchStatus::kRefused;
    return receipt;
}

Result<std::optional<Receipt>> Store::repeated(std::string_view dataset,
                                               std::string_view idempotency_key,
                                               std::string_view body_sha256) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(dataset));
    return m_impl->find_receipt(state->id, idempotency_key, body_sha256);
}

Result<Head> Store::head(std::string_view name) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::shared_lock lock(m_impl->state_mutex);
    return state->head;
}

Result<Head> Store::wait_for(std::string_view name, Seq seq, std::chrono::milliseconds longest,
                             const std::function<bool()>& cancelled) const {
    constexpr std::chrono::milliseconds kRound{250};  // how soon `cancelled` is asked
    const auto deadline = std::chrono::steady_clock::now() + longest;
    for (;;) {
        std::unique_lock lock(m_impl->change_mutex);
        TRY_ASSIGN(const Head now, head(name));
        const auto at = std::chrono::steady_clock::now();
        if (now.seq >= seq || at >= deadline || (cancelled && cancelled())) return now;
        m_impl->changed.wait_until(lock, std::min(deadline, at + kRound));
    }
}

Result<Seq> Store::resolve(std::string_view name, const AsOf& as_of) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    TRY_ASSIGN(const Head now, head(name));
    if (as_of.seq) {
        if (*as_of.seq <= now.seq) return *as_of.seq;
        return fail(Code::kInvalid,
                    {fmt::format("«{}» mới có {} thay đổi.", name, now.seq),
                     fmt::format("\"{}\" has only {} changes so far.", name, now.seq)},
                    {"Chọn số nhỏ hơn.", "Choose a smaller number."});
    }
    if (!as_of.at || *as_of.at >= now.at) return now.seq;
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(
        sql::Statement statement,
        m_impl->reader->prepare(
            "select last_seq from batch where dataset = ? and at <= ? and last_seq > 0 order by at "
            "desc limit 1"));
    statement.bind(1, state->id).bind(2, *as_of.at);
    TRY_ASSIGN(const bool row, statement.step());
    return row ? statement.integer(0) : Seq{0};
}

namespace {

Result<void> check_whole(const Store::Impl& store, const DatasetState& state) {
    const std::shared_lock lock(store.state_mutex);
    if (!state.corrupt) return {};
    return fail(Code::kCorrupt,
                {fmt::format("Tập dữ liệu «{}» mất hoặc hỏng tệp lịch sử.", state.name),
                 fmt::format("Dataset \"{}\" has a missing or damaged history file.", state.name)},
                {"Chạy «nguon verify» để biết tệp nào, rồi khôi phục từ bản sao lưu.",
                 "Run `nguon verify` to see which file, then restore from a backup."});
}

Result<std::vector<SegmentInfo>> sealed_segments(const Store::Impl& store, std::int64_t dataset) {
    TRY_ASSIGN(sql::Statement row, store.reader->prepare(R"sql(
        select sha256, first_seq, last_seq, inserted, updated, deleted, contract_version, batch, at
        from segment where dataset = ? order by first_seq)sql"));
    row.bind(1, dataset);
    std::vector<SegmentInfo> segments;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return segments;
        SegmentInfo segment;
        segment.sha256 = row.text(0);
        segment.path = store.blobs->path_of(segment.sha256, BlobKind::kSegment);
        segment.first = row.integer(1);
        segment.last = row.integer(2);
        segment.changes = {row.integer(3), row.integer(4), row.integer(5), 0};
        segment.contract_version = row.text(6);
        segment.batch = row.text(7);
        segment.at = row.integer(8);
        segments.push_back(std::move(segment));
    }
}

enum class Segments { kNone, kAll };

// One moment of the history: a row is in a segment or waits, never both and never neither.
// Rows that `skip` has another way to are left out.
using SkipRows = std::function<bool(Seq first, Seq last)>;
Result<Store::History> one_moment(const Store::Impl& store, std::int64_t dataset, Segments segments,
                                  Seq after, const SkipRows& skip = {}) {
    const std::lock_guard lock(store.read_mutex);
    TRY(store.reader->execute("begin"));
    Store::History history;
    const Result<void> read = [&]() -> Result<void> {
        if (segments == Segments::kAll) {
            TRY_ASSIGN(history.segments, sealed_segments(store, dataset));
        }
        bool skips = false;
        if (skip) {
            TRY_ASSIGN(const sql::KeptStatement ends,
                       store.reader->kept("select min(seq), max(seq) from hot where dataset = ?"));
            TRY(ends->bind(1, dataset).step());
            skips = !ends->is_null(0) && skip(ends->integer(0), ends->integer(1));
        }
        if (!skips) {
            TRY_ASSIGN(history.rows, read_hot_rows(*store.reader, dataset, after));
        }
        TRY_ASSIGN(const sql::KeptStatement head,
                   store.reader->kept("select head_seq, current_rows, head_at, manifests from "
                                      "dataset where id = ?"));
        TRY(head->bind(1, dataset).step());
        history.head = {head->integer(0), head->integer(1), head->integer(2), head->integer(3)};
        return {};
    }();
    (void)store.reader->execute("rollback");
    TRY(read);
    return history;
}

}  // namespace

Result<Store::History> Store::history(std::string_view name) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    TRY(check_whole(*m_impl, *state));
    return one_moment(*m_impl, state->id, Segments::kAll, 0);
}

Result<Store::History> Store::tail(std::string_view name, Seq after) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    TRY(check_whole(*m_impl, *state));
    return one_moment(*m_impl, state->id, Segments::kNone, after);
}

Result<std::vector<SegmentInfo>> Store::segments(std::string_view name, Seq upto) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    TRY(check_whole(*m_impl, *state));
    // The rows that wait are of the contract that was in force both before and after they were
    // read.
    for (;;) {
        TRY_ASSIGN(const auto info, m_impl->load_info(state));
        std::optional<SegmentInfo> shown;
        const auto skip = [&](Seq first, Seq last) {
            shown = m_impl->known_hot_file(name, first, last);
            return shown.has_value();
        };
        TRY_ASSIGN(History history, one_moment(*m_impl, state->id, Segments::kAll, 0, skip));
        TRY_ASSIGN(const auto still, m_impl->load_info(state));
        if (still != info) continue;
        std::erase_if(history.segments,
                      [&](const SegmentInfo& segment) { return segment.first > upto; });
        if (!history.rows.empty() && history.rows.front().seq <= upto) {
            TRY_ASSIGN(shown, m_impl->make_hot_file(*info, history.rows));
        }
        if (shown && shown->first <= upto) history.segments.push_back(*std::move(shown));
        return std::move(history.segments);
    }
}

Result<std::vector<ChangeSource>> Store::sources(std::string_view name, Seq first, Seq last) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(sql::Statement row,
               m_impl->reader->prepare("select first_seq, last_seq, id, at from batch where "
                                       "dataset = ? and last_seq >= ? and last_seq > 0 order by "
                                       "last_seq"));
    row.bind(1, state->id).bind(2, first);
    std::vector<ChangeSource> sources;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any || row.integer(0) > last) return sources;
        sources.push_back(
            {row.integer(0), row.integer(1), std::string(row.text(2)), row.integer(3)});
    }
}

Result<std::vector<BatchInfo>> Store::batches(std::string_view name,
                                              std::int64_t most_alone) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(sql::Statement row,
               m_impl->reader->prepare(fmt::format(
                   "{}where b.number in ("
                   "select number from batch where dataset = ?1 and alone = 0 union all "
                   "select * from (select number from batch where dataset = ?1 and "
                   "alone = 1 order by number desc limit ?2)) order by b.number desc",
                   kBatchColumns)));
    row.bind(1, state->id).bind(2, most_alone);
    std::vector<BatchInfo> batches;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return batches;
        batches.push_back(batch_of(row).info);
    }
}

Result<std::optional<BatchInfo>> Store::accepted_before(std::string_view name,
                                                        std::string_view body_sha256,
                                                        contract::Mode mode) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(sql::Statement row,
               m_impl->reader->prepare(fmt::format(
                   "{}where b.dataset = ? and b.body_sha256 = ? and b.status = 'accepted' and "
                   "b.mode = ? order by b.number desc limit 1",
                   kBatchColumns)));
    row.bind(1, state->id).bind(2, body_sha256).bind(3, contract::name_of(mode));
    TRY_ASSIGN(const bool any, row.step());
    if (!any) return std::nullopt;
    return batch_of(row).info;
}

Result<std::vector<BatchInfo>> Store::accepted_after(std::string_view name, Micros at,
                                                     std::int64_t most) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(sql::Statement row,
               m_impl->reader->prepare(fmt::format(
                   "{}where b.dataset = ? and b.at > ? and b.status = 'accepted' order by b.number "
                   "limit ?",
                   kBatchColumns)));
    row.bind(1, state->id).bind(2, at).bind(3, most);
    std::vector<BatchInfo> batches;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return batches;
        batches.push_back(batch_of(row).info);
    }
}

Result<std::vector<ContractVersion>> Store::contract_versions(std::string_view name) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(sql::Statement row,
               m_impl->reader->prepare("select version, applied_at from contract where dataset = ? "
                                       "order by applied_at, rowid"));
    row.bind(1, state->id);
    std::vector<ContractVersion> versions;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return versions;
        versions.push_back({std::string(row.text(0)), row.integer(1)});
    }
}

Result<std::vector<std::string>> Store::profiles(std::string_view name, contract::Mode mode,
                                                 std::int64_t most) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(sql::Statement row, m_impl->reader->prepare(R"sql(
        select profile from (
            select number, json_extract(receipt, '$.profile') as profile from (
                select * from batch where dataset = ? order by number desc limit 200)
            where mode = ? and status = 'accepted' and corrects is null)
        where profile is not null order by number desc limit ?)sql"));
    row.bind(1, state->id).bind(2, contract::name_of(mode)).bind(3, most);
    std::vector<std::string> profiles;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return profiles;
        profiles.emplace_back(row.text(0));
    }
}

Result<std::string> Store::recipe(std::string_view name) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(sql::Statement row,
               m_impl->reader->prepare("select json_extract(receipt, '$.mended.steps') from batch "
                                       "where dataset = ? and originals_sha256 is not null "
                                       "order by number desc limit 1"));
    row.bind(1, state->id);
    TRY_ASSIGN(const bool any, row.step());
    return any ? std::string(row.text(0)) : std::string();
}

Result<BatchInfo> Store::batch(std::string_view id) const {
    TRY(m_impl->check_readable());
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(sql::Statement row,
               m_impl->reader->prepare(fmt::format("{}where b.id = ?", kBatchColumns)));
    row.bind(1, id);
    TRY_ASSIGN(const bool any, row.step());
    if (!any) {
        return fail(
            Code::kNotFound,
            {fmt::format("Không có lô «{}».", id), fmt::format("There is no batch \"{}\".", id)},
            {fmt::format("Xem các lô: {}.",
                         spoken::route("GET /api/v1/datasets/{dataset}/batches")),
             fmt::format("List them: {}.",
                         spoken::route("GET /api/v1/datasets/{dataset}/batches"))});
    }
    return batch_of(row).info;
}

Result<std::vector<std::string>> Store::manifests(std::string_view name) const {
    TRY_ASSIGN(const std::shared_ptr<DatasetState> state, m_impl->find(name));
    const std::lock_guard lock(m_impl->read_mutex);
    TRY_ASSIGN(
        sql::Statement row,
        m_impl->reader->prepare("select jws from manifest where dataset = ? order by number"));
    row.bind(1, state->id);
    std::vector<std::string> texts;
    for (;;) {
        TRY_ASSIGN(const bool any, row.step());
        if (!any) return texts;
        texts.emplace_back(row.text(0));
    }
}

}  // namespace nguon::store
