#include "base/json.h"

#include <fmt/format.h>

#include <cmath>

namespace nguon {
namespace {

// Each byte that is not part of UTF-8 becomes U+FFFD.
std::string as_utf8(std::string_view bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t length = 1;
        while (length < 4 && !is_utf8(bytes.substr(at, length)))
            ++length;
        const bool whole = is_utf8(bytes.substr(at, length));
        text += whole ? bytes.substr(at, length) : "\uFFFD";
        at += whole ? length : 1;
    }
    return text;
}

void write(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::null: out += "null"; break;
        case json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
        case json::kind::int64:
            fmt::format_to(std::back_inserter(out), "{}", value.get_int64());
            break;
        case json::kind::uint64:
            fmt::format_to(std::back_inserter(out), "{}", value.get_uint64());
            break;
        case json::kind::double_: {
            const double number = value.get_double();
            if (std::isfinite(number)) {
                fmt::format_to(std::back_inserter(out), "{}", number);
            } else {
                out += "null";  // RFC 8259 section 6 has no infinities
            }
            break;
        }
        case json::kind::string: append_json_string(out, value.get_string()); break;
        case json::kind::array: {
            out += '[';
            bool first = true;
            for (const json::value& item : value.get_array()) {
                if (!first) out += ',';
                first = false;
                write(out, item);
            }
            out += ']';
            break;
        }
        case json::kind::object: {
            out += '{';
            bool first = true;
            for (const auto& member : value.get_object()) {
                if (!first) out += ',';
                first = false;
                append_json_string(out, member.key());
                out += ':';
                write(out, member.value());
            }
            out += '}';
            break;
        }
    }
}

}  // namespace

// Names of files and columns come from outside and may be any bytes; JSON is UTF-8 (RFC 8259
// section 8.1), and a signed receipt that is not could never be read back.
void append_json_string(std::string& out, std::string_view text) {
    if (!is_utf8(text)) return append_json_string(out, as_utf8(text));
    out += '"';
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, start, i - start);
        start = i + 1;
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
        }
    }
    out.append(text, start, text.size() - start);
    out += '"';
}

std::string to_text(const json::value& value) {
    std::string out;
    write(out, value);
    return out;
}

Result<json::value> parse_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = 64;
    json::error_code error;
    json::stream_parser parser({}, options);
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (!error && (read < text.size() || !parser.done())) {
        std::string_view rest = trim(text.substr(read));
        if (!rest.empty() || !parser.done()) error = json::error::incomplete;
    }
    if (error) {
        return fail(
            Code::kInvalid,
            {fmt::format("JSON sai gần byte thứ {}.", read + 1),
             fmt::format("The JSON is wrong near byte {}: {}.", read + 1, error.message())},
            {"Kiểm tra dấu ngoặc, dấu phẩy và dấu nháy.", "Check brackets, commas and quotes."});
    }
    return parser.release();
}

}  // namespace nguon
