// Rules under `quality`, of a column or of a whole dataset.
#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "contract/internal/parser.h"

namespace nguon::contract::internal {
namespace {

// Seven dimensions of the standard, their short forms, and our four by name.
struct KnownDimension {
    std::string_view name, code;
    Dimension dimension;
};
constexpr std::array kDimensions = {KnownDimension{"accuracy", "ac", Dimension::kAccurate},
                                    KnownDimension{"conformity", "cf", Dimension::kAccurate},
                                    KnownDimension{"consistency", "cs", Dimension::kAccurate},
                                    KnownDimension{"completeness", "cp", Dimension::kComplete},
                                    KnownDimension{"coverage", "cv", Dimension::kComplete},
                                    KnownDimension{"uniqueness", "uq", Dimension::kClean},
                                    KnownDimension{"timeliness", "tm", Dimension::kLive},
                                    KnownDimension{"accurate", "", Dimension::kAccurate},
                                    KnownDimension{"complete", "", Dimension::kComplete},
                                    KnownDimension{"clean", "", Dimension::kClean},
                                    KnownDimension{"live", "", Dimension::kLive}};

void parse_dimension(Context& context, MapReader& quality, Rule& rule) {
    const auto text = quality.text("dimension");
    if (!text) return;
    std::vector<std::string> names;
    for (const KnownDimension& known : kDimensions) {
        names.emplace_back(known.name);
        if (*text != known.name && (known.code.empty() || *text != known.code)) continue;
        rule.dimension = known.dimension;
        return;
    }
    wrong_word(context, *quality.value("dimension"), *text, names);
}

// The standard leaves the word open; ours decides whether rows are held back, so it is closed.
void parse_severity(Context& context, MapReader& quality, Rule& rule) {
    const auto text = quality.text("severity");
    if (!text || *text == "error") return;
    if (*text == "warning" || *text == "info") {
        rule.severity = Severity::kWarning;
        return;
    }
    wrong_word(context, *quality.value("severity"), *text, {"error", "warning", "info"});
}

void parse_expression(Context& context, MapReader& quality, Rule& rule) {
    const auto engine = quality.required("engine", "nguon");
    const auto implementation = quality.required("implementation", "\"end_date >= start_date\"");
    if (!engine) return;
    const auto name = scalar(context, *engine);
    if (!name) return;
    if (*name != "nguon") {
        context.problem(
            *engine,
            {fmt::format("quy tắc của {} không chạy được ở đây", shown(*name)),
             fmt::format("a rule of {} cannot run here", shown(*name))},
            {"viết lại với `engine: nguon` và một biểu thức SQL đúng hoặc sai, hoặc `type: text`",
             "write it with `engine: nguon` and an SQL expression that is true or false, or "
             "as `type: text`"});
        return;
    }
    if (!implementation) return;
    rule.expression = scalar(context, *implementation).value_or("");
    rule.at = context.in_file(*implementation);
}

void refuse_sql(Context& context, MapReader& quality) {
    context.problem(
        *quality.value("type"),
        {"quy tắc `type: sql` chưa được hỗ trợ", "rules of `type: sql` are not supported yet"},
        {"quy tắc của một dòng: `type: custom`, `engine: nguon`, `implementation` là biểu thức "
         "đúng hoặc sai; nếu chỉ để đọc: `type: text`",
         "a rule of one row: `type: custom`, `engine: nguon`, `implementation` an expression that "
         "is true or false; only to be read: `type: text`"});
}

// Keys that belong to another type are named rather than called unknown.
void know_all(MapReader& quality) {
    quality.skip({"mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo",
                  "mustBeLessThan", "mustBeLessOrEqualTo", "mustBeBetween", "mustNotBeBetween",
                  "metric", "rule", "arguments", "query", "engine", "implementation", "unit",
                  "dimension", "severity"});
}

void parse_rule(Context& context, const Place& place, Draft& draft, std::string_view column) {
    MapReader quality(context, place);
    if (!quality.is_map()) return;
    Rule rule;
    rule.column = column;
    rule.at = context.in_file(place);
    const auto id = quality.text("id");
    rule.name = quality.text("name").value_or(id.value_or(""));
    const auto custom = CustomProperties::read(context, quality, {"description_en"});
    rule.description = both(quality.text("description"), custom.text(context, "description_en"));
    quality.keep(
        {"businessImpact", "method", "schedule", "scheduler", "tags", "authoritativeDefinitions"});
    const std::string type = quality.text("type").value_or("library");
    bool is_rule = true;
    if (type == "library") {
        parse_library(context, quality, draft, rule);
        is_rule = rule.metric.has_value();
    } else if (type == "custom") {
        parse_expression(context, quality, rule);
        is_rule = !rule.expression.empty();
    } else {
        is_rule = false;
        know_all(quality);
        if (type == "sql") {
            refuse_sql(context, quality);
        } else if (type == "text") {
            context.note(place.path);
        } else {
            wrong_word(context, *quality.value("type"), type, {"library", "text", "sql", "custom"});
        }
    }
    if (is_rule || type == "library" || type == "custom") {
        parse_dimension(context, quality, rule);
        parse_severity(context, quality, rule);
    }
    quality.finish();
    if (is_rule) draft.dataset.rules.push_back(std::move(rule));
}

std::string made_up_name(const Rule& rule) {
    const std::string what = rule.metric ? std::string(name_of(rule.metric->metric)) : "rule";
    if (!rule.column.empty()) return rule.column + "_" + what;
    std::string name = what;
    if (rule.metric) {
        for (const std::string& property : rule.metric->properties)
            name += "_" + property;
    }
    return name;
}

}  // namespace

void parse_quality(Context& context, const Place& list, Draft& draft, std::string_view column) {
    for (const Place& item : list_value(context, list)) {
        if (draft.dataset.rules.size() == kMostRules) {
            return context.problem(
                item,
                {fmt::format("tập dữ liệu có quá {} quy tắc", kMostRules),
                 fmt::format("the dataset has more than {} rules", kMostRules)},
                {"chia thành nhiều tập dữ liệu", "split it into several datasets"});
        }
        parse_rule(context, item, draft, column);
    }
}

void name_rules(Dataset& dataset) {
    std::set<std::string> taken;
    std::map<std::string, int> last;  // the suffix given to a name before
    // Given names first, so that a made-up one never takes theirs.
    for (const bool given : {true, false}) {
        for (Rule& rule : dataset.rules) {
            if (given == rule.name.empty() || (!given && taken.contains(rule.name))) continue;
            const std::string base = given ? rule.name : made_up_name(rule);
            rule.name = base;
            for (int& n = last.try_emplace(base, 1).first->second;
                 !taken.insert(rule.name).second;) {
                rule.name = fmt::format("{}_{}", base, ++n);
            }
        }
    }
}

}  // namespace nguon::contract::internal
