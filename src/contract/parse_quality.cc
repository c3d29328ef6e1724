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

// What a rule of another engine, a text, or a rule of a part of a nested column promises: kept by
// name, and said not to run.
void keep_unrun(Context& context, const Place& place, Draft& draft, const Rule& rule,
                std::string type, std::string engine) {
    const std::string& by = engine.empty() ? type : engine;
    context.note(
        fmt::format("{} ({}{}{})", place.path, by, rule.name.empty() ? "" : ": ", rule.name));
    draft.dataset.unrun_rules.push_back({rule.name, rule.column, std::move(type), std::move(engine),
                                         rule.description, context.in_file(place)});
}

void parse_custom_rule(Context& context, MapReader& quality, Draft& draft, Rule& rule) {
    const auto engine = quality.required("engine", "nguon");
    const auto implementation = quality.required("implementation", "\"end_date >= start_date\"");
    const auto name = engine ? scalar(context, *engine) : std::nullopt;
    if (!name || !implementation) return;
    if (*name != "nguon") {
        const Node::Kind kind = implementation->node->kind;
        if (kind != Node::Kind::kMap) scalar(context, *implementation);
        return keep_unrun(context, quality.place(), draft, rule, "custom", *name);
    }
    rule.expression = scalar(context, *implementation).value_or("");
    rule.at = context.in_file(*implementation);
}

void parse_sql_rule(Context& context, MapReader& quality, Rule& rule) {
    const auto query = quality.required("query", "\"SELECT count(*) FROM ${table} WHERE …\"");
    SqlRule sql;
    sql.unit = quality.text("unit").value_or("");
    const bool bounded = parse_sql_bound(context, quality, sql);
    if (!query) return;
    const auto text = scalar(context, *query);
    if (!text || !bounded) return;
    sql.query = *text;
    sql.at = context.in_file(*query);
    rule.sql = std::move(sql);
}

// A rule of a part of a nested column judges inside of a value; only what is not run is taken.
bool refuse_nested(Context& context, MapReader& quality, const std::string& type) {
    if (type == "text") return false;
    const auto engine = quality.value("engine");
    if (type == "custom" && engine && engine->node->text != "nguon") return false;
    context.problem(
        quality.place(),
        {fmt::format("quy tắc `{}` trên một phần của cột lồng nhau không được hỗ trợ", type),
         fmt::format("a `{}` rule of a part of a nested column is not supported", type)},
        {"dùng `required`, `enum`, `logicalTypeOptions` của phần ấy, hoặc một quy tắc `type: "
         "custom`, "
         "`engine: nguon` của tập dữ liệu",
         "use `required`, `enum`, `logicalTypeOptions` of the part, or a rule of `type: custom`, "
         "`engine: nguon` of the dataset"});
    return true;
}

void read_described(Context& context, MapReader& quality, Rule& rule) {
    const auto custom = CustomProperties::read(context, quality, {"description_en"});
    rule.description = both(quality.text("description"), custom.text(context, "description_en"));
    quality.keep(
        {"businessImpact", "method", "schedule", "scheduler", "tags", "authoritativeDefinitions"});
    const Node& node = *quality.place().node;
    rule.business_impact = text_in(node, "businessImpact");
    rule.method = text_in(node, "method");
    rule.schedule = text_in(node, "schedule");
    rule.scheduler = text_in(node, "scheduler");
    rule.tags = texts_in(node, "tags");
}

void parse_rule(Context& context, const Place& place, Draft& draft, const RuleOwner& owner) {
    MapReader quality(context, place);
    if (!quality.is_map()) return;
    Rule rule;
    rule.column = owner.column;
    rule.at = context.in_file(place);
    const auto id = quality.text("id");
    rule.name = quality.text("name").value_or(id.value_or(""));
    read_described(context, quality, rule);
    const std::string type = quality.text("type").value_or("library");
    if (owner.is_part && refuse_nested(context, quality, type)) return;
    parse_dimension(context, quality, rule);
    parse_severity(context, quality, rule);
    if (type == "library") {
        parse_library(context, quality, draft, rule);
    } else if (type == "custom") {
        parse_custom_rule(context, quality, draft, rule);
    } else if (type == "sql") {
        parse_sql_rule(context, quality, rule);
    } else if (type == "text") {
        quality.text("unit");
        keep_unrun(context, place, draft, rule, type, "");
    } else {
        wrong_word(context, *quality.value("type"), type, {"library", "text", "sql", "custom"});
        return;
    }
    if (type == "custom") quality.text("unit");
    quality.finish();
    if (rule.metric || rule.sql || !rule.expression.empty()) {
        draft.dataset.rules.push_back(std::move(rule));
    }
}

std::string made_up_name(const Rule& rule) {
    const std::string what = rule.metric ? std::string(name_of(rule.metric->metric))
                             : rule.sql  ? "sql"
                                         : "rule";
    if (!rule.column.empty()) return rule.column + "_" + what;
    std::string name = what;
    if (rule.metric) {
        for (const std::string& property : rule.metric->properties)
            name += "_" + property;
    }
    return name;
}

}  // namespace

void parse_quality(Context& context, const Place& list, Draft& draft, const RuleOwner& owner) {
    for (const Place& item : list_value(context, list)) {
        if (draft.dataset.rules.size() + draft.dataset.unrun_rules.size() == kMostRules) {
            return context.problem(
                item,
                {fmt::format("tập dữ liệu có quá {} quy tắc", kMostRules),
                 fmt::format("the dataset has more than {} rules", kMostRules)},
                {"chia thành nhiều tập dữ liệu", "split it into several datasets"});
        }
        parse_rule(context, item, draft, owner);
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
