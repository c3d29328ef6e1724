#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "contract/contract.h"
#include "contract/internal/difference.h"
#include "contract/internal/values.h"
#include "contract/renames.h"

// Breaking is what rejects a file that was accepted before, or what a reader of the rows would
// stumble over. The versions of a contract are judged by this, so when in doubt a change breaks.

namespace nguon::contract {
namespace {

using internal::breaking_if;
using internal::Effect;
using internal::narrower_if;
using internal::order;
using internal::Report;

std::string_view shown_bool(bool value) {
    return value ? "true" : "false";
}

std::string list_of(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) {
        if (!out.empty()) out += ", ";
        out += value;
    }
    return out;
}

// A limit that rises narrows when it is a lower one, a limit that falls when it is an upper one.
enum class Side { kLower, kUpper };

void compare_length(Report& report, const std::string& path, Side side,
                    const std::optional<std::int64_t>& before,
                    const std::optional<std::int64_t>& after) {
    if (before == after) return;
    const bool narrower =
        after && (!before || (side == Side::kLower ? *after > *before : *after < *before));
    report.change(narrower_if(narrower), path, before ? std::to_string(*before) : "",
                  after ? std::to_string(*after) : "");
}

// The one bound that counts of an inclusive and an exclusive one.
struct Bound {
    std::string value;
    bool exclusive = false;
    bool operator==(const Bound&) const = default;
    std::string shown(Side side) const {
        if (value.empty()) return {};
        return (side == Side::kLower ? (exclusive ? "> " : ">= ") : (exclusive ? "< " : "<= ")) +
               value;
    }
};

// Whether `left` lets less through than `right`.
bool is_tighter(LogicalType type, Side side, const Bound& left, const Bound& right) {
    if (left.value.empty()) return false;
    if (right.value.empty()) return true;
    const auto compared = order(type, left.value, right.value);
    if (compared == 0) return left.exclusive && !right.exclusive;
    return side == Side::kLower ? compared > 0 : compared < 0;
}

Bound bound_of(LogicalType type, Side side, const TypeOptions& options) {
    const bool lower = side == Side::kLower;
    const Bound inclusive{lower ? options.minimum : options.maximum, false};
    const Bound exclusive{lower ? options.exclusive_minimum : options.exclusive_maximum, true};
    return is_tighter(type, side, exclusive, inclusive) ? exclusive : inclusive;
}

void compare_bound(Report& report, const std::string& path, Side side, const Column& before,
                   const Column& after) {
    const Bound old = bound_of(before.type, side, before.options),
                now = bound_of(after.type, side, after.options);
    if (old == now) return;
    report.change(narrower_if(is_tighter(after.type, side, now, old)), path, old.shown(side),
                  now.shown(side));
}

// Every multiple of 10 is one of 5.
bool is_multiple(const std::string& of, const std::string& unit) {
    const auto left = internal::to_whole(of), right = internal::to_whole(unit);
    return left && right && *right != 0 && *left % *right == 0;
}

// Whether every value of the integer format `before` is one of `after`.
bool is_wider_format(std::string_view before, std::string_view after) {
    if (after == "i64" || after.empty()) return true;
    if (before.size() < 2 || after.size() < 2) return false;
    const auto old_bits = internal::to_whole(before.substr(1)),
               bits = internal::to_whole(after.substr(1));
    if (!old_bits || !bits) return false;
    if (before[0] == after[0]) return *bits >= *old_bits;
    return before[0] == 'u' && *bits > *old_bits;
}

void compare_format(Report& report, const std::string& path, const Column& before,
                    const Column& after) {
    const std::string &old = before.options.format, &now = after.options.format;
    if (old == now) return;
    bool breaks = true;
    if (after.type == LogicalType::kInteger) breaks = !is_wider_format(old, now);
    if (after.type == LogicalType::kNumber || after.type == LogicalType::kString)
        breaks = !now.empty();
    if (after.type == LogicalType::kObject) breaks = !now.empty();
    report.change(narrower_if(breaks), path, old, now);
}

void compare_flag(Report& report, const std::string& path, bool before, bool after) {
    if (before == after) return;
    report.change(narrower_if(after), path, shown_bool(before), shown_bool(after));
}

void compare_required(Report& report, const std::string& path,
                      const std::vector<std::string>& before,
                      const std::vector<std::string>& after) {
    const auto has = [](const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const std::string& name : after) {
        if (!has(before, name)) report.change(Effect::kNarrower, path, "", name);
    }
    for (const std::string& name : before) {
        if (!has(after, name)) report.change(Effect::kWider, path, name, "");
    }
}

void compare_options(Report& report, const std::string& column, const Column& before,
                     const Column& after) {
    const std::string path = column + ".logicalTypeOptions.";
    const TypeOptions &old = before.options, &now = after.options;
    compare_length(report, path + "minLength", Side::kLower, old.min_length, now.min_length);
    compare_length(report, path + "maxLength", Side::kUpper, old.max_length, now.max_length);
    compare_bound(report, path + "minimum", Side::kLower, before, after);
    compare_bound(report, path + "maximum", Side::kUpper, before, after);
    compare_format(report, path + "format", before, after);
    if (old.pattern != now.pattern) {
        report.change(narrower_if(!now.pattern.empty()), path + "pattern", old.pattern,
                      now.pattern);
    }
    if (old.multiple_of != now.multiple_of) {
        const bool breaks =
            !now.multiple_of.empty() && !is_multiple(old.multiple_of, now.multiple_of);
        report.change(narrower_if(breaks), path + "multipleOf", old.multiple_of, now.multiple_of);
    }
    compare_length(report, path + "minItems", Side::kLower, old.min_items, now.min_items);
    compare_length(report, path + "maxItems", Side::kUpper, old.max_items, now.max_items);
    compare_length(report, path + "minProperties", Side::kLower, old.min_properties,
                   now.min_properties);
    compare_length(report, path + "maxProperties", Side::kUpper, old.max_properties,
                   now.max_properties);
    compare_flag(report, path + "uniqueItems", old.unique_items, now.unique_items);
    compare_flag(report, path + "normalized", old.normalized, now.normalized);
    compare_required(report, path + "required", old.required_properties, now.required_properties);
    if (old.dimensions != now.dimensions) {
        report.change(Effect::kBreaking, path + "dimensions", std::to_string(old.dimensions),
                      std::to_string(now.dimensions));
    }
    if (old.element_type != now.element_type) {
        report.change(Effect::kBreaking, path + "elementType", old.element_type, now.element_type);
    }
    // What was a moment of one zone is one of another: the values mean something else.
    if (old.timezone != now.timezone) {
        report.change(Effect::kBreaking, path + "timezone", shown_bool(old.timezone),
                      shown_bool(now.timezone));
    } else if (old.zone_is_required() != now.zone_is_required()) {
        report.change(narrower_if(now.zone_is_required()), path + "timezone",
                      shown_bool(old.zone_is_required()), shown_bool(now.zone_is_required()));
    }
    if (old.default_timezone != now.default_timezone) {
        report.change(Effect::kBreaking, path + "defaultTimezone", old.default_timezone,
                      now.default_timezone);
    }
}

void compare_type(Report& report, const std::string& path, const Column& before,
                  const Column& after) {
    if (before.type != after.type) {
        report.change(Effect::kBreaking, path + ".logicalType", name_of(before.type),
                      name_of(after.type));
        return;
    }
    compare_options(report, path, before, after);
    if (before.crs != after.crs) {
        report.change(before.crs.empty() ? Effect::kNarrower : Effect::kBreaking, path + ".crs",
                      before.crs, after.crs);
    }
    if (before.decimal != after.decimal) {
        const auto sign = [](char c) { return c == 0 ? std::string() : std::string(1, c); };
        report.change(Effect::kBreaking, path + ".decimalSeparator", sign(before.decimal),
                      sign(after.decimal));
    }
    if (before.physical_type == after.physical_type) return;
    const bool same_digits = before.precision == after.precision && before.scale == after.scale;
    const bool wider = before.precision > 0 && after.precision > 0 && after.scale >= before.scale &&
                       after.precision - after.scale >= before.precision - before.scale;
    report.change(breaking_if(!same_digits && !wider), path + ".physicalType", before.physical_type,
                  after.physical_type);
}

void compare_enumeration(Report& report, const std::string& path, const Column& before,
                         const Column& after) {
    const auto has = [](const std::vector<EnumValue>& values, const std::string& value) {
        return std::any_of(values.begin(), values.end(),
                           [&](const EnumValue& one) { return one.value == value; });
    };
    if (before.enumeration.empty() && !after.enumeration.empty()) {
        return report.add(Effect::kNarrower, path,
                          {"thêm danh sách giá trị", "a list of values is new"});
    }
    if (!before.enumeration.empty() && after.enumeration.empty()) {
        return report.add(Effect::kWider, path,
                          {"bỏ danh sách giá trị", "the list of values is gone"});
    }
    for (const EnumValue& old : before.enumeration) {
        if (!has(after.enumeration, old.value))
            report.change(Effect::kNarrower, path, old.value, "");
    }
    for (const EnumValue& now : after.enumeration) {
        if (!has(before.enumeration, now.value)) report.change(Effect::kWider, path, "", now.value);
        for (const EnumValue& old : before.enumeration) {
            if (old.value == now.value) report.text(path + "." + now.value, old.label, now.label);
        }
    }
}

std::string shown_reference(const std::optional<Reference>& reference) {
    return reference ? reference->dataset + "." + reference->column : std::string();
}

void compare_parts(Report& report, const std::string& path, const Column& before,
                   const Column& after);

std::string listed(const std::vector<Synonym>& synonyms) {
    std::vector<std::string> words;
    for (const Synonym& one : synonyms)
        words.push_back(one.synonym);
    return list_of(words);
}

// What only describes: nobody's rows are read or refused otherwise for it.
void compare_described(Report& report, const std::string& path, const Column& before,
                       const Column& after) {
    report.text(path + ".businessName", before.title, after.title);
    report.text(path + ".description", before.description, after.description);
    const auto changed = [&](std::string_view name, const std::string& old,
                             const std::string& now) {
        if (old != now) report.change(Effect::kWider, fmt::format("{}.{}", path, name), old, now);
    };
    changed("classification", before.classification, after.classification);
    changed("semanticType", before.semantic_type, after.semantic_type);
    changed("synonyms", listed(before.synonyms), listed(after.synonyms));
    changed("tags", list_of(before.tags), list_of(after.tags));
    if (before.deprecated != after.deprecated) {
        report.add(Effect::kCompatible, path + ".deprecated",
                   after.deprecated ? Text{"không nên dùng nữa", "is deprecated"}
                                    : Text{"lại nên dùng", "is no longer deprecated"});
    }
}

void compare_columns(Report& report, const Column& before, const Column& after,
                     const std::string& path) {
    compare_type(report, path, before, after);
    compare_enumeration(report, path + ".enum", before, after);
    if (before.required != after.required) {
        report.change(narrower_if(after.required), path + ".required", shown_bool(before.required),
                      shown_bool(after.required));
    }
    if (before.unique != after.unique) {
        report.change(narrower_if(after.unique), path + ".unique", shown_bool(before.unique),
                      shown_bool(after.unique));
    }
    const std::string old = shown_reference(before.reference),
                      now = shown_reference(after.reference);
    if (old != now) {
        if (after.reference) report.at = after.reference->at;
        report.change(narrower_if(!now.empty()), path + ".relationships", old, now);
        report.at = after.at;
    }
    compare_described(report, path, before, after);
    if (before.type == after.type) compare_parts(report, path, before, after);
}

// The members of an object, by name. A value may hold no member that the contract does not name.
void compare_members(Report& report, const std::string& path, const Column& before,
                     const Column& after) {
    // Without any named, every member may be there.
    if (before.properties.empty() || after.properties.empty()) {
        if (before.properties.empty() != after.properties.empty()) {
            report.add(narrower_if(before.properties.empty()), path + ".properties",
                       before.properties.empty()
                           ? Text{"nay nêu rõ các thành phần", "the members are named now"}
                           : Text{"không còn nêu các thành phần", "the members are named no more"});
        }
        return;
    }
    for (const Column& old : before.properties) {
        if (const Column* now = after.property(old.name)) {
            compare_columns(report, old, *now, path + ".properties." + old.name);
        } else {
            report.add(Effect::kBreaking, path + ".properties." + old.name,
                       {"bỏ thành phần", "the member is gone"});
        }
    }
    for (const Column& now : after.properties) {
        if (before.property(now.name) != nullptr) continue;
        report.add(now.required ? Effect::kNarrower : Effect::kCompatible,
                   path + ".properties." + now.name,
                   now.required ? Text{"thêm thành phần bắt buộc", "a required member is new"}
                                : Text{"thêm thành phần", "a member is new"});
    }
}

// Parts that stand at a place: the item of an array, the key and the value of a map.
void compare_places(Report& report, const std::string& path, const std::vector<Column>& before,
                    const std::vector<Column>& after,
                    std::initializer_list<std::string_view> names) {
    if (before.size() != after.size()) {
        report.add(narrower_if(before.empty()), fmt::format("{}.{}", path, *names.begin()),
                   before.empty()
                       ? Text{"nay nêu kiểu phần tử", "the type of items is given now"}
                       : Text{"không còn nêu kiểu phần tử", "the type of items is given no more"});
        return;
    }
    for (std::size_t i = 0; i < before.size() && i < names.size(); ++i) {
        compare_columns(report, before[i], after[i],
                        fmt::format("{}.{}", path, *(names.begin() + static_cast<long>(i))));
    }
}

void compare_parts(Report& report, const std::string& path, const Column& before,
                   const Column& after) {
    compare_members(report, path, before, after);
    compare_places(report, path, before.items, after.items, {"items"});
    compare_places(report, path, before.map, after.map, {"map.key", "map.value"});
}

void compare_sets_of_columns(Report& report, const Dataset& before, const Dataset& after) {
    std::set<std::string> reported;
    const std::vector<Renamed> renamed = renames(before, after);
    for (const Column& old : before.columns) {
        report.at = after.at;
        const auto other = std::ranges::find(renamed, old.name, &Renamed::before);
        if (const Column* now = after.column(old.name)) {
            report.at = now->at;
            compare_columns(report, old, *now, "properties." + old.name);
        } else if (other != renamed.end()) {
            reported.insert(other->after);
            report.at = after.column(other->after)->at;
            report.add(
                Effect::kBreaking, "properties." + old.name,
                {fmt::format("đổi tên thành `{}`; giá trị cũ giữ dưới tên mới", other->after),
                 fmt::format("renamed to `{}`; old values stay under the new name", other->after)});
        } else {
            report.add(Effect::kBreaking, "properties." + old.name,
                       {"bỏ cột", "the column is gone"});
        }
    }
    for (const Column& now : after.columns) {
        if (before.column(now.name) != nullptr || reported.contains(now.name)) continue;
        report.at = now.at;
        report.add(narrower_if(now.required), "properties." + now.name,
                   now.required ? Text{"thêm cột bắt buộc", "a required column is new"}
                                : Text{"thêm cột", "a column is new"});
    }
    report.at = after.at;
}

void compare_order(Report& report, const Dataset& before, const Dataset& after) {
    const auto common = [](const Dataset& one, const Dataset& other) {
        std::vector<std::string> names;
        for (const Column& column : one.columns) {
            if (other.column(column.name) != nullptr) names.push_back(column.name);
        }
        return names;
    };
    if (common(before, after) == common(after, before)) return;
    report.add(Effect::kCompatible, "properties",
               {"đổi thứ tự cột", "the order of the columns changed"});
}

std::string shown_key(const Dataset& dataset) {
    std::vector<std::string> names;
    for (const Column* column : dataset.key())
        names.push_back(column->name);
    return list_of(names);
}

std::string shown_foreign_key(const ForeignKey& key) {
    return list_of(key.columns) + " -> " + key.dataset + "." + list_of(key.target_columns);
}

void compare_foreign_keys(Report& report, const Dataset& before, const Dataset& after) {
    std::set<std::string> old;
    std::map<std::string, InFile> now;
    for (const ForeignKey& key : before.foreign_keys)
        old.insert(shown_foreign_key(key));
    for (const ForeignKey& key : after.foreign_keys)
        now.emplace(shown_foreign_key(key), key.at.empty() ? after.at : key.at.front());
    for (const std::string& key : old) {
        if (!now.contains(key)) report.change(Effect::kWider, "relationships", key, "");
    }
    for (const auto& [key, at] : now) {
        report.at = at;
        if (!old.contains(key)) report.change(Effect::kNarrower, "relationships", "", key);
    }
}

}  // namespace

std::vector<Difference> compare(const Dataset& before, const Dataset& after) {
    Report report;
    report.at = after.at;
    if (before.name != after.name)
        report.change(Effect::kBreaking, "name", before.name, after.name);
    report.text("businessName", before.title, after.title);
    report.text("description", before.description, after.description);
    if (before.access != after.access) {
        // The enumerators go from open to closed.
        const bool closes = after.access > before.access;
        report.change(closes ? Effect::kReadersBreak : Effect::kWider, "access",
                      name_of(before.access), name_of(after.access));
    }
    if (before.level != after.level) {
        report.change(Effect::kCompatible, "level", std::to_string(before.level),
                      std::to_string(after.level));
    }
    if (before.mode != after.mode)
        report.change(Effect::kBreaking, "mode", name_of(before.mode), name_of(after.mode));
    if (before.max_delete_share != after.max_delete_share) {
        const auto share = [](const Dataset& dataset) {
            return dataset.max_delete_share ? fmt::format("{}", *dataset.max_delete_share)
                                            : std::string();
        };
        report.change(Effect::kCompatible, "snapshotMaxDeleteShare", share(before), share(after));
    }
    if (before.subject != after.subject)
        report.change(Effect::kCompatible, "subject", before.subject, after.subject);
    if (shown_key(before) != shown_key(after)) {
        report.change(Effect::kBreaking, "primaryKey", shown_key(before), shown_key(after));
    }
    if (before.deprecated != after.deprecated) {
        report.add(Effect::kCompatible, "deprecated",
                   after.deprecated ? Text{"không nên dùng nữa", "is deprecated"}
                                    : Text{"lại nên dùng", "is no longer deprecated"});
    }
    compare_sets_of_columns(report, before, after);
    compare_order(report, before, after);
    internal::compare_rules(report, before, after);
    compare_foreign_keys(report, before, after);
    return std::move(report.differences);
}

}  // namespace nguon::contract
