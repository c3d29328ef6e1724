// SQL from people: which rows a question may see is decided here, it runs in a child process.
#include <fmt/format.h>

#include <charconv>
#include <semaphore>

#include "base/spoken.h"
#include "node/internal/schemas.h"
#include "node/internal/state.h"
#include "query/query.h"
#include "store/merge.h"

namespace nguon::node {
namespace {

// SQL may have 100,000 bytes (query.h); written in JSON each may take six.
constexpr std::uint64_t kMostBody = 1 << 20;

// Children at once are bounded: past that a question waits a moment, then is told to come again.
class Places {
public:
    explicit Places(std::ptrdiff_t count) : m_free(count) {}
    bool take() { return m_free.try_acquire_for(std::chrono::seconds(5)); }
    void give() { m_free.release(); }

private:
    std::counting_semaphore<256> m_free;
};

struct Asked {
    query::Question question;
    store::AsOf as_of;
};

Result<std::int64_t> whole_number(const json::object& body, std::string_view name,
                                  std::int64_t standard, std::int64_t highest) {
    const json::value* value = body.if_contains(name);
    if (value == nullptr || value->is_null()) return standard;
    if (value->is_int64() && value->get_int64() > 0 && value->get_int64() <= highest)
        return value->get_int64();
    return fail(
        Code::kInvalid,
        {fmt::format("{} phải là số nguyên từ 1 đến {}.", spoken::parameter(name), highest),
         fmt::format("{} must be a whole number from 1 to {}.", spoken::parameter(name), highest)},
        {"Sửa rồi hỏi lại.", "Mend it and ask again."});
}

// "1GB", "512MB", "64 MB" in bytes; 0 when it is none of these.
std::uint64_t bytes_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit = to_lower_ascii(
        trim(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end))));
    if (error != std::errc() || number > 1'000'000) return 0;
    if (unit == "gb" || unit == "gib" || unit == "g") return number << 30;
    if (unit == "mb" || unit == "mib" || unit == "m") return number << 20;
    return 0;
}

Result<Asked> read_question(State& state, const http::Request& request) {
    TRY_ASSIGN(const json::value body, json_body(state, request));
    const json::value* sql = body.is_object() ? body.get_object().if_contains("sql") : nullptr;
    if (sql == nullptr || !sql->is_string()) {
        return fail(Code::kInvalid, {"Thiếu câu SQL.", "The SQL is missing."},
                    {"Gửi {\"sql\":\"SELECT …\"}.", "Send {\"sql\":\"SELECT …\"}."});
    }
    const json::object& given = body.get_object();
    const auto text = [&](std::string_view name) -> std::string {
        const json::value* value = given.if_contains(name);
        return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                      : std::string();
    };
    Asked asked;
    asked.question.sql = sql->get_string();
    const std::int64_t most_seconds = state.config.get("query.seconds");
    const bool administrator = request.caller == http::Caller::kAdministrator;
    TRY_ASSIGN(const std::int64_t seconds, whole_number(given, "limit_seconds", most_seconds,
                                                        administrator ? 3600 : most_seconds));
    TRY_ASSIGN(asked.question.limits.rows,
               whole_number(given, "limit_rows", 10'000, administrator ? 100'000'000 : 10'000));
    asked.question.limits.time = std::chrono::seconds(seconds);
    std::uint64_t memory = static_cast<std::uint64_t>(state.config.get("query.memory_mb")) << 20;
    if (const std::string limit = text("limit_memory"); !limit.empty()) {
        const std::uint64_t wanted = bytes_of(limit);
        if (wanted == 0 || (!administrator && wanted > memory)) {
            return fail(
                Code::kInvalid,
                {fmt::format("Giới hạn bộ nhớ «{}» không dùng được.", limit),
                 fmt::format("The memory limit \"{}\" cannot be used.", limit)},
                {fmt::format("Viết {} như 512MB hoặc 1GB.", spoken::parameter("limit_memory")),
                 fmt::format("Write {} like 512MB or 1GB.", spoken::parameter("limit_memory"))});
        }
        memory = wanted;
    }
    asked.question.limits.memory_bytes = memory;
    const std::string format = text("format");
    if (format == "csv") {
        asked.question.format = query::Format::kCsv;
    } else if (format == "parquet") {
        asked.question.format = query::Format::kParquet;
    } else if (!format.empty() && format != "json" && format != "table") {
        return fail(Code::kInvalid,
                    {fmt::format("Không có dạng «{}».", format),
                     fmt::format("There is no format \"{}\".", format)},
                    {"Dùng json, csv hoặc parquet.", "Use json, csv or parquet."});
    }
    if (administrator) asked.question.limits.output_bytes = std::uint64_t{1} << 30;
    if (const std::string as_of = text("as_of"); !as_of.empty()) {
        TRY_ASSIGN(asked.as_of, store::parse_as_of(as_of));
    }
    return asked;
}

Result<http::Response> ask(State& state, Places& places, http::Request& request) {
    TRY_ASSIGN(const Asked asked, read_question(state, request));
    int datasets = 0;
    const query::Lookup lookup = [&](const std::string& name) -> Result<query::Table> {
        TRY_ASSIGN(const auto dataset, state.store->dataset(name));
        TRY(may_read(*dataset, request));
        if (asked.as_of.seq && ++datasets > 1) {
            return fail(Code::kInvalid,
                        {"seq:N chỉ dùng khi câu hỏi có một tập dữ liệu.",
                         "seq:N goes with one dataset only."},
                        {"Dùng một thời điểm thay cho seq:N.", "Use a time instead of seq:N."});
        }
        TRY_ASSIGN(const store::Seq upto, state.store->resolve(name, asked.as_of));
        TRY_ASSIGN(const auto segments, state.store->current_files(name, upto));
        store::HistoryView view =
            store::current_view(*dataset, segments, upto, store::WithSeq::kNo);
        for (std::filesystem::path& file : view.files)
            file = std::filesystem::absolute(file);
        return query::Table{name, std::move(view.sql), std::move(view.files)};
    };
    if (!places.take()) {
        return fail(Code::kUnavailable,
                    {"Đang có nhiều câu SQL chạy.", "Many SQL queries are running."},
                    {"Thử lại sau ít giây.", "Try again in some seconds."});
    }
    query::Options options;
    options.folders = state.store->segment_folders();
    options.cancelled = request.cancelled;
    Result<query::Answer> answer = query::run(asked.question, lookup, options);
    places.give();
    TRY(answer);
    http::Response response;
    switch (asked.question.format) {
        case query::Format::kJson:
            response.headers.set("Content-Type", "application/json");
            response.body = query::to_json_text(*answer);
            break;
        case query::Format::kCsv:
            response.headers.set("Content-Type", "text/csv; charset=utf-8");
            response.body = std::move(answer->body);
            break;
        case query::Format::kParquet:
            response.headers.set("Content-Type", "application/vnd.apache.parquet");
            response.body = std::move(answer->body);
            break;
    }
    if (answer->truncated) response.headers.set("Nguon-Truncated", "true");
    return response;
}

}  // namespace

void add_query_routes(http::Router& router, State& state) {
    const auto places = std::make_shared<Places>(state.config.get("query.children"));
    router.add({http::Method::kPost,
                "/api/v1/query",
                http::Access::kOpenData,
                "One SELECT, in a sandbox with limits",
                [&state, places](http::Request& request) { return ask(state, *places, request); },
                {},
                "application/json",
                std::string(schemas::kTables),
                http::Runs::kOnPool,
                kMostBody,
                schemas::kAnswer});
}

}  // namespace nguon::node
