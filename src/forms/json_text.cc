// JSON documents as text for people: indented JSON, and YAML.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "forms/internal/columns.h"
#include "forms/internal/writers.h"

namespace nguon::forms::internal {
namespace {

constexpr std::size_t kOnOneLine = 88;  // short lists and objects stay on one line

bool is_flat(const json::value& value) {
    const auto single = [](const json::value& one) {
        if (!exact_digits(one).empty()) return false;
        return !one.is_structured() || (one.is_array() && one.get_array().empty()) ||
               (one.is_object() && one.get_object().empty());
    };
    if (const json::array* list = value.if_array()) return std::ranges::all_of(*list, single);
    if (const json::object* map = value.if_object()) {
        return std::ranges::all_of(*map, [&](const auto& one) { return single(one.value()); });
    }
    return true;
}

void write_json(std::string& out, const json::value& value, std::size_t depth) {
    if (const std::string_view digits = exact_digits(value); !digits.empty()) {
        out += digits;
        return;
    }
    const std::string flat = is_flat(value) ? to_text(value) : std::string();
    if (!flat.empty() && (!value.is_structured() || flat.size() + depth * 2 <= kOnOneLine)) {
        out += flat;
        return;
    }
    const std::string margin(2 * (depth + 1), ' ');
    const char* between = "\n";
    const bool is_list = value.is_array();
    out += is_list ? '[' : '{';
    if (is_list) {
        for (const json::value& item : value.get_array()) {
            out += between + margin;
            write_json(out, item, depth + 1);
            between = ",\n";
        }
    } else {
        for (const auto& member : value.get_object()) {
            out += between + margin + to_text(json::value(member.key())) + ": ";
            write_json(out, member.value(), depth + 1);
            between = ",\n";
        }
    }
    out += "\n" + std::string(2 * depth, ' ');
    out += is_list ? ']' : '}';
}

// Words that one YAML version or the other takes for something else than text (YAML 1.1, types
// bool, null, merge; YAML 1.2.2 section 10.3).
bool is_yaml_word(std::string_view text) {
    static constexpr std::array<std::string_view, 12> kWords = {
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "undefined"};
    return std::ranges::find(kWords, to_lower_ascii(text)) != kWords.end();
}

bool is_plain(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || !letter(text[0]) || is_yaml_word(text)) return false;
    return std::ranges::all_of(text, [&](char c) {
        return letter(c) || digit(c) || c == '_' || c == '-' || c == '.' || c == '/';
    });
}

// A double-quoted scalar of YAML is a JSON string; DEL and the like may not stand in YAML as such.
std::string yaml_scalar(const json::value& value) {
    if (const std::string_view digits = exact_digits(value); !digits.empty())
        return std::string(digits);
    if (!value.is_string()) {
        std::string number = to_text(value);
        // YAML 1.1 takes 1e-05 for text and 1.0e-05 for a number.
        const std::size_t exponent = value.is_double() ? number.find('e') : std::string::npos;
        if (exponent != std::string::npos && number.find('.') == std::string::npos)
            number.insert(exponent, ".0");
        return number;
    }
    const std::string_view text = value.get_string();
    if (is_plain(text)) return std::string(text);
    std::string quoted;
    for (const char c : to_text(value)) {
        if (c == '\x7F') {
            quoted += "\\x7F";
        } else {
            quoted += c;
        }
    }
    return quoted;
}

void write_yaml(std::string& out, const json::value& value, std::size_t depth, bool in_list) {
    const std::string margin(2 * depth, ' ');
    bool first = in_list;  // the first line of an item stands behind its hyphen
    const auto put = [&](const json::value& one) {
        const bool empty = (one.is_array() && one.get_array().empty()) ||
                           (one.is_object() && one.get_object().empty());
        if (!one.is_structured() || empty) {
            out += " " + (empty ? to_text(one) : yaml_scalar(one)) + "\n";
            return true;
        }
        return false;
    };
    if (const json::array* list = value.if_array()) {
        for (const json::value& item : *list) {
            out += margin + "-";
            if (put(item)) continue;
            if (item.is_array()) {
                out += "\n";
                write_yaml(out, item, depth + 1, false);
            } else {
                out += " ";
                write_yaml(out, item, depth + 1, true);
            }
        }
        return;
    }
    for (const auto& member : value.get_object()) {
        if (!first) out += margin;
        first = false;
        out += yaml_scalar(json::value(member.key())) + ":";
        if (put(member.value())) continue;
        out += "\n";
        write_yaml(out, member.value(), depth + 1, false);
    }
}

}  // namespace

std::string indented(const json::value& value) {
    std::string out;
    write_json(out, value, 0);
    return out + "\n";
}

std::string yaml_of(const json::value& value) {
    std::string out;
    if (!value.is_structured()) return yaml_scalar(value) + "\n";
    write_yaml(out, value, 0, false);
    return out;
}

}  // namespace nguon::forms::internal
