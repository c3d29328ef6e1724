// Frictionless: a Table Schema alone, or the resources of a data package.
// Source: Data Package and Table Schema, v1 and v2 (datapackage.org).
#include <fmt/format.h>

#include <array>

#include "forms/internal/columns.h"
#include "forms/internal/draft.h"
#include "forms/internal/moments.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::LogicalType;

struct KnownType {
    std::string_view word;
    LogicalType type;
};
constexpr std::array kTypes = {
    KnownType{"string", LogicalType::kString},    KnownType{"integer", LogicalType::kInteger},
    KnownType{"number", LogicalType::kNumber},    KnownType{"boolean", LogicalType::kBoolean},
    KnownType{"date", LogicalType::kDate},        KnownType{"datetime", LogicalType::kTimestamp},
    KnownType{"time", LogicalType::kTime},        KnownType{"year", LogicalType::kInteger},
    KnownType{"yearmonth", LogicalType::kString}, KnownType{"any", LogicalType::kString},
    KnownType{"duration", LogicalType::kString},  KnownType{"geopoint", LogicalType::kString},
    KnownType{"list", LogicalType::kString},      KnownType{"geojson", LogicalType::kObject},
    KnownType{"object", LogicalType::kObject},    KnownType{"array", LogicalType::kArray}};

// `title`, in both languages where x-title has them.
Text words_of(const json::object& object, std::string_view key) {
    const std::string plain = text_at(object, key);
    Text words = Text::same(plain);
    if (const json::object* both = object_at(object, "x-" + std::string(key))) {
        if (const std::string vi = text_at(*both, "vi"); !vi.empty()) words.vi = vi;
        if (const std::string en = text_at(*both, "en"); !en.empty()) words.en = en;
    }
    return words;
}

class Field {
public:
    Field(const json::object& field, std::string path, Draft& draft, Column& column)
        : m_field(field), m_path(std::move(path)), m_draft(draft), m_column(column) {}

    void read() {
        m_column.description = words_of(m_field, "description");
        m_column.classification = text_at(m_field, "x-classification");
        read_type();
        read_format();
        if (const json::object* constraints = object_at(m_field, "constraints")) {
            read_constraints(*constraints);
        }
        take_exclusive("x-exclusiveMinimum", m_column.options.minimum,
                       m_column.options.exclusive_minimum);
        take_exclusive("x-exclusiveMaximum", m_column.options.maximum,
                       m_column.options.exclusive_maximum);
        read_labels();
        read_number_signs();
        read_own_moments();
    }

private:
    void note(std::string_view part, Text what) {
        m_draft.note(0, part.empty() ? m_path : fmt::format("{}.{}", m_path, part),
                     std::move(what));
    }

    void read_type() {
        const std::string word = text_at(m_field, "type");
        const auto known = std::ranges::find(kTypes, std::string_view(word), &KnownType::word);
        if (known != kTypes.end()) m_column.type = known->type;
        const bool as_text =
            !word.empty() && word != "string" && m_column.type == LogicalType::kString;
        if (m_field.contains("x-logicalType")) {
            note("x-logicalType",
                 {"các phần bên trong cột này chưa được nhập; hãy thêm vào hợp đồng",
                  "the parts inside of this column are not imported; add them to "
                  "the contract"});
        }
        if (as_text && word != "any") {
            note("type", {fmt::format("kiểu «{}» được giữ dưới dạng chữ", word),
                          fmt::format("the type \"{}\" is kept as text", word)});
        }
        if (word == "geojson") m_column.options.format = "geojson";
        const std::string physical = text_at(m_field, "x-physicalType");
        if (m_column.type == LogicalType::kNumber && physical.starts_with("DECIMAL("))
            m_column.physical_type = physical;
    }

    void read_format() {
        const std::string format = text_at(m_field, "format");
        if (format.empty() || format == "default") return;
        switch (m_column.type) {
            case LogicalType::kString:
                if (format == "email" || format == "uri" || format == "uuid") {
                    m_column.options.format = format;
                } else if (format == "binary") {
                    m_column.options.format = "byte";
                } else {
                    other_format(format);
                }
                return;
            case LogicalType::kDate: {
                if (const auto date = date_format_of(format)) {
                    if (*date != "yyyy-MM-dd") m_column.options.format = *date;
                    return;
                }
                // Taken as text rather than refused row by row.
                m_column.type = LogicalType::kString;
                note("format",
                     {fmt::format("không đọc được ngày viết kiểu «{}»; cột thành chữ", format),
                      fmt::format("dates written as \"{}\" are not read; the column is text",
                                  format)});
                return;
            }
            case LogicalType::kTimestamp:
            case LogicalType::kTime: {
                const std::string own = text_at(m_field, "x-format");  // our own export's
                if (strptime_of_moment(own) == format) {
                    m_column.options.format = own;
                } else if (const auto moment = moment_format_of(format)) {
                    m_column.options.format = *moment;
                } else {
                    other_format(format);
                }
                return;
            }
            default: other_format(format);
        }
    }

    void other_format(const std::string& format) {
        note("format", {fmt::format("bỏ qua định dạng «{}»", format),
                        fmt::format("the format \"{}\" is left out", format)});
    }

    std::string bound(const json::object& constraints, std::string_view key) {
        const json::value* value = constraints.if_contains(key);
        if (value == nullptr) return {};
        const std::string text = scalar_text(*value);
        if (m_column.type != LogicalType::kDate) return text;
        if (const auto iso = iso_date(text, date_format(m_column))) return *iso;
        if (const auto iso = iso_date(text, "yyyy-MM-dd")) return *iso;
        note(fmt::format("constraints.{}", key),
             {"bỏ qua giới hạn này: không phải ngày", "this bound is left out: it is no date"});
        return {};
    }

    // Our own export's, in place of the inclusive bound that stands for it.
    void take_exclusive(std::string_view key, std::string& inclusive, std::string& into) {
        const std::string value = bound(m_field, key);
        if (value.empty() || !into.empty()) return;
        into = value;
        inclusive.clear();
    }

    void read_constraints(const json::object& constraints) {
        m_column.required = true_at(constraints, "required");
        m_column.unique = true_at(constraints, "unique");
        if (m_column.type == LogicalType::kString) {
            m_column.options.min_length = whole_at(constraints, "minLength");
            m_column.options.max_length = whole_at(constraints, "maxLength");
            const std::string pattern = text_at(constraints, "pattern");
            const std::string_view bare = without_group(pattern);
            m_column.options.pattern =
                pattern.starts_with("(?:") && bare.find('|') != std::string_view::npos ? bare
                                                                                       : pattern;
        } else if (m_column.type != LogicalType::kBoolean) {
            m_column.options.minimum = bound(constraints, "minimum");
            m_column.options.maximum = bound(constraints, "maximum");
            m_column.options.exclusive_minimum = bound(constraints, "exclusiveMinimum");
            m_column.options.exclusive_maximum = bound(constraints, "exclusiveMaximum");
        }
        if (const json::array* values = array_at(constraints, "enum")) {
            for (const json::value& value : *values)
                add_value(scalar_text(value));
        }
        static constexpr std::array<std::string_view, 10> kRead = {
            "required", "unique",  "minLength",        "maxLength",        "pattern",
            "minimum",  "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum"};
        for (const auto& member : constraints) {
            if (std::ranges::find(kRead, std::string_view(member.key())) == kRead.end())
                note("constraints",
                     {fmt::format("bỏ qua ràng buộc «{}»", std::string_view(member.key())),
                      fmt::format("the constraint \"{}\" is left out",
                                  std::string_view(member.key()))});
        }
    }

    void add_value(std::string text) {
        if (text.empty()) return;
        if (m_column.type == LogicalType::kDate) {
            if (const auto iso = iso_date(text, date_format(m_column))) text = *iso;
        }
        m_column.enumeration.push_back({text, Text::same(text)});
    }

    // `categories` of v2: a list of values, or of values with labels.
    void read_labels() {
        const json::array* categories = array_at(m_field, "categories");
        if (categories == nullptr) return;
        const bool listed = !m_column.enumeration.empty();
        for (const json::value& one : *categories) {
            const json::object* object = one.if_object();
            const std::string value = object == nullptr           ? scalar_text(one)
                                      : object->contains("value") ? scalar_text(object->at("value"))
                                                                  : std::string();
            if (!listed) add_value(value);
            const auto found =
                std::ranges::find(m_column.enumeration, value, &contract::EnumValue::value);
            if (object == nullptr || found == m_column.enumeration.end()) continue;
            const Text label = words_of(*object, "label");
            if (!label.empty()) found->label = label;
        }
    }

    // "1.234,5" and "1,234.5"; thousands that are parted otherwise no contract can say.
    void read_number_signs() {
        const bool is_number =
            m_column.type == LogicalType::kNumber || m_column.type == LogicalType::kInteger;
        const std::string decimal = text_at(m_field, "decimalChar");
        const std::string group = text_at(m_field, "groupChar");
        const bool has_comma = decimal == "," && (group.empty() || group == ".");
        const bool has_point = (decimal.empty() || decimal == ".") && group == ",";
        if (is_number && (has_comma || has_point)) {
            m_column.decimal = has_comma ? ',' : '.';
        } else {
            if (decimal != ".") tell_sign("decimalChar");
            tell_sign("groupChar");
        }
        for (const std::string_view key : {"bareNumber", "trueValues", "falseValues"})
            tell_sign(key);
    }

    // What our own export says of moments in a form for people.
    void read_own_moments() {
        m_column.options.default_timezone = text_at(m_field, "x-defaultTimezone");
        if (!has_own_format(m_column)) return;
        m_column.options.minimum = text_at(m_field, "x-minimum");
        m_column.options.maximum = text_at(m_field, "x-maximum");
    }

    // A file with such signs is mended at the load (`--fix`), not by the contract.
    void tell_sign(std::string_view key) {
        if (const json::value* value = m_field.if_contains(key)) {
            if (value->is_bool() && value->get_bool()) return;  // bareNumber: as it is anyway
            note(key, {"hợp đồng không nói điều này; tệp như vậy cần `nguon load --fix`",
                       "a contract does not say this; such files need `nguon load --fix`"});
        }
    }

    const json::object& m_field;
    std::string m_path;
    Draft& m_draft;
    Column& m_column;
};

struct PendingKey {
    std::size_t dataset;
    const json::object* key;
    std::string path;
};

class Package {
public:
    explicit Package(Draft& draft) : m_draft(draft) {}

    void add(const json::object& schema, std::string_view name, Text title,
             const std::string& path) {
        if (m_draft.contract.datasets.size() == Draft::kMostTables) {
            m_draft.note(0, path, {"bỏ qua: quá 1.000 bảng", "left out: more than 1,000 tables"});
            return;
        }
        contract::Dataset& dataset = m_draft.add_table(schema_of(name), std::move(title));
        if (schema_of(name) != name) m_full_names[std::string(name)] = std::string(schema_of(name));
        if (dataset.title.empty()) dataset.title = words_of(schema, "title");
        if (dataset.description.empty()) dataset.description = words_of(schema, "description");
        const json::array* fields = array_at(schema, "fields");
        for (std::size_t i = 0; fields != nullptr && i < fields->size(); ++i)
            add_field(dataset, (*fields)[i], fmt::format("{}.fields[{}]", path, i));
        read_key(dataset, schema, path);
        const std::size_t place = m_draft.contract.datasets.size() - 1;
        const json::array* keys = array_at(schema, "foreignKeys");
        for (std::size_t i = 0; keys != nullptr && i < keys->size(); ++i) {
            if (const json::object* key = (*keys)[i].if_object())
                m_keys.push_back({place, key, fmt::format("{}.foreignKeys[{}]", path, i)});
        }
        tell_missing(schema, path);
    }

    void finish() {
        for (const PendingKey& pending : m_keys)
            resolve(pending);
    }

private:
    void add_field(contract::Dataset& dataset, const json::value& value, const std::string& path) {
        const json::object* field = value.if_object();
        const std::string name = field == nullptr ? std::string() : text_at(*field, "name");
        if (name.empty() || m_draft.is_full(dataset)) {
            m_draft.note(0, path,
                         {"bỏ qua cột này: không có tên, hoặc quá 2.000 cột",
                          "this column is left out: no name, or more than 2,000 columns"});
            return;
        }
        Text title = words_of(*field, "title");
        Column& column = m_draft.add_column(dataset, name, std::move(title));
        Field(*field, path, m_draft, column).read();
    }

    void read_key(contract::Dataset& dataset, const json::object& schema, const std::string& path) {
        m_draft.set_key(dataset, names_at(schema, "primaryKey"), path + ".primaryKey");
        for (const std::vector<std::string>& unique : unique_keys(schema)) {
            contract::Rule rule;
            contract::MetricRule metric;
            metric.metric = contract::Metric::kDuplicateValues;
            for (const std::string& name : unique) {
                if (const Column* column = m_draft.column(dataset, name))
                    metric.properties.push_back(column->name);
            }
            if (metric.properties.empty()) continue;
            rule.name = fmt::format("unique_{}", dataset.rules.size() + 1);
            rule.dimension = contract::Dimension::kClean;
            rule.metric = std::move(metric);
            dataset.rules.push_back(std::move(rule));
        }
    }

    static std::vector<std::vector<std::string>> unique_keys(const json::object& schema) {
        std::vector<std::vector<std::string>> keys;
        const json::array* list = array_at(schema, "uniqueKeys");
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            const json::object one{{"key", (*list)[i]}};
            keys.push_back(names_at(one, "key"));
        }
        return keys;
    }

    // Its name for the contract: a table of the package, or "domain.table" elsewhere.
    std::string target(const contract::Dataset& dataset, const std::string& resource) {
        if (resource.empty() || resource == "self") return dataset.schema;
        if (std::string known = m_draft.name_of_table(resource); !known.empty()) return known;
        if (const auto full = m_full_names.find(resource); full != m_full_names.end())
            return m_draft.name_of_table(full->second);
        const std::vector<std::string> parts = split(resource, '.');
        const bool named = parts.size() == 2 && std::ranges::all_of(parts, [](const auto& part) {
                               return !part.empty() && snake_case(part) == part;
                           });
        return named ? resource : std::string();
    }

    void resolve(const PendingKey& pending) {
        contract::Dataset& dataset = m_draft.contract.datasets[pending.dataset];
        const json::object* reference = object_at(*pending.key, "reference");
        const std::vector<std::string> from = names_at(*pending.key, "fields");
        const std::vector<std::string> to =
            reference == nullptr ? std::vector<std::string>() : names_at(*reference, "fields");
        const std::string resource = reference == nullptr ? "" : text_at(*reference, "resource");
        const std::string name = reference == nullptr ? "" : target(dataset, resource);
        contract::ForeignKey key;
        key.dataset = name;
        for (const std::string& one : from) {
            if (const Column* column = m_draft.column(dataset, one))
                key.columns.push_back(column->name);
        }
        contract::Dataset* known = m_draft.table(name);
        for (const std::string& one : to) {
            const Column* column = known == nullptr ? nullptr : m_draft.column(*known, one);
            key.target_columns.push_back(column == nullptr ? snake_case(one) : column->name);
        }
        if (name.empty() || from.empty() || key.columns.size() != from.size() ||
            to.size() != from.size()) {
            m_draft.note(
                0, pending.path,
                {fmt::format("bỏ qua tham chiếu này: không rõ bảng «{}» hoặc cột", resource),
                 fmt::format("this reference is left out: the table \"{}\" or a column is "
                             "not known",
                             resource)});
            return;
        }
        if (key.columns.size() > 1) {
            dataset.foreign_keys.push_back(std::move(key));
            return;
        }
        std::ranges::find(dataset.columns, key.columns[0], &Column::name)->reference = {
            key.dataset, key.target_columns[0], {}};
    }

    void tell_missing(const json::object& schema, const std::string& path) {
        for (const std::string& word : names_at(schema, "missingValues")) {
            if (word.empty()) continue;
            m_draft.note(
                0, path + ".missingValues",
                {fmt::format("chữ «{}» sẽ được đọc như một giá trị, không phải ô trống; "
                             "`nguon load --fix` đổi các chữ thường gặp thành ô trống",
                             word),
                 fmt::format("\"{}\" is read as a value, not as an empty cell; `nguon load "
                             "--fix` empties the usual ones",
                             word)});
        }
    }

    Draft& m_draft;
    std::vector<PendingKey> m_keys;
    std::map<std::string, std::string> m_full_names;
};

std::string domain_in(std::string_view dataset) {
    const std::size_t dot = dataset.find('.');
    return dot == std::string_view::npos ? std::string() : std::string(dataset.substr(0, dot));
}

}  // namespace

Result<void> import_table_schema(const json::object& schema, Draft& draft) {
    const std::string dataset = text_at(schema, "x-dataset");
    const std::string stem = stem_of(draft.request().file);
    Package package(draft);
    package.add(schema, dataset.empty() ? stem : dataset, words_of(schema, "title"), "schema");
    package.finish();
    const std::string domain = domain_in(dataset);
    draft.name(domain.empty() ? stem : domain, words_of(schema, "title"));
    return {};
}

Result<void> import_data_package(const json::object& descriptor, Draft& draft) {
    Package package(draft);
    std::string domain;
    const json::array& resources = *array_at(descriptor, "resources");
    for (std::size_t i = 0; i < resources.size(); ++i) {
        const std::string path = fmt::format("resources[{}]", i);
        const json::object* resource = resources[i].if_object();
        const json::object* schema = resource == nullptr ? nullptr : object_at(*resource, "schema");
        if (schema == nullptr) {
            draft.note(0, path,
                       {"bỏ qua: không có `schema` ngay trong tệp này",
                        "left out: there is no `schema` in this file itself"});
            continue;
        }
        std::string name = text_at(*resource, "name");
        if (name.empty()) name = stem_of(text_at(*resource, "path"));
        if (name.empty()) name = fmt::format("table_{}", i + 1);
        if (domain.empty()) domain = domain_in(name);
        Text title = words_of(*resource, "title");
        if (title.empty()) title = words_of(*schema, "title");
        package.add(*schema, name, std::move(title), path + ".schema");
    }
    package.finish();
    const std::string own = text_at(descriptor, "name");
    if (!own.empty()) domain = own;
    draft.name(domain.empty() ? stem_of(draft.request().file) : domain,
               words_of(descriptor, "title"));
    return {};
}

}  // namespace nguon::forms::internal
