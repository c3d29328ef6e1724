#include "query/internal/frames.h"

namespace nguon::query {
namespace {

json::object text_object(const Text& text) {
    return {{"vi", text.vi}, {"en", text.en}};
}

std::string string_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

int number_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_int64() ? static_cast<int>(value->get_int64()) : 0;
}

Text text_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_object()) return {};
    return {string_in(value->get_object(), "vi"), string_in(value->get_object(), "en")};
}

}  // namespace

std::string frame_head(Kind kind, std::size_t size) {
    std::string head(kFrameHead, '\0');
    head[0] = static_cast<char>(kind);
    for (std::size_t i = 0; i < 4; ++i)
        head[1 + i] = static_cast<char>(size >> (8 * i) & 0xFF);
    return head;
}

std::uint32_t frame_size(std::string_view head) {
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        size |= static_cast<std::uint32_t>(static_cast<unsigned char>(head[1 + i])) << (8 * i);
    }
    return size;
}

std::string error_text(const Error& error) {
    json::array problems;
    for (const Problem& problem : error.errors) {
        problems.push_back(json::object{{"line", problem.line},
                                        {"column", problem.column},
                                        {"problem", text_object(problem.problem)},
                                        {"fix", text_object(problem.fix)}});
    }
    return to_text(json::object{{"code", std::string(name_of(error.code))},
                                {"detail", text_object(error.detail)},
                                {"fix", text_object(error.fix)},
                                {"errors", std::move(problems)}});
}

Error error_from_text(std::string_view text) {
    Error error{
        Code::kInternal, Text::same("the answer of the query process is damaged"), {}, {}, {}};
    const Result<json::value> parsed = parse_json(text);
    if (!parsed || !parsed->is_object()) return error;
    const json::object& object = parsed->get_object();
    error.code = code_from_name(string_in(object, "code"));
    error.detail = text_in(object, "detail");
    error.fix = text_in(object, "fix");
    if (const json::value* problems = object.if_contains("errors");
        problems != nullptr && problems->is_array()) {
        for (const json::value& item : problems->get_array()) {
            if (!item.is_object()) continue;
            const json::object& problem = item.get_object();
            error.errors.push_back({"", number_in(problem, "line"), number_in(problem, "column"),
                                    "", text_in(problem, "problem"), text_in(problem, "fix")});
        }
    }
    return error;
}

}  // namespace nguon::query
