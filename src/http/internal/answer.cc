#include "http/internal/answer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <system_error>

#include "base/text.h"
#include "http/internal/ascii.h"
#include "http/internal/packing.h"
#include "http/internal/range.h"

namespace nguon::http {
namespace {

constexpr std::size_t kLeastToCompress = 1024;
constexpr std::size_t kMostToCompress = 16u << 20;

std::string_view weak(std::string_view tag) {
    tag = trim(tag);
    return tag.starts_with("W/") ? tag.substr(2) : tag;
}

// RFC 9110 section 13.1.2, weak comparison.
bool matches(std::string_view header, std::string_view tag) {
    if (trim(header) == "*") return true;
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(','), header.size());
        if (weak(header.substr(0, end)) == weak(tag)) return true;
        header.remove_prefix(std::min(end + 1, header.size()));
    }
    return false;
}

// RFC 9110 section 13.1.1, strong comparison.
bool matches_strongly(std::string_view header, std::string_view tag) {
    if (trim(header) == "*") return true;
    if (tag.empty() || tag.starts_with("W/")) return false;
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(','), header.size());
        if (trim(header.substr(0, end)) == tag) return true;
        header.remove_prefix(std::min(end + 1, header.size()));
    }
    return false;
}

bool is_text(std::string_view type) {
    type = type.substr(0, type.find(';'));
    return type.starts_with("text/") || type.ends_with("json") || type.ends_with("xml") ||
           type.ends_with("javascript") || type.ends_with("yaml");
}

void compress_body(const Request& request, Response& response) {
    if (response.file || response.body.size() < kLeastToCompress) return;
    if (response.body.size() > kMostToCompress || response.headers.has("Content-Encoding")) return;
    if (!is_text(response.headers.get("Content-Type"))) return;
    response.headers.add("Vary", "Accept-Encoding");
    const Packing packing = packing_for(request.headers.get("Accept-Encoding"));
    if (packing == Packing::kNone) return;
    const bool modern = packing == Packing::kZstd;
    auto packed = modern ? zstd(response.body) : gzip(response.body);
    if (!packed) return;
    response.body = *std::move(packed);
    response.headers.set("Content-Encoding", modern ? "zstd" : "gzip");
    response.ranges = false;
    // Other bytes need another strong tag; the weak one still answers If-None-Match.
    const std::string tag(response.headers.get("ETag"));
    if (!tag.empty() && !tag.starts_with("W/")) response.headers.set("ETag", "W/" + tag);
}

// What If-Range names is still the same (RFC 9110 section 13.1.5: strong comparison).
bool range_holds(const Request& request, const Response& response) {
    const std::string_view condition = request.headers.get("If-Range");
    return condition.empty() ||
           (condition == response.headers.get("ETag") && !condition.starts_with("W/"));
}

void apply_range(const Request& request, Outgoing& out) {
    Response& response = out.response;
    response.headers.set("Accept-Ranges", "bytes");
    const std::string_view header = request.headers.get("Range");
    if (header.empty() || request.method != Method::kGet || !range_holds(request, response)) return;
    const auto range = parse_range(header, out.length);
    if (!range) return;
    const std::string size = std::to_string(out.length);
    if (range->length == 0) {
        response =
            problem({Code::kInvalid,
                     {"Đoạn được yêu cầu nằm ngoài tệp.", "The range is outside of the file."},
                     {"Tệp có " + size + " byte.", "The file has " + size + " bytes."},
                     {},
                     {}},
                    request, 416);
        response.headers.set("Content-Range", "bytes */" + size);
        out.first = 0;
        out.length = response.body.size();
        return;
    }
    out.first = range->first;
    out.length = range->length;
    response.status = 206;
    response.headers.set("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                              std::to_string(range->first + range->length - 1) +
                                              "/" + size);
}

Response changed(const Request& request) {
    return problem({Code::kConflict,
                    {"Nội dung không còn là bản mà If-Match nêu.",
                     "The content is no longer what If-Match names."},
                    {"Lấy lại bản hiện tại.", "Fetch what is there now."},
                    {},
                    {}},
                   request, 412);
}

bool is_framing(std::string_view name) {
    static constexpr std::array<std::string_view, 8> kNames = {
        "content-length", "transfer-encoding", "connection",  "keep-alive", "date",
        "server",         "trailer",           "x-request-id"};
    return std::ranges::any_of(kNames, [&](std::string_view own) { return same_name(own, name); });
}

bool is_safe(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

void append_number(std::string& to, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    to.append(digits.data(), end);
}

}  // namespace

Outgoing prepare(const Request& request, Response&& response, Compress compress) {
    Outgoing out{std::move(response), 0, 0};
    Response& answer = out.response;
    const bool reads = request.method == Method::kGet || request.method == Method::kHead;
    if (reads && answer.status == 200) {
        const std::string_view tag = answer.headers.get("ETag");
        const std::string_view wanted = request.headers.get("If-Match");
        if (!wanted.empty() && !matches_strongly(wanted, tag)) {
            answer = changed(request);
            out.length = answer.body.size();
            return out;
        }
        const std::string_view condition = request.headers.get("If-None-Match");
        if (!condition.empty() && !tag.empty() && matches(condition, tag)) {
            answer.status = 304;
            answer.body.clear();
            answer.file.reset();
            answer.headers.remove("Content-Type");
            return out;
        }
    }
    if (compress == Compress::kYes) compress_body(request, answer);
    if (answer.file) {
        std::error_code failure;
        out.length = std::filesystem::file_size(answer.file->path(), failure);
        if (failure) {
            answer =
                problem({Code::kInternal,
                         {"Không đọc được tệp trả lời.", "The file of the answer is unreadable."},
                         {"Thử lại sau.", "Try again later."},
                         {},
                         {}},
                        request);
        }
    }
    if (!answer.file) out.length = answer.body.size();
    if (answer.ranges && answer.status == 200) apply_range(request, out);
    return out;
}

void write_head(const Outgoing& out, const HeadFacts& facts, std::string& to) {
    const Response& response = out.response;
    to += facts.version >= 11 ? "HTTP/1.1 " : "HTTP/1.0 ";
    append_number(to, static_cast<std::uint64_t>(response.status));
    to += ' ';
    to += reason_of(response.status);
    to += "\r\nDate: ";
    to += facts.date;
    to += "\r\nServer: nguon\r\nX-Request-Id: ";
    to += facts.id;
    to += "\r\n";
    bool cache = false;
    bool sniff = false;
    for (const auto& [name, value] : response.headers.all()) {
        if (is_framing(name) || !is_safe(name) || !is_safe(value)) continue;
        cache = cache || same_name(name, "cache-control");
        sniff = sniff || same_name(name, "x-content-type-options");
        to.append(name).append(": ").append(value).append("\r\n");
    }
    if (!sniff) to += "X-Content-Type-Options: nosniff\r\n";
    if (!cache) to += "Cache-Control: no-store\r\n";
    if (facts.chunked) {
        if (facts.version >= 11) to += "Transfer-Encoding: chunked\r\n";
    } else if (response.status != 204 && response.status != 304) {
        to += "Content-Length: ";
        append_number(to, out.length);
        to += "\r\n";
    }
    if (!facts.keep_alive) {
        to += "Connection: close\r\n";
    } else if (facts.version < 11) {
        to += "Connection: keep-alive\r\n";
    }
    to += "\r\n";
}

std::string http_date(std::int64_t seconds) {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    using namespace std::chrono;
    const sys_seconds at{std::chrono::seconds(seconds)};
    const sys_days day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    std::array<char, 64> text;
    const int length = std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        kDays[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
        kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace nguon::http
