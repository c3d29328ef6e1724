#include "intake/internal/newest.h"

#include <fmt/format.h>

#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

constexpr Micros kHour = Micros{3600} * 1'000'000;

std::string moment_of(const contract::Column& column) {
    return fmt::format("epoch_us({})", sql::quote_identifier(column.name));
}

// From what a column's cell says to when it was over.
std::string over(const contract::Column& column, const std::string& value, Micros now) {
    if (column.type == contract::LogicalType::kTimestamp) return value;
    return fmt::format("least({} + {}, {})", value, 17 * kHour, now);
}

Micros latest(const contract::Column& column, Micros now) {
    return column.type == contract::LogicalType::kTimestamp ? now : now + 7 * kHour;
}

}  // namespace

std::string newest_sql(const contract::Column& column, Micros now) {
    const std::string moment = moment_of(column);
    return over(column,
                fmt::format("max({0}) FILTER (WHERE {0} <= {1})", moment, latest(column, now)),
                now);
}

std::string newest_of_row_sql(const contract::Column& column, Micros now) {
    const std::string moment = moment_of(column);
    return over(column,
                fmt::format("CASE WHEN {0} <= {1} THEN {0} END", moment, latest(column, now)), now);
}

}  // namespace nguon::intake
