#include "quality/rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "contract/column_type.h"
#include "contract/headings.h"
#include "quality/cell_checks.h"
#include "quality/damage.h"
#include "quality/part.h"
#include "sql/duckdb.h"

namespace nguon::quality {
namespace {

using contract::Column;
using contract::Dimension;
using contract::LogicalType;
using sql::quote_identifier;
using sql::quote_literal;

std::string list_of(const std::vector<std::string>& values) {
    std::vector<std::string> quoted;
    for (const std::string& value : values)
        quoted.push_back(quote_literal(value));
    return fmt::format("({})", fmt::join(quoted, ", "));
}

// A literal of the column's type, from text that contract::parse checked.
std::string typed_literal(const Column& column, const std::string& text) {
    return fmt::format("CAST({} AS {})", quote_literal(text), column_type(column).sql());
}

std::string_view type_in_vietnamese(LogicalType type) {
    switch (type) {
        case LogicalType::kString: return "chữ";
        case LogicalType::kInteger: return "số nguyên";
        case LogicalType::kNumber: return "số";
        case LogicalType::kBoolean: return "đúng/sai (true, false, 1, 0)";
        case LogicalType::kDate: return "ngày có thật";
        case LogicalType::kTimestamp: return "thời điểm";
        case LogicalType::kTime: return "giờ";
        case LogicalType::kObject: return "đối tượng JSON";
        case LogicalType::kArray: return "danh sách JSON";
        case LogicalType::kMap: return "bảng khóa và giá trị JSON";
        case LogicalType::kVector: return "vectơ số";
    }
    return "";
}

class Compiler {
public:
    explicit Compiler(const contract::Dataset& dataset) : m_dataset(dataset) {}

    RuleSet run() {
        add_record_rules();
        for (const Column& column : m_dataset.columns)
            add_column(column);
        for (const contract::ForeignKey& key : m_dataset.foreign_keys) {
            add_reference({key.dataset, key.target_columns, key.columns});
        }
        add_key();
        for (const contract::Rule& rule : m_dataset.rules)
            if (!rule.sql) add_written(rule);
        return std::move(m_set);
    }

private:
    RowRule& add(RuleKind kind, std::string_view prefix, const std::string& column,
                 Dimension dimension, Text reason, std::string fails) {
        RowRule rule;
        rule.kind = kind;
        rule.name = column.empty() ? std::string(prefix) : fmt::format("{}:{}", prefix, column);
        rule.column = column;
        rule.dimension = dimension;
        rule.reason = std::move(reason);
        rule.fails = std::move(fails);
        return m_set.rows.emplace_back(std::move(rule));
    }

    void add_record_rules() {
        for (const Damage& damage : damages()) {
            std::string fails = fmt::format("(_flags & {}) <> 0", damage.flag);
            if (damage.before != 0) {
                fails = fmt::format("(_flags & {}) = {}", damage.flag | damage.before, damage.flag);
            }
            add(RuleKind::kRecord, damage.rule, "", Dimension::kClean, damage.reason, fails);
        }
        // Nothing else is said of a damaged record.
        m_whole = fmt::format("(_flags & {}) = 0 AND ", static_cast<unsigned>(scan::kDamaged));
    }

    void add_column(const Column& column) {
        const std::string name = quote_identifier(column.name);
        const auto place = static_cast<std::size_t>(&column - m_dataset.columns.data());
        const bool is_text = column_type(column).kind == sql::Kind::kText;
        const std::string bad = fmt::format("(_bad{} & {}) <> 0", place / scan::kBitsPerMask,
                                            std::int64_t{1} << (place % scan::kBitsPerMask));
        const bool is_checked = is_text && cell_check_of(column) != nullptr;
        if (!is_text || is_checked) {
            const std::string shape = shape_of(column);
            const bool vowel = std::string_view("aio").contains(name_of(column.type)[0]);
            Text reason{fmt::format("Không phải {}{}", type_in_vietnamese(column.type),
                                    shape.empty() ? "" : " (" + shape + ")"),
                        fmt::format("Not {} {}{}", vowel ? "an" : "a", name_of(column.type),
                                    shape.empty() ? "" : " (" + shape + ")")};
            const std::string& format = column.options.format;
            if (format == "wkt" || format == "geojson") {
                reason = {fmt::format("Không phải hình học đọc được ({})", format),
                          fmt::format("Not a geometry that can be read ({})", format)};
            } else if (is_nested(column.type)) {
                const auto word = type_in_vietnamese(column.type);
                reason = {fmt::format("Không phải {} như hợp đồng mô tả", word),
                          fmt::format("Not {} {} as the contract describes it", vowel ? "an" : "a",
                                      name_of(column.type))};
            }
            if (column_type(column).kind == sql::Kind::kDecimal) {
                reason = {fmt::format("Không phải số có nhiều nhất {} chữ số trước dấu chấm và {} "
                                      "sau",
                                      column.precision - column.scale, column.scale),
                          fmt::format("Not a number with at most {} digits before the point and {} "
                                      "after",
                                      column.precision - column.scale, column.scale)};
            }
            if (refuses_lost_digits(column)) reason = lost_digits_reason();
            add(RuleKind::kType, "type", column.name, Dimension::kAccurate, std::move(reason), bad);
        }
        if (column.required || column.key_position > 0) {
            const std::string absent = fmt::format("{} IS NULL", name);
            add(RuleKind::kRequired, "required", column.name, Dimension::kComplete,
                {"Bắt buộc nhưng để trống", "Required but empty"},
                m_whole + (is_text && !is_checked ? absent
                                                  : fmt::format("{} AND NOT ({})", absent, bad)));
        }
        if (is_nested(column.type)) {
            // Everything of it is judged inside.
        } else if (is_text) {
            add_text_options(column, name);
        } else {
            add_range(column, name);
        }
        if (!column.enumeration.empty()) {
            std::vector<std::string> values;
            for (const contract::EnumValue& value : column.enumeration)
                values.push_back(value.value);
            add(RuleKind::kEnum, "enum", column.name, Dimension::kAccurate,
                {"Không có trong danh mục cho phép", "Not in the list of allowed values"},
                fmt::format("coalesce(CAST({} AS VARCHAR) NOT IN {}, false)", name,
                            list_of(values)));
        }
        if (column.reference) {
            add_reference({column.reference->dataset, {column.reference->column}, {column.name}});
        }
        if (column.unique && column.key_position == 0) {
            add(RuleKind::kUnique, "unique", column.name, Dimension::kClean,
                {"Trùng với một dòng trước đó trong tệp hoặc một dòng đã có",
                 "The same as an earlier row of the file or a row already there"},
                "false")
                .judged = Judged::kAfterPass;
        }
    }

    // The form that values must have, for the sentence that says so.
    static std::string shape_of(const Column& column) {
        if (column.type == LogicalType::kDate && column.options.format.empty()) return "yyyy-MM-dd";
        const bool has_form = column.type == LogicalType::kDate ||
                              column.type == LogicalType::kTimestamp ||
                              column.type == LogicalType::kTime || column.options.format == "wkt" ||
                              column.options.format == "geojson";
        return has_form ? column.options.format : "";
    }

    void add_text_options(const Column& column, const std::string& name) {
        const contract::TypeOptions& options = column.options;
        if (options.min_length || options.max_length) {
            std::vector<std::string> wrong;
            if (options.min_length)
                wrong.push_back(fmt::format("length({}) < {}", name, *options.min_length));
            if (options.max_length)
                wrong.push_back(fmt::format("length({}) > {}", name, *options.max_length));
            add(RuleKind::kLength, "length", column.name, Dimension::kAccurate,
                {fmt::format("Độ dài ngoài khoảng {} đến {} ký tự", options.min_length.value_or(0),
                             options.max_length ? fmt::format("{}", *options.max_length) : "∞"),
                 fmt::format("Length outside {} to {} characters", options.min_length.value_or(0),
                             options.max_length ? fmt::format("{}", *options.max_length) : "∞")},
                fmt::format("coalesce({}, false)", fmt::join(wrong, " OR ")));
        }
        if (!options.pattern.empty()) {
            add(RuleKind::kPattern, "pattern", column.name, Dimension::kAccurate,
                {fmt::format("Sai dạng: phải theo mẫu {}", options.pattern),
                 fmt::format("Malformed: must match {}", options.pattern)},
                pattern_fails(name, options.pattern));
        }
        if (const std::string shape = contract::pattern_of_format(options.format); !shape.empty()) {
            add(RuleKind::kPattern, "format", column.name, Dimension::kAccurate,
                {fmt::format("Không phải dạng {}", options.format),
                 fmt::format("Not of the format {}", options.format)},
                pattern_fails(name, shape));
        }
    }

    static std::string pattern_fails(const std::string& name, const std::string& pattern) {
        return fmt::format("coalesce(NOT regexp_full_match({}, {}), false)", name,
                           quote_literal(pattern));
    }

    void add_range(const Column& column, const std::string& name) {
        const contract::TypeOptions& options = column.options;
        std::vector<std::string> wrong, words;
        const auto bound = [&](const std::string& text, std::string_view breaks,
                               std::string_view keeps) {
            if (text.empty()) return;
            wrong.push_back(fmt::format("{} {} {}", name, breaks, typed_literal(column, text)));
            words.push_back(fmt::format("{} {}", keeps, text));
        };
        bound(options.minimum, "<", "≥");
        bound(options.maximum, ">", "≤");
        bound(options.exclusive_minimum, "<=", ">");
        bound(options.exclusive_maximum, ">=", "<");
        if (const auto range = contract::range_of_format(options.format)) {
            if (!range->low.empty()) bound(range->low, "<", "≥");
            if (!range->high.empty()) bound(range->high, ">", "≤");
        }
        if (!options.multiple_of.empty()) {
            wrong.push_back(
                // What is past 29 digits is no multiple that could be told.
                fmt::format("coalesce(TRY_CAST({0} AS DECIMAL(38,9)) % CAST({1} AS DECIMAL(38,9)) "
                            "<> 0, {0} IS NOT NULL)",
                            name, quote_literal(options.multiple_of)));
            words.push_back("× " + options.multiple_of);
        }
        if (wrong.empty()) return;
        add(RuleKind::kRange, "range", column.name, Dimension::kAccurate,
            {fmt::format("Ngoài khoảng cho phép ({})", fmt::join(words, ", ")),
             fmt::format("Outside the allowed range ({})", fmt::join(words, ", "))},
            fmt::format("coalesce({}, false)", fmt::join(wrong, " OR ")));
    }

    void add_reference(const ReferenceSet& reference) {
        const std::string names = fmt::format("{}", fmt::join(reference.columns, ","));
        const std::string target =
            fmt::format("{}.{}", reference.dataset, fmt::join(reference.target_columns, ","));
        RowRule& rule = add(
            RuleKind::kReference, "reference", names, Dimension::kAccurate,
            {fmt::format("Không có trong {}", target), fmt::format("Not found in {}", target)}, "");
        rule.reference = static_cast<int>(m_set.references.size());
        if (reference.dataset == m_dataset.name) {
            rule.judged = Judged::kAfterPass;  // rows of the file itself count
            rule.fails = "false";
        } else {
            // As in SQL, a reference with an empty part refers to nothing.
            for (const std::string& column : reference.columns) {
                rule.fails += contract::sql_of_path("", column) + " IS NOT NULL AND ";
            }
            rule.fails = fmt::format("({}_ref{}._k0 IS NULL)", rule.fails, rule.reference);
        }
        m_set.references.push_back(reference);
    }

    void add_key() {
        const std::vector<const Column*> key = m_dataset.key();
        if (key.empty()) return;
        std::vector<std::string> names;
        for (const Column* column : key)
            names.push_back(column->name);
        RowRule& rule =
            add(RuleKind::kKey, "key", fmt::format("{}", fmt::join(names, ",")), Dimension::kClean,
                {"Trùng khóa với một dòng trước đó trong tệp, hoặc với một dòng đã có",
                 "The same key as an earlier row of the file, or as a row already there"},
                "false");
        rule.judged = Judged::kAfterPass;
    }

    void add_written(const contract::Rule& written) {
        if (!written.is_row_rule()) {
            m_set.tables.push_back({written.name, written.column, written.dimension,
                                    written.severity, written.description, *written.metric});
            return;
        }
        Text reason = written.description.empty() ? Text::same(written.name) : written.description;
        std::string fails;
        RuleKind kind = RuleKind::kExpression;
        const std::string name = quote_identifier(written.column);
        if (!written.metric) {
            // TRY makes null of an error, and a row that cannot be judged does not keep the rule.
            fails = fmt::format("{}NOT coalesce(TRY(coalesce(({}\n), true)), false)", m_whole,
                                written.expression);
        } else if (written.metric->metric == contract::Metric::kInvalidValues) {
            kind = RuleKind::kInvalidValues;
            std::vector<std::string> wrong;
            if (!written.metric->valid_values.empty()) {
                wrong.push_back(fmt::format("CAST({} AS VARCHAR) NOT IN {}", name,
                                            list_of(written.metric->valid_values)));
            }
            if (!written.metric->pattern.empty()) {
                wrong.push_back(fmt::format("NOT regexp_full_match(CAST({} AS VARCHAR), {})", name,
                                            quote_literal(written.metric->pattern)));
            }
            fails = wrong.empty() ? "false"
                                  : fmt::format("coalesce({}, false)", fmt::join(wrong, " OR "));
        } else {
            kind = RuleKind::kMissing;
            fails = m_whole + missing_sql(name, *written.metric);
        }
        RowRule& rule =
            add(kind, written.name, "", written.dimension, std::move(reason), std::move(fails));
        rule.column = written.column;
        rule.severity = written.severity;
    }

    static std::string missing_sql(const std::string& name, const contract::MetricRule& metric) {
        if (metric.missing_values.empty()) return fmt::format("{} IS NULL", name);
        return fmt::format("({0} IS NULL OR CAST({0} AS VARCHAR) IN {1})", name,
                           list_of(metric.missing_values));
    }

    const contract::Dataset& m_dataset;
    RuleSet m_set;
    std::string m_whole;
};

}  // namespace

std::vector<std::size_t> RuleSet::in_pass() const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].judged == Judged::kInPass) places.push_back(i);
    }
    return places;
}

RuleSet compile(const contract::Dataset& dataset) {
    return Compiler(dataset).run();
}

std::string with_clock(std::string_view rows, Micros now) {
    constexpr Micros kVietnam = Micros{7} * 3600 * 1'000'000;  // UTC+7, without daylight saving
    return fmt::format(
        "(SELECT *, CAST({} AS DATE) AS current_date, CAST({} AS TIMESTAMP WITH TIME ZONE) AS "
        "current_timestamp FROM {})",
        quote_literal(format_time(now + kVietnam).substr(0, 10)), quote_literal(format_time(now)),
        rows);
}

Result<scan::Plan> plan_of(const contract::Dataset& dataset) {
    scan::Plan plan;
    for (const Column& column : dataset.columns) {
        scan::PlannedColumn planned{column.name, column_type(column), {}, false, {}};
        if (column.type == LogicalType::kDate && !column.options.format.empty()) {
            TRY_ASSIGN(planned.date_format, scan::DateFormat::from(column.options.format));
        }
        const contract::TypeOptions& options = column.options;
        const bool is_moment =
            column.type == LogicalType::kTimestamp || column.type == LogicalType::kTime;
        planned.zone_required = options.zone_is_required();
        if (is_moment && (!options.format.empty() || !options.default_timezone.empty())) {
            TRY_ASSIGN(scan::MomentFormat moment,
                       scan::MomentFormat::from(moment_kind(column.type), options.format,
                                                options.default_timezone));
            if (planned.zone_required) moment.require_zone();
            planned.moment = std::make_shared<const scan::MomentFormat>(std::move(moment));
            if (column.type == LogicalType::kTimestamp && !options.default_timezone.empty()) {
                TRY_ASSIGN(scan::MomentFormat iso,
                           scan::MomentFormat::from(moment_kind(column.type), "",
                                                    options.default_timezone));
                planned.iso_moment = std::make_shared<const scan::MomentFormat>(std::move(iso));
            }
        }
        planned.check = cell_check_of(column);
        planned.decimal = column.decimal;
        plan.columns.push_back(std::move(planned));
    }
    std::vector<std::vector<std::string>> headings = contract::headings_of(dataset);
    for (std::size_t c = 0; c < plan.columns.size(); ++c)
        plan.columns[c].titles = std::move(headings[c]);
    for (const Column* column : dataset.key()) {
        plan.key.push_back(static_cast<std::size_t>(column - dataset.columns.data()));
    }
    return plan;
}

}  // namespace nguon::quality
