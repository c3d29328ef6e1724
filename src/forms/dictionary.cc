#include "forms/internal/dictionary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "forms/internal/columns.h"
#include "forms/internal/words.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::LogicalType;
using contract::Metric;
using contract::Operator;

// The sentence in one language, from its two wordings.
std::string say(Language language, std::string vi, std::string en) {
    return language == Language::kVietnamese ? std::move(vi) : std::move(en);
}

Words word_of(LogicalType type) {
    switch (type) {
        case LogicalType::kString: return {"chữ", "text"};
        case LogicalType::kInteger: return {"số nguyên", "whole number"};
        case LogicalType::kNumber: return {"số", "number"};
        case LogicalType::kBoolean: return {"đúng/sai (true, false)", "true or false"};
        case LogicalType::kDate: return {"ngày", "date"};
        case LogicalType::kTimestamp: return {"thời điểm", "moment"};
        case LogicalType::kTime: return {"giờ trong ngày (HH:mm:ss)", "time of day (HH:mm:ss)"};
        case LogicalType::kObject: return {"nhóm giá trị (JSON)", "group of values (JSON)"};
        case LogicalType::kArray: return {"danh sách (JSON)", "list (JSON)"};
        case LogicalType::kMap: return {"bảng tra (JSON)", "map (JSON)"};
        case LogicalType::kVector: return {"dãy số (JSON)", "vector (JSON)"};
    }
    return {"", ""};
}

std::string length_in_words(const contract::TypeOptions& options, Language language) {
    const auto &low = options.min_length, &high = options.max_length;
    if (low && high && *low == *high) {
        return say(language, fmt::format("đúng {} ký tự", *low),
                   fmt::format("exactly {} characters", *low));
    }
    if (low && high) {
        return say(language, fmt::format("{} đến {} ký tự", *low, *high),
                   fmt::format("{} to {} characters", *low, *high));
    }
    if (high) {
        return say(language, fmt::format("nhiều nhất {} ký tự", *high),
                   fmt::format("at most {} characters", *high));
    }
    if (!low) return {};
    return say(language, fmt::format("ít nhất {} ký tự", *low),
               fmt::format("at least {} characters", *low));
}

std::string range_in_words(const Column& column, Language language) {
    const contract::TypeOptions& options = column.options;
    const auto shown = [&](const std::string& text) {
        return column.type == LogicalType::kDate ? in_format(text, date_format(column)) : text;
    };
    std::vector<std::string> parts;
    const auto add = [&](const std::string& text, std::string_view vi, std::string_view en) {
        if (text.empty()) return;
        parts.push_back(say(language, fmt::format("{} {}", vi, shown(text)),
                            fmt::format("{} {}", en, shown(text))));
    };
    add(options.minimum, "từ", "from");
    add(options.exclusive_minimum, "lớn hơn", "above");
    add(options.maximum, "đến", "to");
    add(options.exclusive_maximum, "nhỏ hơn", "below");
    return fmt::format("{}", fmt::join(parts, " "));
}

std::string bound_in_words(const contract::MetricRule& rule, Language language) {
    const std::string unit =
        rule.unit == contract::Unit::kPercent ? "%" : say(language, " dòng", " rows");
    const auto one = [&](std::string_view vi, std::string_view en) {
        return say(language, fmt::format("{} {}{}", vi, rule.low, unit),
                   fmt::format("{} {}{}", en, rule.low, unit));
    };
    switch (rule.op) {
        case Operator::kMustBe: return one("đúng", "exactly");
        case Operator::kMustNotBe: return one("khác", "not");
        case Operator::kMustBeGreaterThan: return one("hơn", "more than");
        case Operator::kMustBeGreaterOrEqualTo: return one("ít nhất", "at least");
        case Operator::kMustBeLessThan: return one("dưới", "fewer than");
        case Operator::kMustBeLessOrEqualTo: return one("nhiều nhất", "at most");
        case Operator::kMustBeBetween:
            return say(language, fmt::format("từ {} đến {}{}", rule.low, rule.high, unit),
                       fmt::format("{} to {}{}", rule.low, rule.high, unit));
        case Operator::kMustNotBeBetween:
            return say(language, fmt::format("ngoài {} đến {}{}", rule.low, rule.high, unit),
                       fmt::format("outside {} to {}{}", rule.low, rule.high, unit));
    }
    return {};
}

Words word_of(Metric metric) {
    switch (metric) {
        case Metric::kNullValues: return {"Số dòng để trống", "Rows left empty"};
        case Metric::kMissingValues: return {"Số dòng thiếu giá trị", "Rows without a value"};
        case Metric::kInvalidValues: return {"Số dòng có giá trị sai", "Rows with a wrong value"};
        case Metric::kDuplicateValues: return {"Số dòng trùng", "Repeated rows"};
        case Metric::kRowCount: return {"Số dòng của tập dữ liệu", "Rows of the dataset"};
    }
    return {"", ""};
}

Words word_of(contract::Access access) {
    if (access == contract::Access::kOpen) return words::kOpen;
    return access == contract::Access::kShared ? words::kShared : words::kInternal;
}

Words word_of(contract::Mode mode) {
    if (mode == contract::Mode::kUpsert) return words::kUpsert;
    return mode == contract::Mode::kAppend ? words::kAppend : words::kSnapshot;
}

std::string unrun_in_words(const contract::UnrunRule& rule, Language language) {
    const std::string words = rule.description.empty() ? rule.name : rule.description.in(language);
    const std::string where = rule.column.empty() ? "" : rule.column + ": ";
    return where + words + say(language, " (chỉ để đọc)", " (for people only)");
}

std::string synonyms_in_words(const std::vector<contract::Synonym>& synonyms) {
    std::string text;
    for (const contract::Synonym& one : synonyms)
        text += (text.empty() ? "" : ", ") + one.synonym;
    return text;
}

// What a person should know of the column beside what it means: no longer used, other names.
std::vector<std::string> remarks_of(const Column& column, Language language) {
    std::vector<std::string> remarks;
    if (column.deprecated) remarks.emplace_back(words::kDeprecated.in(language));
    if (column.semantic_type == "measure") remarks.emplace_back(words::kMeasure.in(language));
    if (column.semantic_type == "dimension") remarks.emplace_back(words::kDimension.in(language));
    if (!column.synonyms.empty())
        remarks.push_back(fmt::format("{}: {}", words::kSynonyms.in(language),
                                      synonyms_in_words(column.synonyms)));
    return remarks;
}

Entry entry_of(const contract::Dataset& dataset, const Column& column, Language language) {
    Entry entry;
    entry.name = column.name;
    entry.title = column.title.in(language);
    entry.type = type_in_words(column, language);
    if (column.required) entry.required = words::kYes.in(language);
    if (column.key_position > 0) entry.key = std::to_string(column.key_position);
    entry.description = column.description.in(language);
    entry.remarks = remarks_of(column, language);
    entry.classification = column.classification;
    if (column.reference)
        entry.reference = column.reference->dataset + "." + column.reference->column;
    for (const contract::EnumValue& value : column.enumeration)
        entry.values.push_back({value.value, value.label.in(language)});
    if (column.unique) entry.rules.emplace_back(words::kUnique.in(language));
    for (const contract::Rule& rule : dataset.rules) {
        if (rule.column == column.name) entry.rules.push_back(rule_in_words(rule, language));
    }
    return entry;
}

// A column, and under it the parts of a nested one: address, address.ward, phones[].
void add_entries(std::vector<Entry>& entries, const contract::Dataset& dataset,
                 const Column& column, const std::string& above, Language language) {
    Entry entry = entry_of(dataset, column, language);
    if (!above.empty()) {
        entry.name = above;
        if (entry.title.empty()) entry.title = above;
        entry.rules.clear();
    }
    const std::string path = entry.name;
    entries.push_back(std::move(entry));
    for (const Column& part : column.properties)
        add_entries(entries, dataset, part, path + "." + part.name, language);
    for (const Column& part : column.items)
        add_entries(entries, dataset, part, path + "[]", language);
    if (column.map.size() == 2) add_entries(entries, dataset, column.map[1], path + ".*", language);
}

// "latency 4 d (person.birth_date)", in the words of the contract.
std::string sla_in_words(const contract::SlaProperty& sla) {
    std::string text = sla.property;
    for (const std::string* part : {&sla.value, &sla.value_ext, &sla.unit}) {
        if (!part->empty()) text += " " + *part;
    }
    if (!sla.element.empty()) text += fmt::format(" ({})", sla.element);
    return sla.description.empty() ? text : text + ": " + sla.description;
}

// Of the dataset, of a column of it, or of the whole contract.
bool is_about(const contract::SlaProperty& sla, const Wanted& wanted) {
    const std::string& element =
        sla.element.empty() ? wanted.contract.sla_default_element : sla.element;
    const std::string& schema = wanted.dataset.schema;
    return element.empty() || element == schema || element.starts_with(schema + ".");
}

std::string member_in_words(const contract::TeamMember& member) {
    const std::string& name = member.name.empty() ? member.username : member.name;
    return member.role.empty() ? name : fmt::format("{} ({})", name, member.role);
}

void add_facts(Dictionary& dictionary, const Wanted& wanted) {
    const contract::Dataset& dataset = wanted.dataset;
    const auto add = [&](const Words& label, std::string_view value) {
        if (!value.empty())
            dictionary.facts.push_back(
                {std::string(label.in(wanted.language)), std::string(value)});
    };
    add(words::kDataset, dataset.name);
    add(words::kVersion, dataset.version);
    add(words::kStatus, wanted.contract.status);
    add(words::kAccess, word_of(dataset.access).in(wanted.language));
    add(words::kMode, word_of(dataset.mode).in(wanted.language));
    add(words::kSubject, dataset.subject);
    add(words::kSynonyms, synonyms_in_words(dataset.synonyms));
    if (dataset.deprecated) add(words::kDeprecated, words::kYes.in(wanted.language));
    for (const contract::SlaProperty& sla : wanted.contract.sla) {
        if (is_about(sla, wanted)) add(words::kService, sla_in_words(sla));
    }
    if (!wanted.contract.team) return;
    for (const contract::TeamMember& member : wanted.contract.team->members) {
        if (member.date_out.empty()) add(words::kTeam, member_in_words(member));
    }
}

}  // namespace

std::string type_in_words(const Column& column, Language language) {
    std::vector<std::string> parts{std::string(word_of(column.type).in(language))};
    if (column.type == LogicalType::kDate) parts[0] += fmt::format(" ({})", date_format(column));
    if (column.precision > 0 && column.scale > 0) {
        parts[0] += say(language, fmt::format(" có {} chữ số sau dấu chấm", column.scale),
                        fmt::format(" with {} digits after the point", column.scale));
    }
    if (column.type == LogicalType::kString) {
        if (!column.options.format.empty()) parts[0] += fmt::format(" ({})", column.options.format);
        parts.push_back(length_in_words(column.options, language));
        if (!column.options.pattern.empty()) {
            parts.push_back(say(language, "theo mẫu ", "matching ") + column.options.pattern);
        }
    } else {
        parts.push_back(range_in_words(column, language));
    }
    std::erase(parts, "");
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string rule_in_words(const contract::Rule& rule, Language language) {
    const std::string weak = rule.severity == contract::Severity::kWarning
                                 ? say(language, " (cảnh báo)", " (warning)")
                                 : "";
    if (!rule.description.empty()) return rule.description.in(language) + weak;
    if (rule.sql) return rule.sql->query + weak;
    if (!rule.metric) return (rule.expression.empty() ? rule.name : rule.expression) + weak;
    std::string text = fmt::format("{}: {}", word_of(rule.metric->metric).in(language),
                                   bound_in_words(*rule.metric, language));
    if (!rule.metric->pattern.empty()) text += "; " + rule.metric->pattern;
    if (!rule.metric->valid_values.empty())
        text += fmt::format("; {}", fmt::join(rule.metric->valid_values, ", "));
    if (!rule.metric->properties.empty())
        text += fmt::format(" ({})", fmt::join(rule.metric->properties, ", "));
    return text + weak;
}

Dictionary dictionary_of(const Wanted& wanted) {
    const contract::Dataset& dataset = wanted.dataset;
    Dictionary dictionary;
    dictionary.title = dataset.title.in(wanted.language);
    if (dictionary.title.empty()) dictionary.title = dataset.name;
    dictionary.description = dataset.description.in(wanted.language);
    add_facts(dictionary, wanted);
    for (const Column& column : dataset.columns)
        add_entries(dictionary.columns, dataset, column, "", wanted.language);
    for (const contract::Rule& rule : dataset.rules) {
        if (rule.column.empty()) dictionary.rules.push_back(rule_in_words(rule, wanted.language));
    }
    for (const contract::UnrunRule& rule : dataset.unrun_rules)
        dictionary.rules.push_back(unrun_in_words(rule, wanted.language));
    for (const contract::ForeignKey& key : dataset.foreign_keys) {
        dictionary.rules.push_back(fmt::format("({}) → {} ({})", fmt::join(key.columns, ", "),
                                               key.dataset, fmt::join(key.target_columns, ", ")));
    }
    return dictionary;
}

}  // namespace nguon::forms::internal
