#include "quality/part.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>

#include "contract/column_type.h"
#include "quality/internal/part_faults.h"

namespace nguon::quality {
namespace {

using contract::LogicalType;

constexpr int kMultipleScale = 9;  // as the rule of a flat column compares multiples
constexpr int kMostDigits = 38;

std::int64_t characters(std::string_view text) {
    return std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

// Sentences name places and rules, never values: examples of a receipt mask those.
Text kind_of(const Json& value) {
    switch (value.kind) {
        case Json::Kind::kNull: return Text::same("null");
        case Json::Kind::kBoolean: return Text::same("true/false");
        case Json::Kind::kNumber: return {"một số", "a number"};
        case Json::Kind::kString: return {"chữ", "a text"};
        case Json::Kind::kArray: return {"một danh sách", "a list"};
        case Json::Kind::kObject: return {"một đối tượng", "an object"};
    }
    return {};
}

std::unique_ptr<re2::RE2> compiled(const std::string& pattern) {
    if (pattern.empty()) return nullptr;
    return std::make_unique<re2::RE2>(pattern, re2::RE2::Quiet);
}

bool matches(const re2::RE2& pattern, std::string_view text) {
    return pattern.ok() && re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace

bool fail_at(Fault& fault, std::string path, Text what) {
    fault.path = std::move(path);
    fault.what = std::move(what);
    return false;
}
bool fail_here(Fault& fault, Text what) {
    return fail_at(fault, "", std::move(what));
}
bool wrong_kind(Fault& fault, const Json& value, const Text& wanted) {
    const Text found = kind_of(value);
    return fail_here(fault, {fmt::format("phải là {}, đây là {}", wanted.vi, found.vi),
                             fmt::format("must be {}, this is {}", wanted.en, found.en)});
}

bool check_count(std::int64_t count, const std::optional<std::int64_t>& low,
                 const std::optional<std::int64_t>& high, const Text& what, Fault& fault) {
    if (count >= low.value_or(0) && count <= high.value_or(INT64_MAX)) return true;
    return fail_here(fault, {fmt::format("có {} {}, phải từ {} đến {}", count, what.vi,
                                         low.value_or(0), high ? std::to_string(*high) : "∞"),
                             fmt::format("has {} {}, must have {} to {}", count, what.en,
                                         low.value_or(0), high ? std::to_string(*high) : "∞")});
}

scan::Moment moment_kind(LogicalType type) {
    switch (type) {
        case LogicalType::kDate: return scan::Moment::kDate;
        case LogicalType::kTimestamp: return scan::Moment::kTimestamp;
        case LogicalType::kTime: return scan::Moment::kTime;
        default: return scan::Moment::kNone;
    }
}

Part::Part(const contract::Column& column)
    : m_column(column),
      m_pattern(compiled(column.options.pattern)),
      m_format(compiled(column.type == LogicalType::kString
                            ? contract::pattern_of_format(column.options.format)
                            : "")) {
    const contract::TypeOptions& options = column.options;
    if (auto format = scan::MomentFormat::from(moment_kind(column.type), options.format,
                                               options.default_timezone)) {
        m_moment = std::move(*format);
        if (options.zone_is_required()) m_moment.require_zone();
    }
    m_low = bound_of(options.minimum);
    m_high = bound_of(options.maximum);
    m_above = bound_of(options.exclusive_minimum);
    m_below = bound_of(options.exclusive_maximum);
    if (const auto range = contract::range_of_format(options.format)) {
        m_low_format = bound_of(range->low);
        m_high_format = bound_of(range->high);
    }
    if (scan::Wide multiple = 0;
        scan::parse_decimal(options.multiple_of, kMostDigits, kMultipleScale, multiple) &&
        multiple != 0) {
        m_multiple = multiple;
    }
    for (const auto* parts : {&column.properties, &column.items, &column.map}) {
        for (const contract::Column& part : *parts)
            m_parts.push_back(std::make_unique<Part>(part));
    }
}

Part::~Part() = default;

bool Part::to_wide(std::string_view text, scan::Wide& value) const {
    std::int64_t integer = 0;
    switch (m_column.type) {
        case LogicalType::kInteger:
            if (!scan::parse_integer(text, integer)) return false;
            value = integer;
            return true;
        case LogicalType::kNumber:
            return m_column.precision > 0 &&
                   scan::parse_decimal(text, m_column.precision, m_column.scale, value);
        case LogicalType::kDate:
        case LogicalType::kTimestamp:
        case LogicalType::kTime:
            if (!m_moment.parse(text, integer)) return false;
            value = integer;
            return true;
        default: return false;
    }
}

// Bounds stand in the contract as ISO 8601 whatever the format of the values is.
std::optional<Part::Bound> Part::bound_of(const std::string& text) const {
    if (text.empty()) return std::nullopt;
    Bound bound;
    bound.text = text;
    std::int64_t moment = 0;
    if (scan::parse_bound(moment_kind(m_column.type), text, moment)) {
        bound.value = moment;
        return bound;
    }
    scan::parse_double(text, bound.number);
    if (!to_wide(text, bound.value)) {
        // A bound past what the type holds bounds nothing, or everything; the double tells.
        const double most = 1e37;
        bound.value = bound.number > 0 ? static_cast<scan::Wide>(std::min(bound.number, most))
                                       : static_cast<scan::Wide>(std::max(bound.number, -most));
    }
    return bound;
}

bool Part::check_range(scan::Wide value, double number, Fault& fault) const {
    const bool is_double = m_column.type == LogicalType::kNumber && m_column.precision == 0;
    const auto below = [&](const std::optional<Bound>& bound) {
        return bound && (is_double ? number < bound->number : value < bound->value);
    };
    const auto above = [&](const std::optional<Bound>& bound) {
        return bound && (is_double ? number > bound->number : value > bound->value);
    };
    const auto outside = [&](std::string_view sign, const Bound& bound) {
        return fail_here(fault,
                         {fmt::format("ngoài khoảng cho phép ({} {})", sign, bound.text),
                          fmt::format("outside the allowed range ({} {})", sign, bound.text)});
    };
    if (below(m_low)) return outside("≥", *m_low);
    if (above(m_high)) return outside("≤", *m_high);
    if (m_above && !above(m_above)) return outside(">", *m_above);
    if (m_below && !below(m_below)) return outside("<", *m_below);
    if (below(m_low_format)) return outside("≥", *m_low_format);
    if (above(m_high_format)) return outside("≤", *m_high_format);
    return true;
}

bool Part::check_number(const std::string& text, Fault& fault) const {
    const bool is_integer = m_column.type == LogicalType::kInteger;
    const bool is_double = !is_integer && m_column.precision == 0;
    scan::Wide value = 0;
    double number = 0;
    if (is_double ? !scan::parse_double(text, number) || !std::isfinite(number)
                  : !to_wide(text, value)) {
        const Text wanted =
            is_integer  ? Text{"số nguyên", "a whole number"}
            : is_double ? Text{"số", "a number"}
                        : Text{fmt::format("số có nhiều nhất {} chữ số trước dấu chấm và {} "
                                           "sau",
                                           m_column.precision - m_column.scale, m_column.scale),
                               fmt::format("a number with at most {} digits before the "
                                           "point and {} after",
                                           m_column.precision - m_column.scale, m_column.scale)};
        return fail_here(fault, {"không phải " + wanted.vi, "not " + wanted.en});
    }
    if (m_multiple) {
        scan::Wide scaled = 0;
        if (!scan::parse_decimal(text, kMostDigits, kMultipleScale, scaled) ||
            scaled % *m_multiple != 0) {
            return fail_here(fault,
                             {fmt::format("không phải bội của {}", m_column.options.multiple_of),
                              fmt::format("not a multiple of {}", m_column.options.multiple_of)});
        }
    }
    return check_range(value, number, fault);
}

bool Part::check_moment(const std::string& text, Fault& fault) const {
    scan::Wide value = 0;
    if (to_wide(text, value)) return check_range(value, 0, fault);
    const std::string shape = m_column.options.format.empty()
                                  ? std::string(scan::iso_form(moment_kind(m_column.type)))
                                  : m_column.options.format;
    return fail_here(fault, {fmt::format("không theo dạng {}", shape),
                             fmt::format("not of the form {}", shape)});
}

bool Part::check_format(const std::string& text, Fault& fault) const {
    const std::string& format = m_column.options.format;
    if (m_format != nullptr && !matches(*m_format, text)) {
        return fail_here(fault, {fmt::format("không phải dạng {}", format),
                                 fmt::format("not of the format {}", format)});
    }
    if (format == "wkt") {
        const auto coordinates =
            m_column.crs_is_degrees() ? Coordinates::kDegrees : Coordinates::kAny;
        if (Text what = fault_of_wkt(text, coordinates); !what.empty())
            return fail_here(fault, std::move(what));
    }
    if (format == "geojson") {
        Text what;
        const auto value = read_json(text, what);
        if (!value) return fail_here(fault, std::move(what));
        return is_geojson(*value, fault);
    }
    return true;
}

bool Part::check_text(const std::string& text, Fault& fault) const {
    const contract::TypeOptions& options = m_column.options;
    if (!check_count(characters(text), options.min_length, options.max_length,
                     {"ký tự", "characters"}, fault))
        return false;
    if (m_pattern != nullptr && !matches(*m_pattern, text)) {
        return fail_here(fault, {fmt::format("phải theo mẫu {}", options.pattern),
                                 fmt::format("must match {}", options.pattern)});
    }
    return check_format(text, fault);
}

bool Part::is_enumerated(std::string_view text) const {
    if (m_column.enumeration.empty()) return true;
    scan::Wide value = 0;
    const bool numeric = to_wide(text, value);
    double number = 0;
    const bool is_double = m_column.type == LogicalType::kNumber && m_column.precision == 0 &&
                           scan::parse_double(text, number);
    return std::ranges::any_of(m_column.enumeration, [&](const contract::EnumValue& one) {
        if (one.value == text) return true;
        if (is_double) {
            double other = 0;
            return scan::parse_double(one.value, other) && other == number;
        }
        const auto bound = numeric ? bound_of(one.value) : std::nullopt;
        return bound && bound->value == value;
    });
}

bool Part::check_present(const Json& value, Fault& fault) const {
    using Kind = Json::Kind;
    switch (m_column.type) {
        case LogicalType::kString:
            if (value.kind != Kind::kString) return wrong_kind(fault, value, {"chữ", "a text"});
            if (!check_text(value.text, fault)) return false;
            break;
        case LogicalType::kInteger:
        case LogicalType::kNumber:
            if (value.kind != Kind::kNumber) return wrong_kind(fault, value, {"số", "a number"});
            if (!check_number(value.text, fault)) return false;
            break;
        case LogicalType::kBoolean:
            if (value.kind != Kind::kBoolean)
                return wrong_kind(fault, value, {"true hoặc false", "true or false"});
            break;
        case LogicalType::kDate:
        case LogicalType::kTimestamp:
        case LogicalType::kTime:
            if (value.kind != Kind::kString) {
                return wrong_kind(fault, value, {"chữ chỉ ngày giờ", "a text with a date or time"});
            }
            if (!check_moment(value.text, fault)) return false;
            break;
        case LogicalType::kObject: return check_object(value, fault);
        case LogicalType::kArray: return check_array(value, fault);
        case LogicalType::kMap: return check_map(value, fault);
        case LogicalType::kVector: return check_vector(value, fault);
    }
    if (is_enumerated(value.text)) return true;
    return fail_here(fault,
                     {"không có trong danh mục cho phép", "not in the list of allowed values"});
}

bool Part::check(const Json& value, Fault& fault) const {
    if (value.kind != Json::Kind::kNull) return check_present(value, fault);
    if (!m_column.required) return true;
    return fail_here(fault, {"bắt buộc nhưng để trống", "required but empty"});
}

}  // namespace nguon::quality
