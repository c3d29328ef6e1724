#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "contract/contract.h"
#include "contract/internal/values.h"

// Breaking is what rejects a file that was accepted before, or what a reader of the rows would
// stumble over. The versions of a contract are judged by this, so when in doubt a change breaks.

namespace nguon::contract {
namespace {

using internal::order;

enum class Effect { kCompatible, kBreaking };

struct Report {
    std::vector<Difference> differences;

    void add(Effect effect, std::string path, Text what) {
        differences.push_back({std::move(path), std::move(what), effect == Effect::kBreaking});
    }
    void change(Effect effect, const std::string& path, std::string_view before, std::string_view after) {
        if (before.empty()) return add(effect, path, {fmt::format("thêm `{}`", after), fmt::format("`{}` is new", after)});
        if (after.empty()) return add(effect, path, {fmt::format("bỏ `{}`", before), fmt::format("`{}` is gone", before)});
        add(effect, path, {fmt::format("`{}` thành `{}`", before, after), fmt::format("`{}` became `{}`", before, after)});
    }
};

Effect breaking_if(bool breaks) { return breaks ? Effect::kBreaking : Effect::kCompatible; }

std::string_view shown_bool(bool value) { return value ? "true" : "false"; }

std::string list_of(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) {
        if (!out.empty()) out += ", ";
        out += value;
    }
    return out;
}

void compare_text(Report& report, const std::string& path, const Text& before, const Text& after) {
    if (before.vi == after.vi && before.en == after.en) return;
    report.add(Effect::kCompatible, path, {"đổi chữ", "the text changed"});
}

// A limit that rises narrows when it is a lower one, a limit that falls when it is an upper one.
enum class Side { kLower, kUpper };

void compare_length(Report& report, const std::string& path, Side side,
                    const std::optional<std::int64_t>& before, const std::optional<std::int64_t>& after) {
    if (before == after) return;
    const bool narrower = after && (!before || (side == Side::kLower ? *after > *before : *after < *before));
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
        return (side == Side::kLower ? (exclusive ? "> " : ">= ") : (exclusive ? "< " : "<= ")) + value;
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

void compare_bound(Report& report, const std::string& path, Side side, const Column& before, const Column& after) {
    const Bound old = bound_of(before.type, side, before.options), now = bound_of(after.type, side, after.options);
    if (old == now) return;
    report.change(breaking_if(is_tighter(after.type, side, now, old)), path, old.shown(side), now.shown(side));
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
    const auto old_bits = internal::to_whole(before.substr(1)), bits = internal::to_whole(after.substr(1));
    if (!old_bits || !bits) return false;
    if (before[0] == after[0]) return *bits >= *old_bits;
    return before[0] == 'u' && *bits > *old_bits;
}

void compare_format(Report& report, const std::string& path, const Column& before, const Column& after) {
    const std::string &old = before.options.format, &now = after.options.format;
    if (old == now) return;
    bool breaks = true;
    if (after.type == LogicalType::kInteger) breaks = !is_wider_format(old, now);
    if (after.type == LogicalType::kNumber || after.type == LogicalType::kString) breaks = !now.empty();
    report.change(breaking_if(breaks), path, old, now);
}

void compare_options(Report& report, const std::string& column, const Column& before, const Column& after) {
    const std::string path = column + ".logicalTypeOptions.";
    const TypeOptions &old = before.options, &now = after.options;
    compare_length(report, path + "minLength", Side::kLower, old.min_length, now.min_length);
    compare_length(report, path + "maxLength", Side::kUpper, old.max_length, now.max_length);
    compare_bound(report, path + "minimum", Side::kLower, before, after);
    compare_bound(report, path + "maximum", Side::kUpper, before, after);
    compare_format(report, path + "format", before, after);
    if (old.pattern != now.pattern) {
        report.change(breaking_if(!now.pattern.empty()), path + "pattern", old.pattern, now.pattern);
    }
    if (old.multiple_of != now.multiple_of) {
        const bool breaks = !now.multiple_of.empty() && !is_multiple(old.multiple_of, now.multiple_of);
        report.change(breaking_if(breaks), path + "multipleOf", old.multiple_of, now.multiple_of);
    }
    if (old.timezone != now.timezone) {
        report.change(Effect::kBreaking, path + "timezone", shown_bool(old.timezone), shown_bool(now.timezone));
    }
    if (old.default_timezone != now.default_timezone) {
        report.change(Effect::kBreaking, path + "defaultTimezone", old.default_timezone, now.default_timezone);
    }
}

void compare_type(Report& report, const std::string& path, const Column& before, const Column& after) {
    if (before.type != after.type) {
        report.change(Effect::kBreaking, path + ".logicalType", name_of(before.type), name_of(after.type));
        return;
    }
    compare_options(report, path, before, after);
    if (before.physical_type == after.physical_type) return;
    const bool same_digits = before.precision == after.precision && before.scale == after.scale;
    const bool wider = before.precision > 0 && after.precision > 0 && after.scale >= before.scale &&
                       after.precision - after.scale >= before.precision - before.scale;
    report.change(breaking_if(!same_digits && !wider), path + ".physicalType", before.physical_type,
                  after.physical_type);
}

void compare_enumeration(Report& report, const std::string& path, const Column& before, const Column& after) {
    const auto has = [](const std::vector<EnumValue>& values, const std::string& value) {
        return std::any_of(values.begin(), values.end(), [&](const EnumValue& one) { return one.value == value; });
    };
    if (before.enumeration.empty() && !after.enumeration.empty()) {
        return report.add(Effect::kBreaking, path, {"thêm danh sách giá trị", "a list of values is new"});
    }
    if (!before.enumeration.empty() && after.enumeration.empty()) {
        return report.add(Effect::kCompatible, path, {"bỏ danh sách giá trị", "the list of values is gone"});
    }
    for (const EnumValue& old : before.enumeration) {
        if (!has(after.enumeration, old.value)) report.change(Effect::kBreaking, path, old.value, "");
    }
    for (const EnumValue& now : after.enumeration) {
        if (!has(before.enumeration, now.value)) report.change(Effect::kCompatible, path, "", now.value);
        for (const EnumValue& old : before.enumeration) {
            if (old.value == now.value) compare_text(report, path + "." + now.value, old.label, now.label);
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
        report.change(breaking_if(after.required), path + ".required", shown_bool(before.required), shown_bool(after.required));
    }
    if (before.unique != after.unique) {
        report.change(breaking_if(after.unique), path + ".unique", shown_bool(before.unique), shown_bool(after.unique));
    }
    const std::string old = shown_reference(before.reference), now = shown_reference(after.reference);
    if (old != now) report.change(breaking_if(!now.empty()), path + ".relationships", old, now);
    compare_text(report, path + ".businessName", before.title, after.title);
    compare_text(report, path + ".description", before.description, after.description);
    if (before.classification != after.classification) {
        report.change(Effect::kCompatible, path + ".classification", before.classification, after.classification);
    }
}

// A column that went and one that came at the same place, alike in type and title, is a new name.
const Column* renamed(const Dataset& before, const Dataset& after, std::size_t at) {
    if (at >= after.columns.size()) return nullptr;
    const Column &old = before.columns[at], &now = after.columns[at];
    const bool alike = before.column(now.name) == nullptr && now.type == old.type &&
                       now.key_position == old.key_position && before.columns.size() == after.columns.size();
    return alike ? &now : nullptr;
}

void compare_sets_of_columns(Report& report, const Dataset& before, const Dataset& after) {
    std::set<std::string> reported;
    for (std::size_t i = 0; i < before.columns.size(); ++i) {
        const Column& old = before.columns[i];
        if (const Column* now = after.column(old.name)) {
            compare_columns(report, old, *now);
        } else if (const Column* other = renamed(before, after, i)) {
            reported.insert(other->name);
            report.add(Effect::kBreaking, "properties." + old.name,
                       {fmt::format("đổi tên thành `{}`", other->name), fmt::format("renamed to `{}`", other->name)});
        } else {
            report.add(Effect::kBreaking, "properties." + old.name, {"bỏ cột", "the column is gone"});
        }
    }
    for (const Column& now : after.columns) {
        if (before.column(now.name) != nullptr || reported.contains(now.name)) continue;
        report.add(breaking_if(now.required), "properties." + now.name,
                   now.required ? Text{"thêm cột bắt buộc", "a required column is new"}
                                : Text{"thêm cột", "a column is new"});
    }
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
    report.add(Effect::kCompatible, "properties", {"đổi thứ tự cột", "the order of the columns changed"});
}

std::string shown_key(const Dataset& dataset) {
    std::vector<std::string> names;
    for (const Column* column : dataset.key()) names.push_back(column->name);
    return list_of(names);
}

bool is_subset(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
    return std::all_of(part.begin(), part.end(), [&](const std::string& value) {
        return std::find(whole.begin(), whole.end(), value) != whole.end();
    });
}

// Whether every number of bad values that `before` allowed, `after` allows too.
bool bound_is_wider(const MetricRule& before, const MetricRule& after) {
    if (before.op != after.op || before.unit != after.unit) return false;
    switch (after.op) {
        case Operator::kMustBeGreaterThan:
        case Operator::kMustBeGreaterOrEqualTo: return after.low <= before.low;
        case Operator::kMustBeLessThan:
        case Operator::kMustBeLessOrEqualTo: return after.low >= before.low;
        case Operator::kMustBeBetween: return after.low <= before.low && after.high >= before.high;
        case Operator::kMustNotBeBetween: return after.low >= before.low && after.high <= before.high;
        case Operator::kMustBe:
        case Operator::kMustNotBe: return after.low == before.low;
    }
    return false;
}

bool is_upper(const MetricRule& rule) {
    return rule.op == Operator::kMustBeLessThan || rule.op == Operator::kMustBeLessOrEqualTo ||
           (rule.op == Operator::kMustBe && rule.low == 0);
}

// What is counted may only get fewer, and that helps only where few are asked for.
bool counts_no_more(const MetricRule& before, const MetricRule& after) {
    const bool same = before.metric == after.metric && before.properties == after.properties &&
                      before.pattern == after.pattern && before.valid_values == after.valid_values &&
                      before.missing_values == after.missing_values && before.null_is_missing == after.null_is_missing;
    if (same) return true;
    if (before.metric != after.metric || before.properties != after.properties || !is_upper(after)) return false;
    // Without a list or a pattern everything is valid by it.
    const bool values = after.valid_values.empty() || (!before.valid_values.empty() && is_subset(before.valid_values, after.valid_values));
    const bool pattern = after.pattern.empty() || after.pattern == before.pattern;
    const bool missing = is_subset(after.missing_values, before.missing_values) && (before.null_is_missing || !after.null_is_missing);
    return values && pattern && missing;
}

bool same_check(const Rule& before, const Rule& after) {
    if (before.metric.has_value() != after.metric.has_value()) return false;
    if (!before.metric) return before.expression == after.expression;
    return bound_is_wider(*before.metric, *after.metric) && bound_is_wider(*after.metric, *before.metric) &&
           counts_no_more(*before.metric, *after.metric) && counts_no_more(*after.metric, *before.metric);
}

bool check_is_wider(const Rule& before, const Rule& after) {
    if (!before.metric || !after.metric) return same_check(before, after);
    return bound_is_wider(*before.metric, *after.metric) && counts_no_more(*before.metric, *after.metric);
}

void compare_rule(Report& report, const Rule& before, const Rule& after) {
    const std::string path = "quality." + after.name;
    const bool holds = after.severity == Severity::kError;
    if (before.severity != after.severity) {
        report.change(breaking_if(holds), path + ".severity", name_of(before.severity), name_of(after.severity));
    }
    if (before.column != after.column) {
        report.change(breaking_if(holds), path, before.column, after.column);
    } else if (!same_check(before, after)) {
        const bool wider = check_is_wider(before, after);
        report.add(breaking_if(holds && !wider), path,
                   wider ? Text{"quy tắc nới rộng", "the rule allows more"} : Text{"quy tắc thay đổi", "the rule changed"});
    }
    if (before.dimension != after.dimension) {
        report.change(Effect::kCompatible, path + ".dimension", name_of(before.dimension), name_of(after.dimension));
    }
    compare_text(report, path + ".description", before.description, after.description);
}

void compare_rules(Report& report, const Dataset& before, const Dataset& after) {
    const auto find = [](const Dataset& dataset, const std::string& name) {
        return std::find_if(dataset.rules.begin(), dataset.rules.end(), [&](const Rule& rule) { return rule.name == name; });
    };
    for (const Rule& old : before.rules) {
        const auto now = find(after, old.name);
        if (now != after.rules.end()) {
            compare_rule(report, old, *now);
        } else {
            report.add(Effect::kCompatible, "quality." + old.name, {"bỏ quy tắc", "the rule is gone"});
        }
    }
    for (const Rule& now : after.rules) {
        if (find(before, now.name) != before.rules.end()) continue;
        const bool holds = now.severity == Severity::kError;
        report.add(breaking_if(holds), "quality." + now.name,
                   holds ? Text{"thêm quy tắc mức lỗi", "a rule of severity error is new"}
                         : Text{"thêm quy tắc mức cảnh báo", "a rule of severity warning is new"});
    }
}

std::string shown_foreign_key(const ForeignKey& key) {
    return list_of(key.columns) + " -> " + key.dataset + "." + list_of(key.target_columns);
}

void compare_foreign_keys(Report& report, const Dataset& before, const Dataset& after) {
    std::set<std::string> old, now;
    for (const ForeignKey& key : before.foreign_keys) old.insert(shown_foreign_key(key));
    for (const ForeignKey& key : after.foreign_keys) now.insert(shown_foreign_key(key));
    for (const std::string& key : old) {
        if (!now.contains(key)) report.change(Effect::kCompatible, "relationships", key, "");
    }
    for (const std::string& key : now) {
        if (!old.contains(key)) report.change(Effect::kBreaking, "relationships", "", key);
    }
}

}  // namespace

std::vector<Difference> compare(const Dataset& before, const Dataset& after) {
    Report report;
    if (before.name != after.name) report.change(Effect::kBreaking, "name", before.name, after.name);
    compare_text(report, "businessName", before.title, after.title);
    compare_text(report, "description", before.description, after.description);
    if (before.access != after.access) {
        // The enumerators go from open to closed.
        report.change(breaking_if(after.access > before.access), "access", name_of(before.access), name_of(after.access));
    }
    if (before.level != after.level) {
        report.change(Effect::kCompatible, "level", std::to_string(before.level), std::to_string(after.level));
    }
    if (before.mode != after.mode) report.change(Effect::kBreaking, "mode", name_of(before.mode), name_of(after.mode));
    if (before.subject != after.subject) report.change(Effect::kCompatible, "subject", before.subject, after.subject);
    if (shown_key(before) != shown_key(after)) {
        report.change(Effect::kBreaking, "primaryKey", shown_key(before), shown_key(after));
    }
    compare_sets_of_columns(report, before, after);
    compare_order(report, before, after);
    compare_rules(report, before, after);
    compare_foreign_keys(report, before, after);
    return std::move(report.differences);
}

}  // namespace nguon::contract
