#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "contract/contract.h"
#include "contract/internal/difference.h"
#include "contract/internal/values.h"

// Breaking is what rejects a file that was accepted before, or what a reader of the rows would
// stumble over. The versions of a contract are judged by this, so when in doubt a change breaks.

namespace nguon::contract {
namespace {

using internal::breaking_if;
using internal::Effect;
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
    report.change(breaking_if(narrower), path, before ? std::to_string(*before) : "",
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
    report.change(breaking_if(is_tighter(after.type, side, now, old)), path, old.shown(side),
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
    report.change(breaking_if(breaks), path, old, now);
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
        report.change(breaking_if(!now.pattern.empty()), path + "pattern", old.pattern,
                      now.pattern);
    }
    if (old.multiple_of != now.multiple_of) {
        const bool breaks =
            !now.multiple_of.empty() && !is_multiple(old.multiple_of, now.multiple_of);
        report.change(breaking_if(breaks), path + "multipleOf", old.multiple_of, now.multiple_of);
    }
    if (old.timezone != now.timezone) {
        report.change(Effect::kBreaking, path + "timezone", shown_bool(old.timezone),
                      shown_bool(now.timezone));
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
        return report.add(Effect::kBreaking, path,
                          {"thêm danh sách giá trị", "a list of values is new"});
    }
    if (!before.enumeration.empty() && after.enumeration.empty()) {
        return report.add(Effect::kCompatible, path,
                          {"bỏ danh sách giá trị", "the list of values is gone"});
    }
    for (const EnumValue& old : before.enumeration) {
        if (!has(after.enumeration, old.value))
            report.change(Effect::kBreaking, path, old.value, "");
    }
    for (const EnumValue& now : after.enumeration) {
        if (!has(before.enumeration, now.value))
            report.change(Effect::kCompatible, path, "", now.value);
        for (const EnumValue& old : before.enumeration) {
            if (old.value == now.value) report.text(path + "." + now.value, old.label, now.label);
        }
    }
}

std::string shown_reference(const std::optional<Reference>& reference) {
    return reference ? reference->dataset + "." + reference->column : std::string();
}

void compare_columns(Report& report, const Column& before, const Column& after) {
    const std::string path = "properties." + after.name;
    compare_type(report, path, before, after);
    compare_enumeration(report, path + ".enum", before, after);
    if (before.required != after.required) {
        report.change(breaking_if(after.required), path + ".required", shown_bool(before.required),
                      shown_bool(after.required));
    }
    if (before.unique != after.unique) {
        report.change(breaking_if(after.unique), path + ".unique", shown_bool(before.unique),
                      shown_bool(after.unique));
    }
    const std::string old = shown_reference(before.reference),
                      now = shown_reference(after.reference);
    if (old != now) {
        if (after.reference) report.at = after.reference->at;
        report.change(breaking_if(!now.empty()), path + ".relationships", old, now);
        report.at = after.at;
    }
    report.text(path + ".businessName", before.title, after.title);
    report.text(path + ".description", before.description, after.description);
    if (before.classification != after.classification) {
        report.change(Effect::kCompatible, path + ".classification", before.classification,
                      after.classification);
    }
}

// A column that went and one that came at the same place, alike in type and title, is a new name.
const Column* renamed(const Dataset& before, const Dataset& after, std::size_t at) {
    if (at >= after.columns.size()) return nullptr;
    const Column &old = before.columns[at], &now = after.columns[at];
    const bool alike = before.column(now.name) == nullptr && now.type == old.type &&
                       now.key_position == old.key_position &&
                       before.columns.size() == after.columns.size();
    return alike ? &now : nullptr;
}

void compare_sets_of_columns(Report& report, const Dataset& before, const Dataset& after) {
    std::set<std::string> reported;
    for (std::size_t i = 0; i < before.columns.size(); ++i) {
        const Column& old = before.columns[i];
        report.at = after.at;
        if (const Column* now = after.column(old.name)) {
            report.at = now->at;
            compare_columns(report, old, *now);
        } else if (const Column* other = renamed(before, after, i)) {
            reported.insert(other->name);
            report.at = other->at;
            report.add(Effect::kBreaking, "properties." + old.name,
                       {fmt::format("đổi tên thành `{}`", other->name),
                        fmt::format("renamed to `{}`", other->name)});
        } else {
            report.add(Effect::kBreaking, "properties." + old.name,
                       {"bỏ cột", "the column is gone"});
        }
    }
    for (const Column& now : after.columns) {
        if (before.column(now.name) != nullptr || reported.contains(now.name)) continue;
        report.at = now.at;
        report.add(breaking_if(now.required), "properties." + now.name,
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
        if (!now.contains(key)) report.change(Effect::kCompatible, "relationships", key, "");
    }
    for (const auto& [key, at] : now) {
        report.at = at;
        if (!old.contains(key)) report.change(Effect::kBreaking, "relationships", "", key);
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
        report.change(breaking_if(after.access > before.access), "access", name_of(before.access),
                      name_of(after.access));
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
    compare_sets_of_columns(report, before, after);
    compare_order(report, before, after);
    internal::compare_rules(report, before, after);
    compare_foreign_keys(report, before, after);
    return std::move(report.differences);
}

}  // namespace nguon::contract
