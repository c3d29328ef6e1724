// logicalTypeOptions and enum of one column.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/zone.h"
#include "contract/internal/parser.h"
#include "contract/internal/shapes.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

constexpr std::int64_t kMostDimensions = 65'536;

// Which types an option belongs to, for the answer to an option on the wrong type.
struct Known {
    std::string_view option;
    std::string_view types;
};
constexpr std::array kOptions = {
    Known{"minLength", "string"},
    Known{"maxLength", "string"},
    Known{"pattern", "string"},
    Known{"format", "string, integer, number, date, timestamp, time, object"},
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
    Known{"required", "object"},
    Known{"dimensions", "vector"},
    Known{"elementType", "vector"},
    Known{"distanceMetric", "vector"},
    Known{"embeddingModel", "vector"},
    Known{"embeddingModelVersion", "vector"},
    Known{"normalized", "vector"}};

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

// Two whole numbers of which the first may not be above the second.
void parse_range(Context& context, MapReader& options, std::string_view low_key,
                 std::string_view high_key, std::optional<std::int64_t>& low,
                 std::optional<std::int64_t>& high) {
    low = options.whole(low_key, 0, INT64_MAX);
    high = options.whole(high_key, 0, INT64_MAX);
    if (!low || !high || *low <= *high) return;
    context.problem(*options.value(low_key),
                    {fmt::format("ít nhất {} lớn hơn nhiều nhất {}", *low, *high),
                     fmt::format("the minimum {} is above the maximum {}", *low, *high)},
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

void wrong_format(Context& context, const Place& place, LogicalType type, const std::string& text,
                  const std::vector<std::string>& words) {
    context.problem(
        place,
        {fmt::format("không có định dạng {} cho kiểu `{}`", shown(text), name_of(type)),
         fmt::format("there is no format {} for the type `{}`", shown(text), name_of(type))},
        {"chọn một trong " + shown_list(words), "choose one of " + shown_list(words)});
}

void parse_format(Context& context, MapReader& options, LogicalType type, TypeOptions& into) {
    const auto text = options.text("format");
    if (!text) return;
    into.format = *text;
    const Place place = *options.value("format");
    if (type == LogicalType::kString) {
        // Those that are checked. The standard allows any word; one that is not here is noted.
        static constexpr std::array<std::string_view, 9> kFormats = {
            "byte", "email", "uuid", "uri", "hostname", "ipv4", "ipv6", "wkt", "geojson"};
        if (std::find(kFormats.begin(), kFormats.end(), *text) == kFormats.end())
            context.note(place.path);
    } else if (type == LogicalType::kInteger || type == LogicalType::kNumber ||
               type == LogicalType::kObject) {
        static const std::vector<std::string> kIntegers = {"i8", "i16", "i32", "i64", "i128",
                                                           "u8", "u16", "u32", "u64", "u128"};
        static const std::vector<std::string> kNumbers = {"f32", "f64"}, kObjects = {"geojson"};
        const auto& words = type == LogicalType::kInteger  ? kIntegers
                            : type == LogicalType::kNumber ? kNumbers
                                                           : kObjects;
        if (std::find(words.begin(), words.end(), *text) == words.end())
            wrong_format(context, place, type, *text, words);
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

void parse_zone(Context& context, MapReader& options, LogicalType type, TypeOptions& into) {
    const auto given = options.boolean("timezone");
    into.timezone = given.value_or(true);
    into.timezone_given = given.has_value();
    into.default_timezone = options.text("defaultTimezone").value_or("");
    if (type == LogicalType::kTime) {  // a time of day without its day is in no zone
        into.timezone_given = false;
        for (const std::string_view key : {"timezone", "defaultTimezone"}) {
            if (options.has(key)) context.note(options.place().path + "." + std::string(key));
        }
    }
    if (into.default_timezone.empty() || Zone::named(into.default_timezone)) return;
    context.problem(*options.value("defaultTimezone"),
                    {fmt::format("không có múi giờ {}", shown(into.default_timezone)),
                     fmt::format("there is no time zone {}", shown(into.default_timezone))},
                    Text::same("`Asia/Ho_Chi_Minh`"));
}

void parse_required(Context& context, MapReader& options, TypeOptions& into) {
    std::set<std::string> seen;
    const auto place = options.value("required");
    if (!place) return;
    const std::vector<Place> items = list_value(context, *place);
    if (items.empty() && place->node->kind == Node::Kind::kList) {
        context.problem(*place, {"chưa có tên nào", "there are no names"},
                        {"thêm tên, hoặc bỏ `required`", "add names, or remove `required`"});
    }
    for (const Place& item : items) {
        const auto name = scalar(context, item);
        if (!name) continue;
        if (!seen.insert(*name).second) {
            context.problem(item,
                            {fmt::format("{} có hai lần", shown(*name)),
                             fmt::format("{} is given twice", shown(*name))},
                            {"giữ lại một", "keep one of them"});
        }
        into.required_properties.push_back(*name);
    }
}

std::string word_of(Context& context, MapReader& options, std::string_view key,
                    const std::vector<std::string>& words) {
    const auto text = options.text(key);
    if (!text) return {};
    if (std::find(words.begin(), words.end(), *text) == words.end())
        wrong_word(context, *options.value(key), *text, words);
    return *text;
}

void parse_vector(Context& context, MapReader& options, TypeOptions& into) {
    options.required("dimensions", "384");
    into.dimensions = options.whole("dimensions", 1, kMostDimensions).value_or(0);
    into.element_type =
        word_of(context, options, "elementType",
                {"bfloat16", "binary", "float16", "float32", "float64", "int8", "uint8"});
    into.distance_metric = word_of(context, options, "distanceMetric",
                                   {"cosine", "dotProduct", "euclidean", "hamming", "manhattan"});
    into.embedding_model = options.text("embeddingModel").value_or("");
    into.embedding_model_version = options.text("embeddingModelVersion").value_or("");
    into.normalized = options.boolean("normalized").value_or(false);
    for (const std::string_view key :
         {"distanceMetric", "embeddingModel", "embeddingModelVersion"}) {
        if (options.has(key)) context.note(options.place().path + "." + std::string(key));
    }
}

bool has_format(LogicalType type) {
    return type != LogicalType::kBoolean && type != LogicalType::kArray &&
           type != LogicalType::kMap && type != LogicalType::kVector;
}

// Integers above a signed 64-bit number are held as exact numbers without decimals: 20 digits hold
// every u64, 38 digits are what the engine has.
void widen(Column& column) {
    const std::string& format = column.options.format;
    if (column.type != LogicalType::kInteger) return;
    if (format != "u64" && format != "i128" && format != "u128") return;
    column.type = LogicalType::kNumber;
    column.precision = format == "u64" ? 20 : 38;
    column.scale = 0;
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

void parse_type_options(Context& context, MapReader& property, Column& column) {
    const auto place = property.value("logicalTypeOptions");
    if (!place) return;
    MapReader options(context, *place);
    if (!options.is_map()) return;
    const LogicalType type = column.type;
    TypeOptions& into = column.options;
    switch (type) {
        case LogicalType::kString:
            parse_range(context, options, "minLength", "maxLength", into.min_length,
                        into.max_length);
            parse_pattern(context, options, into);
            break;
        case LogicalType::kObject:
            parse_range(context, options, "minProperties", "maxProperties", into.min_properties,
                        into.max_properties);
            parse_required(context, options, into);
            break;
        case LogicalType::kArray:
            parse_range(context, options, "minItems", "maxItems", into.min_items, into.max_items);
            into.unique_items = options.boolean("uniqueItems").value_or(false);
            break;
        case LogicalType::kVector: parse_vector(context, options, into); break;
        case LogicalType::kBoolean:
        case LogicalType::kMap: break;
        default: parse_bounds(context, options, type, into);
    }
    if (has_format(type)) parse_format(context, options, type, into);
    if (type == LogicalType::kInteger || type == LogicalType::kNumber)
        parse_multiple(context, options, type, into);
    if (type == LogicalType::kTimestamp || type == LogicalType::kTime)
        parse_zone(context, options, type, into);
    refuse_other_types(options, type);
    options.finish();
    widen(column);
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
        const auto custom = CustomProperties::read(context, one, {"label_en", "description_en"});
        value.label = both(one.text("label"), custom.text(context, "label_en"));
        if (const auto id = one.value("id")) check_shape(context, *id, Shape::kId);
        value.description = both(one.text("description"), custom.text(context, "description_en"));
        one.keep({"tags", "authoritativeDefinitions"});
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
