#include "contract/column_type.h"

#include <fmt/format.h>

#include "base/text.h"

namespace nguon::contract {

sql::ColumnType column_type(const Column& column) {
    switch (column.type) {
        case LogicalType::kString: return {sql::Kind::kText, 0, 0};
        case LogicalType::kInteger: return {sql::Kind::kBigint, 0, 0};
        case LogicalType::kNumber:
            if (column.precision > 0) return {sql::Kind::kDecimal, column.precision, column.scale};
            return {sql::Kind::kDouble, 0, 0};
        case LogicalType::kBoolean: return {sql::Kind::kBoolean, 0, 0};
        case LogicalType::kDate: return {sql::Kind::kDate, 0, 0};
        case LogicalType::kTimestamp: return {sql::Kind::kTimestamp, 0, 0};
        case LogicalType::kTime: return {sql::Kind::kTime, 0, 0};
        case LogicalType::kObject:
        case LogicalType::kArray:
        case LogicalType::kMap:
        case LogicalType::kVector: return {sql::Kind::kText, 0, 0};
    }
    return {sql::Kind::kText, 0, 0};
}

std::string sql_of_path(std::string_view table, std::string_view path) {
    const std::size_t point = path.find('.');
    std::string column(table);
    column += sql::quote_identifier(path.substr(0, point));
    if (point == std::string_view::npos) return column;
    std::string json = "$";
    for (const std::string& member : split(path.substr(point + 1), '.'))
        json += ".\"" + member + "\"";
    return "json_extract_string(" + column + ", " + sql::quote_literal(json) + ")";
}

std::optional<Span> range_of_format(std::string_view format) {
    struct Known {
        std::string_view format, low, high;
    };
    // i128 and u128 hold more digits than the engine's 38: their type is the bound.
    static constexpr Known kKnown[] = {{"i8", "-128", "127"},
                                       {"i16", "-32768", "32767"},
                                       {"i32", "-2147483648", "2147483647"},
                                       {"u8", "0", "255"},
                                       {"u16", "0", "65535"},
                                       {"u32", "0", "4294967295"},
                                       {"u64", "0", "18446744073709551615"},
                                       {"u128", "0", ""},
                                       {"f32", "-3.4028235e38", "3.4028235e38"}};
    for (const Known& known : kKnown) {
        if (known.format == format) return Span{std::string(known.low), std::string(known.high)};
    }
    return std::nullopt;
}

std::string pattern_of_format(std::string_view format) {
    if (format == "email") return R"([^@\s]+@[^@\s]+\.[^@\s]+)";
    if (format == "uuid") return "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
    if (format == "uri") return R"([A-Za-z][A-Za-z0-9+.-]*:\S+)";
    if (format == "ipv4") return R"((25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3})";
    if (format == "hostname") return R"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*)";
    // RFC 4648, section 4.
    if (format == "byte") return "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?";
    // RFC 4291, section 2.2: eight groups, or fewer with one "::"; the last two may be IPv4.
    if (format == "ipv6") {
        const std::string h = "[0-9a-fA-F]{1,4}", v4 = pattern_of_format("ipv4");
        const std::string low = fmt::format("({0}:{0}|{1})", h, v4);
        std::string all = fmt::format("({0}:){{6}}{1}|::({0}:){{5}}{1}", h, low);
        for (int before = 0; before < 5; ++before) {
            all +=
                fmt::format("|(({0}:){{0,{1}}}{0})?::({0}:){{{2}}}{3}", h, before, 4 - before, low);
        }
        return all + fmt::format("|(({0}:){{0,5}}{0})?::{0}|(({0}:){{0,6}}{0})?::", h);
    }
    return "";
}

}  // namespace nguon::contract
