// Foreign keys: read where they stand, resolved when every dataset of the file is known.
#include <fmt/format.h>

#include <algorithm>

#include "contract/internal/parser.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

// One end of a reference. `draft` when the dataset stands in this file.
struct End {
    std::string dataset, column;
    const Draft* draft = nullptr;
};

// A name of a part that can stand in a path; quotes and backslashes mean something there.
bool is_step(const std::string& name) {
    return !name.empty() && name.find_first_of("\"\\") == std::string::npos;
}

std::vector<Place> one_or_many(Context& context, const Place& place) {
    if (place.node->kind == Node::Kind::kList) return list_value(context, place);
    return {place};
}

std::vector<std::string> schema_names(const std::vector<Draft>& drafts) {
    std::vector<std::string> names;
    for (const Draft& draft : drafts)
        names.push_back(draft.dataset.schema);
    return names;
}

void not_found(Context& context, const Place& place, const Text& what, const std::string& name,
               const std::vector<std::string>& names, Text otherwise) {
    const std::string guess = context.guess(name, names);
    if (!guess.empty()) {
        otherwise = {fmt::format("có phải là `{}`?", guess),
                     fmt::format("did you mean `{}`?", guess)};
    }
    context.problem(place,
                    {fmt::format("không có {} {}", what.vi, shown(name)),
                     fmt::format("there is no {} {}", what.en, shown(name))},
                    std::move(otherwise));
}

void wrong_form(Context& context, const Place& place, const std::string& text) {
    context.problem(
        place,
        {fmt::format("không hiểu tham chiếu {}", shown(text)),
         fmt::format("the reference {} is not understood", shown(text))},
        {"viết `schema.cột` trong cùng hợp đồng, `domain.schema.cột` tới hợp đồng khác, "
         "hoặc `schema/id/properties/id`",
         "write `schema.column` within the contract, `domain.schema.column` to another, or "
         "`schema/id/properties/id`; a part of an object follows with `.part`"});
}

std::optional<End> find_column(Context& context, const Place& place, const Draft& draft,
                               const std::string& column) {
    if (draft.dataset.at_path(column) != nullptr &&
        column.find_first_of("\"\\") == std::string::npos) {
        return End{draft.dataset.name, column, &draft};
    }
    std::vector<std::string> names;
    for (const Column& one : draft.dataset.columns)
        names.push_back(one.name);
    not_found(context, place, {"cột", "column"}, column, names,
              {fmt::format("viết một cột của `{}`", draft.dataset.schema),
               fmt::format("write a column of `{}`", draft.dataset.schema)});
    return std::nullopt;
}

// Of a part that is named by its id or its name.
std::string name_of_part(const Column* owner, const std::string& id) {
    if (owner == nullptr) return id;
    for (const Column& part : owner->properties) {
        if (part.id == id) return part.name;
    }
    return id;
}

// "schema/<id>/properties/<id>", and so on into objects; ids first, names where there is no such
// id.
std::optional<End> resolve_path(Context& context, const Place& place, const std::string& text,
                                const std::vector<Draft>& drafts) {
    const auto parts = split(text.starts_with('/') ? text.substr(1) : text, '/');
    bool well_formed = parts.size() >= 4 && parts.size() % 2 == 0 && parts[0] == "schema";
    for (std::size_t i = 2; i < parts.size(); i += 2)
        well_formed = well_formed && parts[i] == "properties";
    if (!well_formed) {
        wrong_form(context, place, text);
        return std::nullopt;
    }
    auto draft = std::find_if(drafts.begin(), drafts.end(),
                              [&](const Draft& one) { return one.id == parts[1]; });
    if (draft == drafts.end()) {
        draft = std::find_if(drafts.begin(), drafts.end(),
                             [&](const Draft& one) { return one.dataset.schema == parts[1]; });
    }
    if (draft == drafts.end()) {
        not_found(
            context, place, {"tập dữ liệu có id", "dataset with the id"}, parts[1], {},
            {"viết `id` của đối tượng trong `schema`", "write the `id` of an object in `schema`"});
        return std::nullopt;
    }
    std::string path = parts[3];
    for (std::size_t i = 0; i < draft->properties.size(); ++i) {
        if (draft->properties[i].id == parts[3]) path = draft->dataset.columns[i].name;
    }
    for (std::size_t i = 5; i < parts.size(); i += 2)
        path += "." + name_of_part(draft->dataset.at_path(path), parts[i]);
    return find_column(context, place, *draft, path);
}

std::optional<End> resolve(Context& context, const Place& place, const std::vector<Draft>& drafts) {
    const auto text = scalar(context, place);
    if (!text) return std::nullopt;
    if (text->find('#') != std::string::npos) {
        context.problem(place,
                        {"tham chiếu tới tệp khác không được hỗ trợ",
                         "references to another file are not supported"},
                        {"viết `domain.schema.cột`", "write `domain.schema.column`"});
        return std::nullopt;
    }
    if (text->find('/') != std::string::npos) return resolve_path(context, place, *text, drafts);
    const auto parts = split(*text, '.');
    if (parts.size() < 2 || !is_name(parts[0]) || !is_name(parts[1]) ||
        !std::all_of(parts.begin(), parts.end(), is_step)) {
        wrong_form(context, place, *text);
        return std::nullopt;
    }
    // "schema.column", "schema.column.part"; with this contract's domain before it, or another's.
    const bool domain_first = parts.size() > 2 && parts[0] == context.contract.domain;
    const std::string& schema = domain_first ? parts[1] : parts[0];
    const auto rest = [&](std::size_t from) {
        std::string path;
        for (std::size_t i = from; i < parts.size(); ++i)
            path += (i == from ? "" : ".") + parts[i];
        return path;
    };
    for (const Draft& draft : drafts) {
        if (draft.dataset.schema == schema)
            return find_column(context, place, draft, rest(domain_first ? 2 : 1));
    }
    if (parts.size() > 2) return End{parts[0] + "." + parts[1], rest(2), nullptr};
    not_found(context, place, {"tập dữ liệu", "dataset"}, schema, schema_names(drafts),
              {"trong hợp đồng này không có; tới hợp đồng khác viết `domain.schema.cột`",
               "this contract has none; to another contract write `domain.schema.column`"});
    return std::nullopt;
}

// The referring columns must be of this dataset.
std::optional<std::string> resolve_from(Context& context, const Place& place, const Draft& draft,
                                        const std::vector<Draft>& drafts) {
    const auto text = scalar(context, place);
    if (!text) return std::nullopt;
    if (draft.dataset.at_path(*text) != nullptr) return text;  // the bare name is clear enough
    const auto end = resolve(context, place, drafts);
    if (!end) return std::nullopt;
    if (end->draft == &draft) return end->column;
    context.problem(
        place,
        {"`from` phải là cột của chính tập dữ liệu này", "`from` must be a column of this dataset"},
        {fmt::format("viết `{}.cột`", draft.dataset.schema),
         fmt::format("write `{}.column`", draft.dataset.schema)});
    return std::nullopt;
}

bool is_part(const std::string& path) {
    return path.find('.') != std::string::npos;
}

void check_types(Context& context, const Place& place, const std::string& from_path,
                 const Column& from, const End& to) {
    const bool reaches_in = is_part(from_path) || is_part(to.column);
    if (reaches_in && from.type != LogicalType::kString) {
        context.problem(place,
                        {"quan hệ vào bên trong một cột lồng nhau chỉ dùng cho kiểu `string`",
                         "a relationship that reaches into a nested column is only for the type "
                         "`string`"},
                        Text::same("`logicalType: string`"));
        return;
    }
    if (to.draft == nullptr) return;
    const Column& target = *to.draft->dataset.at_path(to.column);
    if (target.type == from.type) return;
    context.problem(place,
                    {fmt::format("`{}` kiểu `{}` trỏ tới `{}` kiểu `{}`", from.name,
                                 name_of(from.type), target.name, name_of(target.type)),
                     fmt::format("`{}` of the type `{}` refers to `{}` of the type `{}`", from.name,
                                 name_of(from.type), target.name, name_of(target.type))},
                    {"hai cột phải cùng kiểu", "both columns must have the same type"});
}

Column& mutable_column(Dataset& dataset, const std::string& name) {
    return *std::find_if(dataset.columns.begin(), dataset.columns.end(),
                         [&](const Column& column) { return column.name == name; });
}

void take(Context& context, const PendingReference& pending, Draft& draft,
          const std::vector<std::string>& from, const std::vector<End>& to) {
    if (from.size() == 1 && !is_part(from[0]) && !is_part(to[0].column)) {
        Column& column = mutable_column(draft.dataset, from[0]);
        if (column.reference) {
            context.problem(pending.place,
                            {fmt::format("cột `{}` đã tham chiếu `{}.{}`", column.name,
                                         column.reference->dataset, column.reference->column),
                             fmt::format("the column `{}` refers to `{}.{}` already", column.name,
                                         column.reference->dataset, column.reference->column)},
                            {"mỗi cột một tham chiếu", "one reference per column"});
            return;
        }
        column.reference = Reference{to[0].dataset, to[0].column, context.in_file(pending.to[0])};
        return;
    }
    ForeignKey key;
    key.columns = from;
    key.dataset = to[0].dataset;
    for (const End& end : to) {
        if (end.dataset != key.dataset) {
            context.problem(pending.place,
                            {"`to` phải cùng một tập dữ liệu", "`to` must name one dataset"},
                            {"tách thành hai `relationships`", "make two `relationships`"});
            return;
        }
        key.target_columns.push_back(end.column);
    }
    for (const Place& place : pending.to)
        key.at.push_back(context.in_file(place));
    draft.dataset.foreign_keys.push_back(std::move(key));
}

void resolve_one(Context& context, const PendingReference& pending, Draft& draft,
                 const std::vector<Draft>& drafts) {
    std::vector<std::string> from;
    std::vector<End> to;
    if (!pending.column.empty()) {
        const auto steps = split(pending.column, '.');
        if (draft.dataset.at_path(pending.column) == nullptr ||
            !std::all_of(steps.begin(), steps.end(), is_step)) {
            return context.problem(
                pending.place,
                {fmt::format("quan hệ từ {} không được hỗ trợ: tên có dấu chấm, nháy hay `\\`",
                             shown(pending.column)),
                 fmt::format("relationships of {} are not supported: a name has a dot, a quote or "
                             "a `\\`",
                             shown(pending.column))},
                {"đổi tên phần ấy", "rename that part"});
        }
        from.push_back(pending.column);
    }
    for (const Place& place : pending.from) {
        if (auto column = resolve_from(context, place, draft, drafts)) from.push_back(*column);
    }
    for (const Place& place : pending.to) {
        if (auto end = resolve(context, place, drafts)) to.push_back(*end);
    }
    const std::size_t wanted = pending.column.empty() ? pending.from.size() : 1;
    if (wanted != pending.to.size()) {
        context.problem(pending.place,
                        {fmt::format("{} cột trỏ tới {} cột", wanted, pending.to.size()),
                         fmt::format("{} columns refer to {} columns", wanted, pending.to.size())},
                        {"viết số cột hai bên bằng nhau", "write as many columns on both sides"});
        return;
    }
    if (from.size() != wanted || to.size() != wanted || wanted == 0) return;
    for (std::size_t i = 0; i < wanted; ++i) {
        if (const Column* column = draft.dataset.at_path(from[i]))
            check_types(context, pending.to[i], from[i], *column, to[i]);
    }
    take(context, pending, draft, from, to);
}

}  // namespace

void parse_relationships(Context& context, const Place& list, Draft& draft,
                         std::string_view column) {
    for (const Place& item : list_value(context, list)) {
        MapReader one(context, item);
        if (!one.is_map()) continue;
        PendingReference pending;
        pending.place = item;
        pending.column = column;
        const auto type = one.text("type");
        if (type && *type != "foreignKey") {
            context.problem(*one.value("type"),
                            {fmt::format("không có loại quan hệ {}", shown(*type)),
                             fmt::format("there is no relationship {}", shown(*type))},
                            Text::same("`type: foreignKey`"));
        }
        if (const auto to = one.required("to", "ward.code")) pending.to = one_or_many(context, *to);
        if (column.empty()) {
            const auto from = one.required("from", draft.dataset.schema + ".ward_code");
            if (from) pending.from = one_or_many(context, *from);
        } else {
            one.refuse("from",
                       {"cột chứa quan hệ này đã là `from`",
                        "the column that holds it is the `from` already"},
                       {"bỏ `from`", "remove `from`"});
        }
        // The standard's text shows `description` here too.
        one.keep({"description"});
        one.text("id");
        CustomProperties::read(context, one, {});
        one.finish();
        if (!pending.to.empty() && (!column.empty() || !pending.from.empty())) {
            draft.references.push_back(std::move(pending));
        }
    }
}

void resolve_references(Context& context, std::vector<Draft>& drafts) {
    for (Draft& draft : drafts) {
        for (const PendingReference& pending : draft.references) {
            resolve_one(context, pending, draft, drafts);
        }
    }
}

}  // namespace nguon::contract::internal
