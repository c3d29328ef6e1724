// Batches: the way in for rows, and the rows that were set aside.
#include <fmt/format.h>

#include "base/spoken.h"
#include "intake/close_aside.h"
#include "intake/fixed_cells.h"
#include "intake/open_rows.h"
#include "intake/quarantine.h"
#include "node/internal/schemas.h"
#include "node/internal/state.h"

namespace nguon::node {
namespace {

// The bytes say how they are compressed; the header must not say otherwise.
Result<void> check_encoding(State& state, const http::Request& request) {
    const std::string given = to_lower_ascii(request.headers.get("Content-Encoding"));
    if (given.empty() || given == "identity") return {};
    std::string head = request.body.bytes.substr(0, 4);
    if (request.body.file) {
        TRY_ASSIGN(const auto file,
                   state.seams.disk->open(request.body.file->path(), OpenMode::kRead));
        head.resize(4);
        TRY_ASSIGN(const std::size_t got, file->read_at(0, head));
        head.resize(got);
    }
    const bool gzip = (given == "gzip" || given == "x-gzip") && head.starts_with("\x1F\x8B");
    if (gzip || (given == "zstd" && head == "\x28\xB5\x2F\xFD")) return {};
    return fail(Code::kInvalid,
                {fmt::format("Thân yêu cầu không phải {}.", given),
                 fmt::format("The body is not {}.", given)},
                {"Dùng gzip hoặc zstd đúng như tiêu đề, hoặc bỏ Content-Encoding.",
                 "Use gzip or zstd as the header says, or leave Content-Encoding out."});
}

Result<http::Response> submit(State& state, http::Request& request, std::string dataset,
                              std::string corrects) {
    intake::LoadRequest load;
    load.dataset = std::move(dataset);
    load.corrects = std::move(corrects);
    load.file_name = request.query_value("file").value_or("-");
    if (const auto mode = request.query_value("mode")) {
        load.mode = contract::mode_from_name(*mode);
        if (!load.mode) {
            return fail(Code::kInvalid,
                        {fmt::format("Không có kiểu nạp «{}».", *mode),
                         fmt::format("There is no mode \"{}\".", *mode)},
                        {"Dùng upsert, append hoặc snapshot.", "Use upsert, append or snapshot."});
        }
    }
    if (const auto format = request.query_value("format")) {
        TRY_ASSIGN(load.format, scan::format_from_name(*format));
    }
    if (const auto encoding = request.query_value("encoding")) {
        TRY_ASSIGN(load.encoding, scan::encoding_from_name(*encoding));
    }
    load.sheet = request.query_value("sheet").value_or("");
    load.entry = request.query_value("entry").value_or("");
    load.mend = request.query_value("fix") == "true";
    if (const auto accept = request.query_value("accept")) {
        load.mend = true;
        load.accept = split(*accept, ',');
    }
    if (request.query_value("confirm_deletes")) {
        TRY_ASSIGN(load.confirm_deletes,
                   integer_parameter(request, "confirm_deletes", 0, 0, INT64_MAX));
    }
    if (const auto missing = request.query_value("confirm_missing"))
        load.confirm_missing = split(*missing, ',');
    load.again = request.query_value("again") == "true";
    load.replaces = request.query_value("replaces").value_or("");
    if (!load.corrects.empty())
        load.close_missing = std::string(trim(request.query_value("close_missing").value_or("")));
    load.idempotency_key = request.headers.get("Idempotency-Key");
    load.once_by_content = request.headers.get("Nguon-Once") == "content";
    TRY(check_encoding(state, request));
    if (load.idempotency_key.size() > 200) {
        return fail(Code::kInvalid,
                    {fmt::format("{} dài quá 200 ký tự.", spoken::parameter("Idempotency-Key")),
                     fmt::format("{} is longer than 200 characters.",
                                 spoken::parameter("Idempotency-Key"))},
                    {"Dùng khóa ngắn hơn.", "Use a shorter key."});
    }
    if (request.body.file) {
        load.file = request.body.file->path();
    } else {
        load.bytes = request.body.bytes;
    }
    if (request.progress) {
        load.progress = [&request](std::string_view step, std::uint64_t done, std::uint64_t total) {
            request.progress({std::string(step), done, total});
        };
    }
    load.cancelled = request.cancelled;
    TRY_ASSIGN(const store::Receipt receipt, intake::load(*state.store, state.load_options, load));
    return receipt_answer(receipt, request, 201);
}

json::object summary(const store::BatchInfo& batch) {
    const bool changed = batch.first > 0;
    return {
        {"batch", batch.id},
        {"dataset", batch.dataset},
        {"contract_version", batch.contract_version},
        {"mode", batch.mode},
        {"status", batch.status == store::BatchStatus::kAccepted ? "accepted" : "refused"},
        {"rows",
         {{"read", batch.rows.read},
          {"accepted", batch.rows.accepted},
          {"rejected", batch.rows.rejected}}},
        {"seq",
         {{"first", changed ? json::value(batch.first) : json::value(nullptr)},
          {"last", changed ? json::value(batch.last) : json::value(nullptr)}}},
        {"at", format_time(batch.at)},
        {"corrects", batch.corrects.empty() ? json::value(nullptr) : json::value(batch.corrects)},
        {"quarantine", batch.quarantine_sha256.empty() ? json::value(nullptr)
                                                       : json::value(batch.quarantine_sha256)}};
}

Result<http::Response> list(State& state, http::Request& request) {
    TRY_ASSIGN(const auto dataset, state.store->dataset(request.parameter("dataset")));
    TRY_ASSIGN(const std::int64_t limit, integer_parameter(request, "limit", 1000, 1, 10'000));
    TRY_ASSIGN(const auto batches, state.store->batches(dataset->contract.name, limit));
    const bool only_open = request.query_value("open") == "true";
    const intake::OpenRows rows(batches);
    std::int64_t open = 0;  // each row once
    json::array answer;
    for (const store::BatchInfo& batch : batches) {
        const std::int64_t here = rows.of(batch);
        open += rows.only_of(batch);
        if (static_cast<std::int64_t>(answer.size()) == limit || (only_open && here == 0)) continue;
        json::object one = summary(batch);
        one["corrected"] = rows.corrected(batch);
        one["open"] = here;
        answer.push_back(std::move(one));
    }
    return http::Response::json(200, {{"batches", std::move(answer)}, {"open", open}});
}

// The batch that the path names, under its dataset when the path names one.
Result<store::BatchInfo> batch_of(State& state, const http::Request& request) {
    TRY_ASSIGN(store::BatchInfo batch, state.store->batch(request.parameter("batch")));
    const std::string_view dataset = request.parameter("dataset");
    if (!dataset.empty() && dataset != batch.dataset) {
        return fail(Code::kNotFound,
                    {fmt::format("Lô {} không thuộc {}.", batch.id, dataset),
                     fmt::format("Batch {} is not one of {}.", batch.id, dataset)},
                    {fmt::format("Nó thuộc {}.", batch.dataset),
                     fmt::format("It belongs to {}.", batch.dataset)});
    }
    return batch;
}

Result<http::Response> one(State& state, http::Request& request) {
    TRY_ASSIGN(const store::BatchInfo batch, batch_of(state, request));
    http::Response response;
    response.headers.set("Content-Type", "application/json");
    response.headers.set("ETag", fmt::format("\"{}\"", batch.id));  // a receipt never changes
    response.headers.set("Cache-Control", "no-cache");
    response.body = batch.receipt_json;
    return response;
}

Result<intake::QuarantinePage> page_of(const http::Request& request) {
    intake::QuarantinePage page;
    TRY_ASSIGN(page.limit, integer_parameter(request, "limit", 10'000, 1, 100'000));
    TRY_ASSIGN(page.offset, integer_parameter(request, "offset", 0, 0, INT64_MAX));
    return page;
}

Result<http::Response> quarantine(State& state, http::Request& request) {
    TRY_ASSIGN(const store::BatchInfo batch, batch_of(state, request));
    const std::string format = request.query_value("format").value_or("json");
    if (format == "json") {
        TRY_ASSIGN(const intake::QuarantinePage page, page_of(request));
        TRY_ASSIGN(json::object rows,
                   intake::quarantine_rows(*state.store, batch, request.language, page));
        TRY_ASSIGN(const auto batches, state.store->batches(batch.dataset, 0));
        const intake::OpenRows open(batches);
        rows["corrected"] = open.corrected(batch);
        rows["open"] = open.of(batch);
        return http::Response::json(200, std::move(rows));
    }
    if (format != "csv" && format != "parquet") {
        return fail(Code::kInvalid,
                    {fmt::format("Không có dạng «{}».", format),
                     fmt::format("There is no format \"{}\".", format)},
                    {"Dùng json, csv hoặc parquet.", "Use json, csv or parquet."});
    }
    const auto file = temporary_file(state, "." + format);
    const bool csv = format == "csv";
    TRY(intake::export_quarantine(
        *state.store, batch, request.language,
        csv ? intake::QuarantineFormat::kCsv : intake::QuarantineFormat::kParquet, file->path()));
    http::Response response;
    response.headers.set("Content-Type",
                         csv ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet");
    response.headers.set("Content-Disposition",
                         fmt::format("attachment; filename=\"{}.{}\"", batch.id, format));
    response.file = file;
    return response;
}

Result<http::Response> fixes(State& state, http::Request& request) {
    TRY_ASSIGN(const store::BatchInfo batch, batch_of(state, request));
    const std::string format = request.query_value("format").value_or("json");
    if (format == "json") {
        TRY_ASSIGN(const intake::QuarantinePage page, page_of(request));
        TRY_ASSIGN(json::object cells, intake::fixed_cells(*state.store, batch, page));
        return http::Response::json(200, std::move(cells));
    }
    if (format != "csv") {
        return fail(Code::kInvalid,
                    {fmt::format("Không có dạng «{}».", format),
                     fmt::format("There is no format \"{}\".", format)},
                    {"Dùng json hoặc csv.", "Use json or csv."});
    }
    const auto file = temporary_file(state, ".csv");
    TRY(intake::export_fixed_cells(*state.store, batch, file->path()));
    http::Response response;
    response.headers.set("Content-Type", "text/csv; charset=utf-8");
    response.headers.set("Content-Disposition",
                         fmt::format("attachment; filename=\"{}-fixes.csv\"", batch.id));
    response.file = file;
    return response;
}

// Of a batch that was refused as a whole no row entered, and only those that broke a row rule are
// kept: mending these alone would leave the others behind.
Result<void> check_all_aside(const store::BatchInfo& batch) {
    if (batch.status == store::BatchStatus::kAccepted) return {};
    TRY_ASSIGN(const json::value receipt, parse_json(batch.receipt_json));
    const json::value* aside = receipt.as_object().if_contains("aside");
    if (aside != nullptr && aside->is_int64() && aside->get_int64() == batch.rows.read) return {};
    return fail(
        Code::kConflict,
        {fmt::format("Lô {} bị từ chối cả lô: không dòng nào được nhận, kể cả dòng đúng.",
                     batch.id),
         fmt::format("Batch {} was refused as a whole: none of its rows entered, the good ones "
                     "neither.",
                     batch.id)},
        {"Sửa tệp đã gửi rồi nạp lại cả tệp bằng nguon load.",
         "Mend the file that was sent and load it whole again, with nguon load."});
}

Result<http::Response> resubmit(State& state, http::Request& request) {
    TRY_ASSIGN(const store::BatchInfo batch, batch_of(state, request));
    TRY(check_all_aside(batch));
    return submit(state, request, batch.dataset, batch.id);
}

Result<http::Response> close(State& state, http::Request& request) {
    TRY_ASSIGN(const store::BatchInfo batch, batch_of(state, request));
    intake::CloseRequest close;
    close.batch = batch.id;
    close.reason = request.query_value("reason").value_or("");
    close.by = request.query_value("by").value_or("");
    if (const auto rows = request.query_value("rows")) {
        TRY_ASSIGN(close.rows, intake::row_numbers_from(*rows));
    }
    TRY_ASSIGN(const store::Receipt receipt, intake::close_aside(*state.store, close));
    return receipt_answer(receipt, request, 201);
}

}  // namespace

void add_batch_routes(http::Router& router, State& state) {
    using http::Access;
    using http::Method;
    const auto with = [&state](auto handler) {
        return [&state, handler](http::Request& request) { return handler(state, request); };
    };
    const std::vector<http::Parameter> input{
        {"file", "its name, for messages"},
        {"mode", "upsert, append or snapshot"},
        {"format",
         "csv, xlsx, xls, ods, json, jsonl, geojson or parquet; told by the bytes when absent"},
        {"sheet", "of a workbook: its name, or its number from 1"},
        {"entry", "of a zip the file, of JSON the list: name or number"},
        {"encoding",
         "utf-8, utf-16le, windows-1258, tcvn3 and others; told by the bytes when absent"},
        {"fix", "true: mends by the dataset's recipe and by every safe fix"},
        {"accept", "codes of fixes that were offered, parted by commas: date:born,drop_total"},
        {"confirm_deletes", "so many rows a snapshot deletes, as its refusal counted them"},
        {"confirm_missing",
         "columns that a snapshot lacks and empties, parted by commas, as its refusal named them"},
        {"again", "true: append a body that was appended before"},
        {"replaces",
         "a batch: the rows that it inserted and that are not in this body go in the same commit"},
        {"close_missing",
         "of rows sent again, a reason: those set aside and not among them are closed for it"},
        {"Idempotency-Key", "the same key and body: the first receipt, with 200", "header"},
        {"Content-Encoding", "gzip or zstd", "header"}};
    const std::vector<http::Parameter> output{{"format", "json, csv or parquet"},
                                              {"limit", "entries of a page"},
                                              {"offset", "entries to pass over"}};
    router.add({Method::kPost, "/api/v1/datasets/{dataset}/batches", Access::kAdministrator,
                "Loads a file into the dataset",
                [&state](http::Request& request) {
                    return submit(state, request, std::string(request.parameter("dataset")), {});
                },
                input, "application/octet-stream", "application/json", http::Runs::kLong, 0,
                schemas::kReceipt});
    router.add({Method::kGet,
                "/api/v1/datasets/{dataset}/batches",
                Access::kAdministrator,
                "Batches, newest first",
                with(list),
                {{"limit", "at most so many"},
                 {"open", "true: only those with rows that nobody has mended or closed yet"}},
                {},
                "application/json",
                http::Runs::kOnPool,
                0,
                schemas::kBatches});
    for (const std::string base :
         {"/api/v1/datasets/{dataset}/batches/{batch}", "/api/v1/batches/{batch}"}) {
        router.add({Method::kGet,
                    base,
                    Access::kAdministrator,
                    "The batch's receipt",
                    with(one),
                    {},
                    {},
                    "application/json",
                    http::Runs::kOnPool,
                    0,
                    schemas::kReceipt});
        router.add({Method::kGet,
                    base + "/quarantine",
                    Access::kAdministrator,
                    "The rows set aside",
                    with(quarantine),
                    output,
                    {},
                    std::string(schemas::kTables),
                    http::Runs::kOnPool,
                    0,
                    schemas::kQuarantine});
        router.add({Method::kGet,
                    base + "/fixes",
                    Access::kAdministrator,
                    "What cells held before the batch's fixes",
                    with(fixes),
                    {{"format", "json or csv"},
                     {"limit", "entries of a page"},
                     {"offset", "entries to pass over"}},
                    {},
                    "application/json, text/csv",
                    http::Runs::kOnPool,
                    0,
                    schemas::kFixes});
        router.add({Method::kPost,
                    base + "/quarantine/close",
                    Access::kAdministrator,
                    "Closes rows set aside that nobody will mend; the receipt says why",
                    with(close),
                    {{"reason", "why, in words; kept in the receipt"},
                     {"rows", "their numbers: 2,5-9; all that are open when absent"},
                     {"by", "who closes them"}},
                    {},
                    "application/json",
                    http::Runs::kLong,
                    0,
                    schemas::kReceipt});
        router.add({Method::kPost, base + "/quarantine", Access::kAdministrator,
                    "Sends corrected rows; the receipt names the batch", with(resubmit), input,
                    "application/octet-stream", "application/json", http::Runs::kLong, 0,
                    schemas::kReceipt});
    }
}

}  // namespace nguon::node
