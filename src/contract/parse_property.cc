// Properties: each is one column.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "contract/internal/parser.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

constexpr std::array kTypes = {
    LogicalType::kString, LogicalType::kInteger,   LogicalType::kNumber, LogicalType::kBoolean,
    LogicalType::kDate,   LogicalType::kTimestamp, LogicalType::kTime};

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
    if (text == "object" || text == "array" || text == "map") {
        context.problem(
            place,
            {fmt::format("kiểu `{}` chưa được hỗ trợ", text),
             fmt::format("the type `{}` is not supported yet", text)},
            {"tách thành các cột đơn, hoặc thành tập dữ liệu riêng có `relationships`",
             "split it into single columns, or a dataset of its own with `relationships`"});
        return;
    }
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
    if (context.api >= 310) return true;
    if (column.type == LogicalType::kTimestamp || column.type == LogicalType::kTime) {
        context.problem(*place,
                        {fmt::format("kiểu `{}` chỉ có từ chuẩn v3.1.0", *text),
                         fmt::format("the type `{}` exists from v3.1.0 on", *text)},
                        Text::same("`apiVersion: v3.1.0`"));
    }
    if (column.type == LogicalType::kDate) column.type = type_of_old_date(property, column);
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
    if (in_key && extra.is_typed && column.type == LogicalType::kNumber && column.precision == 0) {
        context.problem(
            *property.value("primaryKey"),
            {"số thực gần đúng không làm khoá được", "an inexact number cannot be a key"},
            {"dùng `integer`, `string`, hoặc `physicalType: DECIMAL(p,s)`",
             "use `integer`, `string`, or `physicalType: DECIMAL(p,s)`"});
    }
}

void parse_texts(Context& context, MapReader& property, Column& column) {
    const auto custom = CustomProperties::read(context, property,
                                               {"businessName_en", "title_en", "description_en"});
    auto title_en = custom.text(context, "businessName_en");
    if (auto other = custom.text(context, "title_en"); other && !title_en) title_en = other;
    column.title = both(property.text("businessName"), title_en);
    if (column.title.empty()) column.title = Text::same(column.name);
    column.description = both(property.text("description"), custom.text(context, "description_en"));
    column.classification = property.text("classification").value_or("");
}

void know_the_rest(MapReader& property, bool is_typed) {
    property.since(310, {"relationships"});
    property.since(320, {"enum", "map", "semanticType", "synonyms"});
    property.keep({"physicalName", "authoritativeDefinitions", "tags", "partitioned",
                   "partitionKeyPosition", "encryptedName", "transformSourceObjects",
                   "transformLogic", "transformDescription", "examples", "criticalDataElement",
                   "semanticType", "synonyms"});
    // Of an object or array they are part of what was said already.
    if (!is_typed) return property.skip({"properties", "items", "map"});
    for (const std::string_view key : {"properties", "items", "map"}) {
        property.refuse(key,
                        {fmt::format("`{}` không đi với kiểu này", key),
                         fmt::format("`{}` does not go with this type", key)},
                        {"bỏ nó đi", "remove it"});
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
    extra.id = property.text("id").value_or("");
    column.physical_type = property.text("physicalType").value_or("");
    extra.is_typed = parse_type(context, property, column);
    if (extra.is_typed) parse_exact(context, property, column);
    parse_key(context, property, extra, column);
    parse_texts(context, property, column);
    if (const auto options = property.value("logicalTypeOptions"); options && extra.is_typed) {
        parse_options(context, *options, column);
    }
    if (const auto list = property.value("enum")) {
        parse_enumeration(context, *list, column, extra.is_typed);
    }
    know_the_rest(property, extra.is_typed);
    const std::string name = column.name;
    draft.dataset.columns.push_back(std::move(column));
    draft.properties.push_back(std::move(extra));
    if (const auto list = property.value("quality")) parse_quality(context, *list, draft, name);
    if (const auto list = property.value("relationships")) {
        parse_relationships(context, *list, draft, name);
    }
    property.finish();
}

}  // namespace nguon::contract::internal
