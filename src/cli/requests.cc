#include "cli/requests.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/words.h"

namespace nguon::cli {

std::string dataset_path(std::string_view dataset, std::string_view rest) {
    return fmt::format("/api/v1/datasets/{}{}", percent_encode(dataset), rest);
}

std::string batch_path(std::string_view batch, std::string_view rest) {
    return fmt::format("/api/v1/batches/{}{}", percent_encode(batch), rest);
}

Result<std::string> key_for_path(std::string_view key) {
    if (key.empty()) return fail(Code::kInvalid, both(words::kEmptyKey));
    if (!percent_decode(key)) {
        return fail(Code::kInvalid, both(words::kBadKey, key), both(words::kEncodeKey));
    }
    // RFC 3986 section 3.3: pchar without pct-encoded, and '%' of what is encoded already.
    static constexpr std::string_view kStays = "-._~!$&'()*+,;=:@%";
    std::string path;
    for (const char c : key) {
        const bool letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || kStays.find(c) != std::string_view::npos) {
            path += c;
        } else {
            path += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    if (path == "." || path == "..") {  // RFC 3986 section 5.2.4 would take them out of the path
        return path == "." ? "%2E" : "%2E%2E";
    }
    return path;
}

http::Request get_request(std::string path) {
    http::Request request;
    request.method = http::Method::kGet;
    request.path = std::move(path);
    return request;
}

http::Request post_request(std::string path) {
    http::Request request = get_request(std::move(path));
    request.method = http::Method::kPost;
    return request;
}

http::Request post_json(std::string path, const json::object& body) {
    http::Request request = post_request(std::move(path));
    request.headers.set("Content-Type", "application/json");
    request.body.bytes = to_text(body);
    return request;
}

std::string file_name_of(const std::string& file) {
    return file == "-" ? file : std::filesystem::path(file).filename().string();
}

void add_query(http::Request& request, std::string_view name, std::string_view value) {
    if (!value.empty()) request.query.emplace_back(name, value);
}

http::Request& long_work(http::Request& request) {
    request.progress = [](const http::Progress&) {};
    return request;
}

const json::value* member(const json::value& object, std::string_view name) {
    return object.is_object() ? object.get_object().if_contains(name) : nullptr;
}

std::string text_of(const json::value* value) {
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

std::int64_t integer_of(const json::value* value) {
    if (value == nullptr) return 0;
    if (value->is_int64()) return value->get_int64();
    if (value->is_uint64()) return static_cast<std::int64_t>(value->get_uint64());
    return value->is_double() ? static_cast<std::int64_t>(value->get_double()) : 0;
}

const json::array& array_at(const json::value& object, std::string_view name) {
    static const json::array kNone;
    const json::value* value = member(object, name);
    return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

}  // namespace nguon::cli
