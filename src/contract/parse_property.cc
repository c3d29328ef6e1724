// Properties: each is one column.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "contract/internal/parser.h"
#include "contract/internal/shapes.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

constexpr std::array kTypes = {
    LogicalType::kString, LogicalType::kInteger,   LogicalType::kNumber, LogicalType::kBoolean,
    LogicalType::kDate,   LogicalType::kTimestamp, LogicalType::kTime,   LogicalType::kObject,
    LogicalType::kArray,  LogicalType::kMap,       LogicalType::kVector};

// The version of the standard that brought a type; 300 for the others.
int since_of(LogicalType type) {
    if (type == LogicalType::kTimestamp || type == LogicalType::kTime) return 310;
    return type == LogicalType::kMap || type == LogicalType::kVector ? 320 : 300;
}

std::vector<std::string> type_names() {
    std::vector<std::string> names;
    for (const LogicalType type : kTypes)
        names.emplace_back(name_of(type));
    return names;
}

void parse_name(Context& context, MapReader& property, const Draft& draft, Column& column) {
    const auto place = property.required("name", "full_name");
    const auto text = place ? scalar(context, *place) : std::nullopt;
    if (!text) return;
    column.name = *text;
    if (const Column* first = draft.dataset.column(*text)) {
        context.problem(
            *place,
            {fmt::format("cột {} đã có ở dòng {}", shown(*text), first->at.line),
             fmt::format("the column {} is on line {} already", shown(*text), first->at.line)},
            {"đổi tên, hoặc bỏ một cột", "rename it, or remove one"});
    }
    if (is_reserved_column(*text)) {
        return context.problem(*place,
                               {fmt::format("{} là tên cột riêng của hệ thống", shown(*text)),
                                fmt::format("{} is a column of the system's own", shown(*text))},
                               {fmt::format("chọn tên khác, ví dụ `name: source_{}`", *text),
                                fmt::format("choose another, such as `name: source_{}`", *text)});
    }
    if (is_name(*text)) return;
    const std::string meant = as_name(*text);
    Text fix{
        "chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ, nhiều nhất 63 ký tự; tên "
        "tiếng Việt để ở `businessName`",
        "small letters without accents, digits and underscores, a letter first, at most 63; "
        "the name for people goes into `businessName`"};
    if (!meant.empty()) fix = Text::same("`name: " + meant + "`");
    context.problem(*place,
                    {fmt::format("{} không làm được tên cột", shown(*text)),
                     fmt::format("{} cannot be the name of a column", shown(*text))},
                    std::move(fix));
}

// 3.0 had `date` alone for all three; its format says which one is meant.
LogicalType type_of_old_date(const MapReader& property, const Column& column) {
    for (const Node::Entry& entry : property.place().node->entries) {
        if (entry.key != "logicalTypeOptions") continue;
        for (const Node::Entry& option : entry.value->entries) {
            if (option.key != "format" || !has_time_part(option.value->text)) continue;
            return has_date_part(option.value->text) ? LogicalType::kTimestamp : LogicalType::kTime;
        }
    }
    const auto physical = type_from_physical(column.physical_type);
    const bool is_time = physical == LogicalType::kTimestamp || physical == LogicalType::kTime;
    return is_time ? *physical : LogicalType::kDate;
}

void wrong_type(Context& context, const Place& place, const std::string& text) {
    const std::vector<std::string> names = type_names();
    const std::string guess = context.guess(text, names);
    Text fix{"chọn một trong " + shown_list(names), "choose one of " + shown_list(names)};
    if (const auto physical = type_from_physical(text)) {
        fix = Text::same(fmt::format("`logicalType: {}`", name_of(*physical)));
    } else if (!guess.empty()) {
        fix = {fmt::format("có phải là `{}`?", guess), fmt::format("did you mean `{}`?", guess)};
    }
    context.problem(place,
                    {fmt::format("không có kiểu {}", shown(text)),
                     fmt::format("there is no type {}", shown(text))},
                    std::move(fix));
}

// False when the type is not known.
bool parse_type(Context& context, MapReader& property, Column& column) {
    const auto place = property.value("logicalType");
    const auto text = place ? scalar(context, *place) : std::nullopt;
    if (!text) {
        if (property.has("logicalType")) return false;
        const auto physical = type_from_physical(column.physical_type);
        if (!physical) {
            property.required("logicalType", "string");
            return false;
        }
        column.type = *physical;
        return true;
    }
    const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                    [&](LogicalType type) { return name_of(type) == *text; });
    if (found == kTypes.end()) {
        wrong_type(context, *place, *text);
        return false;
    }
    column.type = *found;
    if (const int since = since_of(column.type); context.api < since) {
        context.problem(
            *place,
            {fmt::format("kiểu `{}` chỉ có từ chuẩn {}", *text, name_of_version(since)),
             fmt::format("the type `{}` exists from {} on", *text, name_of_version(since))},
            Text::same(fmt::format("`apiVersion: {}`", name_of_version(since))));
    }
    if (context.api < 310 && column.type == LogicalType::kDate)
        column.type = type_of_old_date(property, column);
    return true;
}

void parse_exact(Context& context, MapReader& property, Column& column) {
    if (column.type != LogicalType::kNumber) return;
    const auto exact = exact_from_physical(column.physical_type);
    if (!exact) {
        // DECIMAL without (p,s) has no one meaning, so it stays a double; said, not hidden.
        const std::string lower = to_lower_ascii(column.physical_type);
        if (lower == "decimal" || lower == "numeric") property.keep({"physicalType"});
        return;
    }
    constexpr std::int64_t kMostDigits = 38;
    const bool fits = exact->precision >= 1 && exact->precision <= kMostDigits &&
                      exact->scale >= 0 && exact->scale <= exact->precision;
    if (fits) {
        column.precision = static_cast<int>(exact->precision);
        column.scale = static_cast<int>(exact->scale);
        return;
    }
    context.problem(
        *property.value("physicalType"),
        {fmt::format("{} không phải số thập phân được hỗ trợ", shown(column.physical_type)),
         fmt::format("{} is not a supported exact number", shown(column.physical_type))},
        {"`DECIMAL(p,s)` với p từ 1 đến 38 và s từ 0 đến p",
         "`DECIMAL(p,s)` with p from 1 to 38 and s from 0 to p"});
}

void parse_key(Context& context, MapReader& property, Draft::Property& extra, Column& column) {
    const auto required = property.boolean("required");
    const bool in_key = property.boolean("primaryKey").value_or(false);
    const auto position = property.whole("primaryKeyPosition", -1, INT64_MAX);
    column.required = required.value_or(false) || in_key;
    column.unique = property.boolean("unique").value_or(false);
    column.key_position = in_key ? 1 : 0;  // numbered when every column is known
    if (position && *position == 0) {
        context.problem(*property.value("primaryKeyPosition"),
                        {"vị trí khoá đếm từ 1", "key positions count from 1"},
                        Text::same("`primaryKeyPosition: 1`"));
    }
    if (position && *position > 0) extra.key_position = position;
    if (extra.key_position && !in_key) {
        context.problem(*property.value("primaryKeyPosition"),
                        {"có vị trí khoá mà không thuộc khoá chính",
                         "there is a key position, but the column is not in the primary key"},
                        Text::same("`primaryKey: true`"));
    }
    // Tools write `required: false` everywhere, also on keys; the key wins, and it is said.
    if (in_key && required == false) context.note(property.place().path + ".required");
    if ((in_key || column.unique) && extra.is_typed && is_nested(column.type)) {
        const std::string_view key = in_key ? "primaryKey" : "unique";
        context.problem(
            *property.value(key),
            {fmt::format("kiểu `{}` không đi với `{}`", name_of(column.type), key),
             fmt::format("the type `{}` does not go with `{}`", name_of(column.type), key)},
            {"bỏ nó đi, hoặc tách phần ấy thành một cột riêng",
             "remove it, or make that part a column of its own"});
    }
    if (in_key && extra.is_typed && column.type == LogicalType::kNumber && column.precision == 0) {
        context.problem(
            *property.value("primaryKey"),
            {"số thực gần đúng không làm khoá được", "an inexact number cannot be a key"},
            {"dùng `integer`, `string`, hoặc `physicalType: DECIMAL(p,s)`",
             "use `integer`, `string`, or `physicalType: DECIMAL(p,s)`"});
    }
}

// How numbers are written where people write them: `,` reads 1.234,5 and `.` reads 1,234.5.
void parse_decimal(Context& context, const CustomProperties& custom, Column& column) {
    const auto place = custom.value("decimalSeparator");
    const auto text = place ? scalar(context, *place) : std::nullopt;
    if (!text) return;
    const bool is_number =
        column.type == LogicalType::kNumber || column.type == LogicalType::kInteger;
    if (is_number && (*text == "," || *text == ".")) {
        column.decimal = (*text)[0];
        return;
    }
    context.problem(*place,
                    {fmt::format("{} không phải dấu thập phân của cột này", shown(*text)),
                     fmt::format("{} is no decimal separator of this column", shown(*text))},
                    {"`,` hoặc `.`, chỉ cho kiểu `number` và `integer`",
                     "`,` or `.`, only for the types `number` and `integer`"});
}

// The standard's schema knows no `format` of an object: this says the same.
void parse_geometry_format(Context& context, const CustomProperties& custom, Column& column) {
    const auto text = custom.text(context, "geometryFormat");
    if (!text) return;
    if (column.type == LogicalType::kObject && *text == "geojson") {
        column.options.format = *text;
        return;
    }
    context.problem(*custom.value("geometryFormat"),
                    {fmt::format("{} không phải dạng hình học của cột này", shown(*text)),
                     fmt::format("{} is no form of geometry of this column", shown(*text))},
                    {"`geojson`, chỉ cho kiểu `object`", "`geojson`, only for the type `object`"});
}

void parse_texts(Context& context, MapReader& property, Column& column) {
    const auto custom = CustomProperties::read(context, property,
                                               {"businessName_en", "title_en", "description_en",
                                                "crs", "decimalSeparator", "geometryFormat"});
    column.crs = custom.text(context, "crs").value_or("");
    parse_decimal(context, custom, column);
    parse_geometry_format(context, custom, column);
    auto title_en = custom.text(context, "businessName_en");
    if (auto other = custom.text(context, "title_en"); other && !title_en) title_en = other;
    column.title = both(property.text("businessName"), title_en);
    if (column.title.empty()) column.title = Text::same(column.name);
    column.description = both(property.text("description"), custom.text(context, "description_en"));
    column.classification = property.text("classification").value_or("");
}

bool is_true(const std::string& text) {
    return to_lower_ascii(text) == "true";
}

// What describes a column or a part of one, as far as its shape was checked.
void read_described(const Node& node, Column& column) {
    column.semantic_type = text_in(node, "semanticType");
    if (column.semantic_type == "column") column.semantic_type.clear();
    column.physical_name = text_in(node, "physicalName");
    column.encrypted_name = text_in(node, "encryptedName");
    column.synonyms = read_synonyms(node);
    column.tags = texts_in(node, "tags");
    column.definitions = read_definitions(node);
    column.critical = is_true(text_in(node, "criticalDataElement"));
    column.deprecated = is_true(text_in(node, "deprecated"));
    const Node* examples = node_in(node, "examples");
    if (examples == nullptr) return;
    for (const Node* item : examples->items) {
        column.examples.push_back(item->kind == Node::Kind::kScalar ? item->text : json_of(*item));
    }
}

void know_the_rest(MapReader& property, Column& column, bool is_typed) {
    property.since(310, {"relationships"});
    property.since(320, {"enum", "map", "semanticType", "synonyms", "deprecated"});
    property.keep({"physicalName", "authoritativeDefinitions", "tags", "partitioned",
                   "partitionKeyPosition", "encryptedName", "transformSourceObjects",
                   "transformLogic", "transformDescription", "examples", "criticalDataElement",
                   "semanticType", "synonyms", "deprecated"});
    read_described(*property.place().node, column);
    if (!is_typed)  // said of the type; what goes with it is judged once there is one
        return property.skip({"properties", "items", "map", "logicalTypeOptions"});
    struct Own {
        std::string_view key;
        LogicalType type;
    };
    for (const Own own : {Own{"properties", LogicalType::kObject},
                          Own{"items", LogicalType::kArray}, Own{"map", LogicalType::kMap}}) {
        if (own.type == column.type) continue;
        property.refuse(own.key,
                        {fmt::format("`{}` không đi với kiểu này", own.key),
                         fmt::format("`{}` does not go with this type", own.key)},
                        {"bỏ nó đi", "remove it"});
    }
}

// The name of a part is that of a JSON member: any text.
void parse_part_name(Context& context, MapReader& property, bool required, Column& column) {
    const auto place = required ? property.required("name", "full_name") : property.value("name");
    column.name = place ? scalar(context, *place).value_or("") : "";
    if (column.name.size() <= kLongestMember) return;
    context.problem(*place,
                    {fmt::format("tên dài hơn {} byte", kLongestMember),
                     fmt::format("the name is longer than {} bytes", kLongestMember)},
                    {"rút ngắn tên", "shorten it"});
}

// A part of a value is neither found by nor counted over all rows.
void refuse_of_part(MapReader& property) {
    const Text fix{"bỏ nó đi, hoặc tách phần này thành một cột riêng",
                   "remove it, or make this part a column of its own"};
    if (property.boolean("primaryKey").value_or(false)) {
        property.refuse("primaryKey",
                        {"một phần của cột lồng nhau không làm khoá được",
                         "a part of a nested column cannot be in the primary key"},
                        fix);
    }
    if (property.boolean("unique").value_or(false)) {
        property.refuse("unique",
                        {"một phần của cột lồng nhau không thể `unique`",
                         "a part of a nested column cannot be `unique`"},
                        fix);
    }
    if (const auto position = property.whole("primaryKeyPosition", -1, INT64_MAX);
        position && *position > 0) {
        property.refuse("primaryKeyPosition",
                        {"một phần của cột lồng nhau không làm khoá được",
                         "a part of a nested column cannot be in the primary key"},
                        fix);
    }
}

// References start at a member that a row has once: of objects within objects.
void parse_part_relationships(Context& context, MapReader& property, Draft& draft,
                              const std::string& path) {
    const auto list = property.value("relationships");
    if (!list) return;
    if (path.find('[') == std::string::npos)
        return parse_relationships(context, *list, draft, path);
    property.refuse("relationships",
                    {"quan hệ từ phần tử của một danh sách hay `map` không được hỗ trợ",
                     "relationships of the items of an array or a map are not supported"},
                    {"bỏ nó đi, hoặc tách danh sách thành một tập dữ liệu riêng",
                     "remove it, or make the list a dataset of its own"});
}

void parse_parts(Context& context, MapReader& property, Draft& draft, Column& column,
                 const std::string& path);

Column parse_part(Context& context, const Place& place, Draft& draft, const std::string& parent,
                  bool named) {
    Column column;
    MapReader property(context, place);
    column.at = context.in_file(place);
    if (!property.is_map()) return column;
    parse_part_name(context, property, named, column);
    if (const auto id = property.value("id")) check_shape(context, *id, Shape::kId);
    column.id = text_in(*place.node, "id");
    column.physical_type = property.text("physicalType").value_or("");
    const bool is_typed = parse_type(context, property, column);
    if (is_typed) parse_exact(context, property, column);
    column.required = property.boolean("required").value_or(false);
    refuse_of_part(property);
    parse_texts(context, property, column);
    if (is_typed) parse_type_options(context, property, column);
    if (const auto list = property.value("enum"))
        parse_enumeration(context, *list, column, is_typed);
    know_the_rest(property, column, is_typed);
    const std::string path = named ? parent + "." + column.name : parent + "[*]";
    if (is_typed) parse_parts(context, property, draft, column, path);
    if (const auto list = property.value("quality"))
        parse_quality(context, *list, draft, {path, true});
    parse_part_relationships(context, property, draft, path);
    property.finish();
    return column;
}

void parse_properties_of(Context& context, const Place& list, Draft& draft, Column& column,
                         const std::string& path) {
    std::set<std::string> names;
    for (const Place& item : list_value(context, list)) {
        Column part = parse_part(context, item, draft, path, true);
        if (!part.name.empty() && !names.insert(part.name).second) {
            context.problem({item.node, item.path + ".name"},
                            {fmt::format("phần {} có hai lần", shown(part.name)),
                             fmt::format("the part {} is given twice", shown(part.name))},
                            {"đổi tên, hoặc bỏ một", "rename it, or remove one"});
        }
        column.properties.push_back(std::move(part));
    }
}

void parse_map(Context& context, const Place& place, Draft& draft, Column& column,
               const std::string& path) {
    MapReader map(context, place);
    if (!map.is_map()) return;
    const auto key = map.required("key", "{logicalType: string}");
    const auto value = map.required("value", "{logicalType: string}");
    map.finish();
    if (!key || !value) return;
    column.map.push_back(parse_part(context, *key, draft, path, false));
    column.map.push_back(parse_part(context, *value, draft, path, false));
    const Column& key_part = column.map.front();
    if (!is_nested(key_part.type)) return;
    context.problem(
        *key,
        {fmt::format("khoá của `map` không thể là kiểu `{}`", name_of(key_part.type)),
         fmt::format("the key of a `map` cannot be of the type `{}`", name_of(key_part.type))},
        Text::same("`logicalType: string`"));
}

// required: the names of members, each of them a property when there are any.
void check_required_parts(Context& context, MapReader& property, const Column& column) {
    const auto options = property.value("logicalTypeOptions");
    if (!options || column.properties.empty()) return;
    for (const std::string& name : column.options.required_properties) {
        if (column.property(name) != nullptr) continue;
        std::vector<std::string> names;
        for (const Column& part : column.properties)
            names.push_back(part.name);
        wrong_word(context, {options->node, options->path + ".required"}, name, names);
    }
}

void parse_parts(Context& context, MapReader& property, Draft& draft, Column& column,
                 const std::string& path) {
    if (column.type == LogicalType::kObject) {
        if (const auto list = property.value("properties"))
            parse_properties_of(context, *list, draft, column, path);
        check_required_parts(context, property, column);
    } else if (column.type == LogicalType::kArray) {
        if (const auto item = property.value("items"))
            column.items.push_back(parse_part(context, *item, draft, path, false));
    } else if (column.type == LogicalType::kMap) {
        if (const auto map = property.required("map", "{key: …, value: …}"))
            parse_map(context, *map, draft, column, path);
    }
}

}  // namespace

void parse_property(Context& context, const Place& place, Draft& draft) {
    MapReader property(context, place);
    if (!property.is_map()) return;
    Column column;
    Draft::Property extra;
    extra.place = place;
    column.at = context.in_file(place);
    parse_name(context, property, draft, column);
    if (const auto id = property.value("id")) check_shape(context, *id, Shape::kId);
    extra.id = text_in(*place.node, "id");
    column.id = extra.id;
    column.physical_type = property.text("physicalType").value_or("");
    extra.is_typed = parse_type(context, property, column);
    if (extra.is_typed) parse_exact(context, property, column);
    parse_key(context, property, extra, column);
    parse_texts(context, property, column);
    if (extra.is_typed) parse_type_options(context, property, column);
    if (const auto list = property.value("enum")) {
        parse_enumeration(context, *list, column, extra.is_typed);
    }
    know_the_rest(property, column, extra.is_typed);
    const std::string name = column.name;
    if (extra.is_typed) parse_parts(context, property, draft, column, name);
    draft.dataset.columns.push_back(std::move(column));
    draft.properties.push_back(std::move(extra));
    if (const auto list = property.value("quality"))
        parse_quality(context, *list, draft, {name, false});
    if (const auto list = property.value("relationships")) {
        parse_relationships(context, *list, draft, name);
    }
    property.finish();
}

}  // namespace nguon::contract::internal
