// Rules of the standard's library: a metric, its arguments and its bound.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "contract/internal/parser.h"
#include "contract/internal/values.h"

namespace nguon::contract::internal {
namespace {

constexpr std::array kOperators = {Operator::kMustBe,
                                   Operator::kMustNotBe,
                                   Operator::kMustBeGreaterThan,
                                   Operator::kMustBeGreaterOrEqualTo,
                                   Operator::kMustBeLessThan,
                                   Operator::kMustBeLessOrEqualTo,
                                   Operator::kMustBeBetween,
                                   Operator::kMustNotBeBetween};

constexpr std::array kMetrics = {Metric::kNullValues, Metric::kMissingValues,
                                 Metric::kInvalidValues, Metric::kDuplicateValues,
                                 Metric::kRowCount};

// `rule` of 3.0, where the names were examples and not a closed list. These are the ones in its
// text and in use; docs/reference/contracts.md lists them.
struct OldRule {
    std::string_view name;
    Metric metric;
};
constexpr std::array kOldRules = {OldRule{"nullCheck", Metric::kNullValues},
                                  OldRule{"nullCount", Metric::kNullValues},
                                  OldRule{"missingCount", Metric::kMissingValues},
                                  OldRule{"invalidCount", Metric::kInvalidValues},
                                  OldRule{"validValues", Metric::kInvalidValues},
                                  OldRule{"duplicateCount", Metric::kDuplicateValues},
                                  OldRule{"unique", Metric::kDuplicateValues},
                                  OldRule{"rowCount", Metric::kRowCount},
                                  OldRule{"countCheck", Metric::kRowCount}};

Dimension default_dimension(Metric metric) {
    switch (metric) {
        case Metric::kNullValues:
        case Metric::kMissingValues:
        case Metric::kRowCount: return Dimension::kComplete;
        case Metric::kInvalidValues: return Dimension::kAccurate;
        case Metric::kDuplicateValues: return Dimension::kClean;
    }
    return Dimension::kAccurate;
}

std::optional<double> number_in(Context& context, const Place& place, const MetricRule& rule) {
    const auto text = scalar(context, place);
    if (!text) return std::nullopt;
    const auto number = to_double(*text);
    const bool percent = rule.unit == Unit::kPercent;
    const bool good = number && *number >= 0 &&
                      (percent ? *number <= 100 : std::floor(*number) == *number && *number < 1e15);
    if (good) return number;
    context.problem(place,
                    percent ? Text{fmt::format("{} không phải số phần trăm", shown(*text)),
                                   fmt::format("{} is not a percentage", shown(*text))}
                            : Text{fmt::format("{} không phải số dòng", shown(*text)),
                                   fmt::format("{} is not a number of rows", shown(*text))},
                    percent
                        ? Text{"viết số từ 0 đến 100", "write a number from 0 to 100"}
                        : Text{"viết số nguyên từ 0 trở lên", "write a whole number, 0 or more"});
    return std::nullopt;
}

void parse_pair(Context& context, const Place& place, MetricRule& rule) {
    const std::vector<Place> items = list_value(context, place);
    if (place.node->kind != Node::Kind::kList) return;
    const Text fix{"viết hai số, số nhỏ trước: `[1, 100]`",
                   "write two numbers, the smaller first: `[1, 100]`"};
    if (items.size() != 2) {
        context.problem(place,
                        {fmt::format("cần đúng hai số, ở đây có {}", items.size()),
                         fmt::format("two numbers are needed, there are {}", items.size())},
                        fix);
        return;
    }
    const auto low = number_in(context, items[0], rule), high = number_in(context, items[1], rule);
    if (!low || !high) return;
    rule.low = *low;
    rule.high = *high;
    if (rule.low >= rule.high) {
        context.problem(place,
                        {"số đầu không nhỏ hơn số sau", "the first number is not below the second"},
                        fix);
    }
}

// The one operator that is given; nothing, and a problem, when there are several.
std::optional<Operator> one_operator(Context& context, MapReader& quality, bool& several) {
    std::vector<Operator> given;
    for (const Operator op : kOperators) {
        if (const auto place = quality.value(name_of(op))) given.push_back(op);
    }
    several = given.size() > 1;
    if (given.empty()) return std::nullopt;
    if (given.size() == 1) return given[0];
    context.problem(*quality.value(name_of(given[1])),
                    {fmt::format("đã có `{}`; mỗi quy tắc chỉ một giới hạn", name_of(given[0])),
                     fmt::format("there is `{}` already; a rule has one bound", name_of(given[0]))},
                    {"dùng `mustBeBetween`, hoặc tách thành hai quy tắc",
                     "use `mustBeBetween`, or make two rules"});
    return std::nullopt;
}

void no_operator(Context& context, const Place& rule) {
    context.problem(
        rule, {"quy tắc chưa nói bao nhiêu là được", "the rule does not say how many are allowed"},
        {"thêm ví dụ `mustBe: 0` hoặc `mustBeLessThan: 5`",
         "add for example `mustBe: 0` or `mustBeLessThan: 5`"});
}

void parse_operator(Context& context, MapReader& quality, MetricRule& rule) {
    bool several = false;
    const auto op = one_operator(context, quality, several);
    if (!op) {
        // 3.0's own examples name a rule and no bound: none may fail.
        if (!several && (context.api >= 310 || rule.metric == Metric::kRowCount))
            no_operator(context, quality.place());
        return;
    }
    rule.op = *op;
    const Place place = *quality.value(name_of(rule.op));
    if (rule.op == Operator::kMustBeBetween || rule.op == Operator::kMustNotBeBetween) {
        parse_pair(context, place, rule);
    } else {
        rule.low = number_in(context, place, rule).value_or(0);
    }
}

void parse_unit(Context& context, MapReader& quality, MetricRule& rule) {
    const auto text = quality.text("unit");
    if (!text || *text == "rows") return;
    if (*text == "percent") {
        rule.unit = Unit::kPercent;
        if (rule.metric != Metric::kRowCount) return;
        context.problem(
            *quality.value("unit"),
            {"số dòng không tính bằng phần trăm", "a number of rows is not a percentage"},
            Text::same("`unit: rows`"));
        return;
    }
    wrong_word(context, *quality.value("unit"), *text, {"rows", "percent"});
}

void parse_missing(Context& context, MapReader& arguments, MetricRule& rule) {
    const auto place = arguments.required("missingValues", "['', 'N/A']");
    if (!place) return;
    const std::vector<Place> items = list_value(context, *place);
    for (const Place& item : items) {
        if (item.node->kind == Node::Kind::kNull) {
            rule.null_is_missing = true;
        } else if (item.node->kind == Node::Kind::kScalar) {
            rule.missing_values.push_back(item.node->text);  // '' is a value here
        } else {
            scalar(context, item);
        }
    }
    if (items.empty() && place->node->kind == Node::Kind::kList) {
        context.problem(*place, {"chưa có giá trị nào", "there are no values"},
                        Text::same("`['', 'N/A']`"));
    }
}

void parse_valid_list(Context& context, const Place& place, const Column& column, bool is_typed,
                      MetricRule& rule) {
    const std::vector<Place> items = list_value(context, place);
    if (items.empty() && place.node->kind == Node::Kind::kList) {
        context.problem(place, {"chưa có giá trị nào", "there are no values"},
                        Text::same("`['M', 'F']`"));
    }
    for (const Place& item : items) {
        // null is neither valid nor invalid: nullValues counts it.
        if (item.node->kind == Node::Kind::kNull) continue;
        if (item.node->kind == Node::Kind::kScalar && !item.node->plain &&
            item.node->text.empty() && column.type == LogicalType::kString) {
            rule.valid_values.emplace_back();
            continue;
        }
        const auto text =
            is_typed ? typed_value(context, item, column.type) : scalar(context, item);
        if (text) rule.valid_values.push_back(*text);
    }
}

// What is valid stands in `arguments`; in 3.0 `validValues` stood beside the rule.
void parse_valid(Context& context, MapReader& quality, MapReader* arguments, const Draft& draft,
                 MetricRule& rule) {
    const Column& column = draft.dataset.columns.back();
    const bool is_typed = draft.properties.back().is_typed;
    std::optional<Place> values, pattern;
    if (arguments != nullptr) {
        values = arguments->value("validValues");
        pattern = arguments->value("pattern");
    }
    if (context.api < 310 && !values) values = quality.value("validValues");
    if (values) parse_valid_list(context, *values, column, is_typed, rule);
    if (pattern) {
        rule.pattern = scalar(context, *pattern).value_or("");
        if (const Text fault = fault_of_pattern(rule.pattern); !fault.empty()) {
            context.problem(*pattern,
                            {"biểu thức mẫu sai: " + fault.vi, "the pattern is wrong: " + fault.en},
                            {"viết trong nháy đơn, ví dụ `'[0-9]{12}'`",
                             "write it in single quotes, such as `'[0-9]{12}'`"});
        }
        if (is_typed && column.type != LogicalType::kString) {
            context.problem(*pattern,
                            {"biểu thức mẫu chỉ dùng cho kiểu `string`",
                             "a pattern is only for the type `string`"},
                            {"dùng `validValues`, hoặc `minimum` và `maximum`",
                             "use `validValues`, or `minimum` and `maximum`"});
        }
    }
    if (values || pattern) return;
    context.problem(quality.place(),
                    {"chưa nói giá trị nào là hợp lệ", "it is not said which values are valid"},
                    {"thêm `arguments:` với `validValues: […]` hoặc `pattern: '…'`",
                     "add `arguments:` with `validValues: […]` or `pattern: '…'`"});
}

void parse_duplicate(Context& context, MapReader& quality, MapReader* arguments, const Draft& draft,
                     MetricRule& rule) {
    const auto place = arguments != nullptr ? arguments->value("properties") : std::nullopt;
    if (!place) {
        context.problem(
            quality.place(),
            {"chưa nói trùng theo cột nào", "it is not said which columns are compared"},
            {"thêm `arguments:` với `properties: [cột, cột]`",
             "add `arguments:` with `properties: [column, column]`"});
        return;
    }
    std::vector<std::string> names;
    for (const Column& column : draft.dataset.columns)
        names.push_back(column.name);
    for (const Place& item : list_value(context, *place)) {
        const auto text = scalar(context, item);
        if (!text) continue;
        if (draft.dataset.column(*text) == nullptr) wrong_word(context, item, *text, names);
        rule.properties.push_back(*text);
    }
    if (place->node->kind == Node::Kind::kList && place->node->items.empty()) {
        context.problem(*place, {"chưa có cột nào", "there are no columns"},
                        Text::same("`[a, b]`"));
    }
}

std::optional<Metric> parse_metric_name(Context& context, MapReader& quality) {
    const auto name = quality.text("metric");
    const auto old = quality.text("rule");
    if (name) {
        quality.since(310, {"metric"});
        std::vector<std::string> names;
        for (const Metric metric : kMetrics) {
            if (name_of(metric) == *name) return metric;
            names.emplace_back(name_of(metric));
        }
        wrong_word(context, *quality.value("metric"), *name, names);
        return std::nullopt;
    }
    if (!old) {
        if (!quality.has("metric") && !quality.has("rule"))
            quality.required("metric", "nullValues");
        return std::nullopt;
    }
    std::vector<std::string> names;
    for (const OldRule& known : kOldRules) {
        if (known.name == *old) return known.metric;
        names.emplace_back(known.name);
    }
    for (const Metric metric : kMetrics) {
        if (name_of(metric) == *old) return metric;  // 3.1's name under 3.0's key
    }
    wrong_word(context, *quality.value("rule"), *old, names);
    return std::nullopt;
}

// rowCount is of the dataset; what counts values is of a column.
bool check_level(Context& context, MapReader& quality, Metric metric, bool on_column) {
    const bool of_dataset = metric == Metric::kRowCount;
    if (metric == Metric::kDuplicateValues || of_dataset != on_column) return true;
    const std::string_view key = quality.has("metric") ? "metric" : "rule";
    context.problem(*quality.value(key),
                    of_dataset ? Text{"số dòng là của cả tập dữ liệu, không phải của một cột",
                                      "the number of rows is of the dataset, not of a column"}
                               : Text{"phép đo này là của một cột", "this metric is of a column"},
                    of_dataset ? Text{"chuyển lên `quality` của đối tượng trong `schema`",
                                      "move it to the `quality` of the object in `schema`"}
                               : Text{"chuyển vào `quality` của cột",
                                      "move it to the `quality` of the column"});
    return false;
}

std::optional<double> any_number(Context& context, const Place& place) {
    const auto text = scalar(context, place);
    if (!text) return std::nullopt;
    const auto number = to_double(*text);
    if (number) return number;
    context.problem(place,
                    {fmt::format("{} không phải một số", shown(*text)),
                     fmt::format("{} is not a number", shown(*text))},
                    {"viết số, ví dụ `0`", "write a number such as `0`"});
    return std::nullopt;
}

}  // namespace

bool parse_sql_bound(Context& context, MapReader& quality, SqlRule& rule) {
    bool several = false;
    const auto op = one_operator(context, quality, several);
    if (!op) {
        if (!several) no_operator(context, quality.place());
        return false;
    }
    rule.op = *op;
    const Place place = *quality.value(name_of(*op));
    if (*op == Operator::kMustBe || *op == Operator::kMustNotBe) {
        const auto text = scalar(context, place);
        if (!text) return false;
        const auto number = place.node->plain ? to_double(*text) : std::nullopt;
        rule.low = number.value_or(0);
        if (!number) rule.text = *text;
        return true;
    }
    if (*op != Operator::kMustBeBetween && *op != Operator::kMustNotBeBetween) {
        const auto number = any_number(context, place);
        rule.low = number.value_or(0);
        return number.has_value();
    }
    const std::vector<Place> items = list_value(context, place);
    const auto low = items.size() == 2 ? any_number(context, items[0]) : std::nullopt;
    const auto high = items.size() == 2 ? any_number(context, items[1]) : std::nullopt;
    if (low && high && *low < *high) {
        rule.low = *low;
        rule.high = *high;
        return true;
    }
    context.problem(place,
                    {"cần hai số, số nhỏ trước", "two numbers are needed, the smaller first"},
                    Text::same("`[1, 100]`"));
    return false;
}

void wrong_word(Context& context, const Place& place, const std::string& word,
                const std::vector<std::string>& words) {
    const std::string guess = context.guess(word, words);
    Text fix{"chọn một trong " + shown_list(words), "choose one of " + shown_list(words)};
    if (!guess.empty()) {
        fix = {fmt::format("có phải là `{}`?", guess), fmt::format("did you mean `{}`?", guess)};
    }
    context.problem(place,
                    {fmt::format("không có {} ở đây", shown(word)),
                     fmt::format("there is no {} here", shown(word))},
                    std::move(fix));
}

void parse_library(Context& context, MapReader& quality, const Draft& draft, Rule& rule) {
    const auto metric = parse_metric_name(context, quality);
    if (metric && !quality.has("dimension")) rule.dimension = default_dimension(*metric);
    MetricRule bound;
    bound.metric = metric.value_or(Metric::kNullValues);
    parse_unit(context, quality, bound);
    parse_operator(context, quality, bound);
    const auto place = quality.value("arguments");
    std::optional<MapReader> arguments;
    if (place) arguments.emplace(context, *place);
    MapReader* given = arguments && arguments->is_map() ? &*arguments : nullptr;
    if (!metric || !check_level(context, quality, *metric, !rule.column.empty())) return;
    if (*metric == Metric::kMissingValues) {
        if (given != nullptr) parse_missing(context, *given, bound);
        if (!place) quality.required("arguments", "{missingValues: ['', 'N/A']}");
    } else if (*metric == Metric::kInvalidValues) {
        parse_valid(context, quality, given, draft, bound);
    } else if (*metric == Metric::kDuplicateValues && rule.column.empty()) {
        parse_duplicate(context, quality, given, draft, bound);
    }
    if (given != nullptr) given->finish();
    rule.metric = std::move(bound);
}

}  // namespace nguon::contract::internal
