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
         "`schema/id/properties/id`"});
}

std::optional<End> find_column(Context& context, const Place& place, const Draft& draft,
                               const std::string& column) {
    if (draft.dataset.column(column) != nullptr) {
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

// "schema/<id>/properties/<id>"; ids first, names where there is no such id.
std::optional<End> resolve_path(Context& context, const Place& place, const std::string& text,
                                const std::vector<Draft>& drafts) {
    const auto parts = split(text.starts_with('/') ? text.substr(1) : text, '/');
    if (parts.size() != 4 || parts[0] != "schema" || parts[2] != "properties") {
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
    for (std::size_t i = 0; i < draft->properties.size(); ++i) {
        if (draft->properties[i].id == parts[3]) {
            return End{draft->dataset.name, draft->dataset.columns[i].name, &*draft};
        }
    }
    return find_column(context, place, *draft, parts[3]);
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
    const bool named = std::all_of(parts.begin(), parts.end(),
                                   [](const std::string& part) { return is_name(part); });
    if (!named || parts.size() < 2 || parts.size() > 3) {
        wrong_form(context, place, *text);
        return std::nullopt;
    }
    const std::string& schema = parts[parts.size() - 2];
    const bool other_domain = parts.size() == 3 && parts[0] != context.contract.domain;
    if (!other_domain) {
        for (const Draft& draft : drafts) {
            if (draft.dataset.schema == schema)
                return find_column(context, place, draft, parts.back());
        }
    }
    if (parts.size() == 3) return End{parts[0] + "." + schema, parts[2], nullptr};
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
    if (draft.dataset.column(*text) != nullptr) return text;  // the bare name is clear enough
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

void check_types(Context& context, const Place& place, const Column& from, const End& to) {
    if (to.draft == nullptr) return;
    const Column& target = *to.draft->dataset.column(to.column);
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
    if (from.size() == 1) {
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
    if (!pending.column.empty()) from.push_back(pending.column);
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
        check_types(context, pending.to[i], *draft.dataset.column(from[i]), to[i]);
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
