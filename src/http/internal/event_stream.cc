#include "http/internal/event_stream.h"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace nguon::http {
namespace {

constexpr std::size_t kMostInEvent = 64u << 20;
constexpr std::size_t kMostToRead = 2 * kMostInEvent;

std::optional<std::string> content_of(const Response& response) {
    if (!response.file) return response.body;
    std::error_code failure;
    const auto size = std::filesystem::file_size(response.file->path(), failure);
    if (failure || size > kMostInEvent) return std::nullopt;
    std::string bytes(size, '\0');
    std::ifstream file(response.file->path(), std::ios::binary);
    if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) return std::nullopt;
    return bytes;
}

bool is_json(const Response& response) {
    std::string_view type = response.headers.get("Content-Type");
    type = type.substr(0, type.find(';'));
    return type == "application/json" || type.ends_with("+json");
}

// The body goes in as it is: parsing it only to print it again would cost more than the request.
std::string result_data(const Response& response, const std::string& content) {
    json::object headers;
    for (const auto& [name, value] : response.headers.all())
        headers.insert_or_assign(name, value);
    std::string data = "{\"status\":" + std::to_string(response.status) +
                       ",\"headers\":" + to_text(headers) + ",\"body\":";
    if (content.empty()) {
        data += "null";
    } else if (is_json(response)) {
        data += content;
    } else {
        data += to_text(json::value(content));
    }
    return data += '}';
}

}  // namespace

std::string event_text(std::string_view name, std::string_view data) {
    std::string text("event: ");
    text.append(name).append("\n");
    for (;;) {
        const std::size_t end = data.find_first_of("\r\n");
        text.append("data: ").append(data.substr(0, end)).append("\n");
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + (data.substr(end, 2) == "\r\n" ? 2 : 1));
    }
    return text += '\n';
}

std::string progress_event(const Progress& progress) {
    return event_text("progress", to_text(json::object{{"step", progress.step},
                                                       {"done", progress.done},
                                                       {"total", progress.total}}));
}

std::string result_event(const Request& request, const Response& response) {
    if (const auto content = content_of(response)) {
        return event_text("result", result_data(response, *content));
    }
    const Response refused = problem(
        {Code::kTooLarge,
         {"Câu trả lời quá lớn cho luồng sự kiện.", "The answer is too large for an event."},
         {"Gửi lại không kèm Accept: text/event-stream.",
          "Ask again without Accept: text/event-stream."},
         {},
         {}},
        request);
    return event_text("result", result_data(refused, refused.body));
}

bool EventReader::feed(std::string_view bytes, const Sink& sink) {
    while (!bytes.empty()) {
        if (m_after_cr && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            m_after_cr = false;
            continue;
        }
        m_after_cr = false;
        const std::size_t end = bytes.find_first_of("\r\n");
        if (m_line.size() + m_data.size() + std::min(end, bytes.size()) > kMostToRead) return false;
        m_line.append(bytes.substr(0, end));
        if (end == std::string_view::npos) return true;
        m_after_cr = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        on_line(m_line, sink);
        m_line.clear();
    }
    return true;
}

void EventReader::on_line(std::string_view line, const Sink& sink) {
    if (line.empty()) {
        if (m_has_data) sink(m_name.empty() ? std::string_view("message") : m_name, m_data);
        m_name.clear();
        m_data.clear();
        m_has_data = false;
        return;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view field = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "event") m_name.assign(value);
    if (field == "data") {
        if (m_has_data) m_data += '\n';
        m_data.append(value);
        m_has_data = true;
    }
}

std::optional<Progress> read_progress(std::string_view data) {
    const auto value = parse_json(data);
    if (!value || !value->is_object()) return std::nullopt;
    const json::object& object = value->as_object();
    const auto number = [&](std::string_view name) -> std::uint64_t {
        const json::value* member = object.if_contains(name);
        if (member == nullptr) return 0;
        boost::system::error_code failure;
        const auto held = member->to_number<std::uint64_t>(failure);
        return failure ? 0 : held;
    };
    const json::value* step = object.if_contains("step");
    if (step == nullptr || !step->is_string()) return std::nullopt;
    return Progress{std::string(step->as_string()), number("done"), number("total")};
}

std::optional<Response> read_result(std::string_view data) {
    const auto value = parse_json(data);
    if (!value || !value->is_object()) return std::nullopt;
    const json::object& object = value->as_object();
    const json::value* status = object.if_contains("status");
    if (status == nullptr || !status->is_int64()) return std::nullopt;
    if (status->as_int64() < 200 || status->as_int64() > 599) return std::nullopt;
    Response response;
    response.status = static_cast<int>(status->as_int64());
    if (const json::value* headers = object.if_contains("headers");
        headers && headers->is_object()) {
        for (const auto& header : headers->as_object()) {
            if (header.value().is_string()) {
                response.headers.set(header.key(), std::string(header.value().as_string()));
            }
        }
    }
    if (const json::value* body = object.if_contains("body"); body && !body->is_null()) {
        const bool text = body->is_string() && !is_json(response);
        response.body = text ? std::string(body->as_string()) : to_text(*body);
    }
    return response;
}

}  // namespace nguon::http
