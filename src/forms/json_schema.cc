// JSON Schema, draft 2020-12, of one row as JSON: as a load takes it and as the node gives it.
// Source: JSON Schema Core and Validation, draft 2020-12; regular expressions of section 6.4 of
// Core.
//
// What a load judges on the row alone is said by keywords that every validator checks; dates by a
// pattern, since `format` is only a note in this draft. What needs more than the row (keys,
// references, rules, bounds on dates) stands under "x-nguon", for people and programs that know it.
#include <fmt/format.h>

#include "contract/column_type.h"
#include "forms/internal/columns.h"
#include "forms/internal/moments.h"
#include "forms/internal/writers.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::LogicalType;

// As many digits as the node writes as a JSON number; longer ones are text
// (docs/reference/json.md).
constexpr int kNumberLength = 16;

void put(json::object& into, std::string_view key, const std::string& value) {
    if (!value.empty()) into[key] = value;
}

void add_text(json::object& schema, json::object& ours, const Column& column) {
    schema["type"] = "string";
    const contract::TypeOptions& options = column.options;
    const std::int64_t least = column.required ? 1 : 0;  // an empty text is no value
    if (const std::int64_t low = std::max(options.min_length.value_or(0), least); low > 0)
        schema["minLength"] = low;
    if (options.max_length) schema["maxLength"] = *options.max_length;
    if (!options.pattern.empty()) {
        if (is_common_pattern(options.pattern)) {
            schema["pattern"] = "^(?:" + options.pattern + ")$";
        } else {
            ours["pattern"] = options.pattern;
        }
    }
    const std::string shape = contract::pattern_of_format(options.format);
    if (!shape.empty() && !schema.contains("pattern"))
        schema["pattern"] = fmt::format("^(?:{})$", shape);
    for (const std::string_view format : {"email", "uuid", "uri", "hostname", "ipv4", "ipv6"}) {
        if (options.format == format) schema["format"] = format;
    }
    if (options.format == "byte") schema["contentEncoding"] = "base64";
    if (!schema.contains("format")) put(ours, "format", options.format);
}

void add_number(json::object& schema, json::object& ours, const Column& column) {
    const contract::TypeOptions& options = column.options;
    schema["type"] = column.type == LogicalType::kInteger ? "integer" : "number";
    const auto bound = [&](std::string_view key, const std::string& text) {
        if (!text.empty()) schema[key] = typed(column.type, text);
    };
    bound("minimum", options.minimum);
    bound("maximum", options.maximum);
    bound("exclusiveMinimum", options.exclusive_minimum);
    bound("exclusiveMaximum", options.exclusive_maximum);
    // 0.3 is no multiple of 0.1 where both are doubles.
    const json::value multiple = typed(LogicalType::kNumber, options.multiple_of);
    if (multiple.is_int64()) schema["multipleOf"] = multiple;
    if (!multiple.is_int64()) put(ours, "multipleOf", options.multiple_of);
    put(ours, "format", options.format);
    if (column.decimal != 0) ours["decimalSeparator"] = std::string(1, column.decimal);
    if (column.precision == 0) return;
    ours["precision"] = column.precision;
    ours["scale"] = column.scale;
    if (column.precision + 2 <= kNumberLength) return;
    schema["type"] = json::array{"number", "string"};
    schema["pattern"] =
        column.scale == 0 ? fmt::format("^-?[0-9]{{1,{}}}$", column.precision)
                          : fmt::format("^-?[0-9]{{1,{}}}([.][0-9]{{1,{}}})?$",
                                        std::max(column.precision - column.scale, 1), column.scale);
}

void add_moment(json::object& schema, json::object& ours, const Column& column) {
    schema["type"] = "string";
    const contract::TypeOptions& options = column.options;
    std::string pattern;
    if (column.type == LogicalType::kDate) {
        pattern = date_pattern("yyyy-MM-dd");
        if (date_format(column) == "yyyy-MM-dd") {
            schema["format"] = "date";
        } else {  // sent in the contract's format, given back in ISO 8601
            pattern += "|" + date_pattern(date_format(column));
            ours["dateFormat"] = date_format(column);
        }
    } else if (column.type == LogicalType::kTimestamp) {
        if (options.timezone) schema["format"] = "date-time";
        pattern = timestamp_pattern();
    } else {
        pattern = time_pattern();
    }
    if (has_own_format(column)) {
        pattern += "|" + moment_pattern(options.format);
        ours["dateFormat"] = options.format;
        schema.erase("format");
    }
    put(ours, "defaultTimezone", options.default_timezone);
    schema["pattern"] = "^(" + pattern + ")$";
    put(ours, "minimum", options.minimum);
    put(ours, "maximum", options.maximum);
    put(ours, "exclusiveMinimum", options.exclusive_minimum);
    put(ours, "exclusiveMaximum", options.exclusive_maximum);
}

json::object property_of(const Column& column, Language language);

// Geometry as RFC 7946 has it, so far as a schema of one page can say.
void add_geometry(json::object& schema) {
    schema["required"] = json::array{"type"};
    schema["properties"] = {
        {"type",
         {{"enum",
           {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
            "GeometryCollection", "Feature", "FeatureCollection"}}}}};
}

void add_object(json::object& schema, const Column& column, Language language) {
    json::object properties;
    json::array required;
    for (const Column& part : column.properties) {
        properties[part.name] = property_of(part, language);
        if (part.required) required.emplace_back(part.name);
    }
    for (const std::string& name : column.options.required_properties) {
        if (std::ranges::find(required, json::value(name)) == required.end())
            required.emplace_back(name);
    }
    if (!properties.empty()) schema["properties"] = std::move(properties);
    if (!required.empty()) schema["required"] = std::move(required);
    if (column.options.format == "geojson" && column.properties.empty()) add_geometry(schema);
    if (column.options.min_properties) schema["minProperties"] = *column.options.min_properties;
    if (column.options.max_properties) schema["maxProperties"] = *column.options.max_properties;
}

// A nested value is JSON: as such in JSON, as its text in a cell of CSV.
void add_nested(json::object& schema, json::object& ours, const Column& column, Language language) {
    const contract::TypeOptions& options = column.options;
    const bool is_list = column.type == LogicalType::kArray || column.type == LogicalType::kVector;
    schema["type"] = json::array{is_list ? "array" : "object", "string"};
    schema["contentMediaType"] = "application/json";
    if (column.type == LogicalType::kObject) return add_object(schema, column, language);
    if (column.type == LogicalType::kMap) {
        if (column.map.size() == 2) {
            schema["propertyNames"] = property_of(column.map[0], language);
            schema["propertyNames"].get_object()["type"] = "string";
            schema["additionalProperties"] = property_of(column.map[1], language);
        }
        return;
    }
    if (column.type == LogicalType::kVector) {
        schema["items"] = {{"type", "number"}};
        if (options.dimensions > 0) schema["minItems"] = schema["maxItems"] = options.dimensions;
        put(ours, "elementType", options.element_type);
        return;
    }
    if (!column.items.empty()) schema["items"] = property_of(column.items[0], language);
    if (options.min_items) schema["minItems"] = *options.min_items;
    if (options.max_items) schema["maxItems"] = *options.max_items;
    if (options.unique_items) schema["uniqueItems"] = true;
}

void add_type(json::object& schema, json::object& ours, const Column& column, Language language) {
    switch (column.type) {
        case LogicalType::kString: return add_text(schema, ours, column);
        case LogicalType::kInteger:
        case LogicalType::kNumber: return add_number(schema, ours, column);
        case LogicalType::kBoolean: schema["type"] = "boolean"; return;
        case LogicalType::kDate:
        case LogicalType::kTimestamp:
        case LogicalType::kTime: return add_moment(schema, ours, column);
        case LogicalType::kObject:
        case LogicalType::kArray:
        case LogicalType::kMap:
        case LogicalType::kVector: return add_nested(schema, ours, column, language);
    }
}

void allow_null(json::object& schema) {
    json::value& type = schema["type"];
    if (type.is_array()) {
        type.get_array().emplace_back("null");
    } else {
        type = json::array{type, "null"};
    }
}

json::array labelled(const Column& column, Language language) {
    json::array values;
    for (const contract::EnumValue& value : column.enumeration) {
        json::object one{{"const", typed(column.type, value.value)}};
        if (!value.label.empty()) {
            one["title"] = value.label.in(language);
            one["x-title"] = in_both(value.label);
        }
        values.push_back(std::move(one));
    }
    if (!column.required) values.push_back(json::object{{"const", nullptr}});
    return values;
}

json::object property_of(const Column& column, Language language) {
    json::object schema, ours;
    if (!column.title.empty()) schema["title"] = column.title.in(language);
    if (!column.description.empty()) schema["description"] = column.description.in(language);
    add_type(schema, ours, column, language);
    if (!column.required) allow_null(schema);
    if (!column.enumeration.empty()) schema["oneOf"] = labelled(column, language);
    if (!column.title.empty()) schema["x-title"] = in_both(column.title);
    if (column.deprecated) schema["deprecated"] = true;
    if (!column.description.empty()) schema["x-description"] = in_both(column.description);
    if (column.key_position > 0) ours["key"] = column.key_position;
    if (column.unique) ours["unique"] = true;
    put(ours, "classification", column.classification);
    if (column.reference)
        ours["references"] = column.reference->dataset + "." + column.reference->column;
    if (!ours.empty()) schema["x-nguon"] = std::move(ours);
    return schema;
}

json::object about(const contract::Dataset& dataset, Language language) {
    json::object ours{{"dataset", dataset.name}, {"version", dataset.version}};
    json::array key, foreign, rules;
    for (const Column* column : dataset.key())
        key.emplace_back(column->name);
    for (const contract::ForeignKey& one : dataset.foreign_keys) {
        foreign.push_back(json::object{{"columns", json::value_from(one.columns)},
                                       {"dataset", one.dataset},
                                       {"references", json::value_from(one.target_columns)}});
    }
    for (const contract::Rule& rule : dataset.rules) {
        json::object one{{"name", rule.name}};
        put(one, "column", rule.column);
        put(one, "expression", rule.expression);
        put(one, "description", rule.description.in(language));
        rules.push_back(std::move(one));
    }
    if (!key.empty()) ours["primaryKey"] = std::move(key);
    if (!foreign.empty()) ours["foreignKeys"] = std::move(foreign);
    if (!rules.empty()) ours["rules"] = std::move(rules);
    return ours;
}

}  // namespace

json::object json_schema(const Wanted& wanted) {
    const contract::Dataset& dataset = wanted.dataset;
    json::object properties;
    json::array required;
    for (const Column& promised : dataset.columns) {
        const Column column = as_judged(dataset, promised);
        properties[column.name] = property_of(column, wanted.language);
        if (column.required) required.emplace_back(column.name);
    }
    json::object schema{
        {"$schema", "https://json-schema.org/draft/2020-12/schema"},
        {"$id", fmt::format("urn:nguon:dataset:{}:{}", dataset.name, dataset.version)},
        {"title", dataset.title.empty() ? dataset.name : dataset.title.in(wanted.language)},
        {"type", "object"}};
    if (!dataset.description.empty())
        schema["description"] = dataset.description.in(wanted.language);
    schema["properties"] = std::move(properties);
    if (!required.empty()) schema["required"] = std::move(required);
    if (!dataset.title.empty()) schema["x-title"] = in_both(dataset.title);
    if (!dataset.description.empty()) schema["x-description"] = in_both(dataset.description);
    schema["x-nguon"] = about(dataset, wanted.language);
    return schema;
}

}  // namespace nguon::forms::internal
