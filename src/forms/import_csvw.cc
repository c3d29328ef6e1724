// CSV on the Web metadata, one table or a group.
// Source: W3C Recommendations of 2015-12-17, Metadata Vocabulary for Tabular Data (section 5) and
// Model for Tabular Data (section 6.4).
#include <fmt/format.h>

#include <array>

#include "base/zone.h"
#include "forms/internal/columns.h"
#include "forms/internal/draft.h"
#include "forms/internal/moments.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::LogicalType;

// Metadata Vocabulary, section 5.11.1. `format` and `minimum` are what the type says by itself.
struct KnownBase {
    std::string_view word;
    LogicalType type;
    std::string_view format = {}, minimum = {};
};
constexpr std::array kBases = {KnownBase{"string", LogicalType::kString},
                               KnownBase{"normalizedString", LogicalType::kString},
                               KnownBase{"token", LogicalType::kString},
                               KnownBase{"language", LogicalType::kString},
                               KnownBase{"Name", LogicalType::kString},
                               KnownBase{"NMTOKEN", LogicalType::kString},
                               KnownBase{"anyAtomicType", LogicalType::kString},
                               KnownBase{"any", LogicalType::kString},
                               KnownBase{"anyURI", LogicalType::kString, "uri"},
                               KnownBase{"base64Binary", LogicalType::kString, "byte"},
                               KnownBase{"binary", LogicalType::kString, "byte"},
                               KnownBase{"boolean", LogicalType::kBoolean},
                               KnownBase{"date", LogicalType::kDate},
                               KnownBase{"dateTime", LogicalType::kTimestamp},
                               KnownBase{"datetime", LogicalType::kTimestamp},
                               KnownBase{"dateTimeStamp", LogicalType::kTimestamp},
                               KnownBase{"time", LogicalType::kTime},
                               KnownBase{"decimal", LogicalType::kNumber},
                               KnownBase{"double", LogicalType::kNumber},
                               KnownBase{"float", LogicalType::kNumber},
                               KnownBase{"number", LogicalType::kNumber},
                               KnownBase{"integer", LogicalType::kInteger},
                               KnownBase{"long", LogicalType::kInteger},
                               KnownBase{"int", LogicalType::kInteger, "i32"},
                               KnownBase{"short", LogicalType::kInteger, "i16"},
                               KnownBase{"byte", LogicalType::kInteger, "i8"},
                               KnownBase{"nonNegativeInteger", LogicalType::kInteger, "", "0"},
                               KnownBase{"positiveInteger", LogicalType::kInteger, "", "1"},
                               KnownBase{"unsignedLong", LogicalType::kInteger, "", "0"},
                               KnownBase{"unsignedInt", LogicalType::kInteger, "u32"},
                               KnownBase{"unsignedShort", LogicalType::kInteger, "u16"},
                               KnownBase{"unsignedByte", LogicalType::kInteger, "u8"}};

// Natural language properties: text, a list, or an object by language whose values may be lists.
std::string first_text(const json::value& value) {
    if (value.is_string()) return std::string(trim(value.get_string()));
    if (const json::array* list = value.if_array()) {
        for (const json::value& item : *list) {
            if (item.is_string()) return std::string(trim(item.get_string()));
        }
    }
    return {};
}

Text titles_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return {};
    const json::object* by_language = value->if_object();
    if (by_language == nullptr) return Text::same(first_text(*value));
    Text words;
    std::string any;
    for (const auto& member : *by_language) {
        const std::string_view tag = member.key();
        const std::string text = first_text(member.value());
        if (tag == "vi" || tag.starts_with("vi-")) {
            words.vi = text;
        } else if (tag == "en" || tag.starts_with("en-")) {
            words.en = text;
        } else if (tag != "und" && any.empty()) {
            any = text;
        }
    }
    if (words.vi.empty()) words.vi = words.en.empty() ? any : words.en;
    if (words.en.empty()) words.en = words.vi;
    return words;
}

// Common properties: text, {"@value", "@language"}, or a list of them.
Text common_text(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return {};
    Text words;
    const auto take = [&](const json::value& one) {
        if (const json::object* literal = one.if_object()) {
            const std::string text = text_at(*literal, "@value");
            if (text_at(*literal, "@language").starts_with("en")) {
                words.en = text;
            } else if (words.vi.empty()) {
                words.vi = text;
            }
        } else if (one.is_string() && words.vi.empty()) {
            words.vi = trim(one.get_string());
        }
    };
    if (const json::array* list = value->if_array()) {
        for (const json::value& one : *list)
            take(one);
    } else {
        take(*value);
    }
    if (words.vi.empty()) words.vi = words.en;
    if (words.en.empty()) words.en = words.vi;
    return words;
}

class ColumnReader {
public:
    ColumnReader(const json::object& cell, std::string path, Draft& draft, Column& column)
        : m_cell(cell), m_path(std::move(path)), m_draft(draft), m_column(column) {}

    // `outer`: the schema, the table and the group, from which properties are inherited.
    void read(const std::vector<const json::object*>& outer) {
        m_column.description = common_text(m_cell, "dc:description");
        m_column.required = inherited(outer, "required") != nullptr &&
                            inherited(outer, "required")->is_bool() &&
                            inherited(outer, "required")->get_bool();
        if (const json::value* type = inherited(outer, "datatype")) read_type(*type);
        if (inherited(outer, "separator") != nullptr) {
            m_column.type = LogicalType::kString;
            m_column.options = {};
            note("separator", {"nhiều giá trị trong một ô được giữ dưới dạng chữ",
                               "several values in one cell are kept as text"});
        }
        tell_nulls(outer);
        read_labels();
        read_zone();
    }

private:
    void note(std::string_view part, Text what) {
        m_draft.note(0, fmt::format("{}.{}", m_path, part), std::move(what));
    }

    const json::value* inherited(const std::vector<const json::object*>& outer,
                                 std::string_view key) const {
        if (const json::value* own = m_cell.if_contains(key)) return own;
        for (const json::object* object : outer) {
            if (const json::value* value = object->if_contains(key)) return value;
        }
        return nullptr;
    }

    void read_type(const json::value& value) {
        const json::object* derived = value.if_object();
        const std::string word = derived == nullptr                  ? scalar_text(value)
                                 : text_at(*derived, "base").empty() ? "string"
                                                                     : text_at(*derived, "base");
        const auto known = std::ranges::find(kBases, std::string_view(word), &KnownBase::word);
        if (known == kBases.end()) {
            note("datatype", {fmt::format("kiểu «{}» được giữ dưới dạng chữ", word),
                              fmt::format("the type \"{}\" is kept as text", word)});
            return;
        }
        m_column.type = known->type;
        m_column.options.format = known->format;
        m_column.options.minimum = known->minimum;
        if (derived == nullptr) return;
        read_format(*derived);
        if (m_column.type == LogicalType::kString) {
            read_lengths(*derived);
        } else if (m_column.type != LogicalType::kBoolean) {
            bound(*derived, {"minimum", "minInclusive"}, m_column.options.minimum);
            bound(*derived, {"maximum", "maxInclusive"}, m_column.options.maximum);
            bound(*derived, {"minExclusive"}, m_column.options.exclusive_minimum);
            bound(*derived, {"maxExclusive"}, m_column.options.exclusive_maximum);
        }
    }

    void read_lengths(const json::object& derived) {
        m_column.options.min_length = whole_at(derived, "minLength");
        m_column.options.max_length = whole_at(derived, "maxLength");
        if (const auto length = whole_at(derived, "length")) {
            m_column.options.min_length = m_column.options.max_length = length;
        }
    }

    void bound(const json::object& derived, std::initializer_list<std::string_view> keys,
               std::string& into) {
        for (const std::string_view key : keys) {
            if (const json::value* value = derived.if_contains(key)) {
                const std::string text = scalar_text(*value);
                const bool is_date = m_column.type == LogicalType::kDate;
                into = is_date ? iso_date(text, date_format(m_column)).value_or(text) : text;
            }
        }
    }

    void read_format(const json::object& derived) {
        const json::value* value = derived.if_contains("format");
        if (value == nullptr) return;
        const std::string format = scalar_text(*value);
        if (m_column.type == LogicalType::kString) {
            for (const std::string& one : listed_in(format))
                m_column.enumeration.push_back({one, Text::same(one)});
            const std::string_view bare = without_group(format);
            const bool parts = bare.find('|') != std::string_view::npos;
            if (m_column.enumeration.empty()) m_column.options.pattern = parts ? bare : format;
        } else if (m_column.type == LogicalType::kDate && strptime_of(format)) {
            if (format != "yyyy-MM-dd") m_column.options.format = format;
        } else if (m_column.type == LogicalType::kDate) {
            m_column.type = LogicalType::kString;
            note("datatype.format",
                 {fmt::format("không đọc được ngày viết kiểu «{}»; cột thành chữ", format),
                  fmt::format("dates written as \"{}\" are not read; the column is text", format)});
        } else if (is_moment() && csvw_format_of(m_column.type, format)) {
            m_column.options.format = format;
        } else if (!read_number_signs(*value)) {
            note("datatype.format",
                 {"hợp đồng không nói điều này; tệp như vậy cần `nguon load --fix`",
                  "a contract does not say this; such files need `nguon load "
                  "--fix`"});
        }
    }

    bool is_moment() const {
        return m_column.type == LogicalType::kTimestamp || m_column.type == LogicalType::kTime;
    }

    // "1.234,5" and "1,234.5"; what is parted otherwise, or has a pattern, no contract can say.
    bool read_number_signs(const json::value& format) {
        const json::object* signs = format.if_object();
        const bool is_number =
            m_column.type == LogicalType::kNumber || m_column.type == LogicalType::kInteger;
        if (signs == nullptr || !is_number || signs->contains("pattern")) return false;
        const std::string decimal = text_at(*signs, "decimalChar");
        const std::string group = text_at(*signs, "groupChar");
        const bool has_comma = decimal == "," && (group.empty() || group == ".");
        const bool has_point = (decimal.empty() || decimal == ".") && group == ",";
        if (has_comma || has_point) m_column.decimal = has_comma ? ',' : '.';
        return has_comma || has_point;
    }

    void tell_nulls(const std::vector<const json::object*>& outer) {
        const json::value* nulls = inherited(outer, "null");
        if (nulls == nullptr) return;
        const json::object one{{"null", *nulls}};
        for (const std::string& word : names_at(one, "null")) {
            if (word.empty()) continue;
            note("null",
                 {fmt::format("chữ «{}» sẽ được đọc như một giá trị, không phải ô trống", word),
                  fmt::format("\"{}\" is read as a value, not as an empty cell", word)});
        }
    }

    // "male = Nam / Male", as our own export writes them.
    void read_labels() {
        const json::array* labels = array_at(m_cell, "dc:type");
        if (labels == nullptr) return;
        for (contract::EnumValue& value : m_column.enumeration) {
            const std::string start = value.value + " = ";
            for (const json::value& label : *labels) {
                if (!label.is_string()) continue;
                const std::string_view text = label.get_string();
                if (!text.starts_with(start)) continue;
                const std::string_view words = text.substr(start.size());
                const std::size_t slash = words.find(" / ");
                value.label = slash == std::string_view::npos
                                  ? Text::same(words)
                                  : Text{std::string(words.substr(0, slash)),
                                         std::string(words.substr(slash + 3))};
            }
        }
    }

    // As our own export writes it.
    void read_zone() {
        const std::string zone = text_at(m_cell, "dc:temporal");
        if (!is_moment() || !zone.starts_with(kZoneWord)) return;
        const std::string name = zone.substr(kZoneWord.size());
        if (Zone::named(name)) {
            m_column.options.default_timezone = name;
        } else {
            note("dc:temporal", {"không có múi giờ này: giờ không ghi múi sẽ là giờ UTC",
                                 "there is no such time zone: moments that name none are in UTC"});
        }
    }

    const json::object& m_cell;
    std::string m_path;
    Draft& m_draft;
    Column& m_column;
};

class Group {
public:
    Group(const json::object& metadata, Draft& draft) : m_root(metadata), m_draft(draft) {}

    void read() {
        const json::array* tables = array_at(m_root, "tables");
        if (tables == nullptr) {
            read_table(m_root, "");
        } else {
            for (std::size_t i = 0; i < tables->size(); ++i) {
                const std::string path = fmt::format("tables[{}].", i);
                if (const json::object* table = (*tables)[i].if_object()) read_table(*table, path);
            }
        }
        for (const Pending& pending : m_pending)
            resolve(pending);
    }

    std::string first_identifier() const { return m_identifier; }

private:
    struct Pending {
        std::size_t dataset;
        const json::object* key;
        std::string path;
    };

    void read_table(const json::object& table, const std::string& path) {
        const json::object* schema = object_at(table, "tableSchema");
        if (schema == nullptr) schema = object_at(m_root, "tableSchema");
        const json::array* columns = schema == nullptr ? nullptr : array_at(*schema, "columns");
        if (columns == nullptr || m_draft.contract.datasets.size() == Draft::kMostTables) {
            m_draft.note(0, path + "tableSchema",
                         {"bỏ qua bảng này: không có cột ngay trong tệp này, hoặc quá 1.000 bảng",
                          "this table is left out: no columns in this file itself, or more than "
                          "1,000 tables"});
            return;
        }
        const std::string url = text_at(table, "url"), identifier = text_at(table, "dc:identifier");
        std::string name = stem_of(url);
        if (name.empty()) name = stem_of(m_draft.request().file);
        if (identifier.find('.') != std::string::npos &&
            snake_case(schema_of(identifier)) == schema_of(identifier)) {
            name = schema_of(identifier);
            if (m_identifier.empty()) m_identifier = identifier;
        }
        contract::Dataset& dataset = m_draft.add_table(name, common_text(table, "dc:title"));
        dataset.description = common_text(table, "dc:description");
        m_by_url.emplace(url, dataset.schema);
        if (const std::string id = text_at(*schema, "@id"); !id.empty())
            m_by_schema.emplace(id, dataset.schema);
        for (std::size_t i = 0; i < columns->size(); ++i) {
            read_column(dataset, (*columns)[i], fmt::format("{}tableSchema.columns[{}]", path, i),
                        {schema, &table, &m_root});
        }
        m_draft.set_key(dataset, names_at(*schema, "primaryKey"), path + "tableSchema.primaryKey");
        const std::size_t place = m_draft.contract.datasets.size() - 1;
        const json::array* keys = array_at(*schema, "foreignKeys");
        for (std::size_t i = 0; keys != nullptr && i < keys->size(); ++i) {
            if (const json::object* key = (*keys)[i].if_object()) {
                m_pending.push_back(
                    {place, key, fmt::format("{}tableSchema.foreignKeys[{}]", path, i)});
            }
        }
    }

    void read_column(contract::Dataset& dataset, const json::value& value, const std::string& path,
                     const std::vector<const json::object*>& outer) {
        const json::object* cell = value.if_object();
        if (cell != nullptr && true_at(*cell, "virtual")) {
            return m_draft.note(0, path,
                                {"bỏ qua cột ảo: tệp dữ liệu không có nó",
                                 "a virtual column is left out: no file has it"});
        }
        Text title = cell == nullptr ? Text() : titles_of(*cell, "titles");
        std::string name = cell == nullptr ? std::string() : text_at(*cell, "name");
        if (name.empty()) name = title.vi;
        if (name.empty() || m_draft.is_full(dataset)) {
            return m_draft.note(0, path,
                                {"bỏ qua cột này: không có tên, hoặc quá 2.000 cột",
                                 "this column is left out: no name, or more than 2,000 columns"});
        }
        if (const auto plain = percent_decode(name)) name = *plain;
        Column& column = m_draft.add_column(dataset, name, std::move(title));
        ColumnReader(*cell, path, m_draft, column).read(outer);
    }

    void resolve(const Pending& pending) {
        contract::Dataset& dataset = m_draft.contract.datasets[pending.dataset];
        const json::object* reference = object_at(*pending.key, "reference");
        contract::ForeignKey key;
        const std::vector<std::string> from = names_at(*pending.key, "columnReference");
        std::vector<std::string> to;
        if (reference != nullptr) {
            to = names_at(*reference, "columnReference");
            if (const auto url = m_by_url.find(text_at(*reference, "resource"));
                url != m_by_url.end())
                key.dataset = url->second;
            if (const auto id = m_by_schema.find(text_at(*reference, "schemaReference"));
                id != m_by_schema.end() && key.dataset.empty())
                key.dataset = id->second;
        }
        contract::Dataset* target = key.dataset.empty() ? nullptr : m_draft.table(key.dataset);
        for (const std::string& name : from) {
            if (const Column* column = m_draft.column(dataset, name))
                key.columns.push_back(column->name);
        }
        for (const std::string& name : to) {
            const Column* column = target == nullptr ? nullptr : m_draft.column(*target, name);
            if (column != nullptr) key.target_columns.push_back(column->name);
        }
        if (target == nullptr || from.empty() || key.columns.size() != from.size() ||
            key.target_columns.size() != from.size()) {
            return m_draft.note(0, pending.path,
                                {"bỏ qua tham chiếu này: không rõ bảng hoặc cột",
                                 "this reference is left out: its table or a column is not known"});
        }
        if (key.columns.size() > 1) {
            dataset.foreign_keys.push_back(std::move(key));
            return;
        }
        std::ranges::find(dataset.columns, key.columns[0], &Column::name)->reference = {
            key.dataset, key.target_columns[0], {}};
    }

    const json::object& m_root;
    Draft& m_draft;
    std::vector<Pending> m_pending;
    std::map<std::string, std::string> m_by_url, m_by_schema;
    std::string m_identifier;
};

}  // namespace

Result<void> import_csvw(const json::object& metadata, Draft& draft) {
    Group group(metadata, draft);
    group.read();
    const std::string identifier = group.first_identifier();
    const std::size_t dot = identifier.find('.');
    draft.name(dot == std::string::npos ? stem_of(draft.request().file) : identifier.substr(0, dot),
               common_text(metadata, "dc:title"));
    return {};
}

}  // namespace nguon::forms::internal
