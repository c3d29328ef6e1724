// Schema objects: each is one dataset.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "contract/internal/parser.h"
#include "contract/internal/shapes.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

// One of a closed set given as a custom property.
template <class Enum, std::size_t N>
void take_word(Context& context, const CustomProperties& custom, std::string_view name,
               const Enum (&values)[N], Enum& into) {
    const auto text = custom.text(context, name);
    if (!text) return;
    std::vector<std::string> names;
    for (const Enum value : values) {
        if (name_of(value) == *text) {
            into = value;
            return;
        }
        names.emplace_back(name_of(value));
    }
    context.problem(*custom.value(name),
                    {fmt::format("`{}` không thể là {}", name, shown(*text)),
                     fmt::format("`{}` cannot be {}", name, shown(*text))},
                    {"chọn một trong " + shown_list(names), "choose one of " + shown_list(names)});
}

void parse_name(Context& context, MapReader& object, Dataset& dataset) {
    const auto place = object.required("name", "person");
    const auto text = place ? scalar(context, *place) : std::nullopt;
    if (!text) return;
    dataset.schema = *text;
    dataset.name = dataset.domain + "." + *text;
    if (is_name(*text)) return;
    const std::string meant = as_name(*text);
    Text fix{"chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ, nhiều nhất 63 ký tự",
             "small letters without accents, digits and underscores, a letter first, at most 63"};
    if (!meant.empty()) fix = Text::same("`name: " + meant + "`");
    context.problem(*place,
                    {fmt::format("{} không làm được tên tập dữ liệu", shown(*text)),
                     fmt::format("{} cannot be the name of a dataset", shown(*text))},
                    std::move(fix));
}

void parse_level(Context& context, const CustomProperties& custom, Dataset& dataset) {
    const auto text = custom.text(context, "level");
    if (!text) return;
    const auto level = to_whole(*text);
    if (level && *level >= 1 && *level <= 5) {
        dataset.level = static_cast<int>(*level);
        return;
    }
    context.problem(*custom.value("level"),
                    {fmt::format("cấp độ {} không có", shown(*text)),
                     fmt::format("there is no level {}", shown(*text))},
                    {"viết số từ 1 đến 5", "write a number from 1 to 5"});
}

// A share of the rows that stand: 0 (every deletion is confirmed) to 1 (none but that of all).
void parse_max_delete_share(Context& context, const CustomProperties& custom, Dataset& dataset) {
    const auto text = custom.text(context, "snapshotMaxDeleteShare");
    if (!text) return;
    double share = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), share);
    if (error == std::errc() && end == text->data() + text->size() && share >= 0 && share <= 1) {
        dataset.max_delete_share = share;
        return;
    }
    context.problem(*custom.value("snapshotMaxDeleteShare"),
                    {fmt::format("tỷ lệ xóa {} không hiểu được", shown(*text)),
                     fmt::format("the share {} is not understood", shown(*text))},
                    {"viết số từ 0 đến 1, ví dụ 0.1 là một phần mười số dòng đang có",
                     "write a number from 0 to 1: 0.1 is a tenth of the rows that stand"});
}

// Positions count from 1 without gaps; without any, the key's order is the order of the columns.
void number_key(Context& context, Draft& draft) {
    std::vector<std::size_t> parts, placed;
    for (std::size_t i = 0; i < draft.dataset.columns.size(); ++i) {
        if (draft.dataset.columns[i].key_position == 0) continue;
        parts.push_back(i);
        if (draft.properties[i].key_position) placed.push_back(i);
    }
    if (placed.empty()) {
        for (std::size_t k = 0; k < parts.size(); ++k) {
            draft.dataset.columns[parts[k]].key_position = static_cast<int>(k) + 1;
        }
        return;
    }
    std::set<std::int64_t> taken;
    for (const std::size_t i : parts) {
        const auto position = draft.properties[i].key_position;
        const Place& place = draft.properties[i].place;
        const std::string last = std::to_string(parts.size());
        const Text fix{"đánh số các cột khoá 1 đến " + last + ", mỗi số một lần",
                       "number the key's columns 1 to " + last + ", each number once"};
        if (!position) {
            context.problem({place.node, place.path + ".primaryKeyPosition"},
                            {"cột khoá này chưa có vị trí, cột khoá khác thì có",
                             "this column of the key has no position, others have"},
                            fix);
            continue;
        }
        if (*position > static_cast<std::int64_t>(parts.size()) ||
            !taken.insert(*position).second) {
            context.problem({place.node, place.path + ".primaryKeyPosition"},
                            {fmt::format("vị trí khoá {} trùng hoặc cách quãng", *position),
                             fmt::format("key position {} is taken or leaves a gap", *position)},
                            fix);
            continue;
        }
        draft.dataset.columns[i].key_position = static_cast<int>(*position);
    }
}

void check_mode(Context& context, const CustomProperties& custom, Draft& draft) {
    Dataset& dataset = draft.dataset;
    const bool has_key = std::any_of(dataset.columns.begin(), dataset.columns.end(),
                                     [](const Column& column) { return column.key_position > 0; });
    dataset.mode = has_key ? Mode::kUpsert : Mode::kAppend;
    take_word(context, custom, "mode", {Mode::kUpsert, Mode::kAppend, Mode::kSnapshot},
              dataset.mode);
    if (has_key || dataset.mode == Mode::kAppend || draft.properties.empty()) return;
    const std::string_view mode = name_of(dataset.mode);
    context.problem(*custom.value("mode"),
                    {fmt::format("`mode: {}` cần khoá chính để biết dòng nào là dòng nào", mode),
                     fmt::format("`mode: {}` needs a primary key to tell rows apart", mode)},
                    {"thêm `primaryKey: true` vào cột khoá, hoặc dùng `append`",
                     "add `primaryKey: true` to the key's columns, or use `append`"});
}

void check_subject(Context& context, const CustomProperties& custom, Dataset& dataset) {
    const auto text = custom.text(context, "subject");
    if (!text) return;
    dataset.subject = *text;
    if (dataset.column(*text) != nullptr) return;
    std::vector<std::string> names;
    for (const Column& column : dataset.columns)
        names.push_back(column.name);
    const std::string guess = context.guess(*text, names);
    Text fix{"viết tên một cột của tập dữ liệu", "write the name of a column of the dataset"};
    if (!guess.empty()) {
        fix = {fmt::format("có phải là `{}`?", guess), fmt::format("did you mean `{}`?", guess)};
    }
    context.problem(*custom.value("subject"),
                    {fmt::format("không có cột {}", shown(*text)),
                     fmt::format("there is no column {}", shown(*text))},
                    std::move(fix));
}

void parse_ours(Context& context, MapReader& object, Draft& draft) {
    Dataset& dataset = draft.dataset;
    const auto custom = CustomProperties::read(
        context, object,
        {"access", "level", "mode", "snapshotMaxDeleteShare", "subject", "spatialExtent",
         "derivedFrom", "businessName_en", "title_en", "description_en"});
    auto title_en = custom.text(context, "businessName_en");
    if (auto other = custom.text(context, "title_en"); other && !title_en) title_en = other;
    dataset.title = both(object.text("businessName"), title_en);
    if (dataset.title.empty()) dataset.title = Text::same(dataset.schema);
    dataset.description = both(object.text("description"), custom.text(context, "description_en"));
    take_word(context, custom, "access", {Access::kOpen, Access::kShared, Access::kInternal},
              dataset.access);
    parse_level(context, custom, dataset);
    check_mode(context, custom, draft);
    parse_max_delete_share(context, custom, dataset);
    check_subject(context, custom, dataset);
    if (custom.value("spatialExtent")) context.note(object.place().path + ".spatialExtent");
    if (const auto place = custom.value("derivedFrom")) {
        context.problem(*place,
                        {"`derivedFrom` chưa được hỗ trợ", "`derivedFrom` is not supported yet"},
                        {"nạp dữ liệu đã tính sẵn, và bỏ trường này",
                         "load the computed data, and remove this field"});
    }
}

void parse_properties(Context& context, MapReader& object, Draft& draft) {
    const auto list = object.required("properties", "[…]");
    if (!list) return;
    const std::vector<Place> items = list_value(context, *list);
    if (items.empty() && list->node->kind == Node::Kind::kList) {
        context.problem(*list, {"tập dữ liệu không có cột nào", "the dataset has no columns"},
                        {"thêm cột, ví dụ `- name: code`", "add a column, such as `- name: code`"});
    }
    if (items.size() > kMostColumns) {
        return context.problem(items[kMostColumns],
                               {fmt::format("tập dữ liệu có quá {} cột", kMostColumns),
                                fmt::format("the dataset has more than {} columns", kMostColumns)},
                               {"chia thành nhiều tập dữ liệu", "split it into several datasets"});
    }
    for (const Place& item : items) {
        parse_property(context, item, draft);
    }
    number_key(context, draft);
}

void read_described(const Node& node, Dataset& dataset) {
    dataset.deprecated = to_lower_ascii(text_in(node, "deprecated")) == "true";
    dataset.physical_name = text_in(node, "physicalName");
    dataset.granularity = text_in(node, "dataGranularityDescription");
    dataset.synonyms = read_synonyms(node);
    dataset.tags = texts_in(node, "tags");
    dataset.definitions = read_definitions(node);
}

Draft parse_object(Context& context, const Place& place) {
    Draft draft;
    draft.place = place;
    draft.dataset.domain = context.contract.domain;
    draft.dataset.version = context.contract.version;
    draft.dataset.at = context.in_file(place);
    MapReader object(context, place);
    if (!object.is_map()) return draft;
    parse_name(context, object, draft.dataset);
    if (const auto id = object.value("id")) check_shape(context, *id, Shape::kId);
    draft.id = text_in(*place.node, "id");
    if (const auto type = object.value("logicalType")) {
        const auto text = scalar(context, *type);
        if (text && *text != "object") {
            context.problem(
                *type,
                {"kiểu của tập dữ liệu phải là `object`", "the type of a dataset must be `object`"},
                Text::same("`logicalType: object`"));
        }
    }
    object.since(310, {"relationships"});
    object.since(320, {"context", "synonyms", "deprecated"});
    object.text("physicalType");
    object.keep({"physicalName", "dataGranularityDescription", "authoritativeDefinitions", "tags",
                 "context", "synonyms", "deprecated"});
    read_described(*place.node, draft.dataset);
    parse_properties(context, object, draft);
    parse_ours(context, object, draft);
    if (const auto quality = object.value("quality")) parse_quality(context, *quality, draft, {});
    if (const auto list = object.value("relationships")) {
        parse_relationships(context, *list, draft, "");
    }
    name_rules(draft.dataset);
    object.finish();
    return draft;
}

}  // namespace

std::vector<Draft> parse_schema(Context& context, const Place& list) {
    std::vector<Draft> drafts;
    std::set<std::string> names;
    const std::vector<Place> items = list_value(context, list);
    if (items.empty() && list.node->kind == Node::Kind::kList) {
        context.problem(list, {"hợp đồng không có tập dữ liệu nào", "the contract has no dataset"},
                        {"thêm `- name: …` với `properties`", "add `- name: …` with `properties`"});
    }
    if (items.size() > kMostDatasets) {
        context.problem(items[kMostDatasets],
                        {fmt::format("hợp đồng có quá {} tập dữ liệu", kMostDatasets),
                         fmt::format("the contract has more than {} datasets", kMostDatasets)},
                        {"chia thành nhiều hợp đồng", "split it into several contracts"});
        return drafts;
    }
    for (const Place& item : items) {
        drafts.push_back(parse_object(context, item));
        const std::string& schema = drafts.back().dataset.schema;
        if (schema.empty() || names.insert(schema).second) continue;
        context.problem({item.node, item.path + ".name"},
                        {fmt::format("có hai tập dữ liệu tên {}", shown(schema)),
                         fmt::format("two datasets are named {}", shown(schema))},
                        {"đổi tên một tập", "rename one of them"});
    }
    return drafts;
}

}  // namespace nguon::contract::internal
