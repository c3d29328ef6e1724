// What a dataset promises: an Open Data Contract Standard file, 3.0 to 3.2, as the platform uses
// it.
// Source: Open Data Contract Standard (Bitol), v3.0.0 to v3.2.0; customProperties of our own are in
// docs/reference/contracts.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nguon::contract {

// Where something stands in the file of its contract. Line and column count from 1, the column in
// characters; 0 and an empty path for what was not read from a file.
struct InFile {
    int line = 0, column = 0;
    std::string path = {};  // "schema[0].quality[1].implementation"
};

enum class LogicalType { kString, kInteger, kNumber, kBoolean, kDate, kTimestamp, kTime };
std::string_view name_of(LogicalType type);  // "string"

enum class Access { kOpen, kShared, kInternal };
enum class Mode { kUpsert, kAppend, kSnapshot };
enum class Severity { kError, kWarning };
enum class Dimension { kAccurate, kComplete, kClean, kLive };  // đúng, đủ, sạch, sống
std::string_view name_of(Access access);
std::string_view name_of(Mode mode);
std::string_view name_of(Severity severity);
std::string_view name_of(Dimension dimension);
std::optional<Mode> mode_from_name(std::string_view name);

// Decimal numbers of options are kept as written, so that 0.1 stays 0.1.
struct TypeOptions {
    std::optional<std::int64_t> min_length, max_length;
    std::string pattern;  // ECMA 262 as the standard has it; RE2 subset, whole value
    std::string format;   // as written: "email", "uuid", "yyyy-MM-dd", "i64", …
    std::string minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of;
    bool timezone = true;          // timestamps: default true
    std::string default_timezone;  // of values without a zone: "Asia/Ho_Chi_Minh"; empty = UTC
};

struct EnumValue {
    std::string value;
    Text label;
};

// The mustBe operators of the standard. `high` only for the two between operators, which take in
// both ends: the standard's table says "∈ [0, 100]" (its prose once says > and <).
enum class Operator {
    kMustBe,
    kMustNotBe,
    kMustBeGreaterThan,
    kMustBeGreaterOrEqualTo,
    kMustBeLessThan,
    kMustBeLessOrEqualTo,
    kMustBeBetween,
    kMustNotBeBetween
};
std::string_view name_of(Operator op);

enum class Metric { kNullValues, kMissingValues, kInvalidValues, kDuplicateValues, kRowCount };
std::string_view name_of(Metric metric);

enum class Unit { kRows, kPercent };

// A metric of the standard's library with its bound.
struct MetricRule {
    Metric metric{};
    Operator op{};
    double low = 0, high = 0;
    Unit unit = Unit::kRows;
    std::vector<std::string> missing_values;  // missingValues: what counts as missing, …
    bool null_is_missing = false;             // … and whether NULL does ("null" in the list)
    std::vector<std::string> valid_values;    // invalidValues: what is valid, and …
    std::string pattern;                      // … the pattern of what is valid
    std::vector<std::string> properties;      // duplicateValues on a schema: these columns
};

// A rule as written under `quality`. Exactly one of metric and expression is there.
struct Rule {
    std::string name;    // unique within the dataset; made from column and metric when absent
    std::string column;  // property name; empty for a rule of the schema object
    Text description;
    Severity severity = Severity::kError;
    Dimension dimension = Dimension::kAccurate;
    std::optional<MetricRule> metric;
    std::string expression;  // type custom, engine nguon: boolean SQL over the row's columns
    InFile at;               // of the expression; of a metric, of the whole rule
    // A bound of none on nullValues, missingValues, invalidValues, and every expression: judged per
    // row, failing rows go to quarantine. Every other is judged on the whole batch.
    bool is_row_rule() const;
};

struct Reference {
    std::string dataset;  // "administrative.ward"
    std::string column;   // "code"
    InFile at = {};       // of `to`
};

// A reference by several columns together; one by a single column is Column::reference.
struct ForeignKey {
    std::vector<std::string> columns;
    std::string dataset;
    std::vector<std::string> target_columns;  // as many as columns
    std::vector<InFile> at;                   // of each target column; as many as columns
};

struct Column {
    std::string name;  // lower snake case
    LogicalType type = LogicalType::kString;
    std::string physical_type;     // as written; DECIMAL(p,s) makes a number exact
    int precision = 0, scale = 0;  // of an exact number; precision 0 = double
    Text title;                    // businessName
    Text description;
    bool required = false;
    bool unique = false;
    int key_position = 0;  // from 1; 0 = not part of the primary key
    std::string classification;
    TypeOptions options;
    std::vector<EnumValue> enumeration;
    std::optional<Reference> reference;
    InFile at;
};

// One schema object of a contract = one dataset.
struct Dataset {
    std::string name;     // "population.person"
    std::string domain;   // "population"
    std::string schema;   // "person"
    std::string version;  // the contract's, semantic: "1.0.0"
    Text title;
    Text description;
    Access access = Access::kInternal;
    int level = 1;
    Mode mode = Mode::kAppend;
    std::string subject;          // column that names the person, or empty
    std::vector<Column> columns;  // in file order
    std::vector<Rule> rules;      // schema rules and property rules
    std::vector<ForeignKey> foreign_keys;
    InFile at;

    std::vector<const Column*> key() const;  // by key_position; empty without a primary key
    const Column* column(std::string_view column_name) const;
};

struct Contract {
    std::string file;  // as given, for messages
    std::string id, version, status, api_version, domain, name;
    Text title;  // name, and its English
    std::vector<Dataset> datasets;
    std::string text;      // the YAML as given: kept, and the answer of `contract --as odcs`
    std::string sla_json;  // slaProperties as JSON, kept
    std::vector<std::string> notes;  // what the platform reads but does not act on yet, by path
};

// Reads one contract. Errors: invalid, with every problem found (file, line, column, path, what is
// wrong, what would be right), not only the first. Features that the platform does not support are
// such problems; none is ignored in silence.
Result<Contract> parse(std::string_view yaml, std::string_view file);

enum class Change { kCreated, kUnchanged, kCompatible, kBreaking };
std::string_view name_of(Change change);

struct Difference {
    std::string path;
    Text what;
    bool breaking = false;
    InFile at = {};  // in `after`: of the column, rule or reference, of the dataset when it is gone
};

// What a reader or a sender of `before` would notice in `after`.
std::vector<Difference> compare(const Dataset& before, const Dataset& after);

}  // namespace nguon::contract
