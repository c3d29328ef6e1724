// Rows by key, lists of rows, and the history of both.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <memory>

#include "base/spoken.h"
#include "intake/change_rows.h"
#include "intake/erase.h"
#include "node/internal/schemas.h"
#include "node/internal/state.h"
#include "quality/geometry.h"
#include "store/key.h"
#include "store/read.h"
#include "store/rows.h"

namespace nguon::node {
namespace {

store::ReadOptions read_options(const State& state) {
    store::ReadOptions options;
    options.temporary_folder = state.folder / "tmp";
    return options;
}

http::Response row_answer(const store::Found& found) {
    http::Response response;
    response.headers.set("Content-Type", "application/json");
    response.headers.set("ETag", fmt::format("\"{}\"", found.seq));
    response.body = found.row_json;
    return response;
}

// From history itself: slower, and possible where a lookup cannot be made, as on a full disk.
// Errors: `otherwise` while the head has not come to `min_seq`.
Result<std::optional<store::Found>> read_past_lookup(State& state,
                                                     const store::DatasetInfo& dataset,
                                                     std::string_view key, store::Seq min_seq,
                                                     const Error& otherwise) {
    TRY_ASSIGN(const std::string canonical, store::canonical_key(dataset.contract, key));
    TRY_ASSIGN(const store::Store::History now, state.store->history(dataset.contract.name));
    if (now.head.seq < min_seq) return std::unexpected(otherwise);
    // Rows written alone as they stand in control.db: no file shows them.
    for (auto row = now.rows.rbegin(); row != now.rows.rend(); ++row) {
        if (row->change.key != canonical) continue;
        if (row->change.op == store::Op::kDelete) return std::nullopt;
        return store::Found{row->seq, row->change.row_json};
    }
    const store::Seq sealed = now.segments.empty() ? 0 : now.segments.back().last;
    return store::get_as_of(*state.history, dataset, key, sealed, read_options(state));
}

Result<http::Response> get(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, readable_dataset(state, request));
    const std::string_view key = request.raw_parameters.find("key")->second;
    TRY_ASSIGN(const std::int64_t min_seq, integer_parameter(request, "min_seq", 0, 0, INT64_MAX));
    std::optional<store::Found> found;
    if (const auto text = request.query_value("as_of")) {
        TRY_ASSIGN(const store::AsOf as_of, store::parse_as_of(*text));
        TRY_ASSIGN(const store::Seq upto, state.store->resolve(dataset->contract.name, as_of));
        TRY_ASSIGN(found,
                   store::get_as_of(*state.history, *dataset, key, upto, read_options(state)));
    } else if (state.lookups) {
        auto looked_up = state.lookups->get(*dataset, key, min_seq);
        if (!looked_up && looked_up.error().code == Code::kUnavailable)
            looked_up = read_past_lookup(state, *dataset, key, min_seq, looked_up.error());
        TRY_ASSIGN(found, std::move(looked_up));
    } else {  // a folder that is only read has no lookups
        TRY_ASSIGN(found, read_past_lookup(state, *dataset, key, 0, {}));
    }
    if (found) return row_answer(*found);
    // The key may be personal: the answer does not repeat it.
    return fail(
        Code::kNotFound,
        {fmt::format("{} không có dòng nào mang khóa này.", dataset->contract.name),
         fmt::format("{} has no row with this key.", dataset->contract.name)},
        {fmt::format("Kiểm tra khóa, hoặc hỏi thời điểm khác bằng {}.", spoken::parameter("as_of")),
         fmt::format("Check the key, or ask for another time with {}.",
                     spoken::parameter("as_of"))});
}

bool is_shape(const contract::Column& column) {
    const std::string& format = column.options.format;
    const bool text = column.type == contract::LogicalType::kString;
    return (text && format == "wkt") ||
           ((text || column.type == contract::LogicalType::kObject) && format == "geojson");
}

// The dataset's first column of shapes. GeoJSON has longitudes and latitudes only (RFC 7946,
// section 4).
Result<store::FeatureShape> shape_of(const contract::Dataset& dataset) {
    const Text otherwise{"Lấy dạng khác: format=csv, parquet hoặc json.",
                         "Take another form: format=csv, parquet or json."};
    const auto column = std::ranges::find_if(dataset.columns, is_shape);
    if (column == dataset.columns.end()) {
        return fail(
            Code::kInvalid,
            {fmt::format("{} không có cột hình học, nên không có dạng GeoJSON.", dataset.name),
             fmt::format("{} has no column of shapes, so it has no GeoJSON form.", dataset.name)},
            {otherwise.vi + " Hình học là cột chữ có format wkt, hay đối tượng có format geojson.",
             otherwise.en + " Shapes are a string with format wkt, or an object with format "
                            "geojson."});
    }
    const bool wkt = column->options.format == "wkt";
    if (wkt && !column->crs.empty() && !column->crs_is_degrees()) {
        return fail(Code::kInvalid,
                    {fmt::format("Cột {} có tọa độ theo {}, GeoJSON chỉ nhận kinh độ và vĩ độ.",
                                 column->name, column->crs),
                     fmt::format("{} has coordinates of {}; GeoJSON takes longitude and latitude "
                                 "only.",
                                 column->name, column->crs)},
                    otherwise);
    }
    const auto form = wkt ? quality::ShapeForm::kWkt : quality::ShapeForm::kGeoJson;
    // A load judges shapes by what the contract says of them then: that their coordinates are
    // degrees it cannot know without crs.
    Text fix = otherwise;
    if (wkt && column->crs.empty()) {
        fix.vi +=
            " Nếu cột là kinh độ, vĩ độ: ghi crs \"EPSG:4326\" trong hợp đồng, dòng sai sẽ bị "
            "để riêng khi nạp.";
        fix.en +=
            " If it holds longitudes and latitudes: write crs \"EPSG:4326\" in the contract, "
            "and loads set wrong rows aside.";
    } else {
        fix.vi += " Hoặc sửa dòng đó: nguon history cho xem dòng của thay đổi này.";
        fix.en += " Or mend that row: nguon history shows the row of a change.";
    }
    return store::FeatureShape{
        column->name,
        [form, fix, name = column->name](std::string& out, std::string_view cell) -> Result<void> {
            if (quality::append_geometry(out, cell, form)) return {};
            return fail(
                Code::kInvalid,
                {fmt::format("Cột {} có tọa độ không phải kinh độ, vĩ độ.", name),
                 fmt::format("{} has coordinates that are no longitude and latitude.", name)},
                fix);
        }};
}

// What a format is called in a file's name, and its media type.
struct FileForm {
    std::string_view ending, type;
};
FileForm form_of(store::RowsFormat format) {
    switch (format) {
        case store::RowsFormat::kCsv: return {"csv", "text/csv; charset=utf-8"};
        case store::RowsFormat::kParquet: return {"parquet", "application/vnd.apache.parquet"};
        case store::RowsFormat::kGeoJson: return {"geojson", "application/geo+json"};
        case store::RowsFormat::kJson: break;
    }
    return {"json", "application/json"};
}

Result<http::Response> list(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, readable_dataset(state, request));
    std::vector<std::pair<std::string, std::string>> parameters;
    std::optional<store::Seq> upto;
    for (const auto& [name, value] : request.query) {
        if (name != "as_of") {
            parameters.emplace_back(name, value);
            continue;
        }
        TRY_ASSIGN(const store::AsOf as_of, store::parse_as_of(value));
        TRY_ASSIGN(upto, state.store->resolve(dataset->contract.name, as_of));
    }
    TRY_ASSIGN(store::RowsQuery query, store::parse_rows_query(dataset->contract, parameters));
    query.upto = upto;
    http::Response response;
    if (query.format == store::RowsFormat::kJson) {
        TRY_ASSIGN(store::RowsAnswer answer,
                   store::rows(*state.history, *dataset, query, read_options(state)));
        response.headers.set("Content-Type", "application/json");
        response.body = std::move(answer.json);
        return response;
    }
    const FileForm form = form_of(query.format);
    if (query.format == store::RowsFormat::kGeoJson) {
        TRY_ASSIGN(query.shape, shape_of(dataset->contract));
        query.disk = state.seams.disk;
    }
    response.file = temporary_file(state, fmt::format(".{}", form.ending));
    query.output = response.file->path();
    TRY(store::rows(*state.history, *dataset, query, read_options(state)));
    response.headers.set("Content-Type", std::string(form.type));
    response.headers.set("Content-Disposition", fmt::format("attachment; filename=\"{}.{}\"",
                                                            dataset->contract.name, form.ending));
    return response;
}

constexpr std::int64_t kLongestWait = 60;

// Those who wait have threads of the kind that writers wait on: half of these stay the writers'.
Result<void> wait_for_change(State& state, const http::Request& request, std::string_view dataset,
                             store::Seq from, std::int64_t seconds) {
    if (seconds == 0) return {};
    const auto gone = [&] { return state.stopping || (request.cancelled && request.cancelled()); };
    const bool has_room = ++state.followers <= state.config.get("http.write_threads") / 2;
    const Result<store::Head> waited =
        state.store->wait_for(dataset, from, std::chrono::seconds(has_room ? seconds : 0), gone);
    --state.followers;
    TRY(waited);
    return {};
}

// Where a stream goes on: behind the event that the client had last, as it says when it connects
// again (WHATWG HTML section 9.2.4), else at `from`.
Result<store::Seq> start_of_stream(const http::Request& request) {
    TRY_ASSIGN(const store::Seq from, integer_parameter(request, "from", 1, 1, INT64_MAX));
    const std::string_view last = request.headers.get("Last-Event-ID");
    store::Seq seq = 0;
    const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), seq);
    const bool is_seq = error == std::errc() && end == last.data() + last.size() && seq >= 0;
    return is_seq && seq < INT64_MAX ? std::max(from, seq + 1) : from;
}

// Every change from there on as an event, its number as the event's id, until the client goes. One
// thread of those that wait for each stream, so they are bounded.
Result<http::Response> stream_history(State& state, http::Request& request) {
    constexpr std::int64_t kPage = 500;
    constexpr std::chrono::seconds kRound{30};
    const auto gone = [&] { return state.stopping || request.cancelled(); };
    const auto leave = [](std::atomic<int>* followers) { --*followers; };
    const std::unique_ptr<std::atomic<int>, decltype(leave)> place(&state.followers, leave);
    if (++state.followers > state.config.get("http.write_threads") / 2) {
        return fail(Code::kUnavailable,
                    {"Đang có quá nhiều người theo dõi.", "Too many follow at once."},
                    {"Thử lại sau, hoặc nâng http.write_threads.",
                     "Try again later, or raise http.write_threads."});
    }
    store::HistoryQuery query;
    query.key = request.query_value("key");
    query.limit = kPage;
    TRY_ASSIGN(query.from, start_of_stream(request));
    // A sign that the stream is open, before there is a change.
    bool open = false;
    while (!gone()) {
        TRY_ASSIGN(const auto dataset, readable_dataset(state, request));  // as it is by now
        TRY_ASSIGN(const store::Head head, state.store->head(dataset->contract.name));
        TRY_ASSIGN(const store::HistoryPage page,
                   store::history(*state.history, *dataset, query, read_options(state)));
        if (!open && !request.emit(": open\n\n")) break;
        open = true;
        std::string events;
        for (const store::HistoryChange& change : page.changes)
            events +=
                fmt::format("id: {}\nevent: change\ndata: {}\n\n", change.seq, change.to_json());
        if (!events.empty() && !request.emit(events)) break;
        if (!page.changes.empty()) query.from = page.changes.back().seq + 1;
        if (page.next) continue;
        query.from = std::max(query.from, head.seq + 1);
        TRY(state.store->wait_for(dataset->contract.name, query.from, kRound, gone));
    }
    return http::Response();
}

Result<http::Response> history(State& state, http::Request& request) {
    if (request.emit) return stream_history(state, request);
    TRY_ASSIGN(const auto dataset, readable_dataset(state, request));
    store::HistoryQuery query;
    query.key = request.query_value("key");
    TRY_ASSIGN(query.from, integer_parameter(request, "from", 1, 1, INT64_MAX));
    TRY_ASSIGN(query.limit, integer_parameter(request, "limit", store::HistoryQuery::kDefaultLimit,
                                              1, store::HistoryQuery::kMostLimit));
    TRY_ASSIGN(const std::int64_t wait, integer_parameter(request, "wait", 0, 0, kLongestWait));
    TRY(wait_for_change(state, request, dataset->contract.name, query.from, wait));
    TRY_ASSIGN(const store::HistoryPage page,
               store::history(*state.history, *dataset, query, read_options(state)));
    http::Response response;
    response.headers.set("Content-Type", "application/json");
    response.body = page.to_json();
    return response;
}

// The sequence numbers of a list of entity tags. Of others, weak ones included, none matches.
std::vector<store::Seq> seqs_of(std::string_view tags) {
    if (trim(tags) == "*") return {intake::kAnyRow};
    std::vector<store::Seq> seqs;
    for (const std::string& part : split(tags, ',')) {
        const std::string_view tag = trim(part);
        if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') continue;
        store::Seq seq = 0;
        const char* end = tag.data() + tag.size() - 1;
        const auto [stop, error] = std::from_chars(tag.data() + 1, end, seq);
        if (error == std::errc() && stop == end && seq > 0) seqs.push_back(seq);
    }
    return seqs;
}

Result<intake::WriteTerms> terms_of(const http::Request& request) {
    intake::WriteTerms terms;
    terms.idempotency_key = request.headers.get("Idempotency-Key");
    if (const std::string_view tags = request.headers.get("If-Match"); !tags.empty())
        terms.if_match = seqs_of(tags);
    const std::string_view none = request.headers.get("If-None-Match");
    terms.if_absent = trim(none) == "*";
    if (!none.empty() && !terms.if_absent) {
        return fail(Code::kInvalid,
                    {"If-None-Match của một lần ghi chỉ có thể là *.",
                     "The If-None-Match of a write can only be *."},
                    {"Viết * để chỉ ghi khi chưa có dòng ấy, hoặc dùng If-Match.",
                     "Write * to write only where there is no such row, or use If-Match."});
    }
    return terms;
}

http::Response write_answer(Result<store::Receipt> receipt, const http::Request& request) {
    if (receipt) return receipt_answer(*receipt, request, 200);
    const std::vector<Problem>& problems = receipt.error().errors;
    const bool unmet = !problems.empty() && problems[0].path == intake::kPrecondition;
    if (!unmet) return http::problem(receipt.error(), request);
    Error error = receipt.error();
    error.errors.clear();
    return http::problem(error, request, 412);
}

Result<http::Response> put(State& state, http::Request& request) {
    TRY_ASSIGN(const std::string body, body_bytes(state, request));
    TRY_ASSIGN(const intake::WriteTerms terms, terms_of(request));
    return write_answer(
        state.row_writer->put(request.parameter("dataset"),
                              request.raw_parameters.find("key")->second, body, terms),
        request);
}

Result<http::Response> remove(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, state.store->dataset(request.parameter("dataset")));
    if (dataset->contract.key().empty()) {
        TRY_ASSIGN(const store::Receipt receipt,
                   intake::delete_rows(*state.store, state.load_options, dataset->contract.name,
                                       {std::string(request.parameter("key"))},
                                       request.headers.get("Idempotency-Key")));
        return receipt_answer(receipt, request, 200);
    }
    TRY_ASSIGN(const intake::WriteTerms terms, terms_of(request));
    return write_answer(state.row_writer->remove(request.parameter("dataset"),
                                                 request.raw_parameters.find("key")->second, terms),
                        request);
}

Result<http::Response> remove_many(State& state, http::Request& request) {
    std::vector<std::string> keys;
    for (const auto& [name, value] : request.query) {
        if (name == "key") keys.push_back(value);
    }
    if (keys.empty()) {
        return fail(Code::kInvalid, {"Thiếu khóa.", "The key is missing."},
                    {"Thêm ?key=KHÓA, mỗi dòng một lần.", "Add ?key=KEY, once for each row."});
    }
    TRY_ASSIGN(const store::Receipt receipt,
               intake::delete_rows(*state.store, state.load_options, request.parameter("dataset"),
                                   keys, request.headers.get("Idempotency-Key")));
    return receipt_answer(receipt, request, 200);
}

Result<http::Response> erase(State& state, http::Request& request) {
    TRY_ASSIGN(const json::value body, json_body(state, request));
    const json::object* object = body.if_object();
    const json::value* given = object == nullptr ? nullptr : object->if_contains("keys");
    const json::value* order = object == nullptr ? nullptr : object->if_contains("order");
    std::vector<std::string> keys;
    if (given != nullptr && given->is_array()) {
        for (const json::value& key : given->get_array()) {
            if (key.is_string()) keys.emplace_back(key.get_string());
        }
    }
    if (keys.empty() || keys.size() != given->get_array().size() || order == nullptr ||
        !order->is_string()) {
        return fail(Code::kInvalid,
                    {"Thân yêu cầu phải có keys và order.", "The body must have keys and order."},
                    {"Gửi {\"keys\": [\"KHÓA\"], \"order\": \"văn bản\"}.",
                     "Send {\"keys\": [\"KEY\"], \"order\": \"the order\"}."});
    }
    TRY_ASSIGN(const store::Receipt receipt,
               intake::erase_rows(*state.store, state.load_options, request.parameter("dataset"),
                                  keys, order->get_string()));
    return receipt_answer(receipt, request, 201);
}

Result<http::Response> rebuild(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, state.store->dataset(request.parameter("dataset")));
    const std::string view(request.parameter("view"));
    if (view == "current" && state.lookups) {
        const auto start = std::chrono::steady_clock::now();
        TRY_ASSIGN(const auto rows,
                   state.store->compact(dataset->contract.name, store::Store::Compaction::kAlways,
                                        static_cast<std::size_t>(state.config.get("bases.kept"))));
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        TRY_ASSIGN(const store::Head head, state.store->head(dataset->contract.name));
        return http::Response::json(
            200, {{"view", view}, {"rows", rows.value_or(head.rows)}, {"seconds", took.count()}});
    }
    if (view != "lookup" || !state.lookups) {
        return fail(Code::kNotFound,
                    {fmt::format("Không có khung nhìn «{}».", view),
                     fmt::format("There is no view \"{}\".", view)},
                    {"Có: lookup, current.", "There are: lookup, current."});
    }
    TRY_ASSIGN(const store::Rebuilt rebuilt, state.lookups->rebuild(*dataset));
    return http::Response::json(
        200, {{"view", view}, {"rows", rebuilt.rows}, {"seconds", rebuilt.seconds}});
}

template <class F>
auto bound(State& state, F handler) {
    return [&state, handler](http::Request& request) { return handler(state, request); };
}

void add_write_routes(http::Router& router, State& state) {
    using http::Access;
    using http::Method;
    const http::Parameter idempotency_key{
        "Idempotency-Key", "the same key and body: the first receipt again", "header"};
    const http::Parameter if_match{
        "If-Match", "the ETag that the row must have, or * for any; else 412", "header"};
    const http::Parameter if_none_match{"If-None-Match",
                                        "*: only where no row has the key; else 412", "header"};
    const std::vector<http::Parameter> put_headers{idempotency_key, if_match, if_none_match};
    const std::vector<http::Parameter> remove_headers{idempotency_key, if_match};
    router.add({Method::kPut, "/api/v1/datasets/{dataset}/rows/{key}", Access::kAdministrator,
                "Writes one row; 422 when it breaks the contract", bound(state, put), put_headers,
                "application/json", "application/json", http::Runs::kWaits, 0, schemas::kReceipt});
    router.add({Method::kDelete,
                "/api/v1/datasets/{dataset}/rows/{key}",
                Access::kAdministrator,
                "Deletes one row",
                bound(state, remove),
                remove_headers,
                {},
                "application/json",
                http::Runs::kWaits,
                0,
                schemas::kReceipt});
    router.add({Method::kPost,
                "/api/v1/datasets/{dataset}/erasures",
                Access::kAdministrator,
                "Takes rows out of history for good: {\"keys\": [KEY], \"order\": \"…\"}",
                bound(state, erase),
                {},
                "application/json",
                "application/json",
                http::Runs::kLong,
                0,
                schemas::kReceipt});
    router.add({Method::kDelete,
                "/api/v1/datasets/{dataset}/rows",
                Access::kAdministrator,
                "Deletes the rows of these keys, all or none",
                bound(state, remove_many),
                {{"key", "a KEY, percent-encoded; once for each row"}, idempotency_key},
                {},
                "application/json",
                http::Runs::kLong,
                0,
                schemas::kReceipt});
}

}  // namespace

void add_row_routes(http::Router& router, State& state) {
    using http::Access;
    using http::Method;
    const std::string tables = fmt::format("{}, application/geo+json", schemas::kTables);
    add_write_routes(router, state);
    router.add({Method::kGet,
                "/api/v1/datasets/{dataset}/rows/{key}",
                Access::kOpenData,
                "One row by its key",
                bound(state, get),
                {{"as_of", "a time, or seq:N"},
                 {"min_seq", "waits up to 5 s for the view to have come this far"}},
                {},
                "application/json",
                http::Runs::kOnPool,
                0,
                schemas::kRow});
    router.add({Method::kGet,
                "/api/v1/datasets/{dataset}/rows",
                Access::kOpenData,
                "Rows, filtered and sorted, by pages",
                bound(state, list),
                {{"FIELD", "equal to; also FIELD.ne, .gt, .gte, .lt, .lte, .in"},
                 {"sort", "fields, - before one for downwards"},
                 {"limit", "rows of a page"},
                 {"cursor", "the `next` of the page before"},
                 {"format", "json, csv, parquet or geojson"},
                 {"as_of", "a time, or seq:N"}},
                {},
                tables,
                http::Runs::kOnPool,
                0,
                schemas::kRows});
    router.add(
        {Method::kGet,
         "/api/v1/datasets/{dataset}/history",
         Access::kOpenData,
         "Changes, oldest first; as text/event-stream each when it comes, without end",
         bound(state, history),
         {{"key", "of one row"},
          {"from", "first sequence number"},
          {"limit", "at most so many"},
          {"Last-Event-ID", "of a stream: goes on behind this change", "header"},
          {"wait", "seconds to wait for the change `from` where it has not come yet; at most 60"}},
         {},
         "application/json, text/event-stream",
         http::Runs::kWaits,
         0,
         schemas::kHistory});
    router.add({Method::kPost,
                "/api/v1/datasets/{dataset}/views/{view}/rebuild",
                Access::kAdministrator,
                "Builds a view again from history",
                bound(state, rebuild),
                {},
                {},
                "application/json",
                http::Runs::kLong});
}

}  // namespace nguon::node
