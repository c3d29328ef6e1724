#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "store/key.h"
#include "store/rows.h"

namespace nguon::store {
namespace {

struct NamedComparison {
    std::string_view name;
    Comparison comparison;
};
constexpr NamedComparison kComparisons[] = {
    {"eq", Comparison::kEqual},   {"ne", Comparison::kNotEqual},
    {"gt", Comparison::kGreater}, {"gte", Comparison::kGreaterOrEqual},
    {"lt", Comparison::kLess},    {"lte", Comparison::kLessOrEqual},
    {"in", Comparison::kIn}};

std::string field_names(const contract::Dataset& dataset) {
    std::string names;
    for (const contract::Column& column : dataset.columns) {
        names += (names.empty() ? "" : ", ") + column.name;
    }
    return names;
}

std::unexpected<Error> unknown_fields(const contract::Dataset& dataset,
                                      const std::string& unknown) {
    const std::string names = field_names(dataset);
    return fail(
        Code::kInvalid,
        {fmt::format("«{}» không có cột hay tham số: {}.", dataset.name, unknown),
         fmt::format("\"{}\" has no such column or parameter: {}.", dataset.name, unknown)},
        {fmt::format("Các cột: {}. Phép so sánh: eq, ne, gt, gte, lt, lte, in.", names),
         fmt::format("Its columns: {}. Comparisons: eq, ne, gt, gte, lt, lte, in.", names)});
}

// Column and comparison of "born.gte"; nothing for another name.
std::optional<std::pair<const contract::Column*, Comparison>> read_field(
    const contract::Dataset& dataset, std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (const contract::Column* column = dataset.column(name))
        return {{column, Comparison::kEqual}};
    if (dot == std::string_view::npos) return std::nullopt;
    const contract::Column* column = dataset.column(name.substr(0, dot));
    const auto* found =
        std::ranges::find(kComparisons, name.substr(dot + 1), &NamedComparison::name);
    if (column == nullptr || found == std::end(kComparisons)) return std::nullopt;
    return {{column, found->comparison}};
}

Result<RowFilter> read_filter(const contract::Column& column, Comparison comparison,
                              const std::string& value) {
    RowFilter filter{&column, comparison, {}};
    if (comparison != Comparison::kIn) {
        TRY_ASSIGN(std::string canonical, canonical_value(column, value));
        filter.values.push_back(std::move(canonical));
        return filter;
    }
    for (const std::string& part : split(value, ',')) {
        const std::optional<std::string> raw = percent_decode(part);
        if (!raw) {
            return fail(
                Code::kInvalid,
                {fmt::format("Giá trị trong {}.in sai mã hóa phần trăm.", column.name),
                 fmt::format("A value of {}.in is not percent-encoded.", column.name)},
                {"Viết % thành %25 và dấu phẩy thành %2C.", "Write % as %25 and a comma as %2C."});
        }
        TRY_ASSIGN(std::string canonical, canonical_value(column, *raw));
        filter.values.push_back(std::move(canonical));
    }
    return filter;
}

Result<std::vector<RowSort>> read_sort(const contract::Dataset& dataset, std::string_view text) {
    std::vector<RowSort> sort;
    for (const std::string& part : split(text, ',')) {
        const bool down = part.starts_with('-');
        const contract::Column* column =
            dataset.column(std::string_view(part).substr(down ? 1 : 0));
        if (column == nullptr) return unknown_fields(dataset, "sort=" + part);
        const bool twice = std::ranges::find(sort, column, &RowSort::column) != sort.end();
        if (!twice) sort.push_back({column, down ? Direction::kDown : Direction::kUp});
    }
    return sort;
}

Result<std::int64_t> read_limit(std::string_view text) {
    std::int64_t limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error == std::errc() && end == text.data() + text.size() && limit > 0) return limit;
    return fail(Code::kInvalid,
                {"limit phải là số nguyên dương.", "limit must be a positive integer."},
                {"Ví dụ limit=50.", "For example limit=50."});
}

Result<RowsFormat> read_format(std::string_view text) {
    if (text == "json") return RowsFormat::kJson;
    if (text == "csv") return RowsFormat::kCsv;
    if (text == "parquet") return RowsFormat::kParquet;
    if (text == "geojson") return RowsFormat::kGeoJson;
    return fail(Code::kInvalid,
                {fmt::format("Không có định dạng «{}».", text),
                 fmt::format("There is no format \"{}\".", text)},
                {"Dùng json, csv, parquet hoặc geojson.", "Use json, csv, parquet or geojson."});
}

}  // namespace

Result<RowsQuery> parse_rows_query(
    const contract::Dataset& dataset,
    const std::vector<std::pair<std::string, std::string>>& parameters) {
    RowsQuery query;
    std::string unknown;
    for (const auto& [name, value] : parameters) {
        if (name == "sort") {
            TRY_ASSIGN(query.sort, read_sort(dataset, value));
        } else if (name == "limit") {
            TRY_ASSIGN(query.limit, read_limit(value));
        } else if (name == "cursor") {
            query.cursor = value;
        } else if (name == "format") {
            TRY_ASSIGN(query.format, read_format(value));
        } else if (name == "as_of") {
            continue;
        } else if (const auto field = read_field(dataset, name)) {
            TRY_ASSIGN(RowFilter filter, read_filter(*field->first, field->second, value));
            query.filters.push_back(std::move(filter));
        } else {
            unknown += (unknown.empty() ? "" : ", ") + name;
        }
    }
    if (!unknown.empty()) return unknown_fields(dataset, unknown);
    return query;
}

}  // namespace nguon::store
