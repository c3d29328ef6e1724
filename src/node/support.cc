// Small things that every handler needs.
#include <fmt/format.h>

#include <charconv>

#include "node/internal/state.h"

namespace nguon::node {
Result<void> may_read(const store::DatasetInfo& dataset, const http::Request& request) {
    if (request.caller == http::Caller::kAdministrator) return {};
    if (dataset.contract.access == contract::Access::kOpen) return {};
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
                {fmt::format("Tham số {} phải là số nguyên từ {} đến {}.", name, lowest, highest),
                 fmt::format("The parameter {} must be a whole number from {} to {}.", name, lowest,
                             highest)},
                {"Sửa tham số rồi gọi lại.", "Mend the parameter and call again."});
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
    if (const json::value& snapshot = members.at("snapshot");
        snapshot.is_object() && snapshot.at("confirm").is_int64()) {
        const std::int64_t deletes = snapshot.at("confirm").get_int64();
        return {fmt::format("Nếu đúng là phải xóa, gửi lại với confirm_deletes={0} (lệnh load: "
                            "--confirm-deletes {0}).",
                            deletes),
                fmt::format("If they are to go, send it again with confirm_deletes={0} (command "
                            "load: --confirm-deletes {0}).",
                            deletes)};
    }
    for (const json::value& result : members.at("results").as_array()) {
        if (result.at("rule") == "repeat")
            return {"Nếu đúng ý, gửi lại với again=true (lệnh load: --again).",
                    "If it is meant, send it again with again=true (command load: --again)."};
    }
    return {};
}

}  // namespace

http::Response receipt_answer(const store::Receipt& receipt, const http::Request& request,
                              int fresh) {
    if (receipt.status == store::BatchStatus::kRefused) {
        Error error;
        error.code = Code::kRefused;
        error.detail = {"Cả lô bị từ chối; không dòng nào được nhận.",
                        "The whole batch was refused; no row entered."};
        error.fix = {"Xem results trong biên nhận: luật nào không đạt và vì sao.",
                     "See results in the receipt: which rule failed, and why."};
        if (Text fix = way_on(receipt); !fix.empty()) error.fix = std::move(fix);
        error.attachment = fmt::format("{{\"receipt\":{}}}", receipt.json_text);
        return http::problem(error, request);
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
