#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "contract/internal/parser.h"
#include "contract/internal/shapes.h"

namespace nguon::contract::internal {
namespace {

// All of ours, and the element that each belongs to.
struct Ours {
    std::string_view name;
    Text place;
};

const std::array<Ours, 14>& all_of_ours() {
    static const Text kSchema{"đối tượng trong `schema`", "an object in `schema`"};
    static const Text kNumber{"thuộc tính kiểu `number` hoặc `integer`",
                              "a property of the type `number` or `integer`"};
    static const Text kText{"phần tử có chữ tiếng Việt tương ứng",
                            "the element with the Vietnamese text"};
    static const std::array<Ours, 14> kOurs = {
        Ours{"access", kSchema},
        Ours{"level", kSchema},
        Ours{"mode", kSchema},
        Ours{"subject", kSchema},
        Ours{"spatialExtent", kSchema},
        Ours{"derivedFrom", kSchema},
        Ours{"snapshotMaxDeleteShare", kSchema},
        Ours{"businessName_en", kText},
        Ours{"description_en", kText},
        Ours{"title_en", kText},
        Ours{"label_en", kText},
        Ours{"decimalSeparator", kNumber},
        Ours{"crs", {"cột hình học", "a column that is a geometry"}},
        Ours{"geometryFormat", {"thuộc tính kiểu `object`", "a property of the type `object`"}}};
    return kOurs;
}

std::string bare(std::string_view name) {
    std::string out;
    for (const char c : to_lower_ascii(name)) {
        if (c != '_' && c != '-') out += c;
    }
    return out;
}

// The one of ours that a name misspells: other case or hyphens, or one edit in a long name.
const Ours* misspelled(std::string_view name) {
    constexpr std::size_t kShortest = 5;  // `model` is not a misspelling of `mode`
    if (name.size() > 40) return nullptr;
    for (const Ours& ours : all_of_ours()) {
        if (bare(name) == bare(ours.name)) return &ours;
        if (ours.name.size() >= kShortest && distance(name, ours.name) == 1) return &ours;
    }
    return nullptr;
}

void check_name(Context& context, const Place& place, std::string_view name) {
    for (const Ours& ours : all_of_ours()) {
        if (ours.name != name) continue;
        context.problem(place,
                        {fmt::format("`{}` không có tác dụng ở đây", name),
                         fmt::format("`{}` means nothing here", name)},
                        {"chuyển nó vào `customProperties` của " + ours.place.vi,
                         "move it into the `customProperties` of " + ours.place.en});
        return;
    }
    if (const Ours* meant = misspelled(name)) {
        context.problem(place,
                        {fmt::format("không có thuộc tính riêng {}", shown(name)),
                         fmt::format("there is no custom property {}", shown(name))},
                        {fmt::format("có phải là `{}`?", meant->name),
                         fmt::format("did you mean `{}`?", meant->name)});
        return;
    }
    context.note(place.path.substr(0, place.path.rfind('.')));
}

}  // namespace

CustomProperties CustomProperties::read(Context& context, MapReader& owner,
                                        std::initializer_list<std::string_view> known) {
    CustomProperties all;
    std::set<std::string> seen;
    for (const Place& item : owner.list("customProperties")) {
        MapReader one(context, item);
        const auto name_place = one.required("property", "access");
        if (const auto id = one.value("id")) check_shape(context, *id, Shape::kId);
        one.text("description");
        one.text("vendor");
        const auto name = name_place ? scalar(context, *name_place) : std::nullopt;
        const bool is_ours = name && std::find(known.begin(), known.end(), *name) != known.end();
        // A value that nobody reads may be empty.
        std::optional<Place> value;
        if (is_ours || !one.has("value")) value = one.required("value", "open");
        one.skip({"value"});
        one.finish();
        if (!name || (is_ours && !value)) continue;
        if (!seen.insert(*name).second) {
            context.problem(*name_place,
                            {fmt::format("{} có hai lần", shown(*name)),
                             fmt::format("{} is given twice", shown(*name))},
                            {"giữ lại một", "keep one of them"});
        } else if (is_ours) {
            all.m_values.emplace(*name, *value);
        } else {
            check_name(context, *name_place, *name);
        }
    }
    return all;
}

std::optional<Place> CustomProperties::value(std::string_view name) const {
    const auto found = m_values.find(name);
    return found == m_values.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> CustomProperties::text(Context& context, std::string_view name) const {
    const auto place = value(name);
    return place ? scalar(context, *place) : std::nullopt;
}

}  // namespace nguon::contract::internal
