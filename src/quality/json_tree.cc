#include "quality/json_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>

#include "base/json.h"
#include "base/normal_form.h"

namespace nguon::quality {
namespace {

using Piece = boost::json::string_view;
using Wrong = boost::system::error_code;

// Takes the parser's events; the parser itself checks grammar and UTF-8.
class Builder {
public:
    static constexpr std::size_t max_object_size = kMostJsonValues;
    static constexpr std::size_t max_array_size = kMostJsonValues;
    static constexpr std::size_t max_key_size = 64UL << 20;
    static constexpr std::size_t max_string_size = 64UL << 20;

    Json root;
    Text fault;

    bool on_document_begin(Wrong&) { return true; }
    bool on_document_end(Wrong&) { return true; }
    bool on_array_begin(Wrong& wrong) { return open(Json::Kind::kArray, wrong); }
    bool on_array_end(std::size_t, Wrong&) { return close(); }
    bool on_object_begin(Wrong& wrong) { return open(Json::Kind::kObject, wrong); }
    bool on_object_end(std::size_t, Wrong& wrong) {
        std::vector<std::string_view> names(m_open.back()->names.begin(),
                                            m_open.back()->names.end());
        std::ranges::sort(names);
        if (std::ranges::adjacent_find(names) != names.end()) {
            fault = {"một thành phần có hai lần", "a member is given twice"};
            return stop(wrong);
        }
        return close();
    }
    bool on_key_part(Piece piece, std::size_t, Wrong&) { return add(piece); }
    bool on_key(Piece piece, std::size_t, Wrong& wrong) {
        add(piece);
        std::string name;
        if (!take_text(name, wrong)) return false;
        m_open.back()->names.push_back(std::move(name));
        return true;
    }
    bool on_string_part(Piece piece, std::size_t, Wrong&) { return add(piece); }
    bool on_string(Piece piece, std::size_t, Wrong& wrong) {
        add(piece);
        Json* value = put(Json::Kind::kString, wrong);
        return value != nullptr && take_text(value->text, wrong);
    }
    bool on_number_part(Piece piece, Wrong&) { return add(piece); }
    bool on_int64(std::int64_t, Piece piece, Wrong& wrong) { return number(piece, wrong); }
    bool on_uint64(std::uint64_t, Piece piece, Wrong& wrong) { return number(piece, wrong); }
    bool on_double(double, Piece piece, Wrong& wrong) { return number(piece, wrong); }
    bool on_bool(bool truth, Wrong& wrong) {
        Json* value = put(Json::Kind::kBoolean, wrong);
        if (value == nullptr) return false;
        value->text.assign(truth ? "true" : "false");
        return true;
    }
    bool on_null(Wrong& wrong) { return put(Json::Kind::kNull, wrong) != nullptr; }
    bool on_comment_part(Piece, Wrong&) { return true; }
    bool on_comment(Piece, Wrong&) { return true; }

private:
    static bool stop(Wrong& wrong) {
        wrong = boost::json::error::syntax;
        return false;
    }
    bool add(Piece piece) {
        m_text.append(piece.data(), piece.size());
        return true;
    }
    // What was added, in normal form C.
    bool take_text(std::string& into, Wrong& wrong) {
        if (m_text.find('\0') != std::string::npos) {
            fault = {"có ký tự số không `\\u0000`", "there is a zero character `\\u0000`"};
            return stop(wrong);
        }
        std::string buffer;
        into.assign(m_text.empty() ? std::string_view() : to_nfc(m_text, buffer));
        m_text.clear();
        return true;
    }
    bool number(Piece piece, Wrong& wrong) {
        add(piece);
        Json* value = put(Json::Kind::kNumber, wrong);
        if (value == nullptr) return false;
        value->text.swap(m_text);
        m_text.clear();
        return true;
    }
    // A pointer stays good while it is the last child: its parent takes no other until it is
    // closed.
    Json* put(Json::Kind kind, Wrong& wrong) {
        if (++m_values > kMostJsonValues) {
            fault = {fmt::format("có hơn {} giá trị", kMostJsonValues),
                     fmt::format("there are more than {} values", kMostJsonValues)};
            stop(wrong);
            return nullptr;
        }
        Json* value = m_open.empty() ? &root : &m_open.back()->items.emplace_back();
        value->kind = kind;
        return value;
    }
    bool open(Json::Kind kind, Wrong& wrong) {
        Json* value = put(kind, wrong);
        if (value == nullptr) return false;
        m_open.push_back(value);
        return true;
    }
    bool close() {
        m_open.pop_back();
        return true;
    }

    std::vector<Json*> m_open;
    std::string m_text;
    std::size_t m_values = 0;
};

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

const Json* Json::member(std::string_view name) const {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return &items[i];
    }
    return nullptr;
}

std::optional<Json> read_json(std::string_view text, Text& fault) {
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    boost::json::parse_options options;
    options.max_depth = kDeepestJson;
    boost::json::basic_parser<Builder> parser(options);
    Wrong wrong;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), wrong);
    Builder& builder = parser.handler();
    if (!wrong && read == text.size() && parser.done()) return std::move(builder.root);
    fault = builder.fault;
    if (wrong == boost::json::error::too_deep) {
        fault = {fmt::format("lồng quá {} tầng", kDeepestJson),
                 fmt::format("nested deeper than {} levels", kDeepestJson)};
    }
    if (fault.empty()) fault = {"không phải JSON hợp lệ", "not valid JSON"};
    return std::nullopt;
}

void append_json(std::string& out, const Json& value) {
    switch (value.kind) {
        case Json::Kind::kNull: out += "null"; return;
        case Json::Kind::kBoolean:
        case Json::Kind::kNumber: out += value.text; return;
        case Json::Kind::kString: append_json_string(out, value.text); return;
        case Json::Kind::kArray:
        case Json::Kind::kObject: break;
    }
    const bool is_object = value.kind == Json::Kind::kObject;
    out += is_object ? '{' : '[';
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0) out += ',';
        if (is_object) {
            append_json_string(out, value.names[i]);
            out += ':';
        }
        append_json(out, value.items[i]);
    }
    out += is_object ? '}' : ']';
}

}  // namespace nguon::quality
