// Small things that every handler needs.
#include <fmt/format.h>

#include <charconv>

#include "base/spoken.h"
#include "contract/classification.h"
#include "node/internal/state.h"

namespace nguon::node {
Result<void> may_read(const store::DatasetInfo& dataset, const http::Request& request) {
    if (request.caller == http::Caller::kAdministrator) return {};
    // An earlier program took open contracts with closed columns; they are not open.
    if (dataset.contract.access == contract::Access::kOpen &&
        contract::closed_columns(dataset.contract).empty())
        return {};
    return fail(Code::kDenied,
                {fmt::format("{} không phải dữ liệu mở.", dataset.contract.name),
                 fmt::format("{} is not open data.", dataset.contract.name)},
                {"Hỏi cơ quan giữ dữ liệu, hoặc gọi cổng nội bộ với mã truy cập.",
                 "Ask the agency that holds it, or call the internal listener with a token."});
}

Result<std::shared_ptr<const store::DatasetInfo>> readable_dataset(State& state,
                                                                   const http::Request& request) {
    TRY_ASSIGN(auto dataset, state.store->dataset(request.parameter("dataset")));
    TRY(may_read(*dataset, request));
    return dataset;
}

Result<std::int64_t> integer_parameter(const http::Request& request, std::string_view name,
                                       std::int64_t standard, std::int64_t lowest,
                                       std::int64_t highest) {
    const std::optional<std::string> text = request.query_value(name);
    if (!text) return standard;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error == std::errc() && end == text->data() + text->size() && value >= lowest &&
        value <= highest) {
        return value;
    }
    return fail(Code::kInvalid,
                {fmt::format("{} phải là số nguyên từ {} đến {}.", spoken::parameter(name), lowest,
                             highest),
                 fmt::format("{} must be a whole number from {} to {}.", spoken::parameter(name),
                             lowest, highest)},
                {"Sửa lại rồi thử lần nữa.", "Mend it and try again."});
}

Result<std::string> body_bytes(State& state, const http::Request& request) {
    if (!request.body.file) return request.body.bytes;
    Result<std::string> bytes =
        state.seams.disk->read_all(request.body.file->path(), http::kMostJsonBody);
    if (bytes || bytes.error().code != Code::kTooLarge) return bytes;
    return fail(Code::kTooLarge, {"Nội dung gửi lên quá lớn.", "The body is too large."},
                {fmt::format("Gửi tối đa {} byte mỗi lần.", http::kMostJsonBody),
                 fmt::format("Send at most {} bytes at a time.", http::kMostJsonBody)});
}

namespace {

// How the sender of a refused batch says that it is meant; empty where nothing can be said.
Text way_on(const store::Receipt& receipt) {
    const Result<json::value> parsed = parse_json(receipt.json_text);
    if (!parsed) return {};
    const json::object& members = parsed->get_object();
    if (const json::value& snapshot = members.at("snapshot"); snapshot.is_object()) {
        std::string confirmed;
        const auto add = [&](std::string_view name, const std::string& value) {
            confirmed += (confirmed.empty() ? "" : " ") + spoken::parameter(name, value);
        };
        if (const json::value& deletes = snapshot.at("confirm"); deletes.is_int64())
            add("confirm_deletes", std::to_string(deletes.get_int64()));
        const json::value* missing = snapshot.get_object().if_contains("confirm_missing");
        if (missing != nullptr && missing->is_string())
            add("confirm_missing", std::string(missing->get_string()));
        if (!confirmed.empty()) {
            return {fmt::format("Nếu đúng là phải mất, gửi lại với {}.", confirmed),
                    fmt::format("If they are to go, send it again with {}.", confirmed)};
        }
    }
    for (const json::value& result : members.at("results").as_array()) {
        if (result.at("rule") != "repeat") continue;
        const std::string again = spoken::parameter("again", "true");
        return {fmt::format("Nếu đúng ý, gửi lại với {}.", again),
                fmt::format("If it is meant, send it again with {}.", again)};
    }
    return {};
}

Text text_of(const json::object& object, std::string_view name) {
    const json::value* text = object.if_contains(name);
    if (text == nullptr || !text->is_object()) return {};
    return {std::string(text->at("vi").as_string()), std::string(text->at("en").as_string())};
}

// Why the batch was refused, and what to do: the first rule for which it was, in its own words.
Error refusal_of(const store::Receipt& receipt) {
    Error error;
    error.code = Code::kRefused;
    const Text whole{"Cả lô bị từ chối, không dòng nào được nhận",
                     "The whole batch was refused, no row entered"};
    error.detail = {whole.vi + ".", whole.en + "."};
    error.fix = {"Sửa dữ liệu rồi gửi lại.", "Mend the data, then send it again."};
    error.attachment = fmt::format("{{\"receipt\":{}}}", receipt.json_text);
    const Result<json::value> parsed = parse_json(receipt.json_text);
    if (!parsed) return error;
    for (const json::value& one : parsed->at("results").as_array()) {
        const json::object& result = one.as_object();
        if (!result.contains("refuses")) continue;
        Text why = text_of(result, "sentence");
        if (why.empty()) why = text_of(result, "description");
        error.detail = {fmt::format("{}: {}", whole.vi, why.vi),
                        fmt::format("{}: {}", whole.en, why.en)};
        if (Text advice = text_of(result, "advice"); !advice.empty()) error.fix = std::move(advice);
        break;
    }
    if (const Text meant = way_on(receipt); !meant.empty()) {
        error.fix.vi += " " + meant.vi;
        error.fix.en += " " + meant.en;
    }
    return error;
}

}  // namespace

http::Response receipt_answer(const store::Receipt& receipt, const http::Request& request,
                              int fresh) {
    if (receipt.status == store::BatchStatus::kRefused) {
        return http::problem(refusal_of(receipt), request);
    }
    http::Response response;
    response.status = receipt.repeated ? 200 : fresh;
    response.headers.set("Content-Type", "application/json");
    response.body = receipt.json_text;
    return response;
}

Result<json::value> json_body(State& state, const http::Request& request) {
    TRY_ASSIGN(const std::string bytes, body_bytes(state, request));
    return parse_json(bytes);
}

std::shared_ptr<http::BodyFile> temporary_file(State& state, std::string_view suffix) {
    return std::make_shared<http::BodyFile>(state.store->new_temporary(suffix), true);
}

}  // namespace nguon::node
