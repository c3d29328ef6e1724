// A contract as an ODCS 3.2 document, from what parse() understands: what an import writes.
// Source: Open Data Contract Standard v3.2.0 and its JSON Schema.
#include <fmt/format.h>

#include <cmath>

#include "forms/internal/columns.h"
#include "forms/internal/writers.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::Dimension;
using contract::LogicalType;

void put(json::object& into, std::string_view key, std::string_view value) {
    if (!value.empty()) into[key] = value;
}

json::object custom(std::string_view property, json::value value) {
    return {{"property", property}, {"value", std::move(value)}};
}

// Vietnamese in the standard's field, English beside it where it differs.
void put_text(json::object& into, json::array& ours, std::string_view key, const Text& text) {
    put(into, key, text.vi.empty() ? text.en : text.vi);
    if (!text.en.empty() && text.en != text.vi)
        ours.push_back(custom(std::string(key) + "_en", json::value(text.en)));
}

// A count without its ".0".
json::value count(double number) {
    if (std::floor(number) == number && std::abs(number) < 9e15)
        return static_cast<std::int64_t>(number);
    return number;
}

std::string_view word_of(Dimension dimension) {
    switch (dimension) {
        case Dimension::kAccurate: return "accuracy";
        case Dimension::kComplete: return "completeness";
        case Dimension::kClean: return "uniqueness";
        case Dimension::kLive: return "timeliness";
    }
    return {};
}

json::value bound_of(const contract::MetricRule& rule) {
    if (rule.op == contract::Operator::kMustBeBetween ||
        rule.op == contract::Operator::kMustNotBeBetween)
        return json::array{count(rule.low), count(rule.high)};
    return count(rule.low);
}

json::object arguments_of(const contract::MetricRule& rule) {
    json::object arguments;
    if (rule.metric == contract::Metric::kMissingValues) {
        json::array values(json::value_from(rule.missing_values).get_array());
        if (rule.null_is_missing) values.emplace_back(nullptr);
        arguments["missingValues"] = std::move(values);
    }
    if (!rule.valid_values.empty()) arguments["validValues"] = json::value_from(rule.valid_values);
    put(arguments, "pattern", rule.pattern);
    if (!rule.properties.empty()) arguments["properties"] = json::value_from(rule.properties);
    return arguments;
}

json::value sql_bound(const contract::SqlRule& rule) {
    if (!rule.text.empty()) return json::value(rule.text);
    if (rule.op == contract::Operator::kMustBeBetween ||
        rule.op == contract::Operator::kMustNotBeBetween)
        return json::array{count(rule.low), count(rule.high)};
    return count(rule.low);
}

json::object rule_of(const contract::Rule& rule) {
    json::object out{{"name", rule.name}};
    json::array ours;
    put_text(out, ours, "description", rule.description);
    if (rule.metric) {
        out["type"] = "library";
        out["metric"] = name_of(rule.metric->metric);
        if (json::object arguments = arguments_of(*rule.metric); !arguments.empty())
            out["arguments"] = std::move(arguments);
        out[name_of(rule.metric->op)] = bound_of(*rule.metric);
        if (rule.metric->unit == contract::Unit::kPercent) out["unit"] = "percent";
    } else if (rule.sql) {
        out["type"] = "sql";
        out["query"] = rule.sql->query;
        out[name_of(rule.sql->op)] = sql_bound(*rule.sql);
        put(out, "unit", rule.sql->unit);
    } else {
        out["type"] = "custom";
        out["engine"] = "nguon";
        out["implementation"] = rule.expression;
    }
    out["dimension"] = word_of(rule.dimension);
    out["severity"] = name_of(rule.severity);
    if (!ours.empty()) out["customProperties"] = std::move(ours);
    return out;
}

json::array rules_of(const contract::Dataset& dataset, std::string_view column) {
    json::array rules;
    for (const contract::Rule& rule : dataset.rules) {
        if (rule.column == column) rules.push_back(rule_of(rule));
    }
    return rules;
}

// `domain.schema.column`, or `schema.column` within the contract.
std::string reference_to(const contract::Contract& contract, const std::string& dataset,
                         const std::string& column) {
    const std::string prefix = contract.domain + ".";
    const bool own = dataset.starts_with(prefix) && dataset.find('.') == prefix.size() - 1;
    const std::string_view schema = schema_of(dataset);
    const bool here = own && std::ranges::any_of(contract.datasets, [&](const auto& one) {
                          return one.schema == schema;
                      });
    return here ? fmt::format("{}.{}", schema, column) : fmt::format("{}.{}", dataset, column);
}

json::object options_of(const Column& column) {
    const contract::TypeOptions& options = column.options;
    json::object out;
    if (options.min_length) out["minLength"] = *options.min_length;
    if (options.max_length) out["maxLength"] = *options.max_length;
    put(out, "pattern", options.pattern);
    if (column.type != LogicalType::kObject) put(out, "format", options.format);
    const auto bound = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) out[key] = exact(column.type, value);
    };
    bound("minimum", options.minimum);
    bound("maximum", options.maximum);
    bound("exclusiveMinimum", options.exclusive_minimum);
    bound("exclusiveMaximum", options.exclusive_maximum);
    bound("multipleOf", options.multiple_of);
    if (!options.timezone) out["timezone"] = false;
    put(out, "defaultTimezone", options.default_timezone);
    const auto count = [&](std::string_view key, const std::optional<std::int64_t>& value) {
        if (value) out[key] = *value;
    };
    count("minItems", options.min_items);
    count("maxItems", options.max_items);
    count("minProperties", options.min_properties);
    count("maxProperties", options.max_properties);
    if (options.unique_items) out["uniqueItems"] = true;
    if (!options.required_properties.empty())
        out["required"] = json::value_from(options.required_properties);
    if (column.type != LogicalType::kVector) return out;
    out["dimensions"] = options.dimensions;
    put(out, "elementType", options.element_type);
    put(out, "distanceMetric", options.distance_metric);
    put(out, "embeddingModel", options.embedding_model);
    put(out, "embeddingModelVersion", options.embedding_model_version);
    if (options.normalized) out["normalized"] = true;
    return out;
}

json::array values_of(const Column& column) {
    json::array values;
    for (const contract::EnumValue& value : column.enumeration) {
        json::object one{{"value", exact(column.type, value.value)}};
        json::array ours;
        if (value.label.vi != value.value || value.label.en != value.value)
            put_text(one, ours, "label", value.label);
        if (!ours.empty()) one["customProperties"] = std::move(ours);
        values.push_back(std::move(one));
    }
    return values;
}

void add_parts(json::object& out, const Column& column) {
    json::array properties;
    for (const Column& part : column.properties)
        properties.push_back(property_document(part));
    if (!properties.empty()) out["properties"] = std::move(properties);
    if (!column.items.empty()) out["items"] = property_document(column.items[0]);
    if (column.map.size() == 2)
        out["map"] = {{"key", property_document(column.map[0])},
                      {"value", property_document(column.map[1])}};
}

json::object property_of(const contract::Contract& contract, const contract::Dataset& dataset,
                         const Column& column) {
    json::object out = property_document(column);
    if (column.reference) {
        const std::string to =
            reference_to(contract, column.reference->dataset, column.reference->column);
        out["relationships"] = json::array{{{"type", "foreignKey"}, {"to", to}}};
    }
    if (json::array rules = rules_of(dataset, column.name); !rules.empty())
        out["quality"] = std::move(rules);
    return out;
}

json::array keys_of(const contract::Contract& contract, const contract::Dataset& dataset) {
    json::array keys;
    for (const contract::ForeignKey& key : dataset.foreign_keys) {
        json::array from, to;
        for (const std::string& column : key.columns)
            from.emplace_back(dataset.schema + "." + column);
        for (const std::string& column : key.target_columns)
            to.emplace_back(reference_to(contract, key.dataset, column));
        keys.push_back(
            json::object{{"type", "foreignKey"}, {"from", std::move(from)}, {"to", std::move(to)}});
    }
    return keys;
}

json::object object_of(const contract::Contract& contract, const contract::Dataset& dataset) {
    json::object out{
        {"name", dataset.schema}, {"logicalType", "object"}, {"physicalType", "table"}};
    json::array ours;
    put_text(out, ours, "businessName", dataset.title);
    put_text(out, ours, "description", dataset.description);
    ours.push_back(custom("access", json::value(name_of(dataset.access))));
    ours.push_back(custom("level", dataset.level));
    ours.push_back(custom("mode", json::value(name_of(dataset.mode))));
    if (!dataset.subject.empty()) ours.push_back(custom("subject", json::value(dataset.subject)));
    out["customProperties"] = std::move(ours);
    if (json::array keys = keys_of(contract, dataset); !keys.empty())
        out["relationships"] = std::move(keys);
    if (json::array rules = rules_of(dataset, ""); !rules.empty())
        out["quality"] = std::move(rules);
    json::array properties;
    for (const Column& column : dataset.columns)
        properties.push_back(property_of(contract, dataset, column));
    out["properties"] = std::move(properties);
    return out;
}

}  // namespace

json::object property_document(const Column& column) {
    json::object out;
    json::array ours;
    put(out, "name", column.name);
    if (column.title.vi != column.name || column.title.en != column.name)
        put_text(out, ours, "businessName", column.title);
    out["logicalType"] = name_of(column.type);
    if (!column.physical_type.empty()) {
        out["physicalType"] = column.physical_type;
    } else if (column.precision > 0) {
        out["physicalType"] = fmt::format("DECIMAL({},{})", column.precision, column.scale);
    }
    put_text(out, ours, "description", column.description);
    if (column.key_position > 0) {
        out["primaryKey"] = true;
        out["primaryKeyPosition"] = column.key_position;
    }
    if (column.required) out["required"] = true;
    if (column.unique) out["unique"] = true;
    if (column.deprecated) out["deprecated"] = true;
    put(out, "classification", column.classification);
    if (column.decimal != 0)
        ours.push_back(custom("decimalSeparator", json::value(std::string(1, column.decimal))));
    if (column.type == LogicalType::kObject && !column.options.format.empty())
        ours.push_back(custom("geometryFormat", json::value(column.options.format)));
    if (json::object options = options_of(column); !options.empty())
        out["logicalTypeOptions"] = std::move(options);
    if (!column.enumeration.empty()) out["enum"] = values_of(column);
    add_parts(out, column);
    if (!ours.empty()) out["customProperties"] = std::move(ours);
    return out;
}

json::object document_of(const contract::Contract& contract) {
    json::object out{{"apiVersion", "v3.2.0"}, {"kind", "DataContract"}, {"id", contract.id}};
    json::array ours;
    put(out, "name", contract.name);
    out["version"] = contract.version;
    put(out, "status", contract.status);
    if (contract.domain != contract.name) put(out, "domain", contract.domain);
    if (!contract.title.en.empty() && contract.title.en != contract.title.vi)
        ours.push_back(custom("title_en", json::value(contract.title.en)));
    if (!ours.empty()) out["customProperties"] = std::move(ours);
    json::array objects;
    for (const contract::Dataset& dataset : contract.datasets)
        objects.push_back(object_of(contract, dataset));
    out["schema"] = std::move(objects);
    return out;
}

}  // namespace nguon::forms::internal
