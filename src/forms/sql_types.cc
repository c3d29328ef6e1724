// Column types of five databases as logical types.
// Sources: PostgreSQL 16 chapter 8, MySQL 8.4 chapter 13, SQL Server 2022 "Data types
// (Transact-SQL)", Oracle 19c SQL Language Reference chapter 2, SQLite "Datatypes".
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "forms/internal/columns.h"
#include "forms/internal/sql_import.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::LogicalType;

struct Known {
    std::string_view word;
    LogicalType type;
    enum class Extra { kNone, kLength, kExact, kMoney, kUuid, kBits, kGeometry } extra;
};
using Extra = Known::Extra;

constexpr std::array kTypes = {Known{"char", LogicalType::kString, Extra::kLength},
                               Known{"character", LogicalType::kString, Extra::kLength},
                               Known{"nchar", LogicalType::kString, Extra::kLength},
                               Known{"bpchar", LogicalType::kString, Extra::kLength},
                               Known{"varchar", LogicalType::kString, Extra::kLength},
                               Known{"nvarchar", LogicalType::kString, Extra::kLength},
                               Known{"varchar2", LogicalType::kString, Extra::kLength},
                               Known{"nvarchar2", LogicalType::kString, Extra::kLength},
                               Known{"sysname", LogicalType::kString, Extra::kNone},
                               Known{"text", LogicalType::kString, Extra::kNone},
                               Known{"ntext", LogicalType::kString, Extra::kNone},
                               Known{"tinytext", LogicalType::kString, Extra::kNone},
                               Known{"mediumtext", LogicalType::kString, Extra::kNone},
                               Known{"longtext", LogicalType::kString, Extra::kNone},
                               Known{"clob", LogicalType::kString, Extra::kNone},
                               Known{"nclob", LogicalType::kString, Extra::kNone},
                               Known{"string", LogicalType::kString, Extra::kNone},
                               Known{"citext", LogicalType::kString, Extra::kNone},
                               Known{"name", LogicalType::kString, Extra::kNone},
                               Known{"uuid", LogicalType::kString, Extra::kUuid},
                               Known{"uniqueidentifier", LogicalType::kString, Extra::kUuid},
                               Known{"int", LogicalType::kInteger, Extra::kNone},
                               Known{"integer", LogicalType::kInteger, Extra::kNone},
                               Known{"int2", LogicalType::kInteger, Extra::kNone},
                               Known{"int4", LogicalType::kInteger, Extra::kNone},
                               Known{"int8", LogicalType::kInteger, Extra::kNone},
                               Known{"smallint", LogicalType::kInteger, Extra::kNone},
                               Known{"bigint", LogicalType::kInteger, Extra::kNone},
                               Known{"mediumint", LogicalType::kInteger, Extra::kNone},
                               Known{"tinyint", LogicalType::kInteger, Extra::kBits},
                               Known{"serial", LogicalType::kInteger, Extra::kNone},
                               Known{"bigserial", LogicalType::kInteger, Extra::kNone},
                               Known{"smallserial", LogicalType::kInteger, Extra::kNone},
                               Known{"year", LogicalType::kInteger, Extra::kNone},
                               Known{"number", LogicalType::kNumber, Extra::kExact},
                               Known{"numeric", LogicalType::kNumber, Extra::kExact},
                               Known{"decimal", LogicalType::kNumber, Extra::kExact},
                               Known{"dec", LogicalType::kNumber, Extra::kExact},
                               Known{"money", LogicalType::kNumber, Extra::kMoney},
                               Known{"smallmoney", LogicalType::kNumber, Extra::kMoney},
                               Known{"float", LogicalType::kNumber, Extra::kNone},
                               Known{"float4", LogicalType::kNumber, Extra::kNone},
                               Known{"float8", LogicalType::kNumber, Extra::kNone},
                               Known{"real", LogicalType::kNumber, Extra::kNone},
                               Known{"double", LogicalType::kNumber, Extra::kNone},
                               Known{"binary_float", LogicalType::kNumber, Extra::kNone},
                               Known{"binary_double", LogicalType::kNumber, Extra::kNone},
                               Known{"bool", LogicalType::kBoolean, Extra::kNone},
                               Known{"boolean", LogicalType::kBoolean, Extra::kNone},
                               Known{"bit", LogicalType::kBoolean, Extra::kBits},
                               Known{"date", LogicalType::kDate, Extra::kNone},
                               Known{"datetime", LogicalType::kTimestamp, Extra::kNone},
                               Known{"datetime2", LogicalType::kTimestamp, Extra::kNone},
                               Known{"smalldatetime", LogicalType::kTimestamp, Extra::kNone},
                               Known{"datetimeoffset", LogicalType::kTimestamp, Extra::kNone},
                               Known{"timestamp", LogicalType::kTimestamp, Extra::kNone},
                               Known{"timestamptz", LogicalType::kTimestamp, Extra::kNone},
                               Known{"time", LogicalType::kTime, Extra::kNone},
                               Known{"geometry", LogicalType::kString, Extra::kGeometry},
                               Known{"geography", LogicalType::kString, Extra::kGeometry},
                               Known{"point", LogicalType::kString, Extra::kGeometry},
                               Known{"polygon", LogicalType::kString, Extra::kGeometry},
                               Known{"linestring", LogicalType::kString, Extra::kGeometry},
                               Known{"multipolygon", LogicalType::kString, Extra::kGeometry},
                               Known{"sdo_geometry", LogicalType::kString, Extra::kGeometry}};

std::int64_t whole(const Token& token) {
    std::int64_t value = -1;
    std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
    return token.kind == Token::Kind::kNumber ? value : -1;
}

constexpr std::int64_t kMostDigits = 38, kMostWholeDigits = 18;

void take_exact(Column& column, const std::vector<Cursor>& given) {
    if (given.empty()) return;  // NUMBER alone: any number
    const std::int64_t digits = whole(given[0].peek());
    const std::int64_t scale = given.size() > 1 ? whole(given[1].peek()) : 0;
    if (digits < 1 || digits > kMostDigits || scale < 0 || scale > digits) return;
    if (scale == 0 && digits <= kMostWholeDigits) {
        column.type = LogicalType::kInteger;
        return;
    }
    column.physical_type = fmt::format("DECIMAL({},{})", digits, scale);
}

void take_values(Column& column, Cursor inside) {
    for (const Cursor& item : inside.items()) {
        if (item.peek().kind == Token::Kind::kText && !item.peek().text.empty())
            column.enumeration.push_back({item.peek().text, Text::same(item.peek().text)});
    }
}

class TypeReader {
public:
    TypeReader(Cursor& cursor, Column& column, const std::string& path, Draft& draft)
        : m_cursor(cursor), m_column(column), m_path(path), m_draft(draft) {}

    void read() {
        const int line = m_cursor.line();
        std::string word = to_lower_ascii(m_cursor.name());
        if (word == "national") word = to_lower_ascii(m_cursor.name());  // national character
        m_cursor.take("varying");
        if (word == "long") {  // Oracle's LONG and LONG RAW, MySQL's LONG VARCHAR
            m_cursor.take("varchar");
            word = m_cursor.take("raw") ? "long raw" : "text";
        }
        m_cursor.take("precision");
        m_cursor.take("large");  // character large object
        m_cursor.take("object");
        const Token* before = m_cursor.position();
        Cursor inside = m_cursor.parentheses();
        const bool has_parentheses = m_cursor.position() != before;
        take_zone();
        const bool is_array = take_array();
        if (word == "enum") return take_values(m_column, inside);
        const auto known = std::ranges::find(kTypes, std::string_view(word), &Known::word);
        if (known == kTypes.end() || is_array) {
            m_draft.note(
                line, m_path,
                {fmt::format("kiểu «{}{}» được giữ dưới dạng chữ", word, is_array ? "[]" : ""),
                 fmt::format("the type \"{}{}\" is kept as text", word, is_array ? "[]" : "")});
            return;
        }
        m_column.type = known->type;
        const std::vector<Cursor> given = has_parentheses ? inside.items() : std::vector<Cursor>();
        take_extra(*known, given, line);
        if (m_cursor.take("unsigned") && m_column.options.minimum.empty())
            m_column.options.minimum = "0";
        m_cursor.take("signed");
        m_cursor.take("zerofill");
    }

private:
    void take_zone() {
        if (m_cursor.take_all({"with", "local", "time", "zone"})) return;
        if (m_cursor.take_all({"with", "time", "zone"})) return;
        m_cursor.take_all({"without", "time", "zone"});
    }

    bool take_array() {
        bool found = m_cursor.take("array");
        while (m_cursor.take_sign("[")) {
            found = true;
            while (!m_cursor.done() && !m_cursor.take_sign("]"))
                m_cursor.next();
        }
        return found;
    }

    void take_extra(const Known& known, const std::vector<Cursor>& given, int line) {
        const std::int64_t first = given.empty() ? -1 : whole(given[0].peek());
        switch (known.extra) {
            case Extra::kLength:
                if (first > 0) m_column.options.max_length = first;  // not (MAX)
                break;
            case Extra::kExact: take_exact(m_column, given); break;
            case Extra::kMoney: m_column.physical_type = "DECIMAL(19,4)"; break;
            case Extra::kUuid: m_column.options.format = "uuid"; break;
            case Extra::kBits:
                // tinyint(1) is how MySQL writes a boolean; bit(8) is a text of bits.
                if (known.word == "tinyint" && first == 1) m_column.type = LogicalType::kBoolean;
                if (known.word == "bit" && first > 1) m_column.type = LogicalType::kString;
                break;
            case Extra::kGeometry:
                m_column.options.format = "wkt";
                m_draft.note(line, m_path,
                             {"hình học được nhận dưới dạng WKT", "geometry is taken as WKT"});
                break;
            case Extra::kNone: break;
        }
    }

    Cursor& m_cursor;
    Column& m_column;
    const std::string& m_path;
    Draft& m_draft;
};

}  // namespace

void read_sql_type(Cursor& cursor, Column& column, const std::string& path, Draft& draft) {
    TypeReader(cursor, column, path, draft).read();
}

}  // namespace nguon::forms::internal
