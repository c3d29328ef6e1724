#include <fmt/format.h>

#include <cmath>

#include "base/time.h"
#include "sql/duckdb.h"
#include "sql/internal/duckdb_value.h"

namespace nguon::sql {
namespace {

std::string_view type_name(duckdb_type id) {
    switch (id) {
        case DUCKDB_TYPE_BOOLEAN: return "BOOLEAN";
        case DUCKDB_TYPE_TINYINT: return "TINYINT";
        case DUCKDB_TYPE_SMALLINT: return "SMALLINT";
        case DUCKDB_TYPE_INTEGER: return "INTEGER";
        case DUCKDB_TYPE_BIGINT: return "BIGINT";
        case DUCKDB_TYPE_UTINYINT: return "UTINYINT";
        case DUCKDB_TYPE_USMALLINT: return "USMALLINT";
        case DUCKDB_TYPE_UINTEGER: return "UINTEGER";
        case DUCKDB_TYPE_UBIGINT: return "UBIGINT";
        case DUCKDB_TYPE_HUGEINT: return "HUGEINT";
        case DUCKDB_TYPE_FLOAT: return "FLOAT";
        case DUCKDB_TYPE_DOUBLE: return "DOUBLE";
        case DUCKDB_TYPE_DECIMAL: return "DECIMAL";
        case DUCKDB_TYPE_DATE: return "DATE";
        case DUCKDB_TYPE_TIME: return "TIME";
        case DUCKDB_TYPE_TIMESTAMP: return "TIMESTAMP";
        case DUCKDB_TYPE_TIMESTAMP_TZ: return "TIMESTAMP WITH TIME ZONE";
        case DUCKDB_TYPE_VARCHAR: return "VARCHAR";
        case DUCKDB_TYPE_BLOB: return "BLOB";
        default: return "OTHER";
    }
}

std::string hugeint_text(duckdb_hugeint value) {
    __extension__ using Wide = __int128;
    __extension__ using UnsignedWide = unsigned __int128;
    const Wide whole = (static_cast<Wide>(value.upper) << 64) | static_cast<Wide>(value.lower);
    UnsignedWide rest =
        whole < 0 ? -static_cast<UnsignedWide>(whole) : static_cast<UnsignedWide>(whole);
    std::string digits;
    do {
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    return whole < 0 ? "-" + digits : digits;
}

std::string decimal_text(std::string digits, int scale) {
    const bool negative = digits.starts_with('-');
    if (negative) digits.erase(0, 1);
    if (scale > 0) {
        const auto places = static_cast<std::size_t>(scale);
        if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
        digits.insert(digits.size() - places, 1, '.');
    }
    return negative ? "-" + digits : digits;
}

std::string date_text(std::int64_t days) {
    return format_time(days * 86'400'000'000).substr(0, 10);
}

std::string time_text(std::int64_t micros) {
    std::string text = format_time(micros).substr(11);
    text.pop_back();
    return text;
}

}  // namespace

LogicalTypeHandle make_type(const ColumnType& type) {
    switch (type.kind) {
        case Kind::kBoolean:
            return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
        case Kind::kBigint:
            return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
        case Kind::kUbigint:
            return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT));
        case Kind::kDouble:
            return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE));
        case Kind::kDecimal:
            return LogicalTypeHandle(duckdb_create_decimal_type(
                static_cast<std::uint8_t>(type.precision), static_cast<std::uint8_t>(type.scale)));
        case Kind::kText: return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
        case Kind::kDate: return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_DATE));
        case Kind::kTimestamp:
            return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP_TZ));
        case Kind::kTime: return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_TIME));
    }
    return LogicalTypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
}

void DuckResult::Impl::describe() {
    const idx_t count = duckdb_column_count(&result);
    for (idx_t i = 0; i < count; ++i) {
        Column column;
        column.name = duckdb_column_name(&result, i);
        column.id = duckdb_column_type(&result, i);
        column.type = type_name(column.id);
        if (column.id == DUCKDB_TYPE_DECIMAL) {
            const LogicalTypeHandle type(duckdb_column_logical_type(&result, i));
            column.scale = duckdb_decimal_scale(type.get());
            column.storage = duckdb_decimal_internal_type(type.get());
            column.type =
                fmt::format("DECIMAL({},{})", duckdb_decimal_width(type.get()), column.scale);
        }
        columns.push_back(std::move(column));
    }
}

DuckResult::Impl::~Impl() {
    if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_result(&result);
}

DuckResult::DuckResult(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
DuckResult::DuckResult(DuckResult&&) noexcept = default;
DuckResult& DuckResult::operator=(DuckResult&&) noexcept = default;
DuckResult::~DuckResult() = default;

std::size_t DuckResult::column_count() const {
    return m_impl->columns.size();
}
const std::string& DuckResult::name(std::size_t column) const {
    return m_impl->columns[column].name;
}
const std::string& DuckResult::type(std::size_t column) const {
    return m_impl->columns[column].type;
}

Result<std::size_t> DuckResult::next() {
    if (m_impl->chunk != nullptr) duckdb_destroy_data_chunk(&m_impl->chunk);
    m_impl->chunk = duckdb_fetch_chunk(m_impl->result);
    if (m_impl->chunk == nullptr) {  // the end, or a failure midway through a stream
        const char* message = duckdb_result_error(&m_impl->result);
        if (message != nullptr && *message != '\0') return std::unexpected(error_from(message));
        return 0;
    }
    for (idx_t i = 0; i < m_impl->columns.size(); ++i) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(m_impl->chunk, i);
        m_impl->columns[i].data = duckdb_vector_get_data(vector);
        m_impl->columns[i].validity = duckdb_vector_get_validity(vector);
    }
    return duckdb_data_chunk_get_size(m_impl->chunk);
}

bool DuckResult::is_null(std::size_t column, std::size_t row) const {
    const std::uint64_t* validity = m_impl->columns[column].validity;
    return validity != nullptr && (validity[row >> 6] >> (row & 63) & 1) == 0;
}

std::int64_t DuckResult::integer(std::size_t column, std::size_t row) const {
    const Impl::Column& from = m_impl->columns[column];
    const duckdb_type id = from.id == DUCKDB_TYPE_DECIMAL ? from.storage : from.id;
    switch (id) {
        case DUCKDB_TYPE_BOOLEAN: return static_cast<const bool*>(from.data)[row] ? 1 : 0;
        case DUCKDB_TYPE_TINYINT: return static_cast<const std::int8_t*>(from.data)[row];
        case DUCKDB_TYPE_SMALLINT: return static_cast<const std::int16_t*>(from.data)[row];
        case DUCKDB_TYPE_INTEGER:
        case DUCKDB_TYPE_DATE: return static_cast<const std::int32_t*>(from.data)[row];
        case DUCKDB_TYPE_UTINYINT: return static_cast<const std::uint8_t*>(from.data)[row];
        case DUCKDB_TYPE_USMALLINT: return static_cast<const std::uint16_t*>(from.data)[row];
        case DUCKDB_TYPE_UINTEGER: return static_cast<const std::uint32_t*>(from.data)[row];
        case DUCKDB_TYPE_HUGEINT:
            return static_cast<std::int64_t>(
                static_cast<const duckdb_hugeint*>(from.data)[row].lower);
        case DUCKDB_TYPE_FLOAT:
            return static_cast<std::int64_t>(static_cast<const float*>(from.data)[row]);
        case DUCKDB_TYPE_DOUBLE:
            return static_cast<std::int64_t>(static_cast<const double*>(from.data)[row]);
        default: return static_cast<const std::int64_t*>(from.data)[row];
    }
}

double DuckResult::number(std::size_t column, std::size_t row) const {
    const Impl::Column& from = m_impl->columns[column];
    if (from.id == DUCKDB_TYPE_DOUBLE) return static_cast<const double*>(from.data)[row];
    if (from.id == DUCKDB_TYPE_FLOAT) {
        return static_cast<double>(static_cast<const float*>(from.data)[row]);
    }
    if (from.id == DUCKDB_TYPE_HUGEINT) {
        return duckdb_hugeint_to_double(static_cast<const duckdb_hugeint*>(from.data)[row]);
    }
    const double whole = static_cast<double>(integer(column, row));
    return from.id == DUCKDB_TYPE_DECIMAL ? whole / std::pow(10.0, from.scale) : whole;
}

std::string_view DuckResult::text(std::size_t column, std::size_t row) const {
    return text_of(static_cast<duckdb_string_t*>(m_impl->columns[column].data)[row]);
}

std::string DuckResult::decimal(std::size_t column, std::size_t row) const {
    const Impl::Column& from = m_impl->columns[column];
    const bool wide = from.storage == DUCKDB_TYPE_HUGEINT;
    return decimal_text(wide ? hugeint_text(static_cast<const duckdb_hugeint*>(from.data)[row])
                             : fmt::format("{}", integer(column, row)),
                        from.scale);
}

json::value DuckResult::json(std::size_t column, std::size_t row) const {
    if (is_null(column, row)) return nullptr;
    const Impl::Column& from = m_impl->columns[column];
    switch (from.id) {
        case DUCKDB_TYPE_BOOLEAN: return integer(column, row) != 0;
        case DUCKDB_TYPE_FLOAT:
        case DUCKDB_TYPE_DOUBLE: return number(column, row);
        case DUCKDB_TYPE_VARCHAR: return json::string(text(column, row));
        case DUCKDB_TYPE_BLOB: return json::string(hex(text(column, row)));
        case DUCKDB_TYPE_DATE: return json::string(date_text(integer(column, row)));
        case DUCKDB_TYPE_TIME: return json::string(time_text(integer(column, row)));
        case DUCKDB_TYPE_TIMESTAMP:
        case DUCKDB_TYPE_TIMESTAMP_TZ: return json::string(format_time(integer(column, row)));
        case DUCKDB_TYPE_UBIGINT: return static_cast<const std::uint64_t*>(from.data)[row];
        case DUCKDB_TYPE_HUGEINT: {
            const duckdb_hugeint value = static_cast<const duckdb_hugeint*>(from.data)[row];
            const bool fits = (value.upper == 0 && value.lower >> 63 == 0) ||
                              (value.upper == -1 && value.lower >> 63 == 1);
            if (fits) return static_cast<std::int64_t>(value.lower);
            return json::string(hugeint_text(value));
        }
        case DUCKDB_TYPE_DECIMAL: {
            // A JSON number while a double shows every digit, text beyond (RFC 8259 section 6).
            const std::string exact = decimal(column, row);
            const std::size_t most =
                exact.find('.') == std::string::npos ? (exact[0] == '-' ? 16 : 15) : 16;
            if (exact.size() > most) return json::string(exact);
            return number(column, row);
        }
        case DUCKDB_TYPE_TINYINT:
        case DUCKDB_TYPE_SMALLINT:
        case DUCKDB_TYPE_INTEGER:
        case DUCKDB_TYPE_BIGINT:
        case DUCKDB_TYPE_UTINYINT:
        case DUCKDB_TYPE_USMALLINT:
        case DUCKDB_TYPE_UINTEGER: return integer(column, row);
        default: return nullptr;  // callers cast other types to VARCHAR first
    }
}

}  // namespace nguon::sql
