// Values that hold others: objects, lists, maps and vectors.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/json.h"
#include "quality/internal/part_faults.h"
#include "quality/part.h"

namespace nguon::quality {
namespace {

using contract::LogicalType;

constexpr double kLengthTolerance = 1e-3;  // of a normalized vector kept in 16-bit floats

bool inside(Fault& fault, std::string_view step) {
    fault.path.insert(0, step);
    return false;
}

std::string shown(std::string_view text) {
    constexpr std::size_t kMost = 60;
    if (text.size() <= kMost) return std::string(text);
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(text.substr(0, end)) + "…";
}

std::string step_to(std::string_view member) {
    return fmt::format(".{}", shown(member));
}

}  // namespace

bool Part::check_object(const Json& value, Fault& fault) const {
    if (value.kind != Json::Kind::kObject)
        return wrong_kind(fault, value, {"một đối tượng", "an object"});
    const contract::TypeOptions& options = m_column.options;
    if (!check_count(static_cast<std::int64_t>(value.items.size()), options.min_properties,
                     options.max_properties, {"thành phần", "members"}, fault))
        return false;
    if (options.format == "geojson" && !is_geojson(value, fault)) return false;
    for (const std::string& name : options.required_properties) {
        if (value.member(name) != nullptr) continue;
        return fail_at(fault, step_to(name), {"bắt buộc nhưng không có", "required but not there"});
    }
    return check_members(value, fault);
}

bool Part::check_members(const Json& value, Fault& fault) const {
    if (m_parts.empty()) return true;
    std::size_t known = 0;
    for (const auto& part : m_parts) {
        const std::string& name = part->m_column.name;
        const Json* member = value.member(name);
        if (member != nullptr) {
            ++known;
            if (!part->check(*member, fault)) return inside(fault, step_to(name));
        } else if (part->m_column.required) {
            return fail_at(fault, step_to(name),
                           {"bắt buộc nhưng không có", "required but not there"});
        }
    }
    if (known == value.names.size() || m_column.options.format == "geojson") return true;
    for (const std::string& name : value.names) {
        if (m_column.property(name) != nullptr) continue;
        return fail_at(fault, step_to(name), {"không có trong hợp đồng", "not in the contract"});
    }
    return true;
}

bool Part::check_array(const Json& value, Fault& fault) const {
    if (value.kind != Json::Kind::kArray)
        return wrong_kind(fault, value, {"một danh sách", "a list"});
    const contract::TypeOptions& options = m_column.options;
    if (!check_count(static_cast<std::int64_t>(value.items.size()), options.min_items,
                     options.max_items, {"phần tử", "items"}, fault))
        return false;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (!m_parts.empty() && !m_parts[0]->check(value.items[i], fault))
            return inside(fault, fmt::format("[{}]", i));
        if (!options.unique_items) continue;
        std::string text;
        if (m_parts.empty()) {
            append_json(text, value.items[i]);
        } else {
            m_parts[0]->write(text, value.items[i]);
        }
        if (!seen.insert(std::move(text)).second) {
            return fail_at(fault, fmt::format("[{}]", i),
                           {"trùng một phần tử trước đó", "the same as an item before it"});
        }
    }
    return true;
}

// A key is a member's name, so always text; it is read as the contract's type of keys.
bool Part::check_key(const std::string& key, Fault& fault) const {
    Json value;
    value.text = key;
    switch (m_column.type) {
        case LogicalType::kInteger:
        case LogicalType::kNumber: value.kind = Json::Kind::kNumber; break;
        case LogicalType::kBoolean:
            if (key != "true" && key != "false")
                return fail_here(fault,
                                 {"khóa phải là true hoặc false", "the key must be true or false"});
            value.kind = Json::Kind::kBoolean;
            break;
        default: value.kind = Json::Kind::kString;
    }
    return check(value, fault);
}

bool Part::check_map(const Json& value, Fault& fault) const {
    if (value.kind != Json::Kind::kObject)
        return wrong_kind(fault, value, {"một đối tượng", "an object"});
    if (m_parts.size() != 2) return true;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (!m_parts[0]->check_key(value.names[i], fault) ||
            !m_parts[1]->check(value.items[i], fault))
            return inside(fault, fmt::format("[{}]", i));  // by place: keys may be personal
    }
    return true;
}

bool Part::check_vector(const Json& value, Fault& fault) const {
    if (value.kind != Json::Kind::kArray)
        return wrong_kind(fault, value, {"một danh sách số", "a list of numbers"});
    const contract::TypeOptions& options = m_column.options;
    const std::optional<std::int64_t> length =
        options.dimensions > 0 ? std::optional(options.dimensions) : std::nullopt;
    if (!check_count(static_cast<std::int64_t>(value.items.size()), length, length,
                     {"số", "numbers"}, fault))
        return false;
    struct Range {
        std::string_view type;
        double low, high;
    };
    static constexpr Range kWhole[] = {{"int8", -128, 127}, {"uint8", 0, 255}, {"binary", 0, 1}};
    const auto* whole = std::ranges::find(kWhole, options.element_type, &Range::type);
    double squares = 0;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        const Json& item = value.items[i];
        double number = 0;
        bool good = item.kind == Json::Kind::kNumber && scan::parse_double(item.text, number) &&
                    std::isfinite(number);
        if (good && whole != std::end(kWhole))
            good = number >= whole->low && number <= whole->high && std::floor(number) == number;
        if (!good) {
            const std::string type =
                options.element_type.empty() ? "float32" : options.element_type;
            return fail_at(fault, fmt::format("[{}]", i),
                           {fmt::format("không phải số kiểu {}", type),
                            fmt::format("not a number of the type {}", type)});
        }
        squares += number * number;
    }
    if (!options.normalized || std::abs(std::sqrt(squares) - 1) <= kLengthTolerance) return true;
    return fail_here(fault, {"độ dài vectơ phải là 1", "the vector's length must be 1"});
}

void Part::write(std::string& out, const Json& value) const {
    if (value.kind == Json::Kind::kArray && m_column.type == LogicalType::kArray &&
        !m_parts.empty()) {
        out += '[';
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            if (i > 0) out += ',';
            m_parts[0]->write(out, value.items[i]);
        }
        out += ']';
        return;
    }
    if (value.kind != Json::Kind::kObject || m_parts.empty()) return append_json(out, value);
    char before = '{';
    const auto member = [&](const std::string& name, const Json& item, const Part* part) {
        out += before;
        before = ',';
        append_json_string(out, name);
        out += ':';
        if (part != nullptr) return part->write(out, item);
        append_json(out, item);
    };
    if (m_column.type == LogicalType::kMap) {
        for (std::size_t i = 0; i < value.items.size(); ++i)
            member(value.names[i], value.items[i], m_parts[1].get());
    } else {
        for (const auto& part : m_parts) {
            const Json* item = value.member(part->m_column.name);
            if (item != nullptr) member(part->m_column.name, *item, part.get());
        }
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            if (m_column.property(value.names[i]) == nullptr)
                member(value.names[i], value.items[i], nullptr);
        }
    }
    out += before == '{' ? "{}" : "}";
}

}  // namespace nguon::quality
