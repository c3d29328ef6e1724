// Frictionless Table Schema of the dataset's files.
// Source: Table Schema, Data Package v1 and v2 (datapackage.org/standard/table-schema). Of v2 only
// what readers of v1 pass over: `categories`, exclusive bounds.
#include <fmt/format.h>

#include "forms/internal/columns.h"
#include "forms/internal/moments.h"
#include "forms/internal/writers.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::LogicalType;

std::string_view type_of(const Column& column) {
    if (column.type == LogicalType::kObject && column.options.format == "geojson") return "geojson";
    switch (column.type) {
        case LogicalType::kTimestamp: return "datetime";
        case LogicalType::kMap: return "object";
        case LogicalType::kVector: return "array";
        default: return name_of(column.type);
    }
}

// The word for it in a Table Schema; nothing where the default is meant.
std::string format_of(const Column& column) {
    const std::string& format = column.options.format;
    if (column.type == LogicalType::kDate && date_format(column) != "yyyy-MM-dd")
        return strptime_of(format).value_or("");
    if (has_own_format(column)) return strptime_of_moment(format).value_or("");
    if (column.type != LogicalType::kString) return {};
    if (format == "email" || format == "uuid" || format == "uri") return format;
    return format == "byte" ? "binary" : "";
}

// Of dates in the format of the field, as Table Schema asks.
json::value bound(const Column& column, const std::string& text) {
    if (column.type == LogicalType::kDate) return json::value(in_format(text, date_format(column)));
    return typed(column.type, text);
}

// Readers compare moments in a form of their own with bounds in that form, and know no zone of
// values that name none: such bounds stand beside the constraints.
void add_moment_bounds(json::object& field, const contract::TypeOptions& options) {
    const auto put = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) field[key] = value;
    };
    put("x-minimum", options.minimum);
    put("x-maximum", options.maximum);
    put("x-exclusiveMinimum", options.exclusive_minimum);
    put("x-exclusiveMaximum", options.exclusive_maximum);
}

void add_bounds(json::object& constraints, json::object& field, const Column& column) {
    const contract::TypeOptions& options = column.options;
    if (has_own_format(column)) return add_moment_bounds(field, options);
    const auto put = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) constraints[key] = bound(column, value);
    };
    put("minimum", options.minimum);
    put("maximum", options.maximum);
    // v1 refuses exclusive bounds: whole numbers and dates take the next value; what was meant
    // stands beside the constraints.
    const auto exclusive = [&](std::string_view key, std::string_view inclusive,
                               const std::string& value, int step) {
        if (value.empty()) return;
        if (const auto next = next_to(column.type, value, step)) put(inclusive, *next);
        field[key] = bound(column, value);
    };
    exclusive("x-exclusiveMinimum", "minimum", options.exclusive_minimum, 1);
    exclusive("x-exclusiveMaximum", "maximum", options.exclusive_maximum, -1);
    if (!options.multiple_of.empty())
        field["multipleOf"] = typed(LogicalType::kNumber, options.multiple_of);
}

json::object constraints_of(json::object& field, const Column& column) {
    json::object constraints;
    const contract::TypeOptions& options = column.options;
    if (column.required) constraints["required"] = true;
    if (column.unique) constraints["unique"] = true;
    if (options.min_length) constraints["minLength"] = *options.min_length;
    if (options.max_length) constraints["maxLength"] = *options.max_length;
    if (!options.pattern.empty() && column.type == LogicalType::kString) {
        // Readers put ^ before it and $ behind it as it stands.
        const bool parts = options.pattern.find('|') != std::string::npos;
        if (is_common_pattern(options.pattern))
            constraints["pattern"] = parts ? "(?:" + options.pattern + ")" : options.pattern;
        if (!is_common_pattern(options.pattern)) field["x-pattern"] = options.pattern;
    }
    add_bounds(constraints, field, column);
    if (column.enumeration.empty() || has_own_format(column)) return constraints;
    json::array values;
    for (const contract::EnumValue& value : column.enumeration)
        values.push_back(bound(column, value.value));
    constraints["enum"] = std::move(values);
    return constraints;
}

json::array categories_of(const Column& column, Language language) {
    json::array categories;
    for (const contract::EnumValue& value : column.enumeration) {
        json::object one{{"value", typed(column.type, value.value)}};
        if (!value.label.empty()) one["label"] = value.label.in(language);
        if (!value.label.empty()) one["x-label"] = in_both(value.label);
        categories.push_back(std::move(one));
    }
    return categories;
}

// How people write the values, where it is not as machines do.
void add_writing(json::object& field, const Column& column) {
    if (const std::string format = format_of(column); !format.empty()) field["format"] = format;
    if (has_own_format(column)) field["x-format"] = column.options.format;
    if (!column.options.default_timezone.empty())
        field["x-defaultTimezone"] = column.options.default_timezone;
    if (column.decimal == 0) return;
    field["decimalChar"] = std::string(1, column.decimal);
    field["groupChar"] = column.decimal == ',' ? "." : ",";
}

json::object field_of(const Column& column, Language language) {
    json::object field{{"name", column.name}, {"type", type_of(column)}};
    add_writing(field, column);
    field["title"] = column.title.in(language);
    if (!column.description.empty()) field["description"] = column.description.in(language);
    json::object constraints = constraints_of(field, column);
    if (!constraints.empty()) field["constraints"] = std::move(constraints);
    const bool has_categories =
        column.type == LogicalType::kString || column.type == LogicalType::kInteger;
    if (!column.enumeration.empty() && has_categories)
        field["categories"] = categories_of(column, language);
    field["x-title"] = in_both(column.title);
    if (!column.description.empty()) field["x-description"] = in_both(column.description);
    if (!column.classification.empty()) field["x-classification"] = column.classification;
    // What is inside of a nested value, whole, in the words of the standard that knows it.
    if (!column.properties.empty() || !column.items.empty() || !column.map.empty())
        field["x-logicalType"] = property_document(column);
    if (column.precision > 0)
        field["x-physicalType"] = fmt::format("DECIMAL({},{})", column.precision, column.scale);
    return field;
}

json::object foreign_key(const contract::Dataset& dataset, const json::value& fields,
                         const std::string& target, const json::value& target_fields) {
    // A reference within the same table names no resource.
    const std::string resource = target == dataset.name ? std::string() : target;
    return {{"fields", fields}, {"reference", {{"resource", resource}, {"fields", target_fields}}}};
}

}  // namespace

json::object table_schema(const contract::Dataset& dataset, Language language) {
    json::array fields, keys, parts, primary;
    for (const Column& promised : dataset.columns) {
        const Column column = as_judged(dataset, promised);
        fields.push_back(field_of(column, language));
        if (!column.reference) continue;
        keys.push_back(foreign_key(dataset, json::array{column.name}, column.reference->dataset,
                                   json::array{column.reference->column}));
    }
    for (const contract::ForeignKey& key : dataset.foreign_keys) {
        json::array& list = is_of_columns(key) ? keys : parts;
        list.push_back(foreign_key(dataset, json::value_from(key.columns), key.dataset,
                                   json::value_from(key.target_columns)));
    }
    for (const Column* column : dataset.key())
        primary.emplace_back(column->name);
    json::object schema{
        {"title", dataset.title.empty() ? dataset.name : dataset.title.in(language)}};
    if (!dataset.description.empty()) schema["description"] = dataset.description.in(language);
    schema["fields"] = std::move(fields);
    if (!primary.empty()) schema["primaryKey"] = std::move(primary);
    if (!keys.empty()) schema["foreignKeys"] = std::move(keys);
    if (!parts.empty()) schema["x-foreignKeys"] = std::move(parts);
    schema["missingValues"] = json::array{""};
    schema["x-dataset"] = dataset.name;
    if (!dataset.title.empty()) schema["x-title"] = in_both(dataset.title);
    if (!dataset.description.empty()) schema["x-description"] = in_both(dataset.description);
    return schema;
}

}  // namespace nguon::forms::internal
