#include "store/rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "crypto/keys.h"
#include "store/internal/features.h"
#include "store/key.h"
#include "store/row_json.h"

namespace nguon::store {
namespace {

// One step of the whole order: a column, or the row's sequence number (column null).
struct Step {
    const contract::Column* column = nullptr;
    Direction direction = Direction::kUp;

    std::string name() const {
        return column == nullptr ? "_seq" : sql::quote_identifier(column->name);
    }
    std::string value(std::string_view canonical) const {
        return column == nullptr ? std::string(canonical) : sql_value(*column, canonical);
    }
};

// Ends with the key, or the sequence number, so that no two rows are equal.
std::vector<Step> whole_order(const contract::Dataset& dataset, const RowsQuery& query) {
    std::vector<Step> order;
    for (const RowSort& sort : query.sort)
        order.push_back({sort.column, sort.direction});
    for (const contract::Column* column : dataset.key()) {
        if (std::ranges::find(order, column, &Step::column) == order.end()) {
            order.push_back({column, Direction::kUp});
        }
    }
    if (dataset.key().empty()) order.push_back({});
    return order;
}

std::string order_text(const std::vector<Step>& order) {
    std::string text;
    for (const Step& step : order) {
        text += fmt::format("{}{}{}", text.empty() ? "" : ",",
                            step.direction == Direction::kDown ? "-" : "",
                            step.column == nullptr ? "" : step.column->name);
    }
    return text;
}

std::string order_sql(const std::vector<Step>& order) {
    std::string sql;
    for (const Step& step : order) {
        sql += fmt::format("{}{} {} NULLS LAST", sql.empty() ? "" : ", ", step.name(),
                           step.direction == Direction::kDown ? "DESC" : "ASC");
    }
    return sql;
}

// Where a page ended: base64url of {"sort","seq","after":[canonical value or null per step]}.
struct Cursor {
    Seq upto = 0;
    std::vector<std::optional<std::string>> after;
};

std::string write_cursor(const std::vector<Step>& order, const Cursor& cursor) {
    json::array after;
    for (const auto& value : cursor.after) {
        after.push_back(value ? json::value(*value) : json::value(nullptr));
    }
    return crypto::base64url(
        to_text(json::object{{"sort", order_text(order)}, {"seq", cursor.upto}, {"after", after}}));
}

// Every value is validated as its column's, as if it came in a filter.
std::optional<std::string> cursor_value(const Step& step, const json::value& given) {
    if (!given.is_string()) return std::nullopt;
    if (step.column != nullptr) {
        Result<std::string> value =
            canonical_value(*step.column, std::string_view(given.get_string()));
        if (!value) return std::nullopt;
        return std::move(*value);
    }
    contract::Column seq;
    seq.type = contract::LogicalType::kInteger;
    Result<std::string> value = canonical_value(seq, std::string_view(given.get_string()));
    if (!value) return std::nullopt;
    return std::move(*value);
}

Result<Cursor> read_cursor(const std::vector<Step>& order, std::string_view text) {
    const auto wrong = [] {
        return fail(Code::kInvalid,
                    {"cursor không thuộc câu hỏi này.", "The cursor is not of this question."},
                    {"Bỏ cursor để bắt đầu lại từ trang đầu, và giữ nguyên sort.",
                     "Leave the cursor away to start at the first page, and keep sort as it was."});
    };
    const Result<std::string> bytes = crypto::base64url_decode(text);
    if (!bytes) return wrong();
    const Result<json::value> parsed = parse_json(*bytes);
    if (!parsed || !parsed->is_object()) return wrong();
    const json::object& object = parsed->get_object();
    const json::value* sort = object.if_contains("sort");
    const json::value* seq = object.if_contains("seq");
    const json::value* after = object.if_contains("after");
    if (sort == nullptr || !sort->is_string() || sort->get_string() != order_text(order) ||
        seq == nullptr || !seq->is_int64() || seq->get_int64() < 0 || after == nullptr ||
        !after->is_array() || after->get_array().size() != order.size()) {
        return wrong();
    }
    Cursor cursor{seq->get_int64(), {}};
    for (std::size_t i = 0; i < order.size(); ++i) {
        const json::value& given = after->get_array()[i];
        std::optional<std::string> value = cursor_value(order[i], given);
        if (!value && !given.is_null()) return wrong();
        cursor.after.push_back(std::move(value));
    }
    return cursor;
}

// True for the rows behind the cursor. Null stands last both ways: behind it comes nothing in its
// column.
std::string after_sql(const std::vector<Step>& order, const Cursor& cursor) {
    std::string any, same;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::string name = order[i].name();
        const std::optional<std::string>& last = cursor.after[i];
        if (last) {
            const char* sign = order[i].direction == Direction::kDown ? "<" : ">";
            const std::string value = order[i].value(*last);
            any += fmt::format("{}({}({} {} {} OR {} IS NULL))", any.empty() ? "" : " OR ", same,
                               name, sign, value, name);
            same += fmt::format("{} = {} AND ", name, value);
        } else {
            same += name + " IS NULL AND ";
        }
    }
    return any.empty() ? "false" : "(" + any + ")";
}

std::string_view sign_of(Comparison comparison) {
    switch (comparison) {
        case Comparison::kEqual: return "=";
        case Comparison::kNotEqual: return "IS DISTINCT FROM";
        case Comparison::kGreater: return ">";
        case Comparison::kGreaterOrEqual: return ">=";
        case Comparison::kLess: return "<";
        case Comparison::kLessOrEqual: return "<=";
        case Comparison::kIn: return "IN";
    }
    return "=";
}

std::string filter_sql(const RowFilter& filter) {
    std::string values;
    for (const std::string& value : filter.values) {
        values += (values.empty() ? "" : ", ") + sql_value(*filter.column, value);
    }
    if (filter.comparison == Comparison::kIn) values = "(" + values + ")";
    return fmt::format("{} {} {}", sql::quote_identifier(filter.column->name),
                       sign_of(filter.comparison), values);
}

// Times in files as in JSON: RFC 3339, microseconds where there are some.
std::string csv_column(const contract::Column& column) {
    const std::string name = sql::quote_identifier(column.name);
    if (column.type != contract::LogicalType::kTimestamp) return name;
    const std::string utc = fmt::format("timezone('UTC', {})", name);
    return fmt::format(
        "CASE WHEN microsecond({0}) % 1000000 = 0 THEN strftime({0}, '%Y-%m-%dT%H:%M:%SZ') "
        "ELSE strftime({0}, '%Y-%m-%dT%H:%M:%S.%fZ') END AS {1}",
        utc, name);
}

Result<RowsAnswer> write_file(sql::Duck& duck, const DatasetInfo& dataset, const RowsQuery& query,
                              const std::string& from_sql, const std::vector<Step>& order) {
    // An order costs a sort of everything: only when asked for, or needed by a limit.
    std::string from = from_sql;
    if (!query.sort.empty() || query.limit) from += " ORDER BY " + order_sql(order);
    if (query.limit) from += fmt::format(" LIMIT {}", *query.limit);
    RowsAnswer answer;
    if (query.format == RowsFormat::kGeoJson) {
        TRY_ASSIGN(answer.rows, write_features(duck, dataset.contract, query, from));
        return answer;
    }
    const bool csv = query.format == RowsFormat::kCsv;
    std::string select;
    for (const contract::Column& column : dataset.contract.columns) {
        select += select.empty() ? "" : ", ";
        select += csv ? csv_column(column) : sql::quote_identifier(column.name);
    }
    TRY_ASSIGN(answer.rows, duck.query_integer(fmt::format(
                                "COPY (SELECT {} FROM {}) TO {} ({})", select, from,
                                sql::quote_literal(query.output.string()),
                                csv ? "FORMAT csv, HEADER" : "FORMAT parquet, COMPRESSION zstd")));
    return answer;
}

Result<RowsAnswer> write_page(sql::Duck& duck, const DatasetInfo& dataset, std::int64_t limit,
                              Seq upto, const std::string& from_sql,
                              const std::vector<Step>& order) {
    TRY_ASSIGN(sql::DuckResult result,
               duck.query(fmt::format("SELECT * FROM {} ORDER BY {} LIMIT {}", from_sql,
                                      order_sql(order), limit + 1)));
    const RowJson json(result, 1, &dataset.contract);
    RowsAnswer answer;
    answer.json = "{\"rows\":[";
    Cursor cursor{upto, {}};
    for (bool more = true; more;) {
        TRY_ASSIGN(const std::size_t count, result.next());
        more = count > 0;
        for (std::size_t row = 0; row < count; ++row) {
            if (answer.rows == limit) {
                answer.next = write_cursor(order, cursor);
                more = false;
                break;
            }
            if (answer.rows > 0) answer.json += ',';
            json.append(answer.json, result, row);
            if (++answer.rows < limit) continue;
            for (const Step& step : order) {
                std::optional<std::string> value;
                const auto place =
                    step.column == nullptr
                        ? 0
                        : static_cast<std::size_t>(step.column - dataset.contract.columns.data()) +
                              1;
                if (place == 0) {
                    value = fmt::format("{}", result.integer(0, row));
                } else if (!result.is_null(place, row)) {
                    append_canonical(value.emplace(), *step.column, result, place, row);
                }
                cursor.after.push_back(std::move(value));
            }
        }
    }
    answer.json += answer.next.empty() ? "],\"next\":null}" : "],\"next\":\"" + answer.next + "\"}";
    return answer;
}

Result<std::int64_t> page_limit(const RowsQuery& query) {
    const std::int64_t limit = query.limit.value_or(RowsQuery::kDefaultLimit);
    if (limit >= 1 && limit <= RowsQuery::kMostLimit) return limit;
    return fail(Code::kInvalid,
                {fmt::format("limit = {} nằm ngoài khoảng 1 đến {}.", limit, RowsQuery::kMostLimit),
                 fmt::format("limit = {} is outside 1 to {}.", limit, RowsQuery::kMostLimit)},
                {"Đọc từng trang bằng cursor, hoặc lấy cả tập bằng format=csv hay parquet.",
                 "Read page by page with cursor, or take everything with format=csv or parquet."});
}

}  // namespace

Result<RowsAnswer> rows(const HistorySource& source, const DatasetInfo& dataset,
                        const RowsQuery& query, const ReadOptions& options) {
    const std::string& name = dataset.contract.name;
    const std::vector<Step> order = whole_order(dataset.contract, query);
    TRY_ASSIGN(const Head head, source.head(name));
    Seq upto = query.upto.value_or(head.seq);
    std::string conditions;
    for (const RowFilter& filter : query.filters) {
        conditions += (conditions.empty() ? "" : " AND ") + filter_sql(filter);
    }
    if (!query.cursor.empty()) {
        TRY_ASSIGN(const Cursor cursor, read_cursor(order, query.cursor));
        if (!query.upto) upto = std::min(cursor.upto, head.seq);
        conditions += (conditions.empty() ? "" : " AND ") + after_sql(order, cursor);
    }
    TRY_ASSIGN(const std::int64_t limit,
               query.format == RowsFormat::kJson ? page_limit(query) : Result<std::int64_t>(0));
    TRY_ASSIGN(const std::vector<SegmentInfo> segments, source.current_files(name, upto));
    std::string from_sql = "(" + current_view(dataset, segments, upto, WithSeq::kYes).sql + ")";
    if (!conditions.empty()) from_sql += " WHERE " + conditions;
    TRY_ASSIGN(const std::unique_ptr<sql::Duck> duck, open_reader(options));
    if (query.format != RowsFormat::kJson)
        return write_file(*duck, dataset, query, from_sql, order);
    return write_page(*duck, dataset, limit, upto, from_sql, order);
}

}  // namespace nguon::store
