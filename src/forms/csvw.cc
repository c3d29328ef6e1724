// CSV on the Web metadata: the dataset's table, and those that it refers to as far as they are
// known. Source: W3C Recommendations of 2015-12-17, Metadata Vocabulary for Tabular Data, and Model
// for Tabular Data (section 6.4 formats of numbers, dates and text).
#include <fmt/format.h>

#include <array>
#include <deque>
#include <set>

#include "forms/internal/columns.h"
#include "forms/internal/moments.h"
#include "forms/internal/writers.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::Dataset;
using contract::LogicalType;

constexpr std::size_t kMostTables = 50;

// Model for Tabular Data, section 6.4.4: the formats every reader knows.
bool is_known_date(std::string_view format) {
    static constexpr std::array<std::string_view, 8> kKnown = {
        "yyyy-MM-dd", "yyyyMMdd",   "dd-MM-yyyy", "MM-dd-yyyy",
        "dd/MM/yyyy", "MM/dd/yyyy", "dd.MM.yyyy", "MM.dd.yyyy"};
    return std::ranges::find(kKnown, format) != kKnown.end();
}

std::string_view base_of(const Column& column) {
    switch (column.type) {
        case LogicalType::kInteger: return "integer";
        // As people write numbers, none is NaN or has an exponent.
        case LogicalType::kNumber:
            return column.precision > 0 || column.decimal != 0 ? "decimal" : "double";
        case LogicalType::kBoolean: return "boolean";
        case LogicalType::kDate: return is_known_date(date_format(column)) ? "date" : "string";
        // xsd:dateTime wants a T; a load also takes a space, which only a pattern can say.
        case LogicalType::kTimestamp:
        case LogicalType::kTime:
            if (has_own_format(column) && !csvw_format_of(column.type, column.options.format))
                return "string";
            return column.type == LogicalType::kTime ? "time" : "dateTime";
        case LogicalType::kObject:
        case LogicalType::kArray:
        case LogicalType::kMap:
        case LogicalType::kVector: return "json";
        default: return "string";
    }
}

// A list of values is a pattern: CSVW has no enumeration.
std::string pattern_of(const Column& column) {
    std::string pattern;
    for (const contract::EnumValue& value : column.enumeration)
        pattern += (pattern.empty() ? "" : "|") + as_pattern(value.value);
    if (!pattern.empty()) return "(" + pattern + ")";
    if (column.type == LogicalType::kDate) return date_pattern(date_format(column));
    if (has_own_format(column)) return moment_pattern(column.options.format);
    const std::string& own = column.options.pattern;
    if (own.find('|') != std::string::npos) return "(" + own + ")";
    return own;
}

json::value datatype_of(const Column& column, json::object& cell) {
    const std::string_view base = base_of(column);
    const contract::TypeOptions& options = column.options;
    json::object type{{"base", base}};
    if (base == "string") {
        if (options.min_length) type["minLength"] = *options.min_length;
        if (options.max_length) type["maxLength"] = *options.max_length;
        const std::string pattern = pattern_of(column);
        if (is_common_pattern(pattern) && !pattern.empty()) type["format"] = pattern;
    }
    const bool has_format = base != "string" && has_own_format(column);
    if (base == "date") type["format"] = date_format(column);
    if (has_format) type["format"] = *csvw_format_of(column.type, column.options.format);
    if (column.decimal != 0)
        type["format"] = {{"decimalChar", std::string(1, column.decimal)},
                          {"groupChar", column.decimal == ',' ? "." : ","}};
    const auto bound = [&](std::string_view key, const std::string& text) {
        if (text.empty() || base == "string" || base == "json" || has_format) return;
        // The standard leaves open in which form a date's bound stands; its readers take the cells'
        // own.
        const bool is_date = column.type == LogicalType::kDate;
        const bool is_number =
            column.type == LogicalType::kInteger || column.type == LogicalType::kNumber;
        type[key] = is_number ? typed(column.type, text)
                    : is_date ? json::value(in_format(text, date_format(column)))
                              : json::value(text);
    };
    bound("minimum", options.minimum);
    bound("maximum", options.maximum);
    bound("minExclusive", options.exclusive_minimum);
    bound("maxExclusive", options.exclusive_maximum);
    if (!column.enumeration.empty() && base != "string")
        cell["dc:format"] = "enum: " + pattern_of(column);
    if (type.size() == 1) return json::value(base);
    return type;
}

json::object in_languages(const Text& text) {
    json::object both;
    if (!text.vi.empty()) both["vi"] = text.vi;
    if (!text.en.empty()) both["en"] = text.en;
    return both;
}

// Common properties carry a language as JSON-LD does.
void put_text(json::object& into, std::string_view key, const Text& text) {
    if (text.empty()) return;
    if (text.vi == text.en) {
        into[key] = text.vi;
        return;
    }
    into[key] = json::array{{{"@value", text.vi}, {"@language", "vi"}},
                            {{"@value", text.en}, {"@language", "en"}}};
}

json::object column_of(const Column& column) {
    json::object cell{{"name", column.name}};
    // The name itself is a title, for files that have it in their header.
    json::object titles = in_languages(column.title);
    titles["und"] = column.name;
    cell["titles"] = std::move(titles);
    put_text(cell, "dc:description", column.description);
    cell["datatype"] = datatype_of(column, cell);
    cell["required"] = column.required;
    cell["null"] = "";
    json::array labels;
    for (const contract::EnumValue& value : column.enumeration) {
        if (!value.label.empty())
            labels.emplace_back(value.value + " = " + value.label.vi +
                                (value.label.en == value.label.vi ? "" : " / " + value.label.en));
    }
    if (!labels.empty()) cell["dc:type"] = std::move(labels);
    // The standard has no word for the zone of values that name none; our own import reads this.
    if (const std::string& zone = column.options.default_timezone; !zone.empty())
        cell["dc:temporal"] = std::string(kZoneWord) + zone;
    return cell;
}

class Group {
public:
    explicit Group(const Wanted& wanted) : m_wanted(wanted) {}

    json::object write() {
        collect();
        json::array tables;
        for (const Dataset* dataset : m_order)
            tables.push_back(table_of(*dataset));
        json::object root;
        root["@context"] =
            json::array{"http://www.w3.org/ns/csvw",
                        {{"@language", m_wanted.language == Language::kVietnamese ? "vi" : "en"}}};
        if (tables.size() > 1) {
            root["tables"] = std::move(tables);
            return root;
        }
        for (const auto& member : tables[0].get_object())
            root[member.key()] = member.value();
        return root;
    }

private:
    const Dataset* find(const std::string& name) const {
        for (const Dataset& dataset : m_wanted.contract.datasets) {
            if (dataset.name == name) return &dataset;
        }
        return m_wanted.find ? m_wanted.find(name) : nullptr;
    }

    void collect() {
        std::deque<const Dataset*> waiting{&m_wanted.dataset};
        while (!waiting.empty() && m_order.size() < kMostTables) {
            const Dataset* dataset = waiting.front();
            waiting.pop_front();
            if (!m_names.insert(dataset->name).second) continue;
            m_order.push_back(dataset);
            const auto follow = [&](const std::string& name) {
                if (const Dataset* target = find(name)) waiting.push_back(target);
            };
            for (const Column& column : dataset->columns) {
                if (column.reference) follow(column.reference->dataset);
            }
            for (const contract::ForeignKey& key : dataset->foreign_keys)
                follow(key.dataset);
        }
    }

    std::string url_of(const std::string& name) const {
        const bool own = name.starts_with(m_wanted.dataset.domain + ".");
        return (own ? std::string(schema_of(name)) : name) + ".csv";
    }

    // A foreign key must lead from columns to those of a table of the group; any other is told.
    void refer(json::array& keys, json::array& elsewhere, const contract::ForeignKey& key) const {
        const json::value columns = json::value_from(key.columns);
        const json::value target_columns = json::value_from(key.target_columns);
        if (m_names.contains(key.dataset) && is_of_columns(key)) {
            keys.push_back(json::object{
                {"columnReference", columns},
                {"reference",
                 {{"resource", url_of(key.dataset)}, {"columnReference", target_columns}}}});
        } else {
            elsewhere.emplace_back(to_text(columns) + " -> " + key.dataset +
                                   to_text(target_columns));
        }
    }

    json::object table_of(const Dataset& dataset) const {
        json::array columns, keys, elsewhere, primary;
        for (const Column& promised : dataset.columns) {
            const Column column = as_judged(dataset, promised);
            columns.push_back(column_of(column));
            if (const auto& to = column.reference)
                refer(keys, elsewhere, {{column.name}, to->dataset, {to->column}, {}});
        }
        for (const contract::ForeignKey& key : dataset.foreign_keys)
            refer(keys, elsewhere, key);
        for (const Column* column : dataset.key())
            primary.emplace_back(column->name);
        json::object schema{{"columns", std::move(columns)}};
        if (!primary.empty()) schema["primaryKey"] = std::move(primary);
        if (!keys.empty()) schema["foreignKeys"] = std::move(keys);
        json::object table{{"url", url_of(dataset.name)}, {"dc:identifier", dataset.name}};
        put_text(table, "dc:title", dataset.title);
        put_text(table, "dc:description", dataset.description);
        if (!elsewhere.empty()) table["dc:references"] = std::move(elsewhere);
        table["dialect"] = {{"encoding", "utf-8"}, {"delimiter", ","}, {"header", true}};
        table["tableSchema"] = std::move(schema);
        return table;
    }

    const Wanted& m_wanted;
    std::vector<const Dataset*> m_order;
    std::set<std::string> m_names;
};

}  // namespace

json::object csvw(const Wanted& wanted) {
    return Group(wanted).write();
}

}  // namespace nguon::forms::internal
