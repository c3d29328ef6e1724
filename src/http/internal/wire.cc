#include "http/internal/wire.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>

#include "http/internal/ascii.h"

namespace nguon::http {
namespace {

namespace beast = boost::beast;
using beast::string_view;
using Failure = beast::error_code;

constexpr int kMostFields = 100;
constexpr std::size_t kMostExtensions = 16 * 1024;

std::string_view plain(string_view text) {
    return {text.data(), text.size()};
}

std::optional<Method> method_of(beast::http::verb verb) {
    switch (verb) {
        case beast::http::verb::get: return Method::kGet;
        case beast::http::verb::head: return Method::kHead;
        case beast::http::verb::post: return Method::kPost;
        case beast::http::verb::put: return Method::kPut;
        case beast::http::verb::patch: return Method::kPatch;
        case beast::http::verb::delete_: return Method::kDelete;
        case beast::http::verb::options: return Method::kOptions;
        case beast::http::verb::trace: return Method::kTrace;
        default: return std::nullopt;
    }
}

// Host and port as RFC 9110 section 7.2 has them, or empty; no list, path, or name of a user.
bool is_host(std::string_view value) {
    return value.size() <= 300 && std::ranges::all_of(value, [](char c) {
               return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '-' || c == '_' || c == '~' || c == ':' || c == '[' || c == ']' ||
                      c == '%';
           });
}

bool has_fold(std::string_view head) {
    return head.find("\n ") != std::string_view::npos ||
           head.find("\n\t") != std::string_view::npos;
}

// Beast 1.81 asserts, and so ends the process, when an empty chunked body comes as "0\r\n" and then
// one byte (basic_parser.ipp, parse_chunk_header: n >= 5). No chunked message ends in fewer bytes
// than the five of "0\r\n\r\n", so waiting for them loses nothing.
constexpr std::size_t kLeastChunked = 5;

template <class Parser>
bool must_wait(const Parser& parser, std::string_view bytes) {
    return bytes.size() < kLeastChunked && parser.is_header_done() && parser.chunked();
}

Fault fault_of(const Failure& failure) {
    namespace e = beast::http;
    if (failure == e::error::header_limit) {
        return {431, {"Phần đầu của yêu cầu quá dài.", "The head of the request is too long."}};
    }
    if (failure == e::error::bad_version) {
        return {505, {"Chỉ nhận HTTP/1.0 và HTTP/1.1.", "Only HTTP/1.0 and HTTP/1.1 are taken."}};
    }
    return {400,
            {"Yêu cầu không đúng cú pháp HTTP: " + failure.message() + ".",
             "The request is not HTTP: " + failure.message() + "."}};
}

// Fails on the first rule broken; the fault says which.
class StrictRequest final : public beast::http::basic_parser<true> {
public:
    RequestHead head;
    std::optional<Fault> fault;
    std::string* body = nullptr;

private:
    void refuse(int status, std::string_view vi, std::string_view en, Failure& ec) {
        fault = Fault{status, {std::string(vi), std::string(en)}};
        ec = beast::http::error::bad_field;
    }

    void on_request_impl(beast::http::verb verb, string_view, string_view target, int version,
                         Failure& ec) override {
        head.version = version;
        head.target.assign(target.data(), target.size());
        const auto method = method_of(verb);
        if (!method) {
            return refuse(501, "Không hỗ trợ phương thức này.", "This method is not supported.",
                          ec);
        }
        head.method = *method;
    }

    void on_field_impl(beast::http::field name, string_view name_text, string_view value,
                       Failure& ec) override {
        if (m_head_done) return;  // a trailer must not pass for a header
        if (++m_fields > kMostFields) {
            return refuse(431, "Quá nhiều đầu mục.", "Too many header fields.", ec);
        }
        if (name == beast::http::field::host) {
            if (!is_host(plain(value))) return refuse(400, "Host sai.", "Host is wrong.", ec);
            if (++m_hosts > 1) return refuse(400, "Hai đầu mục Host.", "Two Host fields.", ec);
        } else if (name == beast::http::field::content_length) {
            on_length(plain(value), ec);
        } else if (name == beast::http::field::transfer_encoding) {
            on_encoding(plain(value), ec);
        } else if (name == beast::http::field::expect) {
            if (!same_name(plain(value), "100-continue")) {
                return refuse(417, "Không đáp ứng được Expect này.", "This Expect cannot be met.",
                              ec);
            }
            head.expects_continue = true;
        }
        if (!ec) head.headers.add(plain(name_text), plain(value));
    }

    void on_length(std::string_view value, Failure& ec) {
        std::uint64_t length = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), length);
        const bool number = error == std::errc{} && end == value.data() + value.size();
        if (head.content_length || m_encoded || !number) {
            return refuse(400, "Content-Length sai, lặp, hoặc đi cùng Transfer-Encoding.",
                          "Content-Length is wrong, repeated, or beside Transfer-Encoding.", ec);
        }
        head.content_length = length;
    }

    void on_encoding(std::string_view value, Failure& ec) {
        if (m_encoded || head.content_length || head.version < 11 || !same_name(value, "chunked")) {
            return refuse(
                400, "Transfer-Encoding chỉ được là chunked, một lần, không có Content-Length.",
                "Transfer-Encoding may only be chunked, once, without Content-Length.", ec);
        }
        m_encoded = true;
    }

    void on_header_impl(Failure& ec) override {
        m_head_done = true;
        if (head.version >= 11 && m_hosts != 1) {
            return refuse(400, "Thiếu đầu mục Host.", "The Host field is missing.", ec);
        }
        head.has_body = m_encoded || head.content_length.value_or(0) > 0;
    }

    std::size_t on_body_impl(string_view bytes, Failure&) override {
        body->append(bytes.data(), bytes.size());
        return bytes.size();
    }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, Failure&) override {
        body->append(bytes.data(), bytes.size());
        return bytes.size();
    }

    void on_response_impl(int, string_view, int, Failure&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Failure&) override {}
    // Extensions say nothing to us (RFC 9112 section 7.1.1). A line break in one is a line break to
    // some readers, and many of them are a way to send much that nobody counts.
    void on_chunk_header_impl(std::uint64_t, string_view extensions, Failure& ec) override {
        m_extensions += extensions.size();
        const bool clean = std::ranges::none_of(plain(extensions), [](char c) {
            return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
        });
        if (clean && m_extensions <= kMostExtensions) return;
        refuse(400, "Phần mở rộng của khối sai hoặc quá dài.",
               "The extensions of the chunks are wrong or too long.", ec);
    }
    void on_finish_impl(Failure&) override {}

    std::size_t m_extensions = 0;  // bytes of chunk extensions, of the whole body
    int m_fields = 0;
    int m_hosts = 0;
    bool m_encoded = false;
    bool m_head_done = false;
};

class PlainResponse final : public beast::http::basic_parser<false> {
public:
    int status = 0;
    Headers headers;
    std::string* body = nullptr;

private:
    void on_response_impl(int code, string_view, int, Failure&) override { status = code; }
    void on_field_impl(beast::http::field, string_view name, string_view value, Failure&) override {
        if (!is_header_done()) headers.add(plain(name), plain(value));
    }
    std::size_t on_body_impl(string_view bytes, Failure&) override {
        body->append(bytes.data(), bytes.size());
        return bytes.size();
    }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, Failure&) override {
        body->append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_request_impl(beast::http::verb, string_view, string_view, int, Failure&) override {}
    void on_header_impl(Failure&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Failure&) override {}
    void on_chunk_header_impl(std::uint64_t, string_view, Failure&) override {}
    void on_finish_impl(Failure&) override {}
};

}  // namespace

struct RequestParser::Impl {
    std::size_t max_header_bytes;
    std::size_t head_bytes = 0;  // Beast's own limit starts again after each field
    std::optional<StrictRequest> parser;
};

RequestParser::RequestParser(std::size_t max_header_bytes)
    : m_impl(std::make_unique<Impl>(Impl{max_header_bytes, 0, {}})) {
    reset();
}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
    m_impl->head_bytes = 0;
    m_impl->parser.emplace();
    m_impl->parser->header_limit(static_cast<std::uint32_t>(m_impl->max_header_bytes));
    m_impl->parser->body_limit(
        boost::none);  // the server counts, so that chunked bodies count alike
}

std::size_t RequestParser::feed(std::string_view bytes, std::string& body) {
    StrictRequest& parser = *m_impl->parser;
    if (parser.fault || parser.is_done() || bytes.empty()) return 0;
    if (must_wait(parser, bytes)) return 0;
    parser.body = &body;
    const bool in_head = !parser.is_header_done();
    Failure failure;
    const std::size_t taken = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), failure);
    if (in_head) {
        m_impl->head_bytes += taken;
        const std::size_t pending = parser.is_header_done() ? 0 : bytes.size() - taken;
        if (!parser.fault && m_impl->head_bytes + pending > m_impl->max_header_bytes) {
            parser.fault = fault_of(beast::http::error::header_limit);
        }
        if (!parser.fault && has_fold(bytes.substr(0, taken))) {
            parser.fault = Fault{400, {"Đầu mục bị ngắt dòng.", "A header field is folded."}};
        }
        if (parser.is_header_done()) parser.head.keep_alive = parser.keep_alive();
    }
    if (failure && failure != beast::http::error::need_more && !parser.fault) {
        parser.fault = fault_of(failure);
    }
    return taken;
}

bool RequestParser::head_done() const {
    return m_impl->parser->is_header_done();
}
bool RequestParser::done() const {
    return m_impl->parser->is_done();
}
const std::optional<Fault>& RequestParser::fault() const {
    return m_impl->parser->fault;
}
RequestHead& RequestParser::head() {
    return m_impl->parser->head;
}

struct ResponseParser::Impl {
    std::optional<PlainResponse> parser;
    Method asked;
    bool failed = false;

    void start() {
        parser.emplace();
        parser->header_limit(256 * 1024);
        parser->body_limit(boost::none);
        parser->skip(asked == Method::kHead);
    }
};

ResponseParser::ResponseParser(Method asked) : m_impl(std::make_unique<Impl>()) {
    m_impl->asked = asked;
    m_impl->start();
}
ResponseParser::~ResponseParser() = default;

std::size_t ResponseParser::feed(std::string_view bytes, std::string& body) {
    if (m_impl->failed || m_impl->parser->is_done() || bytes.empty()) return 0;
    if (must_wait(*m_impl->parser, bytes)) return 0;
    m_impl->parser->body = &body;
    Failure failure;
    const std::size_t taken =
        m_impl->parser->put(boost::asio::buffer(bytes.data(), bytes.size()), failure);
    if (failure && failure != beast::http::error::need_more) m_impl->failed = true;
    if (m_impl->parser->is_done() && m_impl->parser->status / 100 == 1) m_impl->start();
    return taken;
}

void ResponseParser::feed_end() {
    Failure failure = beast::http::error::partial_message;
    if (m_impl->parser->got_some() && !m_impl->parser->is_done()) m_impl->parser->put_eof(failure);
    if (failure) m_impl->failed = true;
}

bool ResponseParser::head_done() const {
    return m_impl->parser->is_header_done();
}
bool ResponseParser::done() const {
    return m_impl->parser->is_done();
}
bool ResponseParser::failed() const {
    return m_impl->failed;
}
bool ResponseParser::keep_alive() const {
    return done() && !m_impl->failed && m_impl->parser->keep_alive();
}
int ResponseParser::status() const {
    return m_impl->parser->status;
}
Headers& ResponseParser::headers() {
    return m_impl->parser->headers;
}

}  // namespace nguon::http
