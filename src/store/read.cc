#include "store/read.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "base/spoken.h"
#include "base/time.h"
#include "store/key.h"
#include "store/row_json.h"

namespace nguon::store {
namespace {

Result<void> check(const HistoryQuery& query) {
    if (query.from >= 1 && query.limit >= 1 && query.limit <= HistoryQuery::kMostLimit) return {};
    return fail(Code::kInvalid,
                {fmt::format("{} hoặc {} nằm ngoài khoảng cho phép.",
                             spoken::parameter("from", std::to_string(query.from)),
                             spoken::parameter("limit", std::to_string(query.limit))),
                 fmt::format("{} or {} is out of range.",
                             spoken::parameter("from", std::to_string(query.from)),
                             spoken::parameter("limit", std::to_string(query.limit)))},
                {fmt::format("{} từ 1; {} từ 1 đến {}.", spoken::parameter("from"),
                             spoken::parameter("limit"), HistoryQuery::kMostLimit),
                 fmt::format("{} starts at 1; {} is 1 to {}.", spoken::parameter("from"),
                             spoken::parameter("limit"), HistoryQuery::kMostLimit)});
}

// What made the change `seq`; sources are in order. Errors: corrupt when nothing did.
Result<const ChangeSource*> source_of(const std::vector<ChangeSource>& sources, Seq seq) {
    const auto found = std::ranges::lower_bound(sources, seq, {}, &ChangeSource::last);
    if (found != sources.end() && found->first <= seq) return &*found;
    return fail(Code::kCorrupt,
                {fmt::format("Không lô nào có thay đổi {}.", seq),
                 fmt::format("No batch has change {}.", seq)},
                {"Chạy «nguon verify».", "Run `nguon verify`."});
}

HistoryChange change_from(const sql::DuckResult& result, std::size_t row, const RowJson& json,
                          const KeyWriter& keys) {
    HistoryChange change;
    change.seq = result.integer(0, row);
    change.op = static_cast<Op>(result.integer(1, row));
    if (change.op != Op::kErased) keys.append(change.key, result, row);
    // Without a key only the row itself says which one went.
    if (change.op == Op::kErased || (change.op == Op::kDelete && !change.key.empty())) {
        change.row_json = "null";
    } else {
        json.append(change.row_json, result, row);
    }
    return change;
}

// Who made each change, and when. The changes of one row may lie far apart: they are asked for one
// by one then.
Result<void> name_sources(const HistorySource& source, std::string_view dataset,
                          std::vector<HistoryChange>& changes) {
    if (changes.empty()) return {};
    const Seq first = changes.front().seq, last = changes.back().seq;
    const bool together = last - first < 2 * HistoryQuery::kMostLimit;
    std::vector<ChangeSource> sources;
    if (together) {
        TRY_ASSIGN(sources, source.sources(dataset, first, last));
    }
    for (HistoryChange& change : changes) {
        if (!together) {
            TRY_ASSIGN(sources, source.sources(dataset, change.seq, change.seq));
        }
        TRY_ASSIGN(const ChangeSource* made, source_of(sources, change.seq));
        change.at = made->at;
        change.batch = made->batch;
    }
    return {};
}

// Where no segment has any of the changes asked for, which is where followers ask: no file is read.
Result<HistoryPage> page_of_rows(const HistorySource& source, const DatasetInfo& dataset,
                                 const HistoryQuery& query, const std::vector<HotRow>& rows) {
    std::string key;
    if (query.key) {
        TRY_ASSIGN(key, canonical_key(dataset.contract, *query.key));
    }
    HistoryPage page;
    for (const HotRow& row : rows) {
        if (query.key && row.change.key != key) continue;
        if (static_cast<std::int64_t>(page.changes.size()) == query.limit) {
            page.next = row.seq;
            break;
        }
        page.changes.push_back(
            {row.seq, row.change.op, 0, "", row.change.key, row.change.row_json});
    }
    TRY(name_sources(source, dataset.contract.name, page.changes));
    return page;
}

}  // namespace

Result<std::unique_ptr<sql::Duck>> open_reader(const ReadOptions& options) {
    sql::DuckOptions duck;
    duck.memory_limit = options.memory_limit;
    duck.threads = options.threads;
    duck.temporary_folder = options.temporary_folder;
    return sql::Duck::open(duck);
}

Result<std::optional<Found>> get_as_of(const HistorySource& source, const DatasetInfo& dataset,
                                       std::string_view key, Seq upto, const ReadOptions& options) {
    TRY_ASSIGN(const std::string condition, key_condition(dataset.contract, key));
    TRY_ASSIGN(const std::vector<SegmentInfo> segments,
               source.segments(dataset.contract.name, upto));
    if (segments.empty()) return std::nullopt;
    TRY_ASSIGN(const std::unique_ptr<sql::Duck> duck, open_reader(options));
    TRY_ASSIGN(sql::DuckResult result,
               duck->query(fmt::format("SELECT * FROM ({}) WHERE {} ORDER BY _seq DESC LIMIT 1",
                                       history_view(dataset, segments, upto).sql, condition)));
    TRY_ASSIGN(const std::size_t count, result.next());
    if (count == 0 || result.integer(1, 0) == static_cast<int>(Op::kDelete)) return std::nullopt;
    Found found;
    found.seq = result.integer(0, 0);
    append_row_json(found.row_json, result, 2, 0, &dataset.contract);
    return found;
}

Result<HistoryPage> history(const HistorySource& source, const DatasetInfo& dataset,
                            const HistoryQuery& query, const ReadOptions& options) {
    TRY(check(query));
    TRY_ASSIGN(const Store::History tail, source.tail(dataset.contract.name, query.from - 1));
    const bool all_wait = !tail.rows.empty() && tail.rows.front().seq == query.from;
    if (all_wait || tail.head.seq < query.from)
        return page_of_rows(source, dataset, query, tail.rows);
    std::string condition = fmt::format("_seq >= {}", query.from);
    Seq upto = 0;
    TRY_ASSIGN(const Head head, source.head(dataset.contract.name));
    if (query.key) {
        TRY_ASSIGN(const std::string is_row, key_condition(dataset.contract, *query.key));
        condition += " AND " + is_row;
        upto = head.seq;
    } else {
        upto = head.seq - query.from < query.limit ? head.seq : query.from + query.limit;
    }
    HistoryPage page;
    TRY_ASSIGN(std::vector<SegmentInfo> segments, source.segments(dataset.contract.name, upto));
    std::erase_if(segments, [&](const SegmentInfo& segment) { return segment.last < query.from; });
    if (segments.empty()) return page;
    TRY_ASSIGN(const std::unique_ptr<sql::Duck> duck, open_reader(options));
    TRY_ASSIGN(sql::DuckResult result,
               duck->query(fmt::format("SELECT * FROM ({}) WHERE {} ORDER BY _seq LIMIT {}",
                                       history_view(dataset, segments, upto).sql, condition,
                                       query.limit + 1)));
    const RowJson json(result, 2, &dataset.contract);
    const KeyWriter keys(dataset.contract, 2);
    for (;;) {
        TRY_ASSIGN(const std::size_t count, result.next());
        if (count == 0) break;
        for (std::size_t row = 0; row < count && !page.next; ++row) {
            if (static_cast<std::int64_t>(page.changes.size()) == query.limit) {
                page.next = result.integer(0, row);
            } else {
                page.changes.push_back(change_from(result, row, json, keys));
            }
        }
        if (page.next) break;
    }
    TRY(name_sources(source, dataset.contract.name, page.changes));
    return page;
}

std::string HistoryChange::to_json() const {
    std::string text = fmt::format("{{\"seq\":{},\"op\":\"{}\",\"at\":\"{}\",\"batch\":", seq,
                                   name_of(op), format_time(at));
    append_json_string(text, batch);
    text += ",\"key\":";
    if (key.empty()) {
        text += "null";
    } else {
        append_json_string(text, key);
    }
    return text + ",\"row\":" + row_json + "}";
}

std::string HistoryPage::to_json() const {
    std::string text = "{\"changes\":[";
    for (const HistoryChange& change : changes) {
        if (&change != &changes.front()) text += ',';
        text += change.to_json();
    }
    text += "],\"next\":";
    text += next ? fmt::format("{}", *next) : "null";
    return text + "}";
}

}  // namespace nguon::store
