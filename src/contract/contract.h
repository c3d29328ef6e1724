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
#include "contract/description.h"

namespace nguon::contract {

enum class LogicalType {
    kString,
    kInteger,
    kNumber,
    kBoolean,
    kDate,
    kTimestamp,
    kTime,
    kObject,
    kArray,
    kMap,
    kVector
};
std::string_view name_of(LogicalType type);  // "string"
// Whether a value is one JSON text (object, array, map, vector): held as text by the engine.
bool is_nested(LogicalType type);
// Names that a column cannot have: read_parquet's own would stand in for the place of a row in its
// file, from which its number is made; current_date in a rule is the day of the load.
bool is_reserved_column(std::string_view name);
// Names that a domain cannot have: it is a schema of the engine, which has these itself.
bool is_reserved_domain(std::string_view name);
// Words of SQL that a query cannot name a domain by without quotes: `at`, `order`.
bool is_sql_word(std::string_view name);

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
    // As written: "email", "uuid", "wkt", "geojson", "yyyy-MM-dd", "i64", …; of an object "geojson"
    // or nothing.
    std::string format;
    std::string minimum, maximum, exclusive_minimum, exclusive_maximum, multiple_of;
    bool timezone = true;          // timestamps: default true
    bool timezone_given = false;   // whether the contract says so itself
    std::string default_timezone;  // of values without a zone: "Asia/Ho_Chi_Minh"; empty = UTC
    // `timezone: true` without a default: a value must name its zone.
    bool zone_is_required() const { return timezone_given && timezone && default_timezone.empty(); }
    // Arrays and objects.
    std::optional<std::int64_t> min_items, max_items, min_properties, max_properties;
    bool unique_items = false;
    std::vector<std::string> required_properties;
    // Vectors: how many elements, of which kind ("float32"), and whether of length 1.
    std::int64_t dimensions = 0;
    std::string element_type, distance_metric, embedding_model, embedding_model_version;
    bool normalized = false;
    bool operator==(const TypeOptions&) const = default;
};

struct EnumValue {
    std::string value;
    Text label;
    Text description = {};
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

// A query of the standard's `type: sql` that gives one value, with the bound on it.
struct SqlRule {
    std::string query;  // as written, with its placeholders ${…} or {…}
    InFile at = {};     // of `query`
    Operator op{};
    double low = 0, high = 0;
    std::string text;  // the value of mustBe or mustNotBe that is no number; low is 0 then
    std::string unit;  // as written; empty: rows
};

// A rule as written under `quality`. Exactly one of metric, sql and expression is there.
struct Rule {
    std::string name;    // unique within the dataset; made from column and metric when absent
    std::string column;  // property name; empty for a rule of the schema object
    Text description;
    Severity severity = Severity::kError;
    Dimension dimension = Dimension::kAccurate;
    std::optional<MetricRule> metric;
    std::optional<SqlRule> sql;
    std::string expression;  // type custom, engine nguon: boolean SQL over the row's columns
    InFile at;               // of the expression; of a metric or a query, of the whole rule
    // Kept and shown.
    std::string business_impact, method, schedule, scheduler;
    std::vector<std::string> tags = {};
    // A bound of none on nullValues, missingValues, invalidValues, and every expression: judged per
    // row, failing rows go to quarantine. Every other is judged on the whole batch.
    bool is_row_rule() const;
};

// A promise that is kept for people and named as not run: `type: text`, a rule of an engine that is
// not here, a rule of a part of a nested column.
struct UnrunRule {
    std::string name;
    std::string column;  // as Rule::column; a part of a nested column with its path: "address.ward"
    std::string type;    // "text", "custom"
    std::string engine;  // "soda"; of custom only
    Text description;
    InFile at = {};
};

struct Reference {
    std::string dataset;  // "administrative.ward"
    std::string column;   // "code"
    InFile at = {};       // of `to`
};

// A reference by several columns together, or from or to a part of a nested column; one by a single
// column to another is Column::reference.
struct ForeignKey {
    std::vector<std::string> columns;  // "ward"; a part by its path: "address.ward"
    std::string dataset;
    std::vector<std::string> target_columns;  // as many as columns, written alike
    std::vector<InFile> at;                   // of each target column; as many as columns
};

// A column, or a part of a nested one: a property of an object, the element of an array, the key
// and the value of a map. Parts keep the names of their JSON members, which need not be snake case;
// unique, key_position and reference are of columns only.
struct Column {
    std::string id = {};  // as written, or empty
    std::string name;     // lower snake case; of a part: of the member; of an element: often empty
    LogicalType type = LogicalType::kString;
    std::string physical_type;     // as written; DECIMAL(p,s) makes a number exact
    int precision = 0, scale = 0;  // of an exact number; precision 0 = double
    Text title;                    // businessName
    Text description;
    bool required = false;
    bool unique = false;
    int key_position = 0;  // from 1; 0 = not part of the primary key
    std::string classification;
    char decimal = 0;  // of numbers written for people: ',' of 1.234,5; 0: as machines write them
    TypeOptions options;
    std::vector<EnumValue> enumeration;
    std::optional<Reference> reference;
    std::string crs = {};                 // of a geometry, our customProperty: "EPSG:4326"
    std::vector<Column> properties = {};  // of an object, in file order
    std::vector<Column> items = {};       // of an array: its element; none when any will do
    std::vector<Column> map = {};         // of a map: its key and its value; else none
    // Kept and shown; what is not here stands in Contract::document at the path of `at`.
    bool deprecated = false;
    bool critical = false;           // criticalDataElement
    std::string semantic_type = {};  // "measure", "dimension"; empty: "column"
    std::string physical_name = {}, encrypted_name = {};
    std::vector<Synonym> synonyms = {};
    std::vector<std::string> tags = {};
    std::vector<Definition> definitions = {};
    std::vector<std::string> examples = {};  // single values as written, others as JSON
    InFile at;

    const Column* property(std::string_view property_name) const;
    // Whether coordinates are degrees of longitude and latitude: EPSG:4326, OGC:CRS84.
    bool crs_is_degrees() const { return crs == "EPSG:4326" || crs == "OGC:CRS84"; }
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
    // snapshotMaxDeleteShare: of the rows that stand, as much a snapshot may delete unconfirmed; 0
    // to 1.
    std::optional<double> max_delete_share;
    std::string subject;          // column that names the person, or empty
    std::vector<Column> columns;  // in file order
    std::vector<Rule> rules;      // schema rules and property rules
    std::vector<UnrunRule> unrun_rules = {};
    std::vector<ForeignKey> foreign_keys;
    bool deprecated = false;
    std::string physical_name = {}, granularity = {};  // dataGranularityDescription
    std::vector<Synonym> synonyms = {};
    std::vector<std::string> tags = {};
    std::vector<Definition> definitions = {};
    InFile at;

    std::vector<const Column*> key() const;  // by key_position; empty without a primary key
    const Column* column(std::string_view column_name) const;
    // A column, or a part of one through objects: "address.ward". Null when there is none.
    const Column* at_path(std::string_view path) const;
};

struct Contract {
    std::string file;  // as given, for messages
    std::string id, version, status, api_version, domain, name;
    Text title;  // name, and its English
    std::vector<Dataset> datasets;
    std::string text;      // the YAML as given: kept, and the answer of `contract --as odcs`
    std::string document;  // the same as compact JSON, everything of it; at most 16 MiB
    std::vector<SlaProperty> sla;
    std::string sla_default_element;
    std::string sla_json;  // slaProperties as JSON, kept
    Description description;
    std::string tenant, data_product, created_at;
    std::vector<std::string> tags;
    std::optional<Team> team;
    std::vector<SupportChannel> support;
    std::optional<Price> price;
    std::vector<Role> roles;
    std::vector<Server> servers;
    std::vector<Definition> definitions;
    std::vector<std::string> notes;  // what the platform reads but does not act on yet, by path
};

// Reads one contract. Errors: invalid, with every problem found (file, line, column, path, what is
// wrong, what would be right), not only the first. Features that the platform does not support are
// such problems; none is ignored in silence.
Result<Contract> parse(std::string_view yaml, std::string_view file);

enum class Change { kCreated, kUnchanged, kCompatible, kBreaking };
std::string_view name_of(Change change);

// Who notices a difference: who reads rows, who sends files, or both.
enum class Audience { kReaders, kSenders, kBoth };
std::string_view name_of(Audience audience);  // "readers", "senders", "both"
// "Whoever sends data must adapt."
Text who_must_adapt(Audience audience);

struct Difference {
    std::string path;
    Text what;
    bool breaking = false;
    Audience audience = Audience::kBoth;
    InFile at = {};  // in `after`: of the column, rule or reference, of the dataset when it is gone
};

// What a reader or a sender of `before` would notice in `after`.
std::vector<Difference> compare(const Dataset& before, const Dataset& after);

}  // namespace nguon::contract
