// The words of the standard and of the platform for each enumerator.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "contract/contract.h"

namespace nguon::contract {

std::string_view name_of(LogicalType type) {
    switch (type) {
        case LogicalType::kString: return "string";
        case LogicalType::kInteger: return "integer";
        case LogicalType::kNumber: return "number";
        case LogicalType::kBoolean: return "boolean";
        case LogicalType::kDate: return "date";
        case LogicalType::kTimestamp: return "timestamp";
        case LogicalType::kTime: return "time";
        case LogicalType::kObject: return "object";
        case LogicalType::kArray: return "array";
        case LogicalType::kMap: return "map";
        case LogicalType::kVector: return "vector";
    }
    return {};
}

bool is_nested(LogicalType type) {
    return type == LogicalType::kObject || type == LogicalType::kArray ||
           type == LogicalType::kMap || type == LogicalType::kVector;
}

std::string_view name_of(Audience audience) {
    switch (audience) {
        case Audience::kReaders: return "readers";
        case Audience::kSenders: return "senders";
        case Audience::kBoth: return "both";
    }
    return {};
}

Text who_must_adapt(Audience audience) {
    switch (audience) {
        case Audience::kReaders:
            return {"Bên dùng dữ liệu phải sửa theo.", "Whoever reads the data must adapt."};
        case Audience::kSenders:
            return {"Bên gửi dữ liệu phải sửa theo.", "Whoever sends data must adapt."};
        case Audience::kBoth: break;
    }
    return {"Bên gửi và bên dùng dữ liệu đều phải sửa theo.",
            "Whoever sends and whoever reads the data must adapt."};
}

std::string_view name_of(Access access) {
    switch (access) {
        case Access::kOpen: return "open";
        case Access::kShared: return "shared";
        case Access::kInternal: return "internal";
    }
    return {};
}

std::string_view name_of(Mode mode) {
    switch (mode) {
        case Mode::kUpsert: return "upsert";
        case Mode::kAppend: return "append";
        case Mode::kSnapshot: return "snapshot";
    }
    return {};
}

std::string_view name_of(Severity severity) {
    return severity == Severity::kError ? "error" : "warning";
}

std::string_view name_of(Dimension dimension) {
    switch (dimension) {
        case Dimension::kAccurate: return "accurate";
        case Dimension::kComplete: return "complete";
        case Dimension::kClean: return "clean";
        case Dimension::kLive: return "live";
    }
    return {};
}

std::string_view name_of(Operator op) {
    switch (op) {
        case Operator::kMustBe: return "mustBe";
        case Operator::kMustNotBe: return "mustNotBe";
        case Operator::kMustBeGreaterThan: return "mustBeGreaterThan";
        case Operator::kMustBeGreaterOrEqualTo: return "mustBeGreaterOrEqualTo";
        case Operator::kMustBeLessThan: return "mustBeLessThan";
        case Operator::kMustBeLessOrEqualTo: return "mustBeLessOrEqualTo";
        case Operator::kMustBeBetween: return "mustBeBetween";
        case Operator::kMustNotBeBetween: return "mustNotBeBetween";
    }
    return {};
}

std::string_view name_of(Metric metric) {
    switch (metric) {
        case Metric::kNullValues: return "nullValues";
        case Metric::kMissingValues: return "missingValues";
        case Metric::kInvalidValues: return "invalidValues";
        case Metric::kDuplicateValues: return "duplicateValues";
        case Metric::kRowCount: return "rowCount";
    }
    return {};
}

std::string_view name_of(Change change) {
    switch (change) {
        case Change::kCreated: return "created";
        case Change::kUnchanged: return "unchanged";
        case Change::kCompatible: return "compatible";
        case Change::kBreaking: return "breaking";
    }
    return {};
}

std::optional<Mode> mode_from_name(std::string_view name) {
    for (const Mode mode : {Mode::kUpsert, Mode::kAppend, Mode::kSnapshot}) {
        if (name_of(mode) == name) return mode;
    }
    return std::nullopt;
}

bool Rule::is_row_rule() const {
    if (sql) return false;
    if (!metric) return !expression.empty();
    const bool counts_bad_values = metric->metric == Metric::kNullValues ||
                                   metric->metric == Metric::kMissingValues ||
                                   metric->metric == Metric::kInvalidValues;
    const bool none = metric->low == 0 && (metric->op == Operator::kMustBe ||
                                           metric->op == Operator::kMustBeLessOrEqualTo);
    return counts_bad_values && none;
}

std::vector<const Column*> Dataset::key() const {
    std::vector<const Column*> parts;
    for (const Column& one : columns) {
        if (one.key_position > 0) parts.push_back(&one);
    }
    std::sort(parts.begin(), parts.end(), [](const Column* left, const Column* right) {
        return left->key_position < right->key_position;
    });
    return parts;
}

const Column* Column::property(std::string_view property_name) const {
    for (const Column& one : properties) {
        if (one.name == property_name) return &one;
    }
    return nullptr;
}

const Column* Dataset::at_path(std::string_view path) const {
    const std::vector<std::string> steps = split(path, '.');
    const Column* found = column(steps.front());
    for (std::size_t i = 1; i < steps.size() && found != nullptr; ++i)
        found = found->property(steps[i]);
    return found;
}

const Column* Dataset::column(std::string_view column_name) const {
    for (const Column& one : columns) {
        if (one.name == column_name) return &one;
    }
    return nullptr;
}

bool is_reserved_column(std::string_view name) {
    static constexpr std::array<std::string_view, 6> kNames = {
        "file_index", "file_row_number", "filename", "rowid", "current_date", "current_timestamp"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_reserved_domain(std::string_view name) {
    static constexpr std::array<std::string_view, 6> kNames = {
        "main", "temp", "system", "memory", "pg_catalog", "information_schema"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

bool is_sql_word(std::string_view name) {
    static constexpr std::array<std::string_view, 105> kWords = {
        "all",           "analyse",     "analyze",   "and",        "anti",         "any",
        "array",         "as",          "asc",       "asof",       "asymmetric",   "at",
        "authorization", "binary",      "both",      "by",         "case",         "cast",
        "check",         "collate",     "collation", "column",     "concurrently", "constraint",
        "create",        "cross",       "default",   "deferrable", "desc",         "describe",
        "distinct",      "do",          "else",      "end",        "except",       "false",
        "fetch",         "for",         "foreign",   "freeze",     "from",         "full",
        "glob",          "group",       "having",    "ilike",      "in",           "initially",
        "inner",         "intersect",   "into",      "is",         "isnull",       "join",
        "lambda",        "lateral",     "leading",   "left",       "like",         "limit",
        "natural",       "not",         "notnull",   "null",       "offset",       "on",
        "only",          "or",          "order",     "outer",      "overlaps",     "pivot",
        "pivot_longer",  "pivot_wider", "placing",   "positional", "primary",      "qualify",
        "references",    "returning",   "right",     "select",     "semi",         "show",
        "similar",       "some",        "summarize", "symmetric",  "table",        "tablesample",
        "then",          "to",          "trailing",  "true",       "union",        "unique",
        "unpack",        "unpivot",     "using",     "variadic",   "verbose",      "when",
        "where",         "window",      "with"};
    return std::ranges::binary_search(kWords, name);
}

}  // namespace nguon::contract
