#include "intake/row_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "crypto/sha256.h"
#include "intake/change_rows.h"
#include "intake/internal/row_judge.h"
#include "store/key.h"

namespace nguon::intake {
namespace {

constexpr std::size_t kMostTogether = 256;
// Each holds a DuckDB instance.
constexpr std::size_t kMostLanes = 16;
// A lookup of so many rows is built in well under a second; of more, beside the writes.
constexpr std::int64_t kBuiltAtOnce = 200'000;

std::unexpected<Error> changed_meanwhile() {
    Error error{Code::kConflict,
                {"Dòng này không còn như If-Match hay If-None-Match nêu.",
                 "The row is no longer as If-Match or If-None-Match says."},
                {"Đọc lại dòng, rồi ghi với ETag mới.",
                 "Read the row again, then write with its "
                 "new ETag."},
                {},
                {}};
    error.errors.push_back({});
    error.errors.back().path = std::string(kPrecondition);
    return std::unexpected(std::move(error));
}

Result<void> check_terms(const WriteTerms& terms, const std::optional<store::Found>& current) {
    if (terms.if_absent && current) return changed_meanwhile();
    if (!terms.if_match) return {};
    const auto matches = [&](store::Seq seq) { return seq == kAnyRow || seq == current->seq; };
    if (current && std::ranges::any_of(*terms.if_match, matches)) return {};
    return changed_meanwhile();
}

// The cells of a deleted row: its key.
std::string values_of_key(const contract::Dataset& dataset, std::string_view key) {
    json::array values(dataset.columns.size(), nullptr);
    const Result<std::vector<std::string>> parts = store::parse_key(dataset, key);
    const std::vector<const contract::Column*> columns = dataset.key();
    for (std::size_t i = 0; parts && i < columns.size(); ++i)
        values[static_cast<std::size_t>(columns[i] - dataset.columns.data())] = (*parts)[i];
    return to_text(values);
}

}  // namespace

struct RowWriter::Write {
    enum class Kind { kPut, kRemove };
    Kind kind = Kind::kPut;
    std::string dataset, key, line, body_sha256;
    const WriteTerms& terms;
    std::shared_ptr<const store::DatasetInfo> info;  // what it was read against
    bool done = false, goes_alone = false;
    std::optional<Result<store::Receipt>> answer = std::nullopt;
    std::optional<CleanRow> row = std::nullopt;
    store::BatchDraft draft = {};
};

// Whoever finds nobody serving serves what waits, itself included; the others sleep.
struct RowWriter::Lane {
    std::mutex mutex;
    std::condition_variable served;
    std::deque<Write*> waiting;
    bool busy = false;
    std::uint64_t last_use = 0;  // under RowWriter::m_mutex
    // Of whoever serves:
    std::unique_ptr<RowJudge> judge;
    std::shared_ptr<const store::DatasetInfo> unsuited;  // whose rules ask for more than a row
    std::jthread builder;                                // of its lookup
};

RowWriter::RowWriter(store::Store& store, store::Lookups& lookups, const LoadOptions& options)
    : m_store(store), m_lookups(lookups), m_options(options) {}

RowWriter::~RowWriter() = default;

Result<store::Receipt> RowWriter::put(std::string_view dataset, std::string_view key,
                                      std::string_view object, const WriteTerms& terms) {
    TRY_ASSIGN(auto info, m_store.dataset(dataset));
    TRY_ASSIGN(PutLine put, put_line(info->contract, key, object));
    Write write{.kind = Write::Kind::kPut,
                .dataset = std::string(dataset),
                .key = std::move(put.key),
                .line = std::move(put.line),
                .body_sha256 = {},
                .terms = terms,
                .info = std::move(info)};
    write.body_sha256 = crypto::sha256_hex(write.line);
    return run(write);
}

Result<store::Receipt> RowWriter::remove(std::string_view dataset, std::string_view key,
                                         const WriteTerms& terms) {
    TRY_ASSIGN(auto info, m_store.dataset(dataset));
    TRY(store::require_key(info->contract));
    TRY_ASSIGN(std::string canonical, store::canonical_key(info->contract, key));
    Write write{.kind = Write::Kind::kRemove,
                .dataset = std::string(dataset),
                .key = std::move(canonical),
                .line = {},
                .body_sha256 = {},
                .terms = terms,
                .info = std::move(info)};
    write.body_sha256 = crypto::sha256_hex(write.key);
    return run(write);
}

Result<store::Receipt> RowWriter::run(Write& write) {
    const std::shared_ptr<Lane> lane = lane_of(write.dataset);
    {
        std::unique_lock lock(lane->mutex);
        lane->waiting.push_back(&write);
        while (!write.done) {
            if (lane->busy) {
                lane->served.wait(lock);
                continue;
            }
            lane->busy = true;
            const auto most =
                static_cast<std::ptrdiff_t>(std::min(kMostTogether, lane->waiting.size()));
            const std::vector<Write*> group(lane->waiting.begin(), lane->waiting.begin() + most);
            lane->waiting.erase(lane->waiting.begin(), lane->waiting.begin() + most);
            lock.unlock();
            serve(*lane, group);
            lock.lock();
            for (Write* one : group)
                one->done = true;
            lane->busy = false;
            lane->served.notify_all();
        }
    }
    return write.answer ? *std::move(write.answer) : write_alone(write);
}

std::shared_ptr<RowWriter::Lane> RowWriter::lane_of(std::string_view dataset) {
    const std::lock_guard lock(m_mutex);
    std::shared_ptr<Lane>& lane = m_lanes[std::string(dataset)];
    if (!lane) lane = std::make_shared<Lane>();
    lane->last_use = ++m_uses;
    std::shared_ptr<Lane> mine = lane;
    while (m_lanes.size() > kMostLanes) {
        const auto oldest = std::ranges::min_element(
            m_lanes, {}, [](const auto& entry) { return entry.second->last_use; });
        m_lanes.erase(oldest);  // whoever uses it still has it
    }
    return mine;
}

// Every write of the group has an answer after it, or goes alone.
void RowWriter::serve(Lane& lane, const std::vector<Write*>& group) {
    const Result<void> together = write_together(lane, group);
    if (together) return;
    for (Write* write : group) {
        if (!write->answer && !write->goes_alone) write->answer = std::unexpected(together.error());
    }
}

Result<void> RowWriter::write_together(Lane& lane, std::vector<Write*> group) {
    const auto go_alone = [](Write* write) { write->goes_alone = true; };
    const auto drop_settled = [&] {
        std::erase_if(group, [](const Write* write) { return write->answer || write->goes_alone; });
    };
    const std::string& name = group.front()->dataset;
    TRY_ASSIGN(const auto lock, m_store.lock(name, store::HotRows::kKeep));
    TRY_ASSIGN(const auto info, m_store.dataset(name));
    TRY_ASSIGN(store::Head head, m_store.head(name));
    TRY_ASSIGN(const bool ready, make_ready(lane, info, head));
    if (!ready) {
        std::ranges::for_each(group, go_alone);
        return {};
    }
    std::set<std::string_view> keys;
    for (Write* write : group) {
        // What came before under its key; of two in one group the second finds the first then.
        const std::string& key = write->terms.idempotency_key;
        if (write->info != info || (!key.empty() && !keys.insert(key).second)) {
            go_alone(write);
            continue;
        }
        Result<std::optional<store::Receipt>> earlier =
            m_store.repeated(name, key, write->body_sha256);
        if (!earlier) {
            write->answer = std::unexpected(earlier.error());
        } else if (*earlier) {
            write->answer = **std::move(earlier);
        }
    }
    drop_settled();
    TRY(judge(*lane.judge, group));
    drop_settled();

    const store::Seq before = head.seq;
    std::map<std::string, std::optional<store::Found>> changed;
    std::vector<store::BatchDraft> drafts;
    for (Write* write : group) {
        write->draft.expected_head = before;
        const Result<void> decided = decide(*write, *lane.judge, head.seq, changed);
        if (decided) {
            drafts.push_back(std::move(write->draft));
        } else {
            write->answer = std::unexpected(decided.error());
        }
    }
    drop_settled();
    TRY_ASSIGN(std::vector<store::Receipt> receipts, m_store.commit_rows(drafts));
    for (std::size_t i = 0; i < group.size(); ++i)
        group[i]->answer = std::move(receipts[i]);
    return {};
}

// Whether rows can be judged and looked up one by one.
Result<bool> RowWriter::make_ready(Lane& lane,
                                   const std::shared_ptr<const store::DatasetInfo>& info,
                                   const store::Head& head) {
    if (info->corrupt || lane.unsuited == info) return false;
    if (!lane.judge || lane.judge->info() != info) {
        lane.judge.reset();
        if (!RowJudge::suits(*info)) {
            lane.unsuited = info;
            return false;
        }
        TRY_ASSIGN(lane.judge, RowJudge::open(m_store, m_options, info));
    }
    if (head.rows <= kBuiltAtOnce || m_lookups.is_open(info->contract.name)) return true;
    if (!lane.builder.joinable()) {
        lane.builder = std::jthread([this, info] { (void)m_lookups.prepare(*info); });
    }
    return false;
}

// Of those that are put: the row, or that it goes alone.
Result<void> RowWriter::judge(RowJudge& judge, const std::vector<Write*>& group) {
    std::vector<Write*> puts;
    std::vector<std::string> lines;
    for (Write* write : group) {
        if (write->kind != Write::Kind::kPut) continue;
        puts.push_back(write);
        lines.push_back(std::move(write->line));
    }
    if (puts.empty()) return {};
    TRY_ASSIGN(std::vector<std::optional<CleanRow>> rows, judge.judge(lines));
    for (std::size_t i = 0; i < puts.size(); ++i) {
        puts[i]->line = std::move(lines[i]);
        if (!rows[i] && puts.size() > 1) {  // perhaps it is another's fault
            TRY_ASSIGN(auto again, judge.judge(std::span(&puts[i]->line, 1)));
            rows[i] = std::move(again[0]);
        }
        puts[i]->goes_alone = !rows[i].has_value();
        puts[i]->row = std::move(rows[i]);
    }
    return {};
}

// What the write changes, after those before it in its group.
Result<void> RowWriter::decide(Write& write, const RowJudge& judge, store::Seq& head,
                               std::map<std::string, std::optional<store::Found>>& changed) {
    const store::DatasetInfo& info = *write.info;
    auto at = changed.find(write.key);
    if (at == changed.end()) {
        TRY_ASSIGN(std::optional<store::Found> found, m_lookups.get(info, write.key));
        at = changed.emplace(write.key, std::move(found)).first;
    }
    std::optional<store::Found>& current = at->second;
    TRY(check_terms(write.terms, current));
    store::BatchDraft& draft = write.draft;
    draft.id = make_id(*m_store.options().clock, *m_store.options().random);
    draft.dataset = write.dataset;
    draft.contract_version = info.contract.version;
    draft.mode = contract::Mode::kUpsert;
    draft.idempotency_key = write.terms.idempotency_key;
    draft.body_sha256 = write.body_sha256;
    draft.rows = {1, 1, 0};
    if (write.kind == Write::Kind::kRemove) {
        if (!current) {
            // A key may be personal: the answer does not repeat it.
            return fail(Code::kNotFound,
                        {"Không có dòng nào mang khóa này.", "No row has this key."},
                        {"Kiểm tra các khóa; chưa dòng nào bị xóa.",
                         "Check the keys; no row was deleted."});
        }
        draft.changes.deleted = 1;
        draft.row = {store::Op::kDelete, write.key, values_of_key(info.contract, write.key),
                     "null"};
        ++head;
        current.reset();
        return {};
    }
    draft.scores = judge.scores();
    draft.kept["faults"] = judge.faults();
    if (!write.row->newest.empty()) draft.kept["newest"] = std::move(write.row->newest);
    if (current && current->row_json == write.row->row_json) {
        draft.changes.unchanged = 1;
        return {};
    }
    (current ? draft.changes.updated : draft.changes.inserted) = 1;
    draft.row = {current ? store::Op::kUpdate : store::Op::kInsert, write.key,
                 std::move(write.row->values), write.row->row_json};
    current = store::Found{++head, std::move(write.row->row_json)};
    return {};
}

Result<store::Receipt> RowWriter::write_alone(const Write& write) {
    const WriteTerms& terms = write.terms;
    const auto precondition = [&]() -> Result<void> {
        if (!terms.if_match && !terms.if_absent) return {};
        TRY_ASSIGN(const auto info, m_store.dataset(write.dataset));
        TRY_ASSIGN(const std::optional<store::Found> current, m_lookups.get(*info, write.key));
        return check_terms(terms, current);
    };
    if (write.kind == Write::Kind::kPut) {
        return put_row(m_store, m_options, write.dataset, write.line, terms.idempotency_key,
                       precondition);
    }
    return delete_rows(m_store, m_options, write.dataset, {write.key}, terms.idempotency_key,
                       precondition);
}

Result<void> RowWriter::seal(std::int64_t most, Micros before) {
    Result<void> all;
    for (const store::Store::Unsealed& one : m_store.unsealed()) {
        if (one.writes < most && one.oldest_at >= before) continue;
        if (const Result<void> sealed = m_store.seal(one.dataset); !sealed) all = sealed;
    }
    return all;
}

}  // namespace nguon::intake
