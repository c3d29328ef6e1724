// A contract of any version as a valid ODCS 3.2 document. Everything of it stays: what describes is
// carried over as it was written; what a version says in its own way is said in the way of 3.2. A
// text that is valid 3.2 as it stands is given unchanged, comments and all. Source: the JSON Schema
// of the Open Data Contract Standard 3.2.0.
#include <fmt/format.h>

#include <array>
#include <map>

#include "forms/internal/columns.h"
#include "forms/internal/writers.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::LogicalType;

constexpr std::array<std::string_view, 62> kTexts = {"id",
                                                     "name",
                                                     "tenant",
                                                     "status",
                                                     "dataProduct",
                                                     "domain",
                                                     "businessName",
                                                     "physicalName",
                                                     "physicalType",
                                                     "dataGranularityDescription",
                                                     "classification",
                                                     "encryptedName",
                                                     "transformLogic",
                                                     "transformDescription",
                                                     "pattern",
                                                     "defaultTimezone",
                                                     "engine",
                                                     "query",
                                                     "metric",
                                                     "rule",
                                                     "unit",
                                                     "method",
                                                     "schedule",
                                                     "scheduler",
                                                     "severity",
                                                     "type",
                                                     "businessImpact",
                                                     "to",
                                                     "from",
                                                     "url",
                                                     "label",
                                                     "synonym",
                                                     "locale",
                                                     "source",
                                                     "username",
                                                     "role",
                                                     "dateIn",
                                                     "dateOut",
                                                     "replacedByUsername",
                                                     "access",
                                                     "firstLevelApprovers",
                                                     "secondLevelApprovers",
                                                     "channel",
                                                     "tool",
                                                     "scope",
                                                     "invitationUrl",
                                                     "priceCurrency",
                                                     "priceUnit",
                                                     "property",
                                                     "element",
                                                     "driver",
                                                     "slaDefaultElement",
                                                     "contractCreatedTs",
                                                     "usage",
                                                     "purpose",
                                                     "limitations",
                                                     "vendor",
                                                     "instructions",
                                                     "question",
                                                     "answer",
                                                     "constraint",
                                                     "description"};
constexpr std::array<std::string_view, 9> kFlags = {
    "primaryKey", "required", "unique",      "partitioned", "criticalDataElement",
    "deprecated", "timezone", "uniqueItems", "normalized"};
constexpr std::array<std::string_view, 17> kNumbers = {"primaryKeyPosition",
                                                       "partitionKeyPosition",
                                                       "minLength",
                                                       "maxLength",
                                                       "minItems",
                                                       "maxItems",
                                                       "minProperties",
                                                       "maxProperties",
                                                       "dimensions",
                                                       "multipleOf",
                                                       "priceAmount",
                                                       "mustBeGreaterThan",
                                                       "mustBeGreaterOrEqualTo",
                                                       "mustBeLessThan",
                                                       "mustBeLessOrEqualTo",
                                                       "mustBeBetween",
                                                       "mustNotBeBetween"};
// Whose members are anybody's: not looked into.
constexpr std::array<std::string_view, 6> kFree = {"value",   "valueExt",       "examples",
                                                   "servers", "implementation", "arguments"};

template <std::size_t N>
bool is_one(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

void to_text_value(json::value& value) {
    if (json::array* list = value.if_array()) {
        for (json::value& item : *list)
            to_text_value(item);
    } else if (!value.is_structured() && !value.is_string() && !value.is_null()) {
        value = json::value(to_text(value));
    }
}

void to_number_value(json::value& value) {
    if (json::array* list = value.if_array()) {
        for (json::value& item : *list)
            to_number_value(item);
    } else if (value.is_string()) {
        value = typed(LogicalType::kNumber, std::string(value.get_string()));
    }
}

// Scalars of the kind that the standard's schema asks for: YAML reads `name: 2025` as a number.
void settle(json::value& value, std::string_view key) {
    if (is_one(kFree, key)) return;
    if (key == "tags" || is_one(kTexts, key)) to_text_value(value);
    if (is_one(kNumbers, key)) to_number_value(value);
    if (is_one(kFlags, key) && value.is_string()) value = value.get_string() == "true";
    if (json::array* list = value.if_array()) {
        for (json::value& item : *list) {
            if (json::object* object = item.if_object()) {
                for (auto& member : *object)
                    settle(member.value(), member.key());
            }
        }
    }
    if (json::object* object = value.if_object()) {
        for (auto& member : *object)
            settle(member.value(), member.key());
    }
}

struct Rename {
    std::string_view from, to;
};
constexpr std::array kDimensions = {
    Rename{"accurate", "accuracy"}, Rename{"complete", "completeness"},
    Rename{"clean", "uniqueness"},  Rename{"live", "timeliness"},
    Rename{"ac", "accuracy"},       Rename{"cp", "completeness"},
    Rename{"cf", "conformity"},     Rename{"cs", "consistency"},
    Rename{"cv", "coverage"},       Rename{"tm", "timeliness"},
    Rename{"uq", "uniqueness"}};

class Upgrade {
public:
    // `digits`: how numbers stand that JSON would write otherwise.
    using Digits = json::value (*)(LogicalType type, std::string_view text);
    Upgrade(json::object& document, const contract::Contract& contract, Digits digits)
        : m_document(document), m_contract(contract), m_digits(digits) {
        for (const contract::Dataset& dataset : contract.datasets) {
            for (const contract::Rule& rule : dataset.rules)
                m_rules.emplace(rule.at.path, &rule);
        }
    }

    void run() {
        for (auto& member : m_document)
            settle(member.value(), member.key());
        m_document["apiVersion"] = "v3.2.0";
        m_document["version"] = m_contract.version;
        custom_properties(m_document);
        team();
        json::array* objects = list_at(m_document, "schema");
        for (std::size_t i = 0; objects != nullptr && i < objects->size(); ++i) {
            json::object* one = (*objects)[i].if_object();
            if (one == nullptr || i >= m_contract.datasets.size()) continue;
            const std::string path = fmt::format("schema[{}]", i);
            rules(*one, path);
            relationships(*one);
            referring_columns(*one, m_contract.datasets[i]);
            properties(*one, m_contract.datasets[i].columns, path);
        }
    }

private:
    static json::array* list_at(json::object& object, std::string_view key) {
        json::value* value = object.if_contains(key);
        return value == nullptr ? nullptr : value->if_array();
    }
    static json::object* object_at(json::object& object, std::string_view key) {
        json::value* value = object.if_contains(key);
        return value == nullptr ? nullptr : value->if_object();
    }

    // 3.0 asked for neither name nor value.
    void custom_properties(json::object& owner) {
        for (auto& member : owner) {
            json::array* list = member.value().if_array();
            if (member.key() == "customProperties") {
                complete(list);
            } else if (json::object* inside = member.value().if_object()) {
                custom_properties(*inside);
            } else if (list != nullptr) {
                for (json::value& item : *list) {
                    if (item.is_object()) custom_properties(item.get_object());
                }
            }
        }
    }

    static void complete(json::array* list) {
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            json::object* one = (*list)[i].if_object();
            if (one == nullptr) continue;
            if (!one->contains("property")) (*one)["property"] = "unnamed";
            if (!one->contains("value")) (*one)["value"] = nullptr;
        }
    }

    // 3.0 had the members alone, and no user names.
    void team() {
        json::value* team = m_document.if_contains("team");
        if (team == nullptr) return;
        if (team->is_array()) {
            json::array members = team->get_array();
            *team = json::object{{"members", std::move(members)}};
        }
        json::object* object = team->if_object();
        json::array* members = object == nullptr ? nullptr : list_at(*object, "members");
        for (std::size_t i = 0; members != nullptr && i < members->size(); ++i) {
            json::object* one = (*members)[i].if_object();
            if (one == nullptr || one->contains("username")) continue;
            const json::value* name = one->if_contains("name");
            (*one)["username"] = name != nullptr && name->is_string()
                                     ? *name
                                     : json::value(fmt::format("member-{}", i + 1));
        }
    }

    void properties(json::object& owner, const std::vector<Column>& columns,
                    const std::string& path) {
        json::array* list = list_at(owner, "properties");
        for (std::size_t i = 0; list != nullptr && i < list->size() && i < columns.size(); ++i) {
            if (json::object* part = (*list)[i].if_object())
                this->one(*part, columns[i], fmt::format("{}.properties[{}]", path, i));
        }
    }

    void one(json::object& property, const Column& column, const std::string& path) {
        // Without it every type's options would be judged at once.
        property["logicalType"] = name_of(column.type);
        options(property, column);
        values(property, column);
        rules(property, path);
        relationships(property);
        properties(property, column.properties, path);
        if (json::object* items = object_at(property, "items"); items && !column.items.empty())
            this->one(*items, column.items[0], path + ".items");
        if (json::object* map = object_at(property, "map"); map && column.map.size() == 2) {
            if (json::object* key = object_at(*map, "key"))
                this->one(*key, column.map[0], path + ".map.key");
            if (json::object* value = object_at(*map, "value"))
                this->one(*value, column.map[1], path + ".map.value");
        }
    }

    // Digits as they were written: 0.10 stays 0.10, and 3.0's exclusiveMinimum: true is a bound.
    void options(json::object& property, const Column& column) {
        json::object* options = object_at(property, "logicalTypeOptions");
        if (options == nullptr) return;
        const auto set = [&](std::string_view key, const std::string& text) {
            if (text.empty()) {
                options->stable_erase(key);
            } else {
                (*options)[key] = m_digits(column.type, text);
            }
        };
        set("minimum", column.options.minimum);
        set("maximum", column.options.maximum);
        set("exclusiveMinimum", column.options.exclusive_minimum);
        set("exclusiveMaximum", column.options.exclusive_maximum);
        if (json::value* format = options->if_contains("format")) to_text_value(*format);
        if (column.type == LogicalType::kObject && options->stable_erase("format") > 0)
            add_ours(property, "geometryFormat", json::value(column.options.format));
        if (options->empty()) property.stable_erase("logicalTypeOptions");
    }

    void values(json::object& property, const Column& column) {
        json::array* list = list_at(property, "enum");
        for (std::size_t i = 0; list && i < list->size() && i < column.enumeration.size(); ++i) {
            if (json::object* one = (*list)[i].if_object())
                (*one)["value"] = m_digits(column.type, column.enumeration[i].value);
        }
    }

    void rules(json::object& owner, const std::string& path) {
        json::array* list = list_at(owner, "quality");
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            json::object* one = (*list)[i].if_object();
            if (one == nullptr) continue;
            if (json::value* dimension = one->if_contains("dimension")) {
                for (const Rename& known : kDimensions) {
                    if (*dimension == json::value(known.from)) *dimension = known.to;
                }
            }
            const auto rule = m_rules.find(fmt::format("{}.quality[{}]", path, i));
            if (rule != m_rules.end() && rule->second->metric) library(*one, *rule->second->metric);
        }
    }

    void library(json::object& quality, const contract::MetricRule& rule) {
        quality["metric"] = name_of(rule.metric);
        quality.stable_erase("rule");
        if (quality.stable_erase("validValues") > 0 && !quality.contains("arguments"))
            quality["arguments"] = json::object();
        if (json::object* arguments = object_at(quality, "arguments")) {
            if (!rule.valid_values.empty())
                (*arguments)["validValues"] = json::value_from(rule.valid_values);
            if (!rule.missing_values.empty() || rule.null_is_missing) {
                json::array values(json::value_from(rule.missing_values).get_array());
                if (rule.null_is_missing) values.emplace_back(nullptr);
                (*arguments)["missingValues"] = std::move(values);
            }
        }
        // 3.0 named no bound where none may fail.
        if (!quality.contains(name_of(rule.op))) quality[name_of(rule.op)] = 0;
        json::value& bound = quality[name_of(rule.op)];
        to_number_value(bound);
    }

    static void add_ours(json::object& owner, std::string_view name, json::value value) {
        json::value& ours = owner["customProperties"];
        if (!ours.is_array()) ours = json::array();
        ours.get_array().push_back(json::object{{"property", name}, {"value", std::move(value)}});
    }

    // Its text shows `description` here, its schema has no place for it.
    static void relationships(json::object& owner) {
        json::array* list = list_at(owner, "relationships");
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            json::object* one = (*list)[i].if_object();
            if (one == nullptr || !one->contains("description")) continue;
            json::value words = (*one)["description"];
            one->stable_erase("description");
            add_ours(*one, "description", std::move(words));
        }
    }

    // Of a dataset's own: the columns it comes from, with the dataset before them.
    static void referring_columns(json::object& owner, const contract::Dataset& dataset) {
        const auto whole = [&](json::value& from) {
            const json::string* text = from.if_string();
            if (text != nullptr && dataset.at_path(*text) != nullptr)
                from = json::value(dataset.schema + "." + std::string(*text));
        };
        json::array* list = list_at(owner, "relationships");
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            json::object* one = (*list)[i].if_object();
            json::value* from = one == nullptr ? nullptr : one->if_contains("from");
            if (from == nullptr) continue;
            if (json::array* columns = from->if_array()) {
                for (json::value& column : *columns)
                    whole(column);
            } else {
                whole(*from);
            }
        }
    }

    json::object& m_document;
    const contract::Contract& m_contract;
    Digits m_digits;
    std::map<std::string, const contract::Rule*, std::less<>> m_rules;
};

}  // namespace

Result<std::string> odcs(const Wanted& wanted) {
    const contract::Contract& contract = wanted.contract;
    TRY_ASSIGN(const json::value source, parse_json(contract.document));
    json::value document = source;
    Upgrade(document.as_object(), contract, typed).run();
    if (document == source) return contract.text;
    document = source;
    Upgrade(document.as_object(), contract, exact).run();
    return yaml_of(document);
}

}  // namespace nguon::forms::internal
