// Differences of the rules of two versions, matched by name.
#include <fmt/format.h>

#include <algorithm>

#include "contract/internal/difference.h"

namespace nguon::contract::internal {

void Report::add(Effect effect, std::string path, Text what) {
    Audience audience = Audience::kBoth;
    if (effect == Effect::kWider || effect == Effect::kReadersBreak) audience = Audience::kReaders;
    if (effect == Effect::kNarrower) audience = Audience::kSenders;
    const bool breaks = effect != Effect::kCompatible && effect != Effect::kWider;
    differences.push_back({std::move(path), std::move(what), breaks, audience, at});
}

void Report::change(Effect effect, const std::string& path, std::string_view before,
                    std::string_view after) {
    if (before.empty())
        return add(effect, path,
                   {fmt::format("thêm `{}`", after), fmt::format("`{}` is new", after)});
    if (after.empty())
        return add(effect, path,
                   {fmt::format("bỏ `{}`", before), fmt::format("`{}` is gone", before)});
    add(effect, path,
        {fmt::format("`{}` thành `{}`", before, after),
         fmt::format("`{}` became `{}`", before, after)});
}

void Report::text(const std::string& path, const Text& before, const Text& after) {
    if (before.vi == after.vi && before.en == after.en) return;
    add(Effect::kWider, path, {"đổi chữ", "the text changed"});
}

namespace {

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
        case Operator::kMustNotBeBetween:
            return after.low >= before.low && after.high <= before.high;
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
                      before.pattern == after.pattern &&
                      before.valid_values == after.valid_values &&
                      before.missing_values == after.missing_values &&
                      before.null_is_missing == after.null_is_missing;
    if (same) return true;
    if (before.metric != after.metric || before.properties != after.properties || !is_upper(after))
        return false;
    // Without a list or a pattern everything is valid by it.
    const bool values =
        after.valid_values.empty() ||
        (!before.valid_values.empty() && is_subset(before.valid_values, after.valid_values));
    const bool pattern = after.pattern.empty() || after.pattern == before.pattern;
    const bool missing = is_subset(after.missing_values, before.missing_values) &&
                         (before.null_is_missing || !after.null_is_missing);
    return values && pattern && missing;
}

bool same_check(const Rule& before, const Rule& after) {
    if (before.metric.has_value() != after.metric.has_value()) return false;
    if (before.sql.has_value() != after.sql.has_value()) return false;
    if (before.sql) {
        return before.sql->query == after.sql->query && before.sql->op == after.sql->op &&
               before.sql->low == after.sql->low && before.sql->high == after.sql->high &&
               before.sql->text == after.sql->text && before.sql->unit == after.sql->unit;
    }
    if (!before.metric) return before.expression == after.expression;
    return bound_is_wider(*before.metric, *after.metric) &&
           bound_is_wider(*after.metric, *before.metric) &&
           counts_no_more(*before.metric, *after.metric) &&
           counts_no_more(*after.metric, *before.metric);
}

bool check_is_wider(const Rule& before, const Rule& after) {
    if (!before.metric || !after.metric) return same_check(before, after);
    return bound_is_wider(*before.metric, *after.metric) &&
           counts_no_more(*before.metric, *after.metric);
}

void compare_rule(Report& report, const Rule& before, const Rule& after) {
    const std::string path = "quality." + after.name;
    const bool holds = after.severity == Severity::kError;
    if (before.severity != after.severity) {
        report.change(narrower_if(holds), path + ".severity", name_of(before.severity),
                      name_of(after.severity));
    }
    if (before.column != after.column) {
        report.change(narrower_if(holds), path, before.column, after.column);
    } else if (!same_check(before, after)) {
        const bool wider = check_is_wider(before, after);
        report.add(narrower_if(holds && !wider), path,
                   wider ? Text{"quy tắc nới rộng", "the rule allows more"}
                         : Text{"quy tắc thay đổi", "the rule changed"});
    }
    if (before.dimension != after.dimension) {
        report.change(Effect::kCompatible, path + ".dimension", name_of(before.dimension),
                      name_of(after.dimension));
    }
    report.text(path + ".description", before.description, after.description);
}

}  // namespace

void compare_rules(Report& report, const Dataset& before, const Dataset& after) {
    const auto find = [](const Dataset& dataset, const std::string& name) {
        return std::find_if(dataset.rules.begin(), dataset.rules.end(),
                            [&](const Rule& rule) { return rule.name == name; });
    };
    for (const Rule& old : before.rules) {
        const auto now = find(after, old.name);
        report.at = now != after.rules.end() ? now->at : after.at;
        if (now != after.rules.end()) {
            compare_rule(report, old, *now);
        } else {
            report.add(Effect::kWider, "quality." + old.name, {"bỏ quy tắc", "the rule is gone"});
        }
    }
    for (const Rule& now : after.rules) {
        if (find(before, now.name) != before.rules.end()) continue;
        const bool holds = now.severity == Severity::kError;
        report.at = now.at;
        report.add(narrower_if(holds), "quality." + now.name,
                   holds ? Text{"thêm quy tắc mức lỗi", "a rule of severity error is new"}
                         : Text{"thêm quy tắc mức cảnh báo", "a rule of severity warning is new"});
    }
    report.at = after.at;
}

}  // namespace nguon::contract::internal
