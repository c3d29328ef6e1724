// Rows by key, lists of rows, and the history of both.
#include <fmt/format.h>

#include "base/spoken.h"
#include "intake/change_rows.h"
#include "node/internal/schemas.h"
#include "node/internal/state.h"
#include "quality/geometry.h"
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
        TRY_ASSIGN(found, state.lookups->get(*dataset, key, min_seq));
    } else {  // a folder that is only read has no lookups
        TRY_ASSIGN(const store::Head head, state.store->head(dataset->contract.name));
        TRY_ASSIGN(found,
                   store::get_as_of(*state.history, *dataset, key, head.seq, read_options(state)));
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

Result<http::Response> history(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, readable_dataset(state, request));
    store::HistoryQuery query;
    query.key = request.query_value("key");
    TRY_ASSIGN(query.from, integer_parameter(request, "from", 1, 1, INT64_MAX));
    TRY_ASSIGN(query.limit, integer_parameter(request, "limit", store::HistoryQuery::kDefaultLimit,
                                              1, store::HistoryQuery::kMostLimit));
    TRY_ASSIGN(const store::HistoryPage page,
               store::history(*state.history, *dataset, query, read_options(state)));
    http::Response response;
    response.headers.set("Content-Type", "application/json");
    response.body = page.to_json();
    return response;
}

Result<http::Response> put(State& state, http::Request& request) {
    TRY_ASSIGN(const std::string body, body_bytes(state, request));
    TRY_ASSIGN(const store::Receipt receipt,
               intake::put_row(*state.store, state.load_options, request.parameter("dataset"),
                               request.raw_parameters.find("key")->second, body,
                               request.headers.get("Idempotency-Key")));
    return receipt_answer(receipt, request, 200);
}

Result<http::Response> remove(State& state, http::Request& request) {
    std::vector<std::string> keys;
    if (const auto key = request.raw_parameters.find("key"); key != request.raw_parameters.end()) {
        keys.push_back(key->second);
    }
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

Result<http::Response> rebuild(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, state.store->dataset(request.parameter("dataset")));
    const std::string view(request.parameter("view"));
    if (view != "lookup" || !state.lookups) {
        return fail(Code::kNotFound,
                    {fmt::format("Không có khung nhìn «{}».", view),
                     fmt::format("There is no view \"{}\".", view)},
                    {"Có: lookup.", "There is: lookup."});
    }
    TRY_ASSIGN(const store::Rebuilt rebuilt, state.lookups->rebuild(*dataset));
    return http::Response::json(
        200, {{"view", view}, {"rows", rebuilt.rows}, {"seconds", rebuilt.seconds}});
}

}  // namespace

void add_row_routes(http::Router& router, State& state) {
    using http::Access;
    using http::Method;
    const http::Parameter idempotency_key{
        "Idempotency-Key", "the same key and body: the first receipt again", "header"};
    const auto with = [&state](auto handler) {
        return [&state, handler](http::Request& request) { return handler(state, request); };
    };
    router.add({Method::kGet,
                "/api/v1/datasets/{dataset}/rows/{key}",
                Access::kOpenData,
                "One row by its key",
                with(get),
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
                with(list),
                {{"FIELD", "equal to; also FIELD.ne, .gt, .gte, .lt, .lte, .in"},
                 {"sort", "fields, - before one for downwards"},
                 {"limit", "rows of a page"},
                 {"cursor", "the `next` of the page before"},
                 {"format", "json, csv, parquet or geojson"},
                 {"as_of", "a time, or seq:N"}},
                {},
                std::string(schemas::kTables) + ", application/geo+json",
                http::Runs::kOnPool,
                0,
                schemas::kRows});
    router.add({Method::kPut,
                "/api/v1/datasets/{dataset}/rows/{key}",
                Access::kAdministrator,
                "Writes one row; 422 when it breaks the contract",
                with(put),
                {idempotency_key},
                "application/json",
                "application/json",
                http::Runs::kLong,
                0,
                schemas::kReceipt});
    router.add({Method::kDelete,
                "/api/v1/datasets/{dataset}/rows/{key}",
                Access::kAdministrator,
                "Deletes one row",
                with(remove),
                {idempotency_key},
                {},
                "application/json",
                http::Runs::kLong,
                0,
                schemas::kReceipt});
    router.add({Method::kDelete,
                "/api/v1/datasets/{dataset}/rows",
                Access::kAdministrator,
                "Deletes the rows of these keys, all or none",
                with(remove),
                {{"key", "a KEY, percent-encoded; once for each row"}, idempotency_key},
                {},
                "application/json",
                http::Runs::kLong,
                0,
                schemas::kReceipt});
    router.add(
        {Method::kGet,
         "/api/v1/datasets/{dataset}/history",
         Access::kOpenData,
         "Changes, oldest first",
         with(history),
         {{"key", "of one row"}, {"from", "first sequence number"}, {"limit", "at most so many"}},
         {},
         "application/json",
         http::Runs::kOnPool,
         0,
         schemas::kHistory});
    router.add({Method::kPost,
                "/api/v1/datasets/{dataset}/views/{view}/rebuild",
                Access::kAdministrator,
                "Builds a view again from history",
                with(rebuild),
                {},
                {},
                "application/json",
                http::Runs::kLong});
}

}  // namespace nguon::node
