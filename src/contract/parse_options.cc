// logicalTypeOptions and enum of one column.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "contract/internal/parser.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

// Which types an option belongs to, for the answer to an option on the wrong type.
struct Known {
    std::string_view option;
    std::string_view types;
};
constexpr std::array kOptions = {
    Known{"minLength", "string"},
    Known{"maxLength", "string"},
    Known{"pattern", "string"},
    Known{"format", "string, integer, number, date, timestamp, time"},
    Known{"minimum", "integer, number, date, timestamp, time"},
    Known{"maximum", "integer, number, date, timestamp, time"},
    Known{"exclusiveMinimum", "integer, number, date, timestamp, time"},
    Known{"exclusiveMaximum", "integer, number, date, timestamp, time"},
    Known{"multipleOf", "integer, number"},
    Known{"timezone", "timestamp, time"},
    Known{"defaultTimezone", "timestamp, time"},
    Known{"minItems", "array"},
    Known{"maxItems", "array"},
    Known{"uniqueItems", "array"},
    Known{"minProperties", "object"},
    Known{"maxProperties", "object"},
    Known{"required", "object"}};

// A key of another type would otherwise be called unknown, which it is not.
void refuse_other_types(MapReader& options, LogicalType type) {
    const std::string_view own = name_of(type);
    for (const Known& known : kOptions) {
        const auto types = split(known.types, ',');
        const bool allowed = std::any_of(types.begin(), types.end(),
                                         [&](const std::string& one) { return trim(one) == own; });
        if (allowed) continue;
        options.refuse(known.option,
                       {fmt::format("`{}` không dùng cho kiểu `{}`, chỉ cho {}", known.option, own,
                                    known.types),
                        fmt::format("`{}` is not for the type `{}`, only for {}", known.option, own,
                                    known.types)},
                       {"bỏ nó đi, hoặc sửa `logicalType`", "remove it, or correct `logicalType`"});
    }
}

void parse_lengths(Context& context, MapReader& options, TypeOptions& into) {
    into.min_length = options.whole("minLength", 0, INT64_MAX);
    into.max_length = options.whole("maxLength", 0, INT64_MAX);
    if (!into.min_length || !into.max_length || *into.min_length <= *into.max_length) return;
    context.problem(
        *options.value("minLength"),
        {fmt::format("ngắn nhất {} dài hơn dài nhất {}", *into.min_length, *into.max_length),
         fmt::format("the minimum {} is above the maximum {}", *into.min_length, *into.max_length)},
        {"đổi hai số cho nhau, hoặc bỏ một", "swap the two, or remove one"});
}

void parse_pattern(Context& context, MapReader& options, TypeOptions& into) {
    const auto text = options.text("pattern");
    if (!text) return;
    into.pattern = *text;
    const Text fault = fault_of_pattern(*text);
    if (fault.empty()) return;
    context.problem(*options.value("pattern"),
                    {"biểu thức mẫu sai: " + fault.vi, "the pattern is wrong: " + fault.en},
                    {"viết trong nháy đơn, ví dụ `'[0-9]{12}'`",
                     "write it in single quotes, such as `'[0-9]{12}'`"});
}

void wrong_format(Context& context, const Place& place, LogicalType type, const std::string& text) {
    const bool is_integer = type == LogicalType::kInteger;
    const bool too_wide = is_integer && (text == "i128" || text == "u64" || text == "u128");
    context.problem(
        place,
        too_wide
            ? Text{fmt::format("định dạng `{}` rộng hơn 64 bit có dấu, chưa được hỗ trợ", text),
                   fmt::format(
                       "the format `{}` is wider than a signed 64-bit number, not supported yet",
                       text)}
            : Text{fmt::format("không có định dạng {} cho kiểu `{}`", shown(text), name_of(type)),
                   fmt::format("there is no format {} for the type `{}`", shown(text),
                               name_of(type))},
        is_integer ? Text{"chọn i8, i16, i32, i64, u8, u16 hoặc u32; số lớn hơn: `number` với "
                          "`DECIMAL(38,0)`",
                          "choose i8, i16, i32, i64, u8, u16 or u32; for more: `number` with "
                          "`DECIMAL(38,0)`"}
                   : Text{"chọn f32 hoặc f64", "choose f32 or f64"});
}

void parse_format(Context& context, MapReader& options, LogicalType type, TypeOptions& into) {
    const auto text = options.text("format");
    if (!text) return;
    into.format = *text;
    const Place place = *options.value("format");
    if (type == LogicalType::kString) {
        static constexpr std::array<std::string_view, 9> kFormats = {
            "password", "byte", "binary", "email", "uuid", "uri", "hostname", "ipv4", "ipv6"};
        // The standard allows any word here; one that we do not know is not checked.
        if (std::find(kFormats.begin(), kFormats.end(), *text) == kFormats.end())
            context.note(place.path);
    } else if (type == LogicalType::kInteger || type == LogicalType::kNumber) {
        static constexpr std::array<std::string_view, 7> kIntegers = {"i8", "i16", "i32", "i64",
                                                                      "u8", "u16", "u32"};
        const bool known =
            type == LogicalType::kNumber
                ? *text == "f32" || *text == "f64"
                : std::find(kIntegers.begin(), kIntegers.end(), *text) != kIntegers.end();
        if (!known) wrong_format(context, place, type, *text);
    } else if (const Text fault = fault_of_format(type, *text); !fault.empty()) {
        context.problem(
            place, {"định dạng sai: " + fault.vi, "the format is wrong: " + fault.en},
            type == LogicalType::kDate ? Text{"ví dụ `dd/MM/yyyy`", "for example `dd/MM/yyyy`"}
            : type == LogicalType::kTime
                ? Text{"ví dụ `HH:mm:ss`", "for example `HH:mm:ss`"}
                : Text{"ví dụ `yyyy-MM-dd HH:mm:ss`", "for example `yyyy-MM-dd HH:mm:ss`"});
    }
}

std::string parse_bound(Context& context, MapReader& options, std::string_view key,
                        LogicalType type) {
    const auto text = options.text(key);
    if (!text) return {};
    if (fits(type, *text)) return *text;
    context.problem(
        *options.value(key),
        {fmt::format("{} không phải giá trị kiểu `{}`", shown(*text), name_of(type)),
         fmt::format("{} is not a value of the type `{}`", shown(*text), name_of(type))},
        {"viết như " + example_of(type), "write it like " + example_of(type)});
    return {};
}

// Until 3.0.2 exclusiveMinimum was a boolean that made `minimum` itself exclusive.
void parse_old_exclusive(Context& context, MapReader& options, std::string_view key,
                         std::string& inclusive, std::string& exclusive, LogicalType type) {
    const auto given = options.value(key);
    if (given && given->node->kind == Node::Kind::kScalar && fits(type, given->node->text)) {
        return options.since(310, {key});  // 3.1's form
    }
    if (!options.boolean(key).value_or(false)) return;
    if (inclusive.empty()) {
        const std::string_view other = key == "exclusiveMinimum" ? "minimum" : "maximum";
        if (options.has(other)) return;  // wrong, and said so
        context.problem(*options.value(key),
                        {fmt::format("`{}: true` cần có `{}`", key, other),
                         fmt::format("`{}: true` needs `{}`", key, other)},
                        {fmt::format("thêm `{}`", other), fmt::format("add `{}`", other)});
        return;
    }
    std::swap(inclusive, exclusive);
}

void check_bounds(Context& context, MapReader& options, LogicalType type, const TypeOptions& into) {
    const bool low_exclusive = !into.exclusive_minimum.empty(),
               high_exclusive = !into.exclusive_maximum.empty();
    const std::string& low = low_exclusive ? into.exclusive_minimum : into.minimum;
    const std::string& high = high_exclusive ? into.exclusive_maximum : into.maximum;
    if (low.empty() || high.empty()) return;
    const auto compared = order(type, low, high);
    if (compared < 0 || (compared == 0 && !low_exclusive && !high_exclusive)) return;
    const std::string_view key = options.has("minimum") ? "minimum" : "exclusiveMinimum";
    context.problem(
        *options.value(key),
        {fmt::format("không giá trị nào nằm giữa {} và {}", low, high),
         fmt::format("no value lies between {} and {}", low, high)},
        {"giới hạn dưới phải nhỏ hơn giới hạn trên", "the lower bound must be below the upper"});
}

void parse_bounds(Context& context, MapReader& options, LogicalType type, TypeOptions& into) {
    into.minimum = parse_bound(context, options, "minimum", type);
    into.maximum = parse_bound(context, options, "maximum", type);
    if (context.api < 310) {
        parse_old_exclusive(context, options, "exclusiveMinimum", into.minimum,
                            into.exclusive_minimum, type);
        parse_old_exclusive(context, options, "exclusiveMaximum", into.maximum,
                            into.exclusive_maximum, type);
    } else {
        into.exclusive_minimum = parse_bound(context, options, "exclusiveMinimum", type);
        into.exclusive_maximum = parse_bound(context, options, "exclusiveMaximum", type);
    }
    check_bounds(context, options, type, into);
}

void parse_multiple(Context& context, MapReader& options, LogicalType type, TypeOptions& into) {
    into.multiple_of = parse_bound(context, options, "multipleOf", type);
    if (into.multiple_of.empty() || to_double(into.multiple_of).value_or(0) > 0) return;
    context.problem(*options.value("multipleOf"),
                    {"bội số phải lớn hơn 0", "a multiple must be above 0"},
                    Text::same("`multipleOf: 1`"));
}

void parse_zone(Context& context, MapReader& options, TypeOptions& into) {
    into.timezone = options.boolean("timezone").value_or(true);
    into.default_timezone = options.text("defaultTimezone").value_or("");
    const std::string& zone = into.default_timezone;
    if (zone.empty() || zone == "UTC" || zone == "Etc/UTC") return;
    context.note(options.place().path + ".defaultTimezone");
}

// A string must also fit the column's own lengths, or no row could ever hold it.
void check_length(Context& context, const Place& place, const Column& column,
                  const std::string& value) {
    const auto characters =
        static_cast<std::int64_t>(std::count_if(value.begin(), value.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        }));
    const TypeOptions& options = column.options;
    if (characters >= options.min_length.value_or(0) &&
        characters <= options.max_length.value_or(INT64_MAX))
        return;
    context.problem(
        place,
        {fmt::format("{} dài {} ký tự, ngoài `minLength`, `maxLength` của cột", shown(value),
                     characters),
         fmt::format("{} has {} characters, outside the column's `minLength`, `maxLength`",
                     shown(value), characters)},
        {"sửa giá trị, hoặc sửa độ dài", "correct the value, or the lengths"});
}

}  // namespace

void parse_options(Context& context, const Place& place, Column& column) {
    MapReader options(context, place);
    if (!options.is_map()) return;
    const LogicalType type = column.type;
    if (type == LogicalType::kString) {
        parse_lengths(context, options, column.options);
        parse_pattern(context, options, column.options);
    } else if (type != LogicalType::kBoolean) {
        parse_bounds(context, options, type, column.options);
    }
    if (type != LogicalType::kBoolean) parse_format(context, options, type, column.options);
    if (type == LogicalType::kInteger || type == LogicalType::kNumber) {
        parse_multiple(context, options, type, column.options);
    }
    if (type == LogicalType::kTimestamp || type == LogicalType::kTime) {
        parse_zone(context, options, column.options);
    }
    refuse_other_types(options, type);
    options.finish();
}

std::optional<std::string> typed_value(Context& context, const Place& place, LogicalType type) {
    const auto text = scalar(context, place);
    if (!text) return std::nullopt;
    const Node& node = *place.node;
    if (type == LogicalType::kString) {
        // YAML 1.1 readers, which most tools are, take 01 for 1 and no for false.
        static const std::set<std::string> kWords = {"yes", "no", "on",   "off",
                                                     "y",   "n",  "true", "false"};
        const bool octal =
            text->size() > 1 && (*text)[0] == '0' &&
            std::all_of(text->begin(), text->end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!node.plain || (!octal && !kWords.contains(to_lower_ascii(*text)))) return node.text;
        context.problem(
            place,
            {fmt::format("{} không có nháy: công cụ khác đọc ra giá trị khác", shown(*text)),
             fmt::format("{} has no quotes: other tools read another value", shown(*text))},
            Text::same("`'" + *text + "'`"));
        return std::nullopt;
    }
    if (fits(type, *text)) return text;
    context.problem(
        place,
        {fmt::format("{} không phải giá trị kiểu `{}`", shown(*text), name_of(type)),
         fmt::format("{} is not a value of the type `{}`", shown(*text), name_of(type))},
        {"viết như " + example_of(type), "write it like " + example_of(type)});
    return std::nullopt;
}

void parse_enumeration(Context& context, const Place& list, Column& column, bool is_typed) {
    std::set<std::string> seen;
    const std::vector<Place> items = list_value(context, list);
    if (items.empty() && list.node->kind == Node::Kind::kList) {
        context.problem(list, {"`enum` không có giá trị nào", "`enum` has no values"},
                        {"thêm giá trị, hoặc bỏ `enum`", "add values, or remove `enum`"});
    }
    for (const Place& item : items) {
        if (item.node->kind == Node::Kind::kScalar) {
            context.problem(
                item,
                {"mỗi phần tử của `enum` phải có `value`",
                 "each item of `enum` must have a `value`"},
                Text::same(fmt::format("`- value: {}`", item.node->text.substr(0, 40))));
            continue;
        }
        MapReader one(context, item);
        const auto place = one.required("value", "M");
        EnumValue value;
        const auto custom = CustomProperties::read(context, one, {"label_en"});
        value.label = both(one.text("label"), custom.text(context, "label_en"));
        one.skip({"id"});
        one.keep({"description", "tags", "authoritativeDefinitions"});
        one.finish();
        if (!place || !is_typed) continue;
        const auto text = typed_value(context, *place, column.type);
        if (!text) continue;
        value.value = *text;
        if (value.label.empty()) value.label = Text::same(*text);
        if (column.type == LogicalType::kString) check_length(context, *place, column, *text);
        if (!seen.insert(*text).second) {
            context.problem(*place,
                            {fmt::format("giá trị {} có hai lần", shown(*text)),
                             fmt::format("the value {} is given twice", shown(*text))},
                            {"giữ lại một", "keep one of them"});
        }
        column.enumeration.push_back(std::move(value));
    }
}

}  // namespace nguon::contract::internal
